"""What the back office tells about players, their deposits, bonuses, messages and changes."""

from decimal import Decimal

from app.backoffice.database import Database, Row
from app.backoffice.exact import Json, parse

BONUS_COLUMNS = "id, idempotency_key, player_id, brand, decision_id, reward, reason, at"


def by_email(database: Database, *, email: str, brand: str | None) -> list[Json]:
    """Return the players with this address, compared without case; of every brand where none is named."""
    rows = database.rows(
        "SELECT profile FROM players WHERE email_folded = ?1 AND (?2 IS NULL OR brand = ?2) ORDER BY id",
        (email.strip().casefold(), brand),
    )
    return [_json(row[0]) for row in rows]


def profile(database: Database, player_id: str) -> Json:
    """Return one player, or None."""
    rows = database.rows("SELECT profile FROM players WHERE id = ?", (player_id,))
    return _json(rows[0][0]) if rows else None


def responsible_gaming(database: Database, player_id: str) -> Json:
    """Return the player-protection state, or None where there is no such player."""
    rows = database.rows("SELECT state FROM responsible_gaming WHERE player_id = ?", (player_id,))
    return _json(rows[0][0]) if rows else None


def kyc(database: Database, player_id: str) -> Json:
    """Return the state of the identity check, or None where there is no such player."""
    rows = database.rows("SELECT status, level FROM kyc WHERE player_id = ?", (player_id,))
    return {"status": rows[0][0], "level": rows[0][1]} if rows else None


def deposits(database: Database, player_id: str) -> Json:
    """Return the deposits, newest first, or None where there is no such player."""
    if not database.rows("SELECT 1 FROM players WHERE id = ?", (player_id,)):
        return None
    rows = database.rows(
        "SELECT id, amount, currency, at FROM deposits WHERE player_id = ? ORDER BY at DESC, id", (player_id,)
    )
    return {
        "deposits": [
            {"id": deposit_id, "amount": _number(amount), "currency": currency, "at": at}
            for deposit_id, amount, currency, at in rows
        ]
    }


def templates(database: Database, brand: str) -> Json:
    """Return the bonus templates of a brand."""
    rows = database.rows("SELECT brand, name FROM bonus_templates WHERE brand = ? ORDER BY name", (brand,))
    return {"templates": [{"brand": row[0], "name": row[1]} for row in rows]}


def bonuses(database: Database, *, idempotency_key: str | None, player_id: str | None) -> Json:
    """Return the bonuses granted under a key, to a player, or both; a key that was asked for is named again."""
    rows = database.rows(
        f"SELECT {BONUS_COLUMNS} FROM bonuses"  # noqa: S608  # a constant of this file
        " WHERE (?1 IS NULL OR idempotency_key = ?1) AND (?2 IS NULL OR player_id = ?2) ORDER BY rowid",
        (idempotency_key, player_id),
    )
    asked: dict[str, Json] = {} if idempotency_key is None else {"idempotency_key": idempotency_key}
    return {**asked, "bonuses": [bonus(row) for row in rows]}


def bonus(row: Row) -> dict[str, Json]:
    """Return one row of `BONUS_COLUMNS` as it is answered."""
    names = BONUS_COLUMNS.split(", ")
    return {name: _json(value) if name == "reward" else value for name, value in zip(names, row, strict=True)}


def messages(database: Database) -> Json:
    """Return the messages received, oldest first."""
    rows = database.rows("SELECT id, topic, body, at FROM messages ORDER BY rowid")
    return {"messages": [{"id": row[0], "topic": row[1], "body": _json(row[2]), "at": row[3]} for row in rows]}


def changes(database: Database, *, since: int) -> Json:
    """Return the rows that changed after change number `since`, and the newest number."""
    rows = database.rows(
        "SELECT seq, table_name, row_id, before, after FROM changes WHERE seq > ? ORDER BY seq", (since,)
    )
    return {
        "changes": [
            {"seq": seq, "table": table, "row_id": row_id, "before": _json(before), "after": _json(after)}
            for seq, table, row_id, before, after in rows
        ],
        "last": rows[-1][0] if rows else since,
    }


def _json(text: str | int | None) -> Json:
    return None if text is None else parse(str(text))


def _number(text: str | int | None) -> Json:
    number = Decimal(str(text))
    return number if "." in str(text) else int(number)
