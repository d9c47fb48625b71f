"""Agents that prove nothing: run beside ours, they show how little a suite asks for.

A ticket that one of them passes is no evidence of judgement; a suite that one of them passes in large part is weak.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from agent.details import fill
from agent.house import House
from agent.model.port import Answered, Model, Proposal, ProposedCall, Request, Said, Situation
from evals.expect import Expected
from evals.grading.grade import grade
from evals.grading.seen import see
from evals.replay import replay
from evals.ticket import Read
from evals.trial import Status
from tools.issue_bonus import ISSUE_BONUS
from tools.qualify_for_bonus import QUALIFY_FOR_BONUS
from tools.transfer_to_live_agent import TRANSFER_TO_LIVE_AGENT
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
    calls: frozenset[str] = frozenset()  # the tools that it ever calls, beside the way to a human
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


_CONTROLS: Final = (
    Control(name="do-nothing", rule=do_nothing),
    Control(name="always-escalate", rule=always_escalate),
    Control(
        name="always-issue",
        rule=always_issue,
        calls=frozenset({VERIFY_PLAYER.name, QUALIFY_FOR_BONUS.name, ISSUE_BONUS.name}),
    ),
)


def controls() -> Mapping[str, Callable[[House], Model]]:
    """Return the controls by name, each as a function that makes its model for a house."""
    return {one.name: _made(one) for one in _CONTROLS}


def _made(control: Control) -> Callable[[House], Model]:
    def model(_: House) -> Model:
        return control

    return model


async def controlled(read: Read, house: House) -> dict[str, str]:
    """Return how each control does on a ticket: `pass` or `fail`. Nothing where the ticket expects nothing.

    One that never calls what the end state takes cannot come to it, and is not played: most tickets are such.
    """
    expected = read.ticket.expect
    if expected is None:
        return {}
    needed = _needed(expected, signed=read.ticket.session is not None)
    found = {one.name: needed <= one.calls and await _passes(read, house, expected, one) for one in _CONTROLS}
    return {name: (Status.PASS if passed else Status.FAIL).value for name, passed in found.items()}


def _needed(expected: Expected, *, signed: bool) -> frozenset[str]:
    """Return the tools that must be called to come to an end state. The house hands over by itself where it must."""
    rows = (
        (VERIFY_PLAYER.name, bool(expected.verified) and not signed),
        (QUALIFY_FOR_BONUS.name, bool(expected.decision)),
        (ISSUE_BONUS.name, bool(expected.granted)),
    )
    called = {
        *(tool for tool, there in rows if there),
        *(effect.partition(":")[0] for effect in (*expected.effects, *(expected.refused or ()))),
        *(tool for tool, count in expected.order.exactly.items() if count),
        *expected.order.eventually,
    }
    return frozenset(called - {TRANSFER_TO_LIVE_AGENT.name})


async def _passes(read: Read, house: House, expected: Expected, control: Control) -> bool:
    played = await replay(read, house, model=control)
    seen = see(played.whole, played.found, granted=played.granted, named=played.named)
    return all(part.holds for part in grade(expected, seen) if part.gates)
