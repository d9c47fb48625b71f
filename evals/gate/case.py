"""The case before the gate: a run, what was before, the rules; and what is said of it at every level."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from evals.gate.baseline import Baseline
from evals.gate.sample import OFFLINE, Repeats, Sample
from evals.gate.verdict import Answer, Figures, Finding, Rules
from evals.trial import Status

MOST_MISSING: Final = 0.02  # a share; beyond, what is missing may hide what is wrong
SHOWN: Final = 5  # names in one line


@dataclass(frozen=True, slots=True)
class Case:
    """A run to be judged."""

    run: Sample
    baseline: Baseline
    rules: Rules
    tickets: Mapping[str, Repeats]  # those that decide, by name

    def planned(self, ticket: str) -> int:
        """Return how many repeats of a ticket should have been played."""
        return max(self.run.header.repeat, len(self.tickets[ticket].statuses))

    def count(self, *statuses: Status) -> int:
        """Return how many trials ended in one of these ways."""
        return sum(repeats.count(*statuses) for repeats in self.tickets.values())

    @property
    def trials(self) -> int:
        """Return how many trials should have been played."""
        return sum(self.planned(ticket) for ticket in self.tickets)

    @property
    def not_run(self) -> int:
        """Return how many trials were left out, those without a line among them."""
        return self.trials - self.count(Status.PASS, Status.FAIL, Status.STALE, Status.ERROR)

    def rates(self, tickets: Iterable[str]) -> list[float]:
        """Return each ticket's share of passed repeats; what came to no verdict stays in the denominator."""
        return [self.tickets[ticket].passed / self.planned(ticket) for ticket in tickets]


def case_of(run: Sample, baseline: Baseline, rules: Rules) -> Case:
    """Return the case without the tickets in quarantine."""
    return Case(
        run, baseline, rules, {name: run.tickets[name] for name in sorted(run.tickets.keys() - rules.quarantine)}
    )


def counted(case: Case) -> Figures:
    """Return the figures of every level."""
    return Figures(
        tickets=len(case.tickets),
        trials=case.trials,
        passed=case.count(Status.PASS),
        failed=case.count(Status.FAIL),
        stale=case.count(Status.STALE),
        errors=case.count(Status.ERROR),
        not_run=case.not_run,
    )


def at_every_level(case: Case) -> Iterator[Finding]:
    """Yield what is said whatever the level: nothing played, stale, gone, in quarantine."""
    if not case.tickets:
        yield Finding(Answer.THIN, "no ticket decides; play some that are not in quarantine")
    yield from _stale(case)
    yield from _gone(case)
    yield from _chosen(case)
    for ticket, held in sorted(case.rules.quarantine.items()):
        yield Finding(
            None, _in_quarantine(case, ticket) + f" ({held.owner}, until {held.expires}: {held.reason})", ticket
        )


def _stale(case: Case) -> Iterator[Finding]:
    for ticket, repeats in case.tickets.items():
        if stale := repeats.count(Status.STALE):
            text = f"`{ticket}` is stale in {stale} of {case.planned(ticket)} repeats; record it anew"
            yield Finding(Answer.STALE, with_why(text, repeats), ticket)


def _gone(case: Case) -> Iterator[Finding]:
    """Say which tickets of the baseline this run lacks: a hard ticket that is left out would be a cheap green."""
    before = case.baseline.tickets.keys() - case.rules.quarantine
    if gone := sorted(before - case.run.tickets.keys()):
        always_counts = case.run.level in OFFLINE or any(case.baseline.tickets[name].attack for name in gone)
        too_many = always_counts or len(gone) > MOST_MISSING * len(before)
        mend = "; play the whole suite, or begin a new baseline" if too_many else ""
        text = f"not in this run, of the {len(before)} tickets of the baseline: {some(gone)}{mend}"
        yield Finding(Answer.THIN if too_many else None, text)


def _chosen(case: Case) -> Iterator[Finding]:
    """Say which tickets were asked for: a filter leaves out what fails, and a changed ticket may ask for less."""
    run, before = case.run.header, case.baseline.headers
    if run.filters:
        alike = before and all(set(one.filters) == set(run.filters) for one in before)
        mend = "" if alike else "; play the whole suite, or give a baseline with the same filters"
        text = f"only what passes the filter{'s' * (len(run.filters) > 1)} was played: {some(run.filters)}{mend}"
        yield Finding(None if alike else Answer.THIN, text)
    others = [file for file, one in zip(case.baseline.files, before, strict=True) if one.plan and one.plan != run.plan]
    if others and run.plan:
        yield Finding(None, f"tickets were changed, added or removed since the baseline: {some(others)}")


def _in_quarantine(case: Case, ticket: str) -> str:
    repeats = case.run.tickets.get(ticket)
    if repeats is None:
        return f"`{ticket}` is in quarantine and not in this run; remove the entry"
    return f"`{ticket}` is in quarantine: {repeats.passed} of {len(repeats.statuses)} repeats passed"


def with_why(text: str, repeats: Repeats) -> str:
    """Add what went wrong first, where it is known."""
    return f"{text}: {repeats.why}" if repeats.why else text


def some(names: Sequence[str]) -> str:
    """Name the first few."""
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return ", ".join(f"`{name}`" for name in names[:SHOWN]) + more
