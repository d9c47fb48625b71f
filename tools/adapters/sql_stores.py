"""Our own stores over SQL: the record, decisions, effects, attempts and the humans' inbox."""

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import RowMapping, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine

from casino.document import dump_json, load_json
from casino.values import Document, Value
from tools.adapters.sql_tables import ATTEMPTS, DECISIONS, EFFECTS, HANDOFFS, INDEXES, METADATA, RECORD, TEXTS
from tools.ports import Effect, EffectState, Entry, Handoff, StoredDecision

if TYPE_CHECKING:  # a program without bonuses keeps its tickets here too, and imports nothing of them
    from casino.bonus.configuration import Configuration


def read_document(text: str) -> Document:
    """Return the JSON object that a column holds."""
    value: Value = load_json(text, name="store").value
    if not isinstance(value, dict):
        raise TypeError("a stored document is not an object")
    return value


@dataclass(frozen=True, slots=True)
class SqlStores:
    """All stores of one database. Each method is one transaction."""

    engine: AsyncEngine

    async def create(self) -> None:
        """Make the tables that are not there yet."""
        async with self.engine.begin() as connection:
            await connection.run_sync(METADATA.create_all)
            for index in INDEXES:
                await connection.execute(index)

    async def close(self) -> None:
        """Give the connections back."""
        await self.engine.dispose()

    async def append(
        self, ticket_id: str, kind: str, body: Document, *, at: datetime, once: str | None = None
    ) -> Entry | None:
        """Add one entry to the record."""
        async with self.engine.begin() as connection:
            mine = RECORD.c.ticket_id == ticket_id
            if once is not None and await connection.scalar(select(RECORD.c.seq).where(mine, RECORD.c.once == once)):
                return None
            last = await connection.scalar(select(func.max(RECORD.c.seq)).where(mine))
            entry = Entry(ticket_id=ticket_id, seq=(last or 0) + 1, kind=kind, at=at, body=body)
            row = {**asdict(entry), "at": at.isoformat(), "body": dump_json(body), "once": once}
            await connection.execute(insert(RECORD).values(row))
            return entry

    async def entries(self, ticket_id: str, *, kinds: Sequence[str] = ()) -> Sequence[Entry]:
        """Return a ticket's entries in order."""
        wanted = select(RECORD).where(RECORD.c.ticket_id == ticket_id).order_by(RECORD.c.seq)
        if kinds:
            wanted = wanted.where(RECORD.c.kind.in_(kinds))
        async with self.engine.connect() as connection:
            return [_entry(row) for row in (await connection.execute(wanted)).mappings()]

    async def keep(self, text: str) -> str:
        """Store a text once under its hash."""
        sha256 = hashlib.sha256(text.encode()).hexdigest()
        async with self.engine.begin() as connection:
            if await connection.scalar(select(TEXTS.c.sha256).where(TEXTS.c.sha256 == sha256)) is None:
                await connection.execute(insert(TEXTS).values(sha256=sha256, text=text))
        return sha256

    async def text(self, sha256: str) -> str | None:
        """Return a kept text."""
        async with self.engine.connect() as connection:
            found: str | None = await connection.scalar(select(TEXTS.c.text).where(TEXTS.c.sha256 == sha256))
            return found

    async def tickets(self, *, limit: int = 50) -> Sequence[str]:
        """Return ticket ids, the most recently touched first."""
        newest = func.max(RECORD.c.id)
        wanted = select(RECORD.c.ticket_id).group_by(RECORD.c.ticket_id).order_by(newest.desc()).limit(limit)
        async with self.engine.connect() as connection:
            return [str(one) for one in await connection.scalars(wanted)]

    async def mint(self, decision: StoredDecision) -> None:
        """Store a new decision."""
        row = {
            **asdict(decision),
            "reward": None if decision.reward is None else dump_json(decision.reward),
            "record": dump_json(decision.record),
            "decided_at": decision.decided_at.isoformat(),
            "expires_at": decision.expires_at.isoformat(),
        }
        async with self.engine.begin() as connection:
            await connection.execute(insert(DECISIONS).values(row))

    async def decision(self, decision_id: str) -> StoredDecision | None:
        """Return a decision."""
        wanted = select(DECISIONS).where(DECISIONS.c.decision_id == decision_id)
        async with self.engine.connect() as connection:
            row = (await connection.execute(wanted)).mappings().one_or_none()
        return None if row is None else _decision(row)

    async def claim(self, effect: Effect) -> Effect | None:
        """Claim an effect; a failed one, which changed nothing, may be claimed again."""
        row = {**asdict(effect), "at": effect.at.isoformat(), **_json(effect)}
        try:
            async with self.engine.begin() as connection:
                same = select(EFFECTS).where(EFFECTS.c.key == effect.key)
                standing = (await connection.execute(same)).mappings().one_or_none()
                if standing is not None and standing["state"] != EffectState.FAILED:
                    return _effect(standing)
                if standing is None:
                    await connection.execute(insert(EFFECTS).values(row))
                else:
                    await connection.execute(update(EFFECTS).where(EFFECTS.c.key == effect.key).values(row))
        except IntegrityError:
            return await self._rival(effect)
        return None

    async def _rival(self, effect: Effect) -> Effect:
        """Return the live effect that holds the same business key."""
        alive = (EFFECTS.c.business_key == effect.business_key, EFFECTS.c.state != EffectState.FAILED)
        async with self.engine.connect() as connection:
            return _effect((await connection.execute(select(EFFECTS).where(*alive))).mappings().one())

    async def settle(self, key: str, *, state: EffectState, outcome: Document, at: datetime) -> None:
        """Write the outcome of a claimed effect."""
        values = {"state": state.value, "outcome": dump_json(outcome), "at": at.isoformat()}
        async with self.engine.begin() as connection:
            await connection.execute(update(EFFECTS).where(EFFECTS.c.key == key).values(values))

    async def effects(self, ticket_id: str) -> Sequence[Effect]:
        """Return the ticket's effects, oldest first."""
        wanted = select(EFFECTS).where(EFFECTS.c.ticket_id == ticket_id).order_by(EFFECTS.c.at, EFFECTS.c.key)
        async with self.engine.connect() as connection:
            return [_effect(row) for row in (await connection.execute(wanted)).mappings()]

    async def counters(
        self, player_id: str, *, brand: str, configurations: "Sequence[Configuration]", now: datetime
    ) -> Document:
        """Return the counters of these configurations for one player."""
        from tools.adapters.sql_grants import count_grants  # noqa: PLC0415  # the reason stands above

        return await count_grants(self.engine, player_id, brand=brand, configurations=configurations, now=now)

    async def take(self, subjects: Sequence[str], *, limit: int, since: datetime, at: datetime) -> bool:
        """Count one more attempt for each subject unless one of them has reached the limit."""
        async with self.engine.begin() as connection:
            for subject in subjects:
                recent = (ATTEMPTS.c.subject == subject, ATTEMPTS.c.at >= since.isoformat())
                count = await connection.scalar(select(func.count()).select_from(ATTEMPTS).where(*recent))
                if (count or 0) >= limit:
                    return False
            await connection.execute(insert(ATTEMPTS), [{"subject": one, "at": at.isoformat()} for one in subjects])
            return True

    async def give_back(self, subjects: Sequence[str], *, at: datetime) -> None:
        """Take back one attempt of each subject."""
        async with self.engine.begin() as connection:
            for subject in subjects:
                same = (ATTEMPTS.c.subject == subject, ATTEMPTS.c.at == at.isoformat())
                newest = select(func.max(ATTEMPTS.c.id)).where(*same).scalar_subquery()
                await connection.execute(delete(ATTEMPTS).where(ATTEMPTS.c.id == newest))

    async def transfer(self, handoff: Handoff, *, key: str) -> str:
        """Put a ticket into the inbox once per key."""
        async with self.engine.begin() as connection:
            known = await connection.scalar(select(HANDOFFS.c.handoff_id).where(HANDOFFS.c.key == key))
            if known is not None:
                return str(known)
            handoff_id = f"H-{hashlib.sha256(key.encode()).hexdigest()[:10]}"
            body = dump_json({**asdict(handoff), "tried": list(handoff.tried)})
            row = {"handoff_id": handoff_id, "key": key, "ticket_id": handoff.ticket_id, "body": body}
            await connection.execute(insert(HANDOFFS).values(row))
            return handoff_id

    async def handoffs(self, ticket_id: str) -> Sequence[Document]:
        """Return the hand-overs of a ticket."""
        wanted = select(HANDOFFS.c.body).where(HANDOFFS.c.ticket_id == ticket_id)
        async with self.engine.connect() as connection:
            return [read_document(body) for body in await connection.scalars(wanted)]


def _json(effect: Effect) -> dict[str, str]:
    return {"intent": dump_json(effect.intent), "outcome": dump_json(effect.outcome), "state": effect.state.value}


def _entry(row: RowMapping) -> Entry:
    return Entry(
        ticket_id=row["ticket_id"],
        seq=row["seq"],
        kind=row["kind"],
        at=datetime.fromisoformat(row["at"]),
        body=read_document(row["body"]),
    )


def _decision(row: RowMapping) -> StoredDecision:
    plain = {name: row[name] for name in row if name not in {"reward", "record", "decided_at", "expires_at"}}
    return StoredDecision(
        **plain,
        reward=None if row["reward"] is None else read_document(row["reward"]),
        record=read_document(row["record"]),
        decided_at=datetime.fromisoformat(row["decided_at"]),
        expires_at=datetime.fromisoformat(row["expires_at"]),
    )


def _effect(row: RowMapping) -> Effect:
    return Effect(
        key=row["key"],
        business_key=row["business_key"],
        ticket_id=row["ticket_id"],
        tool=row["tool"],
        intent=read_document(row["intent"]),
        state=EffectState(row["state"]),
        outcome=read_document(row["outcome"]),
        at=datetime.fromisoformat(row["at"]),
    )
