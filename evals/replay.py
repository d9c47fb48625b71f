"""Replay a ticket in a sandbox: the policy model or another, tools live over the world that the ticket carries."""

from dataclasses import dataclass

from agent.model.port import Model
from agent.wiring import House, sandbox_desk
from evals.end_state import EndState, differences, end_state
from evals.play import play
from evals.ticket import Read
from evals.whole import Stores, read_whole


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """One replayed ticket."""

    ticket_id: str
    file: str
    title: str
    found: EndState
    path: tuple[str, ...]
    differences: tuple[str, ...]


async def replay(read: Read, house: House, *, model: Model | None = None) -> Replayed:
    """Replay one ticket and compare its end state. A ticket without `expect` is a difference: it proves nothing."""
    ticket = read.ticket
    sandbox = sandbox_desk(read.world, house, clock=lambda: ticket.clock, model=model)
    turns, closed = await play(ticket, sandbox.deps, sandbox.deps.world, ticket_id=ticket.id)
    kept = sandbox.stores
    stores = Stores(record=kept, ledger=kept, decisions=kept, desk=kept)
    found = end_state(await read_whole(ticket.id, stores), closed)
    granted = [grant.order.player_id for grant in sandbox.world.grants]
    wrong = ["expect: missing; a ticket without criteria proves nothing"]
    if ticket.expect is not None:
        wrong = differences(ticket.expect, found, granted)
    return Replayed(
        ticket_id=ticket.id,
        file=read.file,
        title=ticket.title,
        found=found,
        path=tuple(node for turn in turns for node in turn.path),
        differences=tuple(wrong),
    )
