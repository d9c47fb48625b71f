"""Every kind of condition on every type of column: SQL and the engine agree on each value."""

from datetime import UTC, date, datetime, time
from decimal import Decimal

import duckdb
import pytest

from casino.clock import CasinoTime
from casino.facts import Facts, Found
from casino.money import Money
from casino.population import sql
from casino.population.atoms import NEVER, as_text, atom, can_match
from casino.population.column import (
    BOOLEAN,
    DATE,
    DOUBLE,
    MOMENT,
    OTHER,
    TEXT,
    ColumnType,
    Lane,
    decimal,
    list_of,
    record_of,
    whole,
)
from casino.population.rows import exact
from casino.rules.condition import Bucket, Condition, Expected, Measure, Operator, Relative, Since
from casino.rules.evaluate import weigh
from casino.rules.parse import parse_condition
from casino.values import Value
from casino.verdict import Outcome

AT = CasinoTime(datetime(2026, 11, 22, 4, 30, tzinfo=UTC), "Europe/Malta", time(6))
TWINS = ("é", "e\u0301", "K", "\u212a")
TEXTS = (
    "VIP", "vip", "", "it's", "\u0000", *TWINS, "2026-11-21", "2026-11-22", "2026-02-30", "0000-01-01",
    "2026-11-22T04:30:00Z", "2026-11-22T05:30+01:00", "2026-11-21T04:30:00.000001Z", "2026-11-22T24:00:00Z",
    "2026-11-22T03:60Z", "2026-11-22T03:00:61Z", "0001-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01",
    "2026-11-22T04:30:00", "2026-11-22T04:30:00+24:00", "2026-11-20T04:29:59.5-23:59", "2026-1-1",
)  # fmt: skip
MONEY = record_of({"amount": decimal(12, 2), "currency": TEXT})
VALUES: tuple[tuple[ColumnType, tuple[object, ...]], ...] = (
    (TEXT, TEXTS),
    (DOUBLE, (0.1, 0.3, 0.30000000000000004, -0.0, 5.0, 1e22, 4999.0)),
    (whole("INTEGER"), (0, 5, -5, 4999)),
    (decimal(10, 2), (Decimal("0.10"), Decimal("5.00"), Decimal("-0.01"))),
    (BOOLEAN, (True, False)),
    (DATE, (date(2026, 11, 21), date(2026, 11, 22), date(1, 1, 1))),
    (MOMENT, ("2026-11-22 04:30:00+00", "2026-11-21 04:29:59.5+00", "2027-01-01 00:00:00+00")),
    (list_of(TEXT), ([], ["VIP"], ["VIP", "vip", None], [None], ["e\u0301"], ["\u212a"])),
    (list_of(whole("BIGINT")), ([], [5], [5, 6, None], [None])),
    (list_of(DOUBLE), ([0.1], [5.0, None])),
    (list_of(BOOLEAN), ([True], [False, None])),
    (list_of(DATE), ([date(2026, 11, 21)], [None])),
    (list_of(OTHER), ([], ["x"], [None])),
    (MONEY, tuple({"amount": amount, "currency": currency} for amount in (Decimal(5), Decimal("0.10"), None)
                  for currency in ("EUR", "SEK", "\u212aRW", None))),
    (record_of({"amount": DOUBLE, "currency": TEXT}), ({"amount": 5.0, "currency": "EUR"},)),
    (record_of({"amount": DOUBLE}), ({"amount": 5.0},)),
    (OTHER, ("x",)),
)  # fmt: skip
LISTS: tuple[list[Value], ...] = (
    ["VIP"],
    ["VIP", "vip"],
    ["é"],
    ["K", "VIP"],
    [5],
    [5, 6, Decimal("0.1")],
    [True],
    [5, "VIP", True],
)
ONES: tuple[Value, ...] = (
    "VIP",
    "é",
    "K",
    "it's",
    "\u0000",
    5,
    Decimal("0.1"),
    Decimal("0.101"),
    True,
    "2026-11-21",
    "2026-11-22T04:30:00Z",
)
ORDERED: tuple[Expected, ...] = (
    5, Decimal("0.1"), Decimal("0.3"), 10**20, -(10**20), "2026-11-21", "2026-11-22T04:30:00Z", Money(500, "EUR"),
    Money(500, "KRW"), Relative("now"), Relative("now", -1, "days"), Relative("now", 30, "minutes"), Relative("today"),
    Relative("today", -1, "days"),
)  # fmt: skip
MEASURES: tuple[Measure, ...] = (Since("days"), Since("hours"), Bucket("a'b"))
ORDERS = (Operator.GREATER, Operator.GREATER_OR_EQUAL, Operator.LESS, Operator.LESS_OR_EQUAL)
EQUALS = (Operator.EQUAL, Operator.NOT_EQUAL)


def conditions() -> list[Condition]:
    on_lists = (Operator.IS_IN, Operator.CONTAINS_ANY, Operator.CONTAINS_ALL, Operator.CONTAINS_NONE)
    listed = [Condition("p.x", one, values) for values in LISTS for one in on_lists]
    single = [Condition("p.x", one, value) for value in ONES for one in (*EQUALS, Operator.CONTAINS)]
    ordered = [Condition("p.x", one, value) for value in ORDERED for one in ORDERS]
    places = [
        Condition("p.x", one, value) for value in ORDERED if isinstance(value, Money | Relative) for one in EQUALS
    ]
    numbers: tuple[Expected, ...] = (0, 1, 5000, Decimal("0.5"), 10**20)
    measured = [Condition("p.x", one, number, measure=measure) for measure in MEASURES for number in numbers
                for one in (*ORDERS, *EQUALS)]  # fmt: skip
    inside = [Condition("p.x", Operator.IS_IN, [0, 1, 5000, 9999], measure=measure) for measure in MEASURES]
    return [*listed, *single, *ordered, *places, *measured, *inside]


@pytest.mark.parametrize(("type_", "values"), VALUES, ids=lambda one: one.sql if isinstance(one, ColumnType) else "")
def test_sql_and_the_engine_agree(type_: ColumnType, values: tuple[object, ...]) -> None:
    asked = conditions()
    lane = Lane("x", type_)
    written = ", ".join(f"x IS NOT NULL AND ({atom(one, lane, AT)})" for one in asked)
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        every = (*values, None)
        query = f"SELECT {written} FROM (SELECT unnest(CAST($1 AS {type_.sql}[])) AS x)"  # noqa: S608  # what is tested
        for value, found in zip(every, connection.execute(query, [[*every]]).fetchall(), strict=True):
            facts = Found(_read(value, type_))
            by_engine = [weigh(one, facts, AT).outcome for one in asked]
            told = [(one, outcome) for one, outcome, by_sql in zip(asked, by_engine, found, strict=True)
                    if (outcome is Outcome.PASS) is not bool(by_sql)]  # fmt: skip
            assert told == [], (value, [atom(one, lane, AT) for one, _ in told])
            mismatched = [one for one in asked if not can_match(one, type_)]
            engine = dict(zip(map(id, asked), by_engine, strict=True))
            empty = {Outcome.NULL, Outcome.TYPE_MISMATCH}
            assert {engine[id(one)] for one in mismatched} <= (
                empty | {Outcome.PASS, Outcome.FAIL} if type_.item else empty
            )


def _read(value: object, type_: ColumnType) -> Value:
    """Return a value as the facts of one player hold it: in NFC, as `Facts.of` makes it."""
    look = Facts.of({"p": {"x": exact(value, type_)}}).look("p.x")
    assert isinstance(look, Found)
    return look.value


def test_types_that_never_match_are_plain_falsehoods() -> None:
    assert atom(parse_condition("player.x > 5"), Lane("x", TEXT), AT) == NEVER
    assert atom(parse_condition("player.x == true"), Lane("x", DOUBLE), AT) == NEVER
    assert atom(parse_condition("player.x contains 'a'"), Lane("x", TEXT), AT) == NEVER
    assert atom(parse_condition("bucket 'a' of player.x < 5"), Lane("x", DOUBLE), AT) == NEVER
    assert not can_match(parse_condition("hours since player.x > 5"), DATE)


def test_plain_literals_need_no_normal_form() -> None:
    assert atom(parse_condition("player.x == 'VIP'"), Lane("x", TEXT), AT) == "x = 'VIP'"
    assert atom(parse_condition("player.x == 'K'"), Lane("x", TEXT), AT) == "nfc_normalize(x) = 'K'"
    any_of = parse_condition("player.x contains any of ['a', 'b']")
    assert atom(any_of, Lane("x", list_of(TEXT)), AT) == "(list_contains(x, 'a') OR list_contains(x, 'b'))"


def test_dates_and_moments_are_the_texts_that_the_rules_read() -> None:
    for type_, value, text in (
        (DATE, "2026-01-02", "2026-01-02"),
        (MOMENT, "2026-01-02 03:04:05+01", "2026-01-02T02:04:05Z"),
        (MOMENT, "2026-01-02 03:04:05.5+00", "2026-01-02T03:04:05.500000Z"),
        (TEXT, "plain", "plain"),
    ):
        query = sql.select([as_text(Lane("x", type_))], f"(SELECT CAST({sql.text(value)} AS {type_.sql}) AS x)")
        assert duckdb.execute(query).fetchall() == [(text,)]
