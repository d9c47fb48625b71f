"""Requests to a model, and what an endpoint answers."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, cast

import httpx
import respx
from openai import AsyncOpenAI

from agent.model.openai import OpenAIModel, ToolMode
from agent.model.port import Action, Called, Prompt, Request, Said, Situation, Turn
from agent.prompts import Prompts, read_prompts
from tools.catalog import CATALOG
from tools.tool import Fact

URL = "http://model.test/v1"
KEY = "sk-this-key-stands-in-no-message"
LOOK_UP = Action(
    "look_up",
    "Look something up.",
    {"type": "object", "properties": {"word": {"type": "string"}}, "required": ["word"], "additionalProperties": False},
)
TODAY = date(2026, 11, 20)
PROMPTS = read_prompts(Path(__file__).parents[3] / "prompts")


def situation(  # noqa: PLR0913  # one keyword for each thing that a test may vary
    *turns: Turn,
    category: str = "bonus",
    steps: bool = True,
    phase: str = "converse",
    next_action: str | None = None,
    missing: tuple[str, ...] = (),
    asked_for_human: bool = False,
    legal: Sequence[str] = (),
    facts: dict[str, Fact] | None = None,
    earlier: Sequence[Turn] = (),
) -> Situation:
    """Return a situation in which `turns` are of this turn and `earlier` came before."""
    return Situation(
        brand="lucky-spin",
        today=TODAY,
        category=category,
        steps=steps,
        phase=phase,
        next_action=next_action,
        asked_for_human=asked_for_human,
        missing=missing,
        verifier="verify_player_identity",
        escalation="transfer_to_live_agent",
        legal={name: CATALOG[name] for name in legal},
        facts=facts or {},
        turns=(*earlier, *turns),
        this_turn=turns,
    )


def request(
    *turns: Turn, actions: Sequence[Action] = (LOOK_UP,), may_reply: bool = True, where: Situation | None = None
) -> Request:
    """Return the question of a short conversation."""
    said = turns or (Said("player", "Hello"),)
    prompt = Prompt(head="The head.", turns=said, note="Now: answer.", actions=tuple(actions), may_reply=may_reply)
    return Request(prompt=prompt, situation=situation(*said) if where is None else where)


def called(name: str, **arguments: str) -> Called:
    """Return a call that was made."""
    return Called("c1-1-1", name, arguments)


def completion(
    content: Any = None,  # noqa: ANN401  # endpoints send what they like
    *,
    finish: str | None = "stop",
    calls: Sequence[tuple[str, str]] = (),
    **message: Any,  # noqa: ANN401  # the same
) -> dict[str, Any]:
    """Return the body of an answer; a call is a tool's name and its arguments as text."""
    if calls:
        message["tool_calls"] = [
            {"id": f"call_{number}", "type": "function", "function": {"name": name, "arguments": arguments}}
            for number, (name, arguments) in enumerate(calls)
        ]
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1_790_000_000,
        "model": "small",
        "choices": [
            {"index": 0, "finish_reason": finish, "message": {"role": "assistant", "content": content, **message}}
        ],
        "usage": {"prompt_tokens": 30, "completion_tokens": 4, "total_tokens": 34},
    }


def step(action: object, arguments: object) -> dict[str, Any]:
    """Return the body of an answer that is one JSON action."""
    return completion(json.dumps({"do": {"action": action, "arguments": arguments}}))


def answers(*bodies: dict[str, Any] | httpx.Response | Exception) -> list[httpx.Response | Exception]:
    """Return what the endpoint does, one after the other: bodies are answered with 200."""
    return [httpx.Response(200, json=body) if isinstance(body, dict) else body for body in bodies]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An endpoint that answers what a test says, and remembers what it was asked."""

    route: respx.Route
    client: AsyncOpenAI

    def model(self, mode: ToolMode = "native", *, tries: int = 3, prompts: Prompts = PROMPTS) -> OpenAIModel:
        """Return the model that asks here, without waiting between its tries."""
        return OpenAIModel(client=self.client, name="small", tool_mode=mode, prompts=prompts, tries=tries, wait_s=0)

    def will(self, *bodies: dict[str, Any] | httpx.Response | Exception) -> None:
        """Say what is answered, one after the other."""
        self.route.side_effect = answers(*bodies)

    @property
    def asked(self) -> list[dict[str, Any]]:
        """The bodies that came."""
        calls = cast("list[respx.models.Call]", [*self.route.calls])  # untyped in respx
        return [json.loads(one.request.content) for one in calls]
