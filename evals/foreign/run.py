"""Run a foreign task through our desk: LangGraph, record, gate and ledger, with any model."""

import re
from collections.abc import Awaitable, Callable, Sequence
from typing import Final, TypeAlias

from agent.memory.conversation import conversation
from agent.model.port import Model, Said
from agent.run import Message, handle
from casino.values import Document, Value
from evals.foreign.desk import POLICY, ForeignDesk, open_desk
from evals.foreign.exact import spelled
from evals.foreign.gold import Gold, digest, gold_of
from evals.foreign.result import SHOWN, Change, ForeignResult, Made, changes
from evals.foreign.task import ForeignTask
from evals.foreign.writes import Asked, difference
from evals.trial import Part
from tools.ledger import Effect
from tools.record import Entry, Kind
from tools.spoken_words import fold
from tools.tool import Status

_COMMA: Final = re.compile(r"(?<=\d),(?=\d)")
_DECIMAL: Final = re.compile(r"(?<![\d.])\d+\.\d+(?!\d|\.\d)")  # 46.50, and no part of 12.10.2026

User: TypeAlias = Callable[[Sequence[Said]], Awaitable[str | None]]


async def run_foreign(
    task: ForeignTask, model: Model, *, user: User | None = None, gold: Gold | None = None, json_mode: bool = False
) -> ForeignResult:
    """Run a task once. `json_mode` shows the model its actions in words, for one that calls no tools.

    `user` goes on after the scripted messages: it is given what was said so far, and gives the next message, or None
    at the end. `gold` spares playing the gold actions once more for every repeat. Raises `UnusableTask`.
    """
    gold = gold_of(task) if gold is None else gold
    desk = open_desk(task, model, task.copy(gold.before), json_mode=json_mode)
    await _talk(task, desk, user)
    entries = await desk.deps.record.entries(task.id)
    return _result(task, gold, desk.held.state, entries, await desk.deps.gate.ledger.effects(task.id))


async def _talk(task: ForeignTask, desk: ForeignDesk, user: User | None) -> None:
    """Say what the user says, until they have nothing more to say or a human has them."""
    said, silent = 0, False
    while not silent:
        text = task.says[said] if said < len(task.says) else await _more(task, desk, user)
        if text is None:
            return
        said += 1
        message = Message(
            ticket_id=task.id,
            message_id=f"m{said}",
            brand=task.brand,
            text=text,
            procedure=POLICY if said == 1 else None,
        )
        silent = (await handle(message, desk.deps)).silent


async def _more(task: ForeignTask, desk: ForeignDesk, user: User | None) -> str | None:
    if user is None:
        return None
    turns = await conversation(desk.deps.record, task.id)
    return await user([turn for turn in turns if isinstance(turn, Said)])


def _result(
    task: ForeignTask, gold: Gold, state: object, entries: Sequence[Entry], effects: Sequence[Effect]
) -> ForeignResult:
    calls, replies = made(task, entries), _texts(entries, Kind.AGENT_MESSAGE)
    view, ended = task.compare.view(state), _ended(entries)
    end = digest(view)
    asked = [
        Asked((one.name, spelled(one.arguments)), one.status == Status.DONE, one.name, one.told)
        for one in calls
        if one.is_effect
    ]
    return ForeignResult(
        task=task.id,
        parts=(
            Part(name="state", wrong=() if end == gold.digest else _differences(gold.view, view)),
            Part(name="order", wrong=tuple(difference(asked, gold.asked, task.compare.writes).told())),
            Part(name="text", wrong=tuple(unsaid(task.must_say, replies))),
            Part(name="budget", wrong=_left(ended, entries)),
        ),
        calls=calls,
        replies=replies,
        rejected=tuple(f"{one.body['text']}: {one.body['why']}" for one in entries if one.kind == Kind.REPLY_REJECTED),
        end=end,
        gold=gold.digest,
        changes=_touched(task.compare.view(gold.before), view),
        ended=ended,
        ledger=tuple(f"{one.tool}: {one.state.value}" for one in effects),
    )


def made(task: ForeignTask, entries: Sequence[Entry]) -> tuple[Made, ...]:
    """Return the model's calls in order. What code does by itself is none of them."""
    answers = {one.body["id"]: one.body for one in entries if one.kind == Kind.TOOL_RESULT}
    asked = [one.body for one in entries if one.kind == Kind.TOOL_CALL and one.body.get("by") != "code"]
    return tuple(_made(task, body, answers.get(body["id"], {})) for body in asked)


def _made(task: ForeignTask, call: Document, answer: Document) -> Made:
    tool = task.tool(str(call["name"]))
    return Made(
        name=str(call["name"]),
        arguments=_object(call["arguments"]),
        kind="unknown" if tool is None else tool.kind,
        status=str(answer.get("status", "")),
        answer=_object(answer.get("data")),
    )


def _object(value: Value) -> Document:
    return value if isinstance(value, dict) else {}


def _texts(entries: Sequence[Entry], kind: Kind) -> tuple[str, ...]:
    return tuple(str(one.body["text"]) for one in entries if one.kind == kind)


def _ended(entries: Sequence[Entry]) -> str:
    """Return why code itself left the user to a human."""
    reasons = [
        str(one.body["reason"]) for one in entries if one.kind == Kind.TOOL_CALL and one.body.get("by") == "code"
    ]
    return reasons[-1] if reasons else ""


def _touched(before: object, view: object) -> tuple[Change, ...]:
    return () if before == view else changes(before, view)


def _left(ended: str, entries: Sequence[Entry]) -> tuple[str, ...]:
    """Tell why code left the user to a human, and what had failed before."""
    failed = [f"{one.body['what']}: {one.body['why']}" for one in entries if one.kind == Kind.FAILURE]
    return (f"the desk left the user to a human: {'; '.join([ended, *failed])}",) if ended else ()


def _differences(gold: object, view: object) -> tuple[str, ...]:
    found = [one.told for one in changes(gold, view)]
    return (*found[:SHOWN], *([f"and {len(found) - SHOWN} more places"] if len(found) > SHOWN else []))


def unsaid(wanted: Sequence[str], replies: Sequence[str]) -> list[str]:
    """Return one line for each text that stands whole in no reply."""
    said = _folded("\n".join(replies))
    return [f"never said: {one!r}" for one in wanted if not _stands_in(_folded(one), said)]


def _stands_in(wanted: str, said: str) -> bool:
    """Tell whether words stand there whole: 10 stands neither in 100 nor in 10.5."""
    before = r"(?<!\w)(?<!\d\.)" if re.match(r"\w", wanted) else ""
    after = r"(?!\w)(?!\.\d)" if re.search(r"\w\Z", wanted) else ""
    return re.search(f"{before}{re.escape(wanted)}{after}", said) is not None


def _folded(text: str) -> str:
    """Return a text without case, further blanks, commas between digits, and noughts at the end of a decimal."""
    plain = _COMMA.sub("", " ".join(fold(text).split()))
    return _DECIMAL.sub(lambda found: found[0].rstrip("0").rstrip("."), plain)
