from datetime import UTC, datetime
from decimal import Decimal
from enum import IntEnum, StrEnum
from typing import cast

import pytest

from casino.clock import CasinoTime
from casino.exact import NotExact
from casino.facts import MISSING, UNAVAILABLE, Facts, Found, Look, SafetyFacts, source_of
from casino.values import Document, Value


def facts(*unavailable: str) -> Facts:
    return Facts.of(
        {
            "player": {"ngr": Decimal("120.5"), "vipLevel": None, "tags": ["vip"], "address": {"city": "e\u0301"}},
            "tools": {"kyc": {"status": "approved"}, "games": None},
            "unavailable": [*unavailable],
        }
    )


def test_a_value_is_found_by_its_dotted_path() -> None:
    assert facts().look("player.ngr") == Found(Decimal("120.5"))
    assert facts().look("tools.kyc.status") == Found("approved")
    assert facts().look("player.address.city") == Found("\u00e9")


def test_null_is_found_and_nothing_is_known_below_it() -> None:
    assert facts().look("player.vipLevel") == Found(None)
    assert facts().look("tools.games.last") == Found(None)


@pytest.mark.parametrize(
    "path", ["player.nope", "nope", "nope.nope", "player.ngr.nope", "player.tags.vip", "unavailable"]
)
def test_what_the_source_does_not_have_is_missing(path: str) -> None:
    assert facts().look(path) is MISSING


@pytest.mark.parametrize(
    ("unavailable", "path"),
    [
        ("player", "player.ngr"),
        ("player.ngr", "player.ngr"),
        ("tools", "tools.kyc.status"),
        ("tools.kyc", "tools.kyc.status"),
        ("tools.deposits", "tools.deposits.total"),
        ("player.address.city", "player.address"),
    ],
)
def test_an_unavailable_path_covers_all_below_it_even_an_old_value(unavailable: str, path: str) -> None:
    assert facts(unavailable).look(path) is UNAVAILABLE


@pytest.mark.parametrize(("unavailable", "path"), [("player.ng", "player.ngr"), ("tools.kyc", "tools.games")])
def test_an_unavailable_path_covers_nothing_beside_it(unavailable: str, path: str) -> None:
    assert facts(unavailable).look(path) is not UNAVAILABLE


def test_facts_are_a_copy() -> None:
    tags: list[Value] = ["vip"]
    taken = Facts.of({"player": {"tags": tags}})
    tags.append("abuser")
    assert taken.look("player.tags") == Found(["vip"])


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ({"player": {"ngr": [1, 0.5]}}, r"player\.ngr\[1\] is a float; facts are exact: use int or Decimal"),
        ({"player": {"ngr": Decimal("NaN")}}, "NaN is not a finite number"),
        ({"player": {"ngr": 10**70}}, "a whole number has more than 64 digits"),
        ({"unavailable": "player"}, '"unavailable" must be a list of paths'),
        ({"unavailable": None}, '"unavailable" must be a list of paths'),
        ({"unavailable": ["player", 5]}, '"unavailable" must hold paths only'),
        ({"unavailable": ["tools.kyc.*"]}, 'holds "tools.kyc.\\*", which is no path; write it as tools.kyc'),
        ({"unavailable": [" tools.kyc"]}, 'holds " tools.kyc", which is no path'),
        ({"unavailable": ["tools.kyc."]}, 'holds "tools.kyc.", which is no path'),
        ({"unavailable": [""]}, 'holds "", which is no path'),
    ],
)
def test_facts_that_are_not_exact_are_refused(document: object, message: str) -> None:
    with pytest.raises(NotExact, match=message):
        Facts.of(cast("Document", document))  # the mistake under test is a caller without types


def test_the_source_of_a_path_is_its_tool_or_its_root() -> None:
    assert [source_of(path) for path in ("player.ngr", "tools.kyc.status", "safety.blocked")] == [
        "player",
        "tools.kyc",
        "safety",
    ]


def test_safety_facts_are_each_as_they_were_found() -> None:
    safety = SafetyFacts.of(
        Facts.of({"safety": {"blocked": False, "aml_hold": None}, "unavailable": ["safety.rg_closed"]})
    )
    assert safety.look("blocked") == Found(value=False)
    assert safety.look("aml_hold") == Found(None)
    assert safety.look("rg_closed") is UNAVAILABLE
    assert safety.look("age_years") is MISSING
    assert safety.look("no_such_fact") is MISSING


class Twice:
    """A computed field."""

    text = "player.ngr * 2"
    reads = frozenset({"player.ngr"})

    def value(self, facts: Facts) -> Look:
        look = facts.look("player.ngr")
        return Found(look.value * 2) if isinstance(look, Found) and isinstance(look.value, Decimal) else look


def test_a_definition_stands_before_a_value_of_the_same_name() -> None:
    at = CasinoTime(datetime(2026, 1, 1, tzinfo=UTC))
    seen = facts("player.vipLevel").seen(at=at, computed={"player.tags": Twice(), "player.vipLevel": Twice()})
    assert (seen.at, facts().at) == (at, None)
    assert seen.look("player.tags") == Found(Decimal("241.0"))
    assert seen.look("player.vipLevel") == Found(Decimal("241.0"))
    assert seen.look("player.tags.first") is MISSING
    assert facts().look("player.tags") == Found(["vip"])


def test_what_is_computed_of_what_is_gone_is_gone() -> None:
    at = CasinoTime(datetime(2026, 1, 1, tzinfo=UTC))
    assert facts("player").seen(at=at, computed={"player.twice": Twice()}).look("player.twice") is UNAVAILABLE


class Level(StrEnum):
    GOLD = "gold"


class Rank(IntEnum):
    FIRST = 1


class Amount(Decimal):
    """A number of somebody else's type."""


def test_values_of_types_made_from_plain_ones_become_plain() -> None:
    taken = Facts.of({"player": {Level.GOLD: [Level.GOLD, Rank.FIRST, Amount("1.50"), True]}})
    look = taken.look("player.gold")
    assert look == Found(["gold", 1, Decimal("1.50"), True])
    assert isinstance(look, Found)
    assert isinstance(look.value, list)
    assert [type(one) for one in look.value] == [str, int, Decimal, bool]
    assert facts("counters.deposit-loyalty.spent").look("counters.deposit-loyalty.spent") is UNAVAILABLE
