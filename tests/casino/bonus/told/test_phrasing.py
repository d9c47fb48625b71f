"""How conditions and rewards are said to people."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from casino.bonus.told.phrasing import field_name, found, needs, reward_text, said, subject
from casino.bonus.told.steps import Step, trace_of
from casino.clock import CasinoTime
from casino.facts import MISSING, UNAVAILABLE, Found, Look
from casino.rules.evaluate import condition_node, weigh
from casino.rules.parse import parse_condition
from casino.values import Document, Value

AT = CasinoTime(datetime(2026, 11, 22, 12, tzinfo=UTC))


def step(rule: str, look: Look) -> Step:
    """Return the step of one condition as a record holds it."""
    condition = parse_condition(rule)
    node = condition_node(condition, weigh(condition, look, AT)).to_document()
    (found_,) = trace_of({"trace": {"kind": "decision", "children": [node]}}).children
    return found_


@pytest.mark.parametrize(
    ("rule", "value", "words"),
    [
        ("player.vipLevel == 'gold'", "silver", 'Vip level has to be "gold"; it is "silver"'),
        ("player.status != 'banned'", "banned", 'Status must not be "banned"; it is "banned"'),
        ("player.ngr > 0", -2, "Ngr has to be more than 0; it is -2"),
        ("player.ngr >= 0.5", 0, "Ngr has to be at least 0.5; it is 0"),
        ("player.bonusRate < 30", 30, "Bonus rate has to be less than 30; it is 30"),
        ("player.bonusRate <= 30", 31, "Bonus rate has to be at most 30; it is 31"),
        ("player.wantsBonus == true", False, "Wants bonus has to be yes; it is no"),
        ("player.tags contains 'loyal'", [], 'Tags has to include "loyal"; there is none'),
        ("player.status is_in ['a', 'b']", "c", 'Status has to be one of "a", "b"; it is "c"'),
        (
            "player.tags contains any of ['vip', 'whale']",
            ["new", None],
            'Tags has to include at least one of "vip", "whale"; there is "new", nothing',
        ),
        ("player.badges contains all of ['v']", [], 'Badges has to include all of "v"; there is none'),
        (
            "player.tags does not contain any of ['abuser']",
            ["abuser"],
            'Tags must not include any of "abuser"; there is "abuser"',
        ),
        (
            "player.registeredOn < today - 30 days",
            "2026-11-01",
            "Registered on has to be before 30 days before the day of the decision; it is 2026-11-01",
        ),
        (
            "player.bonusExpiresAt > now",
            "2026-11-01T00:00:00Z",
            "Bonus expires at has to be after the moment of the decision; it is 2026-11-01T00:00:00Z",
        ),
        (
            "player.startsAt <= now + 2 hours",
            "2026-12-01T00:00:00Z",
            "Starts at must not be after 2 hours after the moment of the decision; it is 2026-12-01T00:00:00Z",
        ),
        ("player.day >= '2026-01-01'", "2025-12-31", "Day must not be before 2026-01-01; it is 2025-12-31"),
        (
            "days since player.lastDepositAt <= 7",
            "2026-11-10T12:00:00Z",
            "The number of days since last deposit at has to be at most 7; it is 12",
        ),
        ("bucket 'autumn' of player.id < 0", "P1", 'Hold-out draw "autumn" has to be less than 0; it is 2724'),
        (
            "player.biggestWin >= 500 EUR",
            {"amount": 20, "currency": "EUR"},
            "Biggest win has to be at least 500.00 EUR; it is 20 EUR",
        ),
        ("tools.kyc.status == 'approved'", "pending", 'Kyc status has to be "approved"; it is "pending"'),
        ("counters.live_bonuses < 1", 1, "Number counted as live bonuses has to be less than 1; it is 1"),
    ],
)
def test_a_condition_is_said_in_words(rule: str, value: Value, words: str) -> None:
    one = step(rule, Found(value))
    assert f"{subject(one)} {needs(one)}; {found(one)}" == words


@pytest.mark.parametrize(
    ("look", "words"),
    [
        (MISSING, "nothing is known about it"),
        (Found(None), "it is on file, but empty"),
        (Found("x"), 'what is on file ("x") is of another kind and cannot be compared'),
        (UNAVAILABLE, "the system that knows it did not answer"),
    ],
)
def test_what_is_not_there_is_said_by_its_cause(look: Look, words: str) -> None:
    assert found(step("player.ngr > 0", look)) == words


def test_a_field_is_called_by_its_description_where_there_is_one() -> None:
    names = {"player.ngr": "net gaming revenue so far, in the player's currency", "player.x": " . "}
    assert field_name("player.ngr", names) == "Net gaming revenue so far"
    assert field_name("player.x", names) == "X"
    assert subject(step("player.ngr > 0", Found(1)), names) == "Net gaming revenue so far"


@pytest.mark.parametrize(
    ("reward", "words"),
    [
        (
            {"rewardType": "standard", "spinsCount": 15, "game": "Elvis Frog", "gameProvider": "BGaming", "wager": 35},
            "15 free spins on Elvis Frog (BGaming), wagering 35x",
        ),
        (
            {"rewardType": "standard", "spinsCount": 15, "game": None, "gameProvider": "BGaming", "wager": 35},
            "15 free spins (BGaming), wagering 35x",
        ),
        (
            {"rewardType": "boosted", "templateName": "HIGH_30", "valuePerSpinDescription": "0.5 EUR"},
            "boosted free spins from the template HIGH_30, value per spin 0.5 EUR",
        ),
        (
            {
                "rewardType": "cash",
                "amount": 25,
                "amountType": "free_spins",
                "name": "W",
                "description": "d",
                "wager": 0,
            },
            "W: 25 free spins (d), wagering 0x",
        ),
    ],
)
def test_a_reward_is_said_with_all_its_fields(reward: Document, words: str) -> None:
    assert reward_text(reward) == words


def test_a_long_list_is_cut_and_a_mapping_is_said_by_its_keys() -> None:
    assert said([1, 2, 3, 4, 5, 6, 7, 8]) == "1, 2, 3, 4, 5, 6 and 2 more"
    assert said([]) == "nothing"
    assert said({"a": 1, "b": None}) == "a 1, b nothing"
    assert said({"now": {"days": 0}}) == "the moment of the decision"


def test_time_since_a_moment_is_said_as_a_sentence() -> None:
    names = {"player.lastDepositAt": "when the last deposit arrived"}
    late = step("days since player.lastDepositAt <= 7", MISSING)
    assert subject(late, names) == "The number of days since the last deposit arrived"
    plain = step("player.lastDepositAt > now", MISSING)
    assert subject(plain, names) == "The time when the last deposit arrived"


def test_a_counter_that_is_not_there_was_supplied_by_nobody() -> None:
    assert found(step("counters.a.grants_week < 1", UNAVAILABLE)) == "nobody supplied it"


def test_zeros_at_the_end_are_not_said() -> None:
    assert said(Decimal("13.333333333300")) == "13.3333333333"
