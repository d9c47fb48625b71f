"""Escalate: code hands the ticket to a human, whatever the model thinks."""

from langgraph.runtime import Runtime

from agent.deps import Deps
from agent.desk import look
from agent.memory.conversation import conversation
from agent.memory.kinds import Kind
from agent.nodes.act import run_call, settle, write_result
from agent.state import PendingCall, State
from casino.values import Document


async def escalate(state: State, runtime: Runtime[Deps]) -> dict[str, object]:
    """Hand over through the gate with code's own reason, and tell the player so truthfully."""
    deps = runtime.context
    state = {**state, "escalate": state["escalate"] or state["owed"]}
    told = {"result": {"reason_code": state["escalate"]}, "status": "done", "again": False}
    reply = deps.prompts.reply((deps.escalation or "trouble", "trouble"), told)
    return {**await hand_over(state, deps), "path": [*state["path"], "escalate"], "reply": reply}


async def hand_over(state: State, deps: Deps) -> dict[str, object]:
    """Put the ticket into the humans' inbox for the reason in the state, and return what that changes."""
    ended: dict[str, object] = {"pending": [], "outcome": "escalated", "silent": True, "escalate": None}
    if deps.escalation is None:
        return ended
    reason = state["escalate"] or "cannot_help"
    pending = PendingCall(id=f"h{state['turn']}", name=deps.escalation, arguments={}, node="effect")
    called: Document = {"id": pending["id"], "name": pending["name"], "arguments": {}, "by": "code", "reason": reason}
    await deps.record.append(state["ticket_id"], Kind.TOOL_CALL, called, at=deps.clock(), once=f"call:{pending['id']}")
    standing = look(state, deps, await conversation(deps.record, state["ticket_id"], since=state["since"]))
    result = await run_call(state, deps, standing, pending, escalation=reason)
    await write_result(state, deps, pending, result)
    return {**settle(state, deps, pending, result), **ended}
