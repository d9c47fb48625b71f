"""Numbers compared exactly: a literal becomes the nearest value that the column's type holds.

A DOUBLE stands for the shortest decimal that reads back as it, as everywhere in this engine. Those decimals are in the
same order as the doubles, so a comparison with any decimal is a comparison with one double.
"""

from decimal import Decimal
from fractions import Fraction
from math import ceil, floor, nextafter
from typing import Final

from casino.population.column import ColumnType, Kind
from casino.rules.condition import Operator

_HUGE: Final = float("1e65")


def ordered(expression: str, type_: ColumnType, operator: Operator, literal: int | Decimal) -> str:
    """Return the SQL of an ordering between a number column and a literal; TRUE and FALSE where it is always so."""
    if operator in {Operator.GREATER_OR_EQUAL, Operator.GREATER}:
        least = _least(type_, literal, above=operator is Operator.GREATER)
        return _compared(expression, ">=", least, type_, always=True)
    most = _most(type_, literal, below=operator is Operator.LESS)
    return _compared(expression, "<=", most, type_, always=False)


def constant(type_: ColumnType, literal: int | Decimal) -> str | None:
    """Return the SQL constant that equals a literal in this type; None where no value of the type does."""
    if type_.kind is Kind.DOUBLE:
        near = float(literal)
        return _double(near) if Decimal(repr(near)) == literal else None
    units = Fraction(literal) * 10**type_.scale
    if units.denominator != 1 or not type_.low <= units.numerator <= type_.high:
        return None
    return _exact(type_, units.numerator)


def _least(type_: ColumnType, literal: int | Decimal, *, above: bool) -> int | float:
    """Return the smallest value of the type that is at least, or above, the literal."""
    if type_.kind is Kind.DOUBLE:
        return _next_double(literal, above=above)
    units = Fraction(literal) * 10**type_.scale
    return floor(units) + 1 if above else ceil(units)


def _most(type_: ColumnType, literal: int | Decimal, *, below: bool) -> int | float:
    """Return the largest value of the type that is at most, or below, the literal."""
    if type_.kind is Kind.DOUBLE:
        negated = -literal if isinstance(literal, int) else literal.copy_negate()  # unary minus would round
        return -_next_double(negated, above=below)
    units = Fraction(literal) * 10**type_.scale
    return ceil(units) - 1 if below else floor(units)


def _next_double(literal: int | Decimal, *, above: bool) -> float:
    near = float(literal)
    shortest = Decimal(repr(near))
    return nextafter(near, _HUGE) if shortest < literal or (above and shortest == literal) else near


def _compared(expression: str, sign: str, bound: float, type_: ColumnType, *, always: bool) -> str:
    if isinstance(bound, float):
        return f"{expression} {sign} {_double(bound)}"
    if (bound <= type_.low and always) or (bound >= type_.high and not always):
        return "TRUE"
    if not type_.low <= bound <= type_.high:
        return "FALSE"
    return f"{expression} {sign} {_exact(type_, bound)}"


def _double(number: float) -> str:
    return f"CAST('{number!r}' AS DOUBLE)"


def _exact(type_: ColumnType, units: int) -> str:
    digits = str(abs(units)).rjust(type_.scale + 1, "0")
    point = len(digits) - type_.scale
    written = f"{digits[:point]}.{digits[point:]}" if type_.scale else digits
    return f"CAST('{'-' if units < 0 else ''}{written}' AS {type_.sql})"
