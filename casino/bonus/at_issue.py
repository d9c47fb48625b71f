"""Limits at the moment of issue: weighed on counters that are read in the transaction of the claim.

The decision has weighed them before (`casino.bonus.limits`), on counters that others may have moved since. Here the
grant's own cost counts too: a decision asks whether something is left of a budget, an issue whether it is enough.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from casino.bonus.configuration import Configuration
from casino.bonus.counters import Spent
from casino.facts import Facts, Found
from casino.money import Money
from casino.rules.evaluate import check
from casino.values import Document, Value
from casino.verdict import Verdict

LIVE: Final = "live_bonuses"


@dataclass(frozen=True, slots=True)
class Broken:
    """A limit that a grant would break, as the path of its counter; `unknown` where that counter is not known."""

    path: str
    unknown: bool


def broken_limit(
    configuration: Configuration, counters: Document, *, cost: Spent | None, active_bonus: bool | None
) -> Broken | None:
    """Return the first limit of a configuration that one more grant would break; None where it keeps them all.

    `counters` are those of the ledger without this grant (`casino.bonus.counters`). `cost` is what it costs, None
    where its reward has no cost in money: then something has to be left of a budget, as at the decision.
    `active_bonus` is whether the platform says that a bonus is live, None where it did not say. What is not known
    breaks a limit: a limit that is reached is found before one that is unknown.
    """
    known = Facts.of({"counters": _with_the_live_one(counters, active_bonus)})
    found = [
        Broken(condition.path, unknown=verdict is Verdict.UNKNOWN)
        for condition in configuration.limits.conditions(configuration.id)
        if (verdict := check(condition, known).verdict) is not Verdict.YES
    ]
    budget = configuration.limits.campaign_budget
    if budget is not None and cost is not None:
        over = _over(budget, cost, known, f"counters.{configuration.id}.spent")
        found += [] if over is None else [over]
    return min(found, key=lambda one: one.unknown, default=None)


def _with_the_live_one(counters: Document, active_bonus: bool | None) -> dict[str, Value]:
    """Add the bonus that the platform says is live. Where it does not say, nobody knows how many there are."""
    known = {name: value for name, value in counters.items() if name != LIVE}
    unsettled = counters.get(LIVE)
    if active_bonus is not None and isinstance(unsettled, int):
        known[LIVE] = unsettled + active_bonus
    return known


def _over(budget: Money, cost: Spent, known: Facts, path: str) -> Broken | None:
    """Weigh a cost on what is left of a budget; one that is not known in the budget's currency fits nowhere."""
    spent = known.look(f"{path}.amount")
    if cost.amount is None or cost.currency != budget.currency:
        return Broken(path, unknown=True)
    if not isinstance(spent, Found) or not isinstance(spent.value, int | Decimal):
        return Broken(path, unknown=True)
    left = budget.amount - spent.value
    return None if cost.amount * cost.count <= left else Broken(path, unknown=False)
