"""What a run is given: nothing is global, nothing is read from the environment."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Protocol, TypeAlias
from weakref import WeakValueDictionary

from agent.leasing import Holder, LeaseTerms
from agent.model.port import Model
from agent.outgoing.echo import Orders
from agent.playbook.collection import Library
from agent.prompts import Prompts
from tools.gate.door import Gate
from tools.leases import Leases
from tools.ports import Unavailable, UnusableStore
from tools.record import Record
from tools.tool import Tool

NODES_PER_PROPOSAL: Final = 12  # think, its calls, check, and some to spare


class StatesUnavailable(Unavailable):
    """The states of tickets did not answer; what is half way goes on when the same message is sent again."""


class UnusableStates(UnusableStore):
    """The states of tickets must be mended first; then the same as above."""


STATES_BROKEN: Final = (StatesUnavailable, UnusableStates)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Budgets. A run that spends one of them ends in a clean hand-over, never in a loop."""

    steps: int = 16  # model proposals in one turn
    turns: int = 30  # player messages on one ticket; a procedure may allow fewer
    calls: int = 60  # tool calls on one ticket
    tokens: int = 200_000  # model tokens on one ticket, in and out
    message_chars: int = 8000  # of one player message

    @property
    def nodes(self) -> int:
        """Return how many nodes one turn may take: proposals, and what begins and ends the turn."""
        return self.steps * NODES_PER_PROPOSAL + len(("load", "triage", "escalate", "reply"))


Changes: TypeAlias = Mapping[str, Any]
Clock: TypeAlias = Callable[[], datetime]


class Snapshot(Protocol):
    """Where a ticket's graph stands: its state, the nodes that are still to be run, and what they wait for."""

    @property
    def values(self) -> dict[str, Any]:
        """The state, or nothing for a ticket that is not known."""
        ...

    @property
    def tasks(self) -> tuple[object, ...]:
        """What is still to be done of a turn: also a node whose writes are saved and not yet taken over."""
        ...

    @property
    def interrupts(self) -> tuple[object, ...]:
        """What is waited for, where the graph has stopped to wait."""
        ...


class Graph(Protocol):
    """The state machine over the states of tickets. It raises `StatesUnavailable` and `UnusableStates`."""

    async def run(self, ticket_id: str, changes: Changes, deps: "Deps") -> dict[str, Any]:
        """Run a turn from the given changes and return the state it ends in."""
        ...

    async def go_on(self, ticket_id: str, deps: "Deps", *, waits: bool) -> dict[str, Any]:
        """Go on with a turn that was cut off; one that `waits` is resumed."""
        ...

    async def stands(self, ticket_id: str) -> Snapshot:
        """Return where the ticket stands."""
        ...

    async def write(self, ticket_id: str, values: Changes) -> None:
        """Write changes of a ticket as if its turn had ended in them."""
        ...


class Locks:
    """One lock for each ticket that is being handled; gone when nobody holds or awaits it."""

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    def of(self, ticket_id: str) -> asyncio.Lock:
        """Return the ticket's lock. Keep it in a name while it is used."""
        return self._locks.setdefault(ticket_id, asyncio.Lock())


@dataclass(frozen=True, slots=True, kw_only=True)
class Deps:
    """One desk: its tools and procedures, who proposes, where it is written down, and what time it is."""

    tools: Mapping[str, Tool[Any]]
    procedures: Library
    model: Model
    prompts: Prompts
    record: Record
    gate: Gate[Any]  # the one door for effects; it alone holds what changes the world
    leases: Leases
    graph: Graph  # `agent.graph.build`, compiled once over where the states are kept
    world: Any  # handed to the tools as it is
    clock: Clock
    limits: Limits = Limits()
    verifier: str | None = None  # the tool that `verify_player: true` asks for
    escalation: str | None = None  # the tool that hands over to a human
    named: frozenset[str] = frozenset()  # what the house gives has names: untrue in a reply where no result has them
    steps: Orders = frozenset()  # words of the procedures that are for the model alone
    json_mode: bool = False
    hold_order: bool = False  # offer the next step of the procedure only, for small models
    locks: Locks = field(default_factory=Locks)
    holder: str = "desk"  # this process, as leases name it
    lease: LeaseTerms = field(default_factory=LeaseTerms)

    @property
    def lease_holder(self) -> Holder:
        """Return this desk as it holds tickets."""
        return Holder(leases=self.leases, name=self.holder, clock=self.clock, terms=self.lease)
