"""Counters: what a player has been granted so far, and a campaign in all, in the form that limits are weighed on.

A grant that may have happened counts: one that is on its way, or whose outcome nobody knows, too. Periods begin with a
casino day of the configuration (a week on Monday); a cool-off counts back from the moment of the decision, and a grant
exactly that long ago no longer counts.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from casino.bonus.configuration import Configuration
from casino.bonus.limits import Period
from casino.clock import casino_day, day_start
from casino.values import Document, Value


@dataclass(frozen=True, slots=True)
class PastGrant:
    """One grant to the player."""

    configuration: str  # its id
    at: datetime
    settled: bool  # False: on its way, or its outcome is not known


@dataclass(frozen=True, slots=True)
class Spent:
    """Grants of one campaign that cost the same, to all players. `amount` is None where the cost is not known."""

    count: int
    amount: int | Decimal | None  # of each, in `currency`
    currency: str | None


def counters_of(
    configuration: Configuration, grants: Iterable[PastGrant], spent: Sequence[Spent], *, now: datetime
) -> Document:
    """Return the counters of one configuration: its grants to the player by period, and the campaign's in all.

    `spent` stands there only where the configuration has a budget and every cost is known in its currency: a sum that
    leaves something out would let a campaign run over its budget.
    """
    moment = now.astimezone(UTC)  # two times of one zone would be compared by its clocks, which show an hour twice
    mine = [grant.at.astimezone(UTC) for grant in grants if grant.configuration == configuration.id]
    counted: dict[str, Value] = {
        f"grants_{period}": _since(mine, _begin(configuration, period, moment)) for period in Period
    }
    cool_off = configuration.limits.cool_off
    if cool_off is not None:
        counted["grants_in_cool_off"] = sum(moment - at < cool_off for at in mine)
    counted["campaign_grants"] = sum(one.count for one in spent)
    budget = configuration.limits.campaign_budget
    if budget is not None:
        total = _total(spent, budget.currency)
        if total is not None:
            counted["spent"] = {"amount": total, "currency": budget.currency}
    return counted


def lifetime(grants: Sequence[PastGrant]) -> dict[str, Value]:
    """Return the counters that are of no one configuration: all grants ever, and those not settled yet."""
    return {"lifetime_grants": len(grants), "live_bonuses": sum(not grant.settled for grant in grants)}


def _since(moments: Iterable[datetime], begin: datetime | None) -> int:
    return sum(begin is None or begin <= at for at in moments)


def _begin(configuration: Configuration, period: Period, now: datetime) -> datetime | None:
    """Return the moment at which a period begins; a lifetime has no beginning."""
    zone, day_begins = configuration.time_zone, configuration.day_begins
    day = _first_day(period, casino_day(now, zone=zone, day_begins=day_begins))
    return None if day is None else day_start(day, zone=zone, day_begins=day_begins)


def _first_day(period: Period, today: date) -> date | None:
    match period:
        case Period.DAY:
            return today
        case Period.WEEK:
            return today - timedelta(days=today.weekday())
        case Period.MONTH:
            return today.replace(day=1)
        case Period.YEAR:
            return today.replace(month=1, day=1)
        case _:
            return None


def _total(spent: Iterable[Spent], currency: str) -> int | Decimal | None:
    total: int | Decimal = 0
    for one in spent:
        if one.amount is None or one.currency != currency:
            return None
        total += one.amount * one.count
    return total


def counters_document(
    configurations: Iterable[Configuration],
    grants: Sequence[PastGrant],
    spent: Mapping[str, Sequence[Spent]],
    *,
    now: datetime,
) -> Document:
    """Return the whole document of counters; `spent` is by configuration, and one that is not there spent nothing."""
    by_configuration: dict[str, Value] = {
        one.id: {**counters_of(one, grants, spent.get(one.id, ()), now=now)} for one in configurations
    }
    return {**by_configuration, **lifetime(grants)}
