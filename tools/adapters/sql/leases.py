"""Leases: which process works on a ticket."""

from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from tools.adapters.sql.tables import LEASES
from tools.on_record import written


def hold(connection: Connection, ticket_id: str, *, holder: str, now: datetime, until: datetime) -> bool:
    """Take or prolong the lease, unless another holder's has not run out."""
    mine = LEASES.c.ticket_id == ticket_id
    found = connection.execute(select(LEASES.c.holder, LEASES.c.until).where(mine)).one_or_none()
    row = {"holder": holder, "until": written(until)}
    if found is None:
        connection.execute(insert(LEASES).values(ticket_id=ticket_id, **row))
        return True
    if found[0] != holder and found[1] > written(now):
        return False
    connection.execute(update(LEASES).where(mine).values(row))
    return True


def release(connection: Connection, ticket_id: str, *, holder: str) -> None:
    """Give the lease back, where it is still the holder's."""
    connection.execute(delete(LEASES).where(LEASES.c.ticket_id == ticket_id, LEASES.c.holder == holder))
