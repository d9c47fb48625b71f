"""Minted decisions, held against what the record says of their minting."""

from datetime import datetime

from sqlalchemy import Connection, RowMapping, bindparam, insert, select

from casino.document import dump_json
from tools.adapters.sql.engine import Damaged
from tools.adapters.sql.keys import Key, read_document, writing_key
from tools.adapters.sql.record import note
from tools.adapters.sql.tables import DECISIONS, KEYS, RECORD
from tools.on_record import digest_of, minted, once_minted, values_of, written
from tools.ports import StoredDecision
from tools.record import Kind

_KNOWN = select(DECISIONS.c.decision_id).where(DECISIONS.c.decision_id == bindparam("named"))
# A decision, the key of its ticket, and the entry that tells of its minting.
_BY_ID = (
    select(
        DECISIONS,
        KEYS.c.key.label("secret"),
        RECORD.c.seq.label("told_seq"),
        RECORD.c.kind.label("told_kind"),
        RECORD.c.body.label("told"),
    )
    .outerjoin(KEYS, KEYS.c.ticket_id == DECISIONS.c.ticket_id)
    .outerjoin(RECORD, (RECORD.c.ticket_id == DECISIONS.c.ticket_id) & (RECORD.c.once == bindparam("word")))
    .where(DECISIONS.c.decision_id == bindparam("named"))
)
_ADDED = insert(DECISIONS)
_PLAIN = ("decision_id", "ticket_id", "player_id", "brand", "status", "configuration", "configuration_hash", "tier")


def mint(connection: Connection, decision: StoredDecision) -> None:
    """Store a new decision. Raises KeyError where there is one with its id, and Erased."""
    if connection.scalar(_KNOWN, {"named": decision.decision_id}) is not None:
        raise KeyError(decision.decision_id)
    key = writing_key(connection, decision.ticket_id)
    row = {
        **values_of(decision),
        "reward": None if decision.reward is None else dump_json(decision.reward),
        "record": key.sealed_document(decision.record, kind=_place(decision.decision_id)),
        "decided_at": written(decision.decided_at),
        "expires_at": written(decision.expires_at),
    }
    connection.execute(_ADDED, row)
    once = once_minted(decision.decision_id)
    note(connection, key, Kind.DECISION_MINTED, minted(decision), at=decision.decided_at, once=once)


def decision(connection: Connection, decision_id: str) -> StoredDecision | None:
    """Return a decision; None where none was minted, or where it no longer says what was minted."""
    wanted = {"named": decision_id, "word": once_minted(decision_id)}
    row = connection.execute(_BY_ID, wanted).mappings().one_or_none()
    if row is None:
        return None
    key = Key(row["ticket_id"], row["secret"])
    try:
        found = _decision(row, key)
    except (Damaged, ValueError):  # ValueError: a time, or JSON, that somebody else wrote
        return None
    return found if key.secret is None or _is_as_minted(row, found, key) else None


def _is_as_minted(row: RowMapping, found: StoredDecision, key: Key) -> bool:
    if row["told_kind"] != Kind.DECISION_MINTED:
        return False
    told = key.document(row["told"], seq=row["told_seq"], kind=row["told_kind"])
    return told.get("digest") == digest_of(found)


def _decision(row: RowMapping, key: Key) -> StoredDecision:
    return StoredDecision(
        **{name: row[name] for name in _PLAIN},
        reward=None if row["reward"] is None else read_document(row["reward"]),
        record=key.document(row["record"], kind=_place(row["decision_id"])),
        decided_at=datetime.fromisoformat(row["decided_at"]),
        expires_at=datetime.fromisoformat(row["expires_at"]),
    )


def _place(decision_id: str) -> str:
    return f"decision:{decision_id}"
