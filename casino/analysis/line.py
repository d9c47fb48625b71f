"""Points on a line: for a set of boundaries, one point for each part of the line that they cut out."""

from collections.abc import Iterable, Sequence
from decimal import Decimal, localcontext
from itertools import pairwise
from math import floor
from typing import Final

from casino.exact import LONGEST_NUMBER, NotExact, checked_number

_EXACT_DIGITS: Final = 320  # enough for the middle of any two numbers that are exact (64 powers of ten either way)


def numbers(boundaries: Iterable[int | Decimal], *, whole: bool, lowest: int | None) -> list[int | Decimal]:
    """Return each boundary, a number between any two, and one on either side; ascending.

    `whole` leaves out what is no whole number, `lowest` what lies below it.
    """
    distinct: set[int | Decimal] = {*boundaries}
    if lowest is not None:
        distinct.add(lowest)
    ordered = sorted(distinct)
    if not ordered:
        return [1]
    found: list[int | Decimal] = [floor(ordered[0]) - 1]
    for one, following in pairwise(ordered):
        found += [one, *_between(one, following, whole=whole)]
    found += [ordered[-1], floor(ordered[-1]) + 1]
    return [number for number in found if _stands(number, whole=whole, lowest=lowest)]


def _between(one: int | Decimal, following: int | Decimal, *, whole: bool) -> list[int | Decimal]:
    following_whole = floor(one) + 1
    if following_whole < following:
        return [following_whole]
    if whole:
        return []
    with localcontext() as context:
        context.prec = _EXACT_DIGITS
        middle = (Decimal(one) + Decimal(following)) / 2
        context.prec = LONGEST_NUMBER
        nearest = +middle  # the middle itself, unless it has more digits than a number may have
        return [nearest] if one < nearest < following else []


def _stands(number: int | Decimal, *, whole: bool, lowest: int | None) -> bool:
    if (whole and number != floor(number)) or (lowest is not None and number < lowest):
        return False
    try:
        checked_number(number)
    except NotExact:
        return False
    return True


def ticks(boundaries: Iterable[int], *, steps: Sequence[int], low: int, high: int) -> list[int]:
    """Return the same on a line of ticks from `low` to `high`; `steps`, down to 1, are the distances people like."""
    inside = sorted({boundary for boundary in boundaries if low <= boundary <= high})
    if not inside:
        return [low, high]
    found: list[int] = []
    for step in steps:
        if inside[0] - step >= low:
            found.append(inside[0] - step)
            break
    for one, following in pairwise([*inside, high + 1]):
        found.append(one)
        found += [one + step for step in steps if one + step < following][:1]
    return found
