"""Triage: choose the procedure, by shared words first and by the model only in doubt."""

from typing import NamedTuple

from agent.deps import Deps
from agent.desk import look
from agent.memory.conversation import heard, player_words
from agent.model.port import Turn
from agent.playbook.procedure import Procedure
from agent.router import rank
from agent.state import State
from casino.values import Document
from tools.record import Kind
from tools.spoken import only_thanks


async def triage(state: State, deps: Deps) -> dict[str, object]:
    """Keep a procedure that is under way; choose where there is none, only the fallback, or one that is finished."""
    path = [*state["path"], "triage"]
    turns = await heard(deps.record, state)
    current, fallback = state["procedure"], deps.procedures.fallback.id
    finished = current not in {None, fallback} and _finished(state, deps, turns)
    if current not in {None, fallback} and not finished:
        return {"path": path}
    found = await _choose(state, deps, turns)
    if found is None or (finished and not found.clear):
        found = Choice(current or fallback, "none fits", clear=False)
    if found.procedure == current:
        return {"path": path}
    source = await deps.record.keep(deps.procedures.by_id[found.procedure].source)  # the version in force
    body: Document = {"procedure": found.procedure, "why": found.why, "source": source}
    await deps.record.append(state["ticket_id"], Kind.TRIAGE, body, at=deps.clock())
    asked = "".join(player_words(turns)[-1:])
    return {"path": path, "procedure": found.procedure, "done": [], "asked": asked}


def _finished(state: State, deps: Deps, turns: tuple[Turn, ...]) -> bool:
    """Say whether the procedure has been followed to its end: the player may now want something else."""
    standing = look(state, deps, turns)
    return standing.phase == "converse" and standing.next_action is None and bool(state["done"])


class Choice(NamedTuple):
    """A procedure and how it was found."""

    procedure: str
    why: str
    clear: bool


async def _choose(state: State, deps: Deps, turns: tuple[Turn, ...]) -> Choice | None:
    """Return the procedure that the player's newest words are about, or None."""
    text = "".join(player_words(turns)[-1:])
    if only_thanks(text):
        return None
    published = deps.procedures.published(state["brand"], "chat")
    offered = [one for one in published if one.id != deps.procedures.fallback.id]
    ranked = rank(text, {one.id: _texts(one) for one in offered})
    if not ranked.ids:
        return None
    if ranked.clear:
        return Choice(ranked.ids[0], "words", clear=True)
    among = {one.id: one.description for one in offered if one.id in ranked.ids}
    chosen = await deps.model.choose(text, among)
    if chosen not in among:
        return Choice(ranked.ids[0], "words, not clear", clear=False)
    return Choice(chosen, "model", clear=True)


def _texts(procedure: Procedure) -> tuple[str, ...]:
    return (*procedure.utterances, procedure.name, procedure.description)
