"""The ledger: one contract for every store."""

import asyncio
from dataclasses import replace

import pytest

from casino.values import Document
from tests.contracts.kept import (
    MINUTE,
    NOON,
    Stores,
    UpTo,
    a_decision,
    a_grant,
    a_message,
    chain,
    kinds,
    told,
)
from tools.ledger import Denied, Effect, EffectState

SPENT = Denied("decision_spent", "this decision was carried out before, and counts once")


async def settled(stores: Stores, key: str, state: EffectState, outcome: Document | None = None) -> None:
    await stores.settle(key, state=state, outcome=outcome or {}, at=NOON + MINUTE)


async def test_an_effect_is_claimed_once_by_key(stores: Stores) -> None:
    assert await stores.claim(a_grant()) is None
    assert await stores.claim(a_grant()) == a_grant()
    await settled(stores, "issue:D-1", EffectState.DONE, {"grantId": "B1"})
    done = replace(a_grant(), state=EffectState.DONE, outcome={"grantId": "B1"}, at=NOON + MINUTE)
    assert await stores.claim(a_grant()) == done
    assert await stores.effect("issue:D-1") == done
    assert [*await stores.effects("t1")] == [done]
    assert await stores.effect("issue:D-2") is None


async def test_an_effect_that_is_no_grant_comes_back_as_it_was(stores: Stores) -> None:
    assert await stores.claim(a_message()) is None
    await settled(stores, "send:1", EffectState.DONE, {"messageId": "m1"})
    assert await stores.effect("send:1") == replace(
        a_message(), state=EffectState.DONE, outcome={"messageId": "m1"}, at=NOON + MINUTE
    )


@pytest.mark.parametrize("state", [EffectState.PENDING, EffectState.UNKNOWN, EffectState.DONE])
async def test_a_business_key_is_held_while_the_first_may_have_happened(stores: Stores, state: EffectState) -> None:
    assert await stores.claim(a_grant()) is None
    await settled(stores, "issue:D-1", state)
    rival = await stores.claim(a_grant("issue:D-2"))
    assert isinstance(rival, Effect)
    assert (rival.key, rival.state) == ("issue:D-1", state)
    assert await stores.effect("issue:D-2") is None


@pytest.mark.parametrize("state", [EffectState.FAILED, EffectState.SHADOWED])
async def test_what_changed_nothing_holds_no_key_and_may_be_claimed_again(stores: Stores, state: EffectState) -> None:
    first = replace(a_grant(), state=EffectState.SHADOWED if state is EffectState.SHADOWED else EffectState.PENDING)
    assert await stores.claim(first) is None
    if state is EffectState.FAILED:
        await settled(stores, "issue:D-1", state, {"code": "x"})
    assert await stores.claim(a_grant("issue:D-2")) is None
    await settled(stores, "issue:D-2", EffectState.FAILED)
    assert await stores.claim(a_grant(at=NOON + MINUTE)) is None
    assert await stores.effect("issue:D-1") == a_grant(at=NOON + MINUTE)


async def test_an_outcome_for_good_is_kept(stores: Stores) -> None:
    await stores.claim(a_grant())
    await settled(stores, "issue:D-1", EffectState.DONE, {"grantId": "B1"})
    before = await stores.effect("issue:D-1"), await told(stores)
    for state in (EffectState.FAILED, EffectState.UNKNOWN, EffectState.DONE):
        await settled(stores, "issue:D-1", state, {"grantId": "other"})
    assert (await stores.effect("issue:D-1"), await told(stores)) == before


async def test_what_was_never_claimed_cannot_be_settled(stores: Stores) -> None:
    with pytest.raises(KeyError):
        await settled(stores, "issue:D-1", EffectState.DONE)


@pytest.mark.parametrize("is_minted", [True, False])
async def test_a_decision_is_spent_on_one_key_even_where_that_failed(stores: Stores, *, is_minted: bool) -> None:
    if is_minted:
        await stores.mint(a_decision())
    assert await stores.claim(a_grant(decision_id="D-1")) is None
    assert await stores.claim(a_grant("issue:other", business_key="other", decision_id="D-1")) == SPENT
    await settled(stores, "issue:D-1", EffectState.FAILED)
    assert await stores.claim(a_grant("issue:other", business_key="other", decision_id="D-1")) == SPENT
    assert await stores.claim(a_grant(decision_id="D-1")) is None
    assert [effect.key for effect in await stores.effects("t1")] == ["issue:D-1"]


async def test_a_shadow_spends_no_decision(stores: Stores) -> None:
    await stores.mint(a_decision())
    shadow = a_grant("shadow:D-1", decision_id="D-1", state=EffectState.SHADOWED)
    assert await stores.claim(shadow) is None
    assert await stores.effect("shadow:D-1") == shadow
    assert await stores.claim(a_grant(decision_id="D-1")) is None


async def test_terms_are_weighed_with_the_claim(stores: Stores) -> None:
    assert await stores.claim(a_grant("1", business_key="1"), terms=UpTo(2)) is None
    assert await stores.claim(a_grant("2", business_key="2"), terms=UpTo(2)) is None
    denied = await stores.claim(a_grant("3", business_key="3"), terms=UpTo(2))
    assert denied == Denied("campaign_over", "2 of 2")
    assert await stores.effect("3") is None
    await settled(stores, "1", EffectState.FAILED)
    assert await stores.claim(a_grant("3", business_key="3"), terms=UpTo(2)) is None


async def test_of_many_claims_of_one_key_at_once_exactly_one_is_made(stores: Stores) -> None:
    claims = [stores.claim(a_grant()) for _ in range(16)]
    assert [*await asyncio.gather(*claims)].count(None) == 1
    assert await kinds(stores) == ["effect_claimed"]


async def test_of_many_claims_of_one_business_key_at_once_exactly_one_is_made(stores: Stores) -> None:
    claims = [stores.claim(a_grant(f"issue:D-{number}")) for number in range(16)]
    assert [*await asyncio.gather(*claims)].count(None) == 1
    assert len(await stores.effects("t1")) == 1


async def test_many_claims_at_once_never_exceed_a_limit(stores: Stores) -> None:
    claims = [
        stores.claim(a_grant(f"k{number}", business_key=f"b{number}", ticket_id=f"t{number}"), terms=UpTo(5))
        for number in range(16)
    ]
    assert [*await asyncio.gather(*claims)].count(None) == 5
    assert len(await stores.ledger()) == 5


async def test_every_change_is_on_the_record(stores: Stores) -> None:
    effect = replace(a_grant(decision_id="D-1"), approval_id="A-1")
    await stores.claim(effect)
    await settled(stores, "issue:D-1", EffectState.UNKNOWN)
    await settled(stores, "issue:D-1", EffectState.UNKNOWN)  # nothing new
    await settled(stores, "issue:D-1", EffectState.DONE, {"grantId": "B1"})
    await stores.claim(a_grant("shadow", business_key="other", state=EffectState.SHADOWED))
    names: Document = {
        "key": "issue:D-1",
        "business_key": "grant:P1:vip:2026-11-20",
        "tool": "issue_bonus",
        "state": "pending",
        "decision_id": "D-1",
        "approval_id": "A-1",
        "intent": dict(effect.intent),
    }
    shadow = {"key": "shadow", "business_key": "other", "state": "shadowed", "decision_id": None, "approval_id": None}
    assert await told(stores) == [
        ("effect_claimed", names),
        ("effect_settled", {"key": "issue:D-1", "state": "unknown", "outcome": {}}),
        ("effect_settled", {"key": "issue:D-1", "state": "done", "outcome": {"grantId": "B1"}}),
        ("effect_shadowed", {**names, **shadow}),
    ]
    await chain(stores.links())


async def test_the_ledger_is_read_newest_first_by_state_and_age(stores: Stores) -> None:
    for number in range(4):
        await stores.claim(a_grant(f"k{number}", business_key=f"b{number}", at=NOON + number * MINUTE))
    await stores.settle("k0", state=EffectState.UNKNOWN, outcome={}, at=NOON + 9 * MINUTE)
    assert [one.key for one in await stores.ledger()] == ["k0", "k3", "k2", "k1"]
    assert [one.key for one in await stores.ledger(limit=2)] == ["k0", "k3"]
    pending = (EffectState.PENDING,)
    assert [one.key for one in await stores.ledger(states=pending, before=NOON + 2 * MINUTE)] == ["k1"]
    assert [one.key for one in await stores.effects("t1")] == ["k0", "k1", "k2", "k3"]


# A second order, and what is settled only as it was seen.


async def seen(stores: Stores, key: str = "issue:D-1") -> Effect:
    found = await stores.effect(key)
    assert found is not None
    return found


async def test_a_second_order_is_noted_with_its_time(stores: Stores) -> None:
    await stores.claim(a_grant())
    await settled(stores, "issue:D-1", EffectState.UNKNOWN, {"code": "x"})
    later = NOON + 9 * MINUTE
    assert await stores.renew(await seen(stores), at=later) is None
    assert await seen(stores) == a_grant(at=later)
    assert (await told(stores))[-1] == ("effect_settled", {"key": "issue:D-1", "state": "pending", "outcome": {}})


@pytest.mark.parametrize("state", [EffectState.UNKNOWN, EffectState.DONE, EffectState.FAILED])
async def test_what_was_settled_since_it_was_seen_is_neither_ordered_again_nor_failed(
    stores: Stores, state: EffectState
) -> None:
    await stores.claim(a_grant())
    old = await seen(stores)
    await settled(stores, "issue:D-1", state, {"code": "x"})
    before = await seen(stores), await told(stores)
    assert await stores.renew(old, at=NOON + 9 * MINUTE) == before[0]
    assert await stores.fail(old, outcome={"code": "absent"}, at=NOON + 9 * MINUTE) == before[0]
    assert (await seen(stores), await told(stores)) == before


async def test_what_was_ordered_again_since_it_was_seen_is_not_failed(stores: Stores) -> None:
    await stores.claim(a_grant())
    old = await seen(stores)
    await stores.renew(old, at=NOON + MINUTE)
    assert await stores.fail(old, outcome={"code": "absent"}, at=NOON + MINUTE) == a_grant(at=NOON + MINUTE)
    assert await stores.renew(old, at=NOON + 2 * MINUTE) == a_grant(at=NOON + MINUTE)


async def test_what_stands_as_it_was_seen_is_failed(stores: Stores) -> None:
    await stores.claim(a_grant())
    failed = replace(a_grant(at=NOON + MINUTE), state=EffectState.FAILED, outcome={"code": "absent"})
    assert await stores.fail(await seen(stores), outcome={"code": "absent"}, at=NOON + MINUTE) == failed
    assert await seen(stores) == failed
    assert await stores.fail(failed, outcome={"code": "other"}, at=NOON + MINUTE) == failed
    assert await stores.renew(failed, at=NOON + MINUTE) == failed


async def test_a_second_order_keeps_the_limits_without_its_own_claim(stores: Stores) -> None:
    await stores.claim(a_grant("1", business_key="1"))
    assert await stores.renew(await seen(stores, "1"), at=NOON + MINUTE, terms=UpTo(1)) is None
    await stores.claim(a_grant("2", business_key="2"))
    before = await seen(stores, "1"), await told(stores)
    denied = await stores.renew(before[0], at=NOON + 2 * MINUTE, terms=UpTo(1))
    assert denied == Denied("campaign_over", "1 of 1")
    assert (await seen(stores, "1"), await told(stores)) == before
    assert await stores.claim(a_grant("3", business_key="3"), terms=UpTo(2)) == Denied("campaign_over", "2 of 2")


async def test_what_was_never_claimed_is_neither_ordered_again_nor_failed(stores: Stores) -> None:
    with pytest.raises(KeyError):
        await stores.renew(a_grant(), at=NOON)
    with pytest.raises(KeyError):
        await stores.fail(a_grant(), outcome={}, at=NOON)


async def test_a_failed_effect_that_is_there_after_all_becomes_done(stores: Stores) -> None:
    await stores.claim(a_grant())
    await settled(stores, "issue:D-1", EffectState.FAILED, {"code": "absent"})
    await settled(stores, "issue:D-1", EffectState.UNKNOWN)
    assert (await seen(stores)).state is EffectState.FAILED
    await settled(stores, "issue:D-1", EffectState.DONE, {"grantId": "B1"})
    assert await seen(stores) == replace(a_grant(at=NOON + MINUTE), state=EffectState.DONE, outcome={"grantId": "B1"})
    assert isinstance(await stores.claim(a_grant("issue:D-2")), Effect)
    await chain(stores.links())


@pytest.mark.parametrize("state", [EffectState.PENDING, EffectState.DONE])
async def test_a_failed_effect_whose_business_key_another_has_stays_failed(stores: Stores, state: EffectState) -> None:
    await stores.claim(a_grant())
    await settled(stores, "issue:D-1", EffectState.FAILED, {"code": "absent"})
    await stores.claim(a_grant("issue:D-2"))
    await settled(stores, "issue:D-2", state)
    await settled(stores, "issue:D-1", EffectState.DONE, {"grantId": "B1"})
    assert [(one.key, one.state) for one in await stores.effects("t1")] == [
        ("issue:D-1", EffectState.FAILED),
        ("issue:D-2", state),
    ]
