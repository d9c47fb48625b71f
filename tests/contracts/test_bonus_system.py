"""What every bonus system does."""

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.contracts.outside import Kind, Outside
from tools.ports import AccessRefused, Granted, GrantOrder, OutcomeUnknown, Refused, Unavailable


def order(player_id: str = "P1027", brand: str = "royal-harbour", **reward: str | int | Decimal) -> GrantOrder:
    return GrantOrder(
        decision_id="D-1",
        player_id=player_id,
        brand=brand,
        reward=reward or {"rewardType": "standard", "spinsCount": 15, "game": "Elvis Frog", "wager": 35},
        reason="deposit-loyalty/default",
    )


async def granted(outside: Outside, one: GrantOrder, key: str) -> Granted:
    answer = await outside.works.bonuses.grant(one, idempotency_key=key)
    assert isinstance(answer, Granted)
    return answer


async def test_the_templates_of_a_brand_are_listed(outside: Outside) -> None:
    assert list(await outside.works.bonuses.templates(brand="lucky-spin")) == ["HIGH_30", "VIP_50", "WELCOME_20"]
    assert list(await outside.works.bonuses.templates(brand="no-such-brand")) == []


async def test_a_grant_is_found_under_its_key(outside: Outside, key: str) -> None:
    answer = await granted(outside, order(), key)
    assert await outside.works.bonuses.find_grant(key) == answer


async def test_there_is_no_grant_under_a_key_that_was_not_used(outside: Outside, key: str) -> None:
    assert await outside.works.bonuses.find_grant(key) is None


async def test_the_same_key_grants_once(outside: Outside, key: str) -> None:
    before = list(await outside.rewards_of("P1027"))
    first = await granted(outside, order(), key)
    second = await granted(outside, order(), key)
    assert second == first
    assert [grant_id for grant_id, _ in await outside.rewards_of("P1027")] == [
        *(grant_id for grant_id, _ in before),
        first.grant_id,
    ]


async def test_two_keys_grant_twice(outside: Outside, key: str) -> None:
    assert await granted(outside, order(), key) != await granted(outside, order(), key + "-2")


@pytest.mark.parametrize(
    "other",
    [
        replace(order(), decision_id="D-2"),
        replace(order(), player_id="P1036"),
        replace(order(), reward={"rewardType": "standard", "spinsCount": 500}),
        replace(order(), reason="another"),
    ],
)
async def test_the_same_key_with_another_order_is_refused(outside: Outside, key: str, other: GrantOrder) -> None:
    first = await granted(outside, order(), key)
    answer = await outside.works.bonuses.grant(other, idempotency_key=key)
    assert isinstance(answer, Refused)
    assert answer.code == "idempotency_key_reused"
    assert await outside.works.bonuses.find_grant(key) == first


@pytest.mark.parametrize("odd", ["issue:T 1/ü", "a\r\nX-Evil: 1", "k" * 300, "100%", "a+b&c=d#e?f"])
async def test_any_text_can_be_a_key(outside: Outside, key: str, odd: str) -> None:
    odd_key = f"{key}{odd}"
    first = await granted(outside, order(), odd_key)
    assert await granted(outside, order(), odd_key) == first
    assert await outside.works.bonuses.find_grant(odd_key) == first


async def test_numbers_of_a_reward_arrive_exact(outside: Outside, key: str) -> None:
    reward = order("P1036", amount=Decimal("20.50"), wager=5, share=Decimal("0.1000000000000000055511151231257827"))
    answer = await granted(outside, reward, key)
    assert dict(await outside.rewards_of("P1036"))[answer.grant_id] == reward.reward


async def test_a_grant_makes_the_players_bonus_active(outside: Outside, key: str) -> None:
    before = await outside.works.platform.player("P1029")
    await granted(outside, order("P1029"), key)
    after = await outside.works.platform.player("P1029")
    assert before is not None
    assert after is not None
    assert (before.fields["activeBonus"], after.fields["activeBonus"]) == (False, True)


@pytest.mark.parametrize(
    ("refused", "code"),
    [
        (order("P1001", "lucky-spin", templateName="vip_50"), "template_not_found"),
        (order("P1001", "lucky-spin", templateName="NO_SUCH"), "template_not_found"),
        (order("P1003", "lucky-spin"), "self_excluded"),
        (order("P1007", "lucky-spin"), "cooling_off"),
        (order("P1008", "lucky-spin"), "rg_closed"),
        (order("P1012", "lucky-spin"), "blocked"),
        (order("P1044"), "self_excluded"),
        (order("P1045"), "blocked"),
        (order("P1005", "lucky-spin"), "brand_mismatch"),
        (order("P9999", "lucky-spin"), "player_not_found"),
    ],
)
async def test_an_order_that_may_not_be_is_refused_and_grants_nothing(
    outside: Outside, key: str, refused: GrantOrder, code: str
) -> None:
    answer = await outside.works.bonuses.grant(refused, idempotency_key=key)
    assert isinstance(answer, Refused)
    assert answer.code == code
    assert await outside.works.bonuses.find_grant(key) is None


async def test_a_template_that_is_there_is_granted(outside: Outside, key: str) -> None:
    await granted(outside, order("P1009", "lucky-spin", templateName="VIP_50"), key)


async def test_a_lost_answer_is_unknown_and_the_grant_is_found(outside: Outside, key: str) -> None:
    ports = await outside.failing("bonus", "drop")
    with pytest.raises(OutcomeUnknown):
        await ports.bonuses.grant(order(), idempotency_key=key)
    await outside.heal()
    found = await outside.works.bonuses.find_grant(key)
    assert found is not None
    assert await granted(outside, order(), key) == found


async def test_a_failure_is_unknown_and_no_grant_is_found(outside: Outside, key: str) -> None:
    ports = await outside.failing("bonus", "error")
    with pytest.raises(OutcomeUnknown):
        await ports.bonuses.grant(order(), idempotency_key=key)
    await outside.heal()
    assert await outside.works.bonuses.find_grant(key) is None


async def test_an_answer_that_comes_too_late_is_unknown(outside: Outside, key: str) -> None:
    ports = await outside.failing("bonus", "slow")
    with pytest.raises(OutcomeUnknown):
        await ports.bonuses.grant(order(), idempotency_key=key)
    await outside.heal()
    first = await granted(outside, order(), key)
    assert await granted(outside, order(), key) == first


async def test_a_switched_on_refusal_grants_nothing(outside: Outside, key: str) -> None:
    ports = await outside.failing("bonus", "refuse")
    answer = await ports.bonuses.grant(order(), idempotency_key=key)
    await outside.heal()
    assert isinstance(answer, Refused)
    assert answer.code == "refused"
    assert await outside.works.bonuses.find_grant(key) is None


@pytest.mark.parametrize("kind", ["unavailable", "access_refused"])
async def test_where_nothing_was_sent_or_let_in_nothing_was_granted(outside: Outside, key: str, kind: Kind) -> None:
    ports = await outside.failing("bonus", kind)
    with pytest.raises(AccessRefused if kind == "access_refused" else Unavailable):
        await ports.bonuses.grant(order(), idempotency_key=key)
    assert await outside.works.bonuses.find_grant(key) is None


@pytest.mark.parametrize("kind", ["error", "drop", "refuse", "unavailable", "access_refused"])
async def test_a_grant_that_cannot_be_looked_up_is_not_absent(outside: Outside, key: str, kind: Kind) -> None:
    ports = await outside.failing("bonuses", kind)
    with pytest.raises(Unavailable):
        await ports.bonuses.find_grant(key)
