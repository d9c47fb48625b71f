"""Approve: wait for a human. Nothing else happens here, since a node that waits is run again from its start."""

from agent.deps import Deps
from agent.state import State, waiting_for


async def approve(state: State, _: Deps) -> dict[str, object]:
    """Stop until the ticket is resumed. What resumes it is of no weight: the gate reads the approval itself."""
    from langgraph.types import interrupt  # noqa: PLC0415  # half a second that no replay pays

    interrupt({"approval": waiting_for(state)})
    return {}
