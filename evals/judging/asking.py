"""Ask a language model something that is no ticket: the prompt says all, and where the desk stands says nothing."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from agent.model.fallback import FallbackModel
from agent.model.port import Action, Model, Prompt, Request, Situation

_NOWHERE: Final = Situation(
    brand="",
    category="",
    steps=False,
    phase="converse",
    next_action=None,
    asked_for_human=False,
    missing=(),
    verifier=None,
    escalation=None,
    legal={},
    facts={},
    today=date.min,
    turns=(),
    this_turn=(),
)


def question(head: str, *, note: str, actions: Sequence[Action], may_reply: bool) -> Request:
    """Return a question whose answer is one of the actions or, where that is allowed, a text."""
    prompt = Prompt(head=head, turns=(), note=note, actions=tuple(actions), may_reply=may_reply)
    return Request(prompt=prompt, situation=_NOWHERE)


def itself(model: Model) -> Model:
    """Return the language model without the policy model behind it, which has no words for this."""
    return model.first if isinstance(model, FallbackModel) else model
