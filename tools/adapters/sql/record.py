"""The record: entries sealed under the key of their ticket, and all of them one chain."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import NamedTuple

from sqlalchemy import Connection, RowMapping, bindparam, func, insert, select

from casino.document import dump_json
from casino.values import Document
from tools.adapters.sql.keys import Key, key_of, writing_key
from tools.adapters.sql.tables import RECORD, SUBJECTS, TEXTS
from tools.audit.chain import FIRST, chained
from tools.on_record import noted, without_personal, written
from tools.record import Entry, Kind, Link

PAGE = 500  # links that are read at once
OF_NO_TICKET = ""
_MINE = RECORD.c.ticket_id == bindparam("ticket")
_ONCE = select(RECORD.c.seq).where(_MINE, RECORD.c.once == bindparam("word"))
_SEQ = select(func.max(RECORD.c.seq)).where(_MINE)
_NEWEST = select(RECORD.c.id, RECORD.c.hash, _SEQ.scalar_subquery().label("seq")).order_by(RECORD.c.id.desc()).limit(1)
_ADDED = insert(RECORD)
_KEPT = select(TEXTS.c.text).where(TEXTS.c.sha256 == bindparam("sha256"), TEXTS.c.ticket_id == bindparam("ticket"))


def append(
    connection: Connection, ticket_id: str, kind: str, body: Document, *, at: datetime, once: str | None = None
) -> Entry | None:
    """Add one entry; None where the ticket has one with the same `once` word."""
    key = writing_key(connection, ticket_id)
    if once is not None and connection.scalar(_ONCE, {"ticket": ticket_id, "word": once}) is not None:
        return None
    end = _end(connection, ticket_id)
    entry = Entry(ticket_id=ticket_id, seq=end.seq + 1, kind=Kind(kind), at=at, body=body)
    _add(connection, entry, end, key.sealed_document(body, seq=entry.seq, kind=entry.kind), once)
    return entry


def note(
    connection: Connection, key: Key, kind: Kind, body: Document, *, at: datetime, once: str | None = None
) -> None:
    """Add an entry of our own to a change that is being made; on an erased ticket, what is not personal of it."""
    end = _end(connection, key.ticket_id)
    seq = end.seq + 1
    entry = Entry(ticket_id=key.ticket_id, seq=seq, kind=kind, at=at, body=body)
    if kind is Kind.ERASED or key.secret is None:
        text = dump_json(without_personal(body) if key.secret is None and kind is not Kind.ERASED else body)
    else:
        text = key.sealed_document(body, seq=seq, kind=kind)
    _add(connection, entry, end, text, once)


class _End(NamedTuple):
    """Where the log and a ticket's part of it end now."""

    id: int
    hash: str
    seq: int


def _end(connection: Connection, ticket_id: str) -> _End:
    newest = connection.execute(_NEWEST, {"ticket": ticket_id}).one_or_none()
    return _End(0, FIRST, 0) if newest is None else _End(newest[0], newest[1], newest[2] or 0)


def _add(connection: Connection, entry: Entry, end: _End, body: str, once: str | None) -> None:
    """Write an entry behind the newest link. The caller's transaction holds the writers' lock."""
    at = written(entry.at)
    link = chained(
        id=end.id + 1,
        ticket=entry.ticket_id,
        seq=entry.seq,
        kind=entry.kind,
        at=at,
        body=body,
        once=once,
        previous=end.hash,
    )
    row = {"id": link.id, "ticket_id": entry.ticket_id, "seq": entry.seq, "kind": entry.kind, "at": at}
    row |= {"body": body, "once": once, "previous": end.hash, "hash": link.hash}
    connection.execute(_ADDED, row)


def entries(connection: Connection, ticket_id: str, *, kinds: Sequence[str] = ()) -> Sequence[Entry]:
    """Return a ticket's entries in order."""
    return entries_of(connection, key_of(connection, ticket_id), kinds=kinds)


def entries_of(connection: Connection, key: Key, *, kinds: Sequence[str] = ()) -> Sequence[Entry]:
    """Return the entries of the ticket whose key it is."""
    wanted = select(RECORD).where(RECORD.c.ticket_id == key.ticket_id).order_by(RECORD.c.seq)
    if kinds:
        wanted = wanted.where(RECORD.c.kind.in_(kinds))
    return [
        Entry(
            ticket_id=row["ticket_id"],
            seq=row["seq"],
            kind=row["kind"],
            at=datetime.fromisoformat(row["at"]),
            body=key.document(row["body"], seq=row["seq"], kind=row["kind"]),
        )
        for row in connection.execute(wanted).mappings()
    ]


def keep(connection: Connection, text: str, *, ticket_id: str | None = None) -> str:
    """Store a text once under its hash; sealed where it is of a ticket. Raises Erased."""
    if (known := kept(connection, text, ticket_id=ticket_id)) is not None:
        return known
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    stored = text if ticket_id is None else writing_key(connection, ticket_id).sealed(text, kind=_text_at(sha256))
    owner = OF_NO_TICKET if ticket_id is None else ticket_id
    connection.execute(insert(TEXTS), {"sha256": sha256, "ticket_id": owner, "text": stored})
    return sha256


def kept(connection: Connection, text: str, *, ticket_id: str | None = None) -> str | None:
    """Return the hash of a text that is kept already."""
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    return None if connection.scalar(_KEPT, _place(sha256, ticket_id)) is None else sha256


def text_of(connection: Connection, sha256: str, *, ticket_id: str | None = None) -> str | None:
    """Return a kept text."""
    stored: str | None = connection.scalar(_KEPT, _place(sha256, ticket_id))
    if stored is None or ticket_id is None:
        return stored
    return key_of(connection, ticket_id).opened(stored, kind=_text_at(sha256))


def _place(sha256: str, ticket_id: str | None) -> dict[str, str]:
    return {"sha256": sha256, "ticket": OF_NO_TICKET if ticket_id is None else ticket_id}


def _text_at(sha256: str) -> str:
    return f"text:{sha256}"


def tickets(connection: Connection, *, limit: int) -> Sequence[str]:
    """Return ticket ids, the most recently touched first."""
    newest = func.max(RECORD.c.id)
    wanted = select(RECORD.c.ticket_id).group_by(RECORD.c.ticket_id).order_by(newest.desc()).limit(limit)
    return [str(one) for one in connection.scalars(wanted)]


def is_noted(connection: Connection, ticket_id: str, subject: str) -> bool:
    """Tell whether it is noted that a ticket is a person's."""
    mine = (SUBJECTS.c.ticket_id == ticket_id, SUBJECTS.c.subject == subject)
    return connection.scalar(select(SUBJECTS.c.id).where(*mine)) is not None


def belongs(connection: Connection, ticket_id: str, subject: str, *, at: datetime | None = None) -> None:
    """Note whose ticket it is, once. Raises Erased."""
    if is_noted(connection, ticket_id, subject):
        return
    key = writing_key(connection, ticket_id)
    key.open()
    connection.execute(insert(SUBJECTS).values(ticket_id=ticket_id, subject=subject))
    note(connection, key, Kind.SUBJECT_NOTED, noted(subject), at=at or newest_moment(connection, ticket_id))


def newest_moment(connection: Connection, ticket_id: str) -> datetime:
    """Return when the newest entry of a ticket was written: what follows it comes from the same call. Now, for none."""
    newest = connection.scalar(
        select(RECORD.c.at).where(_MINE).order_by(RECORD.c.seq.desc()).limit(1), _named(ticket_id)
    )
    return datetime.now(UTC) if newest is None else datetime.fromisoformat(newest)


def _named(ticket_id: str) -> dict[str, str]:
    return {"ticket": ticket_id}


def tickets_of(connection: Connection, subject: str) -> Sequence[str]:
    """Return the tickets noted as a person's, oldest first."""
    wanted = select(SUBJECTS.c.ticket_id).where(SUBJECTS.c.subject == subject).order_by(SUBJECTS.c.id)
    return [str(one) for one in connection.scalars(wanted)]


def links(connection: Connection, *, after: int) -> Sequence[Link]:
    """Return one page of links behind a position, in order."""
    wanted = select(RECORD).where(RECORD.c.id > after).order_by(RECORD.c.id).limit(PAGE)
    return [_link(row) for row in connection.execute(wanted).mappings()]


def last(connection: Connection) -> Link | None:
    """Return the newest link."""
    row = connection.execute(select(RECORD).order_by(RECORD.c.id.desc()).limit(1)).mappings().one_or_none()
    return None if row is None else _link(row)


def _link(row: RowMapping) -> Link:
    """Write the line of what is stored, beside the hash that is stored: whether they agree is for the auditor."""
    line = chained(
        id=row["id"],
        ticket=row["ticket_id"],
        seq=row["seq"],
        kind=row["kind"],
        at=row["at"],
        body=row["body"],
        once=row["once"],
        previous=row["previous"],
    )
    return replace(line, hash=row["hash"])
