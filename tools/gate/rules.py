"""What the gate goes by: a mode for each workflow, who has to approve what, and who may.

Everything unknown is the strict case: a workflow that nobody named asks a human, an effect that no policy speaks of
does too, and a policy that wants approvers holds where one of its conditions cannot be decided.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final, Literal, TypeAlias

from casino.clock import CasinoTime
from casino.facts import NO_COMPUTED, Facts
from casino.rules.condition import Condition
from casino.rules.evaluate import check
from casino.values import Document, Value
from casino.verdict import Outcome
from tools.gate.roles import Actor, Permission, Role, may
from tools.tool import Call, Tool

Approvers: TypeAlias = Literal[0, 1, 2]
A_DAY: Final = timedelta(hours=24)


class Mode(StrEnum):
    """What a workflow may do to the world."""

    READ_ONLY = "read_only"  # nothing
    SHADOW = "shadow"  # nothing; what it would have done is written down
    APPROVAL = "approval"  # what at least one human approves
    AUTOMATIC = "automatic"  # what the policies let through


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Who has to approve an effect of which all conditions hold."""

    name: str
    when: tuple[Condition, ...] = ()  # none: it always holds
    approvers: Approvers = 1
    expires: timedelta = A_DAY

    def holds(self, facts: Facts) -> bool:
        """Say whether it decides about an effect with these facts.

        A condition that cannot be decided (missing, null, another type, unavailable) is on the side of the humans.
        """
        outcomes = [check(condition, facts).outcome for condition in self.when]
        if Outcome.FAIL in outcomes:
            return False
        return self.approvers > 0 or all(outcome is Outcome.PASS for outcome in outcomes)


UNNAMED: Final = Policy(name="no policy holds")  # one approver, a day


@dataclass(frozen=True, slots=True, kw_only=True)
class GateRules:
    """The rules of one desk. `tools.gate.written` reads them from a file."""

    modes: Mapping[str, Mode] = field(default_factory=dict[str, Mode])  # by procedure id
    policies: tuple[Policy, ...] = ()  # in order; the first that holds decides
    people: Mapping[str, frozenset[Role]] = field(default_factory=dict[str, frozenset[Role]])

    def mode(self, procedure: str) -> Mode:
        """Return the mode of a workflow; `approval` where nobody has named it."""
        return self.modes.get(procedure, Mode.APPROVAL)

    def policy(self, facts: Facts) -> Policy:
        """Return the first policy that holds."""
        return next((policy for policy in self.policies if policy.holds(facts)), UNNAMED)

    def actor(self, name: str) -> Actor:
        """Return a person with their roles; somebody who is not named has none."""
        return Actor(name, self.people.get(name, frozenset()))

    def approvers(self) -> list[str]:
        """Return who may approve, in the order of the file."""
        return [name for name in self.people if may(self.actor(name), Permission.APPROVE)]


def policy_facts(tool: Tool[Any], call: Call[Any], given: Document) -> Facts:
    """Return what policies are weighed on: what the tool's recheck gave, and what the gate itself knows."""
    effect = given.get("effect")
    model: dict[str, Value] = {} if call.confidence is None else {"confidence": Decimal(call.confidence)}
    facts = Facts.of(
        {
            **given,
            "effect": {**(effect if isinstance(effect, dict) else {}), "tool": tool.name},
            "ticket": {"procedure": call.procedure, "brand": call.brand},
            "model": model,
        }
    )
    return facts.seen(at=CasinoTime(call.now), computed=NO_COMPUTED)
