"""The built-in policy model: no language model. It takes the step that is due and speaks from templates.

It is what runs with nothing configured, and what keeps the desk open when a model is down.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from agent.details import fill
from agent.model.port import Answered, Proposal, ProposedCall, Request, Said, Situation, Turn
from agent.playbook.collection import FALLBACK
from agent.prompts import Prompts
from casino.values import Value
from tools.declined import DECLINED, Wish, newest_wish
from tools.legal import MISTAKES
from tools.spoken import only_thanks, wants_nothing
from tools.tool import Tool, hints, required

NAME = "croupier-policy-1 (no LLM)"


@dataclass(frozen=True, slots=True)
class PolicyModel:
    """Deterministic: the same situation gives the same proposal."""

    prompts: Prompts
    name: str = NAME
    is_llm: bool = False

    async def propose(self, request: Request) -> Proposal:
        """Take the step that is due, ask for what is missing, or speak."""
        situation = request.situation
        call = _due(self.prompts, situation)
        if call is not None:
            return Proposal(model=self.name, calls=(call,))
        asking = situation.phase == "verify"
        text = ask(self.prompts, situation) if asking else speak(self.prompts, situation)
        return Proposal(model=self.name, text=text)

    async def choose(self, text: str, options: Mapping[str, str]) -> str | None:
        """Have no opinion: the router's own ranking stands."""
        del text, options


def ask(prompts: Prompts, situation: Situation) -> str:
    """Return the question for the details that the verifier needs: the missing ones, or all after a refusal.

    Verification may have expired within a turn that was cut off: what was done in it is told first of all.
    """
    tool = situation.legal.get(situation.verifier or "")
    if tool is None or any(turn.status == "done" for turn in _answers(situation.this_turn, situation)):
        return speak(prompts, situation)
    answers = [turn.status for turn in _answers(situation.turns, situation) if turn.name == tool.name]
    refused = not situation.missing and answers[-1:] != ["ok"]
    return prompts.reply(("ask",), {"wanted": _wording(tool, situation.missing or required(tool)), "refused": refused})


def speak(prompts: Prompts, situation: Situation) -> str:
    """Return the template's words for where the ticket stands: the newest result, or nothing new."""
    thanks = only_thanks(_newest(situation))
    done = [turn.name for turn in situation.turns if isinstance(turn, Answered) and turn.status == "done"]
    values = {"thanks": thanks, "brand_name": situation.brand, "done": done}
    wish = None if done or thanks else newest_wish(_said(situation))
    answered = _answers(situation.this_turn, situation)
    if wish is Wish.NONE and not _to_be_told(answered, situation):
        return prompts.reply(("declined", "idle"), {**values, "wish": wish.value, "result": {}})
    again = not answered
    if again and not thanks:
        answered = _answers(situation.turns, situation)
    told = [turn for turn in answered if turn.name != situation.verifier] or answered
    parts = [turn for turn in told[:-1] if turn.status == "done"] + told[-1:]  # what was done, then where it stands
    if not parts:
        return prompts.reply(("idle",) if situation.steps else (situation.category, "idle"), values)
    each = [prompts.reply((one.name, "_any"), {**values, **_told(one, again=again)}) for one in parts]
    if wish is Wish.KNOW:
        each.append(prompts.reply(("declined", "idle"), {**values, "wish": wish.value, "result": parts[-1].data}))
    return " ".join(filter(None, each))


def _to_be_told(answered: Sequence[Answered], situation: Situation) -> bool:
    """Say whether this turn has come to more than a player who wants no bonus has to hear of.

    An account that was found is told of only where the newest words do not decline anything themselves.
    """
    declines = newest_wish([_newest(situation)]) is Wish.NONE
    return any(not (declines and turn.name == situation.verifier) for turn in answered)


def _answers(turns: Sequence[Turn], situation: Situation) -> list[Answered]:
    """Return the answers that concern the player: not the refusals of calls that should not have been made.

    Nor a hand-over that nobody took: the player heard of it then, and a human is not on the way.
    """
    left_out = MISTAKES | {DECLINED}
    answers = [turn for turn in turns if isinstance(turn, Answered) and turn.data.get("code") not in left_out]
    return [turn for turn in answers if turn.name != situation.escalation or turn.status == "done"]


def _told(answered: Answered, *, again: bool) -> dict[str, Any]:
    return {"status": answered.status, "result": answered.data, "again": again}


def _due(prompts: Prompts, situation: Situation) -> ProposedCall | None:
    """Return the call of the step that is due, with what facts and the player's words give."""
    tool = situation.legal.get(situation.next_action or "")
    if tool is None:
        return _handed_over(prompts, situation)
    arguments = fill(tool, situation.facts, _said(situation), situation.today).arguments
    if situation.asked_for_human and "reason_code" in hints(tool):
        arguments["reason_code"] = "player_request"
    return ProposedCall(name=tool.name, arguments=arguments)


def _handed_over(prompts: Prompts, situation: Situation) -> ProposedCall | None:
    """Hand over where the player has heard what can be done here, and wants something else."""
    tool = situation.legal.get(situation.escalation or "")
    if tool is None or situation.category != FALLBACK or situation.steps or wants_nothing(_newest(situation)):
        return None
    values: dict[str, Any] = {"thanks": False, "brand_name": situation.brand, "done": ()}
    greeting = Said("agent", prompts.reply((FALLBACK, "idle"), values))
    arguments: dict[str, Value] = {"reason_code": "cannot_help"} if "reason_code" in hints(tool) else {}
    return ProposedCall(name=tool.name, arguments=arguments) if greeting in situation.turns else None


def _said(situation: Situation) -> list[str]:
    return [turn.text for turn in situation.turns if isinstance(turn, Said) and turn.role == "player"]


def _newest(situation: Situation) -> str:
    first = situation.this_turn[0] if situation.this_turn else None
    return first.text if isinstance(first, Said) else ""


def _wording(tool: Tool[Any], names: Sequence[str]) -> list[str]:
    """Return how to ask for arguments."""
    kinds = {name: hint.get("x-spoken", "") for name, hint in hints(tool).items()}
    return [f"your {name.replace('_', ' ')}" if kinds[name] != "email" else "your e-mail address" for name in names]
