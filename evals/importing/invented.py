"""Ids that somebody made up on a live ticket, and that a replay would give itself: it counts from 1."""

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final, NamedTuple

from casino.values import Value
from evals.importing.live import Live
from tools.record import Kind

# Few enough for the decisions and approvals of one ticket: D-10115 is a postcode.
_COUNTED: Final = re.compile(r"(?<![\w-])[AD]-[1-9]\d?(?![\w-])")


class Told(NamedTuple):
    """A live ticket, and whether another id stands in it than was said."""

    live: Live
    is_changed: bool


def without_invented(live: Live) -> Told:
    """Return a ticket on which an id such as D-1 is one that the desk gave; one made up becomes what no replay gives.

    Else the replay would take a D-1 that a player made up for its own first decision, and issue a bonus by it.
    """
    given = frozenset(_given(live))
    found: set[str] = set()

    def other(match: re.Match[str]) -> str:
        if match[0] in given:
            return match[0]
        found.add(match[0])
        return f"{match[0][:2]}{hashlib.sha256(match[0].encode()).hexdigest()[:16]}"

    document = {name: _with(one, other) for name, one in live.document.items()}
    as_sent = {sha256: _COUNTED.sub(other, text) for sha256, text in live.as_sent.items()}
    return Told(replace(live, document=document, as_sent=as_sent), bool(found))


def _given(live: Live) -> Iterator[str]:
    """Yield the ids that the desk gave."""
    whole = live.whole()
    yield from whole.decisions
    for entry in whole.entries:
        if entry.kind == Kind.DECISION_MINTED:
            yield str(entry.body["decision_id"])
        elif entry.kind == Kind.APPROVAL_ASKED:
            yield str(entry.body["approval_id"])


def _with(value: Value, other: Callable[[re.Match[str]], str]) -> Value:
    match value:
        case str():
            return _COUNTED.sub(other, value)
        case list():
            return [_with(one, other) for one in value]
        case dict():
            return {_COUNTED.sub(other, name): _with(one, other) for name, one in value.items()}
        case _:
            return value
