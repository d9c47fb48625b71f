"""Triage: choose the procedure, by shared words first and by the model only in doubt."""

from typing import NamedTuple

from langgraph.runtime import Runtime

from agent.deps import Deps
from agent.memory.conversation import conversation, player_words
from agent.memory.kinds import Kind
from agent.playbook.procedure import Procedure
from agent.router import rank
from agent.state import State
from casino.values import Document


async def triage(state: State, runtime: Runtime[Deps]) -> dict[str, object]:
    """Keep a procedure that is under way; choose where there is none, or only the fallback."""
    deps = runtime.context
    path = [*state["path"], "triage"]
    current, fallback = state["procedure"], deps.library.fallback.id
    if current not in {None, fallback}:
        return {"path": path}
    found = await _choose(state, deps) or Choice(fallback, "none fits")
    if found.procedure == current:
        return {"path": path}
    body: Document = {"procedure": found.procedure, "why": found.why}
    await deps.record.append(state["ticket_id"], Kind.TRIAGE, body, at=deps.clock())
    return {"path": path, "procedure": found.procedure, "done": []}


class Choice(NamedTuple):
    """A procedure and how it was found."""

    procedure: str
    why: str


async def _choose(state: State, deps: Deps) -> Choice | None:
    """Return the procedure that the player's newest words are about, or None."""
    said = player_words(await conversation(deps.record, state["ticket_id"]))
    text = said[-1] if said else ""
    published = deps.library.published(state["brand"], "chat")
    offered = [one for one in published if one.id != deps.library.fallback.id]
    ranked = rank(text, {one.id: _texts(one) for one in offered})
    if not ranked.ids:
        return None
    if ranked.clear:
        return Choice(ranked.ids[0], "words")
    chosen = await deps.model.choose(text, {one.id: one.description for one in offered if one.id in ranked.ids})
    return Choice(ranked.ids[0], "words, not clear") if chosen is None else Choice(chosen, "model")


def _texts(procedure: Procedure) -> tuple[str, ...]:
    return (*procedure.utterances, procedure.name, procedure.description)
