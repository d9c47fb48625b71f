"""A desk of ours with another package's tools and policy on it. What is the casino's stays away."""

from dataclasses import dataclass, replace
from typing import Any, Final

from agent.deps import Deps
from agent.house import House
from agent.model.port import Model
from agent.playbook.collection import FALLBACK, Library
from agent.playbook.procedure import Place, Procedure, Text
from agent.sandbox import sandbox_desk
from casino.bonus.configuration import ConfigurationSet
from casino.bonus.law.jurisdictions import NO_PACKS
from evals.foreign.task import ForeignTask
from evals.foreign.tools import HAND_OVER, Held, tools_of
from evals.foreign.words import words_of
from tools.gate.door import Gate
from tools.gate.rules import GateRules, Mode, Policy

POLICY: Final = "policy"  # the one procedure
RULES: Final = GateRules(modes={POLICY: Mode.AUTOMATIC}, policies=(Policy(name="every effect", approvers=0),))


@dataclass(frozen=True, slots=True)
class ForeignDesk:
    """A desk over the state of a task."""

    deps: Deps
    held: Held


def open_desk(task: ForeignTask, model: Model, state: object, *, json_mode: bool = False) -> ForeignDesk:
    """Return a desk over a state, which the desk then owns.

    The policy is the only procedure, without steps, so nothing is offered before anything else; nobody is verified by
    code, and every effect is automatic: what must come first is the policy's business.
    """
    held = Held(task, state)
    deps = sandbox_desk({}, _house(task), clock=lambda: task.clock, model=model).deps
    gate: Gate[Any] = replace(deps.gate, hands=held)
    return ForeignDesk(
        replace(
            deps,
            tools=tools_of(task),
            gate=gate,
            world=held,
            limits=task.limits,
            verifier=None,
            escalation=HAND_OVER,
            json_mode=json_mode,
        ),
        held,
    )


def _house(task: ForeignTask) -> House:
    procedure = Procedure(
        id=POLICY,
        name="Policy",
        description="What the package says that its desk must do.",
        category=FALLBACK,
        status="published",
        blocks=(Text(task.policy, (), Place(1, 1)),),
        source=task.policy,
    )
    return House(
        procedures=Library((procedure,), {POLICY: procedure}, procedure),
        configurations=ConfigurationSet(()),
        packs=NO_PACKS,
        prompts=words_of(task),
        gate_rules=RULES,
    )
