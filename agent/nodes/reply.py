"""Check and reply: nothing leaves that is not true, and what leaves is on the record."""

from langgraph.runtime import Runtime

from agent.deps import Deps
from agent.desk import look
from agent.incoming import clean
from agent.memory.conversation import conversation
from agent.memory.kinds import Kind
from agent.model.policy import ask, speak
from agent.model.port import Answered, Turn
from agent.outgoing import promises_effect, untrue_values
from agent.situation import situate
from agent.state import State
from casino.values import Document, Value
from tools.tool import Status


async def check(state: State, runtime: Runtime[Deps]) -> dict[str, object]:
    """Compare the text with this ticket's results; send it back once, then take the template."""
    deps = runtime.context
    text = clean(state["reply"] or "").text
    path = [*state["path"], "check"]
    turns = await conversation(deps.record, state["ticket_id"], since=state["since"])
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


async def reply(state: State, runtime: Runtime[Deps]) -> dict[str, object]:
    """Put the text on the record: from there the channel takes it."""
    deps = runtime.context
    body: Document = {"text": state["reply"] or "", "turn": state["turn"], "message": state["message_id"]}
    await deps.record.append(
        state["ticket_id"], Kind.AGENT_MESSAGE, body, at=deps.clock(), once=f"reply:{state['turn']}"
    )
    return {"path": [*state["path"], "reply"]}


def _wrong(text: str, turns: tuple[Turn, ...], deps: Deps) -> str | None:
    """Return what is wrong with a text, in words that the model can act on; None where nothing is."""
    if not text:
        return "it is empty. Say something to the player."
    answered = [turn for turn in turns if isinstance(turn, Answered) and turn.status in {Status.OK, Status.DONE}]
    known: list[Value] = [dict(turn.data) for turn in answered]
    untrue = untrue_values(text, known)
    if untrue:
        return f"these values stand in no result of this ticket: {', '.join(untrue)}. Use only values from results."
    given = any(turn.status == Status.DONE and deps.tools[turn.name].gives for turn in answered)
    if promises_effect(text) and not given:
        return "it says that something was done, but no result says so. Say only what the results say."
    return None


def _template(state: State, deps: Deps, turns: tuple[Turn, ...]) -> str:
    standing = look(state, deps, turns)
    situation = situate(standing, deps, brand=state["brand"])
    return ask(deps.prompts, situation) if standing.phase == "verify" else speak(deps.prompts, situation)
