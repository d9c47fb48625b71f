"""Granting: business refusals, one bonus per idempotency key, and the same answer for a repeated order."""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

from app.backoffice.database import Database, Row
from app.backoffice.exact import Json, dump, parse_object
from app.backoffice.players import BONUS_COLUMNS, bonus

PROTECTIONS = ("self_excluded", "cooling_off", "rg_closed")


class Order(BaseModel):
    """The body of `POST /v1/players/{id}/bonus`."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    decision_id: str = Field(min_length=1)
    brand: str
    reward: dict[str, object]
    reason: str = ""


class Verdict(StrEnum):
    """How an order ended."""

    GRANTED = "granted"
    REPLAYED = "replayed"  # the key has been used for this very order: here is that bonus
    REFUSED = "refused"
    CONFLICT = "conflict"  # the key has been used for another order
    NO_PLAYER = "no_player"


@dataclass(frozen=True, slots=True)
class Answer:
    """What is answered to an order: the bonus, or a code and a message."""

    verdict: Verdict
    document: dict[str, Json]


def grant(database: Database, body: bytes, *, player_id: str, key: str | None, clock: Callable[[], datetime]) -> Answer:
    """Grant once per key, or, without one, whenever asked. Raises ValueError where the body is not an order."""
    document = parse_object(body)
    order = Order.model_validate(document)
    request = dump({"player_id": player_id, "order": document}, sort_keys=True)
    with database.transaction() as connection:
        standing = None if key is None else _standing(connection, key)
        if standing is not None:
            return _repeated(standing, request)
        refusal = _refusal(connection, order, player_id)
        if refusal is not None:
            return refusal
        row = _insert(connection, order, (key, request, player_id, dump(document["reward"]), _iso(clock())))
        return Answer(Verdict.GRANTED, bonus(row))


def _standing(connection: sqlite3.Connection, key: str) -> Row | None:
    sql = f"SELECT request, {BONUS_COLUMNS} FROM bonuses WHERE idempotency_key = ?"  # noqa: S608  # a constant
    row: Row | None = connection.execute(sql, (key,)).fetchone()
    return row


def _repeated(standing: Row, request: str) -> Answer:
    if standing[0] == request:
        return Answer(Verdict.REPLAYED, bonus(standing[1:]))
    message = "this Idempotency-Key was used for another order: an order needs a key of its own"
    return Answer(Verdict.CONFLICT, _problem("idempotency_key_reused", message))


def _refusal(connection: sqlite3.Connection, order: Order, player_id: str) -> Answer | None:
    row: tuple[str, str, str] | None = connection.execute(
        "SELECT brand, profile, state FROM players JOIN responsible_gaming ON player_id = id WHERE id = ?", (player_id,)
    ).fetchone()
    if row is None:
        return Answer(Verdict.NO_PLAYER, _problem("player_not_found", "there is no player with this id"))
    brand, profile, state = row[0], parse_object(row[1]), parse_object(row[2])
    for name in PROTECTIONS:
        if state.get(name) is not False:  # a state that is not known protects as well
            return _refused(name, f"no bonus may be granted: `{name}` is not known to be false")
    if profile.get("blocked") is not False:
        return _refused("blocked", "no bonus may be granted: `blocked` is not known to be false")
    if order.brand != brand:
        return _refused("brand_mismatch", f"the player belongs to brand `{brand}`, not `{order.brand}`")
    return _unknown_template(connection, order)


def _unknown_template(connection: sqlite3.Connection, order: Order) -> Answer | None:
    name = order.reward.get("templateName")
    if name is None:
        return None
    known = connection.execute(
        "SELECT 1 FROM bonus_templates WHERE brand = ? AND name = ?", (order.brand, str(name))
    ).fetchone()
    if known is not None:
        return None
    return _refused(
        "template_not_found", f"brand `{order.brand}` has no template `{name}` (upper and lower case count)"
    )


def _insert(connection: sqlite3.Connection, order: Order, values: tuple[str | None, str, str, str, str]) -> Row:
    key, request, player_id, reward, at = values
    count: int = connection.execute("SELECT count(*) FROM bonuses").fetchone()[0]
    bonus_id = f"B{count + 1001}"
    key = f"none:{bonus_id}" if key is None else key
    columns = (bonus_id, key, request, player_id, order.brand, order.decision_id, reward, order.reason, at)
    connection.execute("INSERT INTO bonuses VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", columns)
    connection.execute(
        "UPDATE players SET profile = json_set(profile, '$.kpi.active_bonus', json('true'))"
        " WHERE id = ? AND json_type(profile, '$.kpi') = 'object'",
        (player_id,),
    )
    return columns[0], key, player_id, order.brand, order.decision_id, reward, order.reason, at


def _refused(code: str, message: str) -> Answer:
    return Answer(Verdict.REFUSED, _problem(code, message))


def _problem(code: str, message: str) -> dict[str, Json]:
    return {"code": code, "message": message}


def _iso(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
