"""Values on both sides of a condition: just inside, just outside, and of the wrong kind."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import islice
from typing import Final

from casino.clock import CasinoTime
from casino.facts import MISSING, Absent, Found
from casino.fields.field_type import FieldType
from casino.money import Money
from casino.rules.condition import (
    Bucket,
    Condition,
    Expected,
    Operator,
    Relative,
    Since,
    Unit,
    iso_date,
    iso_moment,
    literal,
    plain,
)
from casino.rules.evaluate import weigh
from casino.values import Value
from casino.verdict import Outcome, Verdict

OTHER: Final = "something-else"  # a text that no rule names
ON_LISTS: Final = frozenset({Operator.CONTAINS, Operator.CONTAINS_ANY, Operator.CONTAINS_ALL, Operator.CONTAINS_NONE})
MOST_TRIED: Final = 3_000  # ids that are tried for a hold-out bucket
_TICK: Final = timedelta(seconds=1)


def candidates(condition: Condition, at: CasinoTime) -> list[Value]:
    """Return values round the boundary of a condition; for a hold-out, one id inside and one outside."""
    match condition.measure:
        case Since(unit):
            return [value for number in _numbers(condition.expected) for value in _moments_ago(number, unit, at)]
        case Bucket():
            return _ids(condition, at)
        case _:
            return list(_in_lists(condition) if condition.operator in ON_LISTS else _around(condition.expected, at))


def bad_values(value: Value) -> list[Value | Absent]:
    """Return what may stand in place of a value and is none: nothing, null, and a value of another type."""
    return [MISSING, None, 1 if isinstance(value, str) else literal(value)]


def holds(condition: Condition, value: Value | Absent, at: CasinoTime) -> bool:
    """Tell whether a condition holds of a value."""
    look = value if isinstance(value, Absent) else Found(value)
    return weigh(condition, look, at).verdict is Verdict.YES


def fails(condition: Condition, value: Value, at: CasinoTime) -> bool:
    """Tell whether a value is of the right kind and on the wrong side of a condition."""
    return weigh(condition, Found(value), at).outcome is Outcome.FAIL


def of_type(kind: FieldType, at: CasinoTime) -> list[Value]:
    """Return ordinary values of a type, for a field that no condition compares directly."""
    days = [timedelta(days=count) for count in (0, 1, 6, 30, 400)]
    amounts: list[list[int]] = [[], [10], [500, 20], [50, 100, 1_000]]
    by_type: dict[FieldType, list[Value]] = {
        FieldType.TEXT: [OTHER],
        FieldType.NUMBER: [0, 1, 2, 10, 49, 100, 500, 1_000],
        FieldType.BOOLEAN: [True, False],
        FieldType.DATE: [(at.day - ago).isoformat() for ago in days],
        FieldType.MOMENT: [_moment(at.at - ago) for ago in days],
        FieldType.MONEY: [{"amount": amount, "currency": "EUR"} for amount in (0, 20, 500)],
        FieldType.TEXT_LIST: [[], [OTHER]],
        FieldType.NUMBER_LIST: [[], [0], [1, 100]],
        FieldType.RECORD_LIST: [[_record(amount, at) for amount in some] for some in amounts],
    }
    return by_type[kind]


def _record(amount: int, at: CasinoTime) -> dict[str, Value]:
    when = _moment(at.at - timedelta(days=amount % 9))
    return {"id": f"R{amount}", "amount": amount, "currency": "EUR", "status": "completed", "at": when}


def _numbers(expected: Expected) -> Iterator[int]:
    listed = expected if isinstance(expected, list) else [expected]
    yield from (int(one) for one in listed if isinstance(one, int | Decimal))


def _moments_ago(number: int, unit: Unit, at: CasinoTime) -> list[Value]:
    """Return the last moment at which so many units have passed, the first one, and those just outside."""
    one = timedelta(**{unit: 1})
    edges = (one * number, one * (number + 1) - _TICK, one * number - _TICK, one * (number + 1))
    return [_moment(at.at - edge) for edge in edges]


def _ids(condition: Condition, at: CasinoTime) -> list[Value]:
    tried: list[Value] = [f"P{number}" for number in range(1, MOST_TRIED)]
    inside = islice((one for one in tried if holds(condition, one, at)), 1)
    outside = islice((one for one in tried if not holds(condition, one, at)), 1)
    return [*inside, *outside]


def _around(expected: Expected, at: CasinoTime) -> Iterator[Value]:
    match expected:
        case bool():
            yield from (True, False)
        case int() | Decimal():
            yield expected - 1
            yield expected
            yield expected + 1
        case str():
            yield from _around_text(expected)
        case Money():
            below, above = Money(expected.minor - 1, expected.currency), Money(expected.minor + 1, expected.currency)
            for one in (below, expected, above):
                yield {"amount": one.amount, "currency": one.currency}
            yield {"amount": expected.amount, "currency": "SEK" if expected.currency != "SEK" else "EUR"}
        case Relative():
            yield from _around_relative(expected, at)
        case _:
            yield from (*(expected if isinstance(expected, list) else []), OTHER)


def _around_text(text: str) -> Iterator[Value]:
    if (moment := iso_moment(text)) is not None:
        yield from (_moment(moment + shift) for shift in (-_TICK, timedelta(), _TICK))
    elif (day := iso_date(text)) is not None:
        yield from _around_day(day)
    else:
        yield from (text, OTHER)


def _around_day(day: date) -> Iterator[Value]:
    return ((day + timedelta(days=shift)).isoformat() for shift in (-1, 0, 1))


def _around_relative(relative: Relative, at: CasinoTime) -> Iterator[Value]:
    shift = timedelta(**{relative.unit: relative.shift})
    if relative.anchor == "today":
        yield from _around_day(at.day + shift)
    else:
        yield from (_moment(at.at + shift + tick) for tick in (-_TICK, timedelta(), _TICK))


def _in_lists(condition: Condition) -> Iterator[Value]:
    """Yield lists with each value alone, all of them, all but one, none of them, and none at all."""
    expected = plain(condition.expected)
    listed = expected if isinstance(expected, list) else [expected]
    for one in listed:
        yield [one]
    several: list[list[Value]] = [[], [OTHER], [*listed], [*listed[:-1], OTHER], [*listed, None]]
    yield from several


def _moment(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")
