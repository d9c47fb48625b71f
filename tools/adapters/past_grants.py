"""Grants as the ledger holds them, in the form that limits count."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal

from casino.bonus.configuration import Configuration
from casino.bonus.counters import PastGrant, Spent, counters_document
from casino.values import Document
from tools.adapters.granting import GRANTING, GrantParts, parts_of
from tools.ledger import GONE, Effect, EffectState


def cost(amount_type: str | None, amount: int | Decimal | None, currency: str | None, *, count: int) -> Spent:
    """Return what so many grants of the same reward cost. Only cash has a cost that is known here."""
    if amount_type == "cash" and amount is not None and currency is not None:
        return Spent(count, amount, currency)
    return Spent(count, None, None)


def count_effects(
    effects: Iterable[tuple[Effect, datetime]],
    player_id: str,
    *,
    brand: str,
    configurations: Sequence[Configuration],
    now: datetime,
) -> Document:
    """Return the counters of these configurations for one player, from all effects with the time of their claims."""
    alive = [(parts_of(one), at, one.state) for one, at in effects if one.tool == GRANTING and one.state not in GONE]
    mine = [
        PastGrant(parts.configuration or "", at, settled=state is EffectState.DONE)
        for parts, at, state in alive
        if (parts.player_id, parts.brand) == (player_id, brand)
    ]
    spent = {
        one.id: [_spent(parts) for parts, _, _ in alive if parts.configuration == one.id] for one in configurations
    }
    return counters_document(configurations, mine, spent, now=now)


def _spent(parts: GrantParts) -> Spent:
    return cost(parts.amount_type, parts.amount, parts.currency, count=1)
