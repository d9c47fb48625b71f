"""The state machine in langgraph: how a live desk runs it, over a database or in memory."""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.graph import StateGraph
from langgraph.runtime import Runtime
from langgraph.types import Command
from langsmith.run_helpers import (
    tracing_context,  # pyright: ignore[reportUnknownVariableType]  # of a parameter that is not used here
)

from agent.deps import Deps, Snapshot
from agent.machine import EDGES, ENDS_A_TURN, NODES, Fork, Node
from agent.state import State


def build(checkpointer: BaseCheckpointSaver[str]) -> "LangGraph":
    """Return the graph of one turn, over where the states are kept."""
    return LangGraph(_plan().compile(checkpointer=checkpointer))


def rebuilt(checkpointer: BaseCheckpointSaver[str]) -> "LangGraph":
    """Return the same graph, compiled once for the process: for states in memory, of which a replay has many.

    The saver is taken as it is. Only `build` narrows the types that it may read from a database.
    """
    return LangGraph(_compiled().copy(update={"checkpointer": checkpointer}))


@dataclass(frozen=True, slots=True)
class LangGraph:
    """`Graph` as langgraph runs it. No tracer reads along, whatever the environment says: players speak here."""

    compiled: Any  # its own types are only partly known

    async def run(self, ticket_id: str, changes: Mapping[str, Any], deps: Deps) -> dict[str, Any]:
        """Run a turn from the given changes."""
        return await self._invoked(changes, ticket_id, deps)

    async def go_on(self, ticket_id: str, deps: Deps, *, waits: bool) -> dict[str, Any]:
        """Go on with a turn that was cut off, or that waits."""
        return await self._invoked(Command(resume=True) if waits else None, ticket_id, deps)

    async def _invoked(
        self, given: Mapping[str, Any] | Command[Any] | None, ticket_id: str, deps: Deps
    ) -> dict[str, Any]:
        config: RunnableConfig = {**_config(ticket_id), "recursion_limit": deps.limits.nodes}
        with _untraced():
            return await self.compiled.ainvoke(given, config, context=deps, durability="sync")

    async def stands(self, ticket_id: str) -> Snapshot:
        """Return where the ticket stands."""
        return await self.compiled.aget_state(_config(ticket_id))

    async def write(self, ticket_id: str, values: Mapping[str, Any]) -> None:
        """Write changes as if a turn had ended in them."""
        with _untraced():
            await self.compiled.aupdate_state(_config(ticket_id), values, as_node=ENDS_A_TURN)


def _untraced() -> AbstractContextManager[None]:
    """Keep LangSmith out: an environment variable switches it on, and it would be sent all that players say."""
    return cast("AbstractContextManager[None]", tracing_context(enabled=False))


def _config(ticket_id: str) -> RunnableConfig:
    return {"configurable": {"thread_id": ticket_id}}


@cache
def _compiled() -> Any:  # noqa: ANN401  # its own types are only partly known
    return _plan().compile()


@cache
def _plan() -> Any:  # noqa: ANN401  # its own types are only partly known
    """Return the nodes and edges, put together once."""
    graph = cast("Any", StateGraph(State, context_schema=Deps))
    for name, node in NODES.items():
        graph.add_node(name, _with_desk(node))
    for name, edge in EDGES.items():
        if isinstance(edge, Fork):
            graph.add_conditional_edges(name, _awaited(edge.route), dict(edge.ends))
        else:
            graph.add_edge(name, edge)
    return graph


def _with_desk(node: Node) -> Callable[..., Awaitable[dict[str, object]]]:
    """Return a node as langgraph calls one."""

    async def called(state: State, runtime: Runtime[Deps]) -> dict[str, object]:
        return await node(state, runtime.context)

    return called


def _awaited(route: Callable[[State], str]) -> Callable[[State], Awaitable[str]]:
    """Return a route as a coroutine: langgraph hands plain functions to a thread, which costs more than they do."""

    async def awaited(state: State) -> str:
        return route(state)

    awaited.__name__ = route.__name__
    return awaited
