from collections.abc import Mapping
from datetime import UTC, datetime, time
from decimal import Decimal
from types import MappingProxyType

import pytest

from casino.clock import CasinoTime
from casino.document import Writable
from casino.facts import MISSING, UNAVAILABLE, Absent, Facts, Found, Look
from casino.fields.catalogue import Catalogue, Field, Origin
from casino.fields.field_type import FieldType
from casino.fields.parse import parse_expression
from casino.values import Value

MALTA = CasinoTime(datetime(2026, 3, 10, 3, 0, tzinfo=UTC), "Europe/Malta", time(6))  # still the day before there
DEPOSITS: list[Writable] = [
    {"amount": 10, "status": "completed", "at": "2026-03-01T00:00:00Z", "code": None},
    {"amount": Decimal("20.50"), "status": "completed", "at": "2026-03-05T00:00:00Z", "code": "A"},
    {"amount": 99, "status": "failed", "at": "2026-03-06T00:00:00Z"},
]
PLAYER: Mapping[str, Writable] = {
    "one": 1,
    "half": Decimal("0.5"),
    "name": "Ann",
    "yes": True,
    "no": False,
    "null": None,
    "born": "2000-02-29",
    "seenAt": "2026-03-09T02:00:00Z",
    "early": "0001-01-01T00:00:00Z",
    "list": [1, 2, Decimal("0.5")],
    "mixed": [1, "a"],
    "deposits": DEPOSITS,
    "odd": [{"amount": 1}, 5],
    "text": "no list",
    "long": [{"n": 1}] * 10_001,
    "wrong": "a text",
    "balance": {"amount": 5, "currency": "EUR"},
}
TYPES: Mapping[str, FieldType] = {
    **dict.fromkeys(("one", "half", "null", "missing", "gone", "wrong"), FieldType.NUMBER),
    **dict.fromkeys(("yes", "no", "nullTruth", "missingTruth", "goneTruth", "wrongTruth"), FieldType.BOOLEAN),
    **dict.fromkeys(("seenAt", "early", "later"), FieldType.MOMENT),
    **dict.fromkeys(("deposits", "odd", "text", "long", "goneList", "missingList", "null_list"), FieldType.RECORD_LIST),
    **dict.fromkeys(("list", "mixed"), FieldType.NUMBER_LIST),
    "name": FieldType.TEXT,
    "born": FieldType.DATE,
    "balance": FieldType.MONEY,
}
FIELDS = Catalogue(
    MappingProxyType(
        {f"player.{name}": Field(f"player.{name}", kind, Origin.BUILT_IN, "") for name, kind in TYPES.items()}
    ),
    frozenset(),
    closed=True,
)
GONE = ["player.gone", "player.goneTruth", "player.goneList"]
FACTS = Facts.of({"player": {**PLAYER, "nullTruth": None, "wrongTruth": 1, "null_list": None}, "unavailable": GONE})


def look(text: str, *, declared: FieldType | None = None, facts: Facts = FACTS) -> Look:
    read = parse_expression(text.replace("$", "player."), FIELDS, declared=declared)
    return read.value(facts.seen(at=MALTA, computed={}))


def value(text: str, *, declared: FieldType | None = None) -> Value | Absent:
    found = look(text, declared=declared)
    return found.value if isinstance(found, Found) else found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("$one + $half * 2 - 1 / 4", Decimal("1.75")),
        ("-$half", Decimal("-0.5")),
        ("1 / $null", None),
        ("1 / 0", None),
        ("$wrong + 1", None),
        ("-$wrong", None),
        ("$one < 2 and not ($half >= 1)", True),
        ("$name == 'Ann'", True),
        ("$name != 'Ann'", False),
        ("$yes == $no", False),
        ("$yes != $no", True),
        ("$wrong == 1", None),
        ("$wrong > 1", None),
        ("$born > '1999-12-31'", True),
        ("$seenAt == '2026-03-09T03:00:00+01:00'", True),
        ("min($one, $half, 7)", Decimal("0.5")),
        ("max($born, '2026-01-01')", "2026-01-01"),
        ("max($wrong, 1)", None),
        ("abs(-$half)", Decimal("0.5")),
        ("abs($one)", 1),
        ("abs($wrong)", None),
        ("round($half, 0)", 0),
        ("round($wrong, 0)", None),
        ("if($yes, $one, $gone)", 1),
        ("if($no, $gone, $half)", Decimal("0.5")),
        ("if($wrongTruth, 1, 2)", None),
        ("coalesce($one, $gone)", 1),
        ("coalesce($null, 7)", 7),
        ("coalesce($missing, $null)", None),
        ("days_since($seenAt)", 1),
        ("days_since($born)", 9505),
        ("hours_since($seenAt)", 25),
        ("day($seenAt)", "2026-03-08"),
        ("day($early)", None),
        ("day($later)", MISSING),
        ("$balance.amount * 2", 10),
        ("count($deposits)", 3),
        ("count($deposits.code)", 1),
        ("sum($deposits.amount)", Decimal("129.50")),
        ("sum($deposits.amount where status == 'completed')", Decimal("30.50")),
        ("count($deposits where at > $seenAt)", 0),
        ("count($deposits where at > '2026-03-01T00:00:00Z' and status == 'completed')", 1),
        ("sum($deposits.amount where false)", 0),
        ("sum($deposits.code)", None),
        ("sum($list)", Decimal("3.5")),
        ("max($list)", 2),
        ("min($list)", Decimal("0.5")),
        ("sum($mixed)", None),
        ("max($mixed)", None),
        ("count($mixed)", 2),
    ],
)
def test_an_expression_is_worked_out(text: str, expected: Value) -> None:
    assert value(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("$gone + $missing + $null", UNAVAILABLE),
        ("$missing + $null", MISSING),
        ("$null + 1", None),
        ("-$missing", MISSING),
        ("$missing > $null", MISSING),
        ("not $missingTruth", MISSING),
        ("not $nullTruth", None),
        ("not $wrongTruth", None),
        ("if($missingTruth, 1, 2)", MISSING),
        ("if($nullTruth, 1, 2)", None),
        ("coalesce($gone, 1)", UNAVAILABLE),
        ("abs($gone)", UNAVAILABLE),
        ("days_since($later)", MISSING),
        ("count($goneList)", UNAVAILABLE),
        ("count($missingList)", MISSING),
        ("count($null_list)", None),
        ("count($text)", None),
        ("$goneTruth and $no", False),
        ("$no and $goneTruth", False),
        ("$yes or $missingTruth", True),
        ("$goneTruth and $missingTruth", UNAVAILABLE),
        ("$yes and $missingTruth", MISSING),
        ("$no or $nullTruth", None),
        ("$yes and $wrongTruth", None),
        ("$no or $yes", True),
        ("$yes and $yes", True),
        ("$no or $no", False),
    ],
)
def test_what_is_not_there_weighs_through(text: str, expected: Value) -> None:
    assert value(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("count($deposits where code == 'A')", 1),
        ("count($deposits where not (code == 'A'))", 0),
        ("count($deposits where code != 'A' or amount > 50)", 1),
        ("count($deposits where code == 'A' and amount > $null)", None),
        ("count($deposits where coalesce(code, 'none') == 'none')", 2),
        ("count($deposits where amount > status)", None),
        ("count($deposits where amount > $missing)", MISSING),
        ("count($deposits where amount > $gone)", UNAVAILABLE),
        ("count($deposits where amount > $gone and status == 'never')", 0),
        ("count($odd where amount == 1)", None),
        ("sum($odd.amount)", None),
        ("count($long)", UNAVAILABLE),
        ("count($deposits where if(code == 'A', true, false))", 1),
        ("count($deposits where abs(nothing) > 1)", 0),
        ("count($deposits where amount)", None),
    ],
)
def test_an_item_is_kept_where_its_condition_is_true(text: str, expected: Value) -> None:
    assert value(text) == expected


def test_the_latest_of_a_list_is_a_moment() -> None:
    assert value("max($deposits.at)", declared=FieldType.MOMENT) == "2026-03-06T00:00:00Z"
    assert value("min($deposits.at where status == 'never')", declared=FieldType.MOMENT) is None


def test_a_value_of_another_type_than_declared_is_null() -> None:
    assert value("max($deposits.at)", declared=FieldType.NUMBER) is None
    assert value("max($deposits.at)", declared=FieldType.DATE) is None
    assert value("max($deposits.at)", declared=FieldType.TEXT) == "2026-03-06T00:00:00Z"
    assert value("$wrong") is None


def test_without_a_moment_nothing_relative_to_it_is_known() -> None:
    for text in ("days_since(player.seenAt)", "hours_since(player.seenAt)", "day(player.seenAt)"):
        assert parse_expression(text, FIELDS).value(FACTS) is UNAVAILABLE
    assert parse_expression("days_since(player.later)", FIELDS).value(FACTS) is MISSING


def test_what_is_no_moment_has_no_day() -> None:
    facts = Facts.of({"player": {"seenAt": 5, "born": "soon"}})
    assert look("day($seenAt)", facts=facts) == Found(None)
    assert look("days_since($born)", facts=facts) == Found(None)


def test_an_item_alone_has_no_meaning_outside_of_its_list() -> None:
    facts = Facts.of({"player": {"deposits": [{"ok": True}, {"ok": 1}, {}]}})
    assert look("count($deposits where ok == true)", facts=facts) == Found(None)
    assert look("count($deposits where coalesce(ok, false) == true or true)", facts=facts) == Found(3)
