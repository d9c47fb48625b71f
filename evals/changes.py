"""What each call changed: the state that a ticket stands on before and after it, as operations of RFC 6902.

The state is told by the record and by the rows at the end: who is verified, the decisions, the ledger, what was
granted, the hand-overs. What a call changed stands at its result, all of it together; what changes outside of a call,
at its own entry. A test of the old value stands before each operation that takes one away.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from casino.values import Document, Value
from tools.record import Entry, Kind
from tools.world import VERIFIED

Operation: TypeAlias = dict[str, Value]
_State: TypeAlias = Mapping[str, Value]
_THERE: Final = frozenset({"done", "unknown"})  # how an effect stands that the other side may have brought about


def changes_of(
    entries: Sequence[Entry], *, granted: Sequence[Document] = (), handoffs: Sequence[Document] = ()
) -> list[tuple[Operation, ...]]:
    """Return what changed at each entry of a ticket's record; the rows are those that were there at the end."""
    told: list[tuple[Operation, ...]] = [() for _ in entries]
    books = _Books(granted=[*granted], handoffs=[*handoffs])
    shown = before = books.state
    is_open = False  # a call has begun and has no result yet
    for at, entry in enumerate(entries):
        if entry.kind == Kind.TOOL_CALL and is_open:  # the call before this one never came to a result
            told[at - 1], shown = (*told[at - 1], *diff(shown, before)), before
        books.read(entry)
        is_open = entry.kind == Kind.TOOL_CALL or (is_open and entry.kind != Kind.TOOL_RESULT)
        if not is_open or at == len(entries) - 1:
            told[at], shown = (*diff(shown, books.state),), books.state
        before = books.state
    return told


@dataclass(slots=True, kw_only=True)
class _Books:
    """The state of a ticket while its record is read. Each change makes a new one: the older ones stay as they were."""

    granted: list[Document]  # rows of the bonus system that no entry has told of yet
    handoffs: list[Document]  # the same of the humans' inbox
    decisions: Mapping[str, Value] = field(default_factory=dict[str, Value])  # that an effect carries out, by its key
    state: _State = field(default_factory=lambda: {"decisions": {}, "ledger": {}, "granted": [], "handoffs": {}})

    def read(self, entry: Entry) -> None:
        """Take note of one entry."""
        body = entry.body
        match entry.kind:
            case Kind.TOOL_RESULT:
                self._establish(body.get("establishes"))
            case Kind.DECISION_MINTED:
                self._put("decisions", body["decision_id"], _of(body, "player_id", "status", "configuration", "tier"))
            case Kind.EFFECT_CLAIMED | Kind.EFFECT_SHADOWED:
                self._claim(body)
            case Kind.EFFECT_SETTLED:
                self._settle(str(body["key"]), body)
            case Kind.HANDED_OVER:
                row: Document = self.handoffs.pop(0) if self.handoffs else {}
                self._put("handoffs", body["handoff_id"], _of(row, "reason_code", "why"))  # the note is its intent
            case _:
                pass

    def _put(self, book: str, name: Value, row: Operation) -> None:
        self.state = {**self.state, book: {**_object(self.state[book]), str(name): row}}

    def _claim(self, body: Document) -> None:
        self.decisions = {**self.decisions, str(body["key"]): body.get("decision_id")}
        self._put("ledger", body["key"], _of(body, "tool", "state", "intent"))

    def _establish(self, facts: Value) -> None:
        verified = _object(facts).get(VERIFIED)
        if verified is not None:
            self.state = {**self.state, "verified": _object(verified).get("player_id")}

    def _settle(self, key: str, body: Document) -> None:
        row = _object(_object(self.state["ledger"]).get(key))
        self._put("ledger", key, {**row, "state": body.get("state")})  # what came of it stands in the call's result
        if body.get("state") in _THERE:
            self._grant(self.decisions.get(key))

    def _grant(self, decision_id: Value) -> None:
        """Take over the rows of the decision that an effect carries out: they are there once it is settled."""
        there = [row for row in self.granted if row.get("decision_id") == decision_id]
        if there:
            before = self.state["granted"]
            self.granted = [row for row in self.granted if row not in there]
            rows: list[Value] = [*(before if isinstance(before, list) else []), *(dict(row) for row in there)]
            self.state = {**self.state, "granted": rows}


def _of(body: Document, *names: str) -> Operation:
    """Return some values of a body; what is null says nothing to a reader."""
    return {name: value for name in names if (value := body.get(name)) is not None}


def _object(value: Value) -> Document:
    return value if isinstance(value, Mapping) else {}


def diff(was: Value | Document, now: Value | Document, at: str = "") -> Iterator[Operation]:
    """Yield the operations that turn one value into the other; `at` is the JSON pointer (RFC 6901) of both."""
    if was is now:
        return
    if isinstance(was, Mapping) and isinstance(now, Mapping):
        yield from _of_objects(was, now, at)
    elif isinstance(was, list) and isinstance(now, list):
        yield from _of_lists(was, now, at)
    elif was != now or isinstance(was, bool) is not isinstance(now, bool):
        yield {"op": "test", "path": at, "value": _plain(was)}
        yield {"op": "replace", "path": at, "value": _plain(now)}


def _of_objects(was: Document, now: Document, at: str) -> Iterator[Operation]:
    for name, value in was.items():
        if name in now:
            yield from diff(value, now[name], _below(at, name))
        else:
            yield from _removed(_below(at, name), value)
    yield from ({"op": "add", "path": _below(at, name), "value": now[name]} for name in now if name not in was)


def _of_lists(was: Sequence[Value], now: Sequence[Value], at: str) -> Iterator[Operation]:
    for number, (before, after) in enumerate(zip(was, now, strict=False)):
        yield from diff(before, after, f"{at}/{number}")
    for number in reversed(range(len(now), len(was))):  # from the end: what goes must not move what stays
        yield from _removed(f"{at}/{number}", was[number])
    for number in range(len(was), len(now)):
        yield {"op": "add", "path": f"{at}/{number}", "value": now[number]}


def _removed(at: str, value: Value) -> Iterator[Operation]:
    yield {"op": "test", "path": at, "value": value}
    yield {"op": "remove", "path": at}


def _below(at: str, name: str) -> str:
    return f"{at}/{name.replace('~', '~0').replace('/', '~1')}"


def _plain(value: Value | Document) -> Value:
    return dict(value) if isinstance(value, Mapping) else value
