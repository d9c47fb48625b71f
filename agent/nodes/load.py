"""Load: begin a turn on a ticket."""

from collections.abc import Set as AbstractSet

from langgraph.runtime import Runtime

from agent.deps import Deps
from agent.state import State, facts_of, stored
from tools.legal import live


async def load(state: State, runtime: Runtime[Deps]) -> dict[str, object]:
    """Count the turn, forget what has expired, and answer at once what needs no thought."""
    deps = runtime.context
    notice = state["notice"]
    facts = facts_of(state)
    alive = live(facts, deps.clock())
    return {
        **_forgotten(facts.keys() - alive.keys(), deps),
        "turn": state["turn"] + 1,
        "facts": stored(alive),
        "path": ["load"],
        "steps": 0,
        "pending": [],
        "reply": None if notice is None else deps.prompts.reply((notice,), {}),
        "correction": None,
        "escalate": None,
        "owed": None,
    }


def _forgotten(gone: AbstractSet[str], deps: Deps) -> dict[str, object]:
    """Forget what stood on facts that have expired: results are asked for anew, perhaps of another player."""
    verifier = deps.tools.get(deps.verifier or "")
    forgotten: dict[str, object] = {"results": {}, "done": []} if gone else {}
    if verifier is not None and verifier.establishes[0] in gone:
        forgotten["fields"] = {}
    return forgotten


def after_load(state: State) -> str:
    """A transferred ticket is silent; a notice needs no model."""
    if state["silent"]:
        return "silent"
    return "triage" if state["reply"] is None else "reply"
