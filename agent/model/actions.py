"""Between a prompt and the wire: messages out, actions in, for both ways of calling tools."""

from collections.abc import Sequence
from typing import Any

from openai.types.chat import ChatCompletion
from pydantic import BaseModel, ConfigDict, NonNegativeInt, ValidationError

from agent.incoming import as_data
from agent.model.port import Action, Answered, Called, Prompt, ProposedCall, Said, Turn
from casino.document import dump_json, load_json
from casino.loaded import DocumentError
from casino.values import Value

REPLY = "reply"
PLAIN_KEYS = frozenset({"type", "properties", "enum", "anyOf", "items", "description", "format", "const", "$ref"})
Read = tuple[tuple[ProposedCall, ...], str | None]


class BadAnswer(Exception):  # noqa: N818  # named by what happens next: it is asked again
    """The answer came and cannot be used; asking again may help."""


def action_schema(actions: Sequence[Action], *, may_reply: bool) -> dict[str, Any]:
    """Return the schema of one step, exactly one legal action. Strict modes demand an object as its root."""
    reply = Action(REPLY, "", {"type": "object", "properties": {"text": {"type": "string"}}})
    offered = [*actions, reply] if may_reply or not actions else list(actions)
    shared = {_own(one, name): _plain(shape, one) for one in offered for name, shape in _shared(one).items()}
    return _closed({"do": {"anyOf": [_step(one) for one in offered]}}) | ({"$defs": shared} if shared else {})


def _step(action: Action) -> dict[str, Any]:
    properties = {name: _plain(prop, action) for name, prop in action.schema.get("properties", {}).items()}
    return _closed({"action": {"type": "string", "const": action.name}, "arguments": _closed(properties)})


def _shared(action: Action) -> dict[str, Any]:
    shared: dict[str, Any] = action.schema.get("$defs", {})
    return shared


def _own(action: Action, name: str) -> str:
    """Name a definition after its action: two tools may mean different things by one name."""
    return f"{action.name}.{name}"


def _closed(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _plain(prop: dict[str, Any], action: Action) -> dict[str, Any]:
    """Keep what every strict mode knows, at every depth; bounds are checked in code anyway."""
    kept = {key: value for key, value in prop.items() if key in PLAIN_KEYS}
    if "anyOf" in kept:
        kept["anyOf"] = [_plain(one, action) for one in kept["anyOf"]]
    if "items" in kept:
        kept["items"] = _plain(kept["items"], action)
    if "$ref" in kept:
        kept["$ref"] = f"#/$defs/{_own(action, kept['$ref'].rpartition('/')[2])}"
    if "properties" in kept:
        kept |= _closed({name: _plain(one, action) for name, one in kept["properties"].items()})
    return kept


def as_messages(prompt: Prompt, *, json_mode: bool) -> list[dict[str, Any]]:
    """Return the chat messages: the stable head, the conversation, then where things stand."""
    turn_message = _json_message if json_mode else _native_message
    messages = [{"role": "system", "content": prompt.head}, *(turn_message(turn) for turn in prompt.turns)]
    note = as_data(prompt.note, tag="desk")
    return (
        _merged([*messages, {"role": "user", "content": note}])
        if json_mode
        else [*messages, {"role": "user", "content": note}]
    )


def _merged(messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Join neighbours of one role: many chat templates insist on turns."""
    merged: list[dict[str, Any]] = []
    for message in messages:
        if merged and merged[-1]["role"] == message["role"]:
            merged[-1] = {**message, "content": f"{merged[-1]['content']}\n{message['content']}"}
        else:
            merged.append(message)
    return merged


def _json_message(turn: Turn) -> dict[str, Any]:
    match turn:
        case Said(role="player"):
            return {"role": "user", "content": as_data(turn.text, tag="player")}
        case Said():
            return {"role": "assistant", "content": _do(REPLY, {"text": turn.text})}
        case Called():
            return {"role": "assistant", "content": _do(turn.name, dict(turn.arguments))}
        case Answered():
            return {"role": "user", "content": as_data(dump_json(turn.data), tag="result")}


def _do(action: str, arguments: dict[str, Value]) -> str:
    return dump_json({"do": {"action": action, "arguments": arguments}})


def _native_message(turn: Turn) -> dict[str, Any]:
    match turn:
        case Said(role="player"):
            return {"role": "user", "content": as_data(turn.text, tag="player")}
        case Said():
            return {"role": "assistant", "content": turn.text}
        case Called():
            function = {"name": turn.name, "arguments": dump_json(dict(turn.arguments))}
            return {
                "role": "assistant",
                "content": None,
                "tool_calls": [{"id": turn.id, "type": "function", "function": function}],
            }
        case Answered():
            return {
                "role": "tool",
                "tool_call_id": turn.id,
                "content": as_data(dump_json(turn.data), tag="result"),
            }


class _Part(BaseModel):
    """A part of an answer that we rely on. The SDK checks nothing, and endpoints add and omit what they like."""

    model_config = ConfigDict(extra="ignore", from_attributes=True, hide_input_in_errors=True)


class _Function(_Part):
    name: str
    arguments: str | None = None


class _ToolCall(_Part):
    function: _Function


class _Message(_Part):
    content: str | None = None
    refusal: str | None = None
    tool_calls: list[_ToolCall] | None = None


class _Choice(_Part):
    finish_reason: str | None = None
    message: _Message


class _Usage(_Part):
    prompt_tokens: NonNegativeInt | None = None
    completion_tokens: NonNegativeInt | None = None


class _Answer(_Part):
    choices: list[_Choice] | None = None
    usage: _Usage | None = None


def _shaped(answer: ChatCompletion) -> _Answer:
    try:
        return _Answer.model_validate(answer)
    except ValidationError as error:
        raise BadAnswer("the answer is not a chat completion") from error


def tokens_of(answer: ChatCompletion) -> tuple[int, int]:
    """Return the tokens of the prompt and of the answer, 0 where the endpoint does not count."""
    usage = _shaped(answer).usage
    return (0, 0) if usage is None else (usage.prompt_tokens or 0, usage.completion_tokens or 0)


def _whole(answer: ChatCompletion) -> _Message:
    """Return the message; refuse an answer that was cut, or that is a refusal."""
    choices = _shaped(answer).choices
    if not choices:
        raise BadAnswer("no choice in the answer")
    choice = choices[0]
    if choice.finish_reason not in {"stop", "tool_calls"}:
        raise BadAnswer(f"the answer ended with `{choice.finish_reason}`")
    if choice.message.refusal:
        raise BadAnswer("the model refused")
    return choice.message


def _object(text: str) -> dict[str, Value]:
    try:
        value = load_json(text, name="answer").value
    except DocumentError as error:
        raise BadAnswer("the answer is not JSON") from error
    if not isinstance(value, dict):
        raise BadAnswer("the answer is not a JSON object")
    return value


def read_action(answer: ChatCompletion, names: set[str]) -> Read:
    """Read one JSON action, which must be among the names; `reply` is one only where it was offered."""
    do = _object(_whole(answer).content or "").get("do")
    if not isinstance(do, dict):
        raise BadAnswer("the answer has no action with arguments")
    name, arguments = do.get("action"), do.get("arguments")
    if not isinstance(name, str) or not isinstance(arguments, dict):
        raise BadAnswer("the answer has no action with arguments")
    if name not in names:
        raise BadAnswer("the answer names an action that was not offered")  # its name could be a player's words
    if name == REPLY:
        return (), _said(arguments.get("text"))
    return (ProposedCall(name=name, arguments=arguments),), None


def read_native(answer: ChatCompletion) -> Read:
    """Read tool calls, or a text. A call to an unknown tool is passed on: code refuses it with a reason."""
    message = _whole(answer)
    functions = [call.function for call in message.tool_calls or ()]
    calls = tuple(ProposedCall(name=one.name, arguments=_object(one.arguments or "{}")) for one in functions)
    return calls, None if calls else _said(message.content)


def _said(text: Value) -> str:
    if not isinstance(text, str) or not text.strip():
        raise BadAnswer("the answer is empty")
    return text.strip()


def read_choice(answer: ChatCompletion) -> str:
    """Read the name of a procedure."""
    return str(_object(_whole(answer).content or "").get("procedure", ""))
