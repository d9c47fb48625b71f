"""Any OpenAI-compatible endpoint, with native tool calls or, for small models, one strict JSON action per step."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from typing import Any, Final, Literal

from aiohttp import ClientConnectionError, ClientResponseError, ServerTimeoutError
from openai import (
    APIConnectionError,
    APIStatusError,
    APITimeoutError,
    AsyncOpenAI,
    InternalServerError,
    OpenAIError,
    RateLimitError,
)
from openai.types.chat import ChatCompletion
from pydantic_core import PydanticSerializationError
from tenacity import (
    AsyncRetrying,
    RetryCallState,
    retry_if_exception_type,
    stop_after_attempt,
    wait_exponential,
    wait_random,
)

from agent.incoming import as_data
from agent.model.actions import (
    REPLY,
    BadAnswer,
    action_schema,
    as_messages,
    read_action,
    read_choice,
    read_native,
    tokens_of,
)
from agent.model.fallback import FallbackModel
from agent.model.port import Model, ModelDown, Prompt, Proposal, Request
from agent.model.response import known_fields, reworded, rewritten, without_key
from agent.prompts import Prompts
from casino.values import Document, Value

ToolMode = Literal["native", "json"]
_SEEDS: Final = 2**31
PASSING = (APIConnectionError, APITimeoutError, RateLimitError, InternalServerError, BadAnswer)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenAIModel:
    """One model of one endpoint. The client is made once per process, with no retries of its own."""

    client: AsyncOpenAI
    name: str
    tool_mode: ToolMode
    prompts: Prompts
    temperature: float = 0.0
    max_tokens: int = 400
    seed: int | None = None  # an eval asks for one, a live desk never; `seeded` sets it
    tries: int = 3
    wait_s: float = 0.5
    is_llm: bool = True

    async def propose(self, request: Request) -> Proposal:
        """Ask for one step; retry what passes, with back-off; raise `ModelDown` for the rest."""
        body = self._body(as_messages(request.prompt, json_mode=self.tool_mode == "json"))
        actions = request.prompt.actions
        if self.tool_mode == "json":
            body["response_format"] = _format("step", action_schema(actions, may_reply=request.prompt.may_reply))
        elif actions:
            body["tools"] = [
                {
                    "type": "function",
                    "function": {"name": one.name, "description": one.description, "parameters": one.schema},
                }
                for one in actions
            ]
            body["tool_choice"] = "auto" if request.prompt.may_reply else "required"
        return await self._asked(body, lambda answer: self._read(answer, request.prompt))

    async def choose(self, text: str, options: Mapping[str, str]) -> str | None:
        """Ask which option a text is about; None where the model names none of them."""
        head = self.prompts.render("route.j2", {"options": options})
        body = self._body(
            [{"role": "system", "content": head}, {"role": "user", "content": as_data(text, tag="player")}]
        )
        body["response_format"] = _format(
            "choice",
            {
                "type": "object",
                "properties": {"procedure": {"type": "string", "enum": list(options)}},
                "required": ["procedure"],
                "additionalProperties": False,
            },
        )
        proposal = await self._asked(body, lambda answer: Proposal(model=self.name, text=read_choice(answer)))
        return proposal.text if proposal.text in options else None

    def _body(self, messages: list[dict[str, Any]]) -> dict[str, Any]:
        return {
            "model": self.name,
            "messages": messages,
            "temperature": self.temperature,
            "max_tokens": self.max_tokens,
            **self._drawn(),
        }

    def _drawn(self) -> dict[str, int]:
        return {} if self.seed is None else {"seed": self.seed}

    def _read(self, answer: ChatCompletion, prompt: Prompt) -> Proposal:
        if self.tool_mode == "native":
            calls, text = read_native(answer)
        else:
            offered = {action.name for action in prompt.actions}
            calls, text = read_action(answer, offered | {REPLY} if prompt.may_reply or not offered else offered)
        return Proposal(model=self.name, calls=calls, text=text)

    async def _asked(self, body: dict[str, Any], read: Callable[[ChatCompletion], Proposal]) -> Proposal:
        """Post, read, and try again while the trouble may pass."""
        failures: list[str] = []

        def note(state: RetryCallState) -> None:
            error = state.outcome.exception() if state.outcome is not None else None
            failures.append(_kind(error))

        async def once() -> Proposal:
            answer = await self._post(body)
            proposal = _counted(read(answer), answer, tuple(failures))
            return replace(self._without_key(proposal), parameters=self._parameters(body))

        asking = AsyncRetrying(
            retry=retry_if_exception_type(PASSING),
            stop=stop_after_attempt(self.tries),
            wait=wait_exponential(multiplier=self.wait_s, max=8) + wait_random(0, self.wait_s),
            after=note,
            reraise=True,
        )
        try:
            return await asking(once)
        except (OpenAIError, BadAnswer) as error:
            raise ModelDown(without_key(self._mend(error), self.client.api_key)) from error

    def _without_key(self, proposal: Proposal) -> Proposal:
        """Hide the key where an endpoint sends it back as if the model had said it."""
        hide = partial(without_key, key=self.client.api_key)
        return replace(reworded(proposal, hide), response=rewritten(proposal.response, hide))

    def _parameters(self, body: Mapping[str, Any]) -> Document:
        """Return what the model was asked with, beside the prompt."""
        return {
            "model": self.name,
            "tool_mode": self.tool_mode,
            "temperature": Decimal(str(self.temperature)),
            "max_tokens": self.max_tokens,
            "tool_choice": body.get("tool_choice"),
            **self._drawn(),
        }

    async def _post(self, body: dict[str, Any]) -> ChatCompletion:
        # create() walks every message through type annotations; the typed post does not (see the decision record).
        try:
            return await self.client.post("/chat/completions", cast_to=ChatCompletion, body=body)
        except (json.JSONDecodeError, UnicodeDecodeError) as error:
            raise BadAnswer("the answer is not JSON") from error
        except ClientResponseError as error:  # the transport lets it through
            raise BadAnswer("the answer is not HTTP") from error

    def _mend(self, error: Exception) -> str:
        """Return one message: where, what, and how to mend it. Never a header or a key."""
        match error:
            case APITimeoutError() if not _is_lost(error):
                why = "did not answer in time; raise CROUPIER_MODEL_TIMEOUT_S or use a faster model"
            case APIConnectionError():
                why = "cannot be reached; start it or mend OPENAI_BASE_URL"
            case APIStatusError(status_code=401 | 403):
                why = "refused the key; mend OPENAI_API_KEY"
            case APIStatusError(status_code=404):
                why = "is not there; mend CROUPIER_MODEL or OPENAI_BASE_URL"
            case APIStatusError(code="context_length_exceeded") | APIStatusError(type="exceed_context_size_error"):
                why = "cannot hold a conversation of this length; use a model with a longer context"
            case APIStatusError(status_code=429):
                why = "takes no more requests (HTTP 429); wait, or raise the limit of the key"
            case APIStatusError(status_code=code):
                why = f"answered with HTTP {code}; see the endpoint's own log"
            case _:
                other = "another model" if self.tool_mode == "json" else "CROUPIER_TOOL_MODE=json or another model"
                why = f"gave no usable answer: {error}; use {other}"
        place = self.client.base_url.copy_with(userinfo=b"", query=None)  # both may hold a key
        return f"model `{self.name}` at {place} {why}"


def seeded(model: Model, seed: int) -> Model:
    """Return a model that draws by this seed, where its endpoint knows seeds; one that draws nothing stays as it is.

    Endpoints differ in how large a seed they take and what a negative one means, so 31 bits of it go out.
    """
    match model:
        case OpenAIModel():
            return replace(model, seed=seed % _SEEDS)
        case FallbackModel():
            return FallbackModel(seeded(model.first, seed), model.second, model.down)
        case _:
            return model


def _format(name: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "json_schema", "json_schema": {"name": name, "strict": True, "schema": schema}}


def _is_lost(error: BaseException | None) -> bool:
    """Tell whether a connection was refused or lost: the SDK's transport calls that a time-out."""
    cause = error.__cause__.__cause__ if error is not None and error.__cause__ is not None else None
    return isinstance(cause, ClientConnectionError) and not isinstance(cause, ServerTimeoutError)


def _kind(error: BaseException | None) -> str:
    """Name a failure for the record: its type and nothing that a header or a message could leak."""
    if isinstance(error, BadAnswer):
        return str(error)
    return APIConnectionError.__name__ if _is_lost(error) else type(error).__name__


def _counted(proposal: Proposal, answer: ChatCompletion, failures: tuple[str, ...]) -> Proposal:
    # Endpoints bend the types of fields that we do not read; the record takes them as they are, floats as text.
    try:
        written = answer.model_dump_json(exclude_none=True, warnings=False)
    except PydanticSerializationError as error:  # half of a character, as a cut emoji leaves it
        raise BadAnswer("the answer is not text") from error
    response: dict[str, Value] = json.loads(written, parse_float=str)
    tokens_in, tokens_out = tokens_of(answer)
    return replace(
        proposal, tokens_in=tokens_in, tokens_out=tokens_out, attempts=failures, response=known_fields(response)
    )
