"""Play one ticket on an open desk and gather what there is to tell about it."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import RenderableType

from app.cli.opening import BackOffice, Opened
from app.cli.story import ending, panel, rows_changed, talk
from casino.values import Document, Value
from evals.end_state import EndState, differences, end_state
from evals.play import play
from evals.ticket import Ticket
from evals.whole import Stores, Whole, read_whole


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """One played ticket with its record, its decision and the rows that changed."""

    ticket: Ticket
    ticket_id: str
    model: str
    whole: Whole
    changes: Sequence[Document] | None  # None: the back office is not ours to look into
    found: EndState
    path: tuple[str, ...]
    wrong: tuple[str, ...]

    def story(self) -> RenderableType:
        """Return the ticket as a story."""
        parts = [*talk(self.whole.entries, self.whole.decisions), rows_changed(self.changes, self.whole.handoffs)]
        parts += [ending(self.found, self.path, self.wrong)]
        good = None if self.ticket.expect is None else not self.wrong
        return panel(f"{self.ticket_id}: {self.ticket.title}", parts, good=good)

    def document(self) -> dict[str, Value]:
        """Return the ticket for a machine."""
        return {
            "ticket": self.ticket_id,
            "title": self.ticket.title,
            "model": self.model,
            "end_state": self.found.document(),
            "path": list(self.path),
            "differences": list(self.wrong),
            "as_expected": None if self.ticket.expect is None else not self.wrong,
        }


async def play_ticket(opened: Opened, office: BackOffice | None, ticket: Ticket, *, ticket_id: str) -> Played:
    """Play a ticket and look at what it left behind."""
    deps = opened.deps
    before = 0 if office is None else len(await office.changes(0))
    turns, closed = await play(ticket, deps, deps.world, ticket_id=ticket_id)
    changes = None if office is None else (await office.changes(0))[before:]
    stores = Stores(
        record=deps.record, ledger=deps.gate.ledger, decisions=deps.world.decisions, desk=deps.gate.hands.desk
    )
    whole = await read_whole(ticket_id, stores)
    found = end_state(whole, closed)
    granted = None if changes is None else [_player_of(one) for one in changes if one["table"] == "bonuses"]
    wrong = [] if ticket.expect is None else differences(ticket.expect, found, granted)
    return Played(
        ticket=ticket,
        ticket_id=ticket_id,
        model=deps.model.name,
        whole=whole,
        changes=changes,
        found=found,
        path=tuple(node for turn in turns for node in turn.path),
        wrong=tuple(wrong),
    )


def _player_of(change: Document) -> str:
    after = change.get("after")
    return str(after.get("player_id")) if isinstance(after, dict) else ""
