"""All that is kept about a ticket, read together: the record, the decisions, the effects and the hand-overs."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from casino.values import Document, Value
from tools.ledger import Effect, Ledger
from tools.ports import Decisions, Desk, StoredDecision
from tools.record import Entry, Record
from tools.world import DECISION


@dataclass(frozen=True, slots=True, kw_only=True)
class Stores:
    """Where a ticket is kept."""

    record: Record
    ledger: Ledger
    decisions: Decisions
    desk: Desk


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """A ticket as it is kept."""

    ticket_id: str
    entries: Sequence[Entry]
    decisions: Mapping[str, StoredDecision]  # by id, in the order in which they were minted
    effects: Sequence[Effect]
    handoffs: Sequence[Document]

    def document(self) -> dict[str, Value]:
        """Return all of it for a machine."""
        return {
            "ticket": self.ticket_id,
            "entries": [_entry(one) for one in self.entries],
            "decisions": [_decision(one) for one in self.decisions.values()],
            "effects": [_effect(one) for one in self.effects],
            "handoffs": [dict(one) for one in self.handoffs],
        }


async def read_whole(ticket_id: str, stores: Stores) -> Whole:
    """Read everything about one ticket; nothing where it is not known."""
    entries = await stores.record.entries(ticket_id)
    decisions: dict[str, StoredDecision] = {}
    for fact in established(entries, DECISION):
        decision = await stores.decisions.decision(str(fact["decision_id"]))
        if decision is not None:
            decisions[decision.decision_id] = decision
    return Whole(
        ticket_id=ticket_id,
        entries=entries,
        decisions=decisions,
        effects=await stores.ledger.effects(ticket_id),
        handoffs=await stores.desk.handoffs(ticket_id),
    )


def established(entries: Sequence[Entry], fact: str) -> Iterator[Document]:
    """Yield the values of a fact that were established on a ticket, oldest first."""
    for entry in entries:
        facts = entry.body.get("establishes")
        if isinstance(facts, dict) and isinstance(found := facts.get(fact), dict):
            yield found


def _entry(entry: Entry) -> dict[str, Value]:
    return {"seq": entry.seq, "kind": entry.kind, "at": entry.at.isoformat(), "body": dict(entry.body)}


def _decision(decision: StoredDecision) -> dict[str, Value]:
    return {
        "decision_id": decision.decision_id,
        "player_id": decision.player_id,
        "decided_at": decision.decided_at.isoformat(),
        "expires_at": decision.expires_at.isoformat(),
        "record": dict(decision.record),
    }


def _effect(effect: Effect) -> dict[str, Value]:
    return {
        "key": effect.key,
        "business_key": effect.business_key,
        "tool": effect.tool,
        "state": effect.state.value,
        "decision_id": effect.decision_id,
        "approval_id": effect.approval_id,
        "intent": dict(effect.intent),
        "outcome": dict(effect.outcome),
        "at": effect.at.isoformat(),
    }
