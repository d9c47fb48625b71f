"""What a run came to, counted while its trials pass by: by status, by ticket, and by what made recordings stale."""

from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from statistics import fmean

from evals.gate.statistics import pass_hat
from evals.run.summary import ControlCounts
from evals.trial import Difference, Divergence, Status, Trial

# In the order of what needs a look first.
WORDS: dict[Status, str] = {
    Status.FAIL: "failed",
    Status.ERROR: "could not be played",
    Status.STALE: "stale",
    Status.NOT_RUN: "not run",
    Status.PASS: "passed",
}


@dataclass(slots=True)
class Ticket:
    """How often one ticket was played, and how often it passed."""

    trials: int = 0
    passed: int = 0


@dataclass(frozen=True, slots=True)
class Changed:
    """One text that changed since tickets were recorded, and the tickets that it made stale."""

    kind: Difference
    segment: str
    first: Divergence
    tickets: dict[str, None] = field(default_factory=dict[str, None])  # in order, each once


@dataclass(slots=True)
class Tally:
    """The counts of a run, fed one trial at a time."""

    counts: Counter[Status] = field(default_factory=Counter[Status])
    tickets: dict[str, Ticket] = field(default_factory=dict[str, Ticket])
    changed: dict[tuple[Difference, str], Changed] = field(default_factory=dict[tuple[Difference, str], Changed])
    controls: ControlCounts = field(default_factory=ControlCounts)
    model_calls: int = 0
    tool_calls: int = 0
    cost: Decimal = Decimal(0)
    cpu_ms: Decimal = Decimal(0)
    wall_ms: Decimal = Decimal(0)

    def add(self, trial: Trial) -> None:
        """Count one trial."""
        self.counts[trial.status] += 1
        ticket = self.tickets.setdefault(trial.ticket, Ticket())
        ticket.trials += 1
        ticket.passed += trial.status is Status.PASS
        for one in trial.divergences:
            key = (one.kind, one.segment)
            self.changed.setdefault(key, Changed(*key, one)).tickets[trial.ticket] = None
        self.controls.add(trial.controls)
        self._count_usage(trial)

    def _count_usage(self, trial: Trial) -> None:
        self.model_calls += trial.usage.model_calls
        self.tool_calls += trial.usage.tool_calls
        self.cost += trial.usage.cost
        self.cpu_ms += trial.usage.cpu_ms
        self.wall_ms += trial.usage.wall_ms

    @property
    def trials(self) -> int:
        """Return how many trials there are."""
        return self.counts.total()

    @property
    def worst(self) -> Status:
        """Return the status that needs a look first."""
        return next((status for status in WORDS if self.counts[status]), Status.NOT_RUN)

    @property
    def headline(self) -> str:
        """Return the counts in one line; what there is none of is left out, save for passed and failed."""
        always = (Status.PASS, Status.FAIL)
        rest = [status for status in (Status.STALE, Status.ERROR, Status.NOT_RUN) if self.counts[status]]
        return ", ".join(f"{self.counts[status]} {WORDS[status]}" for status in (*always, *rest))

    def by_segment(self) -> list[Changed]:
        """Return what made tickets stale, the texts that many tickets stand on first."""
        return sorted(self.changed.values(), key=lambda one: (-len(one.tickets), one.segment, one.kind))

    def pass_power(self, k: int) -> float | None:
        """Return pass^k: how likely k plays of a ticket all pass, as the mean over the tickets of C(c,k)/C(n,k).

        None where some ticket was played less than k times. Every trial counts, those that could not be run too.
        """
        counted = self.tickets.values()
        if not counted or any(one.trials < k for one in counted):
            return None
        return fmean(pass_hat(one.passed, one.trials, k) for one in counted)
