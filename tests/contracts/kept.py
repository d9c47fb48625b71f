"""What the contract tests put into the stores, and how they open them."""

from collections.abc import AsyncGenerator, AsyncIterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Literal

from sqlalchemy import text

from casino.bonus.configuration import Configuration, parse_configuration
from casino.document import load_yaml
from casino.values import Document, Value
from tools.adapters.memory_stores import MemoryStores
from tools.adapters.sql.stores import SqlStores, open_stores
from tools.approvals import About, Approval, Vote
from tools.audit.chain import FIRST, digest, read_line
from tools.ledger import Denied, Effect, EffectState
from tools.ports import Handoff, StoredDecision
from tools.record import Kind, Link

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
Stores = MemoryStores | SqlStores


@asynccontextmanager
async def opened(address: str) -> AsyncGenerator[SqlStores]:
    stores = open_stores(address)
    try:
        await stores.create()
        yield stores
    finally:
        await stores.close()


def a_grant(  # noqa: PLR0913  # a grant has so many sides, and a test names the one that it is about
    key: str = "issue:D-1",
    *,
    business_key: str = "grant:P1:vip:2026-11-20",
    ticket_id: str = "t1",
    player_id: str = "P1",
    at: datetime = NOON,
    decision_id: str | None = None,
    state: EffectState = EffectState.PENDING,
) -> Effect:
    cash: dict[str, Value] = {"rewardType": "cash", "amount": Decimal("20.50"), "amountType": "cash"}
    return Effect(
        key=key,
        business_key=business_key,
        ticket_id=ticket_id,
        tool="issue_bonus",
        intent={"player_id": player_id, "brand": "b", "reward": cash, "currency": "EUR", "reason": "vip/top"},
        state=state,
        outcome={},
        at=at,
        decision_id=decision_id,
    )


def a_message(key: str = "send:1", *, text: str = "please call Ada") -> Effect:
    """Return an effect that is no grant."""
    intent: Document = {"topic": "vip", "body": {"text": text}}
    return replace(a_grant(key, business_key=key), tool="send_external_message", intent=intent)


def a_decision(decision_id: str = "D-1", *, ticket_id: str = "t1") -> StoredDecision:
    return StoredDecision(
        decision_id=decision_id,
        ticket_id=ticket_id,
        player_id="P1",
        brand="b",
        status="qualified",
        configuration="vip",
        configuration_hash="abc",
        tier="top",
        reward={"rewardType": "cash", "amount": Decimal("20.50")},
        record={"values": {"player.ngr": Decimal("0.1")}},
        decided_at=NOON,
        expires_at=NOON + timedelta(minutes=15),
    )


def an_approval(
    approval_id: str = "A-1", *, about: About = About.EFFECT, needed: int = 1, effect: Effect | None = None
) -> Approval:
    asked_about = a_grant() if effect is None else effect
    return Approval(
        approval_id=approval_id,
        about=about,
        effect_key=asked_about.key,
        ticket_id=asked_about.ticket_id,
        tool=asked_about.tool,
        policy="large cash",
        needed=needed,
        requester="croupier",
        intent={"key": asked_about.key, "body": dict(asked_about.intent)},
        asked_at=NOON,
        expires_at=NOON + timedelta(hours=24),
    )


def a_vote(
    approver: str = "anna", verdict: Literal["approve", "deny"] = "approve", *, at: datetime = NOON + MINUTE
) -> Vote:
    return Vote(approver=approver, verdict=verdict, reason="looks right", at=at)


def a_handoff(ticket_id: str = "t1", *, asked: str = "a") -> Handoff:
    return Handoff(
        ticket_id=ticket_id,
        brand="b",
        reason_code="procedure",
        asked=asked,
        tried=("x: ok",),
        why="w",
        gathered={"k": {"v": 1}},
    )


@dataclass(frozen=True, slots=True)
class UpTo:
    """Terms that a campaign may grant so many times."""

    most: int
    player_id: str = "P1"
    brand: str = "b"

    @property
    def configuration(self) -> Configuration:
        return parse_configuration(
            load_yaml("{id: vip, name: n, priority: 1, limits: {campaign: {count: 1000}}}", name="f.yaml")
        )

    def broken(self, counters: Document) -> Denied | None:
        counted = counters["vip"]
        assert isinstance(counted, Mapping)
        granted = counted["campaign_grants"]
        assert isinstance(granted, int)
        return Denied("campaign_over", f"{granted} of {self.most}") if granted >= self.most else None


async def told(stores: Stores, ticket_id: str = "t1") -> list[tuple[str, Document]]:
    """Return kind and body of a ticket's entries."""
    return [(entry.kind, entry.body) for entry in await stores.entries(ticket_id)]


async def kinds(stores: Stores, ticket_id: str = "t1") -> list[str]:
    return [entry.kind for entry in await stores.entries(ticket_id)]


async def chain(links: AsyncIterable[Link]) -> list[Link]:
    """Return the links of a log that holds, every hash computed anew."""
    found = [link async for link in links]
    assert [link.id for link in found] == list(range(1, len(found) + 1))
    assert [link.hash for link in found] == [digest(link.line) for link in found]
    lines = [read_line(link.line) for link in found]
    assert [line.previous for line in lines] == [FIRST, *(link.hash for link in found)][: len(found)]
    last: dict[str, int] = {}
    for line in lines:
        assert line.seq == last.get(line.ticket, 0) + 1
        last[line.ticket] = line.seq
    assert all(before.id < after.id for before, after in pairwise(lines))
    return found


async def ticket(stores: SqlStores) -> None:
    """Keep a ticket with a decision, its grant and a vote about it."""
    await stores.append("t1", Kind.PLAYER_MESSAGE, {"n": 1}, at=NOON)
    await stores.mint(a_decision())
    await stores.claim(a_grant(decision_id="D-1"))
    await stores.ask(an_approval(needed=2))
    await stores.vote("A-1", a_vote())


def run(stores: SqlStores, *statements: str) -> None:
    """Execute statements on the tables by hand, all or none."""
    with stores.engine.begin() as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN")
        for statement in statements:
            connection.execute(text(statement))


def unguard(stores: SqlStores) -> None:
    """Take the triggers on effects away, as only who owns the tables can."""
    if stores.engine.dialect.name == "sqlite":
        run(stores, "DROP TRIGGER effects_no_delete", "DROP TRIGGER effects_move_on")
    else:
        run(stores, "DROP FUNCTION effects_no_delete CASCADE", "DROP FUNCTION effects_move_on CASCADE")
