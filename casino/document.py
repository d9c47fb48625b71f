"""Documents at the border: YAML and JSON text in, exact values with their places out, and back.

Numbers stay exact (int or Decimal), text is NFC, dates stay text, and whatever could be read in two ways is refused.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from json.encoder import encode_basestring
from typing import Final, NoReturn, TypeAlias, cast

from casino.exact import LONGEST_NUMBER, NotExact, exact_number, exact_text
from casino.loaded import DEEPEST, DocumentError, Loaded
from casino.values import Value

Writable: TypeAlias = "bool | int | Decimal | str | Sequence[Writable] | Mapping[str, Writable] | None"


def load_yaml(text: str, *, name: str, first_line: int = 1) -> Loaded:
    """Read one YAML 1.2 document; `first_line` is the line of the file on which the text begins."""
    # Imported here: most commands read no YAML, and the parser takes longer to import than they take to run.
    from casino.yaml_events import read_yaml  # noqa: PLC0415  # the reason stands above

    return read_yaml(text, name=name, first_line=first_line)


def load_json(text: str, *, name: str) -> Loaded:
    """Read one JSON document; NaN, infinities, repeated keys and numbers too long to be exact are refused."""
    try:
        raw: object = json.loads(
            text.removeprefix("\ufeff"),
            parse_float=exact_number,
            parse_int=_whole,
            parse_constant=_refuse_constant,
            object_pairs_hook=_unique,
        )
        return Loaded(_plain(raw, depth=0), {}, name)
    except json.JSONDecodeError as error:
        raise DocumentError(
            f"this is not JSON: {_problem(error)}",
            name=name,
            line=error.lineno,
            column=error.colno,
            mend="Mend the text at this place.",
        ) from error
    except _NotFinite as error:
        line, column = _place_of(error.constant, text)
        mend = "Write a number, or null where there is none."
        raise DocumentError(str(error), name=name, line=line, column=column, mend=mend) from error
    except NotExact as error:
        mend = "Write every value once, exactly and in full."
        raise DocumentError(str(error), name=name, line=None, column=None, mend=mend) from error
    except RecursionError:
        raise DocumentError(
            f"lists and mappings are nested deeper than {DEEPEST}",
            name=name,
            line=None,
            column=None,
            mend="Flatten the document.",
        ) from None


def _problem(error: json.JSONDecodeError) -> str:
    return error.msg[:1].lower() + error.msg[1:]


class _NotFinite(NotExact):
    def __init__(self, constant: str) -> None:
        super().__init__(f"{constant} is not a finite number")
        self.constant = constant


def _refuse_constant(constant: str) -> NoReturn:
    raise _NotFinite(constant)


_TEXT_OR_WORD = re.compile(r'"(?:[^"\\]|\\.)*"|-?[A-Za-z]+')


def _place_of(word: str, text: str) -> tuple[int, int]:
    """Return the line and column at which a bare word stands first, outside of every text."""
    at = next((found.start() for found in _TEXT_OR_WORD.finditer(text) if found.group() == word), 0)
    return text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    unique = {exact_text(written): value for written, value in pairs}
    if len(unique) != len(pairs):
        counts = Counter(exact_text(written) for written, _ in pairs)
        twice = next(key for key, count in counts.items() if count > 1)
        raise NotExact(f"{_named(twice)} stands twice in one object")
    return unique


def _whole(digits: str) -> int:
    """Read a number without a fraction or an exponent."""
    return int(digits) if len(digits) <= LONGEST_NUMBER else int(exact_number(digits))


def _named(key: str) -> str:
    """Name a key that is a word; whatever else stands there, such as an e-mail address, is the data of somebody."""
    return f'the key "{key}"' if key.isidentifier() else "a key"


def _plain(raw: object, *, depth: int) -> Value:
    """Bring every text into its one form; what is usual comes first."""
    kind = type(raw)
    if kind is str:
        return exact_text(cast("str", raw))
    if kind is dict or kind is list:
        if raw and depth >= DEEPEST:
            raise NotExact(f"lists and mappings are nested deeper than {DEEPEST}")
        if kind is list:
            return [_plain(item, depth=depth + 1) for item in cast("list[object]", raw)]
        entries = cast("dict[str, object]", raw)  # JSON has no other keys
        return {key: _plain(item, depth=depth + 1) for key, item in entries.items()}
    if raw is None or isinstance(raw, int | Decimal):
        return raw
    raise NotExact(f"a {kind.__name__} is not a plain value")


def dump_json(value: Writable, *, sort_keys: bool = False) -> str:
    """Write a value as one line of JSON, Decimals as exact numbers; a float is a broken promise (TypeError)."""
    return (_sorted if sort_keys else _dumped)(value)


def canonical_json(value: Writable) -> str:
    """Write the one spelling of a value that hashes are taken of: sorted keys, no spaces."""
    return _canonical(value)


def _writer(*, sort_keys: bool, comma: str, colon: str) -> Callable[[Writable], str]:
    """Return what writes a value. The usual types come first: what is asked of an abstract one is slow."""

    def write(part: Writable) -> str:
        kind = type(part)
        if kind is str:
            return encode_basestring(cast("str", part))
        if kind is dict:
            return entries(cast("dict[str, Writable]", part))
        if kind is list:
            return items(cast("list[Writable]", part))
        return repr(part) if kind is int else _scalar(part) if isinstance(part, _SCALARS) else unusual(part)

    def unusual(part: Writable) -> str:
        if isinstance(part, Mapping):
            return entries(part)
        if isinstance(part, Sequence):
            return items(part)
        raise TypeError(f"a {type(part).__name__} cannot be written exactly as JSON")  # of callers without types

    def items(part: Sequence[Writable]) -> str:
        return "[" + comma.join([write(item) for item in part]) + "]"

    def entries(part: Mapping[str, Writable]) -> str:
        keys = sorted(part) if sort_keys else part
        return "{" + comma.join([encode_basestring(key) + colon + write(part[key]) for key in keys]) + "}"

    return write


_SCALARS: Final = (type(None), int, Decimal, str)
_dumped = _writer(sort_keys=False, comma=", ", colon=": ")
_sorted = _writer(sort_keys=True, comma=", ", colon=": ")
_canonical = _writer(sort_keys=True, comma=",", colon=":")


def _scalar(part: int | Decimal | str | None) -> str:
    match part:
        case None:
            return "null"
        case bool():
            return "true" if part else "false"
        case int():
            return str(part)
        case Decimal():
            return _number(part)
        case str():
            return encode_basestring(part)


def _number(number: Decimal) -> str:
    if not number.is_finite():
        raise TypeError(f"{number} cannot be written as JSON")
    return str(number)
