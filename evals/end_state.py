"""What a ticket has come to: rows, not words."""

from collections.abc import Sequence
from dataclasses import dataclass

from agent.deps import Deps
from agent.memory.kinds import Kind
from agent.run import Handled
from casino.values import Document, Value
from evals.ticket import Expected
from tools.ports import Decisions, Desk, Entry
from tools.world import DECISION, VERIFIED


@dataclass(frozen=True, slots=True, kw_only=True)
class EndState:
    """The end of a ticket, as it stands in the record, the ledger and the humans' inbox."""

    outcome: str
    procedure: str
    verified: str
    decision: str
    tier: str
    effects: tuple[str, ...]
    handoff: str
    replies: tuple[str, ...]

    def document(self) -> dict[str, Value]:
        """Return the end state for a machine."""
        return {
            "outcome": self.outcome,
            "procedure": self.procedure,
            "verified": self.verified,
            "decision": self.decision,
            "tier": self.tier,
            "effects": [*self.effects],
            "handoff": self.handoff,
            "replies": [*self.replies],
        }


async def end_state(ticket_id: str, deps: Deps, desk: Desk, decisions: Decisions, *, handled: Handled) -> EndState:
    """Read the end state of a ticket; `handled` is what its last trigger came to."""
    entries = await deps.record.entries(ticket_id)
    handoffs = await desk.handoffs(ticket_id)
    decided = _established(entries, DECISION)
    decision = None if decided is None else await decisions.decision(str(decided["decision_id"]))
    verified = _established(entries, VERIFIED)
    return EndState(
        outcome=handled.outcome or "",
        procedure=handled.procedure or "",
        verified="" if verified is None else str(verified["player_id"]),
        decision="" if decision is None else decision.status,
        tier=(decision.tier or "") if decision is not None else "",
        effects=tuple(f"{effect.tool}: {effect.state.value}" for effect in await deps.ledger.effects(ticket_id)),
        handoff=str(handoffs[-1]["reason_code"]) if handoffs else "",
        replies=tuple(str(entry.body["text"]) for entry in entries if entry.kind == Kind.AGENT_MESSAGE),
    )


def _established(entries: Sequence[Entry], fact: str) -> Document | None:
    """Return the newest value of a fact that was established on the ticket."""
    for entry in reversed(entries):
        established = entry.body.get("establishes")
        if isinstance(established, dict) and isinstance(found := established.get(fact), dict):
            return found
    return None


def differences(expected: Expected, found: EndState, granted: Sequence[str] | None) -> list[str]:
    """Return one line for each difference; none where the end state is as expected."""
    wanted: list[tuple[str, object, object]] = [
        ("outcome", expected.outcome, found.outcome),
        ("effects", expected.effects, found.effects),
        ("procedure", expected.procedure, found.procedure),
        ("verified", expected.verified, found.verified),
        ("decision", expected.decision, found.decision),
        ("tier", expected.tier, found.tier),
        ("handoff", expected.handoff, found.handoff),
        ("granted", expected.granted, None if granted is None else tuple(granted)),
    ]
    lines = [f"{name}: expected {want!r}, found {have!r}" for name, want, have in wanted if want not in {None, have}]
    said = "\n".join(found.replies)
    lines += [f"said: no reply contains {text!r}" for text in expected.said if text not in said]
    lines += [f"never_said: a reply contains {text!r}" for text in expected.never_said if text in said]
    return lines
