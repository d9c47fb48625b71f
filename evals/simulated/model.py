"""A language model that plays the player: it knows the role, reads the chat, and writes the next message or leaves."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from agent.model.openai import OpenAIModel, seeded
from agent.model.port import Action, Model, Proposal
from agent.prompts import Prompts, read_prompts
from evals.judging.asking import itself, question
from evals.judging.talk import Line, as_text
from evals.simulated.acting import End, Move
from evals.simulated.player import Role

TEMPERATURE: Final = 0.7  # people do not say the same twice; the seed makes it the same again
NOTE: Final = "Write what the player answers to the desk now, or leave the chat."
LEAVE: Final = Action(
    "leave",
    "Leave the chat: `done` where the player has a clear answer or a colleague takes over, `gave_up` where not.",
    {
        "type": "object",
        "properties": {"why": {"type": "string", "enum": [End.DONE.value, End.GAVE_UP.value]}},
        "required": ["why"],
        "additionalProperties": False,
    },
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelPlayer:
    """A language model in the role of a player. `model_player` makes one."""

    model: Model
    prompts: Prompts
    json_mode: bool

    async def move(self, role: Role, talk: Sequence[Line], *, seed: int) -> Move:
        """Ask for the next message. Each is drawn by a seed of its own. May raise `ModelDown`."""
        values = {"role": role, "talk": as_text(talk), "leave": LEAVE, "json_mode": self.json_mode}
        head = self.prompts.render("player.j2", values)
        asked = question(head, note=NOTE, actions=(LEAVE,), may_reply=True)
        return _move(await seeded(self.model, seed + len(talk)).propose(asked))


def model_player(model: Model, *, json_mode: bool) -> ModelPlayer:
    """Return a player that is a language model: the one given, without a policy model behind it."""
    played = itself(model)
    if isinstance(played, OpenAIModel):
        played = replace(played, temperature=TEMPERATURE)
    return ModelPlayer(model=played, prompts=read_prompts(Path(__file__).parent), json_mode=json_mode)


def _move(answer: Proposal) -> Move:
    """Read a message, or that the player leaves; another call is neither, and the silence is counted as a fault."""
    cost = Move(tokens_in=answer.tokens_in, tokens_out=answer.tokens_out, calls=1)
    if not answer.calls:
        return replace(cost, text=answer.text or "")
    left = [call.arguments.get("why") for call in answer.calls if call.name == LEAVE.name]
    if not left:
        return cost
    return replace(cost, end=End.DONE if left[0] == End.DONE else End.GAVE_UP)
