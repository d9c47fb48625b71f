"""Between another package's plain values and ours: they count in floats, we count exactly."""

import json
import math
from collections.abc import Mapping, Sequence
from decimal import Context, Decimal
from typing import cast

from casino.document import canonical_json
from casino.values import Document, Value


class NotPlain(TypeError):  # noqa: N818  # named by what is so
    """A value that JSON has no form for."""


def exact(value: object) -> Value:
    """Return a plain value exactly: a float becomes the number that it is written as, 25.0 the same as 25.

    Raises `NotPlain`.
    """
    match value:
        case None | bool() | int() | str():
            return value
        case float() if math.isfinite(value):
            return int(value) if value.is_integer() else Decimal(repr(value))
        case Decimal() if value.is_finite():
            return int(value) if value == value.to_integral_value() else _shortest(value)
        case Mapping():
            return {_key(key): exact(one) for key, one in cast("Mapping[object, object]", value).items()}
        case Sequence() if not isinstance(value, bytes | bytearray):
            return [exact(one) for one in cast("Sequence[object]", value)]
        case _:
            raise NotPlain(f"{value!r:.80} is no JSON value; give text, numbers, true, false, null, lists or objects")


def _shortest(number: Decimal) -> Decimal:
    """Return a number without zeros at its end, every digit kept: 2.50 is 2.5."""
    return number.normalize(Context(prec=len(number.as_tuple().digits)))


def _key(key: object) -> str:
    if isinstance(key, str):
        return key
    raise NotPlain(f"the key {key!r:.80} is no text, as keys in JSON are")


def document(value: object) -> Document:
    """Return a result as an object; what is none stands under `result`."""
    plain = exact(value)
    return plain if isinstance(plain, dict) else {"result": plain}


def loose(value: Value) -> object:
    """Return an exact value as another package expects it: numbers with a fraction as floats."""
    match value:
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case list():
            return [loose(one) for one in value]
        case dict():
            return {key: loose(one) for key, one in value.items()}
        case _:
            return value


def spelled(value: object) -> str:
    """Return the one spelling of a plain value."""
    return canonical_json(exact(value))


def written(state: object) -> str:
    """Return the text of a whole state, which hashes are taken of. It is as fast as JSON can be."""
    try:
        return json.dumps(state, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise NotPlain(
            f"the state cannot be compared: {error}; give `compare.view` to show it as plain JSON"
        ) from error
