"""Minted decisions, held against what the record says of their minting."""

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Connection, RowMapping, bindparam, insert, select

from casino.document import dump_json
from tools.adapters.sql.engine import Damaged
from tools.adapters.sql.keys import Key, key_of, read_document, writing_key
from tools.adapters.sql.record import note
from tools.adapters.sql.tables import DECISIONS, RECORD
from tools.on_record import digest_of, minted, once_minted, written
from tools.ports import StoredDecision
from tools.record import Kind

_BY_ID = select(DECISIONS).where(DECISIONS.c.decision_id == bindparam("named"))
_MINTED = select(RECORD.c.seq, RECORD.c.kind, RECORD.c.body).where(
    RECORD.c.ticket_id == bindparam("ticket"), RECORD.c.once == bindparam("word")
)
_DOCUMENTS_AND_TIMES = {"reward", "record", "decided_at", "expires_at", "consumed_by"}


def mint(connection: Connection, decision: StoredDecision) -> None:
    """Store a new decision. Raises KeyError where there is one with its id, and Erased."""
    if connection.scalar(_BY_ID, {"named": decision.decision_id}) is not None:
        raise KeyError(decision.decision_id)
    key = writing_key(connection, decision.ticket_id)
    row = {
        **asdict(decision),
        "reward": None if decision.reward is None else dump_json(decision.reward),
        "record": key.sealed_document(decision.record, kind=_place(decision.decision_id)),
        "decided_at": written(decision.decided_at),
        "expires_at": written(decision.expires_at),
    }
    connection.execute(insert(DECISIONS), row)
    once = once_minted(decision.decision_id)
    note(connection, key, Kind.DECISION_MINTED, minted(decision), at=decision.decided_at, once=once)


def decision(connection: Connection, decision_id: str) -> StoredDecision | None:
    """Return a decision; None where none was minted, or where it no longer says what was minted."""
    row = connection.execute(_BY_ID, {"named": decision_id}).mappings().one_or_none()
    if row is None:
        return None
    key = key_of(connection, row["ticket_id"])
    try:
        found = _decision(row, key)
    except (Damaged, ValueError):  # ValueError: a time, or JSON, that somebody else wrote
        return None
    return found if key.secret is None or _is_as_minted(connection, found, key) else None


def _is_as_minted(connection: Connection, found: StoredDecision, key: Key) -> bool:
    wanted = {"ticket": found.ticket_id, "word": once_minted(found.decision_id)}
    entry = connection.execute(_MINTED, wanted).one_or_none()
    if entry is None or entry[1] != Kind.DECISION_MINTED:
        return False
    return key.document(entry[2], seq=entry[0], kind=entry[1]).get("digest") == digest_of(found)


def _decision(row: RowMapping, key: Key) -> StoredDecision:
    plain = {name: row[name] for name in row if name not in _DOCUMENTS_AND_TIMES}
    return StoredDecision(
        **plain,
        reward=None if row["reward"] is None else read_document(row["reward"]),
        record=key.document(row["record"], kind=_place(row["decision_id"])),
        decided_at=datetime.fromisoformat(row["decided_at"]),
        expires_at=datetime.fromisoformat(row["expires_at"]),
    )


def _place(decision_id: str) -> str:
    return f"decision:{decision_id}"
