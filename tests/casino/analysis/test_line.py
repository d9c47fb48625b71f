"""Points on a line: one for each part that the boundaries cut out."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from casino.analysis.line import numbers, ticks

decimals = st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-1_000, max_value=1_000)


def test_between_two_numbers_there_is_always_one() -> None:
    assert numbers([3, 5, Decimal("5.5")], whole=False, lowest=None) == [2, 3, 4, 5, Decimal("5.25"), Decimal("5.5"), 6]


def test_between_two_whole_numbers_in_a_row_there_is_no_whole_one() -> None:
    assert numbers([4, 5, Decimal("5.5")], whole=True, lowest=0) == [0, 1, 4, 5, 6]


def test_nothing_lies_below_the_lowest() -> None:
    assert numbers([-5, 3], whole=True, lowest=0) == [0, 1, 3, 4]


def test_without_boundaries_any_number_will_do() -> None:
    assert numbers([], whole=False, lowest=None) == [1]


def test_a_number_that_would_be_too_long_is_left_out() -> None:
    longest = 10**64 - 1
    assert numbers([longest], whole=True, lowest=None) == [longest - 1, longest]


def test_between_two_numbers_lies_one_that_is_not_too_long_if_any_does() -> None:
    tiny, almost = Decimal("1E-64"), Decimal("0." + "9" * 64)
    assert numbers([tiny, 1], whole=False, lowest=0) == [0, tiny, Decimal("0.5"), 1, 2]
    assert numbers([almost, 1], whole=False, lowest=0) == [0, Decimal("0.5"), almost, 1, 2]


@given(st.lists(st.integers(-50, 50) | decimals, max_size=6), st.booleans(), decimals | st.integers(-60, 60))
def test_every_number_has_one_that_stands_for_it(
    boundaries: list[int | Decimal], whole: bool, number: int | Decimal
) -> None:
    if whole and number != int(number):
        return
    found = numbers(boundaries, whole=whole, lowest=None)

    def answers(value: int | Decimal) -> list[tuple[bool, bool]]:
        return [(value < boundary, value == boundary) for boundary in boundaries]

    assert answers(number) in [answers(one) for one in found]


@given(st.lists(st.integers(-300, 300), max_size=6), st.integers(-200, 200))
def test_every_tick_has_one_that_stands_for_it(boundaries: list[int], tick: int) -> None:
    found = ticks(boundaries, steps=(60, 7, 1), low=-200, high=200)
    answers = [(tick < boundary, tick == boundary) for boundary in boundaries]
    assert answers in [[(one < boundary, one == boundary) for boundary in boundaries] for one in found]
    assert all(-200 <= one <= 200 for one in found)
