"""What is no number is a usage error: a comparison with it would be false, and let everything pass."""

from decimal import Decimal

import click
import pytest

from app.cli.numbers import FiniteDecimal, FiniteFloat


@pytest.mark.parametrize("text", ["nan", "inf", "-inf", "2", "-0.1", "many", ""])
def test_what_is_no_number_in_the_range_is_refused(text: str) -> None:
    for kind in (FiniteFloat(0, 1), FiniteDecimal(most=Decimal(1))):
        with pytest.raises(click.BadParameter):
            kind.convert(text, None, None)


@pytest.mark.parametrize("text", ["nan", "sNaN", "Infinity", "-1"])
def test_an_amount_is_finite_and_not_below_0(text: str) -> None:
    with pytest.raises(click.BadParameter, match="is not from 0"):
        FiniteDecimal().convert(text, None, None)


def test_a_number_is_given_as_it_is_written() -> None:
    assert FiniteFloat(0, 1).convert("0.95", None, None) == 0.95
    assert FiniteDecimal().convert("5.10", None, None) == Decimal("5.10")
    assert FiniteDecimal(most=Decimal(1)).convert(Decimal("0.99"), None, None) == Decimal("0.99")
