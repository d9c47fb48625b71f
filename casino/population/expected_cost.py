"""The expected cost of a whole run: every grant of every tier, and what could not be priced."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal
from typing import TypeAlias

from casino.bonus.configuration import Configuration
from casino.bonus.story import Status
from casino.population.cost import Cost, Draw, Grant, Unpriced, cost_of, grant_of
from casino.population.payouts import Payouts
from casino.population.result import Counts
from casino.values import Value

Seeded: TypeAlias = Callable[[str], Draw]
"""Gives the outcomes of a pay table for a name; the same ones for the same name."""

_MATHS = Context(prec=60)


@dataclass(frozen=True, slots=True)
class TierCost:
    """One tier: who gets it, what a grant costs and all of them together; or why nobody can say."""

    configuration: str
    tier: str
    players: int
    each: Cost | Unpriced

    def to_document(self) -> dict[str, Value]:
        """Return it as a plain document."""
        place: dict[str, Value] = {"configuration": self.configuration, "tier": self.tier, "players": self.players}
        if isinstance(self.each, Unpriced):
            return {**place, "unpriced": self.each.why}
        return {**place, "each": self.each.to_document(), "all": self.each.times(self.players).to_document()}


@dataclass(frozen=True, slots=True)
class ExpectedCost:
    """All tiers, their sum, and the assumptions; `unpriced` players are in no sum."""

    payouts: Payouts
    tiers: tuple[TierCost, ...]
    total: Cost
    unpriced: int

    def to_document(self) -> dict[str, Value]:
        """Return it as a plain document."""
        return {
            "payouts": self.payouts.name,
            "source": self.payouts.source,
            "tiers": [tier.to_document() for tier in self.tiers],
            "total": self.total.to_document(),
            "unpriced_players": self.unpriced,
        }


def expected_cost(
    counts: Counts, configurations: Sequence[Configuration], payouts: Payouts, seeded: Seeded
) -> ExpectedCost:
    """Price every tier that somebody gets; grants that are alike are simulated once."""
    rewards = {(one.id, tier.name): tier.reward for one in configurations for tier in one.tiers}
    tiers: list[TierCost] = []
    known: dict[Grant, Cost] = {}
    for (status, configuration, tier), players in counts.endings:
        if status is Status.QUALIFIED and configuration is not None and tier is not None:
            grant = grant_of(rewards[configuration, tier], payouts)
            if isinstance(grant, Grant) and grant not in known:
                known[grant] = cost_of(grant, payouts, seeded(repr(grant)))
            tiers.append(TierCost(configuration, tier, players, grant if isinstance(grant, Unpriced) else known[grant]))
    unpriced = sum(one.players for one in tiers if isinstance(one.each, Unpriced))
    return ExpectedCost(payouts, tuple(tiers), _total(tiers, payouts), unpriced)


def _total(tiers: Sequence[TierCost], payouts: Payouts) -> Cost:
    """Add up the grants. Those that are alike err together; the errors of others are independent: squares add up."""
    alike: dict[Cost, int] = {}
    for one in tiers:
        if isinstance(one.each, Cost):
            alike[one.each] = alike.get(one.each, 0) + one.players
    priced = [each.times(players) for each, players in alike.items()]
    mean = sum((one.mean for one in priced), Decimal(0))
    spread = sum(((one.high - one.mean) ** 2 for one in priced), Decimal(0)).sqrt(_MATHS)
    spread = spread.quantize(Decimal("0.0001"), context=_MATHS)
    textbook = sum((one.textbook for one in priced), Decimal(0))
    trials = sum(one.trials for one in priced)
    return Cost(mean, max(Decimal(0), mean - spread), mean + spread, textbook, payouts.currency, trials)
