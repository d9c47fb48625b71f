"""Tickets played once and graded again after an edit: a record that was tampered with, or another agent's doing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from agent.house import House
from agent.model.port import Model
from agent.sandbox import sandbox_desk
from casino.values import Document
from evals.end_state import end_state
from evals.expect import Expected
from evals.grading.grade import grade
from evals.grading.seen import Seen, granted_row, see
from evals.play import play
from evals.ticket import Read, read_ticket
from evals.whole import Stores, Whole, read_whole
from tools.record import Entry

TICKETS = Path(__file__).parents[3] / "evals" / "tickets"


@dataclass(frozen=True, slots=True)
class Played:
    """A played ticket, what it expects, and what graders see of it."""

    expected: Expected
    seen: Seen

    def wrong(self, seen: Seen | None = None, **changed: Any) -> dict[str, tuple[str, ...]]:  # noqa: ANN401  # fields
        """Grade it, or it with something else seen or expected; return the parts that do not hold."""
        expected = Expected.model_validate({**self.expected.model_dump(), **changed})
        return {part.name: part.wrong for part in grade(expected, seen or self.seen) if part.wrong}


async def played(name: str, house: House, *, model: Model | None = None) -> Played:
    """Play a ticket that ships."""
    return await play_read(read_ticket(TICKETS / f"{name}.json"), house, model=model)


async def play_read(read: Read, house: House, *, model: Model | None = None) -> Played:
    """Play a ticket that was read."""
    ticket = read.ticket
    desk = sandbox_desk(read.world, house, clock=lambda: ticket.clock, model=model)
    _, closed = await play(ticket, desk.deps, desk.deps.world, ticket_id=ticket.id)
    kept = desk.stores
    whole = await read_whole(ticket.id, Stores(record=kept, ledger=kept, decisions=kept, desk=kept))
    rows = [granted_row(grant.order) for grant in desk.world.grants]
    assert ticket.expect is not None
    return Played(ticket.expect, see(whole, end_state(whole, closed), granted=rows, named=desk.deps.named))


def edited(seen: Seen, **changed: Any) -> Seen:  # noqa: ANN401  # the fields of a Whole
    """Return a played ticket with other rows: `entries`, `decisions`, `effects`, `handoffs`, or `granted`."""
    granted = changed.pop("granted", seen.granted)
    whole: Whole = replace(seen.whole, **changed)
    return see(whole, seen.end, granted=granted, named=seen.named)


def without(seen: Seen, drop: Callable[[Entry], bool]) -> Seen:
    """Return a played ticket without some entries of its record."""
    return edited(seen, entries=[entry for entry in seen.whole.entries if not drop(entry)])


def numbered(entries: Sequence[Entry]) -> list[Entry]:
    """Return entries with their numbers in order again."""
    return [replace(entry, seq=seq) for seq, entry in enumerate(entries, start=1)]


def is_about(name: str) -> Callable[[Entry], bool]:
    """Return whether an entry is a call of a tool, its result, or the proposal of it alone."""

    def about(entry: Entry) -> bool:
        calls = entry.body.get("calls")
        proposed = isinstance(calls, list) and [one["name"] for one in calls if isinstance(one, dict)] == [name]
        return proposed or (entry.kind in {"tool_call", "tool_result"} and entry.body["name"] == name)

    return about


def with_body(seen: Seen, kind: str, **changed: Any) -> Seen:  # noqa: ANN401  # what a body may hold
    """Return a played ticket with the newest entry of a kind changed."""
    newest = max(entry.seq for entry in seen.whole.entries if entry.kind == kind)
    body: Callable[[Entry], Document] = lambda entry: {**entry.body, **changed}  # noqa: E731  # a line of its own
    entries = [replace(one, body=body(one)) if one.seq == newest else one for one in seen.whole.entries]
    return edited(seen, entries=entries)
