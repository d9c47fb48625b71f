"""Our own stores, twice: in memory and over SQL. Every contract runs on both."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from tools.adapters.memory_stores import MemoryStores
from tools.adapters.sql_stores import SqlStores
from tools.adapters.sql_tables import open_engine
from tools.ports import Effect, EffectState, Handoff, StoredDecision

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
Stores = MemoryStores | SqlStores


@pytest.fixture(params=["memory", "sql"])
async def stores(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncGenerator[Stores]:
    if request.param == "memory":
        yield MemoryStores()
        return
    opened = SqlStores(open_engine(f"sqlite+aiosqlite:///{tmp_path / 'store.sqlite'}"))
    await opened.create()
    yield opened
    await opened.close()


def effect(key: str = "issue:D-1", *, business_key: str = "grant:P1:vip:2026-11-20", at: datetime = NOON) -> Effect:
    return Effect(
        key=key,
        business_key=business_key,
        ticket_id="t1",
        tool="issue_bonus",
        intent={"decision_id": "D-1", "amount": Decimal("20.50")},
        state=EffectState.PENDING,
        outcome={},
        at=at,
    )


def decision() -> StoredDecision:
    return StoredDecision(
        decision_id="D-1",
        ticket_id="t1",
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


async def test_entries_are_numbered_in_the_order_in_which_they_came(stores: Stores) -> None:
    first = await stores.append("t1", "player_message", {"text": "Grüße", "n": Decimal("1.10")}, at=NOON)
    await stores.append("t2", "player_message", {"text": "other"}, at=NOON)
    second = await stores.append("t1", "agent_message", {"text": "hi"}, at=NOON)
    assert [*await stores.entries("t1")] == [first, second]
    assert first is not None
    assert (first.seq, first.body) == (1, {"text": "Grüße", "n": Decimal("1.10")})
    assert [entry.seq for entry in await stores.entries("t1", kinds=("agent_message",))] == [2]
    assert await stores.tickets() == ["t1", "t2"]


async def test_what_is_marked_once_is_kept_once_per_ticket(stores: Stores) -> None:
    assert await stores.append("t1", "k", {}, at=NOON, once="message:1") is not None
    assert await stores.append("t1", "k", {}, at=NOON, once="message:1") is None
    assert await stores.append("t2", "k", {}, at=NOON, once="message:1") is not None


async def test_appends_at_the_same_moment_lose_nothing(stores: Stores) -> None:
    await asyncio.gather(*(stores.append("t1", "k", {"n": number}, at=NOON) for number in range(20)))
    assert [entry.seq for entry in await stores.entries("t1")] == list(range(1, 21))


async def test_a_text_is_kept_under_its_hash(stores: Stores) -> None:
    sha256 = await stores.keep("a prompt")
    assert sha256 == await stores.keep("a prompt")
    assert await stores.text(sha256) == "a prompt"
    assert await stores.text("0" * 64) is None


async def test_a_decision_comes_back_as_it_was_minted_and_is_minted_once(stores: Stores) -> None:
    await stores.mint(decision())
    assert await stores.decision("D-1") == decision()
    assert await stores.decision("D-2") is None
    with pytest.raises((KeyError, IntegrityError)):
        await stores.mint(decision())


async def test_an_effect_is_claimed_once_by_key(stores: Stores) -> None:
    assert await stores.claim(effect()) is None
    assert await stores.claim(effect()) == effect()
    await stores.settle("issue:D-1", state=EffectState.DONE, outcome={"grantId": "B1"}, at=NOON)
    done = replace(effect(), state=EffectState.DONE, outcome={"grantId": "B1"})
    assert await stores.claim(effect()) == done
    assert [*await stores.effects("t1")] == [done]


async def test_an_effect_is_claimed_once_by_business_key_while_the_first_may_have_happened(stores: Stores) -> None:
    assert await stores.claim(effect()) is None
    for state in (EffectState.PENDING, EffectState.UNKNOWN, EffectState.DONE):
        await stores.settle("issue:D-1", state=state, outcome={}, at=NOON)
        assert await stores.claim(effect("issue:D-2")) == replace(effect(), state=state)
    await stores.settle("issue:D-1", state=EffectState.FAILED, outcome={}, at=NOON)
    assert await stores.claim(effect("issue:D-2")) is None


async def test_a_failed_effect_changed_nothing_and_may_be_claimed_again(stores: Stores) -> None:
    await stores.claim(effect())
    await stores.settle("issue:D-1", state=EffectState.FAILED, outcome={"code": "x"}, at=NOON)
    assert await stores.claim(effect()) is None
    assert (await stores.effects("t1"))[0].state is EffectState.PENDING


async def test_of_many_claims_at_once_exactly_one_is_made(stores: Stores) -> None:
    claims = [stores.claim(effect(f"issue:D-{number}")) for number in range(16)]
    assert [*await asyncio.gather(*claims)].count(None) == 1


async def test_attempts_are_counted_per_subject_and_forgotten_with_time(stores: Stores) -> None:
    later = NOON + timedelta(hours=1)
    assert await stores.take(["ticket:t1", "email:x"], limit=2, since=NOON, at=NOON)
    assert await stores.take(["ticket:t2", "email:x"], limit=2, since=NOON, at=later)
    assert not await stores.take(["ticket:t3", "email:x"], limit=2, since=NOON, at=later)
    assert await stores.take(["ticket:t3"], limit=1, since=NOON, at=later)
    assert await stores.take(["email:x"], limit=2, since=later, at=later)


async def test_an_attempt_that_was_no_failure_is_given_back_once(stores: Stores) -> None:
    for _ in range(2):
        assert await stores.take(["email:x"], limit=2, since=NOON, at=NOON)
    await stores.give_back(["email:x"], at=NOON)
    assert await stores.take(["email:x"], limit=2, since=NOON, at=NOON)
    assert not await stores.take(["email:x"], limit=2, since=NOON, at=NOON)


async def test_of_many_attempts_at_once_no_more_than_the_limit_are_taken(stores: Stores) -> None:
    taken = [stores.take([f"ticket:{number}", "email:x"], limit=3, since=NOON, at=NOON) for number in range(15)]
    assert [*await asyncio.gather(*taken)].count(True) == 3


async def test_a_ticket_is_put_into_the_inbox_once_per_key(stores: Stores) -> None:
    note = Handoff(
        ticket_id="t1",
        brand="b",
        reason_code="procedure",
        asked="a",
        tried=("x: ok",),
        why="w",
        gathered={"k": {"v": 1}},
    )
    assert await stores.transfer(note, key="transfer:t1") == await stores.transfer(note, key="transfer:t1")
    assert [*await stores.handoffs("t1")] == [
        {
            "ticket_id": "t1",
            "brand": "b",
            "reason_code": "procedure",
            "asked": "a",
            "tried": ["x: ok"],
            "why": "w",
            "gathered": {"k": {"v": 1}},
        }
    ]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE record SET body = '{}'",
        "DELETE FROM record",
        "INSERT OR REPLACE INTO record SELECT id, ticket_id, seq, kind, at, '{}', once FROM record",
    ],
)
async def test_the_record_cannot_be_changed(tmp_path: Path, statement: str) -> None:
    stores = SqlStores(open_engine(f"sqlite+aiosqlite:///{tmp_path / 'store.sqlite'}"))
    await stores.create()
    await stores.append("t1", "k", {"n": 1}, at=NOON)
    with pytest.raises(IntegrityError, match="append-only"):
        async with stores.engine.begin() as connection:
            await connection.execute(text(statement))
    assert (await stores.entries("t1"))[0].body == {"n": 1}
    await stores.close()
