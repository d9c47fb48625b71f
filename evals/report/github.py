"""GitHub Actions: annotations on the tickets' files, and the summary of the step.

GitHub shows at most ten annotations of a type for one step and 50 for a job, so there are no more of them; one line
says how many are left out. It cuts a message at 4,096 characters, and shows no summary of a step that is above 1 MiB.
A command stands at the beginning of a line, or in an older form anywhere in it (`##[error]`), so everything else that a
ticket says is muted. Sources: GitHub's page "Workflow commands", and `ActionCommand.cs` of its runner, as of 2026.
"""

import re
from collections import Counter
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePath

from evals.report.markdown import LONGEST as LONGEST_PAGE
from evals.report.report import INCOMPLETE
from evals.report.tally import Tally
from evals.report.words import clipped, in_line, near_difference, shown
from evals.run.results import RunHeader
from evals.trial import Status, Trial

MOST = 10  # of a type
LONGEST = 2_000
LONGEST_TITLE = 200
SUMMARY_MOST = 1_048_576  # bytes of the summary of one step
PAGE_MOST = 4 * LONGEST_PAGE  # bytes of one page: no letter takes more than four
_IN_A_PACK = re.compile(r"(.+\.jsonl):(\d+)")
TYPES = {Status.FAIL: "error", Status.ERROR: "error", Status.STALE: "warning"}


class Annotations:
    """The annotations of a run. What passed or was not run has none."""

    def __init__(self, header: RunHeader, *, workspace: str = "") -> None:
        self._several = header.repeat > 1
        self._workspace = workspace
        self._lines: dict[str, list[str]] = {"error": [], "warning": []}
        self._seen: Counter[str] = Counter()

    def add(self, trial: Trial) -> None:
        """Annotate a ticket's file with what a trial found."""
        kind = TYPES.get(trial.status)
        if kind is None:
            return
        self._seen[kind] += 1
        if len(self._lines[kind]) < MOST:
            self._lines[kind].append(self._annotation(kind, trial))

    def pieces(self, tally: Tally, *, complete: bool) -> Iterator[str]:
        """Yield the lines of the log that GitHub reads. An incomplete run takes one of the ten places of errors."""
        del tally
        kept = {kind: [*lines] for kind, lines in self._lines.items()}
        if not complete:
            kept["error"] = [f"::error title=Evals::{_data(INCOMPLETE)}\n", *kept["error"][: MOST - 1]]
        for kind, lines in kept.items():
            yield from lines
            if (more := self._seen[kind] + (kind == "error" and not complete) - len(lines)) > 0:
                yield f"{more} more of type {kind} are in the report; GitHub shows {MOST} of a type\n"

    def _annotation(self, kind: str, trial: Trial) -> str:
        repeat = f" [{trial.repeat}]" if self._several else ""
        title = f"{clipped(trial.ticket, LONGEST_TITLE)}{repeat}: {trial.status.value}"
        pack = _IN_A_PACK.fullmatch(trial.file)
        file, line = (pack[1], pack[2]) if pack else (trial.file, "1")
        return (
            f"::{kind} file={_property(self._file(file))},line={line},title={_property(title)}::"
            f"{_data(clipped(shown(_message(trial)), LONGEST))}\n"
        )

    def _file(self, file: str) -> str:
        """Return the file as GitHub knows it: from the root of the repository."""
        path = PurePath(file)
        inside = self._workspace and path.is_relative_to(self._workspace)
        return path.relative_to(self._workspace).as_posix() if inside else path.as_posix()


def _message(trial: Trial) -> str:
    lines = [in_line(trial.title)]
    for one in trial.divergences:
        pair = near_difference(one.was, one.now)
        where = f"{one.kind} {one.segment}{one.pointer}"
        lines.append(f"stale: {where}: was {in_line(pair.was)}, is now {in_line(pair.now)}")
    lines += [f"{part.name}: {line}" for part in trial.parts if part.gates for line in part.wrong]
    return "\n".join([*lines, trial.why] if trial.why else lines)


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(in_line(text)).replace(":", "%3A").replace(",", "%2C")


def mute(token: str) -> tuple[str, str]:
    """Return the lines between which GitHub takes nothing for a command, where nobody can guess the token."""
    return f"::stop-commands::{token}\n", f"::{token}::\n"


@contextmanager
def muted(environment: Mapping[str, str], write: Callable[[str], object], *, token: str) -> Generator[None]:
    """Let GitHub Actions take nothing for a command that is written meanwhile; elsewhere nothing happens.

    `write` takes a line with its end. Nobody may be able to guess the token.
    """
    if not in_actions(environment):
        yield
        return
    begin, end = mute(token)
    write(begin)
    try:
        yield
    finally:
        write(end)


def summary_file(environment: Mapping[str, str]) -> Path | None:
    """Return the file of the step's summary; None outside of GitHub Actions, and where a page has no room left in it.

    What is above the limit is not shown at all, and what the step wrote before would be lost with it.
    """
    name = environment.get("GITHUB_STEP_SUMMARY", "")
    if not in_actions(environment) or not name:
        return None
    path = Path(name)
    written = path.stat().st_size if path.exists() else 0
    return path if written + PAGE_MOST <= SUMMARY_MOST else None


def in_actions(environment: Mapping[str, str]) -> bool:
    """Tell whether this runs as a step of GitHub Actions."""
    return environment.get("GITHUB_ACTIONS") == "true"
