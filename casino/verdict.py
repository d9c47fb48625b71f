"""What a check ends in, and the trace: a tree that says why."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, TypeAlias

from casino.values import Value


class Outcome(StrEnum):
    """How one condition ended, with its cause."""

    PASS = "pass"  # noqa: S105  # an outcome, not a password
    FAIL = "fail"
    MISSING = "missing"
    NULL = "null"
    TYPE_MISMATCH = "type_mismatch"
    UNAVAILABLE = "unavailable"


class Verdict(StrEnum):
    """What follows from it: an outage is unknown, never no."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


def together(verdicts: Iterable[Verdict]) -> Verdict:
    """AND: one no decides; else one unknown leaves it open; else, and for nothing at all, yes."""
    seen = set(verdicts)
    if Verdict.NO in seen:
        return Verdict.NO
    return Verdict.UNKNOWN if Verdict.UNKNOWN in seen else Verdict.YES


NodeKind: TypeAlias = Literal[
    "decision",
    "safety",
    "configuration",
    "classification",
    "qualification",
    "limits",
    "tier",
    "jurisdiction",
    "condition",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class TraceNode:
    """One step of a decision. A condition carries the fields from `path` on; a stage carries children."""

    kind: NodeKind
    label: str
    verdict: Verdict
    path: str | None = None
    operator: str | None = None
    expected: Value = None
    actual: Value = None  # as resolved; None also where `outcome` says that there is nothing
    measured: Value = None  # what the measure gave: the days since, the bucket
    outcome: Outcome | None = None
    source: str | None = None  # where the value came from: "player", "tools.kyc", "safety", "computed"
    expression: str | None = None  # what a computed field was worked out with
    children: tuple["TraceNode", ...] = ()

    def to_document(self) -> dict[str, Value]:
        """Return the tree as a plain document, its keys always in the same order."""
        node: dict[str, Value] = {"kind": self.kind, "label": self.label, "verdict": self.verdict.value}
        if self.kind != "condition":
            return {**node, "children": [child.to_document() for child in self.children]}
        node |= {"path": self.path, "operator": self.operator, "expected": self.expected}
        if self.outcome is not None:
            node["outcome"] = self.outcome.value
        if self.outcome not in {Outcome.MISSING, Outcome.UNAVAILABLE}:
            node["actual"] = self.actual
        if self.measured is not None:
            node["measured"] = self.measured
        node["source"] = self.source
        return node if self.expression is None else {**node, "expression": self.expression}
