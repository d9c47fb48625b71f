"""Exact arithmetic with a bound.

Nothing is rounded but a division (half to even, to 12 decimal places); what would grow past the limits of exact numbers
is null.
"""

from collections.abc import Callable, Mapping
from decimal import Context, Decimal, Inexact, InvalidOperation, Overflow, Rounded, Underflow
from fractions import Fraction
from operator import add, mul, sub
from types import MappingProxyType
from typing import Final, TypeAlias

from casino.exact import LONGEST_NUMBER, NotExact, checked_number
from casino.fields.tree import Sum

Number: TypeAlias = int | Decimal

DIVISION_PLACES: Final = 12
_WIDEST: Final = 4 * LONGEST_NUMBER  # digits that the sum or product of two numbers within the limits can have

_WHOLE: Mapping[Sum, Callable[[int, int], int]] = MappingProxyType({"+": add, "-": sub, "*": mul})


def arithmetic(operator: Sum, left: Number, right: Number) -> Number | None:
    """Return left + right, left - right, left * right or left / right; None where that is no exact number."""
    if not _is_small(left) or not _is_small(right):
        return None
    if operator == "/":
        return None if right == 0 else _limited(_quotient(left, right))
    if isinstance(left, int) and isinstance(right, int):
        return _limited(_WHOLE[operator](left, right))
    return _limited(_of_decimals(operator, Decimal(left), Decimal(right)))


def rounded(number: Number, places: int) -> Number | None:
    """Return the number with at most so many decimal places, half to even; None where it is beyond the limits."""
    return _limited(_scaled(Fraction(number), places)) if _is_small(number) else None


def total(numbers: list[Number]) -> Number | None:
    """Return the sum of numbers, 0 for none; None where it is beyond the limits."""
    found: Number | None = 0
    for number in numbers:
        if found is None:
            return None
        found = arithmetic("+", found, number)
    return found


def _of_decimals(operator: Sum, left: Decimal, right: Decimal) -> Decimal:
    # A context of our own: the one of the thread would round to 28 digits without a word.
    context = Context(prec=_WIDEST, traps=[Inexact, Rounded, InvalidOperation, Overflow, Underflow])
    match operator:
        case "+":
            return context.add(left, right)
        case "-":
            return context.subtract(left, right)
        case _:
            return context.multiply(left, right)


def _quotient(left: Number, right: Number) -> Number:
    return _scaled(Fraction(left) / Fraction(right), DIVISION_PLACES)


def _scaled(number: Fraction, places: int) -> Number:
    """Return the nearest number with so many decimal places, in its shortest spelling; a whole one as an int."""
    whole = round(number * 10**places)
    while places > 0 and whole % 10 == 0:
        whole, places = whole // 10, places - 1
    return whole if places == 0 else Decimal(f"{whole}E-{places}")


def _limited(number: Number) -> Number | None:
    return number if _is_small(number) else None


def _is_small(number: Number) -> bool:
    """Tell whether a number is within the limits of exact numbers."""
    try:
        checked_number(number)
    except NotExact:
        return False
    return True
