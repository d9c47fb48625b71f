"""The trace of a recorded decision, read back from its document: what explanations and comparisons work on."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from casino.values import Document, Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of a recorded decision. A condition carries the fields from `path` on; a stage carries children."""

    kind: str
    label: str
    verdict: str  # "yes", "no" or "unknown"
    path: str | None = None
    operator: str | None = None
    expected: Value = None
    actual: Value = None
    outcome: str | None = None
    source: str | None = None
    measured: Value = None
    expression: str | None = None
    children: tuple["Step", ...] = ()

    @property
    def measure(self) -> str:
        """Return what a condition takes of its field before comparing: "days since ", "bucket 'a' of ", or nothing."""
        return self.label.partition(self.path)[0] if self.path else ""

    def conditions(self) -> Iterator["Step"]:
        """Yield the conditions of this step and of all below it, in order."""
        if self.kind == "condition":
            yield self
        for child in self.children:
            yield from child.conditions()

    def all_of(self, kind: str) -> tuple["Step", ...]:
        """Return the direct children of a kind."""
        return tuple(child for child in self.children if child.kind == kind)


NOTHING: Final = Step(kind="decision", label="", verdict="unknown")


def trace_of(record: Document) -> Step:
    """Return the trace of a decision's record; an empty one where the record holds none."""
    trace = record.get("trace")
    return _step(trace) if isinstance(trace, dict) else NOTHING


def _step(node: Document) -> Step:
    children = node.get("children")
    return Step(
        kind=str(node.get("kind", "")),
        label=str(node.get("label", "")),
        verdict=str(node.get("verdict", "unknown")),
        path=_text(node, "path"),
        operator=_text(node, "operator"),
        expected=node.get("expected"),
        actual=node.get("actual"),
        outcome=_text(node, "outcome"),
        source=_text(node, "source"),
        measured=node.get("measured"),
        expression=_text(node, "expression"),
        children=tuple(_step(one) for one in children if isinstance(one, dict)) if isinstance(children, list) else (),
    )


def _text(node: Document, key: str) -> str | None:
    value = node.get(key)
    return value if isinstance(value, str) else None
