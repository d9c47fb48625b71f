"""A desk in memory whose tickets are kept in a real database, as several processes share one."""

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace

from agent.checkpoints import States, open_states
from agent.deps import Deps
from agent.graph import build
from agent.run import Handled, Message, handle
from agent.wiring import fresh_id
from tests.desks import Clock, Desk
from tools.adapters.sql.stores import SqlStores, open_stores


@dataclass(frozen=True, slots=True)
class Stored:
    """One process's view: its parts, its stores, and where its states are kept."""

    deps: Deps
    stores: SqlStores
    states: States
    clock: Clock

    async def say(self, text: str, *, message: str, ticket: str = "t1") -> Handled:
        """Say something on a ticket."""
        return await handle(Message(ticket_id=ticket, message_id=message, brand="lucky-spin", text=text), self.deps)


@asynccontextmanager
async def stored(d: Desk, address: str) -> AsyncGenerator[Stored]:
    """Open what a desk keeps at an address; the world outside stays the desk's own."""
    async with AsyncExitStack() as stack:
        stores = open_stores(address)
        stack.push_async_callback(stores.close)
        await stores.create()
        states = await stack.enter_async_context(open_states(address))
        deps = d.sandbox.deps
        gate = replace(
            deps.gate,
            hands=replace(deps.gate.hands, desk=stores),
            ledger=stores,
            approvals=stores,
            record=stores,
            new_id=fresh_id,
        )
        world = replace(deps.world, decisions=stores, counters=stores, attempts=stores, new_id=fresh_id)
        own = replace(
            deps,
            record=stores,
            gate=gate,
            leases=stores,
            world=world,
            graph=build(states.saver),
            holder=fresh_id("desk"),
            locks=type(deps.locks)(),
        )
        yield Stored(own, stores, states, d.clock)
