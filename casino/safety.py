"""The vetoes that stand before every benefit. No configuration can override one; what is not known is a veto.

Source for `strong_harm`: UKGC SR Code 3.4.3 and its guidance, requirement 10 (in effect since 2023-10-31): strong
indicators of harm prevent the take-up of new bonuses. The lowest legal age is taken as 18; where it is higher, the
caller passes it in.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final, NamedTuple

from casino.facts import SAFETY_AGE, SAFETY_FLAGS, SafetyFacts
from casino.rules.condition import Condition, Operator
from casino.rules.evaluate import Checked, condition_node, weigh
from casino.verdict import Outcome, TraceNode, Verdict

LOWEST_LEGAL_AGE: Final = 18


class VetoCode(StrEnum):
    """Why no benefit may be given."""

    SELF_EXCLUDED = "self_excluded"
    COOLING_OFF = "cooling_off"
    RG_CLOSED = "rg_closed"
    UNDER_AGE = "under_age"
    BLOCKED = "blocked"
    AML_HOLD = "aml_hold"
    STRONG_HARM = "strong_harm"
    SAFETY_UNKNOWN = "safety_unknown"


@dataclass(frozen=True, slots=True)
class Veto:
    """One veto and the fact it rests on. `text` is for staff: a player never hears it."""

    code: VetoCode
    fact: str
    text: str


class SafetyCheck(NamedTuple):
    """The vetoes, and the trace of every fact that was weighed."""

    vetoes: tuple[Veto, ...]
    node: TraceNode


_CAUSE: Mapping[Outcome, str] = MappingProxyType(
    {
        Outcome.MISSING: "was not supplied",
        Outcome.NULL: "is null",
        Outcome.TYPE_MISMATCH: "is of the wrong type",
        Outcome.UNAVAILABLE: "could not be read",
    }
)


def veto(safety: SafetyFacts, *, legal_age: int = LOWEST_LEGAL_AGE) -> tuple[Veto, ...]:
    """Return every veto, in the order of the facts; empty where all facts are known and clear."""
    return check_safety(safety, legal_age=legal_age).vetoes


def check_safety(safety: SafetyFacts, *, legal_age: int = LOWEST_LEGAL_AGE) -> SafetyCheck:
    """Weigh all safety facts. A legal age in years below 18 is a broken promise (ValueError)."""
    if legal_age < LOWEST_LEGAL_AGE:
        raise ValueError(f"the legal age is {legal_age}, below {LOWEST_LEGAL_AGE}")
    vetoes: list[Veto] = []
    nodes: list[TraceNode] = []
    for name, condition in _conditions(legal_age).items():
        checked = weigh(condition, safety.look(name))
        nodes.append(condition_node(condition, checked))
        if checked.outcome is not Outcome.PASS:
            vetoes.append(_veto(name, checked, legal_age))
    # A fact that nobody could read vetoes too, so the stage itself says no and never unknown.
    verdict = Verdict.NO if vetoes else Verdict.YES
    node = TraceNode(kind="safety", label="safety", verdict=verdict, children=tuple(nodes))
    return SafetyCheck(tuple(vetoes), node)


def _conditions(legal_age: int) -> dict[str, Condition]:
    clear = {name: Condition(f"safety.{name}", Operator.EQUAL, expected=False) for name in SAFETY_FLAGS}
    age = Condition(f"safety.{SAFETY_AGE}", Operator.GREATER_OR_EQUAL, legal_age)
    return {**clear, SAFETY_AGE: age}


def _veto(name: str, checked: Checked, legal_age: int) -> Veto:
    fact = f"safety.{name}"
    if checked.outcome is not Outcome.FAIL:
        return Veto(VetoCode.SAFETY_UNKNOWN, fact, f"{fact} {_CAUSE[checked.outcome]}")
    if name == SAFETY_AGE:
        return Veto(VetoCode.UNDER_AGE, fact, f"the player is {checked.actual}, the legal age is {legal_age}")
    return Veto(VetoCode(name), fact, f"{fact} is true")
