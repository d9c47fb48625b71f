"""What is kept of an endpoint's answer: the fields that are known, and never the key that it was asked with.

Some endpoints and the gateways before them send back what they were sent, headers too, in fields of their own. What is
kept is listed here field by field, so nothing else reaches a record, a report or a recording.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final, TypeAlias

from agent.model.port import Proposal
from casino.values import Document, Value

HIDDEN: Final = "[hidden]"
SHORTEST_KEY: Final = 12  # what is shorter stands in for a key that nobody asks for, such as "none", and is a word

# The fields that are kept, each with those within it: none for a plain value.
_Shape: TypeAlias = Mapping[str, "_Shape"]
_PLAIN: Final[_Shape] = MappingProxyType[str, "_Shape"]({})


def _fields(*plain: str, **within: _Shape) -> _Shape:
    return MappingProxyType({**dict.fromkeys(plain, _PLAIN), **within})


_CALL: Final = _fields("id", "type", function=_fields("name", "arguments"))
_MESSAGE: Final = _fields("role", "content", "refusal", tool_calls=_CALL)
_RESPONSE: Final = _fields(
    *("id", "object", "created", "model", "system_fingerprint"),
    choices=_fields("index", "finish_reason", message=_MESSAGE),
    usage=_fields("prompt_tokens", "completion_tokens", "total_tokens"),
)


def known_fields(response: Document) -> dict[str, Value]:
    """Return an answer without the fields that are not listed."""
    return {name: _allowed(response[name], shape) for name, shape in _RESPONSE.items() if name in response}


def _allowed(value: Value, shape: _Shape) -> Value:
    """Return what of a value is in the list; where a plain value is meant, an object or a list is nothing."""
    match value:
        case list():
            return [_allowed(one, shape) for one in value] if shape else None
        case dict():
            return {name: _allowed(value[name], shape[name]) for name in shape if name in value} if shape else None
        case _:
            return None if shape else value


def without_key(text: str, key: str) -> str:
    """Return a text that does not tell the key."""
    return text.replace(key, HIDDEN) if len(key) >= SHORTEST_KEY else text


def rewritten(document: Document, rewrite: Callable[[str], str]) -> dict[str, Value]:
    """Return a document with every text in it rewritten, names too."""
    return {rewrite(name): _rewritten(one, rewrite) for name, one in document.items()}


def _rewritten(value: Value, rewrite: Callable[[str], str]) -> Value:
    match value:
        case str():
            return rewrite(value)
        case list():
            return [_rewritten(one, rewrite) for one in value]
        case dict():
            return rewritten(value, rewrite)
        case _:
            return value


def reworded(proposal: Proposal, rewrite: Callable[[str], str]) -> Proposal:
    """Return a proposal with what the model said rewritten: its words, and its calls."""
    calls = (
        replace(one, name=rewrite(one.name), arguments=rewritten(one.arguments, rewrite)) for one in proposal.calls
    )
    return replace(proposal, calls=tuple(calls), text=None if proposal.text is None else rewrite(proposal.text))
