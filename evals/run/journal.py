"""The journal of a run: every trial is written before the next one begins, so that a killed run can go on.

What was written within a second of the last time that it went to the disk may wait there for the next trial: a machine
that dies takes it along, and it is played again.

A folder with `run.json` (what was asked) and `journal/*.jsonl`. Every process that ever plays for the run writes a file
of its own and nobody else's, so a line that was cut off is always the last of its file. The trial stands in its line
with its own sha256: what cannot be read whole is left out and played again.
"""

import fcntl
import hashlib
import json
import os
from collections.abc import Generator, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path
from time import monotonic
from types import TracebackType
from typing import Any, BinaryIO, Final, Self

from casino.document import dump_json
from casino.values import Value
from evals.run.results import RunHeader, header_from, line_of
from evals.trial import Status, Trial

SCHEMA: Final = "journal/1"
RUN_FILE: Final = "run.json"
SYNC_S: Final = 1.0  # a trial that comes later than this after the last sync is on disk at once, with all before it
_TRIAL: Final = b', "trial": '
_VERDICTS: Final = frozenset({Status.PASS, Status.FAIL, Status.STALE})


class JournalError(Exception):
    """A journal cannot be used; the message says why and how to mend it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """A trial that stands in a journal, and where."""

    key: str
    status: Status
    cost: Decimal
    file: Path
    offset: int  # of the trial's text, in bytes
    length: int

    @property
    def has_verdict(self) -> bool:
        """Tell whether it says something about the agent. Whatever does is never played again."""
        return self.status in _VERDICTS


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """All that a journal holds: one entry for each key, and what was left out."""

    played: Mapping[str, Played]
    notes: tuple[str, ...] = ()


def begin_run(folder: Path, header: RunHeader) -> None:
    """Make the folder of a new run. Raises `JournalError` where it is taken."""
    try:
        (folder / "journal").mkdir(parents=True)
        with (folder / RUN_FILE).open("xb") as file:
            file.write(line_of(header.document()))
            file.flush()
            os.fsync(file.fileno())
        _sync(folder)
    except FileExistsError:
        mend = f"go on with it by --resume {folder}, or name another folder"
        raise JournalError(f"{folder}: a run is kept here already; {mend}") from None
    except OSError as error:
        raise JournalError(f"{folder}: no run can be kept there ({error.strerror}); name another folder") from error


def asked_of(folder: Path) -> RunHeader:
    """Read what a kept run was asked to do. Raises `JournalError`."""
    path = folder / RUN_FILE
    try:
        return header_from(json.loads(path.read_bytes()))
    except OSError as error:
        mend = "give the folder of a run"
        raise JournalError(f"{path}: cannot be read ({error.strerror}); {mend}") from error
    except (ValueError, AttributeError) as error:
        raise JournalError(f"{path}: no run is kept here ({error}); begin a new one") from error


@dataclass(frozen=True, slots=True)
class Journal:
    """The journal of one run, held by one process."""

    folder: Path
    kept: Kept  # as it stood when it was opened


@contextmanager
def opened_journal(folder: Path) -> Generator[Journal]:
    """Open a journal for one process at a time. Raises `JournalError` where another plays this run."""
    path = folder / "journal"
    if not path.is_dir():
        raise JournalError(f"{folder}: no run is kept here; check the path, or begin a new one")
    with (path / ".lock").open("wb") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise JournalError(f"{folder}: another process plays this run; wait for it, or end it") from None
        yield Journal(folder, read_journal(folder))


def read_journal(folder: Path) -> Kept:
    """Read what a run has come to so far.

    The first verdict on a key counts, so that nothing is played until it is green; where there is none, the last error.
    """
    played: dict[str, Played] = {}
    notes: list[str] = []
    for path in sorted((folder / "journal").glob("*.jsonl")):
        for one in _read(path, notes):
            before = played.get(one.key)
            if before is None or not before.has_verdict:
                played[one.key] = one
    return Kept(played=played, notes=tuple(notes))


@dataclass(slots=True)
class Writer:
    """Writes trials to a file of its own, which is made with the first of them."""

    folder: Path
    name: str
    _file: BinaryIO | None = field(default=None, init=False)
    _synced: float = field(default=-SYNC_S, init=False)  # when it was last brought to the disk, by the monotonic clock

    def write(self, key: str, trial: Trial) -> None:
        """Write a trial; where the last sync was a second ago, wait until all is on disk. Raises `JournalError`."""
        try:
            file = self._file = self._file or _fresh(self.folder / "journal", self.name)
            file.write(_line(key, trial))
            file.flush()
            if monotonic() - self._synced >= SYNC_S:
                os.fsync(file.fileno())
                self._synced = monotonic()
        except OSError as error:
            mend = "make room there, then go on with --resume"
            raise JournalError(f"{self.folder}: cannot be written ({error.strerror}); {mend}") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None) -> None:
        if self._file is not None:
            with suppress(OSError):  # what could not be written has been said
                os.fsync(self._file.fileno())
            self._file.close()


@contextmanager
def opened_trials() -> Generator["Trials"]:
    """Open the files of journals as they are needed, to take the texts of trials from them."""
    with ExitStack() as stack:
        yield Trials(stack)


@dataclass(frozen=True, slots=True)
class Trials:
    """The texts of trials, each taken from where it stands."""

    stack: ExitStack
    files: dict[Path, BinaryIO] = field(default_factory=dict[Path, BinaryIO])

    def text(self, one: Played) -> bytes:
        """Return the text of a trial, as it was written."""
        file = self.files.get(one.file)
        if file is None:
            file = self.files[one.file] = self.stack.enter_context(one.file.open("rb"))
        file.seek(one.offset)
        return file.read(one.length)


def _line(key: str, trial: Trial) -> bytes:
    """Return the line of a trial: what is needed to find it again stands first, and can be read without the rest."""
    text = dump_json(trial.document()).encode()
    head: dict[str, Value] = {
        "schema": SCHEMA,
        "key": key,
        "status": trial.status.value,
        "cost": str(trial.usage.cost),
        "sha256": hashlib.sha256(text).hexdigest(),
    }
    return dump_json(head).encode().removesuffix(b"}") + _TRIAL + text + b"}\n"


def _read(path: Path, notes: list[str]) -> Iterator[Played]:
    offset = 0
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            try:
                yield _played(line, path, offset)
            except (ValueError, KeyError, InvalidOperation):
                what = "is damaged" if line.endswith(b"\n") else "was cut off"
                notes.append(f"{path}:{number}: this line {what}; its trial counts as not played")
            offset += len(line)


def _played(line: bytes, path: Path, offset: int) -> Played:
    head, marker, rest = line.partition(_TRIAL)
    told: dict[str, Any] = json.loads(head + b"}")
    text = rest.removesuffix(b"}\n")
    if told["schema"] != SCHEMA or not rest.endswith(b"}\n") or hashlib.sha256(text).hexdigest() != told["sha256"]:
        raise ValueError("not whole")
    return Played(
        key=str(told["key"]),
        status=Status(told["status"]),
        cost=Decimal(str(told["cost"])),
        file=path,
        offset=offset + len(head) + len(marker),
        length=len(text),
    )


def _fresh(folder: Path, name: str) -> BinaryIO:
    """Make a file that nobody has written to, and see that its name is on disk as well."""
    number = len([*folder.glob("*.jsonl")]) + 1
    while True:
        try:
            file = (folder / f"{number:05}-{name}.jsonl").open("xb")
        except FileExistsError:
            number += 1
            continue
        _sync(folder)
        return file


def _sync(folder: Path) -> None:
    held = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(held)
    finally:
        os.close(held)
