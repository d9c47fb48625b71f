import operator
from collections.abc import Callable
from decimal import Decimal
from math import isfinite, nextafter

import duckdb
from hypothesis import given
from hypothesis import strategies as st

from casino.population import numbers
from casino.population.column import DOUBLE, ColumnType, decimal, whole
from casino.rules.condition import ORDERING, Operator

COMPARE: dict[Operator, Callable[[Decimal, Decimal], bool]] = {
    Operator.GREATER: operator.gt,
    Operator.GREATER_OR_EQUAL: operator.ge,
    Operator.LESS: operator.lt,
    Operator.LESS_OR_EQUAL: operator.le,
}
doubles = st.floats(allow_nan=False, allow_infinity=False, min_value=-1e60, max_value=1e60)


def holds(expression: str) -> bool:
    found = duckdb.execute(f"SELECT {expression}").fetchone()
    assert found is not None
    return bool(found[0])


def check(written: str, type_: ColumnType, exact: Decimal, literal: Decimal) -> None:
    value = f"CAST('{written}' AS {type_.sql})"
    for one in ORDERING:
        assert holds(numbers.ordered(value, type_, one, literal)) is COMPARE[one](exact, literal), (one, literal)
    constant = numbers.constant(type_, literal)
    assert (constant is not None and holds(f"{value} = {constant}")) is (exact == literal)


@given(doubles, st.integers(-2, 2), st.sampled_from(["exact", "near", "shorter"]))
def test_a_double_is_the_shortest_decimal_that_stands_for_it(number: float, steps: int, how: str) -> None:
    near = number
    for _ in range(abs(steps)):
        near = nextafter(near, 1e61 if steps > 0 else -1e61)
    literal = {"exact": Decimal(near), "near": Decimal(repr(near)), "shorter": Decimal(f"{near:.6g}")}[how]
    if isfinite(near) and len(literal.as_tuple().digits) <= 64:
        check(repr(number), DOUBLE, Decimal(repr(number)), literal)


@given(st.integers(-(10**9), 10**9), st.decimals(-(10**8), 10**8, places=3))
def test_a_decimal_column_is_compared_exactly(units: int, literal: Decimal) -> None:
    exact = Decimal(units) / 100
    check(f"{exact:f}", decimal(12, 2), exact, literal)


@given(st.integers(-128, 127), st.integers(-300, 300))
def test_literals_beyond_a_small_type_are_no_overflow(number: int, literal: int) -> None:
    check(str(number), whole("TINYINT"), Decimal(number), Decimal(literal))


def test_large_figures_keep_all_their_digits() -> None:
    huge = 10**37 + 1
    type_ = whole("HUGEINT")
    assert numbers.constant(type_, huge) == f"CAST('{huge}' AS HUGEINT)"
    assert numbers.constant(decimal(38, 2), Decimal(f"-{10**35}.05")) == f"CAST('-{10**35}.05' AS DECIMAL(38,2))"
    assert numbers.ordered("x", type_, Operator.LESS, -(10**40)) == "FALSE"
    assert numbers.ordered("x", type_, Operator.LESS, 10**40) == "TRUE"
