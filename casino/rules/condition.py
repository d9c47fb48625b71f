"""One condition of a rule: a field, an operator, a fixed value, and who may hear about it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Literal, TypeAlias, assert_never

from casino.money import Money, exponent
from casino.values import Value


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


Unit: TypeAlias = Literal["minutes", "hours", "days"]
UNITS: tuple[Unit, ...] = ("minutes", "hours", "days")


@dataclass(frozen=True, slots=True)
class Since:
    """Compare the time that has passed since a date or moment, in completed units: `days since player.lastDepositAt`.

    For a moment a day is 24 hours; for a date it is the casino days between. What lies ahead is below 0.
    """

    unit: Literal["hours", "days"]


@dataclass(frozen=True, slots=True)
class Bucket:
    """Compare the hold-out bucket of a text, 0 to 9999: `bucket 'autumn' of player.id < 1000`.

    The bucket is the first eight hex digits of md5("salt:text"), modulo 10,000.
    """

    salt: str


Measure: TypeAlias = Since | Bucket


@dataclass(frozen=True, slots=True)
class Relative:
    """A moment or a casino day relative to that of the decision: `now - 30 days`, `today`."""

    anchor: Literal["now", "today"]
    shift: int = 0  # negative: before
    unit: Unit = "days"  # `today` shifts by days only


Expected: TypeAlias = Value | Money | Relative


@dataclass(frozen=True, slots=True)
class Condition:
    """A field compared with a value. `say` is what the player may hear when it fails (`hear` is then "player").

    `on_missing: unknown` is not for authors: it is for counters. One that nobody supplied, or not as something that
    counts up from 0 in the unit of the limit, is an outage.
    """

    path: str
    operator: Operator
    expected: Expected
    on_missing: Literal["fail", "pass", "unknown"] = "fail"
    hear: Literal["player", "staff"] = "staff"
    say: str | None = None
    measure: Measure | None = None  # None: the value as it stands

    @property
    def subject(self) -> str:
        """Return the left side as written: the path, or what is measured of it."""
        match self.measure:
            case None:
                return self.path
            case Since(unit):
                return f"{unit} since {self.path}"
            case Bucket(salt):
                return f"bucket {literal(salt)} of {self.path}"
            case _:
                assert_never(self.measure)

    def to_document(self) -> dict[str, Value]:
        """Return the structured form, with every key."""
        return {
            "field": self.path,
            "measure": f"{self.measure.unit} since" if isinstance(self.measure, Since) else None,
            "bucket": self.measure.salt if isinstance(self.measure, Bucket) else None,
            "operator": self.operator.value,
            "value": plain(self.expected),
            "on_missing": self.on_missing,
            "hear": self.hear,
            "say": self.say,
        }


def plain(expected: Expected) -> Value:
    """Return a fixed value as the structured form writes it."""
    match expected:
        case Money():
            return {"amount": expected.amount, "currency": expected.currency}
        case Relative():
            return {expected.anchor: {expected.unit: expected.shift} if expected.shift else {}}
        case _:
            return expected


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


_ESCAPES: Mapping[str, str] = MappingProxyType({
    "\\": "\\\\", "'": "\\'", "\n": "\\n", "\t": "\\t", "\r": "\\r",
})  # fmt: skip


def text(condition: Condition) -> str:
    """Write the text form; what it says about missing fields and about hearing stands in the structured form only."""
    return f"{condition.subject} {condition.operator.value} {literal(condition.expected)}"


def literal(value: Expected) -> str:
    """Write a value as the rule language spells it."""
    match value:
        case Money():
            return _money(value)
        case Relative():
            shift = f" {'-' if value.shift < 0 else '+'} {abs(value.shift)} {value.unit}" if value.shift else ""
            return f"{value.anchor}{shift}"
        case list():
            return "[" + ", ".join(literal(item) for item in value) + "]"
        case dict():
            return "{" + ", ".join(f"{literal(key)}: {literal(item)}" for key, item in value.items()) + "}"
        case _:
            return _scalar(value)


def _money(money: Money) -> str:
    # Asked of the minor units: a remainder of Decimals would be rounded to 28 digits, or refused.
    whole = money.minor % 10 ** exponent(money.currency) == 0
    return f"{money.amount:.0f} {money.currency}" if whole else money.text()


def _scalar(value: bool | int | Decimal | str | None) -> str:  # a value of the language
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case int() | Decimal():
            return str(value)
        case str():
            return "'" + "".join(_escaped(sign) for sign in value) + "'"
        case _:
            assert_never(value)


def _escaped(sign: str) -> str:
    if sign in _ESCAPES:
        return _ESCAPES[sign]
    return sign if sign.isprintable() or sign == " " else f"\\u{{{ord(sign):x}}}"
