"""Escalate: code hands the ticket to a human, whatever the model thinks."""

from typing import Any

from langgraph.runtime import Runtime

from agent.deps import Deps
from agent.memory.conversation import conversation, player_words
from agent.nodes.act import carried_out, settle, write_result
from agent.state import PendingCall, State, facts_of, waiting_for
from casino.values import Document
from tools.gate.door import Waiting
from tools.legal import live
from tools.record import Kind
from tools.tool import Call, Status


async def escalate(state: State, runtime: Runtime[Deps]) -> dict[str, object]:
    """Hand over through the gate with code's own reason, and tell the player so truthfully."""
    deps = runtime.context
    reason = state["escalate"] or state["owed"] or "cannot_help"
    changes = await hand_over(state, deps, reason)
    told = {"result": {"reason_code": reason}, "status": "done", "again": False}
    names = (deps.escalation or "trouble", "trouble") if changes["silent"] else ("later",)
    return {**changes, "path": [*state["path"], "escalate"], "reply": deps.prompts.reply(names, told)}


async def hand_over(state: State, deps: Deps, reason: str) -> dict[str, object]:
    """Put the ticket into the humans' inbox and return what that changes: it is silent only where they have it.

    It asks for nothing that may be the trouble itself: no procedure, no model, only the facts and what was said.
    """
    ended: dict[str, object] = {
        "pending": [],
        "outcome": "escalated",
        "silent": True,
        "escalate": None,
        "owed": None,
        "waiting": None,
    }
    if deps.escalation is None:
        return ended
    pending = PendingCall(id=f"h{state['turn']}", name=deps.escalation, arguments={}, node="effect")
    called: Document = {"id": pending["id"], "name": pending["name"], "arguments": {}, "by": "code", "reason": reason}
    await deps.record.append(state["ticket_id"], Kind.TOOL_CALL, called, at=deps.clock(), once=f"call:{pending['id']}")
    call = await _call(state, deps, pending, reason)
    result = await carried_out(deps.tools[deps.escalation], pending, call, deps)
    if isinstance(result, Waiting):
        raise TypeError(f"tool `{deps.escalation}` is the way to a human, so it must be terminal: those never wait")
    await write_result(state, deps, pending, result)
    changes = {**settle(state, deps, pending, result), **ended}
    if result.status is Status.DONE:
        await _withdraw(state, deps)
        return changes
    return {**changes, "outcome": state["outcome"], "silent": state["silent"], "waiting": waiting_for(state)}


async def _withdraw(state: State, deps: Deps) -> None:
    """Close the request that the ticket waited for: a human has the whole ticket now, and nothing goes on from here."""
    if (waiting := waiting_for(state)) is not None:
        why = "the ticket was handed over to a human"
        await deps.gate.approvals.withdraw(waiting, at=deps.clock(), why=why)


async def _call(state: State, deps: Deps, pending: PendingCall, reason: str) -> Call[Any]:
    said = player_words(await conversation(deps.record, state["ticket_id"], since=state["since"]))
    return Call(
        ticket_id=state["ticket_id"],
        brand=state["brand"],
        call_id=pending["id"],
        now=deps.clock(),
        world=deps.world,
        facts=live(facts_of(state), deps.clock()),
        said=said,
        asked=state["asked"] or "".join(said[:1]),
        tried=tuple(state["tried"]),
        named_fields=(),
        escalation=reason,
        procedure=state["procedure"] or deps.procedures.fallback.id,
        silent=state["silent"],
    )
