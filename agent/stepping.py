"""The same graph without langgraph's machinery: for replays, of which a machine plays thousands.

Nodes and edges are those of `agent.graph`, and the state is serialised after every step as langgraph's savers do it, so
what a database would refuse is refused here too, at the same step. A node that changes a part of the state in place and
does not return it is refused: langgraph saves what is returned, so a live desk would forget it. Where a ticket is to
wait for a human, langgraph itself takes it over: what an interruption is, and how it goes on, is nowhere written twice.
The tests hold both against each other.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal, NamedTuple, cast

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer
from langgraph.errors import GraphRecursionError
from langgraph.graph import END, START
from langgraph.runtime import Runtime
from langgraph.types import Command

from agent.deps import Deps, Graph, Snapshot
from agent.graph import EDGES, NODES, Fork, Node, rebuilt
from agent.state import State

WAITS: Final = "approve"  # the node in which langgraph takes over
_FIELDS: Final = tuple(State.__annotations__)


class ChangedInPlace(Exception):  # noqa: N818  # named by what was done
    """A node has changed a part of the state that it did not return; the message names both."""


class _Kept(NamedTuple):
    """A ticket between two steps."""

    state: Mapping[str, tuple[str, bytes]]  # every part as the serialiser writes it
    node: str  # that is next; END: the turn is over


@dataclass(frozen=True, slots=True)
class _Stands:
    """Where a ticket stands that does not wait."""

    values: dict[str, Any]
    tasks: tuple[object, ...] = ()
    interrupts: tuple[object, ...] = ()


@dataclass(slots=True)
class SteppingGraph:
    """`Graph` in memory. One for each desk."""

    nodes: Mapping[str, Node] = field(default_factory=lambda: NODES)
    _kept: dict[str, _Kept] = field(default_factory=dict[str, _Kept])  # by ticket
    _waiting: dict[str, Graph] = field(default_factory=dict[str, Graph])  # tickets that langgraph has
    _serde: JsonPlusSerializer = field(default_factory=JsonPlusSerializer)

    async def ainvoke(
        self,
        changes: Mapping[str, Any] | Command[Any] | None,
        /,
        config: RunnableConfig,
        *,
        context: Deps,
        durability: Literal["sync"],
    ) -> dict[str, Any]:
        """Run a turn from the given changes; None goes on where the last run was cut off."""
        ticket = _ticket(config)
        if (whole := self._waiting.get(ticket)) is not None:
            return await whole.ainvoke(changes, config, context=context, durability=durability)
        if isinstance(changes, Command):
            raise TypeError(f"ticket `{ticket}` does not wait for anything, so nothing can be answered")
        values = self._read(ticket)
        if changes is None:
            node = self._kept[ticket].node if ticket in self._kept else END
            values = self._keep(
                ticket, values, node
            )  # a set may be written in another order than the one it was read in
        else:
            node = _next(START, values)
            values = self._keep(ticket, {**values, **_known(changes)}, node)
        before, left = START, config["recursion_limit"]  # pyright: ignore[reportTypedDictNotRequiredAccess]  # `config_of` sets it
        while left > 0:
            if node == END:
                return values
            if node == WAITS:
                return await self._hand_over(before, values, {**config, "recursion_limit": left}, context)
            changed = _known(await self.nodes[node](dict(values), Runtime(context=context)))
            after, written = {**values, **changed}, self._kept[ticket].state
            before, node, left = node, _next(node, after), left - 1
            values = self._keep(ticket, after, node)
            self._same(before, written, but=changed, ticket=ticket)
        raise GraphRecursionError(f"ticket `{ticket}` came to no end within its steps")  # also where the last was one

    async def _hand_over(
        self, node: str, values: Mapping[str, Any], config: RunnableConfig, context: Deps
    ) -> dict[str, Any]:
        """Let langgraph go on with a ticket behind a node; it keeps it."""
        whole = rebuilt(InMemorySaver())
        await whole.aupdate_state(config, values, as_node=node)
        self._waiting[_ticket(config)] = whole
        return await whole.ainvoke(None, config, context=context, durability="sync")

    async def aget_state(self, config: RunnableConfig) -> Snapshot:
        """Return where the ticket stands."""
        ticket = _ticket(config)
        if (whole := self._waiting.get(ticket)) is not None:
            return await whole.aget_state(config)
        kept = self._kept.get(ticket)
        tasks = () if kept is None or kept.node == END else (kept.node,)
        return _Stands(self._read(ticket), tasks)

    async def aupdate_state(self, config: RunnableConfig, values: Mapping[str, Any], as_node: str) -> object:
        """Write changes as if a node had made them."""
        ticket = _ticket(config)
        if (whole := self._waiting.get(ticket)) is not None:
            return await whole.aupdate_state(config, values, as_node)
        after = {**self._read(ticket), **_known(values)}
        return self._keep(ticket, after, _next(as_node, after))

    def _read(self, ticket: str) -> dict[str, Any]:
        """Return a state of its own: nobody else holds any part of it."""
        kept = self._kept.get(ticket)
        return {} if kept is None else {name: self._serde.loads_typed(part) for name, part in kept.state.items()}

    def _keep(self, ticket: str, values: dict[str, Any], node: str) -> dict[str, Any]:
        self._kept[ticket] = _Kept({name: self._serde.dumps_typed(part) for name, part in values.items()}, node)
        return values

    def _same(self, node: str, before: Mapping[str, tuple[str, bytes]], *, but: Collection[str], ticket: str) -> None:
        """Raise `ChangedInPlace` where a node has left another state behind, besides what it returned."""
        after = self._kept[ticket].state
        wrong = [name for name, part in before.items() if name not in but and part != after[name]]
        if wrong:
            raise ChangedInPlace(f"`{node}` has changed `{wrong[0]}` in place; return it, or a desk forgets it")


def _ticket(config: RunnableConfig) -> str:
    return str(config["configurable"]["thread_id"])  # pyright: ignore[reportTypedDictNotRequiredAccess]  # the same


def _known(changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return what of the changes is of the state, as langgraph does."""
    return {name: changes[name] for name in _FIELDS if name in changes}


def _next(node: str, values: Mapping[str, Any]) -> str:
    """Return what comes behind a node."""
    edge = EDGES[node]
    return edge.ends[edge.route(cast("State", values))] if isinstance(edge, Fork) else edge
