"""The results of a run as JSONL: a header, the trials, an end. Read as a stream, written whole or not at all."""

import json
import os
import shlex
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, Final, cast

from casino.document import dump_json
from casino.exact import NotExact, exact_number
from casino.values import Document, Value
from evals.trial import Level, Status, Trial, trial_from

HEADER: Final = "run/1"
END: Final = "end/1"
POLICY: Final = "policy"  # the version of the model where the built-in policy model answers
_LATER: Final = frozenset({"filters", "plan"})  # results of earlier runs, which are baselines, lack these
_TAIL: Final = 65_536  # the last line is far shorter
_PLAY_AGAIN: Final = "play the run again"


class ResultsError(Exception):
    """A results file cannot be used; the message says where, what, and how to mend it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunHeader:
    """What a run was asked to do, and with which versions."""

    run: str
    suite: str
    level: Level
    match: str
    repeat: int
    seed: int
    shard: str
    started: str  # ISO 8601 with its zone
    versions: Mapping[str, str]  # `croupier`, `model`, `house`, `code`; earlier runs lack the last
    filters: tuple[str, ...] = ()  # a ticket had to pass all of them
    plan: str = ""  # the sha256 of all tickets that were chosen, in all shards; empty: of an earlier version

    @property
    def model(self) -> str:
        """Return the name of the model that answered."""
        return self.versions.get("model", "")

    def document(self) -> dict[str, Value]:
        """Return the first line of the results."""
        named = {one.name: getattr(self, one.name) for one in fields(self)}
        plain: dict[str, Value] = {
            "level": self.level.value,
            "versions": dict(self.versions),
            "filters": [*self.filters],
        }
        return {"schema": HEADER, **named, **plain}


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """That a run came to its end, and how its trials did."""

    counts: Mapping[Status, int]
    ended: str  # ISO 8601 with its zone

    def document(self) -> dict[str, Value]:
        """Return the last line of the results."""
        counts: dict[str, Value] = {status.value: self.counts.get(status, 0) for status in Status}
        return {"schema": END, "counts": counts, "ended": self.ended}


def header_from(document: Document) -> RunHeader:
    """Return the header of a line. Raises ValueError where it is none of this schema."""
    if document.get("schema") != HEADER:
        raise ValueError(f'the schema is "{document.get("schema")}"; "{HEADER}" is expected')
    known = {one.name for one in fields(RunHeader)}
    if wrong := sorted(known.symmetric_difference(document.keys() - {"schema"}) - (_LATER - document.keys())):
        raise ValueError(f"`{wrong[0]}` is {'missing' if wrong[0] in known else 'not known'}")
    versions, filters = document["versions"], document.get("filters", [])
    if not isinstance(versions, Mapping):
        raise ValueError("`versions` is no object")  # noqa: TRY004  # one kind of error for a line
    if not isinstance(filters, Sequence) or isinstance(filters, str):
        raise ValueError("`filters` is no list")  # noqa: TRY004  # the same
    return RunHeader(
        run=str(document["run"]),
        suite=str(document["suite"]),
        level=Level(str(document["level"])),
        match=str(document["match"]),
        repeat=int(str(document["repeat"])),
        seed=int(str(document["seed"])),
        shard=str(document["shard"]),
        started=_moment(document["started"]),
        versions={str(name): str(version) for name, version in versions.items()},
        filters=tuple(str(one) for one in filters),
        plan=str(document.get("plan", "")),
    )


def read_header(path: Path) -> RunHeader:
    """Read what a run was asked to do. Raises `ResultsError`."""
    with _opened(path) as file:
        return _header(path, file.readline())


def read_trials(path: Path, *, on_note: Callable[[str], None] | None = None) -> Iterator[Trial]:
    """Yield the trials of a run one by one, so that a long run costs no memory.

    A last line that was cut off (the process was killed while it wrote) is left out; `on_note` is told so. Any other
    line that cannot be read raises `ResultsError`, and so does an end that counts other trials than stand there.
    """
    found: Counter[Status] = Counter()
    end: End | None = None
    with _opened(path) as file:
        _header(path, file.readline())
        for number, line in enumerate(file, start=2):
            if end is not None:
                raise _wrong(path, number, "a line stands after the end", "keep each run in a file of its own")
            try:
                document = _document(line)
                end = _end(document) if document.get("schema") == END else None
                trial = trial_from(document) if end is None else None
            except ValueError as error:
                if not line.endswith(b"\n"):  # only the last line can lack it
                    _note(on_note, f"{path}:{number}: the last line is cut off; it was left out")
                    return
                raise _wrong(path, number, str(error), _PLAY_AGAIN) from error
            if trial is not None:
                found[trial.status] += 1
                yield trial
    if end is not None and Counter(end.counts) != found:
        raise _wrong(path, "end", f"{end_text(end.counts)} are counted, {end_text(found)} stand there", _PLAY_AGAIN)


def unended(path: Path, header: RunHeader) -> str:
    """Say of a run that it did not come to its end, and how to go on with it."""
    again = to_go_on(header.suite, path.parent)
    return f"{path}: this run did not come to its end, so it proves nothing; go on with it: {again}"


def to_go_on(suite: Path | str, folder: Path, *more: str) -> str:
    """Return the command that goes on with the run in a folder, as a shell takes it."""
    return shlex.join(["croupier", "eval", "run", str(suite), "--resume", str(folder), *more])


def unend(path: Path) -> None:
    """Take the end off the results of a run that is gone on with: until it ends again they prove nothing.

    Raises `ResultsError`.
    """
    if not path.exists() or read_end(path) is None:
        return
    try:
        with path.open("r+b") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(start := max(0, size - _TAIL))
            file.truncate(start + file.read().rstrip(b"\n").rfind(b"\n") + 1)
            os.fsync(file.fileno())
    except OSError as error:
        raise ResultsError(f"{path}: cannot be written ({error.strerror}); check the path") from error


def read_end(path: Path) -> End | None:
    """Return the end of a run, or None where it did not come to one. Raises `ResultsError`."""
    with _opened(path) as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - _TAIL))
        lines = file.read().rstrip(b"\n").rsplit(b"\n", 1)
    try:
        document = _document(lines[-1])
        return _end(document) if document.get("schema") == END else None
    except ValueError:  # cut off
        return None


def is_complete(path: Path) -> bool:
    """Tell whether a run came to its end. Raises `ResultsError`."""
    return read_end(path) is not None


def write_results(path: Path, header: RunHeader, trials: Iterable[bytes], end: Callable[[], End | None]) -> None:
    """Write the results of a run. `trials` are lines without their ends; `end` is asked once they are written.

    They are written beside the file and put in its place, so that nobody ever reads half of them. Raises
    `ResultsError`.
    """
    part = path.with_name(path.name + ".part")
    try:
        with part.open("wb") as file:
            file.write(line_of(header.document()))
            for trial in trials:
                file.write(trial + b"\n")
            last = end()
            if last is not None:
                file.write(line_of(last.document()))
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        raise ResultsError(f"{path}: cannot be written ({error.strerror}); make room there, or name another") from error


def line_of(document: Document) -> bytes:
    """Return a document as one line."""
    return dump_json(document).encode() + b"\n"


def end_text(counts: Mapping[Status, int]) -> str:
    """Say how many trials ended in which way: `3 pass, 1 fail`."""
    return ", ".join(f"{counts[status]} {status.value}" for status in Status if counts.get(status)) or "none"


def _end(document: Document) -> End:
    counts = document.get("counts")
    if not isinstance(counts, Mapping):
        raise ValueError("`counts` is missing")  # noqa: TRY004  # one kind of error for a line
    counted = {Status(name): int(str(count)) for name, count in counts.items()}
    return End(
        counts={status: count for status, count in counted.items() if count},
        ended=_moment(document.get("ended")),
    )


def _moment(value: Value) -> str:
    """Check that a time is one, with its zone."""
    text = str(value)
    if datetime.fromisoformat(text).tzinfo is None:
        raise ValueError(f'the time "{text}" has no zone')
    return text


def _header(path: Path, line: bytes) -> RunHeader:
    try:
        return header_from(_document(line))
    except ValueError as error:
        mend = "give the results of `croupier eval run`"
        raise _wrong(path, 1, f"no header of a run stands here ({error})", mend) from error


def _document(line: bytes) -> Document:
    """Read a line. Our own writer made it, so the fast parser does; numbers stay exact."""
    value: Any = json.loads(line, parse_float=exact_number, parse_constant=_refuse)
    if not isinstance(value, dict):
        raise ValueError("this line is no object")  # noqa: TRY004  # one kind of error for a line
    return cast("Document", value)  # JSON has no other types


def _refuse(constant: str) -> None:
    raise NotExact(f"{constant} is not a finite number")


def _opened(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except OSError as error:
        raise ResultsError(f"{path}: cannot be read ({error.strerror}); check the path") from error


def _wrong(path: Path, line: int | str, what: str, mend: str) -> ResultsError:
    return ResultsError(f"{path}:{line}: {what}; {mend}")


def _note(on_note: Callable[[str], None] | None, text: str) -> None:
    if on_note is not None:
        on_note(text)
