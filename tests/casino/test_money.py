from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casino.money import CurrencyMismatch, Money, NotMoney, is_currency

currencies = st.sampled_from(["EUR", "GBP", "JPY", "KWD"])


@pytest.mark.parametrize(
    ("text", "currency", "minor", "written"),
    [
        ("1.50", "EUR", 150, "1.50 EUR"),
        ("1.5", "EUR", 150, "1.50 EUR"),
        ("0.05", "EUR", 5, "0.05 EUR"),
        ("-0.05", "EUR", -5, "-0.05 EUR"),
        ("700", "JPY", 700, "700 JPY"),
        ("0", "JPY", 0, "0 JPY"),
        ("1.234", "KWD", 1234, "1.234 KWD"),
        ("1.500", "EUR", 150, "1.50 EUR"),
    ],
)
def test_an_amount_is_read_into_minor_units_and_written_back(
    text: str, currency: str, minor: int, written: str
) -> None:
    money = Money.parse(text, currency)
    assert money == Money(minor, currency)
    assert money.text() == written


@pytest.mark.parametrize(
    ("text", "currency", "message"),
    [
        ("1.505", "EUR", "1.505 EUR has more than 2 decimal places"),
        ("0.5", "JPY", "0.5 JPY has more than 0 decimal places"),
        ("1,50", "EUR", '"1,50" is not an amount: write digits and a point, as 1.50'),
        ("1e3", "EUR", '"1e3" is not an amount: write digits and a point, as 1.50'),
        ("\u0661", "EUR", '"\u0661" is not an amount: write digits and a point, as 1.50'),
        ("9" * 73, "EUR", "a number of 73 characters is too long (at most 64 digits)"),
        ("9" * 63, "EUR", "a number has more than 64 digits"),  # with its cents
        ("1", "eur", '"eur" is not a currency code: write three capital letters, as EUR'),
    ],
)
def test_what_is_no_exact_amount_is_refused(text: str, currency: str, message: str) -> None:
    with pytest.raises(NotMoney) as caught:
        Money.parse(text, currency)
    assert str(caught.value) == message


@given(minor=st.integers(-(10**20), 10**20), currency=currencies)
def test_text_and_parse_are_inverse(minor: int, currency: str) -> None:
    money = Money(minor, currency)
    assert Money.parse(money.text().removesuffix(f" {currency}"), currency) == money


def test_one_currency_adds_subtracts_and_compares() -> None:
    one, two = Money(100, "EUR"), Money.of(Decimal("2.00"), "EUR")
    assert (one + one, two - one) == (two, one)
    assert one < two
    assert one <= Money(100, "EUR")
    assert not two < one


@pytest.mark.parametrize("act", [Money.__add__, Money.__sub__, Money.__lt__, Money.__le__])
def test_two_currencies_never_meet(act: object) -> None:
    assert callable(act)
    with pytest.raises(CurrencyMismatch, match=r"1\.00 EUR and 1 JPY are of two currencies"):
        act(Money(100, "EUR"), Money(1, "JPY"))


def test_the_amount_is_exact_however_large() -> None:
    assert Money(10**40 + 1, "EUR").amount == Decimal("1" + "0" * 38 + ".01")
    assert (Money(5, "JPY").amount, Money(-5, "KWD").amount) == (5, Decimal("-0.005"))


def test_a_currency_has_three_capital_letters() -> None:
    assert [is_currency(code) for code in ("EUR", "eur", "EURO", "E1R", "")] == [True, False, False, False, False]
