"""SQL text that nobody can break out of: names and literals, quoted."""

import re
from collections.abc import Iterable

_CONTROL = re.compile("[\x00-\x1f\x7f]")


def name(text: str) -> str:
    """Quote an identifier."""
    return '"' + text.replace('"', '""') + '"'


def text(value: str) -> str:
    """Quote a text. Control signs are spelt as chr(n), so that the statement stays one line of plain text."""
    if _CONTROL.search(value) is None:
        return _quoted(value)
    pieces = re.split(f"({_CONTROL.pattern})", value)
    written = [f"chr({ord(piece)})" if _CONTROL.fullmatch(piece) else _quoted(piece) for piece in pieces if piece]
    return "(" + " || ".join(written) + ")"


def all_of(parts: Iterable[str]) -> str:
    """AND; of nothing it is TRUE."""
    return _joined(parts, " AND ", "TRUE")


def any_of(parts: Iterable[str]) -> str:
    """OR; of nothing it is FALSE."""
    return _joined(parts, " OR ", "FALSE")


def first_of(branches: Iterable[tuple[str, str]], otherwise: str) -> str:
    """Return the CASE that takes the value of the first branch that is true; the others are not worked out."""
    written = " ".join(f"WHEN {when} THEN {then}" for when, then in branches)
    return f"CASE {written} ELSE {otherwise} END" if written else otherwise


def select(columns: Iterable[str], relation: str) -> str:
    """Return a query for expressions on a relation; for none of them it still gives a row for every row."""
    written = ", ".join(columns) or "1 AS nothing"
    return f"SELECT {written} FROM {relation}"  # noqa: S608  # what authors write comes in through `name` and `text`


def _quoted(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _joined(parts: Iterable[str], by: str, nothing: str) -> str:
    written = [*parts]
    if not written:
        return nothing
    return written[0] if len(written) == 1 else "(" + by.join(written) + ")"
