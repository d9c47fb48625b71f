"""The one entrance: a trigger in, what came of it out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias, cast

from langchain_core.runnables import RunnableConfig

from agent.deps import Deps
from agent.incoming import clean
from agent.memory.conversation import conversation, player_words
from agent.memory.kinds import Kind
from agent.nodes.escalate import hand_over
from agent.nodes.load import forgotten
from agent.state import State, first_state, stored
from casino.values import Document, Value
from tools.ports import Entry
from tools.spoken import says_thanks
from tools.tool import Fact

STEPS_PER_PROPOSAL = 12  # graph nodes that one proposal may take: think, its calls, check, and some to spare


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A player's message. `message_id` is the channel's own: the same id again is the same message."""

    ticket_id: str
    message_id: str
    brand: str
    text: str
    procedure: str | None = None  # where the channel has chosen it
    facts: Mapping[str, Fact] = field(default_factory=dict[str, Fact])  # from a signed session
    fields: Mapping[str, Value] = field(default_factory=dict[str, Value])


@dataclass(frozen=True, slots=True, kw_only=True)
class Close:
    """The chat has ended on the player's side."""

    ticket_id: str


Trigger: TypeAlias = Message | Close


@dataclass(frozen=True, slots=True, kw_only=True)
class Handled:
    """What came of a trigger."""

    ticket_id: str
    replies: tuple[str, ...] = ()
    outcome: str | None = None
    procedure: str | None = None
    path: tuple[str, ...] = ()
    silent: bool = False  # a human has the ticket: nothing automatic is sent
    repeated: bool = False  # this message had been handled before


async def handle(trigger: Trigger, deps: Deps) -> Handled:
    """Handle one trigger on one ticket, one at a time per ticket. Nothing that was said is lost.

    Whatever breaks inside is recorded and answered: the player is told the truth and a human takes over. It raises
    only where the record itself cannot be written: then nothing has been taken, and the channel must send it again.
    """
    lock = deps.locks.of(trigger.ticket_id)
    async with lock:
        entry = await _taken(trigger, deps) if isinstance(trigger, Message) else None
        try:
            if isinstance(trigger, Close):
                return await _close(trigger, deps)
            return await _turn(trigger, entry, deps)
        except Exception as error:  # noqa: BLE001  # the edge: recorded, answered and handed over, never silent
            return await _broken(trigger, deps, error)


async def _taken(trigger: Message, deps: Deps) -> Entry | None:
    """Put the message on the record before anything else; None where it is there already."""
    incoming = clean(trigger.text, limit_chars=deps.limits.message_chars)
    body: Document = {"text": incoming.text, "message_id": trigger.message_id, "brand": trigger.brand}
    if trigger.facts:
        body = {**body, "establishes": {name: dict(fact.value) for name, fact in trigger.facts.items()}}
    if incoming.changed or incoming.notice is not None:
        original = trigger.text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
        as_sent = await deps.record.keep(original)
        body = {**body, "changed": [*incoming.changed], "notice": incoming.notice, "as_sent": as_sent}
    once = f"message:{trigger.message_id}"
    return await deps.record.append(trigger.ticket_id, Kind.PLAYER_MESSAGE, body, at=deps.clock(), once=once)


async def _turn(trigger: Message, entry: Entry | None, deps: Deps) -> Handled:
    """Finish what a dead process left half way, then handle this message unless that has been done."""
    state = await _finish(trigger.ticket_id, deps)
    if entry is None and (turn := await _turn_of(trigger, deps)) is not None:
        return await _handled_before(trigger, turn, deps)
    if state is None or state["message_id"] != trigger.message_id:
        changes = await _begin(trigger, state, entry or await _entry_of(trigger, deps), deps)
        config = _config(trigger.ticket_id, deps)
        state = cast("State", await deps.graph.ainvoke(changes, config, context=deps, durability="sync"))
    await _write_turn(state, deps)
    return Handled(
        ticket_id=state["ticket_id"],
        replies=await _replies(state["ticket_id"], trigger.message_id, deps),
        outcome=state["outcome"],
        procedure=state["procedure"],
        path=tuple(state["path"]),
        silent=state["silent"],
    )


async def _finish(ticket_id: str, deps: Deps) -> State | None:
    """Return the ticket's state, with a turn that was cut off brought to its end; the ledger keeps effects single."""
    config = _config(ticket_id, deps)
    snapshot = await deps.graph.aget_state(config)
    if not snapshot.values:
        return None
    if not snapshot.tasks:
        return cast("State", snapshot.values)
    state = cast("State", await deps.graph.ainvoke(None, config, context=deps, durability="sync"))
    await _write_turn(state, deps)
    return state


async def _begin(trigger: Message, state: State | None, entry: Entry, deps: Deps) -> dict[str, object]:
    """Return what the trigger changes: everything on a new ticket, little on a known one."""
    kept = first_state(trigger.ticket_id, trigger.brand) if state is None else state
    changes: dict[str, object] = {**kept} if state is None else {}
    changes |= {"notice": entry.body.get("notice"), "message_id": trigger.message_id, "message_seq": entry.seq}
    if trigger.facts:
        changes |= _identified(trigger, kept, entry.seq)
    if state is None and trigger.procedure is not None:
        changes |= await _chosen(trigger, trigger.procedure, deps)
    return changes


async def _chosen(trigger: Message, procedure: str, deps: Deps) -> dict[str, object]:
    """Take the channel's procedure; one that is not there is recorded, and triage chooses."""
    if procedure in deps.procedures.by_id:
        return {"procedure": procedure, "asked": clean(trigger.text).text}
    why: Document = {"what": "procedure", "why": f"the channel asked for `{procedure}`, which is not there"}
    await deps.record.append(trigger.ticket_id, Kind.FAILURE, why, at=deps.clock())
    return {}


def _identified(trigger: Message, state: State, seq: int) -> dict[str, object]:
    """Take the channel's facts. Where they speak of somebody else than before, nothing of before holds."""
    given = stored(trigger.facts)
    before = state["facts"]
    same = all(name in before and before[name]["value"] == fact["value"] for name, fact in given.items())
    if not same and (before or state["done"]):
        return {**forgotten(seq), "facts": given, "fields": dict(trigger.fields)}
    return {"facts": {**state["facts"], **given}, "fields": {**state["fields"], **trigger.fields}}


async def _turn_of(trigger: Message, deps: Deps) -> Entry | None:
    """Return the entry that ends this message's turn, or None where it has not come to its end."""
    turns = await deps.record.entries(trigger.ticket_id, kinds=(Kind.TURN,))
    return next((one for one in turns if one.body.get("message") == trigger.message_id), None)


async def _entry_of(trigger: Message, deps: Deps) -> Entry:
    said = await deps.record.entries(trigger.ticket_id, kinds=(Kind.PLAYER_MESSAGE,))
    return next(one for one in said if one.body["message_id"] == trigger.message_id)


async def _replies(ticket_id: str, message_id: str, deps: Deps) -> tuple[str, ...]:
    said = await deps.record.entries(ticket_id, kinds=(Kind.AGENT_MESSAGE,))
    return tuple(str(one.body["text"]) for one in said if one.body.get("message") == message_id)


async def _handled_before(trigger: Message, turn: Entry, deps: Deps) -> Handled:
    """Answer a repeated message with what was answered then."""
    outcome = turn.body.get("outcome")
    return Handled(
        ticket_id=trigger.ticket_id,
        replies=await _replies(trigger.ticket_id, trigger.message_id, deps),
        outcome=None if outcome is None else str(outcome),
        silent=turn.body.get("silent") is True,
        repeated=True,
    )


async def _write_turn(state: State, deps: Deps) -> None:
    """End a turn on the record, once."""
    message_id = state["message_id"]
    body: Document = {
        "message": message_id,
        "path": [*state["path"]],
        "outcome": state["outcome"],
        "silent": state["silent"],
    }
    await deps.record.append(state["ticket_id"], Kind.TURN, body, at=deps.clock(), once=f"turn:{message_id}")


async def _broken(trigger: Trigger, deps: Deps, error: Exception) -> Handled:
    """Record a failure by its type alone, leave the ticket to a human, and tell the player what is true."""
    ticket_id = trigger.ticket_id
    what: Document = {"what": "turn", "why": type(error).__name__}
    await deps.record.append(ticket_id, Kind.FAILURE, what, at=deps.clock())
    message_id, brand = (trigger.message_id, trigger.brand) if isinstance(trigger, Message) else ("", "")
    config = _config(ticket_id, deps)
    kept = (await deps.graph.aget_state(config)).values
    state = cast("State", kept) if kept else first_state(ticket_id, brand)
    changes = await hand_over(state, deps, "system_failure")
    ended = cast("State", {**state, **changes, "path": ["failed"], "message_id": message_id})
    if not state["silent"] and isinstance(trigger, Message):
        text = deps.prompts.reply(("trouble" if changes["silent"] else "later",), {})
        said: Document = {"text": text, "by": "code", "message": message_id}
        await deps.record.append(
            ticket_id, Kind.AGENT_MESSAGE, said, at=deps.clock(), once=f"reply:broken:{message_id}"
        )
    await deps.graph.aupdate_state(config, ended, as_node="reply")
    await _write_turn(ended, deps)
    replies = await _replies(ticket_id, message_id, deps)
    silent, outcome = ended["silent"], ended["outcome"]
    return Handled(ticket_id=ticket_id, replies=replies, outcome=outcome, path=("failed",), silent=silent)


async def _close(trigger: Close, deps: Deps) -> Handled:
    """Give a ticket its last outcome."""
    state = await _finish(trigger.ticket_id, deps)
    if state is None:
        return Handled(ticket_id=trigger.ticket_id, outcome="abandoned")
    outcome = state["outcome"] or await _without_outcome(state, deps)
    config = _config(trigger.ticket_id, deps)
    await deps.graph.aupdate_state(config, {"outcome": outcome}, as_node="reply")
    told: Document = {"outcome": outcome}
    await deps.record.append(trigger.ticket_id, Kind.OUTCOME, told, at=deps.clock(), once=f"outcome:{outcome}")
    return Handled(ticket_id=trigger.ticket_id, outcome=outcome, procedure=state["procedure"], silent=state["silent"])


async def _without_outcome(state: State, deps: Deps) -> str:
    """Call a ticket resolved only where the player was served or says thanks; silence is no success."""
    said = player_words(await conversation(deps.record, state["ticket_id"], since=state["since"]))
    served = any(name != deps.verifier for name in state["done"])
    return "resolved" if served or (said and says_thanks(said[-1])) else "abandoned"


def _config(ticket_id: str, deps: Deps) -> RunnableConfig:
    return {
        "configurable": {"thread_id": ticket_id},
        "recursion_limit": deps.limits.steps * STEPS_PER_PROPOSAL + len(("load", "triage", "escalate", "reply")),
    }
