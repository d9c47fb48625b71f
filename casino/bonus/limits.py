"""Limits on what a configuration may give away: counters are inputs, and a counter that nobody supplied is an outage.

So is one that is null, below 0, of another type, or money in another currency. A limit is reached only where somebody
counted that far, or a slip in a counter would let a lower configuration pay.
They are weighed at the decision, as conditions on `counters.*`; whoever issues weighs them again, atomically.
A document of counters, for the configuration `deposit-loyalty`:

    {"deposit-loyalty": {"grants_day": 0, "grants_week": 1, "grants_in_cool_off": 0, "campaign_grants": 120,
                         "spent": {"amount": 350, "currency": "EUR"}},
     "live_bonuses": 0}
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from casino.money import Money
from casino.rules.condition import Condition, Operator
from casino.values import Value


class Period(StrEnum):
    """How long a player's grants count; each begins with a casino day (week: Monday), a lifetime never ends."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"
    LIFETIME = "lifetime"


@dataclass(frozen=True, slots=True)
class PlayerLimit:
    """At most `count` grants of this configuration to one player in a period."""

    count: int
    period: Period


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """All limits of one configuration; None and the empty tuple mean that there is none."""

    per_player: tuple[PlayerLimit, ...] = ()
    campaign_count: int | None = None  # grants to all players together
    campaign_budget: Money | None = None  # what the grants may cost together; the one that reaches it may go over it
    cool_off: timedelta | None = None  # between two grants to one player
    one_live_bonus: bool = False  # none while the player has a live bonus of any configuration

    def conditions(self, configuration: str) -> tuple[Condition, ...]:
        """Return what has to hold of the counters, as conditions of the rule language.

        A budget is weighed before the tier is known: something has to be left of it. So the last grant may cost more
        than was left, by less than its reward. A player in another currency leaves it unknown (`tools.player_facts`).
        """
        own = f"counters.{configuration}"
        found = [_below(f"{own}.grants_{limit.period}", limit.count) for limit in self.per_player]
        if self.cool_off is not None:
            found.append(_below(f"{own}.grants_in_cool_off", 1))
        if self.campaign_count is not None:
            found.append(_below(f"{own}.campaign_grants", self.campaign_count))
        if self.campaign_budget is not None:
            found.append(_below(f"{own}.spent", self.campaign_budget))
        if self.one_live_bonus:
            found.append(_below("counters.live_bonuses", 1))
        return tuple(found)

    def to_document(self) -> dict[str, Value]:
        """Return what the hash is taken of."""
        return {
            "per_player": [{"count": limit.count, "period": limit.period.value} for limit in self.per_player],
            "campaign_count": self.campaign_count,
            "campaign_budget": None if self.campaign_budget is None else self.campaign_budget.text(),
            "cool_off_s": None if self.cool_off is None else self.cool_off // timedelta(seconds=1),
            "one_live_bonus": self.one_live_bonus,
        }


NO_LIMITS = Limits()


def _below(path: str, most: int | Money) -> Condition:
    return Condition(path, Operator.LESS, most, on_missing="unknown")
