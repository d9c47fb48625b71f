"""A question to a model as named texts, each known by its hash, so that a changed text is found by its name.

The names: `prompt/system` is the head without what belongs to others, `procedure/<id>` the procedure as the head shows
it, `tools/<name>` a tool's description and whole schema, `offered` what the ticket narrows of the schemas, `history`
the conversation, `note` where things stand, `parameters` the rest. Together they are the whole question, and nothing
of it stands in two of them: one changed sentence changes one text.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Final, Literal, TypeAlias, cast
from unicodedata import is_normalized, normalize

from agent.model.port import Action, Answered, Called, Prompt, Request, Said, Turn
from casino.document import canonical_json, load_json
from casino.values import Document, Value

Node: TypeAlias = Literal["think", "choose"]
HISTORY: Final = "history"
OFFERED: Final = "offered"
NOTE: Final = "note"
PARAMETERS: Final = "parameters"
_DOCUMENTS: Final = frozenset({HISTORY, OFFERED, PARAMETERS})  # and all of `tools/`
SYSTEM: Final = "prompt/system"
ROUTE: Final = "prompt/route"
PROCEDURE: Final = "procedure/"
TOOLS: Final = "tools/"
LEFT_OUT: Final = "[…]"  # in the head, where the text of another name stood

_BEFORE: Final = re.compile(r'\{"before":"([0-9a-f]{64})"')  # the beginning of a turn that another came before
# What the desk numbers itself: at random when it is live, counting up in a sandbox.
_RUN_ID: Final = re.compile(r"[AD]-(?:[0-9a-f]{16}|[0-9]{1,9})")
_WORD_ID: Final = re.compile(rf"(?<![\w-]){_RUN_ID.pattern}(?![\w-])")
_POSITION: Final = re.compile(r"\b[AD]#[0-9]+\b")

_WITHOUT_FRACTIONS: Final = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def sha256_of(text: str) -> str:
    """Return the sha256 of a text, which is its name."""
    return hashlib.sha256(text.encode()).hexdigest()


def nfc(text: str) -> str:
    """Return a text in the Unicode form in which files are read: it must have the same hash afterwards."""
    return text if text.isascii() or is_normalized("NFC", text) else normalize("NFC", text)


def normal(value: object) -> Value:
    """Return a JSON value with numbers and texts in one form: 25 and 25.0 are the same. Raises TypeError."""
    match value:
        case None | bool() | int():
            return value
        case str():
            return nfc(value)
        case Decimal():
            return int(value) if value == value.to_integral_value() else Decimal(f"{value:f}".rstrip("0"))
        case float():  # schemas of foreign tools may hold some
            return normal(Decimal(repr(value)))
        case Mapping():
            return {nfc(name): normal(one) for name, one in cast("Mapping[str, object]", value).items()}
        case list() | tuple():
            return [normal(one) for one in cast("Sequence[object]", value)]
        case _:
            raise TypeError(f"a {type(value).__name__} is no JSON value")


def canonical(value: object) -> str:
    """Return the one spelling of a JSON value: sorted keys, no spaces, each number in one form."""
    return spelt(normal(value))


def spelt(value: Value) -> str:
    """Write a value in which no float is left as `canonical_json` does; much faster where it has no exact fraction."""
    try:
        return _WITHOUT_FRACTIONS.encode(value)
    except TypeError:
        return canonical_json(value)


@dataclass(frozen=True, slots=True)
class RunIds:
    """What a run has numbered itself, in the order in which a conversation names it. Recordings know positions only."""

    found: tuple[str, ...] = ()

    def without(self, value: Value) -> Value:
        """Return a value in which each id of the run is replaced by its position, such as `D#1`."""
        by = {one: _position(at, one) for at, one in enumerate(self.found, start=1)}
        return _replaced(value, _WORD_ID, by) if by else value

    def within(self, value: Value) -> Value:
        """Return a value in which each position is replaced by the id that this run has there."""
        by = {_position(at, one): one for at, one in enumerate(self.found, start=1)}
        return _replaced(value, _POSITION, by) if by else value


def _replaced(value: Value, pattern: re.Pattern[str], by: Mapping[str, str]) -> Value:
    match value:
        case str():
            return pattern.sub(lambda one: by.get(one[0], one[0]), value)
        case list():
            return [_replaced(one, pattern, by) for one in value]
        case dict():
            return {name: _replaced(one, pattern, by) for name, one in value.items()}
        case _:
            return value


def _position(at: int, run_id: str) -> str:
    return f"{run_id[0]}#{at}"


def run_ids(values: Sequence[Document]) -> RunIds:
    """Return the ids of a run that stand in these values as they are, in order."""
    return RunIds(tuple(dict.fromkeys(one for value in values for one in _ids_in(dict(value)))))


def _ids_in(value: Value) -> Iterator[str]:
    match value:
        case str() if _RUN_ID.fullmatch(value):
            yield value
        case list():
            for one in value:
                yield from _ids_in(one)
        case dict():
            for one in value.values():
                yield from _ids_in(one)
        case _:
            return


@dataclass(frozen=True, slots=True, kw_only=True)
class Segments:
    """A question, taken apart."""

    node: Node
    hashes: Mapping[str, str]  # by name
    texts: Mapping[str, str]  # by hash; also of every turn before the last, which `history` is chained to
    ids: RunIds
    key: str  # the sha256 of the whole question


def segments_of(request: Request) -> Segments:
    """Take a request for a proposal apart."""
    prompt = request.prompt
    head = _Head(prompt.head)
    named: dict[str, str] = {}
    if prompt.procedure is not None:
        shown = prompt.procedure
        head.take_out(shown.text.strip(), with_title=shown.title)
        named[f"{PROCEDURE}{shown.id}"] = f"{shown.title}\n{shown.text.strip()}"
    ids = _ids_of(prompt.turns)
    tools, offered = _tools(prompt, head)
    return _segments(
        "think",
        {
            **named,
            **tools,
            SYSTEM: head.text,
            OFFERED: canonical(ids.without(offered)),
            NOTE: prompt.note,
            PARAMETERS: canonical({"may_reply": prompt.may_reply}),
        },
        turns=prompt.turns,
        ids=ids,
    )


def segments_of_choice(text: str, options: Mapping[str, str], *, route: str = "") -> Segments:
    """Take a question of triage apart. `route` is the prompt as it is shown for these options, where it is known."""
    head = _Head(route)
    for description in options.values():
        head.take_out(description)
    named = {f"{PROCEDURE}{name}": description for name, description in options.items()}
    return _segments("choose", {**named, ROUTE: head.text}, turns=(Said("player", text),), ids=RunIds())


def _segments(node: Node, named: Mapping[str, str], *, turns: Sequence[Turn], ids: RunIds) -> Segments:
    chain = _chain(turns, ids)
    written = {name: nfc(text) for name, text in named.items()}
    hashes = {name: sha256_of(text) for name, text in written.items()}
    texts = {hashes[name]: text for name, text in written.items()}
    hashes[HISTORY], texts = next(reversed(chain)), {**texts, **chain}
    key = key_of(node, hashes)
    return Segments(node=node, hashes=hashes, texts=texts, ids=ids, key=key)


def key_of(node: Node, hashes: Mapping[str, str]) -> str:
    """Return the sha256 of a whole question, given those of its texts."""
    return sha256_of(spelt({"node": node, "segments": {**hashes}}))


class _Head:
    """The head of a prompt, while what belongs to others is taken out of it."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text

    def take_out(self, text: str, *, with_title: str = "") -> None:
        """Take out the last place of a text, and its title where that stands nearest before it."""
        before, found, after = self.text.rpartition(text) if text else ("", "", "")
        if not found:
            return
        first, title, between = before.rpartition(with_title) if with_title else ("", "", "")
        self.text = f"{first}{LEFT_OUT}{between}{LEFT_OUT}{after}" if title else f"{before}{LEFT_OUT}{after}"

    def take_line(self, text: str) -> str | None:
        """Take out the whole line in which a text stands; None where there is none."""
        at = self.text.find(text) if text else -1
        if at < 0:
            return None
        begin = self.text.rfind("\n", 0, at) + 1
        end = self.text.find("\n", at + len(text))
        end = len(self.text) if end < 0 else end
        line = self.text[begin:end]
        self.text = f"{self.text[:begin]}{LEFT_OUT}{self.text[end:]}"
        return line


def _tools(prompt: Prompt, head: _Head) -> tuple[dict[str, str], dict[str, Value]]:
    """Return one text for each tool that the model sees, and what the ticket has narrowed of their schemas."""
    listed = {one.name: line for one in prompt.bound if (line := head.take_line(one.description)) is not None}
    whole = {one.name: one for one in prompt.bound}
    offered = {one.name: one for one in prompt.actions}
    named: dict[str, str] = {}
    for name in sorted({*listed, *offered}):
        plain = _plain(whole.get(name) or offered[name])
        named[f"{TOOLS}{name}"] = _with_line(plain, listed[name]) if name in listed else plain
    return named, {name: _narrowed(whole.get(name, one), one) for name, one in sorted(offered.items())}


def _with_line(plain: str, line: str) -> str:
    """Add the line of the head to the text of a tool; its keys stay in order."""
    return f'{plain[:-1]},"shown":{canonical_json(line)}}}'


def _plain(action: Action) -> str:
    """Write down a tool. It is the same at every question, so what was worked out once is kept."""
    try:
        return _plain_json(action.description, json.dumps(action.schema))
    except TypeError:  # exact numbers, which this faster way does not know
        return canonical({"description": action.description, "schema": action.schema})


@lru_cache(maxsize=1024)
def _plain_json(description: str, schema: str) -> str:
    read: object = json.loads(schema, parse_float=Decimal)
    return canonical({"description": description, "schema": read})


def _narrowed(whole: Action, offered: Action) -> dict[str, Value]:
    """Return where a tool is offered otherwise than it was declared, by JSON pointer."""
    if whole is offered or (whole.description == offered.description and whole.schema == offered.schema):
        return {}
    declared: object = {"description": whole.description, "schema": whole.schema}
    found: object = {"description": offered.description, "schema": offered.schema}
    changed = _changes(declared, found, "")
    return {pointer: [] if now is _GONE else [normal(now)] for pointer, now in changed}


class _Gone:
    """What stands at a place where there is nothing."""


_GONE: Final = _Gone()


def _changes(was: object, now: object, pointer: str) -> Iterator[tuple[str, object]]:
    """Yield the smallest places at which two JSON values differ, keys in order; a list is one place."""
    if isinstance(was, Mapping) and isinstance(now, Mapping):
        before, after = cast("Mapping[str, object]", was), cast("Mapping[str, object]", now)
        for name in sorted({*before, *after}):
            yield from _changes(before.get(name, _GONE), after.get(name, _GONE), f"{pointer}/{escaped(name)}")
    elif was != now:
        yield pointer, now


def escaped(name: str) -> str:
    """Return a name as a piece of a JSON pointer (RFC 6901)."""
    return name.replace("~", "~0").replace("/", "~1")


def _ids_of(turns: Sequence[Turn]) -> RunIds:
    """Return the ids of the run that calls and results name as such; what people write is never one."""
    values = [
        one.arguments if isinstance(one, Called) else one.data for one in turns if isinstance(one, Called | Answered)
    ]
    return run_ids(values)


def _chain(turns: Sequence[Turn], ids: RunIds) -> dict[str, str]:
    """Write each turn with the hash of what came before: a conversation that grows is stored once, not once a call."""
    chain: dict[str, str] = {}
    calls: dict[str, int] = {}
    before: str | None = None
    for turn in turns:
        text = spelt({"before": before, "turn": _turn(turn, calls, ids)})
        before = sha256_of(text)
        chain[before] = text
    if before is None:
        text = canonical_json({"before": None, "turn": None})
        chain[sha256_of(text)] = text
    return chain


def _turn(turn: Turn, calls: dict[str, int], ids: RunIds) -> dict[str, Value]:
    """Write one turn; the id of a call is its position among the calls."""
    match turn:
        case Said(role="player"):
            return {"role": turn.role, "text": nfc(turn.text)}
        case Said():
            return {"role": turn.role, "text": ids.without(nfc(turn.text))}
        case Called():
            number = calls.setdefault(turn.id, len(calls) + 1)
            return {"call": number, "name": turn.name, "arguments": ids.without(normal(turn.arguments))}
        case Answered():
            number = calls.setdefault(turn.id, len(calls) + 1)
            data = ids.without(normal(turn.data))
            return {"call": number, "name": turn.name, "status": turn.status, "data": data}


def is_document(name: str) -> bool:
    """Tell whether the segment of this name is JSON; the others are plain text."""
    return name in _DOCUMENTS or name.startswith(TOOLS)


def content_of(name: str, sha256: str, texts: Mapping[str, str]) -> Value:
    """Return what a segment says: a document where it is one, the turns of a history, else the text.

    Raises KeyError where a text of it is not there, and `DocumentError` where one is no JSON.
    """
    if name == HISTORY:
        return [*_unchained(sha256, texts)]
    if is_document(name):
        return load_json(texts[sha256], name=name).value
    return texts[sha256]


def links(sha256: str, texts: Mapping[str, str]) -> Iterator[str]:
    """Yield the hashes of a history from its end to its beginning. Raises KeyError where the chain is broken."""
    before: str | None = sha256
    while before is not None:
        yield before
        found = _BEFORE.match(texts[before])
        before = None if found is None else found[1]


def _unchained(sha256: str, texts: Mapping[str, str]) -> list[Value]:
    turns: list[Value] = []
    for one in links(sha256, texts):
        link = load_json(texts[one], name=HISTORY).value
        if isinstance(link, dict) and link.get("turn") is not None:
            turns.append(link["turn"])
    return turns[::-1]
