"""JSON lines for other programs: the run, one short line for each trial, and the end.

The schema is `report/1`: a trial's verdict, parts, divergences and costs. Its time line stays in the run's own results.
"""

from collections.abc import Iterator

from casino.document import dump_json
from casino.values import Value
from evals.report.tally import WORDS, Tally
from evals.run.results import RunHeader
from evals.trial import Trial

SCHEMA = "report/1"
LEFT_OUT = ("schema", "steps", "end", "segments", "kept")


class Lines:
    """The JSON lines of a run. It keeps each line as its text."""

    def __init__(self, header: RunHeader) -> None:
        self._header = header
        self._lines: list[str] = []

    def add(self, trial: Trial) -> None:
        """Write one line."""
        kept = {name: value for name, value in trial.document().items() if name not in LEFT_OUT}
        self._lines.append(dump_json({"schema": SCHEMA, "kind": "trial", **kept}))

    def pieces(self, tally: Tally, *, complete: bool) -> Iterator[str]:
        """Yield the run, its trials, and what they came to."""
        run = {name: value for name, value in self._header.document().items() if name != "schema"}
        yield dump_json({"schema": SCHEMA, "kind": "run", "complete": complete, **run}) + "\n"
        for line in self._lines:
            yield f"{line}\n"
        yield dump_json({"schema": SCHEMA, "kind": "end", **counted(tally, complete=complete)}) + "\n"


def counted(tally: Tally, *, complete: bool) -> dict[str, Value]:
    """Return the counts of a run for a machine."""
    return {
        "complete": complete,
        "counts": {status.value: tally.counts[status] for status in WORDS},
        "tickets": len(tally.tickets),
        "model_calls": tally.model_calls,
        "tool_calls": tally.tool_calls,
        "controls": {
            name: {"passed": tally.controls.passed[name], "played": count}
            for name, count in tally.controls.played.items()
        },
        "warnings": [*tally.controls.warnings],
    }
