"""Act: carry out one proposed call. Reads and decisions run here; effects have a node of their own."""

from datetime import datetime
from typing import Any

from agent.deps import Deps
from agent.desk import Standing, look
from agent.memory.conversation import heard
from agent.state import PendingCall, Spent, State, confidence_of, facts_of, stored, waiting_for
from agent.subjects import note_subjects
from casino.document import canonical_json
from casino.values import Document
from tools.approvals import About, Approval, ApprovalState
from tools.gate.door import Waiting
from tools.ledger import EffectState
from tools.legal import MISTAKES, refusal, validate, why_not
from tools.record import Kind
from tools.tool import EFFECTS, Call, Intent, Result, Status, Tool
from tools.tool import Kind as ToolKind

OPEN = frozenset({EffectState.PENDING, EffectState.UNKNOWN})
DEEPEST = 5  # procedures that may be left for another at once


async def act(state: State, deps: Deps) -> dict[str, object]:
    """Carry out the first pending call: a read, a decision, or a refusal."""
    return await _carry_out(state, deps, node="act")


async def effect(state: State, deps: Deps) -> dict[str, object]:
    """Carry out the first pending call through the gate. The proposal is durable before this node begins."""
    return await _carry_out(state, deps, node="effect")


def after_call(state: State) -> str:
    """Code's own hand-over goes first; a ticket that was handed over gets its last words; then what is pending."""
    if state["escalate"] is not None:
        return "escalate"
    if waiting_for(state) is not None:
        return "approve"
    if state["silent"]:
        return "reply"
    return state["pending"][0]["node"] if state["pending"] else "think"


async def _carry_out(state: State, deps: Deps, *, node: str) -> dict[str, object]:
    pending = state["pending"][0]
    standing = look(state, deps, await heard(deps.record, state))
    again = not await _write_call(state, deps, pending)
    result = await _run_call(state, deps, standing, pending, again=again)
    if isinstance(result, Waiting):
        wanted = "player_request" if standing.asked_for_human else None  # nobody waits for a yes who asks for a human
        return {"waiting": result.approval_id, "correction": None, "escalate": wanted}
    await write_result(state, deps, pending, result)
    await note_subjects(deps, state["ticket_id"], result.establishes)
    return {
        "path": [*state["path"], f"{node}:{pending['name']}"],
        "pending": state["pending"][1:],
        "correction": None,
        "waiting": None,
        **settle(state, deps, pending, result),
    }


async def _run_call(
    state: State, deps: Deps, standing: Standing, pending: PendingCall, *, again: bool
) -> Result | Waiting:
    """Refuse what is not legal and run the rest. `again`: this very call had been begun, perhaps by a dead process."""
    name = pending["name"]
    tool = standing.bound.get(name)
    if tool is None:
        offered = ", ".join(sorted(standing.legal))
        return refusal("unknown_tool", f"there is no `{name}` here; offered now: {offered}")
    call = _call(state, deps, standing, pending)
    if again and (begun := await _begun(tool, pending, state, deps)) is not None:
        return await (
            deps.gate.admit(tool, begun, call) if isinstance(begun, Intent) else deps.gate.go_on(tool, begun, call)
        )
    if (found := why_not(tool, standing.facts, state["locked"])) is not None:
        return refusal(*found)
    if name not in standing.legal:
        return refusal("not_now", f"`{name}` is not offered while the player is not verified")
    return await carried_out(tool, pending, call, deps)


async def carried_out(tool: Tool[Any], pending: PendingCall, call: Call[Any], deps: Deps) -> Result | Waiting:
    """Check the arguments, run the tool, and let an intent through the gate."""
    arguments = validate(tool, pending["arguments"], call)
    if isinstance(arguments, Result):
        return arguments
    given = await tool.run(arguments, call)
    return await deps.gate.admit(tool, given, call) if isinstance(given, Intent) else given


async def _begun(tool: Tool[Any], pending: PendingCall, state: State, deps: Deps) -> Intent | Approval | None:
    """Return what this call has come to already, though what it stood on may have expired since: it was legal then.

    That is the approval that it waits for, or the effect that a dead process claimed for it, and left open or brought
    about. The gate then goes on with the one, and settles the other or gives its outcome.
    """
    if tool.kind not in EFFECTS:
        return None
    if (waiting := waiting_for(state)) is not None:
        return await deps.gate.approvals.approval(waiting)
    calls = await deps.record.entries(state["ticket_id"], kinds=(Kind.TOOL_CALL,))
    since = next(one.at for one in calls if one.body["id"] == pending["id"])
    for effect in reversed(await deps.gate.ledger.effects(state["ticket_id"])):
        there = effect.state is EffectState.DONE and effect.at >= since  # an older one was of another call
        if effect.tool == tool.name and (there or effect.state in OPEN):
            return Intent(
                key=effect.key,
                business_key=effect.business_key,
                body=effect.intent,
                decision_id=effect.decision_id,
            )
    return await _asked(tool, state, deps, since)


async def _asked(tool: Tool[Any], state: State, deps: Deps, since: datetime) -> Approval | None:
    """Return the approval that a process asked for, for this call, and died before it was in the state."""
    for one in await deps.gate.approvals.approvals(ticket_id=state["ticket_id"]):
        mine = one.about is About.EFFECT and one.tool == tool.name and one.asked_at >= since
        if mine and one.state is not ApprovalState.WITHDRAWN:
            return one
    return None


def _call(state: State, deps: Deps, standing: Standing, pending: PendingCall) -> Call[Any]:
    return Call(
        ticket_id=state["ticket_id"],
        brand=state["brand"],
        call_id=pending["id"],
        now=deps.clock(),
        world=deps.world,
        facts=standing.facts,
        said=standing.said,
        asked=state["asked"] or "".join(standing.said[:1]),
        tried=tuple(state["tried"]),
        named_fields=standing.named_fields,
        escalation=state["owed"] if pending["name"] == deps.escalation else None,
        procedure=standing.procedure.id,
        confidence=confidence_of(pending),
        silent=state["silent"],
    )


async def _write_call(state: State, deps: Deps, pending: PendingCall) -> bool:
    """Write down that a call is begun; False where that had been written before."""
    entry = await deps.record.append(
        state["ticket_id"],
        Kind.TOOL_CALL,
        {"id": pending["id"], "name": pending["name"], "arguments": pending["arguments"]},
        at=deps.clock(),
        once=f"call:{pending['id']}",
    )
    return entry is not None


async def write_result(state: State, deps: Deps, pending: PendingCall, result: Result) -> None:
    """Write down what a call came to. A repeated node writes it again only where it came to something else."""
    body: Document = {
        "id": pending["id"],
        "name": pending["name"],
        "status": result.status.value,
        "data": dict(result.data),
        "establishes": {fact: dict(given.value) for fact, given in result.establishes.items()},
    }
    results = await deps.record.entries(state["ticket_id"], kinds=(Kind.TOOL_RESULT,))
    before = [one.body for one in results if one.body.get("id") == pending["id"]]
    if before and canonical_json(before[-1]) == canonical_json(body):
        return
    once = f"result:{pending['id']}:{len(before)}"  # a count: it stays plain for ever, and tells nothing of the result
    await deps.record.append(state["ticket_id"], Kind.TOOL_RESULT, body, at=deps.clock(), once=once)


def settle(state: State, deps: Deps, pending: PendingCall, result: Result) -> dict[str, object]:
    """Return what a result changes in the state."""
    name = pending["name"]
    facts = {key: fact for key, fact in facts_of(state).items() if key not in result.spends}
    succeeded = result.status in {Status.OK, Status.DONE}
    code = result.data.get("code")
    changes: dict[str, object] = {
        "facts": stored({**facts, **result.establishes}),
        "fields": {**state["fields"], **result.fields},
        "tried": [*state["tried"], f"{name}: {result.status.value}{f' ({code})' if code else ''}"],
        "spent": Spent(calls=state["spent"]["calls"] + 1, tokens=state["spent"]["tokens"]),
        "escalate": result.escalate,
        "owed": result.owed or state["owed"],
    }
    if result.status is Status.SHADOWED:
        changes |= {"done": [*state["done"], name]}  # the procedure goes on as it would have, with nothing given
    elif succeeded:
        changes |= {"results": {**state["results"], name: dict(result.data)}, "done": [*state["done"], name]}
    else:
        changes |= _counted(state, deps, name, result)
    changes |= _outcome(state, deps, name, result)
    return changes | _switched(state, changes, result)


def _counted(state: State, deps: Deps, name: str, result: Result) -> dict[str, object]:
    """Count a refused attempt of a limited tool; at the limit lock it and hand over."""
    tool = deps.tools.get(name)
    if (
        tool is None
        or tool.attempts is None
        or result.status is not Status.REFUSED
        or result.data.get("code") in MISTAKES
    ):
        return {}
    failures = state["failures"].get(name, 0) + 1
    counted: dict[str, object] = {"failures": {**state["failures"], name: failures}}
    if failures >= tool.attempts.count:
        counted |= {"locked": [*state["locked"], name], "escalate": tool.attempts.reason_code}
    return counted


def _outcome(state: State, deps: Deps, name: str, result: Result) -> dict[str, object]:
    """An effect decides what the ticket came to; a read or a decision only where no effect has."""
    tool = deps.tools.get(name)
    if result.outcome is None or tool is None:
        return {}
    silent = tool.kind is ToolKind.TERMINAL
    if state["outcome"] is None or tool.kind in EFFECTS:
        words = {"status": result.status.value, "result": result.data, "again": False}
        last = {"reply": deps.prompts.reply((name, "_any"), words)} if silent else {}
        return {"outcome": result.outcome, "silent": silent, **last}
    return {}


def _switched(state: State, changes: dict[str, object], result: Result) -> dict[str, object]:
    """Leave the procedure for another, and remember where to come back to."""
    if result.switch_to is None or len(state["stack"]) >= DEEPEST:
        return {}
    left = {"procedure": state["procedure"], "done": changes.get("done", state["done"])}
    return {"stack": [*state["stack"], left], "procedure": result.switch_to, "done": []}
