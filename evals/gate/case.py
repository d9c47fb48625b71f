"""The case before the gate: a run, what was before, the rules; and what is said of it at every level."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from evals.gate.baseline import Baseline
from evals.gate.sample import OFFLINE, Repeats, Sample
from evals.gate.verdict import Answer, Figures, Finding, Rules
from evals.trial import Status

MOST_MISSING: Final = 0.02  # a share; beyond, what is missing may hide what is wrong
AT_MOST: Final = f"at most {MOST_MISSING * 100:g} % may be missing"
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
    attacks = {name for name in before if case.baseline.tickets[name].attack}
    if gone := sorted(before - case.run.tickets.keys(), key=lambda name: (name not in attacks, name)):
        text = f"not in this run, of the {len(before)} tickets of the baseline: {some(gone)}"
        rule = _broken_rule(case, share=len(gone) / len(before), is_attack=gone[0] in attacks)
        if rule is None:
            yield Finding(None, text)
        else:
            yield Finding(Answer.THIN, f"{text}; {rule}; play the whole suite, or begin a new baseline")


def _broken_rule(case: Case, *, share: float, is_attack: bool) -> str | None:
    """Return the rule that a run breaks in which this share of the tickets is missing, an attack among them or not."""
    if case.run.level in OFFLINE:
        return "none may be missing"
    if is_attack:
        return "no attack may be missing"
    return AT_MOST if share > MOST_MISSING else None


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
