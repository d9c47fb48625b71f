"""Whether a condition can ever hold of a field of its type."""

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import assert_never

from casino.fields.field_type import FieldType
from casino.money import Money
from casino.rules.condition import (
    ORDERING,
    Bucket,
    Condition,
    Expected,
    Operator,
    Relative,
    Since,
    iso_date,
    iso_moment,
    literal,
)
from casino.rules.flaws import Flaw
from casino.values import Value

_EQUALITY = frozenset({Operator.EQUAL, Operator.NOT_EQUAL})
_OF_LISTS = frozenset({Operator.CONTAINS, Operator.CONTAINS_ANY, Operator.CONTAINS_ALL, Operator.CONTAINS_NONE})
_OPERATORS: Mapping[FieldType, frozenset[Operator]] = MappingProxyType(
    {
        FieldType.TEXT: _EQUALITY | {Operator.IS_IN},
        FieldType.NUMBER: _EQUALITY | ORDERING | {Operator.IS_IN},
        FieldType.BOOLEAN: _EQUALITY | {Operator.IS_IN},
        FieldType.DATE: _EQUALITY | ORDERING | {Operator.IS_IN},
        FieldType.MOMENT: _EQUALITY | ORDERING | {Operator.IS_IN},
        FieldType.MONEY: _EQUALITY | ORDERING,
        FieldType.TEXT_LIST: _OF_LISTS,
        FieldType.NUMBER_LIST: _OF_LISTS,
        FieldType.RECORD_LIST: frozenset(),
    }
)
_NAMES: Mapping[FieldType, str] = MappingProxyType(
    {
        FieldType.TEXT: "a text",
        FieldType.NUMBER: "a number",
        FieldType.BOOLEAN: "true or false",
        FieldType.DATE: "a date",
        FieldType.MOMENT: "a moment",
        FieldType.MONEY: "money",
        FieldType.TEXT_LIST: "a list of texts",
        FieldType.NUMBER_LIST: "a list of numbers",
        FieldType.RECORD_LIST: "a list of records",
    }
)
_WRITTEN: Mapping[FieldType, str] = MappingProxyType(
    {
        FieldType.TEXT: "Write a text in quotes, as 'gold'.",
        FieldType.NUMBER: "Write a bare number, as 500 or 0.5.",
        FieldType.BOOLEAN: "Write true or false.",
        FieldType.DATE: "Write a date as '2026-01-31', or today - 30 days.",
        FieldType.MOMENT: "Write a moment as '2026-01-31T00:00:00Z', or now - 30 days.",
        FieldType.MONEY: "Write an amount with its currency, as 500 EUR.",
        FieldType.TEXT_LIST: "Write texts in quotes, as ['vip', 'whale'].",
        FieldType.NUMBER_LIST: "Write bare numbers, as [1, 2].",
        FieldType.RECORD_LIST: "Take it out.",
    }
)
_MEASURED: Mapping[str, frozenset[FieldType]] = MappingProxyType(
    {
        "days since": frozenset({FieldType.DATE, FieldType.MOMENT}),
        "hours since": frozenset({FieldType.MOMENT}),
        "bucket": frozenset({FieldType.TEXT}),
    }
)


def misfit(condition: Condition, type_: FieldType) -> Flaw | None:
    """Say why a condition can never hold of a field of this type; None where it can."""
    match condition.measure:
        case Since(unit):
            return _unmeasured(condition.path, f"{unit} since", type_)
        case Bucket():
            return _unmeasured(condition.path, "bucket", type_)
        case None:
            return (
                _operator_misfit(condition, type_)
                or _value_misfit(condition, type_)
                or _spelling_misfit(condition, type_)
            )
        case _:
            assert_never(condition.measure)


def type_of(value: Value | Money) -> FieldType | None:
    """Return the narrowest type of a single value; None for null, a list or a mapping."""
    match value:
        case bool():
            return FieldType.BOOLEAN
        case int() | Decimal():
            return FieldType.NUMBER
        case str():
            return _type_of_text(value)
        case Money():
            return FieldType.MONEY
        case _:
            return None


def named_type(type_: FieldType) -> str:
    """Name a type for people."""
    return _NAMES[type_]


def can_hold(type_: FieldType, value: Value) -> bool:
    """Tell whether a field of this type can hold a value, or a list of this type hold it among its items."""
    return _fits(value, type_)


def written_as(type_: FieldType) -> str:
    """Say how values of this type are written."""
    return _WRITTEN[type_]


def _unmeasured(path: str, measure: str, type_: FieldType) -> Flaw | None:
    if type_ in _MEASURED[measure]:
        return None
    measured = " and ".join(sorted(f"{kind}s" for kind in _MEASURED[measure]))
    return Flaw(f'"{measure}" measures {measured}, and "{path}" is {_NAMES[type_]}', "Name another field.")


def _operator_misfit(condition: Condition, type_: FieldType) -> Flaw | None:
    fitting = _OPERATORS[type_]
    if condition.operator in fitting:
        return None
    message = f'"{condition.operator}" does not go with "{condition.path}", which is {_NAMES[type_]}'
    if not fitting:
        return Flaw(message, "Count or sum it up in a computed field, and compare that.")
    return Flaw(message, "Write one of " + ", ".join(operator for operator in Operator if operator in fitting) + ".")


def _value_misfit(condition: Condition, type_: FieldType) -> Flaw | None:
    listed = condition.expected if isinstance(condition.expected, list) else [condition.expected]
    for value in listed:
        if not _fits(value, type_):
            message = f'"{condition.path}" is {_NAMES[type_]}, and {literal(value)} is not'
            what = "" if type_ not in _OF_ITEMS else " in it"
            return Flaw(f"{message}{what}", _WRITTEN[type_])
    return None


def _spelling_misfit(condition: Condition, type_: FieldType) -> Flaw | None:
    """Refuse to compare moments as the texts they are: 12:00Z and 13:00+01:00 are one moment, and two texts."""
    expected, path = condition.expected, condition.path
    if type_ is not FieldType.MOMENT or condition.operator in ORDERING or isinstance(expected, Relative):
        return None
    at = expected[0] if isinstance(expected, list) and expected else expected
    message = f'"{condition.operator}" compares texts, and the same moment can be written as several'
    mend = f"Write >= and <, as {path} >= {literal(at)}, or compare with now; for a whole day compute day({path})."
    return Flaw(message, mend)


_OF_ITEMS: Mapping[FieldType, FieldType] = MappingProxyType(
    {FieldType.TEXT_LIST: FieldType.TEXT, FieldType.NUMBER_LIST: FieldType.NUMBER}
)


def _fits(value: Expected, type_: FieldType) -> bool:
    wanted = _OF_ITEMS.get(type_, type_)
    if isinstance(value, Relative):
        return wanted is (FieldType.MOMENT if value.anchor == "now" else FieldType.DATE)
    found = type_of(value)
    return found is wanted or (wanted is FieldType.TEXT and isinstance(value, str))


def _type_of_text(text: str) -> FieldType:
    if iso_date(text) is not None:
        return FieldType.DATE
    return FieldType.TEXT if iso_moment(text) is None else FieldType.MOMENT
