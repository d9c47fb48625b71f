"""The law of a place as a guard: what is against it stops a grant, what nobody knows leaves it open."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from casino.bonus.configuration import Configuration, parse_configuration
from casino.bonus.law.jurisdictions import (
    NO_PACKS,
    NO_PLACE,
    JurisdictionCheck,
    JurisdictionRule,
    Packs,
    Predicate,
    check_jurisdiction,
)
from casino.bonus.law.places import is_place, latest_day, within
from casino.bonus.reward import Boosted, Cash, Reward, Standard
from casino.document import load_yaml
from casino.facts import Facts
from casino.money import Money
from casino.values import Value
from casino.verdict import TraceNode, Verdict

DAY = date(2026, 11, 22)
SPINS = Standard(spins_count=15, game=None, game_provider="BGaming", wager=35)
BOOSTED = Boosted(template_name="HIGH_30", value_per_spin_description="0.5 EUR")
CASH = Cash(amount=20, amount_type="cash", name="n", description="d", wager=5)


def configuration() -> Configuration:
    return parse_configuration(load_yaml("{id: some, name: Some, priority: 1}", name="some.yaml"))


def rule(predicate: Predicate, value: int | Money | None = None, *, jurisdiction: str = "GB") -> JurisdictionRule:
    return JurisdictionRule(
        id=f"{jurisdiction}-1",
        jurisdiction=jurisdiction,
        predicate=predicate,
        value=value,
        effective_from=date(2026, 1, 19),
        source="LCCP",
        verified=True,
        text="The rule.",
    )


def facts(
    *unavailable: str, player: dict[str, Value] | None = None, age: Value = 30, counters: dict[str, Value] | None = None
) -> Facts:
    known = {"country": "GB", "currency": "GBP"} if player is None else player
    return Facts.of(
        {"player": known, "safety": {"age_years": age}, "counters": counters or {}, "unavailable": [*unavailable]}
    )


def checked(
    *rules: JurisdictionRule,
    of: Facts | None = None,
    reward: Reward = SPINS,
    required: bool = False,
    on: date = DAY,
) -> JurisdictionCheck:
    seen = facts() if of is None else of
    packs = Packs(rules, required)
    return check_jurisdiction(packs, configuration=configuration(), reward=reward, facts=seen, on=on)


def said(found: JurisdictionCheck) -> list[tuple[str, str]]:
    """Return the rules that were weighed, each with its verdict."""
    assert found.node is not None
    return [(node.label, node.verdict.value) for node in found.node.children[1:]]


def test_wagering_above_the_cap_is_against_the_law() -> None:
    found = checked(rule(Predicate.MAX_WAGER, 10))
    assert found.against == ("some: GB-1: The rule. Here it is 35x. (LCCP)",)
    assert found.unknown == ()
    assert found.values == {"player.country": "GB"}
    assert found.node is not None
    assert found.node.to_document() == {
        "kind": "jurisdiction",
        "label": "jurisdiction GB",
        "verdict": "no",
        "children": [
            {
                "kind": "condition",
                "label": "player.country names a place",
                "verdict": "yes",
                "path": "player.country",
                "operator": "names a place",
                "expected": None,
                "outcome": "pass",
                "actual": "GB",
                "source": "player",
            },
            {"kind": "jurisdiction", "label": "GB-1: The rule. Here it is 35x.", "verdict": "no", "children": []},
        ],
    }


def test_wagering_at_the_cap_is_lawful() -> None:
    found = checked(rule(Predicate.MAX_WAGER, 10), reward=replace(CASH, wager=10))
    assert (found.against, said(found)) == ((), [("GB-1: The rule. Here it is 10x.", "yes")])


def test_a_rule_binds_from_its_first_day() -> None:
    cap = rule(Predicate.MAX_WAGER, 10)
    assert checked(cap, on=date(2026, 1, 18)).against == ()
    assert len(checked(cap, on=date(2026, 1, 19)).against) == 1
    assert len(checked(replace(cap, effective_from=None), on=date(2000, 1, 1)).against) == 1


def test_the_strictest_of_several_rules_decides() -> None:
    lax, strict = replace(rule(Predicate.MAX_WAGER, 50), id="GB-2"), rule(Predicate.MAX_WAGER, 10)
    assert [verdict for _, verdict in said(checked(lax, strict))] == ["no", "yes"]
    assert len(checked(lax, strict).against) == 1


def test_the_law_of_a_country_holds_in_its_parts_and_not_elsewhere() -> None:
    country, part = rule(Predicate.NO_BONUS, jurisdiction="CA"), rule(Predicate.NO_BONUS, jurisdiction="CA-ON")
    ontario, canada = facts(player={"country": "CA-ON"}), facts(player={"country": "CA"})
    assert len(checked(country, part, of=ontario).against) == 2
    assert len(checked(country, part, of=canada).against) == 1
    assert checked(country, part).against == ()


def test_the_jurisdiction_stands_before_the_country() -> None:
    here = facts(player={"jurisdiction": "GB", "country": "MT"})
    found = checked(rule(Predicate.NO_BONUS), of=here)
    assert found.against == ("some: GB-1: The rule. (LCCP)",)
    assert found.values == {"player.jurisdiction": "GB"}
    nothing_said = checked(rule(Predicate.NO_BONUS), of=facts(player={"jurisdiction": None, "country": " gb "}))
    assert len(nothing_said.against) == 1
    assert nothing_said.values == {"player.country": " gb ", "player.jurisdiction": None}


@pytest.mark.parametrize(
    ("of", "outcome"),
    [
        (facts(player={}), "missing"),
        (facts(player={"country": None}), "null"),
        (facts("player"), "unavailable"),
        (facts("player.jurisdiction"), "unavailable"),
        (facts("player.country", player={}), "unavailable"),
        (facts("player.country", player={"jurisdiction": None, "country": "GB"}), "unavailable"),
    ],
)
def test_a_place_that_is_not_known_leaves_a_required_check_open(of: Facts, outcome: str) -> None:
    found = checked(rule(Predicate.NO_BONUS), of=of, required=True)
    assert found.against == ()
    assert found.unknown == ("some: the player's place is not known, so nobody can say which law applies",)
    assert found.node is not None
    assert (found.node.label, found.node.verdict) == ("jurisdiction not known", Verdict.UNKNOWN)
    assert [node.outcome for node in found.node.children] == [outcome]
    assert (checked(rule(Predicate.NO_BONUS), of=of) == found) is (outcome == "unavailable")


@pytest.mark.parametrize("required", [False, True])
@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("UK", "'UK'"),
        ("United Kingdom", "'United Kingdom'"),
        ("GBR", "'GBR'"),
        ("XX", "'XX'"),
        ("", "''"),
        (7, "7"),
        ("x" * 90, f"'{'x' * 38}…"),
    ],
)
def test_what_is_given_and_is_no_place_leaves_the_grant_open(given: Value, shown: str, *, required: bool) -> None:
    for path in ("country", "jurisdiction"):
        found = checked(rule(Predicate.NO_BONUS), of=facts(player={path: given}), required=required)
        why = f"player.{path} is {shown}, which is no ISO 3166 code (write GB or CA-ON)"
        assert (found.against, found.unknown) == ((), (f"some: {why}, so nobody can say which law applies",))
        assert found.node is not None
        assert (found.node.label, found.node.verdict) == ("jurisdiction not known", Verdict.UNKNOWN)
        assert [node.outcome for node in found.node.children] == ["type_mismatch"]
    assert checked(of=facts(player={"country": given})) == JurisdictionCheck((), (), None, {})


@pytest.mark.parametrize("of", [facts(player={}), facts(player={"country": None})])
def test_where_nobody_requires_a_place_and_none_is_given_nothing_is_weighed_and_that_is_told(of: Facts) -> None:
    found = checked(rule(Predicate.NO_BONUS), of=of)
    assert (found.against, found.unknown) == ((), ())
    assert found.node == TraceNode(kind="jurisdiction", label=NO_PLACE, verdict=Verdict.YES)


def test_without_packs_nothing_is_looked_at() -> None:
    seen = facts()
    found = check_jurisdiction(NO_PACKS, configuration=configuration(), reward=SPINS, facts=seen, on=DAY)
    assert found == JurisdictionCheck((), (), None, {})


def test_what_nobody_has_verified_is_shown_and_vetoes_nothing() -> None:
    found = checked(replace(rule(Predicate.NO_BONUS), verified=False))
    assert (found.against, found.unknown) == ((), ())
    assert said(found) == [("GB-1 (not verified, so it vetoes nothing): The rule.", "yes")]


def test_what_only_a_person_can_weigh_is_shown_and_vetoes_nothing() -> None:
    found = checked(rule(Predicate.REVIEW))
    assert said(found) == [("GB-1 (for the person who saves the configuration): The rule.", "yes")]


def test_the_wagering_of_a_template_cannot_be_weighed() -> None:
    why = "cannot be weighed: only the back office's template knows the wagering"
    assert said(checked(rule(Predicate.MAX_WAGER, 10), reward=BOOSTED)) == [(f"GB-1 ({why}): The rule.", "yes")]


def test_cash_above_the_highest_value_is_against_the_law() -> None:
    cap = rule(Predicate.MAX_VALUE, Money.parse("19.99", "GBP"))
    found = checked(cap, reward=CASH)
    assert found.against == ("some: GB-1: The rule. Here it is 20 of the player's currency. (LCCP)",)
    assert found.values == {"player.country": "GB", "player.currency": "GBP"}
    assert checked(cap, reward=replace(CASH, amount=Decimal("19.99"))).against == ()


@pytest.mark.parametrize(
    ("reward", "currency", "why"),
    [
        (CASH, "EUR", "the player's currency is not GBP"),
        (replace(CASH, amount_type="free_spins"), "GBP", "the value of this reward is not known"),
        (SPINS, "GBP", "the value of this reward is not known"),
        (BOOSTED, "GBP", "the value of this reward is not known"),
    ],
)
def test_a_value_that_is_not_known_in_the_rules_currency_cannot_be_weighed(
    reward: Reward, currency: str, why: str
) -> None:
    cap = rule(Predicate.MAX_VALUE, Money(100, "GBP"))
    found = checked(cap, reward=reward, of=facts(player={"country": "GB", "currency": currency}))
    assert said(found) == [(f"GB-1 (cannot be weighed: {why}): The rule.", "yes")]


@pytest.mark.parametrize("currency", ["gbp", "GBP ", "\u00a0Gbp\n"])
def test_a_currency_is_read_as_a_place_is(currency: str) -> None:
    cap = rule(Predicate.MAX_VALUE, Money(100, "GBP"))
    found = checked(cap, reward=CASH, of=facts(player={"country": "GB", "currency": currency}))
    assert (len(found.against), found.unknown) == (1, ())
    assert found.values["player.currency"] == currency
    assert found.node is not None
    assert [(node.actual, node.outcome) for node in found.node.children[1].children] == [(currency, "pass")]
    other = checked(cap, reward=CASH, of=facts(player={"country": "GB", "currency": " sek"}))
    assert said(other) == [("GB-1 (cannot be weighed: the player's currency is not GBP): The rule.", "yes")]


@pytest.mark.parametrize("currency", ["", "GB", "EURO", "\u20ac", "G8P", 826, None])
def test_what_is_no_currency_does_not_switch_the_cap_off(currency: Value) -> None:
    cap = rule(Predicate.MAX_VALUE, Money(100, "GBP"))
    found = checked(cap, reward=CASH, of=facts(player={"country": "GB", "currency": currency}))
    assert (found.against, len(found.unknown)) == ((), 1)
    assert said(found)[0][1] == "unknown"


def test_a_currency_that_could_not_be_read_leaves_the_value_open() -> None:
    cap = rule(Predicate.MAX_VALUE, Money(100, "GBP"))
    found = checked(cap, reward=CASH, of=facts("player.currency"))
    assert (found.against, len(found.unknown)) == ((), 1)
    assert found.values == {"player.country": "GB"}


@pytest.mark.parametrize(
    ("age", "verdict"), [(23, Verdict.NO), (24, Verdict.YES), (None, Verdict.UNKNOWN), ("24", Verdict.UNKNOWN)]
)
def test_a_legal_age_of_its_own_is_weighed(age: Value, verdict: Verdict) -> None:
    found = checked(rule(Predicate.MIN_AGE, 24), of=facts(age=age))
    assert found.node is not None
    assert found.node.verdict is verdict
    assert (len(found.against), len(found.unknown)) == (verdict is Verdict.NO, verdict is Verdict.UNKNOWN)
    assert found.values == {"player.country": "GB", "safety.age_years": age}


@pytest.mark.parametrize(
    ("counters", "verdict"),
    [
        ({"lifetime_grants": 0}, Verdict.YES),
        ({"lifetime_grants": 1}, Verdict.NO),
        ({}, Verdict.UNKNOWN),
        ({"lifetime_grants": -1}, Verdict.UNKNOWN),
        ({"lifetime_grants": None}, Verdict.UNKNOWN),
    ],
)
def test_where_only_the_first_bonus_is_lawful_earlier_grants_count(
    counters: dict[str, Value], verdict: Verdict
) -> None:
    found = checked(rule(Predicate.FIRST_TIME_ONLY), of=facts(counters=counters))
    assert found.node is not None
    assert found.node.verdict is verdict


def test_a_counter_that_could_not_be_read_is_no_first_time() -> None:
    found = checked(rule(Predicate.FIRST_TIME_ONLY), of=facts("counters"))
    assert (found.against, len(found.unknown)) == ((), 1)


def test_the_values_that_were_read_are_enough_to_check_again() -> None:
    rules = (rule(Predicate.MIN_AGE, 24), replace(rule(Predicate.MAX_VALUE, Money(1, "GBP")), id="GB-2"))
    first = checked(*rules, reward=CASH)
    tree: dict[str, dict[str, Value]] = {}
    for path, value in first.values.items():
        root, _, name = path.partition(".")
        tree.setdefault(root, {})[name] = value
    assert checked(*rules, reward=CASH, of=Facts.of(tree)) == first


def test_every_line_of_the_trace_is_about_this_place() -> None:
    found = checked(rule(Predicate.NO_BONUS), rule(Predicate.NO_BONUS, jurisdiction="BR"))
    assert found.node is not None
    labels = [node.label for node in _all(found.node)]
    assert labels == ["jurisdiction GB", "player.country names a place", "GB-1: The rule."]


def _all(node: TraceNode) -> list[TraceNode]:
    return [node, *(one for child in node.children for one in _all(child))]


@pytest.mark.parametrize("code", ["GB", "CA-ON", "US-NJ", "ES-M"])
def test_iso_codes_are_places(code: str) -> None:
    assert is_place(code)


@pytest.mark.parametrize("code", ["", "UK", "gb", "GBR", "CA-", "CA-ONTARIO", "ZZ", "CA-on"])
def test_what_is_no_iso_code_is_no_place(code: str) -> None:
    assert not is_place(code)


@pytest.mark.parametrize(
    ("at", "day"),
    [
        (datetime(2026, 1, 18, 9, 59, 59, tzinfo=UTC), date(2026, 1, 18)),
        (datetime(2026, 1, 18, 10, tzinfo=UTC), date(2026, 1, 19)),
        (datetime(2026, 1, 19, 0, tzinfo=timezone(timedelta(hours=14))), date(2026, 1, 19)),
        (datetime(9999, 12, 31, 23, tzinfo=UTC), date.max),
    ],
)
def test_the_latest_day_on_earth_begins_fourteen_hours_before_that_of_utc(at: datetime, day: date) -> None:
    assert latest_day(at) == day


def test_a_place_lies_within_its_country_only() -> None:
    assert within("CA-ON", "CA")
    assert within("CA", "CA")
    assert not within("CA", "CA-ON")
    assert not within("CAX", "CA")
