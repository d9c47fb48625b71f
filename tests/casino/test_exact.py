from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from casino.exact import NotExact, checked_number, exact_number, exact_text


@pytest.mark.parametrize(
    ("text", "number"),
    [("5", 5), ("-5", -5), ("0.10", Decimal("0.10")), ("1e3", Decimal("1E+3")), ("9" * 64, int("9" * 64))],
)
def test_a_literal_is_read_without_rounding(text: str, number: int | Decimal) -> None:
    read = exact_number(text)
    assert (read, type(read)) == (number, type(number))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("five", '"five" is not a number'),
        ("9" * 65, "a number has more than 64 digits"),
        ("9" * 73, "a number of 73 characters is too long (at most 64 digits)"),
        ("0." + "1" * 65, "a number has more than 64 digits"),
        ("1e65", "1E+65 is beyond 64 powers of ten"),
        ("1e-99999999999999999999", '"1e-99999999999999999999" is not a number'),
        ("NaN", "NaN is not a finite number"),
        ("Infinity", "Infinity is not a finite number"),
    ],
)
def test_what_cannot_be_kept_exactly_is_refused(text: str, message: str) -> None:
    with pytest.raises(NotExact) as caught:
        exact_number(text)
    assert str(caught.value) == message


def test_an_integer_is_bounded_too() -> None:
    assert checked_number(10**64 - 1) == 10**64 - 1
    with pytest.raises(NotExact, match="a whole number has more than 64 digits"):
        checked_number(-(10**64))


@given(st.integers(-(10**66), 10**66), st.integers(-72, 72))
@example(10**64 - 1, -70)
@example(1 - 10**64, -70)
@example(1 - 10**64, -127)
@example(int("1" * 61), 2)
def test_a_number_is_kept_or_refused_and_what_is_kept_can_be_written_and_read(digits: int, power: int) -> None:
    for number in (digits, Decimal(f"{digits}E{power}")):
        try:
            kept = checked_number(number)
        except NotExact:
            with pytest.raises(NotExact):
                exact_number(str(number))
        else:
            assert str(exact_number(str(kept))) == str(number)


def test_text_is_nfc_and_whole() -> None:
    assert exact_text("e\u0301") == "\u00e9"
    with pytest.raises(NotExact, match="half a character"):
        exact_text("a\udc00")
