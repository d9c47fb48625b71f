"""Approve: wait for a human. Nothing else happens here, since a node that waits is run again from its start."""

from langgraph.types import interrupt

from agent.state import State, waiting_for


async def approve(state: State) -> dict[str, object]:
    """Stop until the ticket is resumed. What resumes it is of no weight: the gate reads the approval itself."""
    interrupt({"approval": waiting_for(state)})
    return {}
