"""Check ticket files without playing them: what cannot be read, what names nothing, what can never hold.

Nothing here imports the agent's graph, its tools or a model, so that a lint is done before a run would have begun.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Final

from casino.loaded import Path as Steps
from casino.loaded import Place
from evals.lint.finding import Finding, Remark
from evals.lint.places import START, path_of, place_of, places
from evals.lint.rules import expectations
from evals.lint.world import recording, world
from evals.packs import PackError, place_from, written_at
from evals.segments import sha256_of
from evals.ticket import Read, TicketError, each_ticket

_WHERE: Final = re.compile(r"(?P<file>.+?)(?::(?P<line>[0-9]+))?(?::(?P<column>[0-9]+))?: (?P<rest>.*)", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Linted:
    """What a lint has read, and what it says."""

    tickets: int
    findings: tuple[Finding, ...]  # in the order of the files
    unusable: int = 0  # of them those about what cannot be read as a ticket at all

    @property
    def errors(self) -> int:
        """Return how many findings are errors."""
        return sum(finding.level == "error" for finding in self.findings)


def read_procedures(folder: Path) -> dict[str, str]:
    """Return the ids of the procedures in a folder, with the sha256 of each; what a desk would refuse is not asked."""
    files = sorted(file for file in folder.rglob("*.md") if file.name != "README.md")
    return {file.stem: sha256_of(file.read_text("utf-8", "replace")) for file in files}


def lint(path: Path, procedures: Mapping[str, str]) -> Linted:
    """Check a ticket file, a pack, or all below a folder. `procedures` are the ids there are, each with its sha256."""
    findings: list[Finding] = []
    refused: list[Finding] = []
    tickets = 0
    try:
        for read in each_ticket(path):
            tickets += 1
            findings += _placed(read, [*remarks(read, procedures)])
    except TicketError as error:
        refused = [_refused(line) for line in str(error).split("\n")]
    return Linted(tickets=tickets, findings=tuple(sorted([*findings, *refused])), unusable=len(refused))


def remarks(read: Read, procedures: Mapping[str, str]) -> Iterator[Remark]:
    """Yield all that the rules say about a ticket that could be read."""
    ticket = read.ticket
    return chain(expectations(ticket, procedures), world(ticket, read.world), recording(ticket, procedures))


def _placed(read: Read, said: Sequence[Remark]) -> Iterator[Finding]:
    """Find the places of what is said about a ticket; where nothing is, its text is not read again."""
    if not said:
        return
    stand = place_from(read.file, offset=read.offset)
    known = places(written_at(stand).decode())
    for remark in said:
        yield _finding(str(stand.file), stand.line, place_of(remark.path, known), remark)


def _finding(file: str, line: int, place: Place, remark: Remark) -> Finding:
    """Return a remark at its place; a ticket of a pack stands on one line of it."""
    return Finding(file, line or place.line, place.column, remark.level, remark.what, remark.mend)


def _refused(line: str) -> Finding:
    """Return why a ticket cannot be used, at the place that the message names by its line or by its field."""
    found = _WHERE.fullmatch(line)
    if found is None:
        return Finding("", 1, 1, "error", line, "")
    file, rest = found["file"], found["rest"]
    if found["column"] is not None:
        return Finding(file, int(found["line"]), int(found["column"]), "error", rest, "")
    stand = file if found["line"] is None else f"{file}:{found['line']}"
    place = _named_place(stand, rest.partition(": ")[0])
    return Finding(file, int(found["line"] or place.line), place.column, "error", rest, "")


def _named_place(stand: str, field: str) -> Place:
    """Return the place of a field of a ticket that could not be read; its start where it is no text either."""
    try:
        known: dict[Steps, Place] = places(written_at(place_from(stand)).decode())
    except (PackError, UnicodeDecodeError):
        return START
    return place_of(path_of(field, known), known)
