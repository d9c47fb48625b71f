"""The stores in memory: the same contract, for replays and tests."""

import hashlib
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING

from casino.values import Document, Value
from tools.adapters.granting import GRANTING, SPENT, is_as_seen, stays, without_said
from tools.adapters.memory_log import MemoryLog
from tools.adapters.voting import NO_SUCH, REASON_ERASED, changed, is_as_told, refused, stands, with_vote
from tools.approvals import About, Approval, ApprovalState, Vote
from tools.ledger import GONE, Denied, Effect, EffectState, Terms
from tools.on_record import (
    asked,
    claimed,
    closed,
    document_digest,
    handed_over,
    minted,
    noted,
    once_minted,
    settled,
    voted,
    written,
)
from tools.ports import Handoff, StoredDecision, UnusableStore
from tools.record import ERASED, Entry, Kind, Link, Row

if TYPE_CHECKING:  # a program without bonuses keeps its tickets here too, and imports nothing of them
    from casino.bonus.configuration import Configuration


@dataclass(frozen=True, slots=True)
class Claimed:
    """An effect with the time of its claim."""

    effect: Effect
    at: datetime


@dataclass(slots=True)
class MemoryStores:
    """Everything that `SqlStores` keeps, kept in lists and dictionaries."""

    log: MemoryLog = field(default_factory=MemoryLog)
    subjects: dict[tuple[str, str], None] = field(default_factory=dict[tuple[str, str], None])
    minted: dict[str, StoredDecision] = field(default_factory=dict[str, StoredDecision])
    spent: dict[str, str] = field(default_factory=dict[str, str])  # decisions, with the key that each was spent on
    claims: dict[str, Claimed] = field(default_factory=dict[str, Claimed])
    requests: dict[str, Approval] = field(default_factory=dict[str, Approval])
    attempts: list[tuple[str, datetime]] = field(default_factory=list[tuple[str, datetime]])
    inbox: dict[str, Document] = field(default_factory=dict[str, Document])
    held: dict[str, tuple[str, datetime]] = field(default_factory=dict[str, tuple[str, datetime]])

    async def append(
        self, ticket_id: str, kind: str, body: Document, *, at: datetime, once: str | None = None
    ) -> Entry | None:
        """Add one entry to the record."""
        return self.log.append(ticket_id, Kind(kind), body, at=at, once=once)

    async def entries(self, ticket_id: str, *, kinds: Sequence[str] = ()) -> Sequence[Entry]:
        """Return a ticket's entries in order."""
        mine = [entry for entry in self.log.entries if entry.ticket_id == ticket_id]
        return [entry for entry in mine if entry.kind in kinds] if kinds else mine

    async def keep(self, text: str, *, ticket_id: str | None = None) -> str:
        """Store a text once under its hash."""
        return self.log.keep(text, ticket_id=ticket_id)

    async def text(self, sha256: str, *, ticket_id: str | None = None) -> str | None:
        """Return a kept text."""
        return self.log.texts.get((sha256, ticket_id))

    async def tickets(self, *, limit: int = 50) -> Sequence[str]:
        """Return ticket ids, the most recently touched first."""
        return list(dict.fromkeys(entry.ticket_id for entry in reversed(self.log.entries)))[:limit]

    async def belongs(self, ticket_id: str, subject: str, *, at: datetime | None = None) -> None:
        """Note whose ticket it is."""
        if (ticket_id, subject) in self.subjects:
            return
        self.log.must_be_open(ticket_id)
        self.subjects[ticket_id, subject] = None
        when = at or self.log.newest_moment(ticket_id)
        self.log.note(ticket_id, Kind.SUBJECT_NOTED, noted(subject), at=when)

    async def tickets_of(self, subject: str) -> Sequence[str]:
        """Return the tickets noted as a person's, oldest first."""
        return [ticket_id for ticket_id, whose in self.subjects if whose == subject]

    async def links(self, *, after: int = 0) -> AsyncIterator[Link]:
        """Yield the log's links behind a position."""
        for link in self.log.links()[after:]:
            yield link

    async def last(self) -> Link | None:
        """Return the newest link."""
        links = self.log.links()
        return links[-1] if links else None

    async def rows(self, ticket_id: str) -> Sequence[Row]:
        """Return every row of a ticket beside the log."""
        return [row for owner, row in self._rows() if owner == ticket_id]

    async def ticketed(self) -> Sequence[str]:
        """Return every ticket that a row beside the log names."""
        return sorted({owner for owner, _ in self._rows()})

    def _rows(self) -> Iterator[tuple[str, Row]]:
        """Yield every row beside the log, with the ticket that it is of."""
        for key, claim in sorted(self.claims.items()):
            yield claim.effect.ticket_id, _row("effect", key, "claimed_at", written(claim.at))
        for decision_id, decision in sorted(self.minted.items()):
            yield decision.ticket_id, _row("decision", decision_id, "consumed_by", self.spent.get(decision_id))
        for approval_id, request in sorted(self.requests.items()):
            yield request.ticket_id, _row("approval", approval_id, "state", request.state.value)
        for ticket_id, subject in sorted(self.subjects):
            yield ticket_id, _row("subject", subject, "subject", subject)
        for handoff_id, note in sorted(self.inbox.items()):
            digest = None if "erased" in note else document_digest(note)
            yield str(note["ticket_id"]), _row("handoff", handoff_id, "digest", digest)

    async def erase(self, ticket_id: str, *, by: str, reason: str, at: datetime) -> bool:
        """Make what is personal of a ticket unreadable for good."""
        if not self.log.forget(ticket_id):
            return False
        for decision in [one for one in self.minted.values() if one.ticket_id == ticket_id]:
            self.minted[decision.decision_id] = replace(decision, record=ERASED)
        for claim in [one for one in self.claims.values() if one.effect.ticket_id == ticket_id]:
            self.claims[claim.effect.key] = replace(claim, effect=_erased(claim.effect))
        for request in [one for one in self.requests.values() if one.ticket_id == ticket_id]:
            votes = tuple(replace(vote, reason=REASON_ERASED) for vote in request.votes)
            intent = request.intent if request.tool == GRANTING else ERASED
            self.requests[request.approval_id] = replace(request, votes=votes, intent=intent)
        for handoff_id, body in self.inbox.items():
            self.inbox[handoff_id] = {"ticket_id": ticket_id, **ERASED} if body["ticket_id"] == ticket_id else body
        self.log.note(ticket_id, Kind.ERASED, {"by": by, "reason": reason}, at=at)
        return True

    async def mint(self, decision: StoredDecision) -> None:
        """Store a new decision. Raises KeyError where there is one with its id."""
        if decision.decision_id in self.minted:
            raise KeyError(decision.decision_id)
        self.log.must_be_open(decision.ticket_id)
        self.minted[decision.decision_id] = decision
        once = once_minted(decision.decision_id)
        self.log.note(decision.ticket_id, Kind.DECISION_MINTED, minted(decision), at=decision.decided_at, once=once)

    async def decision(self, decision_id: str) -> StoredDecision | None:
        """Return a decision."""
        return self.minted.get(decision_id)

    async def claim(self, effect: Effect, *, terms: Terms | None = None) -> Effect | Denied | None:
        """Claim an effect; say what stands in its way, or None where this call claimed it."""
        own = await self.effect(effect.key)
        if own is not None and own.state not in GONE:
            return own
        if effect.decision_id is not None and self._is_spent(effect.decision_id, by=effect.key):
            return SPENT
        for rival in self._alive():
            if rival.business_key == effect.business_key:
                return rival
        if terms is not None and (denied := await self._weighed(terms, now=effect.at)) is not None:
            return denied
        self.log.must_be_open(effect.ticket_id)
        self.claims[effect.key] = Claimed(effect, effect.at)
        if effect.decision_id is not None and effect.state is not EffectState.SHADOWED:
            self.spent[effect.decision_id] = effect.key
        kind, body = claimed(effect)
        self.log.note(effect.ticket_id, kind, body, at=effect.at)
        return None

    def _alive(self) -> list[Effect]:
        return [one.effect for one in self.claims.values() if one.effect.state not in GONE]

    def _is_spent(self, decision_id: str, *, by: str) -> bool:
        return self.spent.get(decision_id, by) != by

    async def _weighed(self, terms: Terms, *, now: datetime, but: str = "") -> Denied | None:
        mine = (terms.configuration,)
        others = [(one.effect, one.at) for key, one in self.claims.items() if key != but]
        return terms.broken(_counted(others, terms.player_id, brand=terms.brand, configurations=mine, now=now))

    async def settle(self, key: str, *, state: EffectState, outcome: Document, at: datetime) -> Effect:
        """Write an outcome; return how the effect stands. Raises KeyError where nothing was claimed under the key."""
        effect = self.claims[key].effect
        taken = effect.state in GONE and any(one.business_key == effect.business_key for one in self._alive())
        if not taken and not stays(effect, state=state, outcome=outcome):
            self._settled(effect, state=state, outcome=outcome, at=at)
        return self.claims[key].effect

    async def renew(self, seen: Effect, *, at: datetime, terms: Terms | None = None) -> Effect | Denied | None:
        """Note that a claimed effect is ordered once more; say what stands in its way."""
        effect = self.claims[seen.key].effect
        if not is_as_seen(effect, seen):
            return effect
        if terms is not None and (denied := await self._weighed(terms, now=at, but=seen.key)) is not None:
            return denied
        self._settled(effect, state=EffectState.PENDING, outcome={}, at=at)
        return None

    async def fail(self, seen: Effect, *, outcome: Document, at: datetime) -> Effect:
        """Settle an effect as failed where it still stands as it was seen; return how it stands."""
        effect = self.claims[seen.key].effect
        if is_as_seen(effect, seen):
            self._settled(effect, state=EffectState.FAILED, outcome=outcome, at=at)
        return self.claims[seen.key].effect

    def _settled(self, effect: Effect, *, state: EffectState, outcome: Document, at: datetime) -> None:
        lost = self.log.is_erased(effect.ticket_id) and effect.tool != GRANTING
        left = without_said(outcome) if self.log.is_erased(effect.ticket_id) else outcome
        after = replace(effect, state=state, outcome=ERASED if lost else left, at=at)
        self.claims[effect.key] = replace(self.claims[effect.key], effect=after)
        body = settled(effect.key, state=state, outcome=outcome)
        self.log.note(effect.ticket_id, Kind.EFFECT_SETTLED, body, at=at)

    async def effect(self, key: str) -> Effect | None:
        """Return the effect under a key."""
        return self.claims[key].effect if key in self.claims else None

    async def effects(self, ticket_id: str) -> Sequence[Effect]:
        """Return the ticket's effects, oldest first."""
        mine = [one for one in self.claims.values() if one.effect.ticket_id == ticket_id]
        return [one.effect for one in sorted(mine, key=lambda one: (one.at, one.effect.key))]

    async def ledger(
        self, *, states: Sequence[EffectState] = (), before: datetime | None = None, limit: int = 50
    ) -> Sequence[Effect]:
        """Return effects of all tickets, newest first."""
        found = [one.effect for one in self.claims.values() if not states or one.effect.state in states]
        old = [one for one in found if before is None or one.at < before]
        return sorted(old, key=lambda one: (one.at, one.key), reverse=True)[:limit]

    async def counters(
        self, player_id: str, *, brand: str, configurations: "Sequence[Configuration]", now: datetime
    ) -> Document:
        """Return the counters of these configurations for one player."""
        effects = [(one.effect, one.at) for one in self.claims.values()]
        return _counted(effects, player_id, brand=brand, configurations=configurations, now=now)

    async def ask(self, approval: Approval) -> Approval:
        """Put a request into the inbox; return the one that stands."""
        for one in self.requests.values():
            if (one.effect_key, one.about) == (approval.effect_key, approval.about) and stands(one):
                return self._only(one)
        if approval.about is About.EFFECT:
            self.log.must_be_open(approval.ticket_id)
        lost = self.log.is_erased(approval.ticket_id) and approval.tool != GRANTING
        self.requests[approval.approval_id] = replace(approval, intent=ERASED) if lost else approval
        self.log.note(approval.ticket_id, Kind.APPROVAL_ASKED, asked(approval), at=approval.asked_at)
        return self.requests[approval.approval_id]

    async def approval(self, approval_id: str) -> Approval | None:
        """Return a request; None too where it is not what the record says of it."""
        found = self.requests.get(approval_id)
        return found if found is not None and self._is_as_told(found) else None

    def _is_as_told(self, approval: Approval) -> bool:
        ticket_id = approval.ticket_id
        mine = [entry for entry in self.log.entries if entry.ticket_id == ticket_id]
        return is_as_told(approval, None if self.log.is_erased(ticket_id) else mine)

    def _only(self, approval: Approval) -> Approval:
        if not self._is_as_told(approval):
            raise UnusableStore(f"the store is damaged: {changed(approval.approval_id)}")
        return approval

    async def approval_for(self, effect_key: str, about: About) -> Approval | None:
        """Return the request about an effect: the one that stands, or else the newest."""
        same = [one for one in self.requests.values() if (one.effect_key, one.about) == (effect_key, about)]
        newest = max(same, key=lambda one: (stands(one), one.asked_at, one.approval_id), default=None)
        return None if newest is None else self._only(newest)

    async def approvals(
        self, *, states: Sequence[ApprovalState] = (), ticket_id: str | None = None, limit: int = 50
    ) -> Sequence[Approval]:
        """Return requests, newest first, without those that are not what the record says of them."""
        of_ticket = [one for one in self.requests.values() if ticket_id is None or one.ticket_id == ticket_id]
        found = [one for one in of_ticket if (not states or one.state in states) and self._is_as_told(one)]
        return sorted(found, key=lambda one: (one.asked_at, one.approval_id), reverse=True)[:limit]

    async def vote(self, approval_id: str, vote: Vote) -> Approval | Denied:
        """Add a vote, and return the request with it."""
        found = await self.approval(approval_id)
        if found is None:
            return NO_SUCH
        if (denied := refused(found, vote)) is not None:
            return denied
        kept = replace(vote, reason=REASON_ERASED) if self.log.is_erased(found.ticket_id) else vote
        self.requests[approval_id] = after = with_vote(found, kept)
        self.log.note(found.ticket_id, Kind.APPROVAL_VOTED, voted(approval_id, vote), at=vote.at)
        if after.state is not ApprovalState.OPEN:
            self._note_closed(after, at=vote.at)
        return after

    async def withdraw(self, approval_id: str, *, at: datetime, why: str) -> None:
        """Close an open request that has nothing left to decide."""
        found = await self.approval(approval_id)
        if found is not None and found.state is ApprovalState.OPEN:
            self.requests[approval_id] = after = replace(found, state=ApprovalState.WITHDRAWN)
            self._note_closed(after, at=at, why=why)

    def _note_closed(self, after: Approval, *, at: datetime, why: str | None = None) -> None:
        body = closed(after.approval_id, after.state, why=why)
        self.log.note(after.ticket_id, Kind.APPROVAL_CLOSED, body, at=at)

    async def hold(self, ticket_id: str, *, holder: str, now: datetime, until: datetime) -> bool:
        """Take or prolong the lease on a ticket."""
        other, ends = self.held.get(ticket_id, (holder, now))
        if other != holder and ends > now:
            return False
        self.held[ticket_id] = (holder, until)
        return True

    async def release(self, ticket_id: str, *, holder: str) -> None:
        """Give the lease back."""
        if ticket_id in self.held and self.held[ticket_id][0] == holder:
            del self.held[ticket_id]

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
        if handoff_id not in self.inbox:
            self.log.must_be_open(handoff.ticket_id)
            said: Document = {**asdict(handoff), "tried": list(handoff.tried)}
            self.inbox[handoff_id] = said
            at = self.log.newest_moment(handoff.ticket_id)
            self.log.note(handoff.ticket_id, Kind.HANDED_OVER, handed_over(handoff_id, said), at=at)
        return handoff_id

    async def handoffs(self, ticket_id: str) -> Sequence[Document]:
        """Return the hand-overs of a ticket."""
        mine = [body for body in self.inbox.values() if body["ticket_id"] == ticket_id]
        return [ERASED if "erased" in body else body for body in mine]


def _row(table: str, name: str, column: str, value: Value) -> Row:
    return Row(table=table, name=name, values={column: value})


def _erased(effect: Effect) -> Effect:
    if effect.tool == GRANTING:
        return replace(effect, outcome=without_said(effect.outcome))
    return replace(effect, intent=ERASED, outcome=ERASED)


def _counted(
    effects: Sequence[tuple[Effect, datetime]],
    player_id: str,
    *,
    brand: str,
    configurations: "Sequence[Configuration]",
    now: datetime,
) -> Document:
    from tools.adapters.past_grants import count_effects  # noqa: PLC0415  # the reason stands above

    return count_effects(effects, player_id, brand=brand, configurations=configurations, now=now)
