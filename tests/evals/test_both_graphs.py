"""Replays step through the graph themselves, desks run it in langgraph: every ticket that ships comes to the same."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from langgraph.checkpoint.memory import InMemorySaver

from agent.deps import Graph
from agent.graph import build
from agent.house import House
from agent.sandbox import sandbox_desk
from agent.stepping import SteppingGraph
from evals.play import play
from evals.playback import PlaybackModel
from evals.recording import Desk
from evals.ticket import Read, read_tickets

TICKETS = read_tickets(Path(__file__).parents[2] / "evals" / "tickets")


def langgraph() -> Graph:
    return build(InMemorySaver())


async def played(read: Read, house: House, graph: Callable[[], Graph]) -> object:
    """Return all that is left of a ticket that was played."""
    ticket, recording = read.ticket, read.ticket.recording
    model = None if recording is None else PlaybackModel(recording=recording, prompts=house.prompts)
    sandbox = sandbox_desk(read.world, house, clock=lambda: ticket.clock, model=model, graph=graph())
    asked = Desk() if recording is None else recording.desk
    deps = replace(sandbox.deps, json_mode=asked.json_mode, hold_order=asked.hold_order)
    turns, closed = await play(ticket, deps, deps.world, ticket_id=ticket.id)
    kept = sandbox.stores
    return turns, closed, await kept.entries(ticket.id), await kept.effects(ticket.id), sandbox.world.grants


@pytest.mark.parametrize("read", TICKETS, ids=[read.ticket.id for read in TICKETS])
async def test_a_ticket_comes_to_the_same_on_both_graphs(read: Read, house: House) -> None:
    assert await played(read, house, SteppingGraph) == await played(read, house, langgraph)
