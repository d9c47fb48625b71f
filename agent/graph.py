"""The state machine: nodes and edges, nothing else."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any, Final, TypeAlias, cast

from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.graph import END, START, StateGraph

from agent.deps import Deps, Graph
from agent.nodes.act import act, after_call, effect
from agent.nodes.approve import approve
from agent.nodes.escalate import escalate
from agent.nodes.load import after_load, load
from agent.nodes.reply import after_check, check, reply
from agent.nodes.think import after_think, think
from agent.nodes.triage import triage
from agent.state import State

Node: TypeAlias = Callable[..., Awaitable[dict[str, object]]]  # of a state, and but for `approve` of a runtime


@dataclass(frozen=True, slots=True)
class Fork:
    """Where a node may lead to: `route` returns one of the words of `ends`, which names the next node."""

    route: Callable[[State], str]
    ends: Mapping[str, str]


def _nodes(*names: str) -> Mapping[str, str]:
    return MappingProxyType({name: name for name in names})


NODES: Final[Mapping[str, Node]] = MappingProxyType(
    {one.__name__: one for one in (load, triage, think, act, effect, approve, escalate, check, reply)}
)
# load → triage → think ⇄ act | effect → check → reply, with escalate reachable from every node that can fail. An effect
# that needs a human's yes goes to approve, where the graph waits, and from there to effect again.
EDGES: Final[Mapping[str, str | Fork]] = MappingProxyType(
    {
        START: "load",
        "load": Fork(after_load, MappingProxyType({"silent": END, "triage": "triage", "reply": "reply"})),
        "triage": "think",
        "think": Fork(after_think, _nodes("escalate", "act", "effect", "check")),
        "act": Fork(after_call, _nodes("escalate", "reply", "act", "effect", "think")),
        "effect": Fork(after_call, _nodes("escalate", "reply", "act", "effect", "think", "approve")),
        "approve": "effect",
        "check": Fork(after_check, _nodes("reply", "think")),
        "escalate": "reply",
        "reply": END,
    }
)


def build(checkpointer: BaseCheckpointSaver[str]) -> Graph:
    """Return the graph of one turn, over where the states are kept."""
    return cast("Graph", _plan().compile(checkpointer=checkpointer))


def rebuilt(checkpointer: BaseCheckpointSaver[str]) -> Graph:
    """Return the same graph, compiled once for the process: for states in memory, of which a replay has many.

    The saver is taken as it is. Only `build` narrows the types that it may read from a database.
    """
    return cast("Graph", _compiled().copy(update={"checkpointer": checkpointer}))


@cache
def _compiled() -> Any:  # noqa: ANN401  # its own types are only partly known
    return _plan().compile()


@cache
def _plan() -> Any:  # noqa: ANN401  # its own types are only partly known
    """Return the nodes and edges, put together once."""
    graph = cast("Any", StateGraph(State, context_schema=Deps))
    for name, node in NODES.items():
        graph.add_node(name, node)
    for name, edge in EDGES.items():
        if isinstance(edge, Fork):
            graph.add_conditional_edges(name, _awaited(edge.route), dict(edge.ends))
        else:
            graph.add_edge(name, edge)
    return graph


def _awaited(route: Callable[[State], str]) -> Callable[[State], Awaitable[str]]:
    """Return a route as a coroutine: langgraph hands plain functions to a thread, which costs more than they do."""

    async def awaited(state: State) -> str:
        return route(state)

    awaited.__name__ = route.__name__
    return awaited
