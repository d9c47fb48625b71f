"""Limits at issue: which one a grant would break, its own cost included, and what is not known breaks them."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casino.bonus.at_issue import Broken, broken_limit
from casino.bonus.configuration import Configuration, parse_configuration
from casino.bonus.counters import Spent
from casino.bonus.limits import Limits, Period, PlayerLimit
from casino.document import load_yaml
from casino.money import Money
from casino.values import Value

EUR_100 = Money(10_000, "EUR")
BUDGET = Limits(campaign_budget=EUR_100)


def configuration(limits: Limits) -> Configuration:
    read = parse_configuration(load_yaml("{id: some, name: Some, priority: 1}", name="some.yaml"))
    return replace(read, limits=limits)


def broken(
    limits: Limits,
    *,
    live: Value = 0,
    active: bool | None = False,
    cost: Spent | None = None,
    some: Mapping[str, Value] | None = None,
) -> Broken | None:
    counters: dict[str, Value] = {"some": {**({} if some is None else some)}, "live_bonuses": live}
    return broken_limit(configuration(limits), counters, cost=cost, active_bonus=active)


def eur(amount: int | Decimal | None, currency: str | None = "EUR") -> Spent:
    return Spent(1, amount, currency)


def spent(amount: int | Decimal) -> dict[str, Value]:
    return {"spent": {"amount": amount, "currency": "EUR"}}


def test_without_limits_nothing_is_broken() -> None:
    assert broken(Limits(), live=None, active=None, cost=eur(5)) is None


@pytest.mark.parametrize(
    ("limits", "name", "most"),
    [
        (Limits(per_player=(PlayerLimit(2, Period.WEEK),)), "grants_week", 2),
        (Limits(cool_off=timedelta(hours=3)), "grants_in_cool_off", 1),
        (Limits(campaign_count=500), "campaign_grants", 500),
    ],
)
def test_a_count_is_broken_where_it_is_reached_or_not_known(limits: Limits, name: str, most: int) -> None:
    path = f"counters.some.{name}"
    assert broken(limits, some={name: most - 1}) is None
    assert broken(limits, some={name: most}) == Broken(path, unknown=False)
    assert broken(limits) == Broken(path, unknown=True)


@pytest.mark.parametrize(
    ("live", "active", "found"),
    [
        (0, False, None),
        (1, False, Broken("counters.live_bonuses", unknown=False)),
        (0, True, Broken("counters.live_bonuses", unknown=False)),
        (0, None, Broken("counters.live_bonuses", unknown=True)),
        (None, False, Broken("counters.live_bonuses", unknown=True)),
    ],
)
def test_one_live_bonus_counts_the_platforms_too(live: Value, active: bool | None, found: Broken | None) -> None:
    assert broken(Limits(one_live_bonus=True), live=live, active=active) == found


@pytest.mark.parametrize(
    ("before", "cost", "found"),
    [
        (90, eur(10), None),
        (90, eur(Decimal("10.01")), Broken("counters.some.spent", unknown=False)),
        (0, eur(100), None),
        (0, eur(101), Broken("counters.some.spent", unknown=False)),
        (100, eur(0), Broken("counters.some.spent", unknown=False)),
        (0, eur(10, "SEK"), Broken("counters.some.spent", unknown=True)),
        (0, eur(10, None), Broken("counters.some.spent", unknown=True)),
        (0, eur(None), Broken("counters.some.spent", unknown=True)),
        (99, None, None),
        (100, None, Broken("counters.some.spent", unknown=False)),
    ],
)
def test_a_budget_must_have_room_for_the_grants_own_cost(before: int, cost: Spent | None, found: Broken | None) -> None:
    assert broken(BUDGET, some=spent(before), cost=cost) == found


@pytest.mark.parametrize("some", [{}, {"spent": None}, {"spent": {"amount": "5", "currency": "EUR"}}])
def test_a_budget_of_which_nobody_knows_what_is_spent_is_broken(some: dict[str, Value]) -> None:
    assert broken(BUDGET, some=some, cost=eur(1)) is not None


def test_a_limit_that_is_reached_is_named_before_one_that_is_not_known() -> None:
    both = Limits(per_player=(PlayerLimit(1, Period.DAY),), campaign_count=5)
    assert broken(both, some={"campaign_grants": 5}) == Broken("counters.some.campaign_grants", unknown=False)


@given(st.lists(st.decimals(min_value="0.01", max_value=60, places=2), max_size=20))
def test_a_budget_is_never_exceeded_whatever_is_asked_for(costs: list[Decimal]) -> None:
    total = Decimal(0)
    for cost in costs:
        if broken(BUDGET, some=spent(total), cost=eur(cost)) is None:
            total += cost
    assert total <= EUR_100.amount
