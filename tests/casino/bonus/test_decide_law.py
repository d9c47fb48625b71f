"""The law of the place, weighed last, on the tier that would be granted."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from casino.bonus.configuration import ConfigurationSet, load_set
from casino.bonus.decide import NO_BONUS, NOT_KNOWN_YET, Decision, Status, decide
from casino.bonus.law.jurisdictions import NO_PLACE, JurisdictionRule, Packs, Predicate
from casino.bonus.replay import replay
from casino.document import canonical_json, load_yaml
from casino.facts import Facts
from casino.values import Value

NOW = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
CLEAR: dict[str, Value] = {
    **dict.fromkeys(("self_excluded", "cooling_off", "rg_closed", "blocked", "aml_hold", "strong_harm"), False),
    "age_years": 34,
}
WRITTEN = """\
id: spins
name: Spins
priority: 1
status: published
time_zone: Europe/London
qualification: ["player.ngr > 0"]
tiers:
  - {name: high, priority: 2, when: ["player.ngr > 100"],
     reward: {type: standard, spinsCount: 50, gameProvider: BGaming, wager: 35}}
  - {name: low, priority: 1, reward: {type: standard, spinsCount: 5, gameProvider: BGaming, wager: 10}}
"""


def rule(
    predicate: Predicate, value: int | Decimal | None = None, *, start: date = date(2026, 1, 19)
) -> JurisdictionRule:
    return JurisdictionRule(
        id=f"gb-{predicate.value}",
        jurisdiction="GB",
        predicate=predicate,
        value=value,
        effective_from=start,
        source="SR Code 5.1.1",
        verified=True,
        text="A rule of Great Britain.",
    )


TEN_TIMES = Packs((rule(Predicate.MAX_WAGER, 10),), required=True)


def spins(zone: str = "Europe/London") -> ConfigurationSet:
    written = WRITTEN.replace("Europe/London", zone).replace("status:", 'day_begins: "06:00"\nstatus:')
    return load_set([load_yaml(written, name="spins.yaml")])


def decided(
    packs: Packs,
    *,
    unavailable: tuple[str, ...] = (),
    now: datetime = NOW,
    zone: str = "Europe/London",
    **player: Value,
) -> Decision:
    facts: dict[str, Value] = {"player": player, "safety": CLEAR, "unavailable": [*unavailable]}
    configurations = spins(zone)
    decision = decide(configurations, Facts.of(facts), brand="b", now=now, packs=packs)
    assert decision.trace_document() == decision.trace.to_document()
    assert decision.status is decision.story.status
    again = replay(decision.record(), configurations, packs)
    assert canonical_json(again.record()) == canonical_json(decision.record())
    return decision


def test_a_tier_against_the_law_of_the_place_is_vetoed_and_no_other_is_granted_instead() -> None:
    decision = decided(TEN_TIMES, ngr=200, country="GB")
    assert (decision.status, decision.configuration, decision.tier, decision.reward) == (
        Status.VETOED,
        "spins",
        None,
        None,
    )
    assert [(reason.code, reason.player_text) for reason in decision.reasons] == [("jurisdiction", None)]
    assert "SR Code 5.1.1" in decision.reasons[0].text
    assert decision.told() == [NO_BONUS]
    nodes = [(node.kind, node.verdict.value) for node in decision.trace.children]
    assert nodes == [("safety", "yes"), ("configuration", "yes"), ("jurisdiction", "no")]


def test_the_tier_that_keeps_the_law_is_granted() -> None:
    decision = decided(TEN_TIMES, ngr=50, country="GB")
    assert (decision.status, decision.tier, decision.reasons) == (Status.QUALIFIED, "low", ())
    assert decision.trace.children[-1].kind == "jurisdiction"


def test_another_place_has_another_law() -> None:
    assert decided(TEN_TIMES, ngr=200, country="MT").tier == "high"


def test_where_a_place_is_required_nobody_without_one_gets_anything() -> None:
    for decision in (
        decided(TEN_TIMES, ngr=200),
        decided(TEN_TIMES, ngr=200, country=None),
        decided(TEN_TIMES, ngr=200, country="GB", unavailable=("player.country",)),
    ):
        assert (decision.status, decision.reward, decision.told()) == (Status.UNKNOWN, None, [NOT_KNOWN_YET])
        assert [reason.code for reason in decision.reasons] == ["jurisdiction_unknown"]


def test_where_none_is_required_the_law_waits_until_the_place_is_known() -> None:
    assert decided(Packs(TEN_TIMES.rules), ngr=200).tier == "high"
    assert decided(Packs(TEN_TIMES.rules), ngr=200, country="GB").status is Status.VETOED


def test_a_country_that_is_no_code_does_not_switch_the_law_off() -> None:
    for packs in (TEN_TIMES, Packs(TEN_TIMES.rules)):
        for country in ("United Kingdom", "UK", "GBR", "XX", 7):
            decision = decided(packs, ngr=200, country=country)
            assert (decision.status, decision.reward, decision.told()) == (Status.UNKNOWN, None, [NOT_KNOWN_YET])
            assert [reason.code for reason in decision.reasons] == ["jurisdiction_unknown"]
            assert "player.country is " in decision.reasons[0].text
    assert decided(Packs(TEN_TIMES.rules), ngr=200, country="gb").status is Status.VETOED
    assert decided(Packs(), ngr=200, country="UK").tier == "high"


def test_that_the_law_of_no_place_was_weighed_stands_in_the_trace() -> None:
    decision = decided(Packs(TEN_TIMES.rules), ngr=200)
    assert [(node.kind, node.label, node.verdict.value) for node in decision.trace.children[2:]] == [
        ("jurisdiction", NO_PLACE, "yes")
    ]


@pytest.mark.parametrize("gone", ["player.jurisdiction", "player.country"])
def test_an_outage_of_the_place_does_not_switch_the_law_off(gone: str) -> None:
    for ngr in (200, 50):  # of GB and the lower tier nobody could say that it is lawful: the place may be another one
        decision = decided(Packs(TEN_TIMES.rules), ngr=ngr, country="GB", unavailable=(gone,))
        assert (decision.status, decision.reward, decision.told()) == (Status.UNKNOWN, None, [NOT_KNOWN_YET])
        assert [reason.code for reason in decision.reasons] == ["jurisdiction_unknown"]
    assert decided(Packs(), ngr=200, country="GB", unavailable=(gone,)).tier == "high"


def test_an_outage_behind_the_place_that_is_known_makes_no_difference() -> None:
    known = decided(TEN_TIMES, ngr=50, jurisdiction="GB", unavailable=("player.country",))
    assert (known.status, known.tier) == (Status.QUALIFIED, "low")


def test_a_rule_that_hangs_on_what_nobody_knows_leaves_the_decision_open() -> None:
    first_only = Packs((rule(Predicate.FIRST_TIME_ONLY),))
    decision = decided(first_only, ngr=200, country="GB")
    assert (decision.status, [reason.code for reason in decision.reasons]) == (Status.UNKNOWN, ["jurisdiction_unknown"])


def test_the_law_is_not_asked_about_what_is_not_granted() -> None:
    decision = decided(TEN_TIMES, ngr=0)
    assert (decision.status, decision.reasons[0].code) == (Status.NOT_QUALIFIED, "condition_failed")
    assert decided(TEN_TIMES, ngr=0, unavailable=("player.country",)).status is Status.NOT_QUALIFIED


@pytest.mark.parametrize(
    ("now", "status"),
    [
        (datetime(2026, 11, 22, 9, 59, tzinfo=UTC), Status.QUALIFIED),
        (datetime(2026, 11, 22, 10, tzinfo=UTC), Status.VETOED),  # midnight where the day begins first
        (datetime(2026, 11, 23, 0, tzinfo=UTC), Status.VETOED),  # midnight in London
    ],
)
@pytest.mark.parametrize("zone", ["Europe/London", "America/Los_Angeles"])
def test_a_law_begins_when_its_day_may_have_begun_whatever_the_day_of_the_casino(
    zone: str, now: datetime, status: Status
) -> None:
    begins = Packs((rule(Predicate.NO_BONUS, start=date(2026, 11, 23)),))
    assert decided(begins, now=now, zone=zone, ngr=50, country="GB").status is status


def test_safety_stands_before_the_law() -> None:
    facts = Facts.of({"player": {"ngr": 50, "country": "GB"}, "safety": {**CLEAR, "self_excluded": True}})
    decision = decide(spins(), facts, brand="b", now=NOW, packs=TEN_TIMES)
    assert [node.kind for node in decision.trace.children] == ["safety"]
    assert [*decision.snapshot.values] == sorted(f"safety.{name}" for name in CLEAR)
