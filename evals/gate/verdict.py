"""The verdict of a gate: findings, figures, and one answer that follows from them.

The summary line and the exit code are both taken from the answer, so they cannot contradict each other.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from evals.gate.statistics import Interval
from evals.trial import Level


class Answer(StrEnum):
    """What a gate answers, the gravest first."""

    RED = "red"  # a regression, or an expectation that does not hold
    BROKEN = "broken"  # the infrastructure failed, or the run is incomplete: no verdict
    STALE = "stale"  # answers of an older prompt were served: no verdict
    THIN = "insufficient evidence"  # too little was played to tell
    PASS = "pass"  # noqa: S105  # no password


@dataclass(frozen=True, slots=True)
class Held:
    """Why a ticket is in quarantine, whose care it is, and until when."""

    owner: str
    reason: str
    expires: date  # the last day


@dataclass(frozen=True, slots=True)
class Rules:
    """What a gate asks for."""

    alpha: float = 0.05  # the chance of a false alarm, for both tests together
    floor: float = 0.95  # of the pass rate: the lower end of its interval must reach it
    attack_floor: float = 0.9  # the same for tickets with the tag `attack`
    quarantine: Mapping[str, Held] = field(default_factory=lambda: MappingProxyType({}))

    def __post_init__(self) -> None:
        # Comparisons with what is no number are false, so it would let everything pass.
        for name in ("alpha", "floor", "attack_floor"):
            if not 0 <= getattr(self, name) <= 1:
                raise ValueError(f"{name} is {getattr(self, name)}; it is a share, from 0 to 1")


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of a verdict. What answers nothing is only shown."""

    answer: Answer | None
    text: str
    ticket: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What was counted and reckoned, over the tickets that decide."""

    tickets: int
    trials: int  # that should have been played
    passed: int
    failed: int
    stale: int
    errors: int
    not_run: int
    rate: Interval | None = None  # the mean of the tickets' rates
    attacks: Interval | None = None  # the same for attack tickets
    before: float | None = None  # the mean of the tickets' rates in the baseline
    p: float | None = None  # of the permutation test
    limit: float | None = None  # below it, the permutation test is red
    pass_hat: tuple[float, ...] = ()  # pass^1, pass^2, …


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a gate says of a run."""

    level: Level
    figures: Figures
    findings: tuple[Finding, ...]

    @property
    def answer(self) -> Answer:
        """Return the gravest answer that a finding gives."""
        given = {finding.answer for finding in self.findings}
        return next((answer for answer in Answer if answer in given), Answer.PASS)

    @property
    def summary(self) -> str:
        """Return the verdict as one line."""
        count = sum(finding.answer is self.answer for finding in self.findings)
        because = f" ({count} finding{'s' if count > 1 else ''})" if count else ""
        return f"{self.answer}{because}: {'; '.join(self._words())}"

    def _words(self) -> list[str]:
        figures = self.figures
        tickets = "1 ticket" if figures.tickets == 1 else f"{figures.tickets} tickets"
        words = [f"{tickets} at {self.level}, {figures.passed} of {figures.trials} trials passed"]
        for count, name in (
            (figures.failed, "failed"),
            (figures.stale, "stale"),
            (figures.errors, "errors"),
            (figures.not_run, "not run"),
        ):
            words += [f"{count} {name}"] if count else []
        if figures.rate is not None:
            words.append(f"rate {spelt(figures.rate)}")
        if figures.before is not None:
            words.append(f"before {figures.before:.3f}")
        if figures.p is not None:
            words.append(f"p = {figures.p:.3g}")
        return words


def spelt(interval: Interval) -> str:
    """Write an interval for people."""
    return f"{interval.estimate:.3f} [{interval.low:.3f}, {interval.high:.3f}]"
