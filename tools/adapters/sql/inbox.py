"""The humans' inbox of tickets that were handed over."""

import hashlib
from collections.abc import Sequence
from dataclasses import asdict

from sqlalchemy import Connection, insert, select

from casino.values import Document
from tools.adapters.sql.keys import key_of, writing_key
from tools.adapters.sql.record import newest_moment, note
from tools.adapters.sql.tables import HANDOFFS
from tools.on_record import handed_over
from tools.ports import Handoff
from tools.record import Kind


def transfer(connection: Connection, handoff: Handoff, *, key: str) -> str:
    """Put a ticket into the inbox once per key. Raises Erased."""
    known: str | None = connection.scalar(select(HANDOFFS.c.handoff_id).where(HANDOFFS.c.key == key))
    if known is not None:
        return known
    handoff_id = f"H-{hashlib.sha256(key.encode()).hexdigest()[:10]}"
    said: Document = {**asdict(handoff), "tried": list(handoff.tried)}
    sealing = writing_key(connection, handoff.ticket_id)
    body = sealing.sealed_document(said, kind=place(handoff_id))
    row = {"handoff_id": handoff_id, "key": key, "ticket_id": handoff.ticket_id, "body": body}
    connection.execute(insert(HANDOFFS).values(row))
    at = newest_moment(connection, handoff.ticket_id)
    note(connection, sealing, Kind.HANDED_OVER, handed_over(handoff_id, said), at=at)
    return handoff_id


def handoffs(connection: Connection, ticket_id: str) -> Sequence[Document]:
    """Return the hand-overs of a ticket, oldest first."""
    mine = select(HANDOFFS.c.handoff_id, HANDOFFS.c.body).where(HANDOFFS.c.ticket_id == ticket_id)
    key = key_of(connection, ticket_id)
    rows = connection.execute(mine.order_by(HANDOFFS.c.id))
    return [key.document(body, kind=place(handoff_id)) for handoff_id, body in rows]


def place(handoff_id: str) -> str:
    """Return where a hand-over is sealed for."""
    return f"handoff:{handoff_id}"
