"""What is wrong inside one configuration."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from casino.analysis.finding import Finding
from casino.fields.catalogue import Catalogue
from casino.rules.scale import bucket_of

Analysed = Callable[..., list[Finding]]
TIER = "  - {{name: {name}, priority: {priority}, when: {when}, reward: {reward}}}"
REWARD = "{type: standard, spinsCount: 15, gameProvider: BGaming, wager: 5}"


def tiers(*when: str) -> str:
    """Write tiers t1, t2, …, the first with the highest priority; a condition each, or "" for the default."""
    lines = [
        TIER.format(name=f"t{number}", priority=9 - number, when=f'["{one}"]' if one else "[]", reward=REWARD)
        for number, one in enumerate(when, 1)
    ]
    return "\n".join(["tiers:", *lines])


def section(name: str, *conditions: str) -> str:
    return "\n".join([f"{name}:", *(f'  - "{one}"' for one in conditions)])


def told(found: list[Finding]) -> list[tuple[str, str, tuple[str | int, ...], str]]:
    return [(one.code, one.severity, one.path, one.message) for one in found]


def player(finding: Finding) -> object:
    return None if finding.witness is None else finding.witness["player"]


def test_a_plain_configuration_has_no_findings(analysed: Analysed) -> None:
    assert analysed(section("qualification", "player.ngr > 0")) == []


@pytest.mark.parametrize(
    ("conditions", "clash", "index"),
    [
        (["player.ngr > 10", "player.a == 1", "player.ngr < 5"], "player.ngr > 10 and player.ngr < 5", 2),
        (["player.ngr >= 5", "player.ngr > 4", "player.ngr < 5"], "player.ngr >= 5 and player.ngr < 5", 2),
        (["player.s == 'a'", "player.s != 'a'"], "player.s == 'a' and player.s != 'a'", 1),
        (["player.s == 'a'", "player.s is_in ['b', 'c']"], "player.s == 'a' and player.s is_in ['b', 'c']", 1),
        (["player.s == 'a'", "player.s > 3"], "player.s == 'a' and player.s > 3", 1),
        (
            ["player.tags contains 'a'", "player.tags does not contain any of ['a', 'b']"],
            "player.tags contains 'a' and player.tags does not contain any of ['a', 'b']",
            1,
        ),
        (
            ["player.d > '2026-03-01'", "player.d < '2026-03-02'"],
            "player.d > '2026-03-01' and player.d < '2026-03-02'",
            1,
        ),
        (
            ["days since player.at <= 7", "days since player.at > 9"],
            "days since player.at <= 7 and days since player.at > 9",
            1,
        ),
        (
            ["player.at > now", "hours since player.at > 1"],
            "player.at > now and hours since player.at > 1",
            1,
        ),
        (
            ["bucket 'x' of player.id < 1000", "bucket 'x' of player.id >= 1000"],
            "bucket 'x' of player.id < 1000 and bucket 'x' of player.id >= 1000",
            1,
        ),
        (["player.m >= 500 EUR", "player.m < 10 SEK"], "player.m >= 500 EUR and player.m < 10 SEK", 1),
    ],
)
def test_conditions_that_never_hold_together(analysed: Analysed, conditions: list[str], clash: str, index: int) -> None:
    found = analysed(section("qualification", *conditions))
    message = f"nobody can pass the qualification: {clash} never hold together"
    assert told(found) == [("B101", "error", ("qualification", index), message)]


@pytest.mark.parametrize(
    "conditions",
    [
        ["player.ngr > 4", "player.ngr < 5"],
        ["player.s != 'a'", "player.s != 'b'"],
        ["player.tags contains any of ['a', 'b']", "player.tags does not contain any of ['a']"],
        ["days since player.at <= 7", "player.at > '2026-01-01T00:00:00Z'"],
        ["bucket 'x' of player.id < 1", "bucket 'y' of player.id < 1"],
        ["player.at > '2030-01-01T00:00:00Z'", "player.at < now"],
        ["player.tags contains 1", "player.tags contains 'a'", "player.tags contains true"],
    ],
)
def test_conditions_that_can_hold_together_are_no_error(analysed: Analysed, conditions: list[str]) -> None:
    assert [one.code for one in analysed(section("qualification", *conditions)) if one.severity == "error"] == []


def test_a_whole_number_lies_between_no_two_in_a_row(analysed: Analysed, catalogue: Callable[..., Catalogue]) -> None:
    conditions = section("segmentation", "player.count > 4", "player.count < 5")
    assert [one.code for one in analysed(conditions, catalogue=catalogue(count="number whole"))] == ["B101"]
    assert analysed(conditions, catalogue=catalogue(count="number")) == []


def test_a_qualification_against_the_segmentation_is_an_error(analysed: Analysed) -> None:
    text = f"{section('segmentation', 'player.a == 1')}\n{section('qualification', 'player.a == 2')}"
    message = "nobody can pass the qualification: player.a == 1 and player.a == 2 never hold together"
    assert told(analysed(text)) == [("B101", "error", ("qualification", 0), message)]


def test_a_safety_fact_that_vetoes_lets_nobody_pass(analysed: Analysed) -> None:
    found = analysed(section("qualification", "safety.self_excluded == true"))
    message = "nobody can pass the qualification: safety.self_excluded == true never holds"
    assert told(found) == [("B101", "error", ("qualification", 0), message)]
    assert [one.code for one in analysed(section("qualification", "safety.age_years < 18"))] == ["B101"]
    assert analysed(section("qualification", "safety.age_years >= 21", "safety.other == 'a'")) == []


def test_limits_let_a_player_through_who_has_not_reached_them(analysed: Analysed) -> None:
    limits = "limits: {per_player: [{count: 1, period: week}], campaign: {budget: 5 EUR}, one_live_bonus: true}"
    assert [one.code for one in analysed(limits)] == ["B111"]  # the tier's reward has no known cost
    found = [one for one in analysed(f"{limits}\n{tiers('player.a == 1')}") if one.code != "B111"]
    assert found[0].witness is not None
    assert found[0].witness["counters"] == {
        "a": {"grants_week": 0, "spent": {"amount": 0, "currency": "EUR"}},
        "live_bonuses": 0,
    }


def test_a_tier_that_nobody_can_match(analysed: Analysed) -> None:
    text = f"{section('qualification', 'player.a > 5')}\n{tiers('player.a < 3', '')}"
    message = 'nobody who qualifies can match the tier "t1": player.a > 5 and player.a < 3 never hold together'
    assert told(analysed(text)) == [("B102", "error", ("tiers", "t1", "when", 0), message)]


def test_a_tier_behind_a_broader_one_is_never_reached(analysed: Analysed) -> None:
    found = analysed(tiers("player.lastDeposit >= 100", "player.lastDeposit >= 500", ""))
    message = 'the tier "t2" is never reached: whoever matches it matches "t1" first'
    assert told(found) == [("B103", "error", ("tiers", "t2"), message)]
    assert player(found[0]) == {"lastDeposit": 500}


def test_a_tier_behind_two_that_take_all_its_players_together(analysed: Analysed) -> None:
    found = analysed(tiers("player.a < 5", "player.b == 'x'", "player.a >= 5", "player.a > 0", ""))
    message = 'the tier "t4" is never reached: whoever matches it matches one of "t1", "t3" first'
    assert told(found) == [("B103", "error", ("tiers", "t4"), message)]


def test_both_answers_of_a_yes_or_no_leave_only_those_without_one(
    analysed: Analysed, catalogue: Callable[..., Catalogue]
) -> None:
    known = catalogue(flag="boolean", a="number")
    both = tiers("player.flag == true", "player.flag == false", "player.a > 1", "")
    assert analysed(both, catalogue=known) == []
    asked = section("qualification", "player.flag is_in [true, false]")
    found = analysed(f"{asked}\n{both}", catalogue=known)
    assert [(one.code, one.path) for one in found] == [("B103", ("tiers", "t3")), ("B103", ("tiers", "t4"))]


def test_known_values_that_are_all_covered_leave_nobody(
    analysed: Analysed, catalogue: Callable[..., Catalogue]
) -> None:
    text = "\n".join([section("qualification", "player.s != 'c'"), tiers("player.s == 'a'", "player.s == 'b'", "")])
    assert [one.path for one in analysed(text, catalogue=catalogue(s="text a b c"))] == [("tiers", "t3")]
    assert analysed(text, catalogue=catalogue(s="text")) == []


def test_a_player_who_qualifies_and_matches_no_tier_is_shown(analysed: Analysed) -> None:
    text = "\n".join(
        [section("qualification", "player.ngr > 0"), tiers("player.category == 'VIP'", "player.ngr >= 100")]
    )
    found = analysed(text)
    assert told(found) == [
        ("B105", "warning", ("tiers",), "a player can qualify and match no tier, and then gets nothing")
    ]
    assert player(found[0]) == {"ngr": 1, "category": "other"}


def test_no_tiers_at_all(analysed: Analysed) -> None:
    found = analysed("tiers: []")
    assert [(one.code, one.message, player(one)) for one in found] == [("B105", "there are no tiers", {})]


def test_tiers_that_cover_everybody_need_no_default(analysed: Analysed) -> None:
    asked = section("qualification", "player.a > 0")
    assert analysed(f"{asked}\n{tiers('player.a >= 5', 'player.a < 5')}") == []


def test_a_condition_that_follows_from_another_is_a_hint(analysed: Analysed) -> None:
    text = f"{section('segmentation', 'player.a > 5')}\n{section('qualification', 'player.a > 3', 'player.b == 1')}"
    message = "player.a > 3 always holds where player.a > 5 holds"
    assert told(analysed(text)) == [("B106", "hint", ("qualification", 0), message)]


def test_of_two_equal_conditions_the_later_one_says_nothing(analysed: Analysed) -> None:
    found = analysed(section("qualification", "player.a > 5", "player.a > 5", "player.a > 4", "player.a < 9"))
    assert [(one.code, one.path) for one in found] == [
        ("B106", ("qualification", 2)),
        ("B106", ("qualification", 1)),
    ]


def test_a_condition_that_follows_from_two_together(analysed: Analysed) -> None:
    conditions = ["player.a >= 5", "player.a <= 5", "player.a != 6", "player.a == 5"]
    found = analysed(section("qualification", *conditions))
    assert found[0].message == "player.a == 5 always holds where player.a >= 5 and player.a <= 5 hold"


def test_a_condition_with_words_for_the_player_is_never_redundant(analysed: Analysed) -> None:
    said = "{field: player.a, operator: '>', value: 3, say: More please., hear: player}"
    assert analysed(f"qualification:\n  - player.a > 5\n  - {said}") == []


def test_witnesses_live_on_the_day_that_is_given(analysed: Analysed) -> None:
    text = f"{section('qualification', 'days since player.at <= 7')}\n{tiers('player.a == 1')}"
    found = analysed(text, on=date(2026, 11, 22))
    assert found[0].at is not None
    assert found[0].at.isoformat() == "2026-11-22T12:00:00+00:00"
    assert player(found[0]) == {"a": 0, "at": "2026-11-15"}


def test_a_list_of_other_things_fails_as_well(analysed: Analysed) -> None:
    found = analysed(tiers("player.tags does not contain any of ['a']", "player.tags contains 1"))
    assert player(found[0]) == {"tags": ["a"]}


def test_a_list_of_nothing_that_is_named_is_comparable_with_nothing(analysed: Analysed) -> None:
    found = analysed(tiers("player.tags does not contain any of ['a']"))
    assert player(found[0]) == {"tags": ["a"]}
    mixed = tiers("player.tags does not contain any of ['a', 1]", "player.tags contains any of [1, 'a', true]")
    assert player(analysed(mixed)[0]) == {}
    numbers = tiers("player.tags does not contain any of ['a']", "player.tags contains any of ['a', 0]")
    assert player(analysed(numbers)[0]) == {"tags": [1]}
    texts = tiers("player.tags does not contain any of [0]", "player.tags contains any of ['other', 0]")
    assert player(analysed(texts)[0]) == {"tags": ["other-1"]}


def test_a_field_is_of_its_type_and_a_date_is_no_moment(
    analysed: Analysed, catalogue: Callable[..., Catalogue]
) -> None:
    known = catalogue(at="moment", on="date", m="money", n="number", xs="number_list")
    conditions = [
        "days since player.at <= 7",
        "player.at < now",
        "player.on >= today",
        "player.m >= 5 EUR",
        "player.n is_in [1, 2]",
        "player.xs contains any of [1, 2]",
    ]
    text = "\n".join([section("qualification", *conditions), tiers("player.at >= now")])
    found = analysed(text, catalogue=known, on=date(2026, 11, 22))
    assert [one.code for one in found] == ["B102", "B105"]
    assert player(found[1]) == {
        "at": "2026-11-14T13:00:00Z",
        "on": "2026-11-22",
        "m": {"amount": 5, "currency": "EUR"},
        "n": 1,
        "xs": [1],
    }


def test_known_numbers_are_all_there_are(analysed: Analysed, catalogue: Callable[..., Catalogue]) -> None:
    base = catalogue(level="number")
    level = replace(base.fields["player.level"], values=(1, 2, 3))
    known = catalogue(level=level)
    asked = section("qualification", "player.level > 2")
    assert [one.path for one in analysed(f"{asked}\n{tiers('player.level == 3', '')}", catalogue=known)] == [
        ("tiers", "t2"),
        ("tiers", "t1", "when", 0),
    ]


def test_what_is_looked_at_in_too_many_ways_is_not_decided(analysed: Analysed) -> None:
    buckets = [f"bucket 's{number}' of player.id < 5000" for number in range(9)]
    assert analysed(section("qualification", *buckets, "bucket 's0' of player.id >= 5000")) == []


def test_a_text_that_is_named_has_the_bucket_that_it_has(analysed: Analysed) -> None:
    found = analysed(section("qualification", "player.id == 'P1'", "bucket 'autumn' of player.id < 1000"))
    assert [one.code for one in found] == (["B101"] if bucket_of("autumn", "P1") >= 1000 else [])


def test_a_moment_that_everybody_spells_differently_is_one_moment(analysed: Analysed) -> None:
    same = ["player.at == '2026-01-01T00:00:00Z'", "player.at != '2026-01-01T00:00:00+00:00'"]
    assert analysed(section("qualification", *same)) == [
        *(one for one in analysed(section("qualification", *same)) if one.code == "B106")
    ]


def test_the_ends_of_the_calendar_are_no_trouble(analysed: Analysed) -> None:
    far = ["days since player.at > 9000000"]
    assert [one.code for one in analysed(section("qualification", *far))] == ["B101"]
    tight = ["player.at > '2026-01-01T00:00:00Z'", "player.at < '2026-01-01T00:00:00.000002Z'"]
    assert analysed(section("qualification", *tight)) == []
    early = ["player.at < '0001-01-01T00:00:01Z'", "player.on <= '0001-01-01'"]
    assert analysed(section("qualification", *early)) == []
