"""The rows beside the log in memory, as an auditor asks for them."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from casino.values import Value
from tools.on_record import document_digest, written
from tools.record import Row

if TYPE_CHECKING:
    from tools.adapters.memory_stores import MemoryStores


def rows_of(stores: "MemoryStores") -> Iterator[tuple[str, Row]]:
    """Yield every row with the ticket that it is of."""
    for key, claim in sorted(stores.claims.items()):
        yield claim.effect.ticket_id, _row("effect", key, "claimed_at", written(claim.at))
    for decision_id, decision in sorted(stores.minted.items()):
        yield decision.ticket_id, _row("decision", decision_id, "consumed_by", stores.spent.get(decision_id))
    for approval_id, request in sorted(stores.requests.items()):
        yield request.ticket_id, _row("approval", approval_id, "state", request.state.value)
    for ticket_id, subject in sorted(stores.subjects):
        yield ticket_id, _row("subject", subject, "subject", subject)
    for handoff_id, note in sorted(stores.inbox.items()):
        digest = None if "erased" in note else document_digest(note)
        yield str(note["ticket_id"]), _row("handoff", handoff_id, "digest", digest)


def _row(table: str, name: str, column: str, value: Value) -> Row:
    return Row(table=table, name=name, values={column: value})
