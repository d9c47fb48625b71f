"""A turn on the record: what was answered to a message, and how the turn ended."""

from agent.deps import Deps
from agent.state import State, waiting_for
from casino.values import Document
from tools.record import Entry, Kind


async def say(state: State, deps: Deps, text: str, *, once: str) -> None:
    """Put code's own words on the record, as an answer to the message that the state names."""
    body: Document = {"text": text, "by": "code", "message": state["message_id"]}
    await deps.record.append(state["ticket_id"], Kind.AGENT_MESSAGE, body, at=deps.clock(), once=once)


async def end_turn(state: State, deps: Deps) -> None:
    """End a turn on the record, once; one that waits for a human tells the player so and has an end of its own."""
    waiting, once = waiting_for(state), f"turn:{state['message_id']}"
    if waiting is not None:
        text = deps.prompts.reply(("waiting",), {"again": False})
        await say(state, deps, text, once=f"reply:waiting:{waiting}")
        once = f"{once}:{waiting}"
    await write_turn(state, deps, once=once)


async def write_turn(state: State, deps: Deps, *, once: str) -> None:
    """Write down how a turn ended."""
    waiting = waiting_for(state)
    body: Document = {
        "message": state["message_id"],
        "path": [*state["path"]],
        "outcome": state["outcome"],
        "silent": state["silent"],
        **({} if waiting is None else {"waiting": waiting}),
    }
    await deps.record.append(state["ticket_id"], Kind.TURN, body, at=deps.clock(), once=once)


async def turn_of(ticket_id: str, message_id: str, deps: Deps) -> Entry | None:
    """Return the newest end of a message's turn, or None where it has not come to any."""
    turns = await deps.record.entries(ticket_id, kinds=(Kind.TURN,))
    return next((one for one in reversed(turns) if one.body.get("message") == message_id), None)


async def message_of(ticket_id: str, message_id: str, deps: Deps) -> Entry:
    """Return a message that was taken."""
    said = await deps.record.entries(ticket_id, kinds=(Kind.PLAYER_MESSAGE,))
    return next(one for one in said if one.body["message_id"] == message_id)


async def replies_to(ticket_id: str, message_id: str, deps: Deps) -> tuple[str, ...]:
    """Return what was answered to a message."""
    said = await deps.record.entries(ticket_id, kinds=(Kind.AGENT_MESSAGE,))
    return tuple(str(one.body["text"]) for one in said if one.body.get("message") == message_id)


async def told(ticket_id: str, deps: Deps) -> tuple[str, ...]:
    """Return everything that the player was told on a ticket."""
    said = await deps.record.entries(ticket_id, kinds=(Kind.AGENT_MESSAGE,))
    return tuple(str(one.body["text"]) for one in said)
