"""A recorded decision in the sections of an explanation: classification, qualification, tier, player context."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from casino.bonus.told.steps import Step, trace_of
from casino.facts import source_of
from casino.values import Document, Value

SeenState: TypeAlias = Literal["value", "missing", "unavailable"]

SECTIONS: Final = {
    "classification": ("classification",),
    "qualification": ("qualification", "limits"),
    "rewardTier": ("tier",),
}


@dataclass(frozen=True, slots=True)
class ContextField:
    """One field that a decision looked at: its value or why there is none, where it is from, how it was computed."""

    path: str
    state: SeenState
    value: Value
    source: str
    expression: str | None = None

    def to_document(self) -> dict[str, Value]:
        """Return it for a machine."""
        seen: dict[str, Value] = {"value": self.value} if self.state == "value" else {}
        return {
            "path": self.path,
            "state": self.state,
            **seen,
            "source": self.source,
            "expression": self.expression,
        }


def sections(record: Document) -> dict[str, list[dict[str, Value]]]:
    """Return the stages of each section, one entry a configuration that came that far: its id and its trace nodes.

    The section `jurisdiction` holds the law of the player's place, for the one tier that was about to be granted.
    """
    found: dict[str, list[dict[str, Value]]] = {name: [] for name in SECTIONS}
    laws: list[dict[str, Value]] = []
    for child in _children(record.get("trace")):
        if child.get("kind") == "configuration":
            for name, kinds in SECTIONS.items():
                nodes: list[Value] = [stage for stage in _children(child) if stage.get("kind") in kinds]
                if nodes:
                    found[name].append({"configuration": child.get("label"), "nodes": nodes})
        if child.get("kind") == "jurisdiction":
            laws.append({"configuration": record.get("configuration"), "nodes": [child]})
    return {**found, "jurisdiction": laws}


def _children(node: Value) -> list[dict[str, Value]]:
    children = node.get("children") if isinstance(node, dict) else None
    return [one for one in children if isinstance(one, dict)] if isinstance(children, list) else []


def player_context(record: Document) -> tuple[ContextField, ...]:
    """Return every field that a decision looked at, in order of path, those behind computed fields included."""
    found = {field.path: field for field in _read(record)}
    for step in trace_of(record).conditions():
        if step.path is not None and (step.path not in found or step.expression is not None):
            source = step.source or source_of(step.path)
            found[step.path] = ContextField(step.path, _state(step), step.actual, source, step.expression)
    return tuple(found[path] for path in sorted(found))


def _state(step: Step) -> SeenState:
    match step.outcome:
        case "missing" | "unavailable":
            return step.outcome
        case _:
            return "value"


def _read(record: Document) -> Iterator[ContextField]:
    read = record.get("read")
    seen = read if isinstance(read, dict) else record
    values, unavailable = seen.get("values"), seen.get("unavailable")
    for path, value in values.items() if isinstance(values, dict) else ():
        yield ContextField(path, "value", value, source_of(path))
    for path in unavailable if isinstance(unavailable, list) else ():
        yield ContextField(str(path), "unavailable", None, source_of(str(path)))
