"""What playing mutants came to, counted while the trials pass by: how many were made, and what the grading noticed."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from casino.values import Value
from evals.mutants.explained import KINDS
from evals.mutants.played import FATES, Fate, fates
from evals.trial import Status, Trial


class Row(NamedTuple):
    """The mutants of one kind."""

    kind: str
    made: int
    caught: int
    explained: int
    missed: int


class Wrong(NamedTuple):
    """A ticket that did not pass at L0, and why."""

    ticket: str
    file: str
    status: Status
    lines: tuple[str, ...]


@dataclass(slots=True)
class Tally:
    """The counts of a run of mutants."""

    tickets: int = 0
    counts: Counter[tuple[str, Fate]] = field(default_factory=Counter[tuple[str, Fate]])
    statuses: Counter[Status] = field(default_factory=Counter[Status])
    wrong: list[Wrong] = field(default_factory=list[Wrong])

    def add(self, trial: Trial) -> None:
        """Count one trial at L0."""
        self.tickets += 1
        self.statuses[trial.status] += 1
        self.counts.update(fates(trial))
        if trial.status is not Status.PASS:
            self.wrong.append(Wrong(trial.ticket, trial.file, trial.status, tuple(_why(trial))))

    @property
    def rows(self) -> tuple[Row, ...]:
        """Return the kinds of which there was a mutant."""
        return tuple(row for row in map(self._row, KINDS) if row.made)

    @property
    def total(self) -> Row:
        """Return all kinds together."""
        rows = self.rows
        return Row(
            kind="all",
            made=sum(row.made for row in rows),
            caught=sum(row.caught for row in rows),
            explained=sum(row.explained for row in rows),
            missed=sum(row.missed for row in rows),
        )

    @property
    def caught(self) -> Decimal | None:
        """Return which share of the mutants was caught, those that are explained among those that were not."""
        return Decimal(self.total.caught) / self.total.made if self.total.made else None

    def _row(self, kind: str) -> Row:
        caught, explained, missed = (self.counts[kind, fate] for fate in FATES.values())
        return Row(kind, caught + explained + missed, caught, explained, missed)


def _why(trial: Trial) -> Iterator[str]:
    if trial.why:
        yield trial.why
    for one in trial.divergences:
        yield f"stale: {one.kind.value} {one.segment}{one.pointer} at exchange {one.exchange}"
    yield from (f"{part.name}: {line}" for part in trial.findings for line in part.wrong)


def document(tally: Tally) -> dict[str, Value]:
    """Return the counts for a machine."""
    return {
        "tickets": tally.tickets,
        "caught": None if tally.caught is None else round(tally.caught, 4),
        "kinds": [_counted(row) for row in tally.rows],
        "total": _counted(tally.total),
        "wrong": [
            {"ticket": one.ticket, "file": one.file, "status": one.status.value, "lines": [*one.lines]}
            for one in tally.wrong
        ],
    }


def _counted(row: Row) -> dict[str, Value]:
    return dict(row._asdict())
