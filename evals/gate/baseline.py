"""The baseline of a gate: how often each ticket passed in earlier runs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from evals.gate.sample import GateError, Sample, comparable


@dataclass(frozen=True, slots=True)
class Passes:
    """How many repeats of one ticket passed, of those that came to a verdict."""

    passed: int
    runs: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """What is known of each ticket from before."""

    files: tuple[str, ...] = ()
    tickets: Mapping[str, Passes]


NOTHING_BEFORE = Baseline(tickets={})


def baseline_for(run: Sample, before: Sequence[Sample]) -> Baseline:
    """Pool earlier runs. Raises `GateError` where one is of another level or suite, is this run, or comes twice."""
    seen = {(run.header.run, run.header.shard): run.file}
    passed: dict[str, int] = {}
    runs: dict[str, int] = {}
    for sample in before:
        comparable(run, sample, what="a baseline")
        key = (sample.header.run, sample.header.shard)
        if key in seen:
            raise GateError(
                f"{sample.file}:1: this is the run `{sample.header.run}` of {seen[key]} again; give each run once, and"
                " none as its own baseline"
            )
        seen[key] = sample.file
        for ticket, repeats in sample.tickets.items():
            passed[ticket] = passed.get(ticket, 0) + repeats.passed
            runs[ticket] = runs.get(ticket, 0) + repeats.judged
    return Baseline(
        files=tuple(sample.file for sample in before),
        tickets={ticket: Passes(passed[ticket], runs[ticket]) for ticket in runs},
    )
