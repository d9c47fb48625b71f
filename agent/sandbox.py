"""A desk whose outside is a document: for replays and tests."""

import itertools
from dataclasses import dataclass

from agent.assembly import Outside, Parts, assembled
from agent.deps import Clock, Deps, Graph
from agent.house import House
from agent.model.policy import PolicyModel
from agent.model.port import Model
from casino.values import Document
from tools.adapters.memory import (
    MemoryBonusSystem,
    MemoryMessenger,
    MemoryPlatform,
    MemoryWorld,
    check_world,
    world_from,
)
from tools.adapters.memory_stores import MemoryStores
from tools.world import Hands


@dataclass(frozen=True, slots=True, kw_only=True)
class Sandbox:
    """A desk whose outside is a document: for replays and tests."""

    deps: Deps
    stores: MemoryStores
    world: MemoryWorld


def check_sandbox(document: Document) -> None:
    """Raise ValueError where a document is no world."""
    check_world(document)


def sandbox_desk(
    document: Document, house: House, *, clock: Clock, model: Model | None = None, graph: Graph | None = None
) -> Sandbox:
    """Return a desk over a world document; ids count up, so that a replay gives the same ones.

    `graph` is new for each desk; without one it steps through the nodes itself.
    """
    from agent.stepping import SteppingGraph  # noqa: PLC0415  # a quarter of a second that a look at worlds does not pay

    stores, world = MemoryStores(), world_from(document)
    numbers = itertools.count(1)

    def new_id(prefix: str) -> str:
        return f"{prefix}-{next(numbers)}"

    hands = Hands(bonuses=MemoryBonusSystem(world=world), messenger=MemoryMessenger(world=world), desk=stores)
    parts = Parts(
        house=house,
        outside=Outside(MemoryPlatform(world=world, now=clock), hands),
        stores=stores,
        model=PolicyModel(house.prompts) if model is None else model,
        graph=SteppingGraph() if graph is None else graph,
        clock=clock,
        new_id=new_id,
    )
    return Sandbox(deps=assembled(parts), stores=stores, world=world)
