"""One condition as SQL over one column, with the meaning of `casino.rules.evaluate`: no coercion, nothing guessed.

The SQL is for rows in which the column is not null; TRUE is a pass, FALSE and NULL are none.
"""

from decimal import Decimal
from typing import Final, assert_never

from casino.clock import CasinoTime
from casino.money import Money
from casino.population import numbers, sql, times
from casino.population.column import ColumnType, Kind, Lane, whole
from casino.rules.condition import ORDERING, Bucket, Condition, Operator, Relative, Since, iso_date, iso_moment
from casino.rules.scale import BUCKETS
from casino.values import Value

NEVER: Final = "FALSE"
_NUMBERS: Final = frozenset({Kind.NUMBER, Kind.DOUBLE})
_TEXTS: Final = frozenset({Kind.TEXT, Kind.DATE, Kind.MOMENT})
_MEASURED: Final = whole("BIGINT")


def atom(condition: Condition, lane: Lane, at: CasinoTime) -> str:
    """Return the SQL of one condition on a column that is not null; `FALSE` where the types can never match."""
    match condition.measure:
        case Since() as measure:
            return _on_measure(condition, _since(lane, measure, at))
        case Bucket(salt):
            return _on_measure(condition, _bucket(lane, salt))
        case None:
            return _plain(condition, lane, at)
        case _:
            assert_never(condition.measure)


def _since(lane: Lane, measure: Since, at: CasinoTime) -> str | None:
    if lane.type.kind not in _TEXTS or (lane.type.kind is Kind.DATE and measure.unit != "days"):
        return None
    return times.since(lane.expression, lane.type, measure, at)


def _bucket(lane: Lane, salt: str) -> str | None:
    if lane.type.kind not in _TEXTS:
        return None
    written = f"nfc_normalize({lane.expression})" if lane.type.kind is Kind.TEXT else as_text(lane)
    digits = f"substr(md5({sql.text(f'{salt}:')} || {written}), 1, 8)"
    return f"(CAST('0x' || {digits} AS BIGINT) % {BUCKETS})"


def as_text(lane: Lane) -> str:
    """Return the SQL of a text, date or moment column as the text that the rules read."""
    if lane.type.kind is Kind.DATE:
        return f"strftime({lane.expression}, '%Y-%m-%d')"
    if lane.type.kind is not Kind.MOMENT:
        return lane.expression
    plain = f"make_timestamp(epoch_us({lane.expression}))"
    fraction = f"CASE WHEN epoch_us({lane.expression}) % 1000000 = 0 THEN '' ELSE strftime({plain}, '.%f') END"
    return f"(strftime({plain}, '%Y-%m-%dT%H:%M:%S') || {fraction} || 'Z')"


def _on_measure(condition: Condition, measured: str | None) -> str:
    if measured is None:
        return NEVER
    written = _plain(condition, Lane(measured, _MEASURED), None)
    return f"{measured} IS NOT NULL" if written == "TRUE" else written  # of what cannot be measured nothing holds


def _plain(condition: Condition, lane: Lane, at: CasinoTime | None) -> str:
    operator, expected = condition.operator, condition.expected
    match expected:
        case Money():
            return _money(operator, expected, lane)
        case Relative():
            return NEVER if at is None else _relative(operator, expected, lane, at)
        case _ if operator in ORDERING:
            return _ordered(operator, expected, lane)
        case _ if operator in {Operator.EQUAL, Operator.NOT_EQUAL}:
            return _equal(expected, lane, wanted=operator is Operator.EQUAL)
        case _ if operator is Operator.IS_IN:
            return _is_in(expected, lane)
        case _:
            return _listed(operator, expected, lane)


def _money(operator: Operator, expected: Money, lane: Lane) -> str:
    if not lane.type.is_money:
        return NEVER
    fields = lane.type.fields
    amount = Lane(f"struct_extract({lane.expression}, 'amount')", fields["amount"])
    currency = Lane(f"struct_extract({lane.expression}, 'currency')", fields["currency"])
    if operator in ORDERING:
        holds = _ordered(operator, expected.amount, amount)
    else:
        holds = _equal(expected.amount, amount, wanted=operator is Operator.EQUAL)
    same = _equal(expected.currency, currency, wanted=True)
    return sql.all_of([f"{amount.expression} IS NOT NULL", same, holds])


_SIGNS = {Operator.EQUAL: "=", Operator.NOT_EQUAL: "<>"}


def _relative(operator: Operator, expected: Relative, lane: Lane, at: CasinoTime) -> str:
    if expected.anchor == "today":
        return _placed(operator, times.day_number(at.day) + expected.shift, lane, "day")
    return _placed(operator, times.shifted_tick(at.at, expected.shift, expected.unit), lane, "moment")


def _placed(operator: Operator, place: int, lane: Lane, scale: str) -> str:
    wrong = Kind.MOMENT if scale == "day" else Kind.DATE
    if lane.type.kind not in _TEXTS - {wrong}:
        return NEVER
    read = times.day_of if scale == "day" else times.tick_of
    return f"{read(lane.expression, lane.type)} {_SIGNS.get(operator, operator.value)} {place}"


def _ordered(operator: Operator, expected: Value, lane: Lane) -> str:
    if isinstance(expected, str):
        day, moment = iso_date(expected), iso_moment(expected)
        if day is not None:
            return _placed(operator, times.day_number(day), lane, "day")
        return NEVER if moment is None else _placed(operator, times.tick(moment), lane, "moment")
    if isinstance(expected, bool) or not isinstance(expected, int | Decimal) or lane.type.kind not in _NUMBERS:
        return NEVER
    return numbers.ordered(lane.expression, lane.type, operator, expected)


def _equal(expected: Value, lane: Lane, *, wanted: bool) -> str:
    if not _same_kind(lane.type, expected):
        return NEVER
    found = _constant(lane.type, expected)
    if found is None:
        return NEVER if wanted else "TRUE"  # of the same kind, and yet no value of the column can be it
    return f"{_comparable_text(lane, [expected])} {'=' if wanted else '<>'} {found}"


def _is_in(expected: Value, lane: Lane) -> str:
    items = expected if isinstance(expected, list) else []
    alike = [item for item in items if _same_kind(lane.type, item)]
    constants = [found for item in alike if (found := _constant(lane.type, item)) is not None]
    read = _comparable_text(lane, alike)
    if lane.type.kind is Kind.TEXT and len(constants) > 1:
        # As a function of one column it is worked out once for each entry of a dictionary, and not for each row.
        return f"list_contains([{', '.join(constants)}], {read})"
    return sql.any_of(f"{read} = {found}" for found in constants)


def _listed(operator: Operator, expected: Value, lane: Lane) -> str:
    wanted = expected if isinstance(expected, list) else [expected]
    item = lane.type.item
    if lane.type.kind is not Kind.LIST or item is None:
        return NEVER
    alike = [value for value in wanted if _same_kind(item, value)]
    if not alike:
        # Only a list in which nothing stands but nulls could hold such values, and it holds none.
        return f"list_count({lane.expression}) = 0" if operator is Operator.CONTAINS_NONE else NEVER
    constants = [_constant(item, value) for value in wanted if _same_kind(item, value)]
    read = _comparable_text(Lane(lane.expression, item), alike, listed=True)
    held = [f"list_contains({read}, {found})" for found in constants if found is not None]
    if operator is Operator.CONTAINS_ALL:
        return sql.all_of(held) if len(held) == len(wanted) else NEVER
    return f"NOT {sql.any_of(held)}" if operator is Operator.CONTAINS_NONE else sql.any_of(held)


def reads_time(condition: Condition) -> bool:
    """Tell whether a text is read as a date or a moment by it."""
    if condition.measure is not None:
        return isinstance(condition.measure, Since)
    expected = condition.expected
    return isinstance(expected, Relative) or (condition.operator in ORDERING and isinstance(expected, str))


def can_match(condition: Condition, type_: ColumnType) -> bool:
    """Tell whether a value of this type could make the condition anything but a type mismatch."""
    expected, operator = condition.expected, condition.operator
    if condition.measure is not None:
        by_hours = isinstance(condition.measure, Since) and condition.measure.unit == "hours"
        return type_.kind in (_TEXTS - {Kind.DATE} if by_hours else _TEXTS)
    if isinstance(expected, Money):
        return type_.is_money
    if isinstance(expected, Relative):
        return type_.kind in _TEXTS - {Kind.MOMENT if expected.anchor == "today" else Kind.DATE}
    if operator in ORDERING:
        return _orders(type_, expected)
    wanted = expected if isinstance(expected, list) else [expected]
    held = type_ if operator in _ON_SCALARS else type_.item
    return held is not None and any(_same_kind(held, item) for item in wanted)


_ON_SCALARS: Final = frozenset({Operator.EQUAL, Operator.NOT_EQUAL, Operator.IS_IN})


def _orders(type_: ColumnType, expected: Value) -> bool:
    if not isinstance(expected, str):
        return type_.kind in _NUMBERS
    return type_.kind in _TEXTS - {Kind.MOMENT if iso_date(expected) is not None else Kind.DATE}


def _same_kind(type_: ColumnType, value: Value) -> bool:
    match value:
        case bool():
            return type_.kind is Kind.BOOLEAN
        case int() | Decimal():
            return type_.kind in _NUMBERS
        case str():
            return type_.kind in _TEXTS
        case _:
            return False


def _constant(type_: ColumnType, value: Value) -> str | None:
    match value:
        case bool():
            return "TRUE" if value else "FALSE"
        case int() | Decimal():
            return numbers.constant(type_, value)
        case str():
            return sql.text(value) if type_.kind is Kind.TEXT else times.constant(type_, value)
        case _:
            return None


# The ASCII signs that other signs become in NFC (the Kelvin sign, the Greek question mark, the Greek varia).
_BECOMES: Final = frozenset("K;`")


def _comparable_text(lane: Lane, values: list[Value], *, listed: bool = False) -> str:
    """Return the column in NFC, where that can make a difference: a plain ASCII literal is equal to itself only."""
    texts = [value for value in values if isinstance(value, str)]
    plain = all(value.isascii() and _BECOMES.isdisjoint(value) for value in texts)
    if lane.type.kind is not Kind.TEXT or plain:
        return lane.expression
    if listed:
        return f"list_transform({lane.expression}, lambda one: nfc_normalize(one))"
    return f"nfc_normalize({lane.expression})"
