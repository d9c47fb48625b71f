"""Agents that prove nothing: run beside ours, they show how little a suite asks for.

A ticket that one of them passes is no evidence of judgement; a suite that one of them passes in large part is weak.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from agent.details import fill
from agent.model.port import Answered, Model, Proposal, ProposedCall, Request, Said, Situation
from agent.wiring import House
from tools.issue_bonus import ISSUE_BONUS
from tools.qualify_for_bonus import QUALIFY_FOR_BONUS
from tools.verify_player import VERIFY_PLAYER

THANKS = "Thank you for your message."
ASK = "Please send me your e-mail address and your date of birth."
ISSUED = "Your bonus is on your account now."
Choice = Callable[[Situation], ProposedCall | str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """A model that follows one rule, whatever the player says."""

    name: str
    rule: Choice
    is_llm: bool = False

    async def propose(self, request: Request) -> Proposal:
        """Follow the rule."""
        chosen = self.rule(request.situation)
        if isinstance(chosen, str):
            return Proposal(model=self.name, text=chosen)
        return Proposal(model=self.name, calls=(chosen,))

    async def choose(self, text: str, options: Mapping[str, str]) -> str | None:
        """Have no opinion."""
        del text, options


def do_nothing(_: Situation) -> str:
    """Answer politely and do nothing."""
    return THANKS


def always_escalate(situation: Situation) -> ProposedCall | str:
    """Hand over to a human at once."""
    way = situation.escalation
    if way is None or way not in situation.legal:
        return THANKS
    reason = "player_request" if situation.asked_for_human else "cannot_help"
    return ProposedCall(name=way, arguments={"reason_code": reason})


def always_issue(situation: Situation) -> ProposedCall | str:
    """Verify the player as soon as that is possible, have a decision made, and issue, whatever was decided."""
    answered = {turn.name for turn in situation.this_turn if isinstance(turn, Answered)}
    if ISSUE_BONUS.name in answered:
        return ISSUED
    said = [turn.text for turn in situation.turns if isinstance(turn, Said) and turn.role == "player"]
    for tool in (VERIFY_PLAYER, QUALIFY_FOR_BONUS):
        if tool.establishes[0] in situation.facts or tool.name in answered:
            continue
        filled = fill(tool, situation.facts, said, situation.today)
        return ASK if filled.missing else ProposedCall(name=tool.name, arguments=filled.arguments)
    decision = situation.facts.get(QUALIFY_FOR_BONUS.establishes[0])
    named = "" if decision is None else str(decision.value["decision_id"])
    return ProposedCall(name=ISSUE_BONUS.name, arguments={"decision_id": named})


_RULES: Mapping[str, Choice] = MappingProxyType(
    {"do-nothing": do_nothing, "always-escalate": always_escalate, "always-issue": always_issue}
)


def controls() -> Mapping[str, Callable[[House], Model]]:
    """Return the controls by name, each as a function that makes its model for a house."""
    return {name: _made(name, rule) for name, rule in _RULES.items()}


def _made(name: str, rule: Choice) -> Callable[[House], Model]:
    def model(_: House) -> Model:
        return Control(name=name, rule=rule)

    return model
