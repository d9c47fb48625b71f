"""Dates and moments in SQL: the same texts are dates here as in `casino.rules.condition`, and no others."""

from datetime import UTC, date, datetime, timedelta
from typing import Final

from casino.clock import CasinoTime
from casino.population import sql
from casino.population.column import TEXT, ColumnType, Kind
from casino.rules.condition import Since, iso_date, iso_moment

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_TICK: Final = timedelta(microseconds=1)
FIRST_TICK: Final = (datetime(1, 1, 1, tzinfo=UTC) - _EPOCH) // _TICK
LAST_TICK: Final = (datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC) - _EPOCH) // _TICK
_DAY_ZERO: Final = date(1970, 1, 1).toordinal()
_TICKS_PER = {"minutes": 60_000_000, "hours": 3_600_000_000, "days": 86_400_000_000}

_DATE = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_MOMENT = rf"{_DATE}T[0-9]{{2}}:[0-9]{{2}}(:[0-9]{{2}}(\.[0-9]{{1,6}})?)?(Z|[+-][0-9]{{2}}:[0-9]{{2}})"


def day_of(expression: str, type_: ColumnType) -> str:
    """Return the SQL of the days since 1970-01-01 that a DATE or text column says; NULL where it says no date."""
    if type_.kind is Kind.DATE:
        return f"({expression} - DATE '1970-01-01')"
    known = f"regexp_full_match({expression}, '{_DATE}') AND {expression} >= '0001'"  # there is no year 0
    return f"CASE WHEN {known} THEN TRY_CAST({expression} AS DATE) - DATE '1970-01-01' END"


def tick_of(expression: str, type_: ColumnType) -> str:
    """Return the SQL of the microseconds since 1970 that a column says; NULL where it says no moment."""
    if type_.kind is Kind.MOMENT:
        return f"epoch_us({expression})"
    if type_.kind is not Kind.TEXT:
        return "NULL"
    known = f"regexp_full_match({expression}, '{_MOMENT}') AND {expression} >= '0001'"
    ticks = f"CASE WHEN {known} THEN {_read_moment(expression)} END"
    return f"CASE WHEN ({ticks}) BETWEEN {FIRST_TICK} AND {LAST_TICK} THEN {ticks} END"


def _read_moment(x: str) -> str:
    """Put a moment together from its pieces; NULL where one of them is out of its range."""
    day = f"epoch_us(CAST(TRY_CAST(substr({x}, 1, 10) AS DATE) AS TIMESTAMP))"
    hour, minute = _number(f"substr({x}, 12, 2)", below=24), _number(f"substr({x}, 15, 2)", below=60)
    second = f"CASE WHEN substr({x}, 17, 1) = ':' THEN {_number(f'substr({x}, 18, 2)', below=60)} ELSE 0 END"
    digits = f"rpad(regexp_extract({x}, '\\.([0-9]+)', 1), 6, '0')"
    fraction = f"CASE WHEN substr({x}, 20, 1) = '.' THEN TRY_CAST({digits} AS BIGINT) ELSE 0 END"
    ahead = f"(TRY_CAST(substr({x}, -5, 2) AS BIGINT) * 60 + TRY_CAST(substr({x}, -2) AS BIGINT))"
    signed = f"CASE WHEN {ahead} >= 1440 THEN NULL WHEN substr({x}, -6, 1) = '-' THEN -{ahead} ELSE {ahead} END"
    offset = f"CASE WHEN substr({x}, -1) = 'Z' THEN 0 ELSE {signed} END"
    seconds = f"({hour} * 3600 + {minute} * 60 + {second} - ({offset}) * 60)"
    return f"{day} + {seconds} * 1000000 + {fraction}"


def _number(piece: str, *, below: int) -> str:
    return f"CASE WHEN TRY_CAST({piece} AS BIGINT) < {below} THEN TRY_CAST({piece} AS BIGINT) END"


def since(expression: str, type_: ColumnType, measure: Since, at: CasinoTime) -> str:
    """Return the SQL of the completed units that have passed; NULL where the column says nothing to count from."""
    unit, now = _TICKS_PER[measure.unit], tick(at.at)
    passed = f"({now} - {tick_of(expression, type_)})"
    whole = f"(({passed} - ((({passed} % {unit}) + {unit}) % {unit})) // {unit})"  # rounded down, also below 0
    if measure.unit != "days" or type_.kind is Kind.MOMENT:
        return whole
    days = f"({day_number(at.day)} - {day_of(expression, type_)})"
    return days if type_.kind is Kind.DATE else f"coalesce({whole}, {days})"


def no_time(expression: str) -> str:
    """Return the SQL that is TRUE where a text says something, and neither a date nor a moment."""
    known = [f"({read(expression, TEXT)}) IS NOT NULL" for read in (day_of, tick_of)]
    return f"({expression} IS NOT NULL AND NOT {sql.any_of(known)})"


def tick(at: datetime) -> int:
    """Return the microseconds since 1970."""
    return (at - _EPOCH) // _TICK


def shifted_tick(at: datetime, shift: int, unit: str) -> int:
    """Return the microseconds since 1970 of a moment so many units later."""
    return tick(at) + shift * _TICKS_PER[unit]


def day_number(day: date) -> int:
    """Return the days since 1970-01-01."""
    return day.toordinal() - _DAY_ZERO


def constant(type_: ColumnType, literal: str) -> str | None:
    """Return the constant of a DATE or TIMESTAMPTZ column whose text is this literal; None where none has it."""
    if type_.kind is Kind.DATE:
        return None if iso_date(literal) is None else f"DATE {sql.text(literal)}"
    moment = iso_moment(literal)
    if moment is None or moment_text(moment) != literal:
        return None
    return f"make_timestamptz({tick(moment)})"


def moment_text(moment: datetime) -> str:
    """Write a moment of a TIMESTAMPTZ column as the rules read it: 2026-01-31T00:00:00Z."""
    return moment.astimezone(UTC).isoformat().removesuffix("+00:00") + "Z"
