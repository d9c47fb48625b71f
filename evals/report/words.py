"""Words of a run as a report may show them: nothing in them is obeyed, turned around, or longer than the page."""

import re
from typing import NamedTuple

from casino.document import dump_json
from casino.values import Value

# Control characters but the tab and the end of a line, what XML has no letter for, and what turns a line around.
_UNSHOWN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
_SHA256 = re.compile("[0-9a-f]{64}")
INDENT = "  "
AROUND = 120  # characters of a text on either side of the first difference


class Pair(NamedTuple):
    """What a text was and what it is now, near the first difference."""

    was: str
    now: str


def shown(text: str) -> str:
    """Write what a page or a terminal would obey, reorder or refuse so that it is seen instead."""
    return _UNSHOWN.sub(_code, text)


def _code(found: re.Match[str]) -> str:
    code = ord(found[0])
    return f"\\x{code:02x}" if code <= 0xFF else f"\\u{code:04x}"  # noqa: PLR2004  # what two digits can say


def in_line(text: str) -> str:
    """Return a text as a piece of one line."""
    return shown(" ".join(text.split()))


def clipped(text: str, longest: int) -> str:
    """Return a text that is no longer than `longest` characters, with an ellipsis where something was cut off."""
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def short_hash(text: str) -> str:
    """Return the first twelve digits of a sha256, and anything else as it is."""
    return f"{text[:12]}…" if _SHA256.fullmatch(text) else text


def plain(value: Value) -> str:
    """Return a value as words: text as it is, everything else as one line of JSON."""
    return value if isinstance(value, str) else dump_json(value)


def indented(value: Value, *, depth: int = 0) -> str:
    """Return a value as JSON over several lines, with exact numbers."""
    inner, outer = "\n" + INDENT * (depth + 1), "\n" + INDENT * depth
    match value:
        case dict() if value:
            rows = [f"{dump_json(name)}: {indented(one, depth=depth + 1)}" for name, one in value.items()]
            return "{" + inner + ("," + inner).join(rows) + outer + "}"
        case list() if value:
            rows = [indented(one, depth=depth + 1) for one in value]
            return "[" + inner + ("," + inner).join(rows) + outer + "]"
        case _:
            return dump_json(value)


def near_difference(was: Value, now: Value) -> Pair:
    """Return two values as words, long ones cut to what surrounds the first character that differs."""
    old, new = plain(was), plain(now)
    same = next((at for at, pair in enumerate(zip(old, new, strict=False)) if pair[0] != pair[1]), None)
    at = min(len(old), len(new)) if same is None else same
    return Pair(_around(old, at), _around(new, at))


def _around(text: str, at: int) -> str:
    start, end = max(0, at - AROUND), at + AROUND
    return f"{'…' if start else ''}{text[start:end]}{'…' if end < len(text) else ''}"
