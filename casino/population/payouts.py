"""Pay tables: what a spin pays, and how players wager. An operator supplies its own; the built-in one is made up."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Annotated, Final, Literal

from pydantic import Field

from casino.loaded import Loaded, Path
from casino.money import Money, NotMoney
from casino.shape import AboveZero, AtLeastZero, Shape, shape, spelt

HUNDREDTHS: Final = 100
MOST_PRIZES: Final = 1_000


@dataclass(frozen=True, slots=True)
class Prize:
    """One outcome of a spin: what it pays, in hundredths of the bet, and how often, as a weight among all prizes."""

    hundredths: int
    weight: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """What a back office's template gives; the engine itself knows only its name."""

    spins: int
    value_per_spin: Money | None  # None: as the reward describes it
    wager: int | Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Payouts:
    """A pay table, and the assumptions under which cost is simulated."""

    name: str
    source: str  # where the table and the assumptions come from
    minimum_bet: Money
    stake_share: Decimal  # of the balance that a player bets at once while wagering, at least the minimum bet
    prizes: tuple[Prize, ...]
    templates: Mapping[str, Template]

    @property
    def currency(self) -> str:
        """Return the currency of every cost."""
        return self.minimum_bet.currency

    @property
    def return_to_player(self) -> Fraction:
        """Return what a bet pays on average, as a share of it (RTP)."""
        weight = sum(prize.weight for prize in self.prizes)
        return Fraction(sum(prize.hundredths * prize.weight for prize in self.prizes), weight * HUNDREDTHS)


_PAID = ((50, 9_000), (100, 7_000), (200, 4_500), (500, 2_200), (1_000, 900), (2_000, 600), (5_000, 190))
_PAID_RARELY = ((10_000, 90), (25_000, 40), (50_000, 18), (100_000, 6))
_SPINS: Final = 100_000
_PRIZES: Final = tuple(Prize(paid, weight) for paid, weight in (*_PAID, *_PAID_RARELY))

BUILT_IN: Final = Payouts(
    name="synthetic slot",
    source=(
        "made up for Croupier: 11 prizes from 0.5 to 1,000 times the bet, a hit in 24.5 % of spins, RTP 96.00 %; "
        "minimum bet 0.10 EUR, wagering in bets of 2 % of the balance at its beginning. No operator's game."
    ),
    minimum_bet=Money(10, "EUR"),
    stake_share=Decimal("0.02"),
    prizes=(Prize(0, _SPINS - sum(prize.weight for prize in _PRIZES)), *_PRIZES),
    templates=MappingProxyType({}),
)


_Text = Annotated[str, Field(min_length=1)]
_Weight = Annotated[int, Field(ge=1, le=10**12)]


class _PrizeShape(Shape):
    pays: AtLeastZero
    weight: _Weight


class _TemplateShape(Shape):
    spins: Annotated[int, Field(ge=1, le=100_000)]
    value_per_spin: _Text | None = None
    wager: AtLeastZero


class _PayoutsShape(Shape):
    name: _Text
    source: _Text
    minimum_bet: _Text
    stake_share: AboveZero
    prizes: Annotated[list[object], Field(min_length=1, max_length=MOST_PRIZES)]
    templates: dict[str, object] = Field(default_factory=dict[str, object])
    kind: Literal["payouts"] = "payouts"


def parse_payouts(loaded: Loaded) -> Payouts:
    """Read a pay table as a document; raises DocumentError at the place of the first thing that is wrong.

    `{name, source, minimum_bet: "0.10 EUR", stake_share: 0.02, prizes: [{pays: 0, weight: 75}, {pays: 3.8, weight:
    25}], templates: {VIP_50: {spins: 50, value_per_spin: "1 EUR", wager: 0}}}`; `pays` is in bets, weights are whole.
    """
    read = shape(_PayoutsShape, loaded)
    share = Decimal(read.stake_share)
    if share > 1:
        raise loaded.error(("stake_share",), "a player cannot bet more than the balance", "Write at most 1.")
    return Payouts(
        name=read.name,
        source=read.source,
        minimum_bet=_bet(read.minimum_bet, loaded, ("minimum_bet",)),
        stake_share=share,
        prizes=tuple(_prize(loaded, ("prizes", index)) for index in range(len(read.prizes))),
        templates=MappingProxyType({name: _template(loaded, ("templates", name)) for name in read.templates}),
    )


def money_text(text: str) -> Money | None:
    """Read "0.50 EUR", as authors describe the value of a spin; None where it is described otherwise."""
    amount, _, currency = text.strip().partition(" ")
    try:
        money = Money.parse(amount, currency.strip())
    except NotMoney:
        return None
    return money if money.minor > 0 else None


def _bet(text: str, loaded: Loaded, path: Path) -> Money:
    money = money_text(text)
    if money is None:
        raise loaded.error(path, f"{spelt(path)} is no amount above 0", 'Write it with its currency, as "0.10 EUR".')
    return money


def _prize(loaded: Loaded, path: Path) -> Prize:
    read = shape(_PrizeShape, loaded, path)
    paid = Fraction(read.pays) * HUNDREDTHS
    if paid.denominator != 1:
        raise loaded.error((*path, "pays"), "a prize has at most two decimal places", "Round it to 0.01 bets.")
    return Prize(paid.numerator, read.weight)


def _template(loaded: Loaded, path: Path) -> Template:
    read = shape(_TemplateShape, loaded, path)
    value = None if read.value_per_spin is None else _bet(read.value_per_spin, loaded, (*path, "value_per_spin"))
    return Template(spins=read.spins, value_per_spin=value, wager=read.wager)
