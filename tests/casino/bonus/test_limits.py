from datetime import timedelta

from casino.bonus.limits import NO_LIMITS, Limits, Period, PlayerLimit
from casino.facts import Facts
from casino.money import Money
from casino.rules.condition import Condition, Operator
from casino.rules.evaluate import all_of
from casino.verdict import Verdict

ALL = Limits(
    per_player=(PlayerLimit(1, Period.WEEK), PlayerLimit(3, Period.LIFETIME)),
    campaign_count=10_000,
    campaign_budget=Money(500_000, "EUR"),
    cool_off=timedelta(hours=72),
    one_live_bonus=True,
)


def test_limits_are_conditions_on_counters() -> None:
    assert ALL.conditions("spins") == tuple(
        Condition(path, Operator.LESS, expected, on_missing="unknown")
        for path, expected in [
            ("counters.spins.grants_week", 1),
            ("counters.spins.grants_lifetime", 3),
            ("counters.spins.grants_in_cool_off", 1),
            ("counters.spins.campaign_grants", 10_000),
            ("counters.spins.spent", Money(500_000, "EUR")),
            ("counters.live_bonuses", 1),
        ]
    )
    assert NO_LIMITS.conditions("spins") == ()


def weighed(*, week: int = 0, spent: int = 0, currency: str = "EUR", live: int = 0) -> Verdict:
    own = {
        "grants_week": week,
        "grants_lifetime": 2,
        "grants_in_cool_off": 0,
        "campaign_grants": 9_999,
        "spent": {"amount": spent, "currency": currency},
    }
    facts = Facts.of({"counters": {"deposit-loyalty": own, "live_bonuses": live}})
    return all_of(ALL.conditions("deposit-loyalty"), facts)[0]


def test_a_limit_that_is_reached_stands_against_the_grant() -> None:
    assert weighed() is Verdict.YES
    assert weighed(week=1) is Verdict.NO
    assert weighed(spent=5_000) is Verdict.NO
    assert weighed(live=1) is Verdict.NO


def test_whether_a_budget_is_left_is_not_known_of_another_currency_or_an_amount_below_nothing() -> None:
    assert weighed(currency="SEK") is Verdict.UNKNOWN
    assert weighed(spent=-1) is Verdict.UNKNOWN
    assert weighed(week=-1) is Verdict.UNKNOWN


def test_a_counter_that_nobody_supplied_leaves_it_open() -> None:
    assert all_of(ALL.conditions("spins"), Facts.of({}))[0] is Verdict.UNKNOWN


def test_the_hash_is_taken_of_every_limit() -> None:
    assert ALL.to_document() == {
        "per_player": [{"count": 1, "period": "week"}, {"count": 3, "period": "lifetime"}],
        "campaign_count": 10_000,
        "campaign_budget": "5000.00 EUR",
        "cool_off_s": 259_200,
        "one_live_bonus": True,
    }
    assert NO_LIMITS.to_document() == {
        "per_player": [],
        "campaign_count": None,
        "campaign_budget": None,
        "cool_off_s": None,
        "one_live_bonus": False,
    }
