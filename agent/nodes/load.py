"""Load: begin a turn on a ticket."""

from langgraph.runtime import Runtime

from agent.deps import Deps
from agent.state import State, facts_of, stored
from tools.legal import live


async def load(state: State, runtime: Runtime[Deps]) -> dict[str, object]:
    """Count the turn, forget what has expired, and answer at once what needs no thought."""
    deps = runtime.context
    notice = state["notice"]
    return {
        "turn": state["turn"] + 1,
        "facts": stored(live(facts_of(state), deps.clock())),
        "path": ["load"],
        "steps": 0,
        "pending": [],
        "reply": None if notice is None else deps.prompts.reply((notice,), {}),
        "correction": None,
        "escalate": None,
        "owed": None,
    }


def after_load(state: State) -> str:
    """A transferred ticket is silent; a notice needs no model."""
    if state["silent"]:
        return "silent"
    return "triage" if state["reply"] is None else "reply"
