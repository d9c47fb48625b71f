"""Schemas of a step, markers, and answers of any shape."""

from enum import StrEnum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openai.types.chat import ChatCompletion
from pydantic import BaseModel

from agent.model.actions import REPLY, BadAnswer, action_schema, as_messages, read_action, read_choice, read_native
from agent.model.port import Action, Answered, Said
from tests.agent.model.builders import LOOK_UP, completion, request, step

REPLY_STEP = {
    "type": "object",
    "properties": {
        "action": {"type": "string", "const": "reply"},
        "arguments": {
            "type": "object",
            "properties": {"text": {"type": "string"}},
            "required": ["text"],
            "additionalProperties": False,
        },
    },
    "required": ["action", "arguments"],
    "additionalProperties": False,
}


def names(schema: dict[str, Any]) -> list[str]:
    return [one["properties"]["action"]["const"] for one in schema["properties"]["do"]["anyOf"]]


def test_a_step_is_an_object_with_one_of_the_legal_actions_and_nothing_else() -> None:
    schema = action_schema([LOOK_UP], may_reply=True)
    assert names(schema) == ["look_up", "reply"]
    assert schema == {
        "type": "object",
        "properties": {"do": {"anyOf": [schema["properties"]["do"]["anyOf"][0], REPLY_STEP]}},
        "required": ["do"],
        "additionalProperties": False,
    }


@pytest.mark.parametrize(
    ("actions", "may_reply", "legal"),
    [((LOOK_UP,), False, ["look_up"]), ((), True, ["reply"]), ((), False, ["reply"])],
    ids=["order held", "nothing legal", "nothing legal, order held"],
)
def test_a_reply_is_left_out_only_where_an_action_is_due(
    actions: tuple[Action, ...], may_reply: bool, legal: list[str]
) -> None:
    assert names(action_schema(actions, may_reply=may_reply)) == legal


class Colour(StrEnum):
    RED = "red"


class Part(BaseModel):
    colour: Colour
    parts: list["Part"] = []


class Order(BaseModel):
    part: Part
    sizes: list[Part] | None = None


def test_definitions_of_two_tools_live_beside_each_other_and_every_object_is_closed() -> None:
    shapes = [Action(name, "", Order.model_json_schema()) for name in ("buy", "sell")]
    schema = action_schema(shapes, may_reply=False)
    assert sorted(schema["$defs"]) == ["buy.Colour", "buy.Part", "sell.Colour", "sell.Part"]
    assert schema["$defs"]["sell.Part"] == {
        "type": "object",
        "properties": {
            "colour": {"$ref": "#/$defs/sell.Colour"},
            "parts": {"type": "array", "items": {"$ref": "#/$defs/sell.Part"}},
        },
        "required": ["colour", "parts"],
        "additionalProperties": False,
    }
    assert schema["properties"]["do"]["anyOf"][0]["properties"]["arguments"]["properties"] == {
        "part": {"$ref": "#/$defs/buy.Part"},
        "sizes": {"anyOf": [{"type": "array", "items": {"$ref": "#/$defs/buy.Part"}}, {"type": "null"}]},
    }


def test_an_argument_may_have_the_name_of_a_schema_word() -> None:
    action = Action("look_up", "", {"properties": {"default": {"type": "string"}, "title": {"type": "string"}}})
    arguments = action_schema([action], may_reply=False)["properties"]["do"]["anyOf"][0]["properties"]["arguments"]
    assert arguments["required"] == ["default", "title"]


words = st.lists(st.sampled_from(["<", ">", "&", "/", "player", "desk", "result", "\n", "lt;"]), max_size=12).map(
    "".join
)


@given(words, words, words)
def test_no_text_can_open_or_close_a_marker(said: str, found: str, note: str) -> None:
    one = request(Said("player", said), Answered("c1-1-1", "look_up", "ok", {"found": found}))
    prompt = type(one.prompt)(head="", turns=one.prompt.turns, note=note, actions=(), may_reply=True)
    for json_mode in (False, True):
        sent = "".join(message["content"] for message in as_messages(prompt, json_mode=json_mode)).replace("\n", "")
        inside = sent.split("<")
        assert [part.split(">")[0] for part in inside[1:]] == [
            *("player", "/player"),
            *("result", "/result"),
            *("desk", "/desk"),
        ]
        assert sent.count(">") == 6


Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]
json_values: st.SearchStrategy[Json] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


def choice(finish: Json, message: Json) -> dict[str, Any]:
    return {"choices": [{"finish_reason": finish, "message": message}]}


def calling(calls: Json) -> dict[str, Any]:
    return completion(tool_calls=calls)


def replying(text: Json) -> dict[str, Any]:
    return step(REPLY, {"text": text})


bodies = st.one_of(
    st.dictionaries(st.sampled_from(["choices", "usage", "id"]), json_values),
    st.builds(completion, json_values),
    st.builds(calling, json_values),
    st.builds(choice, json_values, json_values),
    st.builds(step, json_values, json_values),
    st.builds(replying, json_values),
)


@given(bodies)
def test_an_answer_of_any_shape_is_read_or_asked_again(body: dict[str, Any]) -> None:
    answer = ChatCompletion.construct(**body)
    try:
        calls, text = read_native(answer)
    except BadAnswer:
        pass
    else:
        assert (text is None) == bool(calls)
        assert text is None or text.strip()
    try:
        calls, text = read_action(answer, {"look_up", REPLY})
    except BadAnswer:
        pass
    else:
        assert [call.name for call in calls] in (["look_up"], [])
        assert (text is None) == bool(calls)
    try:
        chosen = read_choice(answer)
    except BadAnswer:
        pass
    else:
        assert isinstance(chosen, str)
