"""Where values stand in an order: numbers, casino days, moments and money, each on a scale of its own."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from hashlib import md5
from types import MappingProxyType
from typing import Final, NamedTuple, assert_never

from casino.clock import CasinoTime
from casino.money import Money, is_currency
from casino.rules.condition import Bucket, Expected, Measure, Relative, Since, Unit, iso_date, iso_moment
from casino.values import Value

BUCKETS: Final = 10_000

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_UNITS: Mapping[Unit, timedelta] = MappingProxyType(
    {"minutes": timedelta(minutes=1), "hours": timedelta(hours=1), "days": timedelta(days=1)}
)
_TICK: Final = timedelta(microseconds=1)
_MONEY_KEYS: Final = frozenset({"amount", "currency"})


class Rank(NamedTuple):
    """A place on a scale; only places on the same scale can be compared (a day is not a moment, EUR not SEK)."""

    scale: str  # "number", "day", "moment", or "money EUR"
    place: int | Decimal


def rank(value: Value) -> Rank | None:
    """Return where a value of the player stands; None where it has no place in any order."""
    match value:
        case None | bool() | list():
            return None
        case int() | Decimal():
            return Rank("number", value)
        case str():
            return _rank_of_text(value)
        case dict():
            return _rank_of_money(value)
        case _:
            assert_never(value)


def expected_rank(expected: Expected, at: CasinoTime | None) -> Rank | None:
    """Return where the fixed value of a condition stands; None also for a relative one without a moment to start at."""
    match expected:
        case Money():
            return Rank(f"money {expected.currency}", expected.amount)
        case Relative():
            return None if at is None else _rank_of_relative(expected, at)
        case _:
            return rank(expected)


def measured(measure: Measure, value: Value, at: CasinoTime | None) -> int | None:
    """Return what a measure gives for a value; None where the value is nothing that it can measure."""
    if not isinstance(value, str):
        return None
    match measure:
        case Bucket(salt):
            return bucket_of(salt, value)
        case Since():
            return None if at is None else _since(measure, value, at)
        case _:
            assert_never(measure)


def bucket_of(salt: str, text: str) -> int:
    """Return the hold-out bucket of a text, 0 to 9999; the same for good, on every machine."""
    digest = md5(f"{salt}:{text}".encode(), usedforsecurity=False).hexdigest()
    return int(digest[:8], 16) % BUCKETS


def _since(measure: Since, value: str, at: CasinoTime) -> int | None:
    """Count completed units from a moment, or casino days from a date; rounded down, so what lies ahead is below 0."""
    moment = iso_moment(value)
    if moment is not None:
        return (at.at - moment) // _UNITS[measure.unit]
    day = iso_date(value)
    return None if day is None or measure.unit != "days" else (at.day - day).days


def _rank_of_text(text: str) -> Rank | None:
    day = iso_date(text)
    if day is not None:
        return Rank("day", day.toordinal())
    moment = iso_moment(text)
    return None if moment is None else Rank("moment", _ticks(moment))


def _rank_of_money(value: dict[str, Value]) -> Rank | None:
    if value.keys() != _MONEY_KEYS:
        return None
    amount, currency = value["amount"], value["currency"]
    if isinstance(amount, bool) or not isinstance(amount, int | Decimal):
        return None
    return Rank(f"money {currency}", amount) if isinstance(currency, str) and is_currency(currency) else None


def _rank_of_relative(relative: Relative, at: CasinoTime) -> Rank:
    # Whole numbers, and not dates: no shift can leave the calendar.
    if relative.anchor == "today":
        return Rank("day", at.day.toordinal() + relative.shift)
    return Rank("moment", _ticks(at.at) + relative.shift * (_UNITS[relative.unit] // _TICK))


def _ticks(moment: datetime) -> int:
    return (moment - _EPOCH) // _TICK
