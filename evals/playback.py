"""Play a recording back: recorded answers instead of a model, and word of every place at which a replay left it.

A question is answered where the very same one was recorded. Where it differs only in named texts, the old answer says
nothing about the new question: `strict` refuses it, `tolerant` serves it, and the ticket is stale either way. What was
never recorded is a miss. Nothing ever goes to a live model.
"""

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType
from typing import Final, Literal, TypeAlias

from agent.model.port import ModelDown, Proposal, ProposedCall, Request
from agent.prompts import Prompts
from casino.values import Document, Value
from evals.differing import LINE, Place, differing
from evals.record import route_of, tools_of
from evals.recording import Desk, Exchange, Recording, Response, ToolExchange
from evals.segments import (
    HISTORY,
    NOTE,
    OFFERED,
    PARAMETERS,
    PROCEDURE,
    SYSTEM,
    TOOLS,
    Node,
    RunIds,
    Segments,
    canonical,
    content_of,
    is_document,
    normal,
    segments_of,
    segments_of_choice,
)
from evals.trial import Difference, Divergence
from tools.record import Entry

Match: TypeAlias = Literal["strict", "tolerant"]
HOUSE: Final = ("prompt/", PROCEDURE, TOOLS)  # texts of the house; the others are of the ticket
QUESTIONS: Final[Mapping[Node, str]] = MappingProxyType({"think": "question", "choose": "choice"})  # whole, by its node
RESULTS: Final = "results/"  # what a tool answered
ASKED: Final[Document] = MappingProxyType({"temperature": Decimal(0), "max_tokens": 400})  # as `OpenAIModel` asks


def asked_today(desk: Desk) -> Document:
    """Return the parameters that a model would be asked with today.

    They are written down here, since to import our client takes longer than a replay; a test holds them against it.
    Which model it is, is not among them: a ticket may be recorded with any.
    """
    return {**ASKED, "tool_mode": "json" if desk.json_mode else "native"}


class Miss(ModelDown):
    """The recording has no answer to this question. The ticket is stale, whatever comes after."""


@dataclass(slots=True, kw_only=True)
class PlaybackModel:
    """The model port over a recording. One for each replay.

    After a miss every further question is one too: what comes then is a consequence, and is not reported. Whoever
    replays asks for `divergences()` at the end: any of them makes the ticket stale, whatever its end state is.
    """

    recording: Recording
    prompts: Prompts
    match: Match = "strict"
    parameters: Document | None = (
        None  # that a model would be asked with today, those of them that were recorded; None: none is compared
    )
    is_llm: bool = False
    calls: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    _left: dict[tuple[str, str], deque[Exchange]] = field(init=False)
    _by_number: dict[int, Exchange] = field(init=False)
    _used: set[int] = field(default_factory=set[int])
    _newest: int = 0  # the number of the exchange that was served last
    _missed: bool = False
    _noted: list[Divergence] = field(default_factory=list[Divergence])
    _played: dict[str, dict[str, None]] = field(default_factory=dict[str, dict[str, None]])

    def __post_init__(self) -> None:
        """Sort the exchanges by what was asked; those with one key keep their order."""
        self._left = defaultdict(deque)
        for one in self.recording.exchanges:
            self._left[one.node, one.key].append(one)
        self._by_number = {one.n: one for one in self.recording.exchanges}

    @property
    def name(self) -> str:
        """The name of the model that was recorded."""
        return self.recording.versions.model

    async def propose(self, request: Request) -> Proposal:
        """Return the recorded answer; raise `Miss`, or the `ModelDown` that was recorded."""
        asked = segments_of(request)
        exchange = self._served(asked)
        if exchange.response is None:
            raise ModelDown(exchange.down or "")
        self.tokens_in += exchange.response.tokens_in
        self.tokens_out += exchange.response.tokens_out
        return _proposal(exchange.response, asked.ids)

    async def choose(self, text: str, options: Mapping[str, str]) -> str | None:
        """Return the recorded choice; raise `Miss`, or the `ModelDown` that was recorded."""
        asked = segments_of_choice(text, options, route=route_of(self.prompts, options))
        exchange = self._served(asked)
        if exchange.down is not None:
            raise ModelDown(exchange.down)
        return exchange.chosen

    def divergences(self) -> tuple[Divergence, ...]:
        """Return every place at which the replay left its recording, each once, in order; none: it is the same."""
        return tuple(_each_once(self._noted if self._missed else [*self._noted, *self._unused()]))

    @property
    def segments(self) -> dict[str, str]:
        """Return the sha256 of each text of the house that was asked with; a second of one name as `name@2`."""
        return {
            name if number == 1 else f"{name}@{number}": sha256
            for name, hashes in sorted(self._played.items())
            for number, sha256 in enumerate(hashes, start=1)
        }

    def _served(self, asked: Segments) -> Exchange:
        """Return the exchange that answers a question."""
        self.calls += 1
        for name, sha256 in asked.hashes.items():
            if name.startswith(HOUSE):
                self._played.setdefault(name, {})[sha256] = None
        if self._missed:
            raise Miss("the replay has left its recording: record the ticket again")
        same = self._left.get((asked.node, asked.key))
        found = same[0] if same else self._by_number.get(self._newest + 1)
        if found is None or found.n in self._used or found.node != asked.node:
            raise self._miss([self._extra(asked)], "was never recorded")
        differing = [*self._differing(found, asked), *self._other_parameters(found)]
        if differing and self.match == "strict":
            names = ", ".join(dict.fromkeys(one.segment for one in differing))
            raise self._miss(differing, f"was recorded with another {names}")
        self._noted += differing
        return self._use(found)

    def _use(self, exchange: Exchange) -> Exchange:
        self._left[exchange.node, exchange.key].remove(exchange)
        self._used.add(exchange.n)
        self._newest = exchange.n
        return exchange

    def _miss(self, noted: Sequence[Divergence], why: str) -> Miss:
        self._missed = True
        self._noted += noted
        return Miss(f"question {self.calls} to the model {why}: record the ticket again")

    def _extra(self, asked: Segments) -> Divergence:
        history = content_of(HISTORY, asked.hashes[HISTORY], asked.texts)
        newest = history[-1] if isinstance(history, list) and history else None
        return Divergence(
            exchange=0,
            kind=Difference.EXTRA_CALL,
            segment=QUESTIONS[asked.node],
            pointer=f"/{self.calls}",
            now=newest,
        )

    def _unused(self) -> Iterator[Divergence]:
        """Yield the answers that nobody asked for."""
        for one in self.recording.exchanges:
            if one.n not in self._used:
                yield Divergence(
                    exchange=one.n,
                    kind=Difference.UNUSED,
                    segment=QUESTIONS[one.node],
                    pointer=f"/{one.n}",
                    was=_answer(one),
                )

    def _differing(self, exchange: Exchange, asked: Segments) -> Iterator[Divergence]:
        """Yield every difference in each named text that is another one now, causes before consequences."""
        if exchange.key == asked.key:
            return
        was, now = exchange.segments, asked.hashes
        names = [name for name in {**was, **now} if was.get(name) != now.get(name)]
        contents = {name: self._contents(name, was.get(name), asked) for name in sorted(names, key=_rank)}
        found = {name: differing(name, *both) for name, both in contents.items()}
        talk = _kind_of_turn(found[HISTORY][0], *contents[HISTORY]) if HISTORY in found else None
        for name, places in found.items():
            kind = _kind(name, was_there=name in was and name in now, talk=talk)
            yield from _divergences(exchange.n, kind, name, places)

    def _contents(self, name: str, before: str | None, asked: Segments) -> tuple[Value, Value]:
        """Return what a text was and is now."""
        after = asked.hashes.get(name)
        was = None if before is None else content_of(name, before, self.recording.segments)
        return was, None if after is None else content_of(name, after, asked.texts)

    def _other_parameters(self, exchange: Exchange) -> Iterator[Divergence]:
        if self.parameters is None or exchange.response is None:
            return
        recorded = exchange.response.parameters  # the policy model has none
        names = [name for name in self.parameters if name in recorded]
        was, now = (normal({name: one[name] for name in names}) for one in (recorded, self.parameters))
        if was != now:
            yield from _divergences(exchange.n, Difference.PARAMETERS, PARAMETERS, differing(PARAMETERS, was, now))


def _divergences(exchange: int, kind: Difference, segment: str, places: Iterable[Place]) -> Iterator[Divergence]:
    for one in places:
        yield Divergence(exchange=exchange, kind=kind, segment=segment, pointer=one.pointer, was=one.was, now=one.now)


def _each_once(noted: Iterable[Divergence]) -> Iterable[Divergence]:
    """Return what differs once, however many questions show it.

    A line stands on another line, and further out, once its branch is open; so it is known by what it was and is. What
    was told as a change of the house is not told again where the conversations have parted since.
    """
    told: dict[tuple[str, int], Divergence] = {}
    here: dict[tuple[int, str], dict[str, int]] = defaultdict(dict)  # of a question, the places of what reads the same
    for one in noted:
        is_line = one.pointer.startswith(LINE) and not is_document(one.segment)
        place, read = ("", [_stripped(one.was), _stripped(one.now)]) if is_line else (one.pointer, [one.was, one.now])
        key = canonical([one.segment, place, *read])
        places = here[one.exchange, key]
        told.setdefault((key, places.setdefault(one.pointer, len(places))), one)
    return told.values()


def _stripped(line: Value) -> Value:
    return line.strip() if isinstance(line, str) else line


_ORDER: Final = (HISTORY, PROCEDURE, "prompt/", TOOLS, PARAMETERS, OFFERED, NOTE)


def _rank(name: str) -> tuple[int, str]:
    return next((at for at, one in enumerate(_ORDER) if name.startswith(one)), len(_ORDER)), name


def _kind(name: str, *, was_there: bool, talk: Difference | None) -> Difference:
    """Return the kind of a difference.

    Where the conversations differ (`talk` says in what), the branch of the procedure that is shown, the tools that are
    offered and the note follow from that: the house has changed none of them.
    """
    if name == SYSTEM:
        return Difference.PROMPT
    if name.startswith(TOOLS) and (was_there or talk is None):
        return Difference.TOOL_SCHEMA
    if talk is not None:
        return talk
    if name == PARAMETERS:
        return Difference.PARAMETERS
    return Difference.HISTORY if name == OFFERED else Difference.PROMPT


def _kind_of_turn(place: Place, was: Value, now: Value) -> Difference:
    """Tell whether the conversations part at what a tool answered, to the same call."""
    at = place.pointer.split("/")[1] if place.pointer else ""
    if not at.isdigit() or not isinstance(was, list) or not isinstance(now, list):
        return Difference.HISTORY
    turns = [turns[int(at)] if int(at) < len(turns) else None for turns in (was, now)]
    answers = [isinstance(turn, dict) and "status" in turn for turn in turns]
    return Difference.TOOL_RESULT if all(answers) else Difference.HISTORY


def _answer(exchange: Exchange) -> Value:
    """Return an answer in short, for a report."""
    if exchange.down is not None:
        return {"down": exchange.down}
    if exchange.response is None:
        return {"chosen": exchange.chosen}
    calls: list[Value] = [one.name for one in exchange.response.calls]
    return {"calls": calls} if calls else {"text": exchange.response.text}


def _proposal(response: Response, ids: RunIds) -> Proposal:
    """Return a recorded answer as the model gave it, with the ids that this run has at their positions."""
    return Proposal(
        model=response.model,
        calls=tuple(
            ProposedCall(name=one.name, arguments=_within(one.arguments, ids), confidence=one.confidence)
            for one in response.calls
        ),
        text=None if response.text is None else str(ids.within(response.text)),
        tokens_in=response.tokens_in,
        tokens_out=response.tokens_out,
        attempts=response.attempts,
        parameters=response.parameters,
        response=response.response,
    )


def _within(arguments: Document, ids: RunIds) -> dict[str, Value]:
    found = ids.within(dict(arguments))
    return found if isinstance(found, dict) else {}


def tool_divergences(recording: Recording, entries: Sequence[Entry]) -> tuple[Divergence, ...]:
    """Return where the tools of a replay left the recording: another result of the same call, or another call.

    Calls are the same by name and arguments, in recorded order where one comes twice. Of another result only the first
    place is told. `entries` is the replay's record.
    """
    left: dict[str, deque[ToolExchange]] = defaultdict(deque)
    for one in recording.tools:
        left[_called(one)].append(one)
    found: list[Divergence] = []
    made, _ = tools_of(entries, recording.exchanges)
    for one in made:
        same = left[_called(one)]
        if same:
            before = same.popleft()
            found += other_result(before, _told(before), _told(one))[:1]
        else:
            found.append(_extra_tool(one))
    unused = sorted((one for calls in left.values() for one in calls), key=lambda one: one.n)
    return (*found, *(_unused_tool(one) for one in unused))


def _called(one: ToolExchange) -> str:
    return canonical([one.name, one.arguments])


def _told(one: ToolExchange) -> Value:
    return normal({"status": one.status, "data": one.data})


def other_result(before: ToolExchange, was: Value, now: Value) -> tuple[Divergence, ...]:
    """Return every place at which what a tool answers now is not what was recorded; none where it is the same."""
    if was == now:
        return ()
    segment = f"{RESULTS}{before.name}"
    return tuple(_divergences(before.exchange, Difference.TOOL_RESULT, segment, differing(segment, was, now)))


def _extra_tool(one: ToolExchange) -> Divergence:
    now = normal(one.arguments)
    return Divergence(exchange=0, kind=Difference.EXTRA_CALL, segment=f"{RESULTS}{one.name}", pointer="", now=now)


def _unused_tool(one: ToolExchange) -> Divergence:
    segment, was = f"{RESULTS}{one.name}", normal(one.arguments)
    return Divergence(exchange=one.exchange, kind=Difference.UNUSED, segment=segment, pointer="", was=was)
