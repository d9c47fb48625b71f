"""What a grant is expected to cost: its spins and its wagering played through, many times, on a pay table.

A grant costs what the player holds when the wagering is done. The textbook formula, bonus x (1 - wager x edge), leaves
out that a balance cannot fall below nothing and that most of them end there before the wagering does; it stands beside
the simulated figure for comparison only.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from math import isqrt
from typing import Final, NamedTuple, TypeAlias, assert_never

from casino.bonus.reward import Boosted, Cash, Premium, Reward, Standard
from casino.money import Money, exponent
from casino.population.payouts import HUNDREDTHS, Payouts, money_text
from casino.values import Value

Draw: TypeAlias = Callable[[int], Sequence[int]]
"""Gives the outcomes of so many spins, in hundredths of the bet; the caller seeds it, so that a run can be repeated."""

TRIALS: Final = 10_000
MOST_BETS: Final = 4_000_000  # for one tier; a long wagering gets fewer trials, never fewer than LEAST_TRIALS
LEAST_TRIALS: Final = 400
_AT_ONCE: Final = 500
_SURE: Final = Fraction(196, 100)  # standard errors to each side for 95 %
_SCALE: Final = 10**6  # of roots: a millionth of a hundredth
_MATHS: Final = Context(prec=60, rounding=ROUND_HALF_EVEN)


@dataclass(frozen=True, slots=True)
class Grant:
    """What one player gets: money in minor units, or spins of a value; and how many times it is to be wagered."""

    cash: int
    spins: int
    value_per_spin: int  # minor units
    wager: int | Decimal


@dataclass(frozen=True, slots=True)
class Unpriced:
    """A reward whose cost nobody can say here, and why."""

    why: str


@dataclass(frozen=True, slots=True)
class Cost:
    """The expected cost of one grant in major units, with the interval that holds it with 95 % certainty."""

    mean: Decimal
    low: Decimal
    high: Decimal
    textbook: Decimal
    currency: str
    trials: int  # 0: nothing had to be simulated

    def times(self, players: int) -> "Cost":
        """Return the expected cost of so many grants."""
        return Cost(
            mean=self.mean * players,
            low=self.low * players,
            high=self.high * players,
            textbook=self.textbook * players,
            currency=self.currency,
            trials=self.trials,
        )

    def to_document(self) -> dict[str, Value]:
        """Return it as a plain document."""
        return {
            "mean": self.mean,
            "low": self.low,
            "high": self.high,
            "textbook": self.textbook,
            "currency": self.currency,
            "trials": self.trials,
        }


def grant_of(reward: Reward, payouts: Payouts) -> Grant | Unpriced:
    """Return what a reward gives, in the currency of the pay table. An amount of cash is taken to be in it."""
    least = payouts.minimum_bet.minor
    match reward:
        case Standard():
            return Grant(0, reward.spins_count, least, reward.wager)
        case Cash() if reward.amount_type == "free_spins":
            return Grant(0, int(reward.amount), least, reward.wager)
        case Cash():
            minor = Fraction(reward.amount) * 10 ** exponent(payouts.currency)
            return Grant(round(minor), 0, least, reward.wager)
        case Boosted() | Premium():
            return _templated(reward, payouts)
        case _:
            assert_never(reward)


def _templated(reward: Boosted | Premium, payouts: Payouts) -> Grant | Unpriced:
    template = payouts.templates.get(reward.template_name)
    if template is None:
        return Unpriced(f'the pay table has no template "{reward.template_name}", so its spins and wager are not known')
    value = template.value_per_spin or money_text(reward.value_per_spin_description)
    if value is None or value.currency != payouts.currency:
        return Unpriced(f'the value of a spin of "{reward.template_name}" is not known in {payouts.currency}')
    return Grant(0, template.spins, value.minor, template.wager)


class _Played(NamedTuple):
    """One grant played through, in hundredths of a minor unit: what the spins won, and what was left in the end."""

    won: int
    left: int
    bets: int


def cost_of(grant: Grant, payouts: Payouts, draw: Draw) -> Cost:
    """Play a grant through as often as it takes, and return what it costs."""
    if grant.spins == 0 and grant.wager == 0:
        exact = Money(grant.cash, payouts.currency).amount
        return Cost(exact, exact, exact, exact, payouts.currency, 0)
    played: list[_Played] = []
    bets = 0
    while len(played) < TRIALS and (bets < MOST_BETS or len(played) < LEAST_TRIALS):
        played.append(_play(grant, payouts, draw))
        bets += played[-1].bets
    return _estimate(played, grant, payouts)


def _play(grant: Grant, payouts: Payouts, draw: Draw) -> _Played:
    won = grant.cash * HUNDREDTHS + sum(draw(grant.spins)) * grant.value_per_spin
    balance, to_wager = won, round(Fraction(grant.wager) * won)
    bet = max(payouts.minimum_bet.minor * HUNDREDTHS, round(payouts.stake_share * balance))
    bets = grant.spins
    outcomes: Sequence[int] = ()
    at = 0
    while to_wager > 0 and balance > 0:
        if at == len(outcomes):
            outcomes, at = draw(min(_AT_ONCE, to_wager // bet + 1)), 0
        staked = min(bet, balance, to_wager)
        balance += staked * outcomes[at] // HUNDREDTHS - staked
        to_wager -= staked
        at += 1
        bets += 1
    return _Played(won, balance, bets)


def _estimate(played: Sequence[_Played], grant: Grant, payouts: Payouts) -> Cost:
    """Return mean and interval: 1.96 standard errors, by the central limit theorem.

    What the spins win is known exactly, and most of the spread comes from there: the part of a trial that its luck with
    the spins explains is taken out (a control variate), which makes the interval several times narrower.
    """
    trials = len(played)
    won, left = Fraction(sum(one.won for one in played), trials), Fraction(sum(one.left for one in played), trials)
    of_won = Fraction(sum(one.won * one.won for one in played), trials) - won * won
    of_left = Fraction(sum(one.left * one.left for one in played), trials) - left * left
    of_both = Fraction(sum(one.won * one.left for one in played), trials) - won * left
    slope = of_both / of_won if of_won else Fraction(0)
    mean = max(Fraction(0), left - slope * (won - _won_on_average(grant, payouts)))
    error = _root((of_left - slope * of_both) / max(1, trials - 1)) * _SURE
    return Cost(
        mean=_major(mean, payouts),
        low=_major(max(Fraction(0), mean - error), payouts),
        high=_major(mean + error, payouts),
        textbook=_major(_textbook(grant, payouts), payouts),
        currency=payouts.currency,
        trials=trials,
    )


def _root(square: Fraction) -> Fraction:
    return Fraction(isqrt(round(square * _SCALE * _SCALE)), _SCALE)


def _won_on_average(grant: Grant, payouts: Payouts) -> Fraction:
    return HUNDREDTHS * (grant.cash + grant.spins * grant.value_per_spin * payouts.return_to_player)


def _textbook(grant: Grant, payouts: Payouts) -> Fraction:
    edge = 1 - payouts.return_to_player
    return max(Fraction(0), _won_on_average(grant, payouts) * (1 - Fraction(grant.wager) * edge))


def _major(hundredths: Fraction, payouts: Payouts) -> Decimal:
    """Return major units, to a hundredth of the minor one."""
    return Decimal(round(hundredths)).scaleb(-2 - exponent(payouts.currency), _MATHS)
