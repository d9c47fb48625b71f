"""Grants as the ledger holds them: the intents of `issue_bonus`, which say what, to whom, and by which rules."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Final

from casino.bonus.configuration import Configuration
from casino.bonus.counters import PastGrant, Spent, counters_document
from casino.values import Document, Value
from tools.ports import Effect, EffectState

GRANTING: Final = "issue_bonus"  # the tool whose effects are grants


def granted_by(intent: Document) -> str:
    """Return the configuration that a grant was made by; its reason is `configuration/tier`."""
    return str(intent.get("reason")).partition("/")[0]


def past_grant(effect: Effect) -> PastGrant:
    """Return a grant to the player, as limits count it."""
    return PastGrant(granted_by(effect.intent), effect.at, settled=effect.state is EffectState.DONE)


def spent_on(intent: Document) -> Spent:
    """Return what a grant cost. Only cash has a cost that is known here, in the currency noted with the intent."""
    reward = intent.get("reward")
    known = reward if isinstance(reward, dict) else {}
    return cost(known.get("amountType"), known.get("amount"), intent.get("currency"), count=1)


def cost(amount_type: Value, amount: Value, currency: Value, *, count: int) -> Spent:
    """Return what so many grants of the same reward cost."""
    if amount_type == "cash" and isinstance(amount, int | Decimal) and isinstance(currency, str):
        return Spent(count, amount, currency)
    return Spent(count, None, None)


def count_effects(
    effects: Iterable[Effect],
    player_id: str,
    *,
    brand: str,
    configurations: Sequence[Configuration],
    now: datetime,
) -> Document:
    """Return the counters of these configurations for one player, from all effects of a ledger."""
    alive = [one for one in effects if one.tool == GRANTING and one.state is not EffectState.FAILED]
    mine = [one for one in alive if (one.intent.get("player_id"), one.intent.get("brand")) == (player_id, brand)]
    spent = {
        configuration.id: [spent_on(one.intent) for one in alive if granted_by(one.intent) == configuration.id]
        for configuration in configurations
    }
    return counters_document(configurations, [past_grant(one) for one in mine], spent, now=now)
