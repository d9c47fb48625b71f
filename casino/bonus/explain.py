"""Why a decision came out as it did: for the player, and for staff. Deterministic, no model involved."""

from casino.bonus.decide import Decision
from casino.rules.condition import literal
from casino.verdict import Outcome, TraceNode, Verdict


def player_reasons(decision: Decision) -> list[str]:
    """Return what the player may hear: the texts that authors released, else one neutral sentence."""
    return decision.told()


def staff_text(decision: Decision) -> str:
    """Return the whole story in plain lines, one to a stage and one to a condition. Not for players."""
    return "\n".join([
        _headline(decision),
        *(f"because {reason.text} [{reason.code}]" for reason in decision.reasons),
        *(line for child in decision.trace.children for line in _lines(child, depth=0)),
    ])  # fmt: skip


def _headline(decision: Decision) -> str:
    head = f"{decision.status.value} for {decision.brand} at {decision.now.isoformat()}"
    if decision.reward is None:
        return head
    fields = ", ".join(f"{name} {literal(value)}" for name, value in decision.reward.result_fields().items())
    return f"{head}: {decision.configuration}, tier {decision.tier}: {fields}"


_MARKS = {Verdict.YES: "yes    ", Verdict.NO: "no     ", Verdict.UNKNOWN: "unknown"}


def _lines(node: TraceNode, *, depth: int) -> list[str]:
    margin = f"{_MARKS[node.verdict]} {'  ' * depth}"
    if node.kind == "condition":
        return [f"{margin}{node.label}: {_found(node)}"]
    name = node.label if node.label.startswith(node.kind) else f"{node.kind} {node.label}"
    return [f"{margin}{name}", *(line for child in node.children for line in _lines(child, depth=depth + 1))]


def _found(node: TraceNode) -> str:
    match node.outcome:
        case Outcome.MISSING:
            return "missing"
        case Outcome.UNAVAILABLE:
            return "unavailable"
        case Outcome.TYPE_MISMATCH:
            return f"{literal(node.actual)} (type mismatch)"
        case _:
            return literal(node.actual)
