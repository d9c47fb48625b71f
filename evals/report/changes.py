"""The state diff of a step as a reader takes it in: what was added, removed and changed (RFC 6902 operations)."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from casino.values import Value
from evals.report.words import plain

WORDS = {"add": "added", "remove": "removed", "replace": "changed", "move": "moved", "copy": "copied"}


class Change(NamedTuple):
    """One change of the world."""

    word: str  # `added`, `removed`, `changed`, or what the operation is called
    pointer: str  # RFC 6901
    words: str  # the value; for a change both where the old one is known


def changes(operations: Iterable[Value]) -> Iterator[Change]:
    """Yield the changes. A `test` before an operation on the same place tells the value that was there."""
    was: dict[str, Value] = {}
    for one in operations:
        if not isinstance(one, dict):
            yield Change("unknown", "", plain(one))
            continue
        word, pointer = str(one.get("op", "")), str(one.get("path", ""))
        if word == "test":
            was[pointer] = one.get("value")
        else:
            yield Change(WORDS.get(word, word), pointer, _words(one, was.pop(pointer, None)))


def _words(operation: dict[str, Value], was: Value) -> str:
    now = operation.get("value")
    match operation.get("op"):
        case "remove":
            return "" if was is None else plain(was)
        case "move" | "copy":
            return f"from {operation.get('from')}"
        case _:
            return plain(now) if was is None else f"{plain(was)} → {plain(now)}"
