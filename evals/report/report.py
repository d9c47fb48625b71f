"""A report as a port: it sees every trial once and keeps little, and writes its document at the end."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

from evals.report.tally import Tally
from evals.trial import Trial


class Report(Protocol):
    """One document about a run."""

    def add(self, trial: Trial) -> None:
        """Take note of one trial; what is kept of it is short."""
        ...

    def pieces(self, tally: Tally, *, complete: bool) -> Iterator[str]:
        """Yield the document; it says first where the run did not come to its end."""
        ...


INCOMPLETE = "This run is incomplete: it did not come to its end, so it proves nothing. Resume it, or play it again."


def read_through(trials: Iterable[Trial], reports: Sequence[Report]) -> Tally:
    """Show every trial to every report, in one pass; return the counts."""
    tally = Tally()
    for trial in trials:
        tally.add(trial)
        for report in reports:
            report.add(trial)
    return tally
