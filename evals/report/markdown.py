"""Markdown for a comment on a pull request or a step's summary: what failed first, and never too long for GitHub.

Words of a ticket stand in code spans only: nothing in them is a link, an image, a mention or HTML there.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from evals.report.report import INCOMPLETE, NOT_JUDGED
from evals.report.tally import WORDS, Changed, Tally
from evals.report.words import clipped, in_line, near_difference, short_hash
from evals.run.results import RunHeader
from evals.trial import Status, Trial

LONGEST = 65_000  # characters; GitHub takes 65,536 in a comment
LONGEST_CELL = 300
MOST_LINES = 3  # of what is wrong with one ticket
MOST_KEPT = 1_000  # tickets of one status: more rows than the page has room for
MOST_FACT = 200
RESERVED = 200  # for the lines that say how much was left out
TITLES = {Status.FAIL: "Failed", Status.ERROR: "Could not be played", Status.NOT_RUN: "Not run"}
MARKS = {Status.PASS: "✅", Status.FAIL: "❌", Status.ERROR: "❌", Status.STALE: "⚠️", Status.NOT_RUN: "⚠️"}


@dataclass(slots=True)
class _Row:
    """A ticket with some status, its repeats together."""

    title: str
    file: str
    trials: int = 0
    lines: dict[str, None] = field(default_factory=dict[str, None])  # in order, each once


@dataclass(frozen=True, slots=True)
class _Table:
    """A section whose rows are left out from the end where there is no room."""

    head: str
    rows: list[str]
    total: int


class Markdown:
    """A page of Markdown about a run. It keeps some short lines of each ticket that did not pass."""

    def __init__(self, header: RunHeader, *, longest: int = LONGEST) -> None:
        self._header = header
        self._longest = longest
        self._rows: dict[Status, dict[str, _Row]] = {status: {} for status in TITLES}
        self._seen: dict[Status, set[str]] = {status: set() for status in TITLES}

    def add(self, trial: Trial) -> None:
        """Note what is wrong with a trial."""
        if trial.status not in TITLES:
            return
        self._seen[trial.status].add(trial.ticket)
        rows = self._rows[trial.status]
        if trial.ticket not in rows and len(rows) >= MOST_KEPT:
            return
        row = rows.setdefault(trial.ticket, _Row(_code(trial.title), _code(trial.file)))
        row.trials += 1
        for line in _wrong(trial):
            if len(row.lines) <= MOST_LINES:
                row.lines[line] = None

    def pieces(self, tally: Tally, *, complete: bool) -> Iterator[str]:
        """Yield the page."""
        head = "".join(self._head(tally, complete=complete))
        yield head
        room = self._longest - len(head) - RESERVED * (len(TITLES) + 1)
        for table in self._tables(tally):
            text = _fitted(table, room)
            room -= len(text)
            yield text

    def _head(self, tally: Tally, *, complete: bool) -> Iterator[str]:
        worst = tally.worst if complete else Status.ERROR
        yield f"## {MARKS[worst]} Evals: {tally.headline}\n\n"
        if not complete:
            yield f"> [!CAUTION]\n> {INCOMPLETE}\n\n"
        yield "| tickets | trials | " + " | ".join(WORDS.values()) + " |\n"
        yield "|" + " ---: |" * (len(WORDS) + 2) + "\n"
        counts = " | ".join(str(tally.counts[status]) for status in WORDS)
        yield f"| {len(tally.tickets)} | {tally.trials} | {counts} |\n\n"
        yield from self._controls(tally)
        header = self._header
        facts = {
            "suite": header.suite,
            "run": header.run,
            "level": str(header.level),
            "match": str(header.match),
            "seed": str(header.seed),
            "shard": header.shard,
            **{in_line(name): short_hash(version) for name, version in header.versions.items()},
        }
        yield " · ".join(f"{name} {_code(value, longest=MOST_FACT)}" for name, value in facts.items())[:4_000] + "\n"
        if header.repeat > 1:
            yield from self._powers(tally)

    def _controls(self, tally: Tally) -> Iterator[str]:
        """Yield what agents pass that prove nothing."""
        rates = tally.controls.rates
        if rates:
            yield "controls: " + ", ".join(f"{_code(name)} {rate}" for name, rate in [*rates.items()][:MOST_LINES])
            yield "\n\n"
        yield from (f"> [!WARNING]\n> {_code(warning)}\n\n" for warning in tally.controls.warnings[:MOST_LINES])

    def _powers(self, tally: Tally) -> Iterator[str]:
        count = len(tally.tickets)
        yield f"\n### All of k plays pass ({count} ticket{_s(count)}, {self._header.repeat} repeats)\n\n"
        yield "| k | pass^k |\n| ---: | ---: |\n"
        for k in range(1, min(self._header.repeat, 32) + 1):
            power = tally.pass_power(k)
            shown = f"{power:.3f}" if power is not None else "too few plays of some ticket"
            yield f"| {k} | {shown} |\n"

    def _tables(self, tally: Tally) -> Iterator[_Table]:
        for status in (Status.FAIL, Status.ERROR):
            yield self._not_passed(status, tally)
        changed = tally.by_segment()
        if changed:
            head = "| changed | tickets | first difference |\n| --- | ---: | --- |\n"
            tickets = len({ticket for one in changed for ticket in one.tickets})
            title = f"\n### Stale: {tickets} ticket{_s(tickets)}, by what changed\n\n{NOT_JUDGED.capitalize()}.\n\n"
            yield _Table(title + head, [_changed(one) for one in changed[:MOST_KEPT]], len(changed))
        yield self._not_passed(Status.NOT_RUN, tally)

    def _not_passed(self, status: Status, tally: Tally) -> _Table:
        rows = [_row(ticket, row, tally) for ticket, row in self._rows[status].items()]
        total = len(self._seen[status])
        head = "| ticket | trials | what | file |\n| --- | ---: | --- | --- |\n"
        return _Table(f"\n### {TITLES[status]}: {total} ticket{_s(total)}\n\n{head}" if rows else "", rows, total)


def _wrong(trial: Trial) -> Iterator[str]:
    if trial.why:
        yield _code(trial.why)
    yield from (f"{_code(part.name)} {_code(line)}" for part in trial.findings if part.gates for line in part.wrong)


def _row(ticket: str, row: _Row, tally: Tally) -> str:
    lines = [*row.lines]
    what = "<br>".join([row.title, *lines[:MOST_LINES], *(["…"] if len(lines) > MOST_LINES else [])])
    return f"| {_code(ticket)} | {row.trials} of {tally.tickets[ticket].trials} | {what} | {row.file} |\n"


def _changed(one: Changed) -> str:
    pair = near_difference(one.first.was, one.first.now)
    named = ", ".join(_code(ticket) for ticket in [*one.tickets][:MOST_LINES])
    more = len(one.tickets) - MOST_LINES
    tickets = f"{len(one.tickets)}: {named}" + (f" and {more} more" if more > 0 else "")
    first = f"{_code(one.first.pointer or '/')}<br>was {_code(pair.was)}<br>now {_code(pair.now)}"
    return f"| {one.kind} {_code(one.segment)} | {tickets} | {first} |\n"


def _fitted(table: _Table, room: int) -> str:
    """Return a section with as many rows as there is room for, and how many there are more."""
    rows: list[str] = []
    taken = len(table.head)
    for row in table.rows:
        if taken + len(row) > room:
            break
        rows.append(row)
        taken += len(row)
    left = table.total - len(rows)
    head = table.head if rows else table.head.partition("|")[0]
    return head + "".join(rows) + (f"\n… and {left} more, which the other reports show.\n" if left > 0 else "")


def _code(text: str, *, longest: int = LONGEST_CELL) -> str:
    """Return a text as a code span that may stand in a table: its fence is longer than any run of backticks in it.

    A bar would end the cell, and readers of Markdown differ in what escapes it behind a backslash: a broken one stands
    for it.
    """
    words = clipped(in_line(text), longest).replace("|", "¦")
    fence = "`" * (max((len(run) for run in re.findall("`+", words)), default=0) + 1)
    edge = " " if words.startswith("`") or words.endswith("`") or not words else ""
    return f"{fence}{edge}{words}{edge}{fence}"


def _s(count: int) -> str:
    return "" if count == 1 else "s"
