"""The same graph without langgraph's machinery: for replays, of which a machine plays thousands.

Nodes and edges are those of `agent.machine`, and the state is serialised after every step as langgraph's savers do it,
so what a database would refuse is refused here too, at the same step. A node that changes a part of the state in place
and does not return it is refused: langgraph saves what is returned, so a live desk would forget it. The tests hold
both against each other, ticket by ticket.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple, cast

from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer
from langgraph.constants import END, START

from agent.deps import Deps, Snapshot
from agent.machine import EDGES, ENDS_A_TURN, NODES, WAITS, Fork, Node
from agent.state import State

_FIELDS: Final = tuple(State.__annotations__)


class ChangedInPlace(Exception):  # noqa: N818  # named by what was done
    """A node has changed a part of the state that it did not return; the message names both."""


class _Kept(NamedTuple):
    """A ticket between two steps."""

    state: Mapping[str, tuple[str, bytes]]  # every part as the serialiser writes it
    node: str  # that is next; END: the turn is over
    waits: bool = False  # it goes on when it is told to


_UNKNOWN: Final = _Kept({}, END)  # a ticket that nobody has begun


@dataclass(frozen=True, slots=True)
class _Stands:
    """Where a ticket stands."""

    values: dict[str, Any]
    tasks: tuple[object, ...] = ()
    interrupts: tuple[object, ...] = ()


@dataclass(slots=True)
class SteppingGraph:
    """`Graph` in memory. One for each desk."""

    nodes: Mapping[str, Node] = field(default_factory=lambda: NODES)
    _kept: dict[str, _Kept] = field(default_factory=dict[str, _Kept])  # by ticket
    _serde: JsonPlusSerializer = field(default_factory=JsonPlusSerializer)

    async def run(self, ticket_id: str, changes: Mapping[str, Any], deps: Deps) -> dict[str, Any]:
        """Run a turn from the given changes."""
        values = self._read(ticket_id)
        return await self._stepped(ticket_id, _next(START, values), {**values, **_known(changes)}, deps)

    async def go_on(self, ticket_id: str, deps: Deps, *, waits: bool) -> dict[str, Any]:
        """Go on with a turn that was cut off, or that waits."""
        kept, values = self._kept.get(ticket_id, _UNKNOWN), self._read(ticket_id)
        if waits and not kept.waits:
            raise TypeError(f"ticket `{ticket_id}` does not wait for anything, so nothing can be answered")
        return await self._stepped(ticket_id, _next(WAITS, values) if waits else kept.node, values, deps)

    async def _stepped(self, ticket_id: str, node: str, values: dict[str, Any], deps: Deps) -> dict[str, Any]:
        """Go from a node to the end of the turn, or to where it waits."""
        self._keep(ticket_id, values, node)
        for _ in range(deps.limits.nodes):
            if node in {END, WAITS}:
                self._kept[ticket_id] = self._kept[ticket_id]._replace(waits=node == WAITS)
                return values
            changed = _known(await self.nodes[node](cast("State", dict(values)), deps))
            written = self._kept[ticket_id].state
            values = {**values, **changed}
            behind = _next(node, values)
            self._keep(ticket_id, values, behind)
            self._same(node, written, but=changed, ticket=ticket_id)
            node = behind
        from langgraph.errors import GraphRecursionError  # noqa: PLC0415  # half a second for a rare case

        raise GraphRecursionError(f"ticket `{ticket_id}` came to no end")  # also where it did with its last step

    async def stands(self, ticket_id: str) -> Snapshot:
        """Return where the ticket stands."""
        kept = self._kept.get(ticket_id, _UNKNOWN)
        tasks = () if kept.node == END else (kept.node,)
        return _Stands(self._read(ticket_id), tasks, interrupts=tasks if kept.waits else ())

    async def write(self, ticket_id: str, values: Mapping[str, Any]) -> None:
        """Write changes as if a turn had ended in them."""
        after = {**self._read(ticket_id), **_known(values)}
        self._keep(ticket_id, after, _next(ENDS_A_TURN, after))

    def _read(self, ticket: str) -> dict[str, Any]:
        """Return a state of its own: nobody else holds any part of it."""
        kept = self._kept.get(ticket, _UNKNOWN)
        return {name: self._serde.loads_typed(part) for name, part in kept.state.items()}

    def _keep(self, ticket: str, values: dict[str, Any], node: str) -> None:
        self._kept[ticket] = _Kept({name: self._serde.dumps_typed(part) for name, part in values.items()}, node)

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
