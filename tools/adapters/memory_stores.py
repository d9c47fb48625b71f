"""The stores in memory: the same contract, for replays and tests."""

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING

from casino.values import Document
from tools.ports import Effect, EffectState, Entry, Handoff, StoredDecision

if TYPE_CHECKING:  # a program without bonuses keeps its tickets here too, and imports nothing of them
    from casino.bonus.configuration import Configuration


@dataclass(slots=True)
class MemoryStores:
    """Everything that `SqlStores` keeps, kept in lists and dictionaries."""

    record: list[tuple[Entry, str | None]] = field(default_factory=list[tuple[Entry, str | None]])
    kept: dict[str, str] = field(default_factory=dict[str, str])
    minted: dict[str, StoredDecision] = field(default_factory=dict[str, StoredDecision])
    ledger: dict[str, Effect] = field(default_factory=dict[str, Effect])
    attempts: list[tuple[str, datetime]] = field(default_factory=list[tuple[str, datetime]])
    inbox: dict[str, Document] = field(default_factory=dict[str, Document])

    async def append(
        self, ticket_id: str, kind: str, body: Document, *, at: datetime, once: str | None = None
    ) -> Entry | None:
        """Add one entry to the record."""
        mine = [(entry, word) for entry, word in self.record if entry.ticket_id == ticket_id]
        if once is not None and any(word == once for _, word in mine):
            return None
        entry = Entry(ticket_id=ticket_id, seq=len(mine) + 1, kind=kind, at=at, body=body)
        self.record.append((entry, once))
        return entry

    async def entries(self, ticket_id: str, *, kinds: Sequence[str] = ()) -> Sequence[Entry]:
        """Return a ticket's entries in order."""
        mine = [entry for entry, _ in self.record if entry.ticket_id == ticket_id]
        return [entry for entry in mine if not kinds or entry.kind in kinds]

    async def keep(self, text: str) -> str:
        """Store a text once under its hash."""
        sha256 = hashlib.sha256(text.encode()).hexdigest()
        self.kept[sha256] = text
        return sha256

    async def text(self, sha256: str) -> str | None:
        """Return a kept text."""
        return self.kept.get(sha256)

    async def tickets(self, *, limit: int = 50) -> Sequence[str]:
        """Return ticket ids, the most recently touched first."""
        return list(dict.fromkeys(entry.ticket_id for entry, _ in reversed(self.record)))[:limit]

    async def mint(self, decision: StoredDecision) -> None:
        """Store a new decision."""
        if decision.decision_id in self.minted:
            raise KeyError(decision.decision_id)
        self.minted[decision.decision_id] = decision

    async def decision(self, decision_id: str) -> StoredDecision | None:
        """Return a decision."""
        return self.minted.get(decision_id)

    async def claim(self, effect: Effect) -> Effect | None:
        """Claim an effect; a failed one, which changed nothing, may be claimed again."""
        standing = self.ledger.get(effect.key)
        if standing is not None and standing.state is not EffectState.FAILED:
            return standing
        for other in self.ledger.values():
            if other.business_key == effect.business_key and other.state is not EffectState.FAILED:
                return other
        self.ledger[effect.key] = effect
        return None

    async def settle(self, key: str, *, state: EffectState, outcome: Document, at: datetime) -> None:
        """Write the outcome of a claimed effect."""
        self.ledger[key] = replace(self.ledger[key], state=state, outcome=outcome, at=at)

    async def effects(self, ticket_id: str) -> Sequence[Effect]:
        """Return the ticket's effects, oldest first."""
        mine = [effect for effect in self.ledger.values() if effect.ticket_id == ticket_id]
        return sorted(mine, key=lambda effect: (effect.at, effect.key))

    async def counters(
        self, player_id: str, *, brand: str, configurations: "Sequence[Configuration]", now: datetime
    ) -> Document:
        """Return the counters of these configurations for one player."""
        from tools.adapters.past_grants import count_effects  # noqa: PLC0415  # the reason stands above

        return count_effects(self.ledger.values(), player_id, brand=brand, configurations=configurations, now=now)

    async def take(self, subjects: Sequence[str], *, limit: int, since: datetime, at: datetime) -> bool:
        """Count one more attempt for each subject unless one of them has reached the limit."""
        recent = [one for one, when in self.attempts if when >= since]
        if any(recent.count(subject) >= limit for subject in subjects):
            return False
        self.attempts.extend((subject, at) for subject in subjects)
        return True

    async def give_back(self, subjects: Sequence[str], *, at: datetime) -> None:
        """Take back one attempt of each subject."""
        for subject in subjects:
            self.attempts.remove((subject, at))

    async def transfer(self, handoff: Handoff, *, key: str) -> str:
        """Put a ticket into the inbox once per key."""
        handoff_id = f"H-{hashlib.sha256(key.encode()).hexdigest()[:10]}"
        self.inbox.setdefault(handoff_id, {**asdict(handoff), "tried": list(handoff.tried)})
        return handoff_id

    async def handoffs(self, ticket_id: str) -> Sequence[Document]:
        """Return the hand-overs of a ticket."""
        return [body for body in self.inbox.values() if body["ticket_id"] == ticket_id]
