"""The state machine: nodes and edges, nothing else."""

from collections.abc import Mapping
from typing import Any, Literal, Protocol, cast

from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.graph import END, START, StateGraph

from agent.deps import Deps
from agent.nodes.act import act, after_call, effect
from agent.nodes.escalate import escalate
from agent.nodes.load import after_load, load
from agent.nodes.reply import after_check, check, reply
from agent.nodes.think import after_think, think
from agent.nodes.triage import triage
from agent.state import State

NODES = (load, triage, think, act, effect, escalate, check, reply)


class Snapshot(Protocol):
    """Where a ticket's graph stands: its state, and the nodes that a dead process left undone."""

    @property
    def values(self) -> dict[str, Any]:
        """The state, or nothing for a ticket that is not known."""
        ...

    @property
    def next(self) -> tuple[str, ...]:
        """The nodes that are still to run."""
        ...


class Graph(Protocol):
    """What we use of a compiled graph."""

    async def ainvoke(
        self,
        changes: Mapping[str, Any] | None,
        /,
        config: RunnableConfig,
        *,
        context: Deps,
        durability: Literal["sync"],
    ) -> dict[str, Any]:
        """Run a turn from the given changes; None goes on where the last run was cut off."""
        ...

    async def aget_state(self, config: RunnableConfig) -> Snapshot:
        """Return where the ticket stands."""
        ...

    async def aupdate_state(self, config: RunnableConfig, values: Mapping[str, Any], as_node: str) -> object:
        """Write changes as if a node had made them."""
        ...


def build(checkpointer: BaseCheckpointSaver[str]) -> Graph:
    """Return the graph of one turn.

    load → triage → think ⇄ act | effect → check → reply, with escalate reachable from every node that can fail.
    """
    graph = cast("Any", StateGraph(State, context_schema=Deps))  # its own types are only partly known
    for node in NODES:
        graph.add_node(node.__name__, node)
    graph.add_edge(START, "load")
    graph.add_conditional_edges("load", after_load, {"silent": END, "triage": "triage", "reply": "reply"})
    graph.add_edge("triage", "think")
    graph.add_conditional_edges("think", after_think, ["escalate", "act", "effect", "check"])
    graph.add_conditional_edges("act", after_call, ["escalate", "reply", "act", "effect", "think"])
    graph.add_conditional_edges("effect", after_call, ["escalate", "reply", "act", "effect", "think"])
    graph.add_conditional_edges("check", after_check, ["reply", "think"])
    graph.add_edge("escalate", "reply")
    graph.add_edge("reply", END)
    return cast("Graph", graph.compile(checkpointer=checkpointer))
