"""The state machine: nodes and edges, nothing else."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, TypeAlias

from langgraph.constants import END, START

from agent.deps import Deps
from agent.nodes.act import act, after_call, effect
from agent.nodes.approve import approve
from agent.nodes.escalate import escalate
from agent.nodes.load import after_load, load
from agent.nodes.reply import after_check, check, reply
from agent.nodes.think import after_think, think
from agent.nodes.triage import triage
from agent.state import State

Node: TypeAlias = Callable[[State, Deps], Awaitable[dict[str, object]]]  # what it returns is what it changes


@dataclass(frozen=True, slots=True)
class Fork:
    """Where a node may lead to: `route` returns one of the words of `ends`, which names the next node."""

    route: Callable[[State], str]
    ends: Mapping[str, str]


def _nodes(*names: str) -> Mapping[str, str]:
    return MappingProxyType({name: name for name in names})


WAITS: Final = "approve"  # the node that waits for a human
ENDS_A_TURN: Final = "reply"  # the node behind which nothing is left of a turn
NODES: Final[Mapping[str, Node]] = MappingProxyType(
    {one.__name__: one for one in (load, triage, think, act, effect, approve, escalate, check, reply)}
)
# load → triage → think ⇄ act | effect → check → reply, with escalate reachable from every node that can fail, and from
# load for what no model may be asked about. An effect that needs a human's yes goes to approve, where the graph waits,
# and from there to effect again.
EDGES: Final[Mapping[str, str | Fork]] = MappingProxyType(
    {
        START: "load",
        "load": Fork(after_load, MappingProxyType({"silent": END, **_nodes("escalate", "triage", "reply")})),
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
