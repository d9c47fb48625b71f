"""The conversation, read back from the record."""

from collections.abc import Sequence

from agent.memory.kinds import Kind
from agent.model.port import Answered, Called, Said, Turn
from casino.values import Document, Value
from tools.ports import Entry, Record

TALK = (Kind.PLAYER_MESSAGE, Kind.AGENT_MESSAGE, Kind.TOOL_CALL, Kind.TOOL_RESULT)


async def conversation(record: Record, ticket_id: str, *, since: int = 0) -> tuple[Turn, ...]:
    """Return everything that was said and called on a ticket after an entry, in order."""
    turns = [_turn(entry) for entry in await record.entries(ticket_id, kinds=TALK) if entry.seq > since]
    newest = {turn.id: at for at, turn in enumerate(turns) if isinstance(turn, Answered)}
    # A call that a dead process had begun may have been answered twice: the later answer is the one that holds.
    return tuple(turn for at, turn in enumerate(turns) if not isinstance(turn, Answered) or newest[turn.id] == at)


def this_turn(turns: Sequence[Turn]) -> tuple[Turn, ...]:
    """Return what came since the player's newest message, which it starts with."""
    starts = [index for index, turn in enumerate(turns) if isinstance(turn, Said) and turn.role == "player"]
    return tuple(turns[starts[-1] :]) if starts else tuple(turns)


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
