"""Replay a ticket in a sandbox: some model, tools live over the world that the ticket carries."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from agent.house import House
from agent.model.port import Model
from agent.sandbox import Sandbox, sandbox_desk
from agent.stepping import SteppingGraph
from casino.values import Document
from evals.end_state import EndState, end_state
from evals.grading.seen import granted_row
from evals.play import play
from evals.recording import Desk
from evals.ticket import Read
from evals.whole import Stores, Whole, read_whole

NATIVE = Desk()


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """What a replay has left behind."""

    whole: Whole
    found: EndState
    granted: tuple[Document, ...]  # the rows of the bonus system
    path: tuple[str, ...]
    named: frozenset[str]  # names of bonuses, templates, games and providers that the house has


async def replay(read: Read, house: House, *, model: Model | None = None, desk: Desk = NATIVE) -> Replayed:
    """Replay one ticket with a model; without one, with the built-in policy model."""
    ticket = read.ticket
    sandbox = sandbox_desk(read.world, house, clock=lambda: ticket.clock, model=model, graph=SteppingGraph())
    deps = replace(sandbox.deps, json_mode=desk.json_mode, hold_order=desk.hold_order)
    turns, closed = await play(ticket, deps, deps.world, ticket_id=ticket.id)
    whole = await read_whole(ticket.id, _stores(sandbox))
    return Replayed(
        whole=whole,
        found=end_state(whole, closed),
        granted=_granted(sandbox),
        path=tuple(node for turn in turns for node in turn.path),
        named=deps.named,
    )


def _stores(sandbox: Sandbox) -> Stores:
    kept = sandbox.stores
    return Stores(record=kept, ledger=kept, decisions=kept, desk=kept)


def _granted(sandbox: Sandbox) -> tuple[Document, ...]:
    return tuple(granted_row(grant.order) for grant in sandbox.world.grants)


def players(granted: Sequence[Document]) -> tuple[str, ...]:
    """Return whom the bonus system has granted something, in order."""
    return tuple(str(row["player_id"]) for row in granted)
