"""Level 2: the model is live, and the tools answer it as they did when the ticket was recorded.

A recorded answer may stand where a model reads, and nowhere else. What the gate goes by (facts, decisions, the ledger)
is the sandbox's own, so every tool runs there as well, and an effect is only ever answered by the gate. The same call
after the same calls is held against its recording: where the tool answers otherwise today, the model is given the old
answer, and the ticket is stale. Once a model has gone another way, the sandbox alone knows what is true.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, TypeAlias

from agent.house import House
from agent.model.port import Model
from agent.sandbox import sandbox_desk
from casino.values import Document, Value
from evals.end_state import end_state
from evals.grading.seen import granted_row
from evals.how import Unknown
from evals.play import play
from evals.playback import other_result, tool_divergences
from evals.record import tools_of
from evals.recording import Desk, Recording, ToolExchange
from evals.replay import Replayed
from evals.report.words import clipped, in_line, plain
from evals.segments import RunIds, canonical, normal, run_ids
from evals.ticket import Read
from evals.trial import Difference, Divergence, Part
from evals.whole import Stores, read_whole
from tools.record import Entry, Kind, Record
from tools.tool import EFFECTS, Call, Intent, Result, Status, Tool
from tools.tool import Kind as ToolKind

NOT_RECORDED: Final = "not_recorded"
_LONGEST: Final = 200  # characters of a value in a line
_Key: TypeAlias = str


@dataclass(slots=True, kw_only=True)
class Answers:
    """The answers of one recording. One for each replay."""

    recording: Recording
    record: Record
    tools: Mapping[str, Tool[Any]]
    unknown: Unknown = "sandbox"
    changed: list[Divergence] = field(default_factory=list[Divergence])  # tools that answer otherwise today

    def over(self) -> dict[str, Tool[Any]]:
        """Return the tools with the recording before each that only reads or decides."""
        return {name: tool if tool.kind in EFFECTS else self._recorded(tool) for name, tool in self.tools.items()}

    def _recorded(self, tool: Tool[Any]) -> Tool[Any]:
        async def run(arguments: Any, call: Call[Any]) -> Result | Intent:  # noqa: ANN401  # whatever the tool takes
            asked = _Asked.of(await self.record.entries(call.ticket_id), call.call_id)
            known = self._known(asked)
            if known is None and self.unknown == "fail":
                return Result(status=Status.REFUSED, data={"code": NOT_RECORDED, "message": "this was never recorded"})
            given = await tool.run(arguments, call)
            return given if known is None or isinstance(given, Intent) else self._answer(given, known, asked)

        return replace(tool, run=run)

    def _known(self, asked: "_Asked") -> int | None:
        """Return where the recorded call stands: the same name and arguments, as often called before."""
        same = [at for at, one in enumerate(self.recording.tools) if _key(one) == asked.key]
        return same[asked.times] if asked.times < len(same) else None

    def _answer(self, given: Result, at: int, asked: "_Asked") -> Result:
        known, ids = self.recording.tools[at], _more(asked.ids, given.data)
        now = normal(ids.without({"status": given.status.value, "data": dict(given.data)}))
        was = normal({"status": known.status, "data": known.data})
        if was == now or self._way(self.recording.tools[:at]) != self._way(asked.before):
            return given
        self.changed += other_result(known, was, now)
        data = ids.within(dict(known.data))
        return replace(given, data=data) if known.status == given.status and isinstance(data, dict) else given

    def _way(self, made: Sequence[ToolExchange]) -> list[_Key]:
        """Return the calls that may have changed what others answer."""
        reads = {name for name, tool in self.tools.items() if tool.kind is ToolKind.READ}
        return [_key(one) for one in made if one.name not in reads]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """A call that waits for its answer, in the words of a recording."""

    key: _Key
    times: int  # that it was made before
    before: Sequence[ToolExchange]
    ids: RunIds  # that the run has numbered up to here

    @classmethod
    def of(cls, entries: Sequence[Entry], call_id: str) -> "_Asked":
        """Find a call on the record, where it stands since before its tool was run."""
        begun = next(one for one in entries if one.kind == Kind.TOOL_CALL and one.body["id"] == call_id)
        arguments = _object(begun.body["arguments"])
        before, earlier = tools_of(entries, ())
        ids = _more(earlier, arguments)
        key = canonical([begun.body["name"], ids.without(normal(arguments))])
        return cls(key=key, times=sum(_key(one) == key for one in before), before=before, ids=ids)


def _more(ids: RunIds, said: Document) -> RunIds:
    """Return the ids of a run with those that are said next."""
    return RunIds(tuple(dict.fromkeys((*ids.found, *run_ids([said]).found))))


def _key(one: ToolExchange) -> _Key:
    return canonical([one.name, one.arguments])


def _object(value: Value) -> dict[str, Value]:
    return value if isinstance(value, dict) else {}


async def answered(  # what is replayed, by whom, and how that is asked
    read: Read,
    house: House,
    recording: Recording,
    *,
    model: Model | None = None,
    unknown: Unknown = "sandbox",
    desk: Desk | None = None,
) -> tuple[Replayed, Answers]:
    """Replay a recorded ticket with a live model; without one, with the built-in policy model.

    `desk` is how that model is asked; left out: as it was when the ticket was recorded.
    """
    ticket = read.ticket
    sandbox = sandbox_desk(read.world, house, clock=lambda: ticket.clock, model=model)
    answers = Answers(recording=recording, record=sandbox.stores, tools=sandbox.deps.tools, unknown=unknown)
    asked = desk or recording.desk
    deps = replace(sandbox.deps, tools=answers.over(), json_mode=asked.json_mode, hold_order=asked.hold_order)
    turns, closed = await play(ticket, deps, deps.world, ticket_id=ticket.id)
    kept = sandbox.stores
    whole = await read_whole(ticket.id, Stores(record=kept, ledger=kept, decisions=kept, desk=kept))
    return Replayed(
        whole=whole,
        found=end_state(whole, closed),
        granted=tuple(granted_row(grant.order) for grant in sandbox.world.grants),
        path=tuple(node for turn in turns for node in turn.path),
        named=deps.named,
    ), answers


def other_way(played: Replayed, answers: Answers) -> Part:
    """Return where the model went another way than the recorded one: no fault, unless unknown calls are to fail."""
    strict = answers.unknown == "fail"
    found = tool_divergences(answers.recording, played.whole.entries)
    lines = [_told(one) for one in found if one.kind is Difference.EXTRA_CALL or not strict]
    return Part(name="recording", wrong=tuple(lines), gates=strict)


def _told(one: Divergence) -> str:
    name = one.segment.partition("/")[2]
    match one.kind:
        case Difference.EXTRA_CALL:
            return f"`{name}` was called and never recorded: {_short(one.now)}"
        case Difference.UNUSED:
            return f"`{name}` was recorded and not called: {_short(one.was)}"
        case _:
            return f"`{name}` came to something else at {one.pointer or '/'}: {_short(one.was)}, now {_short(one.now)}"


def _short(value: Value) -> str:
    return clipped(in_line(plain(value)), _LONGEST)
