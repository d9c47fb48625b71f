"""An endpoint in trouble: what may pass is asked again, and what is given up says how to mend it."""

import json
from typing import Any

import httpx
import pytest
from openai import AsyncOpenAI

from agent.model.openai import OpenAIModel, ToolMode
from agent.model.port import ModelDown
from tests.agent.model.builders import KEY, PROMPTS, Endpoint, completion, request, step

HERE = "model `small` at http://model.test/v1/"
Trouble = dict[str, Any] | httpx.Response | Exception


def status(number: int, **error: Any) -> httpx.Response:  # noqa: ANN401  # an error body
    """Return an error whose text repeats the key, as some endpoints do."""
    return httpx.Response(number, json={"error": {"message": f"refused for {KEY}", **error}})


def answered(body: bytes, kind: str = "application/json") -> httpx.Response:
    return httpx.Response(200, content=body, headers={"Content-Type": kind})


# Half of a character, as it comes from a cut emoji; the rest is good in both ways of calling tools.
HALF_A_CHARACTER = json.dumps(step("reply", {"text": "Hi"}) | {"note": "\ud83d"}).encode()
NO_COMPLETION = "the answer is not a chat completion"
NO_OBJECT = "the answer is not a JSON object"
NO_CHOICE = "no choice in the answer"


PASSING: dict[str, tuple[Trouble, str]] = {
    "rate limit": (status(429), "RateLimitError"),
    "server error": (status(500), "InternalServerError"),
    "overloaded": (status(503), "InternalServerError"),
    "time-out": (httpx.ReadTimeout("too slow"), "APITimeoutError"),
    "no connection": (httpx.ConnectError("refused"), "APIConnectionError"),
    "connection lost": (httpx.RemoteProtocolError("peer closed the connection"), "APIConnectionError"),
    "cut at the limit": (completion("You have", finish="length"), "the answer ended with `length`"),
    "cut stream": (completion("You have", finish=None), "the answer ended with `None`"),
    "filtered": (completion("", finish="content_filter"), "the answer ended with `content_filter`"),
    "refusal": (completion(refusal="I cannot help with that"), "the model refused"),
    "half a JSON body": (answered(b'{"id": "chatcmpl-1", "choi'), "the answer is not JSON"),
    "bytes that are no text": (answered(b'"\xff"'), "the answer is not JSON"),
    "a page": (answered(b"<html>Bad gateway</html>", "text/html"), NO_COMPLETION),
    "a list": (answered(b"[1]"), NO_COMPLETION),
    "an error with 200": (answered(b'{"error": {"message": "busy"}}'), NO_CHOICE),
    "no choices": ({**completion(), "choices": []}, NO_CHOICE),
    "no message": ({**completion(), "choices": [{"finish_reason": "stop"}]}, NO_COMPLETION),
    "content in parts": (completion([{"type": "text", "text": "Hi"}]), NO_COMPLETION),
    "half a character": (answered(HALF_A_CHARACTER), "the answer is not text"),
    "tokens in words": ({**completion("Hi"), "usage": {"prompt_tokens": "many"}}, NO_COMPLETION),
}  # fmt: skip
NATIVE: dict[str, tuple[Trouble, str]] = {
    "empty": (completion(""), "the answer is empty"),
    "blank": (completion(" \n"), "the answer is empty"),
    "null": (completion(None), "the answer is empty"),
    "no calls": (completion(None, tool_calls=[]), "the answer is empty"),
    "half arguments": (completion(finish="tool_calls", calls=[("look_up", '{"word": "a')]), "the answer is not JSON"),
    "listed arguments": (completion(finish="tool_calls", calls=[("look_up", "[1]")]), NO_OBJECT),
    "nan argument": (completion(finish="tool_calls", calls=[("look_up", '{"word": NaN}')]), "the answer is not JSON"),
    "nameless call": (completion(tool_calls=[{"id": "a", "type": "function"}]), NO_COMPLETION),
}  # fmt: skip
JSON: dict[str, tuple[Trouble, str]] = {
    "empty": (completion(""), "the answer is not JSON"),
    "prose": (completion("I would look it up."), "the answer is not JSON"),
    "fenced": (completion('```json\n{"do": {}}\n```'), "the answer is not JSON"),
    "list": (completion("[]"), NO_OBJECT),
    "no action": (completion("{}"), "the answer has no action with arguments"),
    "no arguments": (completion('{"do": {"action": "look_up"}}'), "the answer has no action with arguments"),
    "listed arguments": (step("look_up", []), "the answer has no action with arguments"),
    "numbered action": (step(1, {}), "the answer has no action with arguments"),
    "unknown action": (step("issue_million", {}), "the answer names an action that was not offered"),
    "empty reply": (step("reply", {"text": " "}), "the answer is empty"),
    "reply without text": (step("reply", {}), "the answer is empty"),
    "reply that is no text": (step("reply", {"text": 7}), "the answer is empty"),
}
ALL: list[tuple[ToolMode, Trouble, str]] = [
    *(("native", *case) for case in [*PASSING.values(), *NATIVE.values()]),
    *(("json", *case) for case in [*PASSING.values(), *JSON.values()]),
]
NAMES = [f"native: {name}" for name in [*PASSING, *NATIVE]] + [f"json: {name}" for name in [*PASSING, *JSON]]


def good(mode: ToolMode) -> dict[str, Any]:
    return completion("Gladly.") if mode == "native" else step("reply", {"text": "Gladly."})


@pytest.mark.parametrize(("mode", "trouble", "name"), ALL, ids=NAMES)
async def test_trouble_that_may_pass_is_asked_again_and_goes_on_record(
    mode: ToolMode, trouble: Trouble, name: str, endpoint: Endpoint
) -> None:
    endpoint.will(trouble, trouble, good(mode))
    proposal = await endpoint.model(mode).propose(request())
    assert (proposal.text, proposal.attempts) == ("Gladly.", (name, name))
    first, second, third = endpoint.asked
    assert first == second == third


@pytest.mark.parametrize(("mode", "trouble", "name"), ALL, ids=NAMES)
async def test_trouble_that_stays_is_given_up_without_a_word_of_the_key(
    mode: ToolMode, trouble: Trouble, name: str, endpoint: Endpoint
) -> None:
    del name
    endpoint.will(trouble, trouble, trouble, good(mode))
    with pytest.raises(ModelDown) as down:
        await endpoint.model(mode).propose(request())
    assert str(down.value).startswith(f"{HERE} ")
    assert KEY not in str(down.value)
    assert len(endpoint.asked) == 3


@pytest.mark.parametrize(
    ("trouble", "why"),
    [
        (status(429), "takes no more requests (HTTP 429); wait, or raise the limit of the key"),
        (status(502), "answered with HTTP 502; see the endpoint's own log"),
        (httpx.ReadTimeout("slow"), "did not answer in time; raise CROUPIER_MODEL_TIMEOUT_S or use a faster model"),
        (httpx.ConnectError("refused"), "cannot be reached; start it or mend OPENAI_BASE_URL"),
        (
            completion(finish="length"),
            "gave no usable answer: the answer ended with `length`; use CROUPIER_TOOL_MODE=json or another model",
        ),
    ],
    ids=["429", "502", "time-out", "no connection", "no usable answer"],
)
async def test_what_is_given_up_says_where_why_and_how_to_mend_it(
    trouble: Trouble, why: str, endpoint: Endpoint
) -> None:
    endpoint.will(trouble, trouble)
    with pytest.raises(ModelDown) as down:
        await endpoint.model(tries=2).propose(request())
    assert str(down.value) == f"{HERE} {why}"


async def test_a_model_that_fails_in_json_mode_is_not_told_to_use_it(endpoint: Endpoint) -> None:
    endpoint.will(completion("prose"))
    with pytest.raises(ModelDown) as down:
        await endpoint.model("json", tries=1).propose(request())
    assert str(down.value) == f"{HERE} gave no usable answer: the answer is not JSON; use another model"


@pytest.mark.parametrize(
    ("trouble", "why"),
    [
        (status(400), "answered with HTTP 400; see the endpoint's own log"),
        (
            status(400, code="context_length_exceeded"),
            "cannot hold a conversation of this length; use a model with a longer context",
        ),
        (
            status(400, type="exceed_context_size_error", code=400),
            "cannot hold a conversation of this length; use a model with a longer context",
        ),
        (status(401), "refused the key; mend OPENAI_API_KEY"),
        (status(403), "refused the key; mend OPENAI_API_KEY"),
        (status(404), "is not there; mend CROUPIER_MODEL or OPENAI_BASE_URL"),
        (status(422), "answered with HTTP 422; see the endpoint's own log"),
    ],
    ids=["400", "too long", "too long for llama.cpp", "401", "403", "404", "422"],
)
async def test_what_will_not_pass_is_not_asked_again(trouble: Trouble, why: str, endpoint: Endpoint) -> None:
    endpoint.will(trouble, completion("Too late."))
    with pytest.raises(ModelDown) as down:
        await endpoint.model().propose(request())
    assert str(down.value) == f"{HERE} {why}"
    assert len(endpoint.asked) == 1


async def test_what_will_not_pass_is_not_asked_again_after_something_that_may(endpoint: Endpoint) -> None:
    endpoint.will(status(500), status(401), completion("Too late."))
    with pytest.raises(ModelDown, match="refused the key"):
        await endpoint.model().propose(request())
    assert len(endpoint.asked) == 2


async def test_a_key_in_the_address_is_told_to_nobody() -> None:
    async with AsyncOpenAI(api_key=KEY, base_url=f"http://me:{KEY}@127.0.0.1:9/v1?key={KEY}", max_retries=0) as client:
        model = OpenAIModel(client=client, name="small", tool_mode="native", prompts=PROMPTS, tries=1, wait_s=0)
        with pytest.raises(ModelDown) as down:
            await model.propose(request())
    assert str(down.value) == (
        "model `small` at http://127.0.0.1:9/v1/ cannot be reached; start it or mend OPENAI_BASE_URL"
    )


async def test_a_json_reply_that_was_not_offered_is_asked_again(endpoint: Endpoint) -> None:
    endpoint.will(step("reply", {"text": "Let me see."}), step("look_up", {"word": "a"}))
    proposal = await endpoint.model("json").propose(request(may_reply=False))
    assert [call.name for call in proposal.calls] == ["look_up"]
    assert proposal.attempts == ("the answer names an action that was not offered",)


async def test_where_nothing_is_legal_a_reply_always_is(endpoint: Endpoint) -> None:
    endpoint.will(step("reply", {"text": "One moment."}))
    proposal = await endpoint.model("json").propose(request(actions=(), may_reply=False))
    assert proposal.text == "One moment."
