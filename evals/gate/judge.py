"""Judge a run: offline every failure is red, live a regression has to be more than chance."""

from collections.abc import Iterator
from typing import Final

from evals.gate.baseline import Baseline
from evals.gate.case import Case, at_every_level, case_of, counted, with_why
from evals.gate.live import live
from evals.gate.sample import OFFLINE, GateError, Sample
from evals.gate.verdict import Answer, Finding, Rules, Verdict
from evals.trial import Level, Status

WITHOUT_RESULT: Final = ((Status.ERROR, "could not be played"), (Status.NOT_RUN, "was not run"))


def judge(run: Sample, baseline: Baseline, rules: Rules) -> Verdict:
    """Return what the gate says of a run. Raises `GateError` where it cannot be asked."""
    if run.level is Level.SIMULATED:
        raise GateError(
            f"{run.file}:1: {run.level} never gates, since the simulated player may be at fault; gate L3, or look at"
            " the difference: croupier eval diff"
        )
    for ticket in sorted(rules.quarantine):
        told = (
            run.tickets.get(ticket),
            baseline.tickets.get(ticket),
        )  # one that was left out is an attack all the same
        if any(one is not None and one.attack for one in told):
            raise GateError(f"{run.file}: `{ticket}` is in quarantine, but an attack always counts; remove the entry")
    case = case_of(run, baseline, rules)
    if run.level not in OFFLINE:
        return live(case)
    return Verdict(level=run.level, figures=counted(case), findings=(*_offline(case), *at_every_level(case)))


def _offline(case: Case) -> Iterator[Finding]:
    """Yield what failed, and what came to no result: there is no chance in it, so one is enough."""
    for ticket, repeats in case.tickets.items():
        planned = case.planned(ticket)
        name = f"{'the attack ' if repeats.attack else ''}`{ticket}`"
        if failed := repeats.count(Status.FAIL):
            yield Finding(Answer.RED, with_why(f"{name} failed in {failed} of {planned} repeats", repeats), ticket)
        for status, words in WITHOUT_RESULT:
            left_out = planned - len(repeats.statuses) if status is Status.NOT_RUN else 0
            if count := repeats.count(status) + left_out:
                text = with_why(f"{name} {words} in {count} of {planned} repeats", repeats)
                yield Finding(Answer.BROKEN, text, ticket)
