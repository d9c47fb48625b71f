"""Grants so far, counted from the ledger's table: what limits are weighed on."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Final

from sqlalchemy import Connection, RowMapping, bindparam, func, select

from casino.bonus.configuration import Configuration
from casino.bonus.counters import PastGrant, Spent, counters_document
from casino.document import load_json
from casino.values import Document
from tools.adapters.granting import parts_in
from tools.adapters.past_grants import cost
from tools.adapters.sql.engine import Damaged
from tools.adapters.sql.keys import read_document
from tools.adapters.sql.ledger import counted
from tools.adapters.sql.tables import ALIVE, EFFECTS
from tools.ledger import EffectState

_COST: Final = (EFFECTS.c.amount_type, EFFECTS.c.amount, EFFECTS.c.currency)


# A player's grants that were made or may have been made.
OF_A_PLAYER: Final = select(EFFECTS).where(
    ALIVE, EFFECTS.c.player_id == bindparam("player"), EFFECTS.c.brand == bindparam("brand")
)
# How many grants of a configuration there are of each amount type, amount and currency.
BY_CONFIGURATION: Final = (
    select(func.count(), *_COST).where(ALIVE, EFFECTS.c.configuration == bindparam("named")).group_by(*_COST)
)


def count_grants(
    connection: Connection, player_id: str, *, brand: str, configurations: Sequence[Configuration], now: datetime
) -> Document:
    """Return the counters of these configurations for one player."""
    spent = {one.id: _spent_by(connection, one.id) for one in configurations}
    return _counted(connection, (player_id, brand), configurations, spent, now=now)


def count_for_limits(
    connection: Connection, player_id: str, *, brand: str, configuration: Configuration, now: datetime
) -> Document:
    """Return the counters that a configuration's own limits look at: of all players only where one of them does."""
    limits = configuration.limits
    campaign = limits.campaign_count is not None or limits.campaign_budget is not None
    spent = {configuration.id: _spent_by(connection, configuration.id)} if campaign else {}
    return _counted(connection, (player_id, brand), (configuration,), spent, now=now)


def _counted(
    connection: Connection,
    whose: tuple[str, str],
    configurations: Sequence[Configuration],
    spent: Mapping[str, Sequence[Spent]],
    *,
    now: datetime,
) -> Document:
    player, brand = whose
    mine = [_past(row) for row in connection.execute(OF_A_PLAYER, {"player": player, "brand": brand}).mappings()]
    return counters_document(configurations, mine, spent, now=now)


def _past(row: RowMapping) -> PastGrant:
    """Return a grant as it is counted. Raises Damaged where its columns are not what its intent says."""
    if any(row[name] != value for name, value in counted(parts_in(read_document(row["intent"]))).items()):
        raise Damaged(f'what is counted of the effect "{row["key"]}" is not what its intent says')
    at = datetime.fromisoformat(row["claimed_at"])
    return PastGrant(str(row["configuration"]), at, settled=row["state"] == EffectState.DONE)


def _spent_by(connection: Connection, configuration: str) -> list[Spent]:
    rows = connection.execute(BY_CONFIGURATION, {"named": configuration})
    return [cost(kind, _amount(amount), currency, count=count) for count, kind, amount, currency in rows]


def _amount(stored: str | None) -> int | Decimal | None:
    """Return the exact number that a column holds."""
    if stored is None:
        return None
    value = load_json(stored, name="store").value
    if isinstance(value, int | Decimal):
        return value
    raise Damaged("the amount of a grant is no number")
