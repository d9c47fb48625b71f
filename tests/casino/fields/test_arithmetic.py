from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casino.fields.arithmetic import Number, arithmetic, rounded, total
from casino.fields.tree import Sum

HUGE = 10**63
numbers = st.integers(-(10**20), 10**20) | st.decimals(-(10**12), 10**12, places=6)
operators: list[Sum] = ["+", "-", "*"]


@pytest.mark.parametrize(
    ("left", "operator", "right", "expected"),
    [
        (1, "+", 2, "3"),
        (Decimal("0.1"), "+", Decimal("0.2"), "0.3"),
        (Decimal("1.50"), "-", 1, "0.50"),
        (Decimal("0.1"), "*", 3, "0.3"),
        (1, "/", 3, "0.333333333333"),
        (2, "/", 3, "0.666666666667"),
        (-1, "/", 3, "-0.333333333333"),
        (1, "/", 2_000_000_000_000, "0"),  # half to even
        (3, "/", 2_000_000_000_000, "2E-12"),
        (100, "/", 4, "25"),
        (10, "/", 4, "2.5"),
        (1, "/", 0, "None"),
        (1, "/", Decimal("0.0"), "None"),
        (HUGE, "*", 10, "None"),
        (HUGE, "+", Decimal("0.1"), "None"),
        (Decimal("1E-60"), "*", Decimal("1E-60"), "None"),
        (10**64, "-", 1, "None"),
        (1, "-", Decimal("1E+70"), "None"),
        (Decimal("0." + "1" * 70), "*", 1, "None"),
    ],
)
def test_numbers_stay_exact_or_are_null(left: Number, operator: Sum, right: Number, expected: str) -> None:
    assert str(arithmetic(operator, left, right)) == expected


@given(numbers, st.sampled_from(operators), numbers)
def test_nothing_is_rounded_but_a_division(left: Number, operator: Sum, right: Number) -> None:
    exact = {
        "+": Fraction(left) + Fraction(right),
        "-": Fraction(left) - Fraction(right),
        "*": Fraction(left) * Fraction(right),
    }
    found = arithmetic(operator, left, right)
    assert found is not None
    assert Fraction(found) == exact[operator]


@given(numbers, numbers)
def test_a_division_is_off_by_half_a_place_at_most(left: Number, right: Number) -> None:
    found = arithmetic("/", left, right)
    if right == 0:
        assert found is None
    else:
        assert found is not None
        assert abs(Fraction(found) - Fraction(left) / Fraction(right)) <= Fraction(1, 2 * 10**12)


@pytest.mark.parametrize(
    ("number", "places", "expected"),
    [
        (Decimal("2.5"), 0, "2"),
        (Decimal("3.5"), 0, "4"),
        (Decimal("-2.675"), 2, "-2.68"),
        (Decimal("2.665"), 2, "2.66"),
        (Decimal("1.20"), 2, "1.2"),
        (7, 2, "7"),
        (Decimal("1E+70"), 0, "None"),
    ],
)
def test_a_number_is_rounded_half_to_even(number: Number, places: int, expected: str) -> None:
    assert str(rounded(number, places)) == expected


def test_a_total_is_null_where_it_grows_past_the_limits() -> None:
    assert total([]) == 0
    assert total([1, Decimal("0.5")]) == Decimal("1.5")
    assert total([9 * HUGE, HUGE, HUGE]) is None
