"""JSON with exact numbers: what is written as 12150.00 is read, kept and answered as 12150.00."""

import json
from decimal import Decimal
from typing import NoReturn, TypeAlias, cast

Json: TypeAlias = "bool | int | Decimal | str | list[Json] | dict[str, Json] | None"


class NotJson(ValueError):  # noqa: N818  # named by what was found
    """The text is not JSON, or holds a number that JSON does not have."""


def parse(text: str | bytes) -> Json:
    """Read JSON; fractions become Decimal, NaN and infinities are refused."""
    try:
        parsed: object = json.loads(text, parse_float=_finite, parse_constant=_refuse)
    except (ValueError, ArithmeticError, RecursionError) as error:
        raise NotJson(f"not readable as JSON: {error}") from error
    return cast("Json", parsed)  # with these hooks json.loads builds nothing else


def parse_object(text: str | bytes) -> dict[str, Json]:
    """Read a JSON object."""
    parsed = parse(text)
    if not isinstance(parsed, dict):
        raise NotJson("not a JSON object")
    return parsed


def dump(value: Json, *, sort_keys: bool = False) -> str:
    """Write JSON; a Decimal keeps its digits, trailing zeros included."""
    match value:
        case Decimal():
            return format(value, "f")
        case dict():
            items = sorted(value.items()) if sort_keys else value.items()
            return "{" + ",".join(f"{json.dumps(key)}:{dump(item, sort_keys=sort_keys)}" for key, item in items) + "}"
        case list():
            return "[" + ",".join(dump(item, sort_keys=sort_keys) for item in value) + "]"
        case _:
            return json.dumps(value, ensure_ascii=False)


def _finite(digits: str) -> Decimal:
    number = Decimal(digits)
    # A short "1e999999" would otherwise be written out with a million digits.
    if abs(number.adjusted()) > 100:  # noqa: PLR2004  # no amount has a hundred digits
        raise ValueError("a number out of any range")
    return number


def _refuse(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a number")
