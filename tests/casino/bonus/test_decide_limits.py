"""Limits as a stage of a decision: behind the qualification, before the tiers."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from casino.bonus.configuration import Configuration, ConfigurationSet, ConfigurationStatus, Tier
from casino.bonus.decide import NO_BONUS, NOT_KNOWN_YET, Decision, decide
from casino.bonus.limits import Limits, Period, PlayerLimit
from casino.bonus.reading import Reason
from casino.bonus.reward import Boosted
from casino.facts import Facts
from casino.money import Money
from casino.rules.condition import Condition, Operator
from casino.values import Value

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
CLEAR: dict[str, Value] = {
    **dict.fromkeys(("self_excluded", "cooling_off", "rg_closed", "blocked", "aml_hold", "strong_harm"), False),
    "age_years": 34,
}
ALL = Limits(
    per_player=(PlayerLimit(1, Period.WEEK), PlayerLimit(5, Period.YEAR)),
    campaign_count=100,
    campaign_budget=Money(500_000, "EUR"),
    cool_off=timedelta(hours=72),
    one_live_bonus=True,
)
FREE: dict[str, Value] = {
    "grants_week": 0,
    "grants_year": 4,
    "grants_in_cool_off": 0,
    "campaign_grants": 99,
    "spent": {"amount": Decimal("4999.99"), "currency": "EUR"},
}


def configuration(name: str, limits: Limits, *, stop: bool = False) -> Configuration:
    return Configuration(
        id=name,
        name=name,
        brands=(),
        priority=-len(name),
        status=ConfigurationStatus.PUBLISHED,
        segmentation=(),
        qualification=(Condition("player.ngr", Operator.GREATER, 0),),
        tiers=(
            Tier(
                name="only",
                priority=1,
                when=(),
                reward=Boosted(template_name=name, value_per_spin_description="1 EUR"),
            ),
        ),
        comment=None,
        on_unqualified="stop" if stop else "continue",
        effective_from=None,
        effective_until=None,
        limits=limits,
    )


def decided(
    own: dict[str, Value], *, live: Value = 0, ngr: int = 1, stop: bool = False, unavailable: tuple[str, ...] = ()
) -> Decision:
    """Decide on a limited configuration "a", before "rest", which has no limits."""
    both = ConfigurationSet((configuration("a", ALL, stop=stop), configuration("rest", Limits())))
    counters: dict[str, Value] = {"a": own, "live_bonuses": live}
    facts = {"player": {"ngr": ngr}, "counters": counters, "safety": CLEAR, "unavailable": [*unavailable]}
    decision = decide(both, Facts.of(facts), brand="b", now=NOW)
    assert decision.trace_document() == decision.trace.to_document()
    assert (decision.status, decision.end) == (decision.story.status, decision.story.end)
    return decision


def outcome(decision: Decision) -> tuple[str, str | None]:
    return decision.status.value, decision.configuration


def test_within_all_limits_the_configuration_grants() -> None:
    decision = decided(FREE)
    assert outcome(decision) == ("qualified", "a")
    stages = [(stage.kind, stage.label, stage.verdict.value) for stage in decision.trace.children[1].children]
    assert stages == [
        ("classification", "classification", "yes"),
        ("qualification", "qualification (otherwise continue)", "yes"),
        ("limits", "limits", "yes"),
        ("tier", "only", "yes"),
    ]
    assert decision.values["counters.a.spent"] == {"amount": Decimal("4999.99"), "currency": "EUR"}


@pytest.mark.parametrize(
    ("counter", "value"),
    [
        ("grants_week", 1),
        ("grants_year", 5),
        ("grants_in_cool_off", 1),
        ("campaign_grants", 100),
        ("spent", {"amount": 5000, "currency": "EUR"}),
    ],
)
def test_a_limit_that_is_reached_counts_as_a_failed_qualification(counter: str, value: Value) -> None:
    reached: dict[str, Value] = {**FREE, counter: value}
    assert outcome(decided(reached)) == ("qualified", "rest")
    stopped = decided(reached, stop=True)
    assert outcome(stopped) == ("not_qualified", "a")
    assert [(reason.code, reason.path) for reason in stopped.reasons] == [("limit_reached", f"counters.a.{counter}")]
    assert stopped.told() == [NO_BONUS]
    assert [stage.kind for stage in stopped.trace.children[1].children] == ["classification", "qualification", "limits"]


def test_one_live_bonus_at_a_time() -> None:
    stopped = decided(FREE, live=1, stop=True)
    assert stopped.reasons == (
        Reason("limit_reached", "a, limits: counters.live_bonuses < 1 (it is 1)", None, "counters.live_bonuses"),
    )


def test_a_counter_that_nobody_supplied_leaves_the_decision_open() -> None:
    without: dict[str, Value] = {key: value for key, value in FREE.items() if key != "spent"}
    unsupplied = decided(without)
    assert outcome(unsupplied) == ("unknown", "a")
    assert unsupplied.reasons == (
        Reason("unavailable", "a, limits: counters.a.spent < 5000 EUR (nobody supplied it)", None, "counters.a.spent"),
    )
    assert unsupplied.told() == [NOT_KNOWN_YET]
    assert outcome(decided(FREE, unavailable=("counters",))) == ("unknown", "a")


def test_an_open_counter_beside_a_limit_that_is_reached_makes_no_difference() -> None:
    assert outcome(decided({"grants_week": 1})) == ("qualified", "rest")


def test_limits_are_not_looked_at_where_the_qualification_failed() -> None:
    decision = decided({}, ngr=0)
    assert outcome(decision) == ("not_qualified", None)
    assert [stage.kind for stage in decision.trace.children[1].children] == ["classification", "qualification"]


@pytest.mark.parametrize("stop", [False, True])
@pytest.mark.parametrize(
    ("counter", "value", "words"),
    [
        ("grants_week", None, "nobody supplied it"),
        ("grants_week", -1, "-1 counts nothing"),
        ("grants_week", "0", "'0' counts nothing"),
        ("grants_week", False, "false counts nothing"),
        ("grants_week", {}, "{} counts nothing"),
        ("campaign_grants", Decimal("-0.5"), "-0.5 counts nothing"),
        ("spent", None, "nobody supplied it"),
        ("spent", 0, '0 counts nothing; money is {"amount": 900, "currency": "EUR"}'),
        (
            "spent",
            {"amount": 1, "currency": "SEK"},
            "{'amount': 1, 'currency': 'SEK'} counts nothing; only EUR is compared with EUR",
        ),
    ],
)
def test_what_counts_nothing_lets_no_lower_configuration_pay(
    counter: str, value: Value, words: str, *, stop: bool
) -> None:
    decision = decided({**FREE, counter: value}, stop=stop)
    assert outcome(decision) == ("unknown", "a")
    assert [(reason.code, reason.path) for reason in decision.reasons] == [("unavailable", f"counters.a.{counter}")]
    assert decision.reasons[0].text.endswith(f"({words})")
    assert decision.snapshot.values[f"counters.a.{counter}"] == value


def test_a_count_may_be_any_number() -> None:
    assert outcome(decided({**FREE, "grants_year": Decimal("4.0"), "grants_week": Decimal("-0.0")})) == (
        "qualified",
        "a",
    )
    assert outcome(decided({**FREE, "grants_year": Decimal("5.0")})) == ("qualified", "rest")
