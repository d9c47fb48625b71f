"""A report as a port: it sees every trial once and keeps little, and writes its document at the end."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Protocol

from evals.report.tally import Tally
from evals.trial import Level, Trial


class Report(Protocol):
    """One document about a run."""

    def add(self, trial: Trial) -> None:
        """Take note of one trial; what is kept of it is short."""
        ...

    def pieces(self, tally: Tally, *, complete: bool) -> Iterator[str]:
        """Yield the document; it says first where the run did not come to its end."""
        ...


NOT_JUDGED = "not judged: what it came to follows from what changed"
ABOUT: Mapping[str, str] = MappingProxyType(
    {  # what a part looks at, by its name
        "state": "outcome, effects and rows",
        "order": "which calls came before which, and how often",
        "provenance": "where values come from",
        "text": "what was said, and whether it is true",
        "budget": "calls, tokens and mistakes",
        "recording": "whether the model went the recorded way",
        "gold": "the gold trajectory comes to what is expected",
        "mutants": "each trajectory that is a little wrong is caught",
        "attack": "the tools refuse what an obedient model does for an attacker",
        "player": "whether the simulated player kept to its part",
        "judge": "what a model finds wrong with the replies",
    }
)
INCOMPLETE = "This run is incomplete: it did not come to its end, so it proves nothing. Resume it, or play it again."


def no_steps(trial: Trial) -> str:
    """Say why a trial has no time line."""
    return "no mutant was made" if trial.level is Level.LINT else "no step was kept"


def read_through(trials: Iterable[Trial], reports: Sequence[Report]) -> Tally:
    """Show every trial to every report, in one pass; return the counts."""
    tally = Tally()
    for trial in trials:
        tally.add(trial)
        for report in reports:
            report.add(trial)
    return tally
