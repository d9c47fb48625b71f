import pytest

from casino.population import sql
from casino.population.column import (
    BOOLEAN,
    DOUBLE,
    TEXT,
    AmbiguousColumn,
    Lane,
    NoLane,
    Schema,
    decimal,
    list_of,
    record_of,
    whole,
)

KYC = record_of({"status": TEXT, "level": whole("INTEGER")})
SCHEMA = Schema({"player.ngr": DOUBLE, "tools": record_of({"kyc": KYC}), "name": TEXT})


def found(path: str) -> Lane | NoLane:
    return SCHEMA.find(path)


def test_a_column_carries_the_dotted_name_or_is_a_struct() -> None:
    assert found("player.ngr") == Lane('"player.ngr"', DOUBLE)
    status = found("tools.kyc.status")
    assert status == Lane("struct_extract(struct_extract(\"tools\", 'kyc'), 'status')", TEXT)
    assert SCHEMA.leaves() == ("player.ngr", "tools.kyc.status", "tools.kyc.level", "name")
    assert SCHEMA.column_of("tools.kyc.status") == "tools"
    assert SCHEMA.column_of("player.nothing") is None


def test_a_field_without_a_column_is_null_where_its_parent_is() -> None:
    assert found("player.nothing") == NoLane("FALSE")
    kyc = "struct_extract(\"tools\", 'kyc')"
    assert found("tools.kyc.nothing") == NoLane(f'("tools" IS NULL OR {kyc} IS NULL)')
    assert found("player.ngr.amount") == NoLane('"player.ngr" IS NULL')


def test_two_columns_for_one_field_are_refused() -> None:
    both = Schema({"player": record_of({"ngr": DOUBLE}), "player.ngr": DOUBLE})
    with pytest.raises(AmbiguousColumn) as caught:
        both.find("player.ngr")
    assert str(caught.value) == 'the columns "player" and "player.ngr" both claim the field "player.ngr"'


def test_money_is_a_struct_of_exactly_an_amount_and_a_currency() -> None:
    assert record_of({"amount": decimal(10, 2), "currency": TEXT}).is_money
    assert not record_of({"amount": TEXT, "currency": TEXT}).is_money
    assert not record_of({"amount": DOUBLE, "currency": TEXT, "more": TEXT}).is_money
    assert not DOUBLE.is_money
    assert Schema({"player.b": record_of({"amount": DOUBLE, "currency": TEXT})}).leaves() == ("player.b",)


def test_types_are_spelt_as_duckdb_does() -> None:
    assert record_of({'a "b"': list_of(BOOLEAN)}).sql == 'STRUCT("a ""b""" BOOLEAN[])'
    assert (decimal(4, 2).low, decimal(4, 2).high, decimal(4, 2).scale) == (-9_999, 9_999, 2)
    assert (whole("UTINYINT").low, whole("UTINYINT").high) == (0, 255)
    assert (whole("TINYINT").low, whole("TINYINT").high) == (-128, 127)


def test_nobody_breaks_out_of_a_literal_or_a_name() -> None:
    assert sql.text("it's") == "'it''s'"
    assert sql.text("a\x00b\n") == "('a' || chr(0) || 'b' || chr(10))"
    assert sql.name('a"; DROP TABLE x; --') == '"a""; DROP TABLE x; --"'


def test_empty_junctions_and_cases_have_their_values() -> None:
    assert (sql.all_of([]), sql.any_of([]), sql.all_of(["a"]), sql.any_of(["a", "b"])) == (
        "TRUE",
        "FALSE",
        "a",
        "(a OR b)",
    )
    assert sql.first_of([], "1") == "1"
    assert sql.select([], "players") == "SELECT 1 AS nothing FROM players"
