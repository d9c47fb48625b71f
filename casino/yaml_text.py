"""Documents written as YAML: one spelling for every value, which reads back as exactly the same value."""

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from casino.document import Writable
from casino.exact import NotExact
from casino.yaml_events import plain_scalar

# Narrower than YAML allows: begins with a letter or digit, so no indicator; no colon or hash that could mean more.
_PLAIN = re.compile(r"[^\W_]([^\n:#]|:(?![ ]|$)|(?<! )#)*")
# What older readers of YAML take for a number in base sixty, or for true or false.
_OLD = re.compile(r"[0-9]+(:[0-9]+)+|y|n|yes|no|on|off", re.IGNORECASE)
_WORD = re.compile(r"[A-Za-z0-9]([A-Za-z0-9_./-]*[A-Za-z0-9])?")  # safe inside of square brackets too
_SHORT = 0xFF
_LONG = 0xFFFF


def write_yaml(document: Mapping[str, Writable]) -> str:
    """Write a mapping as a YAML document in block form; lists of single words stand in one line."""
    return "".join(f"{line}\n" for line in _mapping(document))


def write_scalar(value: bool | int | Decimal | str | None) -> str:
    """Write one scalar, in quotes only where it would mean something else without them."""
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case str():
            return value if _is_plain(value) else quoted(value)
        case _:
            return str(value)


def quoted(text: str) -> str:
    """Write a text in double quotes, every sign that a YAML file cannot hold as its escape."""
    return '"' + "".join(_sign(sign) for sign in text) + '"'


def _sign(sign: str) -> str:
    if sign in {'"', "\\"}:
        return f"\\{sign}"
    if sign.isprintable():
        return sign
    code = ord(sign)
    if code <= _SHORT:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= _LONG else f"\\U{code:08x}"


def _is_plain(text: str) -> bool:
    if _PLAIN.fullmatch(text) is None or not text.isprintable() or text.endswith(" "):
        return False
    if _OLD.fullmatch(text) is not None:
        return False
    try:
        return plain_scalar(text) == text
    except NotExact:
        return False


def _mapping(entries: Mapping[str, Writable]) -> Iterator[str]:
    for key, value in entries.items():
        yield from _entry(f"{key}:", value, deeper="  ")


def _list(items: Sequence[Writable]) -> Iterator[str]:
    for item in items:
        match item:
            case Mapping() if item:
                # The first key stands beside the dash, the others below it.
                for number, line in enumerate(_mapping(item)):
                    yield f"- {line}" if number == 0 else f"  {line}"
            case _:
                yield from _entry("-", item, deeper="  ")


def _entry(head: str, value: Writable, *, deeper: str) -> Iterator[str]:
    match value:
        case None | bool() | int() | Decimal() | str():
            yield f"{head} {write_scalar(value)}"
        case Mapping() if value:
            yield head
            yield from (deeper + line for line in _mapping(value))
        case Mapping():
            yield f"{head} {{}}"
        case Sequence() if all(isinstance(item, str) and _is_word(item) for item in value):
            yield f"{head} [{', '.join(str(item) for item in value)}]"
        case _:
            yield head
            yield from (deeper + line for line in _list(value))


def _is_word(text: str) -> bool:
    return _WORD.fullmatch(text) is not None and _is_plain(text)
