"""The same graph without langgraph's machinery: for replays, of which a machine plays thousands.

Nodes and edges are those of `agent.machine`, and the state is serialised after every step as langgraph's savers do it,
so what a database would refuse is refused here too, at the same step. A node that changes a part of the state in place
and does not return it is refused: langgraph saves what is returned, so a live desk would forget it. Where a ticket is
to wait for a human, langgraph itself takes it over: what an interruption is, and how it goes on, is nowhere written
twice. The tests hold both against each other.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple, cast

from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer
from langgraph.constants import END, START

from agent.deps import Deps, Graph, Snapshot
from agent.machine import EDGES, ENDS_A_TURN, NODES, WAITS, Fork, Node
from agent.state import State

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

    async def run(self, ticket_id: str, changes: Mapping[str, Any], deps: Deps) -> dict[str, Any]:
        """Run a turn from the given changes."""
        if (whole := self._waiting.get(ticket_id)) is not None:
            return await whole.run(ticket_id, changes, deps)
        values = self._read(ticket_id)
        node = _next(START, values)
        return await self._stepped(ticket_id, node, self._keep(ticket_id, {**values, **_known(changes)}, node), deps)

    async def go_on(self, ticket_id: str, deps: Deps, *, waits: bool) -> dict[str, Any]:
        """Go on with a turn that was cut off, or that waits."""
        if (whole := self._waiting.get(ticket_id)) is not None:
            return await whole.go_on(ticket_id, deps, waits=waits)
        if waits:
            raise TypeError(f"ticket `{ticket_id}` does not wait for anything, so nothing can be answered")
        node = self._kept[ticket_id].node if ticket_id in self._kept else END
        # Kept again: a set may be written in another order than the one it was read in.
        return await self._stepped(ticket_id, node, self._keep(ticket_id, self._read(ticket_id), node), deps)

    async def _stepped(self, ticket_id: str, node: str, values: dict[str, Any], deps: Deps) -> dict[str, Any]:
        """Go from a node to the end of the turn."""
        before = START
        for _ in range(deps.limits.nodes):
            if node == END:
                return values
            if node == WAITS:
                return await self._hand_over(ticket_id, before, values, deps)
            changed = _known(await self.nodes[node](cast("State", dict(values)), deps))
            after, written = {**values, **changed}, self._kept[ticket_id].state
            before, node = node, _next(node, after)
            values = self._keep(ticket_id, after, node)
            self._same(before, written, but=changed, ticket=ticket_id)
        from langgraph.errors import GraphRecursionError  # noqa: PLC0415  # half a second for a rare case

        raise GraphRecursionError(
            f"ticket `{ticket_id}` came to no end within its steps"
        )  # also where the last was one

    async def _hand_over(self, ticket_id: str, node: str, values: Mapping[str, Any], deps: Deps) -> dict[str, Any]:
        """Let langgraph go on with a ticket behind a node; it keeps it."""
        from langgraph.checkpoint.memory import InMemorySaver  # noqa: PLC0415  # the same

        from agent.graph import rebuilt  # noqa: PLC0415  # the same

        whole = rebuilt(InMemorySaver())
        await whole.write(ticket_id, values, behind=node)
        self._waiting[ticket_id] = whole
        return await whole.go_on(ticket_id, deps, waits=False)

    async def stands(self, ticket_id: str) -> Snapshot:
        """Return where the ticket stands."""
        if (whole := self._waiting.get(ticket_id)) is not None:
            return await whole.stands(ticket_id)
        kept = self._kept.get(ticket_id)
        tasks = () if kept is None or kept.node == END else (kept.node,)
        return _Stands(self._read(ticket_id), tasks)

    async def write(self, ticket_id: str, values: Mapping[str, Any]) -> None:
        """Write changes as if a turn had ended in them."""
        if (whole := self._waiting.get(ticket_id)) is not None:
            return await whole.write(ticket_id, values)
        after = {**self._read(ticket_id), **_known(values)}
        self._keep(ticket_id, after, _next(ENDS_A_TURN, after))
        return None

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


def _known(changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return what of the changes is of the state, as langgraph does."""
    return {name: changes[name] for name in _FIELDS if name in changes}


def _next(node: str, values: Mapping[str, Any]) -> str:
    """Return what comes behind a node."""
    edge = EDGES[node]
    return edge.ends[edge.route(cast("State", values))] if isinstance(edge, Fork) else edge
