"""The one entrance: a trigger in, what came of it out."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias, cast

from agent.deps import STATES_BROKEN, Deps
from agent.incoming import OF_HARM, clean, heard_of_harm, must_be_kept
from agent.leasing import leased
from agent.memory.conversation import heard, player_words
from agent.nodes.escalate import hand_over
from agent.nodes.load import forgotten
from agent.state import VERSION, State, first_state, stored, waiting_for
from agent.subjects import note_subjects
from agent.turns import end_turn, message_of, replies_to, say, told, turn_of
from agent.waiting import Meanwhile, answer_meanwhile, is_open, same_person
from casino.values import Document, Value
from tools.harm import speaks_of_harm
from tools.record import Entry, Kind
from tools.spoken import says_thanks
from tools.tool import Fact


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """Somebody may have decided what a ticket waits for, or its time is up. Once too often changes nothing."""

    ticket_id: str


Trigger: TypeAlias = Message | Close | Decided


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
    waiting: str | None = None  # the approval that the ticket waits for


@dataclass(frozen=True, slots=True)
class Before:
    """Where a ticket stands before a trigger: its state, and what was said as it went on from a wait just now."""

    state: State | None
    told: tuple[str, ...] = ()


async def handle(trigger: Trigger, deps: Deps) -> Handled:
    """Handle one trigger on one ticket, one at a time per ticket, in all processes. Nothing that was said is lost.

    Whatever breaks inside is recorded and answered: the player is told the truth and a human takes over. It raises
    only where the record itself cannot be written, `Erased` where the ticket was erased, `BadTrigger` where one of its
    names can be kept nowhere, and `TicketBusy` where another process does not come to an end with it: then nothing has
    been taken, and the channel must send it again. It must too where `StatesUnavailable` or `UnusableStates` is raised,
    since nobody can be told how it ends: the message has been taken, and what was left half way then goes on.
    """
    must_be_kept(_names(trigger))
    lock = deps.locks.of(trigger.ticket_id)
    async with lock, leased(trigger.ticket_id, deps.lease_holder):
        entry = await _taken(trigger, deps) if isinstance(trigger, Message) else None
        try:
            match trigger:
                case Message():
                    return await _turn(trigger, entry, deps)
                case Close():
                    return await _close(trigger, deps)
                case Decided():
                    return await _decided(trigger, deps)
        except Exception as error:  # noqa: BLE001  # the edge: recorded, answered and handed over, never silent
            return await _broken(trigger, deps, error)


def _names(trigger: Trigger) -> Mapping[str, str]:
    """Return what a trigger calls things by; the text of a message is cleaned instead."""
    if not isinstance(trigger, Message):
        return {"ticket_id": trigger.ticket_id}
    chosen = {} if trigger.procedure is None else {"procedure": trigger.procedure}
    return {"ticket_id": trigger.ticket_id, "message_id": trigger.message_id, "brand": trigger.brand, **chosen}


async def _taken(trigger: Message, deps: Deps) -> Entry | None:
    """Put the message on the record before anything else; None where it is there already."""
    incoming = clean(trigger.text, limit_chars=deps.limits.message_chars)
    body: Document = {"text": incoming.text, "message_id": trigger.message_id, "brand": trigger.brand}
    if trigger.facts:
        await note_subjects(deps, trigger.ticket_id, trigger.facts)
        body = {**body, "establishes": {name: dict(fact.value) for name, fact in trigger.facts.items()}}
    if incoming.changed or incoming.notice is not None:
        original = trigger.text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
        as_sent = await deps.record.keep(original, ticket_id=trigger.ticket_id)
        body = {**body, "changed": [*incoming.changed], "notice": incoming.notice, "as_sent": as_sent}
    if incoming.notice == "too_long" and speaks_of_harm(clean(trigger.text, limit_chars=None).text):
        body = {**body, OF_HARM: True}  # the end of it is read here and nowhere else
    once = f"message:{trigger.message_id}"
    return await deps.record.append(trigger.ticket_id, Kind.PLAYER_MESSAGE, body, at=deps.clock(), once=once)


async def _turn(trigger: Message, entry: Entry | None, deps: Deps) -> Handled:
    """Finish what a dead process left half way or a human has decided, then handle this message unless it has been."""
    before = _told_to(trigger, await _finish(trigger.ticket_id, deps))
    state = before.state
    if entry is None and (turn := await turn_of(trigger.ticket_id, trigger.message_id, deps)) is not None:
        return await _handled_before(trigger, turn, deps)
    if state is None or state["message_id"] != trigger.message_id:
        taken = entry or await message_of(trigger.ticket_id, trigger.message_id, deps)
        state = await _answered(trigger, state, taken, deps)
    else:  # the message itself was left half way: what was told is told in answer to it
        before = Before(state)
        await end_turn(state, deps)
    return _handled(state, before.told + await replies_to(trigger.ticket_id, trigger.message_id, deps))


def _told_to(trigger: Message, before: Before) -> Before:
    """Keep from whoever sent a message what was told to somebody else: it stays on the record."""
    known = before.state is None or same_person(trigger.facts, before.state)
    return before if known else replace(before, told=())


async def _answered(trigger: Message, state: State | None, taken: Entry, deps: Deps) -> State:
    """Run the graph on a message; where the ticket waits for a human, only answer that it does."""
    if state is not None and waiting_for(state) is not None:
        return await answer_meanwhile(state, deps, Meanwhile(taken, trigger.facts))
    changes = await _begin(trigger, state, taken, deps)
    ended = _state(await deps.graph.run(trigger.ticket_id, changes, deps))
    await end_turn(ended, deps)
    return ended


def _handled(state: State, replies: tuple[str, ...]) -> Handled:
    return Handled(
        ticket_id=state["ticket_id"],
        replies=replies,
        outcome=state["outcome"],
        procedure=state["procedure"],
        path=tuple(state["path"]),
        silent=state["silent"],
        waiting=waiting_for(state),
    )


def _state(ended: Mapping[str, Any]) -> State:
    return cast("State", {name: value for name, value in ended.items() if name in State.__annotations__})


async def _finish(ticket_id: str, deps: Deps) -> Before:
    """Bring a turn to its end that was cut off, or whose wait is over; the ledger keeps effects single."""
    snapshot = await deps.graph.stands(ticket_id)
    if not snapshot.values:
        return Before(None)
    state = cast("State", snapshot.values)
    if not snapshot.tasks:
        return Before(state)
    waits = bool(snapshot.interrupts)
    if waits and await is_open(state, deps):
        await end_turn(state, deps)
        return Before(state)
    before, waited = await told(ticket_id, deps), await _waited_for(state, deps)
    ended = _state(await deps.graph.go_on(ticket_id, deps, waits=waits))
    await end_turn(ended, deps)
    if waited is None:  # whoever sent the message has no answer yet, and sends it again
        return Before(ended)
    ended = await _closed_meanwhile(waited, ended, deps)
    return Before(ended, (await told(ticket_id, deps))[len(before) :])


async def _waited_for(state: State, deps: Deps) -> str | None:
    """Return the approval that the turn waits for, or waited for before it was cut off."""
    turn = await turn_of(state["ticket_id"], state["message_id"], deps)
    waited = None if turn is None else turn.body.get("waiting")
    return waiting_for(state) or (None if waited is None else str(waited))


async def _decided(trigger: Decided, deps: Deps) -> Handled:
    """Go on with a ticket whose wait is over; nothing where it does not wait, or still has to."""
    before = await _finish(trigger.ticket_id, deps)
    if before.state is None:
        return Handled(ticket_id=trigger.ticket_id, repeated=True)
    return replace(_handled(before.state, before.told), repeated=not before.told)


async def _begin(trigger: Message, state: State | None, entry: Entry, deps: Deps) -> dict[str, object]:
    """Return what the trigger changes: everything on a new ticket, little on a known one."""
    kept = first_state(trigger.ticket_id, trigger.brand) if state is None else state
    changes: dict[str, object] = {**kept} if state is None else {"version": VERSION}
    changes |= {"notice": entry.body.get("notice"), "message_id": trigger.message_id, "message_seq": entry.seq}
    changes |= {"escalate": "player_protection" if heard_of_harm(entry.body) else None}
    if trigger.facts:
        changes |= await _identified(trigger, kept, entry.seq, deps)
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


async def _identified(trigger: Message, state: State, seq: int, deps: Deps) -> dict[str, object]:
    """Take the channel's facts. Where they speak of somebody else than before, nothing of before holds."""
    given = stored(trigger.facts)
    if not same_person(trigger.facts, state) and (state["facts"] or state["done"]):
        return {**await forgotten(trigger.ticket_id, seq, deps), "facts": given, "fields": dict(trigger.fields)}
    return {"facts": {**state["facts"], **given}, "fields": {**state["fields"], **trigger.fields}}


async def _handled_before(trigger: Message, turn: Entry, deps: Deps) -> Handled:
    """Answer a repeated message with what was answered then."""
    outcome, waiting = turn.body.get("outcome"), turn.body.get("waiting")
    return Handled(
        ticket_id=trigger.ticket_id,
        replies=await replies_to(trigger.ticket_id, trigger.message_id, deps),
        outcome=None if outcome is None else str(outcome),
        silent=turn.body.get("silent") is True,
        repeated=True,
        waiting=None if waiting is None else str(waiting),
    )


async def _broken(trigger: Trigger, deps: Deps, error: Exception) -> Handled:
    """Record a failure by its type alone, leave the ticket to a human, and tell the player what is true.

    Where the states themselves are broken it only records: that a human has the ticket could not be kept, and by the
    next message nobody would know of it.
    """
    ticket_id = trigger.ticket_id
    if isinstance(error, STATES_BROKEN):
        await _note_states(trigger, deps, error)
        raise error
    what: Document = {"what": "turn", "why": type(error).__name__}
    await deps.record.append(ticket_id, Kind.FAILURE, what, at=deps.clock())
    kept = (await deps.graph.stands(ticket_id)).values
    brand = trigger.brand if isinstance(trigger, Message) else ""
    state = cast("State", kept) if kept else first_state(ticket_id, brand)
    message_id = trigger.message_id if isinstance(trigger, Message) else state["message_id"]
    changes = await hand_over(state, deps, "system_failure")
    ended = cast("State", {**state, **changes, "path": ["failed"], "message_id": message_id})
    before = await told(ticket_id, deps)
    if not state["silent"] and not isinstance(trigger, Close):
        text = deps.prompts.reply(("trouble" if changes["silent"] else "later",), {})
        await say(ended, deps, text, once=f"reply:broken:{message_id}")
    if waiting_for(ended) is None:  # else nobody could take the ticket, and it goes on when its wait is over
        await deps.graph.write(ticket_id, ended)
        await end_turn(ended, deps)
    new = (await told(ticket_id, deps))[len(before) :]
    said = await replies_to(ticket_id, message_id, deps) if isinstance(trigger, Message) else new
    return replace(_handled(ended, said), procedure=None)


async def _note_states(trigger: Trigger, deps: Deps, error: Exception) -> None:
    """Put it on the record, once for each message, that the states are broken: a channel may try many times."""
    name = trigger.message_id if isinstance(trigger, Message) else ""
    what: Document = {"what": "states", "why": type(error).__name__}
    once = f"states:{type(trigger).__name__}:{name}"
    await deps.record.append(trigger.ticket_id, Kind.FAILURE, what, at=deps.clock(), once=once)


async def _close(trigger: Close, deps: Deps) -> Handled:
    """Give a ticket its last outcome; one that waits for a human keeps it open until that is decided."""
    before = await _finish(trigger.ticket_id, deps)
    state = before.state
    if state is None:
        return Handled(ticket_id=trigger.ticket_id, outcome="abandoned")
    waiting = waiting_for(state)
    if waiting is None:
        state = await _settled(state, deps)
    else:
        body: Document = {"outcome": state["outcome"], "waiting": waiting}
        once = f"outcome:waiting:{waiting}"
        await deps.record.append(trigger.ticket_id, Kind.OUTCOME, body, at=deps.clock(), once=once)
    return replace(_handled(state, before.told), path=())


async def _settled(state: State, deps: Deps) -> State:
    """Write down what a ticket has come to."""
    outcome = state["outcome"] or await _without_outcome(state, deps)
    await deps.graph.write(state["ticket_id"], {"outcome": outcome})
    body: Document = {"outcome": outcome}
    await deps.record.append(state["ticket_id"], Kind.OUTCOME, body, at=deps.clock(), once=f"outcome:{outcome}")
    return cast("State", {**state, "outcome": outcome})


async def _closed_meanwhile(waited: str, ended: State, deps: Deps) -> State:
    """Give a ticket its last outcome whose chat has ended while it waited."""
    outcomes = await deps.record.entries(ended["ticket_id"], kinds=(Kind.OUTCOME,))
    closed = any(one.body.get("waiting") == waited for one in outcomes)
    return await _settled(ended, deps) if closed and waiting_for(ended) is None else ended


async def _without_outcome(state: State, deps: Deps) -> str:
    """Call a ticket resolved only where the player was served or says thanks; silence is no success."""
    said = player_words(await heard(deps.record, state))
    served = any(name != deps.verifier for name in state["done"])
    return "resolved" if served or (said and says_thanks(said[-1])) else "abandoned"
