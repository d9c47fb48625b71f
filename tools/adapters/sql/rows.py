"""The rows beside the log as they are stored, for an auditor: also those that nothing else shows any more."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import Connection, select, union

from casino.values import Value
from tools.adapters.sql.engine import Damaged
from tools.adapters.sql.inbox import place
from tools.adapters.sql.keys import Key, key_of
from tools.adapters.sql.tables import APPROVALS, DECISIONS, EFFECTS, HANDOFFS, SUBJECTS
from tools.on_record import document_digest
from tools.record import Row

# Of each table: what it is called, the column that names a row, and the one that entries tell of beside the rest.
_PLAIN: Final = (
    ("effect", EFFECTS, EFFECTS.c.key, EFFECTS.c.claimed_at),
    ("decision", DECISIONS, DECISIONS.c.decision_id, DECISIONS.c.consumed_by),
    ("approval", APPROVALS, APPROVALS.c.approval_id, APPROVALS.c.state),
    ("subject", SUBJECTS, SUBJECTS.c.subject, SUBJECTS.c.subject),
    ("handoff", HANDOFFS, HANDOFFS.c.handoff_id, HANDOFFS.c.body),
)


def rows(connection: Connection, ticket_id: str) -> Sequence[Row]:
    """Return every row of a ticket beside the log."""
    key = key_of(connection, ticket_id)
    found: list[Row] = []
    for called, table, named, column in _PLAIN:
        wanted = select(named, column).where(table.c.ticket_id == ticket_id).order_by(named)
        for name, value in connection.execute(wanted):
            told = ("digest", _digest(key, str(name), value)) if table is HANDOFFS else (column.name, value)
            found.append(Row(table=called, name=str(name), values=dict([told])))
    return found


def _digest(key: Key, handoff_id: str, body: str) -> Value:
    """Return the digest of a hand-over's note; None where nobody can read it any more, or it was changed."""
    if key.secret is None:
        return None
    try:
        return document_digest(key.document(body, kind=place(handoff_id)))
    except (Damaged, ValueError, TypeError, AttributeError):  # what no write of ours leaves
        return None


def ticketed(connection: Connection) -> Sequence[str]:
    """Return every ticket that a row beside the log names, in order."""
    named = union(*(select(table.c.ticket_id.label("ticket")) for _, table, _, _ in _PLAIN)).subquery()
    return [str(one) for one in connection.scalars(select(named.c.ticket).order_by(named.c.ticket))]
