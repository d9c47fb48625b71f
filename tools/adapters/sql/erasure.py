"""Erasing a ticket: its key goes, and with it everything that was sealed under it."""

from datetime import datetime

from sqlalchemy import Connection, delete, select, update

from tools.adapters.sql.engine import Database
from tools.adapters.sql.keys import Key
from tools.adapters.sql.record import note
from tools.adapters.sql.tables import KEYS, TEXTS
from tools.on_record import written
from tools.ports import Unavailable
from tools.record import Kind


def erase(connection: Connection, ticket_id: str, *, by: str, reason: str, at: datetime) -> bool:
    """Delete a ticket's key and kept texts, and note who did it; False where there is no key to delete."""
    found = connection.execute(select(KEYS.c.key).where(KEYS.c.ticket_id == ticket_id)).one_or_none()
    if found is None or found[0] is None:
        return False
    gone = {"key": None, "erased_at": written(at)}
    connection.execute(update(KEYS).where(KEYS.c.ticket_id == ticket_id).values(gone))
    connection.execute(delete(TEXTS).where(TEXTS.c.ticket_id == ticket_id))
    note(connection, Key(ticket_id, None), Kind.ERASED, {"by": by, "reason": reason}, at=at)
    return True


async def scrub(database: Database) -> None:
    """Remove the old pages, in which the key still stands. Raises Unavailable where somebody is reading them.

    On SQLite they are in the write-ahead log, which is emptied here. On PostgreSQL the row's old version becomes free
    space now, but the bytes stay in it, and in the server's own log and its copies, until they are written over.
    """
    if database.engine.dialect.name != "sqlite":
        await database.outside("VACUUM subject_keys")
        return
    [(busy, *_)] = await database.outside("PRAGMA wal_checkpoint(TRUNCATE)")
    if busy:
        why = "it is erased, but its key is still in the write-ahead log, because somebody is reading from there"
        raise Unavailable(f"{database.shown}: {why}; erase it again later")
