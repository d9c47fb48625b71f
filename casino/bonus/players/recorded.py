"""The facts that a past decision saw, taken from its record, for deciding by other configurations."""

from collections.abc import Iterable
from dataclasses import dataclass

from casino.bonus.players.described import put
from casino.bonus.story import LAW_READS
from casino.bonus.told.steps import trace_of
from casino.values import Document, Value


@dataclass(frozen=True, slots=True)
class RecordedFacts:
    """A facts document from a record, and the paths that were wanted and that the decision never looked at."""

    document: Document
    not_recorded: tuple[str, ...]


def recorded_facts(record: Document, wanted: Iterable[str]) -> RecordedFacts:
    """Rebuild the facts of a decision from its record (`Decision.record()`).

    What the decision looked for and did not find is missing again. What it never looked at is not known to be missing:
    it becomes unavailable, so that a decision on it is unknown, and never a guess.
    """
    read = record.get("read")
    seen = read if isinstance(read, dict) else record
    values, unavailable = seen.get("values"), seen.get("unavailable")
    known = values if isinstance(values, dict) else {}
    unread = [path for path in unavailable if isinstance(path, str)] if isinstance(unavailable, list) else []
    trace = trace_of(record)
    looked_at = {*known, *unread, *(step.path for step in trace.conditions() if step.path is not None)}
    if record.get("packs") is not None and trace.all_of("configuration"):
        looked_at |= {*LAW_READS}  # the law of a place looks at all of them, whatever it finds
    not_recorded = tuple(sorted({path for path in wanted if not _covered(path, looked_at)}))
    document: dict[str, Value] = {"player": {}, "tools": {}, "safety": {}}
    for path in sorted(known):
        put(document, path, known[path])
    return RecordedFacts({**document, "unavailable": [*unread, *not_recorded]}, not_recorded)


def _covered(path: str, looked_at: set[str]) -> bool:
    """Tell whether a path, or what it stands in, was looked at."""
    steps = path.split(".")
    return any(".".join(steps[:length]) in looked_at for length in range(1, len(steps) + 1))
