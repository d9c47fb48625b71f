"""Grants so far, read from the ledger's table: what limits count. SQLite reads into the intents by itself."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, func, literal_column, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from casino.bonus.configuration import Configuration
from casino.bonus.counters import PastGrant, Spent, counters_document
from casino.document import load_json
from casino.values import Document, Value
from tools.adapters.past_grants import GRANTING, cost
from tools.adapters.sql_tables import EFFECTS
from tools.ports import EffectState, Unavailable

_ALIVE: Final = (EFFECTS.c.tool == GRANTING, EFFECTS.c.state != EffectState.FAILED)


def of_a_player(player_id: str, *, brand: str) -> Select[str, Any, Any]:
    """Select reason, time and state of a player's grants that were made or may have been made."""
    return select(_text("reason"), EFFECTS.c.at, EFFECTS.c.state).where(
        *_ALIVE, _text("player_id") == player_id, _text("brand") == brand
    )


def by_configuration(configuration: str) -> Select[int, str, str, str]:
    """Select how many grants of a configuration there are of each amount type, amount and currency."""
    kinds = (_json("reward.amountType"), _json("reward.amount"), _json("currency"))
    reason = _text("reason")
    # "/" ends an id, and "0" is the next letter after it: a range, so that the index serves.
    mine = (reason >= f"{configuration}/", reason < f"{configuration}0")
    return select(func.count(), *kinds).where(*_ALIVE, *mine).group_by(*kinds)


async def count_grants(
    engine: AsyncEngine, player_id: str, *, brand: str, configurations: Sequence[Configuration], now: datetime
) -> Document:
    """Return the counters of these configurations for one player. Raises `Unavailable` where nothing can be read."""
    try:
        async with engine.connect() as connection:
            mine = await _grants_of(connection, player_id, brand=brand)
            spent = {one.id: await _spent_by(connection, one.id) for one in configurations}
    except SQLAlchemyError as error:
        raise Unavailable("the grants so far cannot be read from our own store") from error
    return counters_document(configurations, mine, spent, now=now)


async def _grants_of(connection: AsyncConnection, player_id: str, *, brand: str) -> list[PastGrant]:
    return [
        PastGrant(str(reason).partition("/")[0], datetime.fromisoformat(at), settled=state == EffectState.DONE)
        for reason, at, state in await connection.execute(of_a_player(player_id, brand=brand))
    ]


async def _spent_by(connection: AsyncConnection, configuration: str) -> list[Spent]:
    rows = await connection.execute(by_configuration(configuration))
    return [cost(_value(kind), _value(amount), _value(currency), count=count) for count, kind, amount, currency in rows]


def _text(path: str) -> ColumnElement[str]:
    # The path is written out: an index on an expression serves where the query holds the very same expression.
    return func.json_extract(EFFECTS.c.intent, literal_column(f"'$.{path}'"))


def _json(path: str) -> ColumnElement[str]:
    """Return a part as JSON text: an amount stays exact, where SQLite would make a float of it."""
    return EFFECTS.c.intent.op("->")(literal_column(f"'$.{path}'"))


def _value(part: str | None) -> Value:
    return None if part is None else load_json(part, name="store").value
