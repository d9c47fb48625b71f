"""From the journal to the results: one trial for each item of the plan, in its order, whoever played it and when."""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from casino.document import dump_json
from evals.run.journal import Journal, opened_trials, read_journal
from evals.run.plan import Item
from evals.run.plug import broken
from evals.run.results import End, RunHeader, write_results
from evals.run.summary import Summary
from evals.trial import Status


def merge(
    journal: Journal, items: Sequence[Item], header: RunHeader, summary: Summary, *, to: Path, ended: str
) -> None:
    """Write the results of a run. `ended` is the time, ISO 8601 with its zone.

    What was never begun stands there as `not_run`, with why. An interrupted run has only what was played, and no end:
    whoever reads it sees that it is incomplete.
    """
    counts: Counter[Status] = Counter()

    def end() -> End | None:
        return None if summary.interrupted else End(counts=counts, ended=ended)

    write_results(to, header, _texts(journal, items, summary, counts), end)


def _texts(journal: Journal, items: Sequence[Item], summary: Summary, counts: Counter[Status]) -> Iterator[bytes]:
    """Yield the trials as they were written, and count them."""
    played = read_journal(journal.folder).played
    with opened_trials() as trials:
        for item in items:
            one = played.get(item.key)
            if one is not None:
                counts[one.status] += 1
                yield trials.text(one)
            elif not summary.interrupted:
                counts[Status.NOT_RUN] += 1
                trial = broken(item, summary.why_not_run, status=Status.NOT_RUN)
                yield dump_json(trial.document()).encode()
