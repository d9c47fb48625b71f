"""Numbers on the command line that are numbers: what is compared with `nan` is never wrong, and so always passes."""

from decimal import Decimal, InvalidOperation
from math import isfinite

import click


class FiniteFloat(click.FloatRange):
    """A float within bounds, and no `nan`."""

    def convert(self, value: str | float, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Return the number, or fail."""
        number = float(super().convert(value, param, ctx))  # pyright: ignore[reportArgumentType]  # text from the shell
        if not isfinite(number):
            self.fail(f"{value} is no finite number.", param, ctx)
        return number


class FiniteDecimal(click.ParamType[Decimal]):
    """A decimal number from 0, exactly as it is written."""

    name = "decimal"

    def __init__(self, *, most: Decimal | None = None) -> None:
        """Take what is at most so much."""
        self.most = most

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Decimal:
        """Return the number, or fail."""
        try:
            number = Decimal(str(value))
        except InvalidOperation:
            self.fail(f"{value!r} is no number.", param, ctx)
        if not (number.is_finite() and number >= 0 and (self.most is None or number <= self.most)):
            self.fail(
                f"{value} is not {'from 0' if self.most is None else f'in the range 0<=x<={self.most}'}.", param, ctx
            )
        return number
