"""Issue by decision id: what is not this ticket's own granted, living decision is refused, whoever asks."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from tests.desks import desk
from tools.issue_bonus import IssueBonusArguments, issue_bonus
from tools.ports import StoredDecision
from tools.tool import Call, Fact, Intent, Result
from tools.world import VERIFIED, World

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
GRANTED = StoredDecision(
    decision_id="D-1",
    ticket_id="t1",
    player_id="P1001",
    brand="lucky-spin",
    status="qualified",
    configuration="vip",
    configuration_hash="abc",
    tier="top",
    reward={"rewardType": "cash", "amount": Decimal(20)},
    record={},
    decided_at=NOON,
    expires_at=NOON + timedelta(minutes=15),
)


async def asked(decision: StoredDecision, decision_id: str = "D-1", *, now: datetime = NOON) -> Result | Intent:
    world: World = desk("P1001").sandbox.deps.world
    await world.decisions.mint(decision)
    call = Call(
        ticket_id="t1",
        brand="lucky-spin",
        call_id="c1",
        now=now,
        world=world,
        facts={VERIFIED: Fact(value={"player_id": "P1001"})},
        said=(),
        asked="",
        tried=(),
        named_fields=(),
    )
    return await issue_bonus(IssueBonusArguments(decision_id=decision_id), call)


async def test_a_granted_decision_becomes_an_intent_that_holds_all_that_is_decided() -> None:
    assert await asked(GRANTED) == Intent(
        key="issue:D-1",
        business_key="grant:lucky-spin:P1001:vip:2026-11-20",
        body={
            "decision_id": "D-1",
            "player_id": "P1001",
            "brand": "lucky-spin",
            "reward": {"rewardType": "cash", "amount": Decimal(20)},
            "currency": "EUR",
            "reason": "vip/top",
        },
    )


@pytest.mark.parametrize(
    ("decision", "code"),
    [
        (replace(GRANTED, ticket_id="t2"), "not_your_decision"),
        (replace(GRANTED, player_id="P1002"), "not_your_decision"),
        (replace(GRANTED, brand="royal-harbour"), "not_your_decision"),
        (replace(GRANTED, status="not_qualified"), "not_granted"),
        (replace(GRANTED, reward=None), "not_granted"),
        (replace(GRANTED, expires_at=NOON), "decision_expired"),
    ],
)
async def test_every_other_decision_is_refused(decision: StoredDecision, code: str) -> None:
    given = await asked(decision)
    assert isinstance(given, Result)
    assert given.data["code"] == code


async def test_an_invented_decision_is_refused() -> None:
    given = await asked(GRANTED, "D-2")
    assert isinstance(given, Result)
    assert given.data["code"] == "not_your_decision"
