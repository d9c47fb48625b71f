"""Think: show the model where the ticket stands, and take down what it proposes. Nothing happens here."""

import json
from collections.abc import Sequence
from typing import Any, TypedDict

from agent.deps import Deps
from agent.desk import SUB_PROCEDURE, Standing, look
from agent.details import fill, narrowed
from agent.incoming import heard_of_harm
from agent.memory.conversation import heard, this_turn
from agent.model.policy import ask
from agent.model.port import Action, Answered, ModelDown, Prompt, Proposal, ProposedCall, Request, Shown
from agent.playbook.resolve import render
from agent.situation import situate
from agent.state import Left, PendingCall, Spent, State
from casino.values import Document, Value
from tools.record import Entry, Kind
from tools.spoken import wants_human
from tools.tool import EFFECTS, Status, Tool, schema

MOST_CALLS = 8  # of one proposal; what comes behind is left out, and the model may propose it again


class Back(TypedDict, total=False):
    """What changes where a procedure is come back to."""

    stack: list[Left]
    procedure: str
    done: list[str]


async def think(state: State, deps: Deps) -> dict[str, object]:
    """Ask for one proposal; words of harm, a spent budget or a model that is down end in a hand-over.

    So does a turn that would end in words though the player asks for a human: the model has had its chance.
    """
    turns = await heard(deps.record, state)
    standing = look(state, deps, turns)
    if back := _come_back(state, standing):
        standing = look({**state, **back}, deps, turns)
    path = [*state["path"], standing.phase]
    said = await deps.record.entries(state["ticket_id"], kinds=(Kind.PLAYER_MESSAGE,))
    if any(heard_of_harm(one.body) for one in said[-1:]):  # it may have come while an earlier one was answered
        return {"path": path, "escalate": "player_protection"}
    if _overspent(state, standing, deps):
        return {"path": path, "escalate": "budget_spent"}
    owed = state["owed"] or ("player_request" if _asked_for_human(said, state, standing, deps) else None)
    if (told := _already_told(state, standing, deps)) is not None:
        return {"path": path, "pending": [], "reply": told, "owed": owed}
    request = _request(state, deps, standing)
    await _write_request(state, deps, request)
    try:
        proposal = await deps.model.propose(request)
    except ModelDown as error:
        why: Document = {"what": "model", "why": str(error)}
        await deps.record.append(state["ticket_id"], Kind.FAILURE, why, at=deps.clock())
        return {"path": path, "escalate": "model_failed"}
    await deps.record.append(state["ticket_id"], Kind.MODEL_REPLY, _told(proposal), at=deps.clock())
    tokens = state["spent"]["tokens"] + proposal.tokens_in + proposal.tokens_out
    return {
        **back,
        "path": path,
        "steps": state["steps"] + 1,
        "pending": _pending(proposal, state, deps),
        "reply": proposal.text if not proposal.calls else None,
        "owed": state["owed"] if proposal.calls else owed,
        "spent": Spent(calls=state["spent"]["calls"], tokens=tokens),
    }


def _asked_for_human(said: Sequence[Entry], state: State, standing: Standing, deps: Deps) -> bool:
    """Say whether a human is asked for and can be had: in the newest words, or in those that this turn answers."""
    if standing.asked_for_human or deps.escalation not in standing.legal:
        return standing.asked_for_human
    return any(wants_human(str(one.body["text"])) for one in said[:-1] if one.seq >= state["message_seq"])


def after_think(state: State) -> str:
    """Calls go first. A hand-over that is owed goes before any words; else the text is checked."""
    if state["escalate"] is not None or (state["owed"] is not None and not state["pending"]):
        return "escalate"
    return state["pending"][0]["node"] if state["pending"] else "check"


def _come_back(state: State, standing: Standing) -> Back:
    """Return from a sub-procedure whose steps are all done, to the one that it was called from."""
    if not state["stack"] or standing.next_action is not None or standing.phase == "verify":
        return Back()
    *others, left = state["stack"]
    return Back(stack=others, procedure=left["procedure"], done=[*left["done"], f"{SUB_PROCEDURE}{state['procedure']}"])


def _overspent(state: State, standing: Standing, deps: Deps) -> bool:
    """Say whether a budget is spent."""
    limits = deps.limits
    turns = min(limits.turns, standing.procedure.max_turns or limits.turns)
    return (
        state["steps"] >= limits.steps
        or state["turn"] > turns
        or state["spent"]["calls"] >= limits.calls
        or state["spent"]["tokens"] >= limits.tokens
    )


def _already_told(state: State, standing: Standing, deps: Deps) -> str | None:
    """Tell by template what was done, where verification has expired meanwhile: the turn waited, or was cut off."""
    done = any(isinstance(turn, Answered) and turn.status == Status.DONE for turn in this_turn(standing.turns))
    if standing.phase != "verify" or not done:
        return None
    return ask(deps.prompts, situate(standing, deps, brand=state["brand"]))


def _request(state: State, deps: Deps, standing: Standing) -> Request:
    """Put the question. The head changes only when a conditional is decided; what changes at every step stands last."""
    brand, held = state["brand"], deps.hold_order and standing.next_action is not None
    legal = [tool for tool in standing.legal.values() if _offered(tool, standing, deps, held=held)]
    own = standing.procedure
    shown = Shown(own.id, own.name, render(own, brand, standing.known))
    bound = tuple(Action(tool.name, tool.description, schema(tool, {})) for tool in standing.bound.values())
    head = deps.prompts.render(
        "system.j2",
        {
            "brand": brand,
            "json_mode": deps.json_mode,
            "actions": bound,
            "title": shown.title,
            "procedure": shown.text,
        },
    )
    note = deps.prompts.render(
        "note.j2",
        {
            "correction": state["correction"],
            "phase": standing.phase,
            "asked_for_human": standing.asked_for_human,
            "missing": standing.missing,
            "next_action": standing.next_action,
        },
    )
    actions = [
        Action(one.name, one.description, narrowed(one, schema(one, standing.facts), standing.said, standing.today))
        for one in legal
    ]
    prompt = Prompt(
        head=head,
        turns=standing.turns,
        note=note,
        actions=tuple(actions),
        may_reply=not held,
        procedure=shown,
        bound=bound,
    )
    return Request(prompt=prompt, situation=situate(standing, deps, brand=brand))


def _offered(tool: Tool[Any], standing: Standing, deps: Deps, *, held: bool) -> bool:
    """Offer what the player's words suffice for; where the order is held, the step that is due and the way out."""
    if held and tool.name not in {standing.next_action, deps.escalation}:
        return False
    return not fill(tool, standing.facts, standing.said, standing.today).missing


async def _write_request(state: State, deps: Deps, request: Request) -> None:
    """Record what was asked: the head by its hash, the conversation by where the record stood, the rest in full."""
    prompt = request.prompt
    body: Document = {
        "model": deps.model.name,
        "head": await deps.record.keep(prompt.head),
        "turns": len(prompt.turns),
        "note": prompt.note,
        "legal": [action.name for action in prompt.actions],
        "schemas": await deps.record.keep(_schemas(prompt), ticket_id=state["ticket_id"]),
        "may_reply": prompt.may_reply,
    }
    await deps.record.append(state["ticket_id"], Kind.MODEL_REQUEST, body, at=deps.clock())


def _schemas(prompt: Prompt) -> str:
    """Return the schemas as they were offered: narrowed to what the player said, so they are kept with the ticket."""
    return json.dumps([action.schema for action in prompt.actions], sort_keys=True)


def _told(proposal: Proposal) -> Document:
    return {
        "model": proposal.model,
        "calls": [_called(call) for call in proposal.calls],
        "text": proposal.text,
        "tokens": {"in": proposal.tokens_in, "out": proposal.tokens_out},
        "attempts": list(proposal.attempts),
        "parameters": dict(proposal.parameters),
        "response": dict(proposal.response),
    }


def _called(call: ProposedCall) -> dict[str, Value]:
    told: dict[str, Value] = {"name": call.name, "arguments": dict(call.arguments)}
    return told if call.confidence is None else {**told, "confidence": call.confidence}


def _kept(value: Value) -> Value:
    """Return a value that a checkpoint can keep: a whole number beyond 64 bits as its text, which no tool takes."""
    match value:
        case bool():
            return value
        case int() if not -(2**63) <= value < 2**63:
            return str(value)
        case list():
            return [_kept(one) for one in value]
        case dict():
            return {name: _kept(one) for name, one in value.items()}
        case _:
            return value


def _pending(proposal: Proposal, state: State, deps: Deps) -> list[PendingCall]:
    """Number the calls: the same step of the same turn gives the same ids. Effects have a node of their own."""
    stem = f"c{state['turn']}-{state['steps'] + 1}"
    return [
        PendingCall(
            id=f"{stem}-{number}",
            name=call.name,
            arguments={name: _kept(value) for name, value in call.arguments.items()},
            node=_node(deps.tools.get(call.name)),
            confidence=None if call.confidence is None else str(call.confidence),
        )
        for number, call in enumerate(proposal.calls[:MOST_CALLS], start=1)
    ]


def _node(tool: Tool[Any] | None) -> str:
    return "effect" if tool is not None and tool.kind in EFFECTS else "act"
