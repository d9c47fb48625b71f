"""Made-up players: from a sentence, and drawn at the boundaries of configurations."""

from collections import Counter
from contextlib import suppress
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casino.bonus.configuration import ConfigurationSet, load_set
from casino.bonus.decide import decide
from casino.bonus.players.candidates import candidates, fails, holds, of_type
from casino.bonus.players.described import Mock, NotUnderstood, mock_player
from casino.bonus.players.drawn import random_players
from casino.bonus.told.steps import trace_of
from casino.clock import CasinoTime
from casino.document import load_yaml
from casino.facts import SAFETY_FLAGS, Facts
from casino.fields.catalogue import OPEN, Catalogue, parse_catalogue
from casino.fields.field_type import FieldType
from casino.rules.condition import Condition, Operator
from casino.rules.parse import parse_condition
from casino.values import Value

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
AT = CasinoTime(NOW)


def read(sentence: str) -> dict[str, Value]:
    """Return what a sentence says, by path: what was assumed is left out."""
    mock = mock_player(sentence, now=NOW)
    assumed = {line.partition(" ")[0] for line in mock.assumed}
    facts = Facts.of(mock.document)
    paths = dict.fromkeys(line.rpartition('": ')[2].partition(" ")[0] for line in mock.read)
    assert assumed.isdisjoint(paths)
    return {path: facts.look(path).value for path in paths}


ASSUMED = (
    "player.id 'mock-player'",
    "player.status 'active'",
    "player.ngr 100",
    "player.badges []",
    "player.restrictions []",
    "player.segments []",
    "player.lastDeposit 50",
    "player.lastDepositAt '2026-11-19T12:00:00Z'",
    "player.daysSinceLastDeposit 3",
    "player.totalDeposits 150",
    "player.balance 20",
    "player.currency 'EUR'",
    "player.vipLevel null",
    "player.wantsBonus true",
    "player.activeBonus false",
    "player.kycStatus 'approved'",
    "tools.kyc.status 'approved'",
    "safety.self_excluded false",
    "safety.cooling_off false",
    "safety.rg_closed false",
    "safety.blocked false",
    "safety.aml_hold false",
    "safety.strong_harm false",
    "safety.age_years 30",
    "counters.lifetime_grants 0",
)


def test_the_sentence_of_the_manual_is_read() -> None:
    mock = mock_player("VIP from Malta, 3 deposits, tagged whale", now=NOW)
    assert mock == Mock(
        document={
            "player": {
                "id": "mock-player",
                "status": "active",
                "ngr": 100,
                "badges": [],
                "restrictions": [],
                "segments": [],
                "lastDeposit": 50,
                "lastDepositAt": "2026-11-19T12:00:00Z",
                "daysSinceLastDeposit": 3,
                "totalDeposits": 150,
                "balance": 20,
                "currency": "EUR",
                "vipLevel": None,
                "wantsBonus": True,
                "activeBonus": False,
                "kycStatus": "approved",
                "tags": ["whale"],
                "depositCount": 3,
                "category": "VIP",
                "country": "MT",
            },
            "tools": {"kyc": {"status": "approved"}},
            "safety": {**dict.fromkeys(SAFETY_FLAGS, False), "age_years": 30},
            "counters": {"lifetime_grants": 0},
            "unavailable": [],
        },
        read=(
            "\"tagged whale\": player.tags ['whale']",
            '"3 deposits": player.depositCount 3',
            "\"VIP\": player.category 'VIP'",
            "\"from Malta\": player.country 'MT'",
        ),
        assumed=ASSUMED,
    )


@pytest.mark.parametrize(
    ("sentence", "values"),
    [
        ("a new player from DE", {"player.category": "New", "player.country": "DE"}),
        ("Regular customer in the United Kingdom", {"player.category": "Regular", "player.country": "GB"}),
        ("from Ontario", {"player.country": "CA", "player.jurisdiction": "CA-ON"}),
        ("country CA-ON", {"player.country": "CA", "player.jurisdiction": "CA-ON"}),
        ("gold", {"player.vipLevel": "gold"}),
        ("vip level 'Black Card'", {"player.vipLevel": "Black Card"}),
        ("category Whale", {"player.category": "Whale"}),
        ("tagged vip and whale and aged 34", {"player.tags": ["vip", "whale"], "safety.age_years": 34}),
        ("with tags 'high roller'/loyal", {"player.tags": ["high roller", "loyal"]}),
        ("no tags, badges verified + depositor", {"player.tags": [], "player.badges": ["verified", "depositor"]}),
        ("restrictions no_bonus", {"player.restrictions": ["no_bonus"]}),
        ("in segment slots", {"player.segments": ["slots"]}),
        ("never deposited", {"player.depositCount": 0}),
        ("no deposits", {"player.depositCount": 0}),
        ("first-time depositor", {"player.depositCount": 1}),
        ("twelve deposits", {"player.depositCount": 12}),
        (
            "3 deposits of £100 each",
            {
                "player.depositCount": 3,
                "player.lastDeposit": 100,
                "player.currency": "GBP",
                "player.totalDeposits": 300,
            },
        ),
        ("last deposit 500 euros", {"player.lastDeposit": 500, "player.currency": "EUR"}),
        (
            "last deposit of 1,250.50 SEK 3 days ago",
            {
                "player.lastDeposit": Decimal("1250.50"),
                "player.currency": "SEK",
                "player.daysSinceLastDeposit": 3,
                "player.lastDepositAt": "2026-11-19T12:00:00Z",
            },
        ),
        (
            "deposited yesterday",
            {"player.daysSinceLastDeposit": 1, "player.lastDepositAt": "2026-11-21T12:00:00Z"},
        ),
        (
            "9 days since the last deposit",
            {"player.daysSinceLastDeposit": 9, "player.lastDepositAt": "2026-11-13T12:00:00Z"},
        ),
        ("total deposits 10k", {"player.totalDeposits": 10000}),
        ("deposited 2000 in total", {"player.totalDeposits": 2000}),
        ("ngr -20.5", {"player.ngr": Decimal("-20.5")}),
        ("1k NGR", {"player.ngr": 1000}),
        ("positive ngr", {"player.ngr": 100}),
        ("negative ngr", {"player.ngr": -100}),
        ("balance 30 dollars", {"player.balance": 30, "player.currency": "USD"}),
        ("paying in NOK", {"player.currency": "NOK"}),
        ("34 years old", {"safety.age_years": 34}),
        ("a minor", {"safety.age_years": 17}),
        ("age unknown", {"safety.age_years": None}),
        ("verified", {"player.kycStatus": "approved"}),
        ("not verified", {"player.kycStatus": "pending"}),
        ("kyc rejected", {"player.kycStatus": "rejected"}),
        ("kyc down", {"tools.kyc": "unavailable"}),
        ("exclusion register unreachable", {"safety.self_excluded": "unavailable"}),
        ("not self-excluded, not blocked", {"safety.self_excluded": False, "safety.blocked": False}),
        ("self-excluded", {"safety.self_excluded": True}),
        ("cooling off", {"safety.cooling_off": True}),
        ("closed for player protection", {"safety.rg_closed": True}),
        ("blocked, aml hold", {"safety.blocked": True, "safety.aml_hold": True}),
        ("signs of harm", {"safety.strong_harm": True}),
        ("active bonus", {"player.activeBonus": True}),
        ("without an active bonus", {"player.activeBonus": False}),
        ("bonuses off", {"player.wantsBonus": False}),
        ("opted in", {"player.wantsBonus": True}),
        ("banned", {"player.status": "banned"}),
        ("status 'under review'", {"player.status": "under review"}),
        ("id P77", {"player.id": "P77"}),
        ("player.bonusRate = 25.5", {"player.bonusRate": Decimal("25.5")}),
        ("player.deltas is -3", {"player.deltas": -3}),
        ("player.tags=['a', \"b\", 3]", {"player.tags": ["a", "b", 3]}),
        ("player.x = null, player.y = true", {"player.x": None, "player.y": True}),
        ("player.x = word, counters.c-1.grants_week = 1", {"player.x": "word", "counters.c-1.grants_week": 1}),
        ("player.x = 007", {"player.x": 7}),
        ("player.ngr = missing", {"player.ngr": "missing"}),
        ("tools.kyc = unavailable", {"tools.kyc": "unavailable"}),
        ("player.a.b = 1, player.a = 2", {"player.a.b": "missing", "player.a": 2}),
    ],
)
def test_a_phrase_is_read(sentence: str, values: dict[str, Value]) -> None:
    assert read(sentence) == values


def test_what_follows_from_what_was_said_is_assumed_with_it() -> None:
    none = mock_player("never deposited", now=NOW).document["player"]
    assert isinstance(none, dict)
    assert (none["lastDeposit"], none["totalDeposits"], none["daysSinceLastDeposit"]) == (None, 0, None)
    unverified = mock_player("unverified, from Sweden", now=NOW).document
    assert (unverified["tools"], unverified["unavailable"]) == ({"kyc": {"status": "pending"}}, [])
    assert isinstance(unverified["player"], dict)
    assert unverified["player"]["currency"] == "SEK"
    odd = mock_player("player.depositCount = many", now=NOW).document["player"]
    assert isinstance(odd, dict)
    assert odd["totalDeposits"] == 50
    days = mock_player("player.daysSinceLastDeposit = none", now=NOW).document["player"]
    assert isinstance(days, dict)
    assert days["lastDepositAt"] == "2026-11-22T12:00:00Z"


def test_nothing_was_granted_yet_unless_the_sentence_says_so() -> None:
    limits = [parse_condition("counters.c.grants_week < 1"), parse_condition("counters.c.spent < 500 EUR")]
    mock = mock_player("VIP", now=NOW, limits=limits)
    assert mock.document["counters"] == {
        "lifetime_grants": 0,
        "c": {"grants_week": 0, "spent": {"amount": 0, "currency": "EUR"}},
    }
    said = mock_player("VIP, counters.c.grants_week = 1", now=NOW, limits=limits).document["counters"]
    assert isinstance(said, dict)
    assert said["c"] == {"spent": {"amount": 0, "currency": "EUR"}, "grants_week": 1}


@pytest.mark.parametrize(
    ("sentence", "message"),
    [
        ("a purple VIP from Atlantis", 'not understood: "purple", "Atlantis". Can be read: a country ("from Malta")'),
        ("", "not understood: a sentence that says nothing."),
        ("the player", "not understood: a sentence that says nothing."),
        ("not a VIP", 'not understood: "not".'),
        ("VIP, new player", '"VIP" and "new" say two things about player.category. Take one of them out.'),
    ],
)
def test_what_is_not_understood_is_an_error_and_never_ignored(sentence: str, message: str) -> None:
    with pytest.raises(NotUnderstood) as caught:
        mock_player(sentence, now=NOW)
    assert str(caught.value).startswith(message)


@given(st.text(max_size=60))
def test_whatever_is_typed_is_a_player_or_a_message(sentence: str) -> None:
    with suppress(NotUnderstood):
        Facts.of(mock_player(sentence, now=NOW).document)


RULES = (
    "player.ngr > 0",
    "player.ngr == 5.5",
    "player.wantsBonus == true",
    "player.status != 'banned'",
    "player.status is_in ['active', 'verified']",
    "player.tags contains 'loyal'",
    "player.tags contains any of ['vip', 'whale']",
    "player.badges contains all of ['verified', 'depositor']",
    "player.restrictions does not contain any of ['banned', 'abuser']",
    "player.registeredOn < '2026-01-01'",
    "player.at >= '2026-01-01T00:00:00Z'",
    "player.registeredOn < today - 30 days",
    "player.bonusExpiresAt > now",
    "player.lastDepositAt > now - 12 hours",
    "days since player.lastDepositAt <= 7",
    "hours since player.lastDepositAt is_in [1, 2]",
    "bucket 'autumn' of player.id < 1000",
    "player.biggestWin >= 500 EUR",
    "player.biggestWin < 500 SEK",
)


@pytest.mark.parametrize("rule", RULES)
def test_a_condition_has_candidates_on_both_sides(rule: str) -> None:
    condition = parse_condition(rule)
    values = candidates(condition, AT)
    assert any(holds(condition, value, AT) for value in values)
    assert any(fails(condition, value, AT) for value in values)


@pytest.mark.parametrize("kind", list(FieldType))
def test_every_type_has_ordinary_values(kind: FieldType) -> None:
    assert len(of_type(kind, AT)) >= 1


CONFIGURATIONS = """\
id: first
name: First
priority: 2
status: published
segmentation: [player.category == 'VIP']
qualification:
  - player.depositCount >= 1
  - player.depositCount <= 1
  - player.tags contains all of ['a', 'b']
  - player.tags does not contain any of ['abuser']
  - player.tags contains 'c'
  - player.bonusRate <= 30
limits: {per_player: [{count: 1, period: week}]}
tiers:
  - name: high
    priority: 2
    when: [player.lastDeposit >= 500]
    reward: {type: premium, templateName: A, valuePerSpinDescription: b}
  - {name: rest, priority: 1, reward: {type: premium, templateName: A, valuePerSpinDescription: b}}
---
id: second
name: Second
priority: 1
status: published
qualification: ["bucket 'x' of player.id < 5000"]
"""
FIELDS = """\
fields:
  - {path: player.bonusTotal, type: number, description: bonuses}
  - {path: player.totalDeposits, type: number, description: deposits}
  - {path: player.bonusRate, expression: player.bonusTotal / player.totalDeposits * 100, description: rate}
"""


def configured() -> tuple[ConfigurationSet, Catalogue]:
    catalogue = parse_catalogue(load_yaml(FIELDS, name="fields.yaml"), OPEN)
    documents = [load_yaml(text, name="c.yaml") for text in CONFIGURATIONS.split("---\n")]
    return load_set(documents, catalogue), catalogue


def test_random_players_hit_every_condition_on_both_sides_and_end_in_every_way() -> None:
    whole, catalogue = configured()
    players = [*random_players(whole.configurations, 400, seed=3, now=NOW, catalogue=catalogue, places=["MT", "CA-ON"])]
    statuses: Counter[str] = Counter()
    verdicts: dict[str, set[str]] = {}
    for player in players:
        decision = decide(whole, Facts.of(player), brand="b", now=NOW)
        statuses[decision.status.value] += 1
        for step in trace_of(decision.record()).conditions():
            verdicts.setdefault(step.label, set()).add(step.verdict)
    rules = {label: found for label, found in verdicts.items() if not label.startswith("safety.")}
    assert {label: {"yes", "no"} - found for label, found in rules.items()} == {label: set[str]() for label in rules}
    assert set(statuses) == {"qualified", "not_qualified", "unknown", "vetoed"}
    assert statuses["qualified"] >= 40
    places = [Facts.of(player).look("player.jurisdiction").value for player in players]
    assert Counter(map(str, places)).keys() == {"missing", "MT", "CA-ON"}


def test_the_same_seed_draws_the_same_players_and_another_draws_others() -> None:
    whole, _ = configured()
    first, again, other = ([*random_players(whole.configurations, 20, seed=seed, now=NOW)] for seed in (1, 1, 2))
    assert first == again
    assert first != other


def test_a_configuration_without_conditions_and_tiers_can_be_drawn_for() -> None:
    bare = load_set([load_yaml("id: bare\nname: Bare\npriority: 1\nstatus: published\n", name="c.yaml")])
    players = [*random_players(bare.configurations, 10, seed=1, now=NOW)]
    assert len(players) == 10


def test_a_computed_field_that_can_never_be_as_wanted_does_not_hold_up_the_drawing() -> None:
    twice = "{path: player.twice, expression: player.a + player.a, description: d}"
    fields = f"fields: [{twice}, {{path: player.a, type: number, description: d}}]"
    catalogue = parse_catalogue(load_yaml(fields, name="fields.yaml"), OPEN)
    text = "id: odd\nname: Odd\npriority: 1\nstatus: published\nqualification: [player.twice == 1]\n"
    odd = load_set([load_yaml(text, name="c.yaml")], catalogue)
    assert len([*random_players(odd.configurations, 5, seed=1, now=NOW, catalogue=catalogue)]) == 5


def test_what_is_compared_with_nothing_that_can_be_listed_still_has_a_candidate() -> None:
    assert candidates(Condition("player.x", Operator.EQUAL, None), AT) == ["something-else"]


@pytest.mark.parametrize("sentence", ["player.x = {}", "last deposit {} EUR", "ngr {}k"])
def test_a_number_that_no_player_has_is_told(sentence: str) -> None:
    with pytest.raises(NotUnderstood, match="no player has such a number"):
        mock_player(sentence.format("1" * 70), now=NOW)
