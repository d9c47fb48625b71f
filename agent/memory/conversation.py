"""The conversation, read back from the record."""

from collections.abc import Sequence

from agent.model.port import Answered, Called, Said, Turn
from agent.state import State
from casino.values import Document, Value
from tools.record import Entry, Kind, Record

TALK = (Kind.PLAYER_MESSAGE, Kind.AGENT_MESSAGE, Kind.TOOL_CALL, Kind.TOOL_RESULT)


async def heard(record: Record, state: State) -> tuple[Turn, ...]:
    """Return what was said and called on a ticket for the person whom it is about now."""
    return await conversation(record, state["ticket_id"], since=state["since"], hidden=state.get("hidden", 0))


async def conversation(record: Record, ticket_id: str, *, since: int = 0, hidden: int = 0) -> tuple[Turn, ...]:
    """Return everything that was said and called on a ticket after an entry, in order.

    The first entry after it is the message that it all began with. What follows that one up to `hidden` was still done
    for another person, whose turn came to its end only then.
    """
    entries = await record.entries(ticket_id, kinds=TALK)
    told = [_turn(entry) for entry in entries if entry.seq == since + 1 or entry.seq > max(since, hidden)]
    calls = {turn.id: turn for turn in told if isinstance(turn, Called)}
    newest = {turn.id: at for at, turn in enumerate(told) if isinstance(turn, Answered)}
    turns: list[Turn] = []
    for at, turn in enumerate(told):
        match turn:
            case Said():
                turns.append(turn)
            case Answered() if newest[turn.id] == at:  # a call that a dead process had begun may be answered twice
                turns += [calls[turn.id], turn] if turn.id in calls else [turn]
            case _:  # a call stands with its answer, though people may have talked while it waited for a human
                continue
    return tuple(turns)


def this_turn(turns: Sequence[Turn]) -> tuple[Turn, ...]:
    """Return the player's newest message and what came of it so far.

    A message that came in while an earlier one was still being answered stands before that answer on the record: what
    was done for the earlier one is none of this one's.
    """
    said = [(index, turn) for index, turn in enumerate(turns) if isinstance(turn, Said)]
    newest = next((turn for _, turn in reversed(said) if turn.role == "player"), None)
    return tuple(turns) if newest is None else (newest, *turns[said[-1][0] + 1 :])


def player_words(turns: Sequence[Turn]) -> tuple[str, ...]:
    """Return the player's own words, oldest first."""
    return tuple(turn.text for turn in turns if isinstance(turn, Said) and turn.role == "player")


def _turn(entry: Entry) -> Turn:
    body = entry.body
    match entry.kind:
        case Kind.PLAYER_MESSAGE:
            return Said("player", str(body["text"]))
        case Kind.AGENT_MESSAGE:
            return Said("agent", str(body["text"]))
        case Kind.TOOL_CALL:
            return Called(str(body["id"]), str(body["name"]), _object(body["arguments"]))
        case _:
            return Answered(str(body["id"]), str(body["name"]), str(body["status"]), _object(body["data"]))


def _object(value: Value) -> Document:
    return value if isinstance(value, dict) else {}
