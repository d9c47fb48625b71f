"""Check and reply: nothing leaves that is not true, and what leaves is on the record."""

from collections.abc import Sequence
from typing import Final

from agent.deps import Deps
from agent.desk import SUB_PROCEDURE, look
from agent.incoming import clean
from agent.memory.conversation import heard
from agent.model.policy import ask, speak
from agent.model.port import Answered, Turn
from agent.outgoing.check import untruth
from agent.outgoing.echo import echoes, lists_tools
from agent.situation import situate
from agent.state import State
from casino.values import Document, Value
from tools.record import Kind
from tools.tool import EFFECTS, Status
from tools.tool import Kind as ToolKind

ECHO: Final = "it repeats what is written for you alone. Tell the player the outcome in your own words."


async def check(state: State, deps: Deps) -> dict[str, object]:
    """Compare the text with this ticket's results; send it back once, then take the template."""
    text = clean(state["reply"] or "").text
    path = [*state["path"], "check"]
    turns = await heard(deps.record, state)
    template = _template(state, deps, turns)
    wrong = None if text == template else _wrong(text, turns, deps)
    if wrong is None:
        return {"path": path, "reply": text, "correction": None}
    body: Document = {"text": text, "why": wrong}
    await deps.record.append(state["ticket_id"], Kind.REPLY_REJECTED, body, at=deps.clock())
    if state["correction"] is None:
        return {"path": path, "reply": None, "correction": wrong}
    return {"path": path, "reply": template, "correction": None}


def after_check(state: State) -> str:
    """A rejected text goes back to the model."""
    return "reply" if state["reply"] is not None else "think"


async def reply(state: State, deps: Deps) -> dict[str, object]:
    """Put the text on the record: from there the channel takes it."""
    body: Document = {"text": state["reply"] or "", "turn": state["turn"], "message": state["message_id"]}
    await deps.record.append(
        state["ticket_id"], Kind.AGENT_MESSAGE, body, at=deps.clock(), once=f"reply:{state['turn']}"
    )
    return {"path": [*state["path"], "reply"]}


def _wrong(text: str, turns: tuple[Turn, ...], deps: Deps) -> str | None:
    """Return what is wrong with a text, in words that the model can act on; None where nothing is."""
    if not text:
        return "it is empty. Say something to the player."
    if any(echoes(text, orders) for orders in (deps.prompts.orders, deps.steps)) or lists_tools(text, _inner(deps)):
        return ECHO
    answered = [turn for turn in turns if isinstance(turn, Answered)]
    known: list[Value] = [dict(turn.data) for turn in answered if turn.status in {Status.OK, Status.DONE}]
    return untruth(
        text,
        known,
        named=deps.named,
        given=_done(answered, deps, gives=True),
        passed_on=_done(answered, deps, gives=False),
    )


def _inner(deps: Deps) -> set[str]:
    """Return the names of tools that no player hears: what is only read may be a page of the player's too."""
    own = {name: tool for name, tool in deps.tools.items() if not name.startswith(SUB_PROCEDURE)}
    return {tool.display_name for tool in own.values() if tool.kind is not ToolKind.READ}


def _done(answered: Sequence[Answered], deps: Deps, *, gives: bool) -> bool:
    """Say whether an effect that gives the player something, or one that tells others, is done.

    In shadow mode what was newly wanted is only written down: then what was done before is no excuse for a promise.
    """
    effects = [turn for turn in answered if _is_effect(turn, deps, gives=gives)]
    return bool(effects) and effects[-1].status == Status.DONE


def _is_effect(turn: Answered, deps: Deps, *, gives: bool) -> bool:
    tool = deps.tools.get(turn.name)
    reached = turn.status in {Status.DONE, Status.SHADOWED}
    return tool is not None and tool.kind in EFFECTS and tool.gives is gives and reached


def _template(state: State, deps: Deps, turns: tuple[Turn, ...]) -> str:
    standing = look(state, deps, turns)
    situation = situate(standing, deps, brand=state["brand"])
    return ask(deps.prompts, situation) if standing.phase == "verify" else speak(deps.prompts, situation)
