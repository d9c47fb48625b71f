"""Values of another database's table, exactly as they are stored: what does not fit its declared type is refused.

A database may store what its column does not declare (SQLite keeps 17.6 in an INTEGER column), and a conversion would
round it. So values are taken raw, and each is compared with what its column promises.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Context, Decimal
from types import MappingProxyType
from typing import Final, cast
from uuid import UUID

import sqlalchemy as sa

_EXACT_DIGITS: Final = 15  # of a DOUBLE


class Unfit(ValueError):  # noqa: N818  # named by what is wrong
    """A value is not what its column declares; the message says what was expected, and never the value."""


_DECLARED: Final[tuple[tuple[type[object], str], ...]] = (
    (sa.Boolean, "BOOLEAN"),
    (sa.Integer, "BIGINT"),
    (sa.Float, "DOUBLE"),
    (sa.Date, "DATE"),
)


def declared(type_: object) -> str:
    """Return the DuckDB type of a declared one; what is none of these is text."""
    if isinstance(type_, sa.ARRAY):
        return f"{declared(cast('object', type_.item_type))}[]"
    if isinstance(type_, sa.DateTime) and type_.timezone:
        return "TIMESTAMPTZ"
    found = next((name for one, name in _DECLARED if isinstance(type_, one)), None)
    if found is None and isinstance(type_, sa.Numeric):
        precision, scale = type_.precision, type_.scale
        return "DOUBLE" if precision is None else f"DECIMAL({precision},{scale or 0})"
    return found or "VARCHAR"


def fitted(value: object, type_: str) -> object:
    """Return a stored value as DuckDB takes it for a declared type; raises Unfit."""
    if value is None:
        return None
    if type_.endswith("[]"):
        return _listed(value, type_.removesuffix("[]"))
    name, _, bounds = type_.partition("(")
    if name == "DECIMAL":
        precision, scale = map(int, bounds.rstrip(")").split(","))
        return _decimal(value, precision, scale)
    return _FITTED[name](value)


def _listed(value: object, item: str) -> list[object]:
    if not isinstance(value, Sequence) or isinstance(value, str | bytes):
        raise Unfit("a list")
    return [fitted(one, item) for one in cast("Sequence[object]", value)]


def _decimal(value: object, precision: int, scale: int) -> str:
    number = _number(value, f"a number of at most {scale} decimal places")
    exponent = number.normalize(_WIDE).as_tuple().exponent
    if not isinstance(exponent, int) or -exponent > scale or number.adjusted() >= precision - scale:
        raise Unfit(f"a number of at most {precision - scale} digits and {scale} decimal places")
    return f"{number:f}"


def _number(value: object, wanted: str) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise Unfit(wanted)
    number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    if not number.is_finite():
        raise Unfit(wanted)
    return number


def _whole(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise Unfit("a whole number")
    return value


def _double(value: object) -> float:
    number = _number(value, "a number")
    if not isinstance(value, float) and len(number.normalize(_WIDE).as_tuple().digits) > _EXACT_DIGITS:
        raise Unfit(f"a number of at most {_EXACT_DIGITS} digits; declare its precision and scale for more")
    return float(number)


def _boolean(value: object) -> bool:
    if isinstance(value, bool) or (isinstance(value, int) and value in {0, 1}):
        return bool(value)
    raise Unfit("true or false")


def _date(value: object) -> str:
    try:
        day = value if isinstance(value, date) else date.fromisoformat(str(value))
    except ValueError:
        raise Unfit("a date, as 2026-01-31") from None
    if isinstance(day, datetime):
        raise Unfit("a date without a time")
    return day.isoformat()


def _moment(value: object) -> str:
    try:
        moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    except ValueError:
        raise Unfit("a moment, as 2026-01-31T12:00:00Z") from None
    if moment.tzinfo is None:
        raise Unfit("a moment with its offset")
    return moment.astimezone(UTC).isoformat()


def _text(value: object) -> str:
    match value:
        case str():
            return value
        case datetime() | date():
            return value.isoformat()
        case UUID():
            return str(value)
        case bool() | int() | float() | Decimal() | bytes():
            raise Unfit("text")
        case _:
            return str(value)


_WIDE: Final = Context(prec=200)  # wider than any stored number, so that nothing is rounded
_FITTED: Final[Mapping[str, Callable[[object], object]]] = MappingProxyType(
    {
        "BIGINT": _whole,
        "DOUBLE": _double,
        "BOOLEAN": _boolean,
        "DATE": _date,
        "TIMESTAMPTZ": _moment,
        "VARCHAR": _text,
    }
)
