"""What a ticket has come to: rows, not words."""

from dataclasses import dataclass

from agent.run import Handled
from casino.values import Value
from evals.whole import Whole, established
from tools.record import Kind
from tools.world import VERIFIED


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


def end_state(whole: Whole, handled: Handled) -> EndState:
    """Return the end state of a ticket; `handled` is what its last trigger came to."""
    verified = [fact["player_id"] for fact in established(whole.entries, VERIFIED)]
    decision = [*whole.decisions.values()][-1] if whole.decisions else None
    return EndState(
        outcome=handled.outcome or "",
        procedure=handled.procedure or "",
        verified=str(verified[-1]) if verified else "",
        decision="" if decision is None else decision.status,
        tier=(decision.tier or "") if decision is not None else "",
        effects=tuple(f"{effect.tool}: {effect.state.value}" for effect in whole.effects),
        handoff=str(whole.handoffs[-1]["reason_code"]) if whole.handoffs else "",
        replies=tuple(str(entry.body["text"]) for entry in whole.entries if entry.kind == Kind.AGENT_MESSAGE),
    )
