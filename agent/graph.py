"""The state machine: nodes and edges, nothing else."""

from functools import cache
from typing import Any, cast

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

NODES = (load, triage, think, act, effect, approve, escalate, check, reply)


def build(checkpointer: BaseCheckpointSaver[str]) -> Graph:
    """Return the graph of one turn.

    load → triage → think ⇄ act | effect → check → reply, with escalate reachable from every node that can fail. An
    effect that needs a human's yes goes to approve, where the graph waits, and from there to effect again.
    """
    return cast("Graph", _plan().compile(checkpointer=checkpointer))


@cache
def _plan() -> Any:  # noqa: ANN401  # its own types are only partly known
    """Return the nodes and edges, put together once: each desk of a replay compiles them over a saver of its own."""
    graph = cast("Any", StateGraph(State, context_schema=Deps))
    for node in NODES:
        graph.add_node(node.__name__, node)
    graph.add_edge(START, "load")
    graph.add_conditional_edges("load", after_load, {"silent": END, "triage": "triage", "reply": "reply"})
    graph.add_edge("triage", "think")
    graph.add_conditional_edges("think", after_think, ["escalate", "act", "effect", "check"])
    graph.add_conditional_edges("act", after_call, ["escalate", "reply", "act", "effect", "think"])
    graph.add_conditional_edges("effect", after_call, ["escalate", "reply", "act", "effect", "think", "approve"])
    graph.add_edge("approve", "effect")
    graph.add_conditional_edges("check", after_check, ["reply", "think"])
    graph.add_edge("escalate", "reply")
    graph.add_edge("reply", END)
    return graph
