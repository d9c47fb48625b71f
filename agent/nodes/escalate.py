"""Escalate: code hands the ticket to a human, whatever the model thinks."""

from typing import Any, Final, cast

from agent.deps import Deps
from agent.memory.conversation import heard, player_words
from agent.nodes.act import carried_out, settle, write_result
from agent.state import PendingCall, State, facts_of, waiting_for
from casino.values import Document
from tools.approvals import Approval, ApprovalState
from tools.gate.answers import held_intent
from tools.gate.door import Waiting
from tools.ledger import GONE, EffectState
from tools.legal import live
from tools.ports import UnusableStore
from tools.record import Kind
from tools.tool import Call, Status

DECIDED: Final = frozenset({ApprovalState.APPROVED, ApprovalState.DENIED})


async def escalate(state: State, deps: Deps) -> dict[str, object]:
    """Hand over through the gate with code's own reason, and tell the player so truthfully."""
    reason = state["escalate"] or state["owed"] or "cannot_help"
    changes = await hand_over(state, deps, reason, ends=True)
    told = {"result": {"reason_code": reason}, "status": "done", "again": False}
    names = (deps.escalation or "trouble", "trouble") if changes["silent"] else ("later",)
    return {**changes, "path": [*state["path"], "escalate"], "reply": deps.prompts.reply(names, told)}


async def hand_over(state: State, deps: Deps, reason: str, *, ends: bool = False) -> dict[str, object]:
    """Put the ticket into the humans' inbox and return what that changes: it is silent only where they have it.

    What a turn that `ends` here waited for is not waited for any more; else a ticket that nobody took goes on waiting.
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
    decided = await _withdraw(state, deps)
    row = None if decided is None else await _stands(decided, deps)
    if decided is not None:
        state = cast("State", {**state, "tried": [*state["tried"], _line(decided, row)]})
    call = await _call(state, deps, pending, reason)
    result = await carried_out(deps.tools[deps.escalation], pending, call, deps)
    if isinstance(result, Waiting):
        raise TypeError(f"tool `{deps.escalation}` is the way to a human, so it must be terminal: those never wait")
    await write_result(state, deps, pending, result)
    changes = {**settle(state, deps, pending, result), **ended}
    done = result.status is Status.DONE
    if (done or ends) and decided is not None and decided.state is ApprovalState.APPROVED and row is None:
        await _note_not_done(decided, state, deps, code="handed_over" if done else "not_handed_over")
    if done:
        return changes
    waiting = None if ends else waiting_for(state)
    return {**changes, "outcome": state["outcome"], "silent": state["silent"], "waiting": waiting}


async def _withdraw(state: State, deps: Deps) -> Approval | None:
    """Close the request that the ticket waits for, before a human has the whole ticket: nobody can say yes any more.

    Return it where it had been decided already: then the human has to know of it.
    """
    if (waiting := waiting_for(state)) is None:
        return None
    try:
        await deps.gate.approvals.withdraw(waiting, at=deps.clock(), why="the ticket was handed over to a human")
        approval = await deps.gate.approvals.approval(waiting)
    except UnusableStore as error:  # a request that cannot be read closes nobody's way to a human
        why: Document = {"what": "approval", "why": type(error).__name__}
        await deps.record.append(state["ticket_id"], Kind.FAILURE, why, at=deps.clock(), once=f"unread:{waiting}")
        return None
    return approval if approval is not None and approval.state in DECIDED else None


async def _stands(decided: Approval, deps: Deps) -> EffectState | None:
    """Return how far the effect has come that was decided about; None where nothing was done."""
    row = await deps.gate.ledger.effect(decided.effect_key)
    return None if row is None or row.state in GONE else row.state


def _line(decided: Approval, row: EffectState | None) -> str:
    """Tell the human who takes over what became of the request."""
    came_to = "not carried out" if row is None else row.value
    return f"{decided.tool}: {decided.state.value} by a colleague, {came_to}"


async def _note_not_done(decided: Approval, state: State, deps: Deps, *, code: str) -> None:
    """Put it on the record that something was approved, and is not done since a human has the ticket, or is to."""
    intent = held_intent(decided)
    body: Document = {
        "call": next((one["id"] for one in state["pending"]), None),
        "tool": decided.tool,
        "key": intent.key,
        "decision_id": intent.decision_id,
        "mode": deps.gate.rules.mode(_procedure(state, deps)).value,
        "code": code,
    }
    once = f"refused:{decided.approval_id}:{code}"
    await deps.record.append(state["ticket_id"], Kind.EFFECT_REFUSED, body, at=deps.clock(), once=once)


def _procedure(state: State, deps: Deps) -> str:
    return state["procedure"] or deps.procedures.fallback.id


async def _call(state: State, deps: Deps, pending: PendingCall, reason: str) -> Call[Any]:
    said = player_words(await heard(deps.record, state))
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
        procedure=_procedure(state, deps),
        silent=state["silent"],
    )
