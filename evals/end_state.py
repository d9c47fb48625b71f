"""What a ticket has come to: rows, not words."""

from collections.abc import Sequence
from dataclasses import dataclass

from agent.run import Handled
from casino.values import Value
from evals.expect import Expected
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
    ]
    if granted is not None:  # None: the bonus system's rows cannot be seen from here
        wanted.append(("granted", expected.granted, tuple(granted)))
    lines = [f"{name}: expected {want!r}, found {have!r}" for name, want, have in wanted if want not in {None, have}]
    said = "\n".join(found.replies)
    lines += [f"said: no reply contains {text!r}" for text in expected.said if text not in said]
    lines += [f"never_said: a reply contains {text!r}" for text in expected.never_said if text in said]
    return lines
