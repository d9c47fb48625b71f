"""Decisions as SQL, on tables that a reader can check by hand; random ones stand in tests/proof/test_population.py."""

from dataclasses import replace
from datetime import UTC, date, datetime, time
from decimal import Decimal
from types import MappingProxyType

import duckdb
import pytest

from casino.bonus.configuration import Configuration, ConfigurationStatus, Tier
from casino.bonus.law.jurisdictions import NO_PACKS, JurisdictionRule, Packs, Predicate
from casino.bonus.limits import NO_LIMITS, Limits, Period, PlayerLimit
from casino.bonus.reward import Cash
from casino.facts import SAFETY_FLAGS, Facts
from casino.fields.catalogue import OPEN, Catalogue, Field, Origin
from casino.fields.expression import Expression
from casino.fields.field_type import FieldType
from casino.fields.tree import Read
from casino.loaded import Path
from casino.money import Money
from casino.population import sql
from casino.population.column import (
    BOOLEAN,
    DATE,
    DOUBLE,
    MOMENT,
    OTHER,
    TEXT,
    ColumnType,
    Schema,
    decimal,
    list_of,
    record_of,
    whole,
)
from casino.population.computed import columns_read, questions
from casino.population.counting import Counting, Refused
from casino.population.plan import plan, unsigned
from casino.population.result import ChangeTotals, totals
from casino.population.rows import fetched_as, row_document
from casino.population.sheet import Asked, Need, Sheet
from casino.population.source import csv_types
from casino.rules.parse import parse_condition

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
SAFE = {**{f"safety.{flag}": BOOLEAN for flag in SAFETY_FLAGS}, "safety.age_years": whole("INTEGER")}
CLEAR = {**{f"safety.{flag}": "FALSE" for flag in SAFETY_FLAGS}, "safety.age_years": "34"}


def tier(name: str, priority: int, *when: str) -> Tier:
    reward = Cash(amount=5, amount_type="cash", name="n", description="d", wager=11)
    return Tier(name=name, priority=priority, when=tuple(map(parse_condition, when)), reward=reward)


def made(
    id_: str,
    *qualification: str,
    tiers: tuple[Tier, ...] = (),
    segmentation: tuple[str, ...] = (),
    limits: Limits = NO_LIMITS,
    stops: bool = False,
) -> Configuration:
    return Configuration(
        id=id_, name="", brands=(), priority=1, status=ConfigurationStatus.PUBLISHED,
        segmentation=tuple(map(parse_condition, segmentation)),
        qualification=tuple(map(parse_condition, qualification)),
        tiers=tiers or (tier("t", 1),), comment=None, on_unqualified="stop" if stops else "continue",
        effective_from=None, effective_until=None, limits=limits, time_zone="Europe/Malta", day_begins=time(6),
    )  # fmt: skip


def told(
    columns: dict[str, tuple[str, ColumnType]],
    *configurations: Configuration,
    packs: Packs = NO_PACKS,
    funnel: bool = False,  # frozen
) -> tuple[object, ...]:
    """Return status, configuration and tier of one row, its columns given as SQL."""
    values = {**CLEAR, **{name: written for name, (written, _) in columns.items()}}
    types = {**SAFE, **{name: type_ for name, (_, type_) in columns.items()}}
    row = sql.select(
        [f"CAST({written} AS {types[name].sql}) AS {sql.name(name)}" for name, written in values.items()], "range(1)"
    )
    sheet = Sheet(Schema(types))
    counting = Counting(sheet, plan(sheet, configurations, now=NOW, packs=packs, funnel=funnel))
    found = duckdb.execute(counting.told(f"({row})")).fetchone()
    assert found is not None
    return found[1:]


NGR = {"player.ngr": ("5", DOUBLE)}
OUT = {"unavailable": ("['player.ngr']", list_of(TEXT))}


@pytest.mark.parametrize("funnel", [False, True])
def test_the_first_configuration_that_holds_gives_its_first_tier(*, funnel: bool) -> None:
    high = (tier("high", 2, "player.ngr >= 5"), tier("low", 1))
    assert told(NGR, made("a", "player.ngr > 5"), made("b", tiers=high), funnel=funnel) == ("qualified", "b", "high")
    assert told(NGR, made("a", "player.ngr > 5", stops=True), made("b"), funnel=funnel) == ("not_qualified", "a", None)
    assert told(NGR, made("a", segmentation=("player.ngr > 5",), stops=True), made("b"), funnel=funnel)[1] == "b"
    assert told(NGR, made("a", tiers=(tier("t", 1, "player.ngr < 5"),)), funnel=funnel) == ("not_qualified", "a", None)
    assert told(NGR, funnel=funnel) == ("not_qualified", None, None)


@pytest.mark.parametrize("fact", ["NULL", "TRUE"])
def test_safety_stands_before_everything(fact: str) -> None:
    assert told({"safety.blocked": (fact, BOOLEAN)}, made("a")) == ("vetoed", None, None)
    assert told({"unavailable": ("['safety']", list_of(TEXT))}, made("a")) == ("vetoed", None, None)


def test_what_could_not_be_read_leaves_ends_open() -> None:
    columns = {**NGR, **OUT}
    assert told(columns, made("a", "player.ngr > 0")) == ("unknown", "a", None)
    assert told(columns, made("a", "player.ngr > 0"), made("b")) == ("unknown", "a", None)
    assert told(columns, made("a", "player.ngr > 0", tiers=(tier("t", 1, "player.ngr > 0"),)))[0] == "unknown"
    assert told(columns, made("a", "player.ngr > 0", stops=True)) == ("unknown", "a", None)
    never = made("a", "player.ngr > 0", "player.nothing == 1", stops=True)
    assert told(columns, never) == ("not_qualified", "a", None)
    assert told(columns, made("b"), made("a", "player.ngr > 0")) == ("qualified", "b", "t")
    no_tier = (tier("t", 1, "player.nothing == 1"),)
    assert told(columns, made("a", "player.ngr > 0", tiers=no_tier, stops=True)) == ("not_qualified", None, None)


def test_a_counter_that_nobody_supplied_is_unknown() -> None:
    limited = made("a", limits=Limits(per_player=(PlayerLimit(1, Period.WEEK),)))
    assert told({}, limited) == ("unknown", "a", None)
    assert told({"counters.a.grants_week": ("0", whole("INTEGER"))}, limited) == ("qualified", "a", "t")
    assert told({"counters.a.grants_week": ("1", whole("INTEGER"))}, limited) == ("not_qualified", None, None)
    # Nothing is known below a null either.
    record = record_of({"a": record_of({"other": whole("INTEGER")})})
    assert told({"counters": ("NULL", record)}, limited, made("b")) == ("unknown", "a", None)


@pytest.mark.parametrize("funnel", [False, True])
@pytest.mark.parametrize(
    ("written", "type_", "status"),
    [
        ("0", whole("INTEGER"), "qualified"),
        ("-1", whole("INTEGER"), "unknown"),
        ("NULL", whole("INTEGER"), "unknown"),
        ("1", whole("UTINYINT"), "not_qualified"),
        ("NULL", whole("UTINYINT"), "unknown"),
        ("-0.5", DOUBLE, "unknown"),
        ("-0.0", DOUBLE, "qualified"),
        ("'0'", TEXT, "unknown"),
        ("FALSE", BOOLEAN, "unknown"),
    ],
)
def test_what_counts_nothing_is_unknown(written: str, type_: ColumnType, status: str, *, funnel: bool) -> None:
    limited = made("a", limits=Limits(per_player=(PlayerLimit(1, Period.WEEK),)))
    assert told({"counters.a.grants_week": (written, type_)}, limited, funnel=funnel)[0] == status
    out = {"counters.a.grants_week": (written, type_), "unavailable": ("['counters.a']", list_of(TEXT))}
    assert told(out, limited, funnel=funnel) == ("unknown", "a", None)


@pytest.mark.parametrize(
    ("written", "status"),
    [
        ("{'amount': 4.99, 'currency': 'EUR'}", "qualified"),
        ("{'amount': 5.00, 'currency': 'EUR'}", "not_qualified"),
        ("{'amount': -0.01, 'currency': 'EUR'}", "unknown"),
        ("{'amount': 0, 'currency': 'SEK'}", "unknown"),
        ("{'amount': 9, 'currency': NULL}", "unknown"),
        ("{'amount': NULL, 'currency': 'EUR'}", "unknown"),
        ("NULL", "unknown"),
    ],
)
def test_a_budget_is_counted_in_its_currency(written: str, status: str) -> None:
    limited = made("a", limits=Limits(campaign_budget=Money(500, "EUR")))
    money = record_of({"amount": decimal(12, 2), "currency": TEXT})
    assert told({"counters.a.spent": (written, money)}, limited)[0] == status


def law(place: str, predicate: Predicate, value: Decimal | Money | int | None = None) -> JurisdictionRule:
    return JurisdictionRule(
        id=place, jurisdiction=place, predicate=predicate, value=value, effective_from=date(2026, 1, 1), source="s",
        verified=True, text="t",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "status"),
    [
        (law("GB", Predicate.MAX_WAGER, 10), "vetoed"),
        (law("GB", Predicate.MAX_WAGER, 11), "qualified"),
        (law("GB-SCT", Predicate.NO_BONUS), "qualified"),
        (law("GB", Predicate.NO_BONUS), "vetoed"),
        (law("GB", Predicate.REVIEW), "qualified"),
        (law("GB", Predicate.MIN_AGE, 35), "vetoed"),
        (law("GB", Predicate.FIRST_TIME_ONLY), "unknown"),
        (law("GB", Predicate.MAX_VALUE, Money(499, "EUR")), "vetoed"),
        (law("GB", Predicate.MAX_VALUE, Money(499, "SEK")), "qualified"),
        (law("GB", Predicate.MAX_VALUE, 5), "qualified"),
    ],
)
def test_the_law_of_the_place_has_the_last_word(rule: JurisdictionRule, status: str) -> None:
    player = {"player.country": ("' gb'", TEXT), "player.currency": ("'EUR'", TEXT)}
    assert told(player, made("a"), packs=Packs((rule,)))[0] == status
    assert told({"player.country": ("'MT'", TEXT)}, made("a"), packs=Packs((rule,)))[0] == "qualified"


def test_a_place_that_is_not_known_is_unknown_where_packs_are_required() -> None:
    required = Packs((law("GB", Predicate.NO_BONUS),), required=True)
    assert told({}, made("a"), packs=required) == ("unknown", "a", None)
    assert told({"player.country": ("'XX'", TEXT)}, made("a"), packs=required) == ("unknown", "a", None)
    assert told({"player.country": ("5", whole("INTEGER"))}, made("a"), packs=required) == ("unknown", "a", None)
    assert told({"player.country": ("'MT'", TEXT)}, made("a"), packs=required) == ("qualified", "a", "t")
    both = {"player.jurisdiction": ("'GB'", TEXT), "player.country": ("'MT'", TEXT)}
    assert told(both, made("a"), packs=required) == ("vetoed", "a", None)
    out = {"player.country": ("'MT'", TEXT), "unavailable": ("['player.country']", list_of(TEXT))}
    assert told(out, made("a"), packs=required) == ("unknown", "a", None)


@pytest.mark.parametrize("place", ["'United Kingdom'", "'UK'", "'GBR'", "'XX'", "''", "7"])
def test_what_is_given_and_is_no_place_is_unknown_also_where_none_is_required(place: str) -> None:
    packs = Packs((law("GB", Predicate.NO_BONUS),))
    type_ = whole("INTEGER") if place == "7" else TEXT
    for path in ("player.country", "player.jurisdiction"):
        assert told({path: (place, type_)}, made("a"), packs=packs) == ("unknown", "a", None)
        assert told({path: ("NULL", type_)}, made("a"), packs=packs) == ("qualified", "a", "t")
        assert told({path: (place, type_)}, made("a")) == ("qualified", "a", "t")
    both = {"player.jurisdiction": (place, type_), "player.country": ("'MT'", TEXT)}
    assert told(both, made("a"), packs=packs)[0] == "unknown"


@pytest.mark.parametrize("required", [False, True])
@pytest.mark.parametrize("gone", ["player", "player.jurisdiction", "player.country"])
def test_an_outage_of_the_place_does_not_switch_the_law_off(gone: str, *, required: bool) -> None:
    packs = Packs((law("GB", Predicate.NO_BONUS),), required=required)
    out = {"unavailable": (f"['{gone}']", list_of(TEXT))}
    assert told({**out, "player.country": ("'MT'", TEXT)}, made("a"), packs=packs) == ("unknown", "a", None)
    assert told(out, made("a"), packs=packs) == ("unknown", "a", None)
    assert told(out, made("a")) == ("qualified", "a", "t")
    behind = {**out, "player.jurisdiction": ("'MT'", TEXT)}
    assert told(behind, made("a"), packs=packs)[0] == ("qualified" if gone == "player.country" else "unknown")


@pytest.mark.parametrize(
    ("currency", "type_", "status"),
    [
        ("' eur'", TEXT, "vetoed"),
        ("'sek '", TEXT, "qualified"),
        ("'EURO'", TEXT, "unknown"),
        ("''", TEXT, "unknown"),
        ("NULL", TEXT, "unknown"),
        ("978", whole("INTEGER"), "unknown"),
        ("DATE '2026-01-01'", DATE, "unknown"),
    ],
)
def test_a_currency_is_read_as_a_place_is(currency: str, type_: ColumnType, status: str) -> None:
    player = {"player.country": ("'GB'", TEXT), "player.currency": (currency, type_)}
    cap = Packs((law("GB", Predicate.MAX_VALUE, Money(499, "EUR")),))
    assert told(player, made("a"), packs=cap)[0] == status
    out = {**player, "unavailable": ("['player.currency']", list_of(TEXT))}
    assert told(out, made("a"), packs=cap)[0] == "unknown"


@pytest.mark.parametrize(
    ("grants", "status"), [("0", "qualified"), ("1", "vetoed"), ("-1", "unknown"), ("NULL", "unknown")]
)
def test_earlier_grants_that_count_nothing_are_no_first_time(grants: str, status: str) -> None:
    player = {"player.country": ("'GB'", TEXT), "counters.lifetime_grants": (grants, whole("INTEGER"))}
    assert told(player, made("a"), packs=Packs((law("GB", Predicate.FIRST_TIME_ONLY),)))[0] == status


def test_a_law_begins_when_its_day_may_have_begun() -> None:
    begins = replace(law("GB", Predicate.NO_BONUS), effective_from=date(2026, 11, 23))
    player = {"player.country": ("'GB'", TEXT)}  # 12:00 UTC of the day before: past midnight where it begins first
    assert told(player, made("a"), packs=Packs((begins,)))[0] == "vetoed"
    assert told(player, made("a"), packs=Packs((replace(begins, effective_from=date(2026, 11, 24)),)))[0] == "qualified"


def test_days_are_those_of_the_casino() -> None:
    # 12:00 UTC is 13:00 in Malta, whose casino day began at 06:00.
    day = {"player.day": ("DATE '2026-11-20'", DATE)}
    assert told(day, made("a", "days since player.day == 2"))[0] == "qualified"
    assert told(day, made("a", "hours since player.day > 0"))[0] == "not_qualified"
    moment = {"player.at": ("TIMESTAMPTZ '2026-11-21 13:00:00+00'", MOMENT)}
    assert told(moment, made("a", "hours since player.at == 23"))[0] == "qualified"
    assert told(moment, made("a", "player.at == '2026-11-21T13:00:00Z'"))[0] == "qualified"
    assert told(moment, made("a", "player.at == '2026-11-21T13:00:00.0Z'"))[0] == "not_qualified"


def counts(configurations: list[Configuration], *, live: list[Configuration] | None = None) -> Counting:
    sheet = Sheet(Schema({**SAFE, "player.ngr": DOUBLE, "player.days": list_of(DATE)}))
    draft = plan(sheet, configurations, now=NOW, funnel=True)
    return Counting(sheet, draft, None if live is None else plan(sheet, live, now=NOW, prefix="l_"))


def rows(*ngr: str) -> str:
    columns = [f'{written} AS "{name}"' for name, written in CLEAR.items() if name != "safety.blocked"]
    columns += ['ngr IS NULL AS "safety.blocked"', 'ngr AS "player.ngr"', "[DATE '2026-01-01'] AS \"player.days\""]
    listed = ", ".join(f"({one}::DOUBLE)" for one in ngr)
    return f"({sql.select(columns, f'(VALUES {listed}) players(ngr)')})"


def test_a_funnel_leaves_out_whom_safety_keeps_out() -> None:
    counting = counts([made("a", "player.ngr > 0", "player.ngr > 5"), made("b")])
    row = duckdb.execute(counting.query(rows("NULL", "-1", "3", "9", "10"))).fetchone()
    assert row is not None
    found = counting.counts(row)
    assert [(one.begun, [fell.players for fell in one.fallen], one.passed) for one in found.funnels] == [
        (4, [1, 1], 2),
        (4, [], 4),
    ]
    top = found.top_blocking()
    assert top is not None
    assert (top.configuration, top.condition, top.players) == ("a", "player.ngr > 0", 1)
    assert counting.refused(row) == ()


def test_a_draft_is_held_against_what_is_live() -> None:
    better, other = made("a", "player.ngr > 0"), made("a", "player.ngr > 0", tiers=(tier("u", 1),))
    counting = counts([other, made("b", "player.ngr < 0")], live=[better, made("c", "player.ngr == 0")])
    row = duckdb.execute(counting.query(rows("NULL", "-1", "0", "3", "9"))).fetchone()
    assert row is not None
    found = counting.counts(row)
    assert totals(found.changes) == ChangeTotals(gain=1, lose=1, other=2, same=1)
    assert found.by_status() == {"qualified": 3, "not_qualified": 1, "unknown": 0, "vetoed": 1}
    assert found.to_document()["players"] == 5


def test_values_that_no_rule_can_read_are_counted() -> None:
    counting = counts([made("a", "player.ngr > 0", "player.days contains '2026-01-01'")])
    row = duckdb.execute(counting.query(rows("'NaN'", "'-inf'", "1e70", "1e-70", "0", "NULL"))).fetchone()
    assert row is not None
    assert counting.refused(row) == (Refused("player.ngr", 4),)


def test_a_sheet_says_what_is_missing_and_what_can_never_match() -> None:
    sheet = Sheet(Schema({**SAFE, "player.ngr": TEXT}))
    plan(sheet, [made("a", "player.ngr > 0", "player.gone == 1")], now=NOW)
    assert sheet.missing == [Need("player.gone", "a", ("qualification", 1))]
    (mismatch,) = sheet.mismatches
    assert (mismatch.configuration, mismatch.place, mismatch.type) == ("a", ("qualification", 0), TEXT)


def test_the_code_of_a_decision_takes_no_more_room_than_it_needs() -> None:
    assert [unsigned(256), unsigned(257), unsigned(65_537)] == ["UTINYINT", "USMALLINT", "UINTEGER"]


def test_a_condition_on_a_computed_field_is_asked_of_the_engine() -> None:
    half = Expression(
        "player.ngr", FieldType.NUMBER, Read("player.ngr"), frozenset({"player.ngr"}), frozenset({"player.ngr"}), 1
    )
    configuration = replace(made("a", "player.same > 3"), computed=MappingProxyType({"player.same": half}))
    (question,) = questions([configuration])
    place: Path = ("qualification", 0)
    assert question.asked == Asked("a", place)
    verdicts = [question.verdict(Facts.of({"player": {"ngr": ngr}}), NOW) for ngr in (4, 3)]
    assert [*verdicts, question.verdict(Facts.of({"unavailable": ["player"]}), NOW)] == [True, False, None]
    assert columns_read([question], Schema({"player.ngr": DOUBLE, "unavailable": list_of(TEXT)})) == (
        "player.ngr",
        "unavailable",
    )
    sheet = Sheet(Schema(SAFE), {question.asked: "verdict"})
    plan(sheet, [configuration], now=NOW)
    assert sheet.missing == [Need("player.ngr", "a", place)]


def test_a_row_becomes_the_document_of_one_player() -> None:
    types = Schema({
        "player.at": MOMENT, "player.day": DATE, "player.ngr": DOUBLE, "tools": record_of({"kyc": TEXT}), "name": TEXT,
        "player.days": list_of(DATE), "unavailable": list_of(TEXT), "player.x": OTHER,
    })  # fmt: skip
    row = {
        "player.at": "2026-11-22 12:00:00.5+00", "player.day": date(2026, 1, 2), "player.ngr": 0.1,
        "tools": {"kyc": "ok"}, "name": "n", "player.days": [date(2026, 1, 2), None], "unavailable": ["tools", None],
        "player.x": "12:00",
    }  # fmt: skip
    assert row_document(row, types) == {
        "player": {
            "at": "2026-11-22T12:00:00.500000Z", "day": "2026-01-02", "ngr": Decimal("0.1"),
            "days": ["2026-01-02", None], "x": {},
        },
        "tools": {"kyc": "ok"}, "unavailable": ["tools"],
    }  # fmt: skip
    assert fetched_as(record_of({"at": list_of(MOMENT)})) == 'STRUCT("at" VARCHAR[])'


def test_a_csv_column_is_read_as_the_catalogue_or_the_rules_say() -> None:
    known = Field("player.code", FieldType.NUMBER_LIST, Origin.CUSTOM, "", None)
    catalogue = Catalogue(MappingProxyType({"player.code": known}), frozenset(), closed=False)
    configuration = made(
        "a", "player.code contains 1", "player.tags contains 'x'", "player.level == '7'", "player.ngr > 0",
        "days since player.at > 1", "player.kind is_in ['a']", "player.seen > now",
    )  # fmt: skip
    found = csv_types([configuration], catalogue)
    own = {path: type_ for path, type_ in found.items() if path.startswith("player.")}
    assert own == {
        "player.id": "VARCHAR", "player.jurisdiction": "VARCHAR", "player.country": "VARCHAR",
        "player.currency": "VARCHAR", "player.code": "DECIMAL(38,6)[]", "player.tags": "VARCHAR[]",
        "player.level": "VARCHAR", "player.at": "VARCHAR", "player.kind": "VARCHAR", "player.seen": "VARCHAR",
    }  # fmt: skip
    assert found["safety.blocked"] == "BOOLEAN"
    assert csv_types([], OPEN)["unavailable"] == "VARCHAR[]"
