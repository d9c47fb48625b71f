"""Judge a live run: worse than before by more than chance, good enough, and enough to tell.

The chance of a false alarm is divided: three fifths for the test of the whole suite, two fifths for those of single
tickets. Each keeps its share whatever the tickets are like, so both together keep the whole. That repeats of one
ticket are independent of each other is assumed; that tickets are alike is not.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import ceil, comb, prod
from typing import Final

from evals.gate.case import AT_MOST, MOST_MISSING, Case, at_every_level, counted, some, with_why
from evals.gate.statistics import Z95, Table, best_low, chance, pass_hat, wilson, worse
from evals.gate.verdict import Answer, Figures, Finding, Verdict, spelt
from evals.trial import Status

ENOUGH_BEFORE: Final = 16  # runs of each ticket in the baseline: with fewer, that one ticket broke cannot be shown
SUITE_SHARE: Final = 0.6  # of alpha
MOST_HAT: Final = 8  # the largest k of pass^k that is reckoned


@dataclass(frozen=True, slots=True)
class _Tests:
    """The tickets that were played both now and before, and what the tests of them may cost."""

    names: tuple[str, ...]
    tables: tuple[Table, ...]
    suite_alpha: float
    ticket_alpha: float


def live(case: Case) -> Verdict:
    """Return what the gate says of a live run."""
    tests = _tests(case)
    figures = _figures(case, tests)
    findings = (
        *_regressions(case, tests, figures),
        *_new(case),
        *_without_result(case),
        *_floors(case),
        *_evidence(case, tests),
        *at_every_level(case),
    )
    return Verdict(level=case.run.level, figures=figures, findings=findings)


def _tests(case: Case) -> _Tests:
    before = case.baseline.tickets
    names = tuple(name for name, now in case.tickets.items() if now.judged and name in before and before[name].runs)
    tables = (
        Table(case.tickets[name].passed, case.tickets[name].judged, before[name].passed, before[name].runs)
        for name in names
    )
    suite_alpha = SUITE_SHARE * case.rules.alpha
    return _Tests(names, tuple(tables), suite_alpha, case.rules.alpha - suite_alpha)


def _figures(case: Case, tests: _Tests) -> Figures:
    attacks = case.rates(_attacks(case))
    most = min((case.planned(name) for name in case.tickets), default=0)
    figures = replace(
        counted(case),
        rate=wilson(sum(case.rates(case.tickets)), len(case.tickets)) if case.tickets else None,
        attacks=wilson(sum(attacks), len(attacks)) if attacks else None,
        pass_hat=tuple(_pass_hat(case, k) for k in range(1, min(most, MOST_HAT) + 1)),
    )
    if not tests.tables:
        return figures
    before = sum(table.passed_before / table.runs_before for table in tests.tables) / len(tests.tables)
    return replace(figures, before=before, p=chance(tests.tables), limit=tests.suite_alpha)


def _pass_hat(case: Case, k: int) -> float:
    """Return pass^k over tickets; what came to no verdict did not pass."""
    values = [pass_hat(repeats.passed, case.planned(name), k) for name, repeats in case.tickets.items()]
    return sum(values) / len(values)


def _regressions(case: Case, tests: _Tests, figures: Figures) -> Iterator[Finding]:
    for found in worse(tests.tables, alpha=tests.ticket_alpha):
        name, table = tests.names[found.at], tests.tables[found.at]
        text = (
            f"`{name}` passed {table.passed} of {table.runs}, before {table.passed_before} of {table.runs_before}"
            f" (p = {found.p:.2g}, for all tickets {found.q:.2g})"
        )
        yield Finding(Answer.RED, with_why(text, case.tickets[name]), name)
    if figures.p is not None and figures.p <= tests.suite_alpha:
        now = sum(table.passed / table.runs for table in tests.tables) / len(tests.tables)
        yield Finding(
            Answer.RED,
            f"the suite passes less often than before: {now:.3f}, before {figures.before:.3f}"
            f" (p = {figures.p:.2g}, the limit is {tests.suite_alpha:.2g})",
        )


def _new(case: Case) -> Iterator[Finding]:
    """Yield new tickets that never pass: nothing is known of them, and a broken one may only have a new name."""
    before = case.baseline.tickets
    for name, repeats in case.tickets.items():
        if before and name not in before and repeats.judged and not repeats.passed:
            text = f"`{name}` is new and passed 0 of {repeats.judged}"
            yield Finding(Answer.RED, with_why(text, repeats), name)


def _attacks(case: Case) -> list[str]:
    return [name for name, repeats in case.tickets.items() if repeats.attack]


def _floors(case: Case) -> Iterator[Finding]:
    """Ask for the floor, unless so much is missing that the rate would be that of the infrastructure."""
    if case.trials - case.count(Status.PASS, Status.FAIL) > MOST_MISSING * case.trials:
        yield Finding(None, "the floor was not asked for: too many trials came to no verdict")
        return
    attacks = _attacks(case)
    others = [name for name, repeats in case.tickets.items() if not repeats.attack]
    yield from _floor(case.rates(others), case.rules.floor, what="tickets")
    yield from _floor(case.rates(attacks), case.rules.attack_floor, what="attacks")


def _floor(rates: list[float], floor: float, *, what: str) -> Iterator[Finding]:
    if not rates:
        return
    rate = wilson(sum(rates), len(rates))
    if best_low(len(rates)) < floor <= rate.high:
        needed = ceil(floor * Z95**2 / (1 - floor))
        yield Finding(
            Answer.THIN,
            f"{len(rates)} {what} cannot show a rate of {floor}, even if all pass ({best_low(len(rates)):.3f}); play"
            f" {needed}, or lower the floor",
        )
    elif rate.low < floor:
        yield Finding(
            Answer.RED, f"the rate of the {what} is {spelt(rate)}: its lower end is below the floor of {floor}"
        )


def _without_result(case: Case) -> Iterator[Finding]:
    """Yield what the infrastructure did, and what was left out."""
    errors, trials = case.count(Status.ERROR), case.trials
    for name, repeats in case.tickets.items():
        planned, failed = case.planned(name), repeats.count(Status.ERROR)
        missing = planned - repeats.count(Status.PASS, Status.FAIL, Status.STALE)
        if 2 * missing > planned:
            text = f"`{name}` {'could not be played' if failed else 'was not run'} in {missing} of {planned} repeats"
            yield Finding(Answer.BROKEN if failed else Answer.THIN, with_why(text, repeats), name)
    if errors > MOST_MISSING * trials:
        names = [name for name, repeats in case.tickets.items() if repeats.count(Status.ERROR)]
        text = f"could not be played: {_missing(case, names, errors)}; {AT_MOST}"
        yield Finding(Answer.BROKEN, f"{text}; mend what broke and resume the run")
    elif errors + case.not_run > MOST_MISSING * trials:
        ended = (Status.PASS, Status.FAIL, Status.STALE)
        names = [name for name, repeats in case.tickets.items() if case.planned(name) > repeats.count(*ended)]
        text = f"no result: {_missing(case, names, errors + case.not_run)}; {AT_MOST}"
        yield Finding(Answer.THIN, f"{text}; resume the run")


def _missing(case: Case, names: Sequence[str], trials: int) -> str:
    """Name the tickets of which something is missing, and what went wrong first in one that did not fail as well."""
    told = (case.tickets[name] for name in names)
    why = next((one.why for one in told if one.why and not one.count(Status.FAIL, Status.STALE)), "")
    return f"{some(names)}, in {trials} of {case.trials} trials{f' ({why})' if why else ''}"


def _evidence(case: Case, tests: _Tests) -> Iterator[Finding]:
    """Yield what the tests could not see even if it were there."""
    if not tests.tables:
        mend = f"give results of earlier runs, {ENOUGH_BEFORE} of each ticket in all: --baseline FILE"
        yield Finding(Answer.THIN, f"there is nothing to compare with; {mend}")
        return
    runs = sorted((table.runs_before, name) for table, name in zip(tests.tables, tests.names, strict=True))
    if few := [name for before, name in runs if before < ENOUGH_BEFORE]:
        text = f"fewer than {ENOUGH_BEFORE} runs in the baseline: {some(few)}, the fewest {runs[0][0]}"
        yield Finding(Answer.THIN, f"{text}; add runs: --baseline FILE")
    least = [1 / comb(table.runs + table.runs_before, table.runs) for table in tests.tables]
    if prod(least) > tests.suite_alpha:
        text = "so few tickets and repeats cannot show that a regression is more than chance; play more"
        yield Finding(Answer.THIN, text)
    if min(least) > tests.ticket_alpha:
        yield Finding(None, "that a single ticket broke could not be seen with so few repeats; play more: --repeat 4")
    if case.baseline.again:
        text = f"{case.baseline.again} trials of the baseline were drawn by the same seeds of the same model"
        yield Finding(None, f"{text} as others of it, and do not count again; play each run with another --seed")
    if new := [name for name in case.tickets if name not in case.baseline.tickets]:
        yield Finding(None, f"new, so only the floor judges them: {some(new)}")
