"""Documents at the border: YAML and JSON text in, exact values with their places out, and back.

Numbers stay exact (int or Decimal), text is NFC, dates stay text, and whatever could be read in two ways is refused.
"""

import json
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from json.encoder import encode_basestring
from typing import NoReturn, TypeAlias, cast

from casino.exact import NotExact, exact_number, exact_text
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
            parse_int=exact_number,
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
    unique: dict[str, object] = {}
    for written, value in pairs:
        key = exact_text(written)
        if key in unique:
            raise NotExact(f"{_named(key)} stands twice in one object")
        unique[key] = value
    return unique


def _named(key: str) -> str:
    """Name a key that is a word; whatever else stands there, such as an e-mail address, is the data of somebody."""
    return f'the key "{key}"' if key.isidentifier() else "a key"


def _plain(raw: object, *, depth: int) -> Value:
    if depth > DEEPEST:
        raise NotExact(f"lists and mappings are nested deeper than {DEEPEST}")
    match raw:
        case None | bool() | int() | Decimal():
            return raw
        case str():
            return exact_text(raw)
        case list():
            return [_plain(item, depth=depth + 1) for item in cast("list[object]", raw)]
        case dict():
            entries = cast("dict[str, object]", raw)  # JSON has no other keys
            return {key: _plain(item, depth=depth + 1) for key, item in entries.items()}
        case _:
            raise NotExact(f"a {type(raw).__name__} is not a plain value")


def dump_json(value: Writable, *, sort_keys: bool = False) -> str:
    """Write a value as one line of JSON, Decimals as exact numbers; a float is a broken promise (TypeError)."""
    return _written(value, sort_keys=sort_keys, comma=", ", colon=": ")


def canonical_json(value: Writable) -> str:
    """Write the one spelling of a value that hashes are taken of: sorted keys, no spaces."""
    return _written(value, sort_keys=True, comma=",", colon=":")


_WORDS = {None: "null", True: "true", False: "false"}


def _written(value: Writable, *, sort_keys: bool, comma: str, colon: str) -> str:  # noqa: C901  # one branch for each kind of value
    def write(part: Writable) -> str:  # noqa: PLR0911  # the same
        match part:  # the usual types first: what is asked of an abstract one is slow
            case str():
                return encode_basestring(part)
            case dict():
                return entries(part)
            case list():
                return "[" + comma.join([write(item) for item in part]) + "]"
            case None | bool():
                return _WORDS[part]
            case int():
                return str(part)
            case Decimal():
                return _number(part)
            case Mapping():
                return entries(part)
            case Sequence():
                return "[" + comma.join([write(item) for item in part]) + "]"
            case _:  # pyright: ignore[reportUnnecessaryComparison]  # floats come from callers without types
                raise TypeError(f"a {type(part).__name__} cannot be written exactly as JSON")

    def entries(part: Mapping[str, Writable]) -> str:
        keys = sorted(part) if sort_keys else part
        return "{" + comma.join([f"{encode_basestring(key)}{colon}{write(part[key])}" for key in keys]) + "}"

    return write(value)


def _number(number: Decimal) -> str:
    if not number.is_finite():
        raise TypeError(f"{number} cannot be written as JSON")
    return str(number)
