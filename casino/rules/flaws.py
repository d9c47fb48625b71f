"""What can be wrong with a condition by itself, before any player is looked at."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType
from typing import Final, NamedTuple

from casino.money import Money
from casino.rules.condition import (
    ORDERING,
    TAKES_LIST,
    Bucket,
    Condition,
    Expected,
    Operator,
    Relative,
    is_path,
    iso_date,
    iso_moment,
)
from casino.values import Value

MOST_LISTED: Final = 1_000  # values in one list; longer lists are data, and belong into a field
LAST_BUCKET: Final = 9_999
_LONGEST_SHIFT: Mapping[str, int] = MappingProxyType(
    {"minutes": 52_596_000, "hours": 876_600, "days": 36_525}  # a hundred years
)


class Flaw(NamedTuple):
    """Why a condition can never do what its author wants, and how to mend it."""

    message: str
    mend: str


_ONE_VALUE: Mapping[Operator, str] = MappingProxyType(
    {
        Operator.EQUAL: 'For "one of these" write "is_in".',
        Operator.NOT_EQUAL: "Write one condition with != for each value.",
        Operator.CONTAINS: 'Write "contains any of" or "contains all of".',
    }
)
_OF_PLACES = ORDERING | {Operator.EQUAL, Operator.NOT_EQUAL}
_OF_NUMBERS = _OF_PLACES | {Operator.IS_IN}


def flaw(condition: Condition) -> Flaw | None:
    """Find what is wrong with a condition by itself, before any player is looked at."""
    if not is_path(condition.path):
        message = f'"{condition.path}" is not a field path'
        return Flaw(message, 'Write the field with its root, as "player.ngr" or "tools.kyc.status".')
    return _operator_flaw(condition) or _measure_flaw(condition)


def _operator_flaw(condition: Condition) -> Flaw | None:
    if isinstance(condition.expected, Money | Relative):
        return _place_flaw(condition.operator, condition.expected)
    if condition.operator in TAKES_LIST:
        return _list_flaw(condition)
    if condition.operator in ORDERING:
        return _ordering_flaw(condition)
    if condition.expected is None:
        return Flaw("nothing can be compared with null: a field that is null fails every condition", "Drop it.")
    if isinstance(condition.expected, list):
        return Flaw(f'"{condition.operator}" takes one value, not a list', _ONE_VALUE[condition.operator])
    return _no_mapping(condition.expected)


def _no_mapping(value: Value) -> Flaw | None:
    if not isinstance(value, dict):
        return None
    mend = "A mapping is money, {amount: 500, currency: EUR}, or {now: {days: -30}} or {today: {days: -7}}."
    return Flaw("this mapping is no value of the rule language", mend)


def _place_flaw(operator: Operator, expected: Money | Relative) -> Flaw | None:
    what = "money" if isinstance(expected, Money) else f'"{expected.anchor}"'
    if operator not in _OF_PLACES:
        return Flaw(f'"{operator}" does not go with {what}', "Write one of ==, !=, >, >=, <, <=.")
    if isinstance(expected, Money):
        return None
    if expected.anchor == "today" and expected.unit != "days":
        return Flaw('"today" is a day, and moves by days', f'Write days, or "now" for {expected.unit}.')
    if abs(expected.shift) > _LONGEST_SHIFT[expected.unit]:
        return Flaw("the shift is longer than a hundred years", "Write a date in quotes.")
    return None


def _list_flaw(condition: Condition) -> Flaw | None:
    listed = condition.expected
    if not isinstance(listed, list):
        return Flaw(f'"{condition.operator}" takes a list', "Write it in square brackets, as ['a', 'b'].")
    if not listed:
        return Flaw("the list is empty", "Put at least one value into it, or take the condition out.")
    if len(listed) > MOST_LISTED:
        message = f"the list has {len(listed)} values, more than {MOST_LISTED}"
        return Flaw(message, "Put the membership into a field of the player.")
    if any(item is None or isinstance(item, list | dict) for item in listed):
        return Flaw("a list holds texts, numbers and true or false, nothing else", "Take the other values out.")
    return None


def _ordering_flaw(condition: Condition) -> Flaw | None:
    expected = condition.expected
    if _is_number(expected):
        return None
    if isinstance(expected, str) and (iso_date(expected) is not None or iso_moment(expected) is not None):
        return None
    message = f'"{condition.operator}" compares numbers, money, dates and time stamps'
    mend = "Write a bare number, 500 EUR, '2026-01-31', '2026-01-31T00:00:00Z', now or today on the right."
    return Flaw(message, mend)


def _measure_flaw(condition: Condition) -> Flaw | None:
    if condition.measure is None:
        return None
    what = "a bucket" if isinstance(condition.measure, Bucket) else f'"{condition.measure.unit} since"'
    if condition.operator not in _OF_NUMBERS:
        return Flaw(f'"{condition.operator}" does not go with {what}', "Write one of ==, !=, >, >=, <, <=, is_in.")
    numbers: Sequence[Expected] = condition.expected if isinstance(condition.expected, list) else [condition.expected]
    if not all(_is_number(number) for number in numbers):
        return Flaw(f"{what} is a whole number", "Write a bare number on the right.")
    return _bucket_flaw(condition.measure.salt, numbers) if isinstance(condition.measure, Bucket) else None


def _bucket_flaw(salt: str, numbers: Sequence[Expected]) -> Flaw | None:
    if not salt:
        return Flaw(
            "the salt of the bucket is empty", "Name what is held out, as in bucket 'autumn-2026' of player.id."
        )
    if any(isinstance(number, int | Decimal) and not 0 <= number <= LAST_BUCKET for number in numbers):
        return Flaw(f"a bucket is a number from 0 to {LAST_BUCKET}", "For one tenth of all players write < 1000.")
    return None


def _is_number(value: Expected) -> bool:
    return isinstance(value, int | Decimal) and not isinstance(value, bool)
