"""Counters of grants from the ledger: one contract for every store."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Select

from casino.bonus.configuration import Configuration, parse_configuration
from casino.document import load_yaml
from casino.values import Document, Value
from tests.contracts.kept import Stores, opened
from tools.adapters.sql.grants import BY_CONFIGURATION, OF_A_PLAYER
from tools.adapters.sql.stores import open_stores
from tools.grant_terms import GrantTerms
from tools.ledger import Denied, Effect, EffectState
from tools.ports import Unavailable

NOON = datetime(2026, 11, 19, 12, tzinfo=UTC)
LIMITED = "limits: {per_player: [{count: 1, period: week}], campaign: {budget: 5000 EUR}, cool_off: 72 hours}"


def configuration(name: str = "vip") -> Configuration:
    return parse_configuration(load_yaml(f"id: {name}\nname: n\npriority: 1\n{LIMITED}", name="f.yaml"))


async def granted(  # noqa: PLR0913  # a grant has so many sides, and a test names the one that it is about
    stores: Stores,
    key: str,
    *,
    player_id: str = "P1",
    by: str = "vip",
    at: datetime = NOON,
    state: EffectState = EffectState.DONE,
    tool: str = "issue_bonus",
    changes: Mapping[str, Value] | None = None,
) -> None:
    """Put one grant into the ledger as `issue_bonus` and the gate would."""
    cash: dict[str, Value] = {"rewardType": "cash", "amount": Decimal("20.50"), "amountType": "cash"}
    intent: dict[str, Value] = {
        "player_id": player_id,
        "brand": "b",
        "reward": cash,
        "currency": "EUR",
        "reason": f"{by}/top",
        **(changes or {}),
    }
    effect = Effect(
        key=key,
        business_key=key,
        ticket_id="t1",
        tool=tool,
        intent=intent,
        state=EffectState.SHADOWED if state is EffectState.SHADOWED else EffectState.PENDING,
        outcome={},
        at=at,
    )
    await stores.claim(effect)
    if state is not effect.state:
        await stores.settle(key, state=state, outcome={}, at=at)


async def counters(stores: Stores, *names: str, player_id: str = "P1", brand: str = "b") -> Document:
    some = [configuration(name) for name in names or ("vip",)]
    return await stores.counters(player_id, brand=brand, configurations=some, now=NOON)


async def test_nothing_was_granted_yet(stores: Stores) -> None:
    assert await counters(stores) == {
        "vip": {
            "grants_day": 0,
            "grants_week": 0,
            "grants_month": 0,
            "grants_year": 0,
            "grants_lifetime": 0,
            "grants_in_cool_off": 0,
            "campaign_grants": 0,
            "spent": {"amount": 0, "currency": "EUR"},
        },
        "lifetime_grants": 0,
        "live_bonuses": 0,
    }


async def test_grants_count_for_the_player_and_for_the_campaign(stores: Stores) -> None:
    await granted(stores, "1")
    await granted(stores, "2", at=NOON - timedelta(days=40))
    await granted(stores, "3", player_id="P2")
    await granted(stores, "4", by="vip-2")
    assert await counters(stores) == {
        "vip": {
            "grants_day": 1,
            "grants_week": 1,
            "grants_month": 1,
            "grants_year": 2,
            "grants_lifetime": 2,
            "grants_in_cool_off": 1,
            "campaign_grants": 3,
            "spent": {"amount": Decimal("61.50"), "currency": "EUR"},
        },
        "lifetime_grants": 3,
        "live_bonuses": 0,
    }


@pytest.mark.parametrize(
    ("state", "count", "live"),
    [
        (EffectState.DONE, 1, 0),
        (EffectState.PENDING, 1, 1),
        (EffectState.UNKNOWN, 1, 1),
        (EffectState.FAILED, 0, 0),
        (EffectState.SHADOWED, 0, 0),
    ],
)
async def test_what_may_have_happened_counts_and_what_failed_does_not(
    stores: Stores, state: EffectState, count: int, live: int
) -> None:
    await granted(stores, "1", state=state)
    found = await counters(stores)
    own = found["vip"]
    assert isinstance(own, dict)
    assert (own["grants_week"], own["campaign_grants"]) == (count, count)
    assert (found["lifetime_grants"], found["live_bonuses"]) == (count, live)


async def test_other_brands_players_and_tools_do_not_count(stores: Stores) -> None:
    await granted(stores, "1", changes={"brand": "other"})
    await granted(stores, "2", player_id="P10")
    await granted(stores, "3", tool="send_external_message")
    assert (await counters(stores))["lifetime_grants"] == 0
    assert (await counters(stores, brand="other"))["lifetime_grants"] == 1
    assert (await counters(stores, player_id="P%"))["lifetime_grants"] == 0


@pytest.mark.parametrize(
    "changes",
    [
        {"currency": "GBP"},
        {"currency": None},
        {"reward": {"rewardType": "premium", "templateName": "VIP_50"}},
        {"reward": {"rewardType": "cash", "amount": 20, "amountType": "free_spins"}},
        {"reward": None},
    ],
)
async def test_a_cost_that_is_not_known_leaves_the_budget_open(stores: Stores, changes: dict[str, Value]) -> None:
    await granted(stores, "1")
    await granted(stores, "2", changes=changes)
    own = (await counters(stores))["vip"]
    assert isinstance(own, dict)
    assert own["campaign_grants"] == 2
    assert "spent" not in own


async def test_a_store_that_cannot_be_read_is_an_outage(tmp_path: Path) -> None:
    stores = open_stores(f"sqlite:///{tmp_path / 'store.sqlite'}")
    with pytest.raises(Unavailable, match="the grants so far cannot be read from our own store"):
        await counters(stores)
    await stores.close()


@pytest.mark.parametrize(
    ("wanted", "index"),
    [(OF_A_PLAYER, "grants_of_a_player"), (BY_CONFIGURATION, "grants_by_configuration")],
)
async def test_the_grants_are_found_by_an_index(wanted: Select[Any], index: str, tmp_path: Path) -> None:
    async with opened(f"sqlite:///{tmp_path / 'store.sqlite'}") as stores:
        written = str(wanted.compile(dialect=stores.engine.dialect))
        with stores.engine.connect() as connection:
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {written}", ("x",) * written.count("?"))
            assert f"USING INDEX {index}" in " ".join(str(row) for row in plan)


async def test_a_grant_counts_from_its_claim_however_late_its_outcome_was_known(stores: Stores) -> None:
    await granted(stores, "1", at=NOON - timedelta(days=20), state=EffectState.UNKNOWN)
    await stores.settle("1", state=EffectState.DONE, outcome={}, at=NOON)
    own = (await counters(stores))["vip"]
    assert isinstance(own, dict)
    assert (own["grants_week"], own["grants_lifetime"], own["grants_in_cool_off"]) == (0, 1, 0)


async def test_a_configuration_without_limits_is_counted_too(stores: Stores) -> None:
    await granted(stores, "1")
    bare = parse_configuration(load_yaml("{id: vip, name: n, priority: 1}", name="f.yaml"))
    found = await stores.counters("P1", brand="b", configurations=[bare], now=NOON)
    own = found["vip"]
    assert isinstance(own, dict)
    assert own["campaign_grants"] == 1


async def test_an_effect_that_is_ordered_again_does_not_stand_in_its_own_way(stores: Stores) -> None:
    weekly = GrantTerms(player_id="P1", brand="b", configuration=configuration(), cost=None, active_bonus=False)
    await granted(stores, "1", state=EffectState.UNKNOWN)
    own = await stores.effect("1")
    assert own is not None
    assert await stores.renew(own, at=NOON, terms=weekly) is None
    await granted(stores, "2")
    again = await stores.effect("1")
    assert again is not None
    denied = await stores.renew(again, at=NOON + timedelta(days=1), terms=weekly)
    assert isinstance(denied, Denied)
    assert denied.code == "limit_reached"
