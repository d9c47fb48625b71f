"""Grants so far, counted from the ledger's table: what limits are weighed on."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Final

from sqlalchemy import Connection, bindparam, func, select

from casino.bonus.configuration import Configuration
from casino.bonus.counters import PastGrant, Spent, counters_document
from casino.document import load_json
from casino.values import Document
from tools.adapters.past_grants import cost
from tools.adapters.sql.engine import Damaged
from tools.adapters.sql.tables import ALIVE, EFFECTS
from tools.ledger import EffectState

NONE: Final = ""  # no effect has this key
_COST: Final = (EFFECTS.c.amount_type, EFFECTS.c.amount, EFFECTS.c.currency)


# A player's grants that were made or may have been made.
OF_A_PLAYER: Final = select(EFFECTS.c.configuration, EFFECTS.c.claimed_at, EFFECTS.c.state).where(
    ALIVE,
    EFFECTS.c.player_id == bindparam("player"),
    EFFECTS.c.brand == bindparam("brand"),
    EFFECTS.c.key != bindparam("but"),
)
# How many grants of a configuration there are of each amount type, amount and currency.
BY_CONFIGURATION: Final = (
    select(func.count(), *_COST)
    .where(ALIVE, EFFECTS.c.configuration == bindparam("named"), EFFECTS.c.key != bindparam("but"))
    .group_by(*_COST)
)


def count_grants(
    connection: Connection, player_id: str, *, brand: str, configurations: Sequence[Configuration], now: datetime
) -> Document:
    """Return the counters of these configurations for one player."""
    spent = {one.id: _spent_by(connection, one.id, but=NONE) for one in configurations}
    mine = _grants_to(connection, player_id, brand=brand, but=NONE)
    return counters_document(configurations, mine, spent, now=now)


def count_for_limits(
    connection: Connection,
    player_id: str,
    *,
    brand: str,
    configuration: Configuration,
    now: datetime,
    but: str = NONE,
) -> Document:
    """Return the counters that a configuration's own limits look at: of all players only where one of them does.

    `but` is the key of an effect that counts for nothing.
    """
    limits = configuration.limits
    campaign = limits.campaign_count is not None or limits.campaign_budget is not None
    spent = {configuration.id: _spent_by(connection, configuration.id, but=but)} if campaign else {}
    mine = _grants_to(connection, player_id, brand=brand, but=but)
    return counters_document((configuration,), mine, spent, now=now)


def _grants_to(connection: Connection, player_id: str, *, brand: str, but: str) -> list[PastGrant]:
    rows = connection.execute(OF_A_PLAYER, {"player": player_id, "brand": brand, "but": but})
    return [
        PastGrant(configuration, datetime.fromisoformat(at), settled=state == EffectState.DONE)
        for configuration, at, state in rows
    ]


def _spent_by(connection: Connection, configuration: str, *, but: str) -> list[Spent]:
    rows = connection.execute(BY_CONFIGURATION, {"named": configuration, "but": but})
    return [cost(kind, _amount(amount), currency, count=count) for count, kind, amount, currency in rows]


def _amount(stored: str | None) -> int | Decimal | None:
    """Return the exact number that a column holds."""
    if stored is None:
        return None
    value = load_json(stored, name="store").value
    if isinstance(value, int | Decimal):
        return value
    raise Damaged("the amount of a grant is no number")
