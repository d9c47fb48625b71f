"""The chain of the audit log: every line names the hash of the line before it, so that no line can be changed alone.

A line is the JSON of RFC 8785 (names in order, no blanks, one form only) of eight values; `body` is the text as it is
stored: sealed, or plain where it must stay readable. The hash of a line is the sha256 of its bytes, which any auditor
can compute with `sha256sum`.
"""

import hashlib
import json
from dataclasses import dataclass
from typing import Final, cast

import rfc8785

from tools.record import Link

FIRST: Final = ""  # what the first line names as the hash before it
LARGEST: Final = 2**53 - 1  # the largest integer that RFC 8785 writes


class NotALine(Exception):  # noqa: N818  # named by what is wrong
    """A text is no line of the log; the message says why, and repeats nothing of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What a line of the log says."""

    at: str
    body: str
    id: int
    kind: str
    once: str | None
    previous: str
    seq: int
    ticket: str


_TYPES: Final = {
    "at": (str,),
    "body": (str,),
    "id": (int,),
    "kind": (str,),
    "once": (str, type(None)),
    "previous": (str,),
    "seq": (int,),
    "ticket": (str,),
}


def chained(  # noqa: PLR0913  # the eight values of a line
    *,
    id: int,  # noqa: A002  # the line's own word
    ticket: str,
    seq: int,
    kind: str,
    at: str,
    body: str,
    once: str | None,
    previous: str,
) -> Link:
    """Return the link of an entry: `id` counts the log, `seq` the ticket, both from 1; `previous` is the hash before.

    Raises `ValueError` for a text that is no Unicode (half of a surrogate pair) and a number above `LARGEST`.
    """
    line = rfc8785.dumps(
        {
            "at": at,
            "body": body,
            "id": id,
            "kind": kind,
            "once": once,
            "previous": previous,
            "seq": seq,
            "ticket": ticket,
        }
    )
    return Link(id=id, line=line.decode(), hash=hashlib.sha256(line).hexdigest())


def digest(line: str) -> str:
    """Return the hash of a line: the sha256 of its UTF-8 bytes in lower-case hexadecimal.

    A text that is no Unicode has a hash too, so that verification never stops at it.
    """
    return hashlib.sha256(line.encode("utf-8", "surrogatepass")).hexdigest()


def read_line(line: str) -> Line:
    """Return what a line says. Raises `NotALine` where it is not the RFC 8785 form of the eight values."""
    try:
        raw: object = json.loads(line)
        form = rfc8785.dumps(cast("dict[str, str]", raw)).decode()  # it refuses what it cannot write
    except (ValueError, RecursionError) as error:
        raise NotALine("it is not JSON that RFC 8785 can write") from error
    if form != line:
        raise NotALine("it is not in the form of RFC 8785: names in order, each once, no blanks, one way to write text")
    values = cast("dict[str, object]", raw) if isinstance(raw, dict) else {}
    if values.keys() != _TYPES.keys() or any(type(values[name]) not in _TYPES[name] for name in _TYPES):
        raise NotALine("it does not hold the eight values at, body, id, kind, once, previous, seq and ticket")
    return Line(**values)  # pyright: ignore[reportArgumentType]  # each type was looked at above
