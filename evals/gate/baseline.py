"""The baseline of a gate: how often each ticket passed in earlier runs."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from evals.gate.sample import JUDGED, GateError, Sample, comparable
from evals.run.results import RunHeader
from evals.trial import Status


@dataclass(frozen=True, slots=True)
class Passes:
    """How many repeats of one ticket passed, of those that came to a verdict."""

    passed: int
    runs: int
    attack: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """What is known of each ticket from before."""

    files: tuple[str, ...] = ()
    tickets: Mapping[str, Passes]
    headers: tuple[RunHeader, ...] = ()  # of each file
    again: int = 0  # repeats that were drawn by a seed as before, and count no more


NOTHING_BEFORE = Baseline(tickets={})


def baseline_for(run: Sample, before: Sequence[Sample]) -> Baseline:
    """Pool earlier runs. Raises `GateError` where one is of another level or suite, is this run, or comes twice."""
    seen = {(run.header.run, run.header.shard): run.file}
    pool = _Pool()
    for sample in before:
        comparable(run, sample, what="a baseline")
        key = (sample.header.run, sample.header.shard)
        if key in seen:
            raise GateError(
                f"{sample.file}:1: this is the run `{sample.header.run}` of {seen[key]} again; give each run once, and"
                " none as its own baseline"
            )
        seen[key] = sample.file
        pool.add(sample)
    return Baseline(
        files=tuple(sample.file for sample in before),
        tickets={name: Passes(pool.passed[name], pool.runs[name], name in pool.attacks) for name in pool.tickets},
        headers=tuple(sample.header for sample in before),
        again=pool.again,
    )


@dataclass(slots=True)
class _Pool:
    """What has been counted so far."""

    tickets: dict[str, None] = field(default_factory=dict[str, None])  # in order
    passed: Counter[str] = field(default_factory=Counter[str])
    runs: Counter[str] = field(default_factory=Counter[str])
    attacks: set[str] = field(default_factory=set[str])
    drawn: set[tuple[str, int, int, str]] = field(default_factory=set[tuple[str, int, int, str]])
    again: int = 0

    def add(self, sample: Sample) -> None:
        """Count a run; what one model drew by one seed is one draw, however many nights it was drawn."""
        for ticket, repeats in sample.tickets.items():
            self.tickets[ticket] = None
            self.attacks |= {ticket} if repeats.attack else set()
            for repeat, status in repeats.statuses.items():
                draw = (ticket, repeat, sample.header.seed, sample.header.model)
                if status not in JUDGED:
                    continue
                if draw in self.drawn:
                    self.again += 1
                    continue
                self.drawn.add(draw)
                self.passed[ticket] += status is Status.PASS
                self.runs[ticket] += 1
