"""Decisions, attempts, the inbox and leases: one contract for every store."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.contracts.kept import MINUTE, NOON, Stores, a_decision, a_handoff, chain, told
from tools.on_record import digest_of


async def test_a_decision_comes_back_as_it_was_minted_and_is_minted_once(stores: Stores) -> None:
    await stores.mint(a_decision())
    assert await stores.decision("D-1") == a_decision()
    assert await stores.decision("D-2") is None
    with pytest.raises(KeyError):
        await stores.mint(replace(a_decision(), player_id="P2"))
    assert await stores.decision("D-1") == a_decision()


async def test_a_minted_decision_is_on_the_record_with_its_digest(stores: Stores) -> None:
    await stores.mint(a_decision())
    assert await told(stores) == [
        (
            "decision_minted",
            {
                "decision_id": "D-1",
                "player_id": "P1",
                "brand": "b",
                "status": "qualified",
                "configuration": "vip",
                "configuration_hash": "abc",
                "tier": "top",
                "digest": digest_of(a_decision()),
            },
        )
    ]
    await chain(stores.links())


async def test_attempts_are_counted_per_subject_and_forgotten_with_time(stores: Stores) -> None:
    later = NOON + timedelta(hours=1)
    assert await stores.take([], limit=1, since=NOON, at=NOON)
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
    first = await stores.transfer(a_handoff(), key="transfer:t1")
    assert await stores.transfer(a_handoff(asked="again"), key="transfer:t1") == first
    assert await stores.transfer(a_handoff("t2"), key="transfer:t2") != first
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


async def test_a_lease_is_one_holder_s_until_it_runs_out_or_is_given_back(stores: Stores) -> None:
    ends = NOON + MINUTE
    assert await stores.hold("t1", holder="a", now=NOON, until=ends)
    assert not await stores.hold("t1", holder="b", now=NOON, until=ends)
    assert await stores.hold("t2", holder="b", now=NOON, until=ends)
    assert await stores.hold("t1", holder="a", now=NOON, until=ends + MINUTE)
    assert not await stores.hold("t1", holder="b", now=ends, until=ends + MINUTE)
    assert await stores.hold("t1", holder="b", now=ends + MINUTE, until=ends + 2 * MINUTE)
    await stores.release("t1", holder="a")
    assert not await stores.hold("t1", holder="a", now=ends + MINUTE, until=ends + 3 * MINUTE)
    await stores.release("t1", holder="b")
    assert await stores.hold("t1", holder="a", now=ends + MINUTE, until=ends + 3 * MINUTE)


async def test_of_many_who_want_a_lease_at_once_one_gets_it(stores: Stores) -> None:
    wanted = [stores.hold("t1", holder=f"p{number}", now=NOON, until=NOON + MINUTE) for number in range(12)]
    assert [*await asyncio.gather(*wanted)].count(True) == 1
