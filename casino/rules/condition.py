"""One condition of a rule: a field, an operator, a fixed value, and who may hear about it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Literal, NamedTuple

from casino.values import Value

MOST_LISTED = 1_000  # values in one list; longer lists are data, and belong into a field


class Operator(StrEnum):
    """The operators, spelt as in the text form."""

    EQUAL = "=="
    NOT_EQUAL = "!="
    GREATER = ">"
    GREATER_OR_EQUAL = ">="
    LESS = "<"
    LESS_OR_EQUAL = "<="
    CONTAINS = "contains"
    IS_IN = "is_in"
    CONTAINS_ANY = "contains any of"
    CONTAINS_ALL = "contains all of"
    CONTAINS_NONE = "does not contain any of"


ORDERING = frozenset({Operator.GREATER, Operator.GREATER_OR_EQUAL, Operator.LESS, Operator.LESS_OR_EQUAL})
TAKES_LIST = frozenset({Operator.IS_IN, Operator.CONTAINS_ANY, Operator.CONTAINS_ALL, Operator.CONTAINS_NONE})


@dataclass(frozen=True, slots=True)
class Condition:
    """A field compared with a value. `say` is what the player may hear when it fails (`hear` is then "player")."""

    path: str
    operator: Operator
    expected: Value
    on_missing: Literal["fail", "pass"] = "fail"
    hear: Literal["player", "staff"] = "staff"
    say: str | None = None

    def to_document(self) -> dict[str, Value]:
        """Return the structured form, with every key."""
        return {
            "field": self.path,
            "operator": self.operator.value,
            "value": self.expected,
            "on_missing": self.on_missing,
            "hear": self.hear,
            "say": self.say,
        }


class Flaw(NamedTuple):
    """Why a condition can never do what its author wants, and how to mend it."""

    message: str
    mend: str


_PATH = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)+")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?(Z|[+-][0-9]{2}:[0-9]{2})"
)


def is_path(text: str) -> bool:
    """Tell whether a text is a dotted field path such as player.ngr."""
    return _PATH.fullmatch(text) is not None


def iso_date(text: str) -> date | None:
    """Read YYYY-MM-DD, and nothing else."""
    if _DATE.fullmatch(text) is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def iso_moment(text: str) -> datetime | None:
    """Read an ISO 8601 time stamp with its offset (Z or +01:00), in UTC; without an offset it is no moment."""
    if _MOMENT.fullmatch(text) is None:
        return None
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


_ONE_VALUE: Mapping[Operator, str] = MappingProxyType(
    {
        Operator.EQUAL: 'For "one of these" write "is_in".',
        Operator.NOT_EQUAL: "Write one condition with != for each value.",
        Operator.CONTAINS: 'Write "contains any of" or "contains all of".',
    }
)


def flaw(condition: Condition) -> Flaw | None:
    """Find what is wrong with a condition by itself, before any player is looked at."""
    if not is_path(condition.path):
        message = f'"{condition.path}" is not a field path'
        return Flaw(message, 'Write the field with its root, as "player.ngr" or "tools.kyc.status".')
    if condition.operator in TAKES_LIST:
        return _list_flaw(condition)
    if condition.operator in ORDERING:
        return _ordering_flaw(condition)
    if condition.expected is None:
        return Flaw("nothing can be compared with null: a field that is null fails every condition", "Drop it.")
    if isinstance(condition.expected, list | dict):
        return Flaw(f'"{condition.operator}" takes one value, not a list', _ONE_VALUE[condition.operator])
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
    if isinstance(expected, int | Decimal) and not isinstance(expected, bool):
        return None
    if isinstance(expected, str) and (iso_date(expected) is not None or iso_moment(expected) is not None):
        return None
    message = f'"{condition.operator}" compares numbers, dates and time stamps'
    return Flaw(message, "Write a bare number, '2026-01-31' or '2026-01-31T00:00:00Z' on the right.")


_ESCAPES: Mapping[str, str] = MappingProxyType({
    "\\": "\\\\", "'": "\\'", "\n": "\\n", "\t": "\\t", "\r": "\\r",
})  # fmt: skip


def text(condition: Condition) -> str:
    """Write the text form; what it says about missing fields and about hearing stands in the structured form only."""
    return f"{condition.path} {condition.operator.value} {literal(condition.expected)}"


def literal(value: Value) -> str:
    """Write a value as the rule language spells it."""
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case int() | Decimal():
            return str(value)
        case str():
            return "'" + "".join(_escaped(sign) for sign in value) + "'"
        case list():
            return "[" + ", ".join(literal(item) for item in value) + "]"
        case dict():
            return "{" + ", ".join(f"{literal(key)}: {literal(item)}" for key, item in value.items()) + "}"


def _escaped(sign: str) -> str:
    if sign in _ESCAPES:
        return _ESCAPES[sign]
    return sign if sign.isprintable() or sign == " " else f"\\u{{{ord(sign):x}}}"
