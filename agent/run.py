"""The one entrance: a trigger in, what came of it out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias, cast

from langchain_core.runnables import RunnableConfig

from agent.deps import Deps, Graph
from agent.incoming import clean
from agent.memory.conversation import conversation, player_words
from agent.memory.kinds import Kind
from agent.nodes.escalate import hand_over
from agent.state import State, first_state, stored
from casino.values import Document, Value
from tools.spoken import says_thanks
from tools.tool import Fact

STEPS_PER_PROPOSAL = 4  # graph nodes that one proposal may take: think, act, check, and one to spare


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

    Whatever breaks inside is recorded and answered: the player is told the truth and a human takes over.
    """
    lock = deps.locks.of(trigger.ticket_id)
    async with lock:
        if isinstance(trigger, Close):
            return await _close(trigger, deps)
        return await _message(trigger, deps)


async def _message(trigger: Message, deps: Deps) -> Handled:
    incoming = clean(trigger.text, limit_chars=deps.limits.message_chars)
    body: Document = {"text": incoming.text, "message_id": trigger.message_id, "brand": trigger.brand}
    if trigger.facts:
        body = {**body, "establishes": {name: dict(fact.value) for name, fact in trigger.facts.items()}}
    if incoming.changed or incoming.notice is not None:
        original = trigger.text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
        body = {
            **body,
            "changed": [*incoming.changed],
            "notice": incoming.notice,
            "as_sent": await deps.record.keep(original),
        }
    once = f"message:{trigger.message_id}"
    entry = await deps.record.append(trigger.ticket_id, Kind.PLAYER_MESSAGE, body, at=deps.clock(), once=once)
    config = _config(trigger.ticket_id, deps)
    if entry is None:
        return await _again(trigger, deps, config)
    try:
        await _finish(config, deps)
        changes = await _begin(trigger, incoming.notice, deps.graph, config)
        state = cast("State", await deps.graph.ainvoke(changes, config, context=deps, durability="sync"))
    except Exception as error:  # noqa: BLE001  # the edge: recorded, answered and handed over, never silent
        return await _broken(trigger.ticket_id, deps, error)
    return await _handled(state, deps, since=entry.seq)


async def _begin(trigger: Message, notice: str | None, graph: Graph, config: RunnableConfig) -> dict[str, object]:
    """Return what the trigger changes: everything on a new ticket, little on a known one."""
    kept = await _kept(graph, config)
    state = first_state(trigger.ticket_id, trigger.brand) if kept is None else kept
    changes: dict[str, object] = {"notice": notice} if kept is not None else {**state, "notice": notice}
    if trigger.facts:
        changes |= _identified(trigger, state)
    if trigger.procedure is not None and kept is None:
        changes |= {"procedure": trigger.procedure}
    return changes


def _identified(trigger: Message, state: State) -> dict[str, object]:
    """Take the channel's facts. Where they speak of somebody else than before, nothing of before holds."""
    given = stored(trigger.facts)
    others = [
        name
        for name, fact in given.items()
        if name in state["facts"] and state["facts"][name]["value"] != fact["value"]
    ]
    if others:
        return {"facts": given, "fields": dict(trigger.fields), "results": {}, "done": []}
    return {"facts": {**state["facts"], **given}, "fields": {**state["fields"], **trigger.fields}}


async def _kept(graph: Graph, config: RunnableConfig) -> State | None:
    """Return the state of a known ticket, or None."""
    values = (await graph.aget_state(config)).values
    return cast("State", values) if values else None


async def _finish(config: RunnableConfig, deps: Deps) -> None:
    """Finish a turn that a dead process left half way; the ledger keeps its effects single."""
    if (await deps.graph.aget_state(config)).next:
        await deps.graph.ainvoke(None, config, context=deps, durability="sync")


async def _again(trigger: Message, deps: Deps, config: RunnableConfig) -> Handled:
    """Answer a repeated message with what was answered then; finish its turn first where it was cut off."""
    await _finish(config, deps)
    entries = await deps.record.entries(trigger.ticket_id)
    mine = next(one.seq for one in entries if one.body.get("message_id") == trigger.message_id)
    later = [one.seq for one in entries if one.kind == Kind.PLAYER_MESSAGE and one.seq > mine]
    state = await _kept(deps.graph, config)
    if state is None:
        return await _broken(trigger.ticket_id, deps, LookupError("a message without a state"))
    return await _handled(state, deps, since=mine, until=min(later, default=None), repeated=True)


async def _handled(
    state: State, deps: Deps, *, since: int, until: int | None = None, repeated: bool = False
) -> Handled:
    said = await deps.record.entries(state["ticket_id"], kinds=(Kind.AGENT_MESSAGE,))
    replies = tuple(str(one.body["text"]) for one in said if one.seq > since and (until is None or one.seq < until))
    handled = Handled(
        ticket_id=state["ticket_id"],
        replies=replies,
        outcome=state["outcome"],
        procedure=state["procedure"],
        path=() if repeated else tuple(state["path"]),
        silent=state["silent"],
        repeated=repeated,
    )
    if not repeated:
        body: Document = {"path": [*handled.path], "outcome": handled.outcome}
        await deps.record.append(state["ticket_id"], Kind.TURN, body, at=deps.clock())
    return handled


async def _broken(ticket_id: str, deps: Deps, error: Exception) -> Handled:
    """Record a failure by its type alone, tell the player, and leave the ticket to a human, silent from now on."""
    what: Document = {"what": "turn", "why": type(error).__name__}
    await deps.record.append(ticket_id, Kind.FAILURE, what, at=deps.clock())
    text = deps.prompts.reply(("trouble",), {})
    await deps.record.append(ticket_id, Kind.AGENT_MESSAGE, {"text": text, "by": "code"}, at=deps.clock())
    config = _config(ticket_id, deps)
    state = await _kept(deps.graph, config) or first_state(ticket_id, "")
    changes = await hand_over({**state, "escalate": "system_failure"}, deps)
    await deps.graph.aupdate_state(config, {**state, **changes, "path": ["failed"]}, as_node="reply")
    return Handled(ticket_id=ticket_id, replies=(text,), outcome="escalated", path=("failed",), silent=True)


async def _close(trigger: Close, deps: Deps) -> Handled:
    """Give a ticket its last outcome."""
    config = _config(trigger.ticket_id, deps)
    state = await _kept(deps.graph, config)
    if state is None:
        return Handled(ticket_id=trigger.ticket_id, outcome="abandoned")
    outcome = state["outcome"] or await _without_outcome(state, deps)
    await deps.graph.aupdate_state(config, {"outcome": outcome}, as_node="reply")
    await deps.record.append(trigger.ticket_id, Kind.OUTCOME, {"outcome": outcome}, at=deps.clock())
    return Handled(ticket_id=trigger.ticket_id, outcome=outcome, procedure=state["procedure"], silent=state["silent"])


async def _without_outcome(state: State, deps: Deps) -> str:
    """Call a ticket resolved only where the player was served or says thanks; silence is no success."""
    said = player_words(await conversation(deps.record, state["ticket_id"]))
    served = any(name != deps.verifier for name in state["done"])
    return "resolved" if served or (said and says_thanks(said[-1])) else "abandoned"


def _config(ticket_id: str, deps: Deps) -> RunnableConfig:
    return {
        "configurable": {"thread_id": ticket_id},
        "recursion_limit": deps.limits.steps * STEPS_PER_PROPOSAL + len(("load", "triage", "escalate", "reply")),
    }
