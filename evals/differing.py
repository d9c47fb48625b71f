"""Every place at which a text of a question differs from the one that was recorded, from the first to the last.

Lines and turns are paired by what they say, so one that came or went is one place and does not make every later one
another. It is worked out only for texts that are known to differ.
"""

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Final, NamedTuple, TypeAlias

from casino.values import Value
from evals.segments import HISTORY, canonical, escaped, is_document

LINE: Final = "/line/"  # the pointer of a line of plain text, before its number
_MOST_PAIRS: Final = 250_000  # of lines or turns that are held against each other; beyond it, only by their position
_NUMBER: Final = re.compile(r"^( *)\d+\. ")  # the indent and the number of a step
_Paired: TypeAlias = Iterator[tuple[int | None, int | None]]


class Place(NamedTuple):
    """A place at which two texts differ. The numbers in it are those of today; of what is gone, those of then."""

    pointer: str  # RFC 6901; of plain text `/line/<number>`, from 1
    was: Value
    now: Value


class _Gone:
    """What stands at a place where there is nothing."""


_GONE: Final = _Gone()


def differing(name: str, was: Value, now: Value) -> tuple[Place, ...]:
    """Return where two contents of a segment differ: keys in order, then positions; lines of a text from 1.

    Of two that say the same it is the whole. A step or a call that only has another number, because one before it came
    or went, is left out.
    """
    if isinstance(was, str) and isinstance(now, str) and not is_document(name):
        found = tuple(_of_lines(was.split("\n"), now.split("\n")))
    elif isinstance(was, list) and isinstance(now, list) and name == HISTORY:
        found = tuple(_of_turns(was, now))
    else:
        found = tuple(_of_values(was, now, ""))
    return found or (Place("", was, now),)


def _of_lines(was: Sequence[str], now: Sequence[str]) -> Iterator[Place]:
    is_moved = False  # a line came or went
    for before, after in _paired([_said(line) for line in was], [_said(line) for line in now]):
        if before is None or after is None:
            is_moved = True
        elif was[before] == now[after] or (is_moved and _unnumbered(was[before]) == _unnumbered(now[after])):
            continue
        at = after if after is not None else before or 0
        yield Place(f"{LINE}{at + 1}", _at(was, before), _at(now, after))


def _at(rows: Sequence[Value], at: int | None) -> Value:
    return None if at is None else rows[at]


def _unnumbered(line: str) -> str:
    return _NUMBER.sub(r"\1", line, count=1)


def _said(line: str) -> str:
    """Return what a line says, wherever it stands: a step has another indent once its branch is open."""
    return _unnumbered(line).strip()


def _of_turns(was: Sequence[Value], now: Sequence[Value]) -> Iterator[Place]:
    is_moved = False  # a turn came or went
    old, new = [_uncounted(turn) for turn in was], [_uncounted(turn) for turn in now]
    for before, after in _paired([canonical(turn) for turn in old], [canonical(turn) for turn in new]):
        if before is None or after is None:
            is_moved = True
            yield Place(f"/{before if after is None else after}", _at(was, before), _at(now, after))
        elif _kind(was[before]) != _kind(now[after]):
            yield Place(f"/{after}", was[before], now[after])
        elif is_moved:
            yield from _of_values(old[before], new[after], f"/{after}")
        else:
            yield from _of_values(was[before], now[after], f"/{after}")


def _uncounted(turn: Value) -> Value:
    """Return a turn without the number of its call, which counts those before it."""
    return {name: value for name, value in turn.items() if name != "call"} if isinstance(turn, dict) else turn


def _kind(turn: Value) -> frozenset[str]:
    """Return what tells words, a call and an answer apart."""
    return frozenset(turn) if isinstance(turn, dict) else frozenset()


def _of_values(was: Value | _Gone, now: Value | _Gone, pointer: str) -> Iterator[Place]:
    if isinstance(was, dict) and isinstance(now, dict):
        for name in sorted({*was, *now}):
            yield from _of_values(was.get(name, _GONE), now.get(name, _GONE), f"{pointer}/{escaped(name)}")
    elif isinstance(was, list) and isinstance(now, list):
        for before, after in _paired([canonical(one) for one in was], [canonical(one) for one in now]):
            one = _GONE if before is None else was[before]
            other = _GONE if after is None else now[after]
            yield from _of_values(one, other, f"{pointer}/{before if after is None else after}")
    elif was != now or isinstance(was, bool) is not isinstance(now, bool):
        yield Place(pointer, None if isinstance(was, _Gone) else was, None if isinstance(now, _Gone) else now)


def _paired(was: Sequence[str], now: Sequence[str]) -> _Paired:
    """Yield the positions of what belongs together, in order; None where there is no counterpart.

    What both begin and end with is paired first, so the first difference stands at the first position that differs.
    """
    shorter = min(len(was), len(now))
    head = next((at for at in range(shorter) if was[at] != now[at]), shorter)
    tail = next((at for at in range(shorter - head) if was[-1 - at] != now[-1 - at]), shorter - head)
    old, new = range(head, len(was) - tail), range(head, len(now) - tail)
    yield from zip(range(head), range(head), strict=True)
    if len(old) * len(new) > _MOST_PAIRS:
        yield from zip_longest(old, new)
    else:
        matcher = SequenceMatcher(None, was[head : old.stop], now[head : new.stop], autojunk=False)
        for _, first, last, begin, end in matcher.get_opcodes():
            yield from zip_longest(old[first:last], new[begin:end])
    yield from zip(range(old.stop, len(was)), range(new.stop, len(now)), strict=True)
