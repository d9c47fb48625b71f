"""What a run came to. The line that people read and the exit code come from this one object."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import IntEnum
from typing import Final

from evals.trial import Status


class RunExit(IntEnum):
    """How a run ends."""

    PASS = 0
    FAILED = 1  # an expectation does not hold
    NO_VERDICT = 3  # something could not be played: neither good nor bad
    STALE = 4
    INTERRUPTED = 130  # the journal is kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """The end of a run."""

    planned: int
    counts: Mapping[Status, int]  # what was never begun counts as `not_run`
    kept: int = 0  # taken from the journal of an earlier start
    again: int = 0  # had no verdict there, and were played once more
    cost: Decimal = Decimal(0)  # of all trials, those that were kept too
    interrupted: bool = False
    why_not_run: str = ""

    @property
    def complete(self) -> bool:
        """Tell whether every item was played to some end."""
        return not self.interrupted and not self.counts.get(Status.NOT_RUN)

    @property
    def exit(self) -> RunExit:
        """Return the exit code: a failure is certain, whatever else could not be played."""
        if self.interrupted:
            return RunExit.INTERRUPTED
        if self.counts.get(Status.FAIL):
            return RunExit.FAILED
        if self.counts.get(Status.ERROR) or self.counts.get(Status.NOT_RUN):
            return RunExit.NO_VERDICT
        return RunExit.STALE if self.counts.get(Status.STALE) else RunExit.PASS

    @property
    def line(self) -> str:
        """Return the summary line."""
        told = [f"{self.counts.get(status, 0)} {word}" for status, word in _WORDS.items() if self._tells(status)]
        more = [
            f"{self.kept} taken from the journal" if self.kept else "",
            f"{self.again} played again after an error" if self.again else "",
            f"cost {self.cost}" if self.cost else "",
            self.why_not_run,
            "interrupted; the journal is kept" if self.interrupted else "",
        ]
        return "; ".join([", ".join(told), *filter(None, more)])

    def _tells(self, status: Status) -> bool:
        return status in {Status.PASS, Status.FAIL} or bool(self.counts.get(status))


MOST_PASSED: Final = 20  # percent of the tickets; a control that passes more of them shows that the suite asks little


@dataclass(slots=True)
class ControlCounts:
    """How many tickets the controls pass: agents that prove nothing, played beside ours."""

    passed: Counter[str] = field(default_factory=Counter[str])
    played: Counter[str] = field(default_factory=Counter[str])

    def add(self, found: Mapping[str, str]) -> None:
        """Count what the controls did on one ticket."""
        for name, status in found.items():
            self.played[name] += 1
            self.passed[name] += status == Status.PASS

    @property
    def rates(self) -> dict[str, str]:
        """Return what each passes, such as `3 of 98`, by name."""
        return {name: f"{self.passed[name]} of {count}" for name, count in self.played.items()}

    @property
    def line(self) -> str:
        """Return all of it in one line; empty where none was played."""
        told = ", ".join(f"{name} {rate}" for name, rate in self.rates.items())
        return f"controls: {told}" if told else ""

    @property
    def warnings(self) -> tuple[str, ...]:
        """Return a line for each control that passes too many tickets."""
        return tuple(
            f"the control {name} passes {rate} tickets, more than {MOST_PASSED} %: what passes without any judgement "
            "proves little; let the tickets expect more"
            for name, rate in self.rates.items()
            if self.passed[name] * 100 > self.played[name] * MOST_PASSED
        )


_WORDS: Mapping[Status, str] = {
    Status.PASS: "passed",
    Status.FAIL: "failed",
    Status.STALE: "stale",
    Status.ERROR: "could not be played",
    Status.NOT_RUN: "not run",
}
