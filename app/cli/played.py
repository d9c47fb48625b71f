"""Play one ticket on an open desk and gather what there is to tell about it."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import RenderableType

from app.cli.opening import BackOffice, Opened
from app.cli.story import ending, panel, rows_changed, talk
from casino.values import Document, Value
from evals.end_state import EndState, end_state
from evals.grading.grade import grade
from evals.grading.seen import see
from evals.play import play
from evals.ticket import Ticket
from evals.trial import Part
from evals.whole import Stores, Whole, read_whole

GRANTED = ("player_id", "brand", "decision_id", "reward")  # of a row of the back office, as graders read it


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
    parts: tuple[Part, ...]  # of the grading; none where the ticket expects nothing

    @property
    def wrong(self) -> tuple[str, ...]:
        """Return every line of every part that gates, as a trial of `croupier eval run` has them."""
        return tuple(line for part in self.parts if part.gates for line in part.wrong)

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
    seen = see(whole, found, granted=_granted(changes), named=deps.named)
    return Played(
        ticket=ticket,
        ticket_id=ticket_id,
        model=deps.model.name,
        whole=whole,
        changes=changes,
        found=found,
        path=tuple(node for turn in turns for node in turn.path),
        parts=() if ticket.expect is None else grade(ticket.expect, seen),
    )


def _granted(changes: Sequence[Document] | None) -> list[Document] | None:
    """Return the rows of the bonus system that are new; None where they cannot be seen from here."""
    if changes is None:
        return None
    rows = [one.get("after") for one in changes if one["table"] == "bonuses"]
    return [{name: row[name] for name in GRANTED} for row in rows if isinstance(row, dict)]
