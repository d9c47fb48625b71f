"""Load: begin a turn on a ticket."""

from collections.abc import Set as AbstractSet

from agent.deps import Deps
from agent.state import State, facts_of, stored
from tools.legal import live


async def load(state: State, deps: Deps) -> dict[str, object]:
    """Count the turn, forget what has expired, and answer at once what needs no thought."""
    notice = state["notice"]
    facts = facts_of(state)
    alive = live(facts, deps.clock())
    return {
        "facts": stored(alive),
        **await _expired(facts.keys() - alive.keys(), state, deps),
        "turn": state["turn"] + 1,
        "path": ["load"],
        "steps": 0,
        "pending": [],
        "reply": None if notice is None else deps.prompts.reply((notice,), {}),
        "correction": None,
        "owed": None,
    }


async def _expired(gone: AbstractSet[str], state: State, deps: Deps) -> dict[str, object]:
    """Forget what stood on facts that have expired: results are asked for anew, an identity takes everything along."""
    verifier = deps.tools.get(deps.verifier or "")
    if verifier is not None and verifier.establishes[0] in gone:
        return await forgotten(state["ticket_id"], state["message_seq"], deps)
    return {"results": {}, "done": []} if gone else {}


async def forgotten(ticket_id: str, seq: int, deps: Deps) -> dict[str, object]:
    """Return the changes that leave nothing of before: the conversation counts from the message at `seq`.

    What stands behind that message by now was not done for whoever sent it: it ended a turn that was left half way.
    """
    entries = await deps.record.entries(ticket_id)
    empty: dict[str, object] = {"facts": {}, "fields": {}, "results": {}, "done": [], "stack": [], "failures": {}}
    empty |= {"asked": "", "tried": []}  # words, and what was done, for somebody else
    return {**empty, "since": seq - 1, "hidden": entries[-1].seq if entries else 0}


def after_load(state: State) -> str:
    """A transferred ticket is silent. A message that a human must have, and a notice, need no model."""
    if state["silent"]:
        return "silent"
    if state["escalate"] is not None:
        return "escalate"
    return "triage" if state["reply"] is None else "reply"
