"""Everything that is kept about tickets, in one SQL database: each method is one transaction."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import Engine

from casino.values import Document
from tools.adapters.sql import approvals, attempts, decisions, erasure, inbox, leases, ledger, record, rows, schema
from tools.adapters.sql.engine import Database, open_database, open_to_read
from tools.approvals import About, Approval, ApprovalState, Vote
from tools.ledger import Denied, Effect, EffectState, Terms
from tools.ports import Handoff, StoredDecision, Unavailable, UnusableStore
from tools.record import Entry, Link, Row

if TYPE_CHECKING:  # a program without bonuses keeps its tickets here too, and imports nothing of them
    from casino.bonus.configuration import Configuration


@dataclass(frozen=True, slots=True)
class SqlStores:
    """All stores of one database: `tools.kept.Kept` and `tools.grant_counters.GrantCounters`.

    Every method may raise Unavailable (ask later) and UnusableStore (it must be mended first).
    """

    database: Database

    @property
    def engine(self) -> Engine:
        """The engine, for whoever looks at the tables themselves."""
        return self.database.engine

    async def create(self) -> None:
        """Make the tables that are not there yet. Raises UnusableStore for a store of another schema."""
        await schema.make(self.database)

    async def is_made(self) -> bool:
        """Tell whether the tables are there; nothing is made. Raises UnusableStore for a store of another schema."""
        return await schema.is_made(self.database)

    async def close(self) -> None:
        """Give the connections back."""
        await self.database.close()

    async def append(
        self, ticket_id: str, kind: str, body: Document, *, at: datetime, once: str | None = None
    ) -> Entry | None:
        """Add one entry to the record."""
        return await self.database.write(record.append, ticket_id, kind, body, at=at, once=once)

    async def entries(self, ticket_id: str, *, kinds: Sequence[str] = ()) -> Sequence[Entry]:
        """Return a ticket's entries in order."""
        return await self.database.read(record.entries, ticket_id, kinds=kinds)

    async def keep(self, text: str, *, ticket_id: str | None = None) -> str:
        """Store a text once under its hash; most were stored before, and then nothing is written."""
        known = await self.database.read(record.kept, text, ticket_id=ticket_id)
        return known or await self.database.write(record.keep, text, ticket_id=ticket_id)

    async def text(self, sha256: str, *, ticket_id: str | None = None) -> str | None:
        """Return a kept text."""
        return await self.database.read(record.text_of, sha256, ticket_id=ticket_id)

    async def tickets(self, *, limit: int = 50) -> Sequence[str]:
        """Return ticket ids, the most recently touched first."""
        return await self.database.read(record.tickets, limit=limit)

    async def belongs(self, ticket_id: str, subject: str, *, at: datetime | None = None) -> None:
        """Note whose ticket it is; mostly it was noted before, and then nothing is written."""
        if not await self.database.read(record.is_noted, ticket_id, subject):
            await self.database.write(record.belongs, ticket_id, subject, at=at)

    async def tickets_of(self, subject: str) -> Sequence[str]:
        """Return the tickets noted as a person's, oldest first."""
        return await self.database.read(record.tickets_of, subject)

    async def links(self, *, after: int = 0) -> AsyncIterator[Link]:
        """Yield the log's links behind a position, a page at a time."""
        while page := await self.database.read(record.links, after=after):
            for link in page:
                yield link
            after = page[-1].id

    async def last(self) -> Link | None:
        """Return the newest link."""
        return await self.database.read(record.last)

    async def rows(self, ticket_id: str) -> Sequence[Row]:
        """Return every row of a ticket beside the log, as it is stored."""
        return await self.database.read(rows.rows, ticket_id)

    async def ticketed(self) -> Sequence[str]:
        """Return every ticket that a row beside the log names."""
        return await self.database.read(rows.ticketed)

    async def erase(self, ticket_id: str, *, by: str, reason: str, at: datetime) -> bool:
        """Make what is personal of a ticket unreadable for good."""
        erased = await self.database.write(erasure.erase, ticket_id, by=by, reason=reason, at=at)
        await erasure.scrub(self.database)
        return erased

    async def mint(self, decision: StoredDecision) -> None:
        """Store a new decision. Raises KeyError where there is one with its id."""
        await self.database.write(decisions.mint, decision)

    async def decision(self, decision_id: str) -> StoredDecision | None:
        """Return a decision; None too where it no longer says what was minted."""
        return await self.database.read(decisions.decision, decision_id)

    async def claim(self, effect: Effect, *, terms: Terms | None = None) -> Effect | Denied | None:
        """Claim an effect; say what stands in its way, or None where this call claimed it."""
        return await self.database.write(ledger.claim, effect, terms=terms)

    async def settle(self, key: str, *, state: EffectState, outcome: Document, at: datetime) -> Effect:
        """Write an outcome; return how the effect stands. Raises KeyError where nothing was claimed under the key."""
        return await self.database.write(ledger.settle, key, state=state, outcome=outcome, at=at)

    async def renew(self, seen: Effect, *, at: datetime, terms: Terms | None = None) -> Effect | Denied | None:
        """Note that a claimed effect is ordered once more; say what stands in its way."""
        return await self.database.write(ledger.renew, seen, at=at, terms=terms)

    async def fail(self, seen: Effect, *, outcome: Document, at: datetime) -> Effect:
        """Settle an effect as failed where it still stands as it was seen; return how it stands."""
        return await self.database.write(ledger.fail, seen, outcome=outcome, at=at)

    async def effect(self, key: str) -> Effect | None:
        """Return the effect under a key."""
        return await self.database.read(ledger.effect_of, key)

    async def effects(self, ticket_id: str) -> Sequence[Effect]:
        """Return the ticket's effects, oldest first."""
        return await self.database.read(ledger.effects, ticket_id)

    async def ledger(
        self, *, states: Sequence[EffectState] = (), before: datetime | None = None, limit: int = 50
    ) -> Sequence[Effect]:
        """Return effects of all tickets, newest first."""
        return await self.database.read(ledger.ledger, states=states, before=before, limit=limit)

    async def counters(
        self, player_id: str, *, brand: str, configurations: "Sequence[Configuration]", now: datetime
    ) -> Document:
        """Return the counters of these configurations for one player. Raises Unavailable where they cannot be read."""
        from tools.adapters.sql.grants import count_grants  # noqa: PLC0415  # the reason stands above

        try:
            return await self.database.read(
                count_grants, player_id, brand=brand, configurations=configurations, now=now
            )
        except (UnusableStore, Unavailable) as error:
            raise Unavailable("the grants so far cannot be read from our own store") from error

    async def ask(self, approval: Approval) -> Approval:
        """Put a request into the inbox; return the one that stands."""
        return await self.database.write(approvals.ask, approval)

    async def approval(self, approval_id: str) -> Approval | None:
        """Return a request."""
        return await self.database.read(approvals.approval, approval_id)

    async def approval_for(self, effect_key: str, about: About) -> Approval | None:
        """Return the request about an effect."""
        return await self.database.read(approvals.approval_for, effect_key, about)

    async def approvals(
        self, *, states: Sequence[ApprovalState] = (), ticket_id: str | None = None, limit: int = 50
    ) -> Sequence[Approval]:
        """Return requests, newest first."""
        return await self.database.read(approvals.approvals, states=states, ticket_id=ticket_id, limit=limit)

    async def vote(self, approval_id: str, vote: Vote) -> Approval | Denied:
        """Add a vote, and return the request with it."""
        return await self.database.write(approvals.vote, approval_id, vote)

    async def withdraw(self, approval_id: str, *, at: datetime, why: str) -> None:
        """Close an open request that has nothing left to decide."""
        await self.database.write(approvals.withdraw, approval_id, at=at, why=why)

    async def hold(self, ticket_id: str, *, holder: str, now: datetime, until: datetime) -> bool:
        """Take or prolong the lease on a ticket."""
        return await self.database.write(leases.hold, ticket_id, holder=holder, now=now, until=until)

    async def release(self, ticket_id: str, *, holder: str) -> None:
        """Give the lease back."""
        await self.database.write(leases.release, ticket_id, holder=holder)

    async def take(self, subjects: Sequence[str], *, limit: int, since: datetime, at: datetime) -> bool:
        """Count one more attempt for each subject unless one of them has reached the limit."""
        return await self.database.write(attempts.take, subjects, limit=limit, since=since, at=at)

    async def give_back(self, subjects: Sequence[str], *, at: datetime) -> None:
        """Take back one attempt of each subject."""
        await self.database.write(attempts.give_back, subjects, at=at)

    async def transfer(self, handoff: Handoff, *, key: str) -> str:
        """Put a ticket into the inbox once per key."""
        return await self.database.write(inbox.transfer, handoff, key=key)

    async def handoffs(self, ticket_id: str) -> Sequence[Document]:
        """Return the hand-overs of a ticket, oldest first."""
        return await self.database.read(inbox.handoffs, ticket_id)


def open_stores(address: str) -> SqlStores:
    """Open the stores at `sqlite:///FILE` or `postgresql://…`; `create` makes the tables or says what is wrong.

    Raises UnusableStore for another address.
    """
    return SqlStores(open_database(address))


def open_stores_to_read(address: str) -> SqlStores:
    """Open the stores so that the database itself refuses every write; `is_made` says whether they can be read.

    Raises UnusableStore for another address, and FileNotFoundError for a SQLite file that is not there.
    """
    return SqlStores(open_to_read(address))
