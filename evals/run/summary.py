"""What a run came to. The line that people read and the exit code come from this one object."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import IntEnum

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


_WORDS: Mapping[Status, str] = {
    Status.PASS: "passed",
    Status.FAIL: "failed",
    Status.STALE: "stale",
    Status.ERROR: "could not be played",
    Status.NOT_RUN: "not run",
}
