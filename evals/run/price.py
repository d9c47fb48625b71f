"""What tokens cost, as whoever pays for them says: nothing is known of prices here, and none is guessed."""

from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Final

from evals.run.plan import PlanError
from evals.trial import Trial, Usage

MILLION: Final = 1_000_000
FORM: Final = "write what a million tokens cost, those that go in and those that come out, such as 0.40/1.60"


@dataclass(frozen=True, slots=True)
class Price:
    """The price of a million tokens in and of a million out, in any one currency."""

    tokens_in: Decimal = Decimal(0)
    tokens_out: Decimal = Decimal(0)

    def __str__(self) -> str:
        return f"{self.tokens_in}/{self.tokens_out}"

    def cost(self, tokens_in: int, tokens_out: int) -> Decimal:
        """Return what tokens cost."""
        return (tokens_in * self.tokens_in + tokens_out * self.tokens_out) / MILLION

    def of(self, trial: Trial) -> Trial:
        """Return a trial with what its tokens cost."""
        return replace(trial, usage=self.priced(trial.usage))

    def priced(self, usage: Usage) -> Usage:
        """Return a usage with what its tokens cost."""
        spent = self.cost(usage.tokens_in, usage.tokens_out)
        return replace(usage, cost=spent) if spent else usage


FREE: Final = Price()


def price_from(text: str) -> Price:
    """Read a price such as `0.40/1.60`. Raises `PlanError`."""
    try:
        way_in, way_out = (Decimal(part) for part in text.split("/"))
    except (InvalidOperation, ValueError):
        raise PlanError(f'the price is "{text}"; {FORM}') from None
    if not (way_in.is_finite() and way_out.is_finite() and min(way_in, way_out) >= 0):
        raise PlanError(f'the price is "{text}"; {FORM}')
    return Price(way_in, way_out)
