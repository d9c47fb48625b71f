"""What the ticket gives a tool: the values that its facts and the player's own words hold for the arguments."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any, Final, NamedTuple

from agent.model.port import Answered, Said, Turn
from casino.values import Value
from tools.spoken import dates, emails, phones
from tools.tool import Fact, Tool, fact_value, hints, required

YOUNGEST_YEARS = 10  # a later date is no date of birth: people also write when they deposited
_KEPT: Final = 256  # readings of texts: a turn asks for the same ones again at each of its steps


class Filled(NamedTuple):
    """Arguments with the values that are there, and the names of the required ones that are not."""

    arguments: dict[str, Value]
    missing: tuple[str, ...]


def fill(tool: Tool[Any], facts: Mapping[str, Fact], said: Sequence[str], today: date) -> Filled:
    """Return the newest value for each argument that a fact or the player's words give.

    An argument that is not required counts only from the newest words that hold any detail: what a player leaves out
    the second time is taken back.
    """
    needed, given = required(tool), dict[str, Value]()
    newest = [text for text in said if _details(tool, [text], today)][-1:]
    for name, hint in hints(tool).items():
        if "x-fact" in hint and (value := fact_value(facts, hint["x-fact"])) is not None:
            given[name] = value
        elif "x-spoken" in hint and (found := heard(hint["x-spoken"], said if name in needed else newest, today)):
            given[name] = found[-1]
    by_code = [
        name for name, hint in hints(tool).items() if name in needed and ("x-fact" in hint or "x-spoken" in hint)
    ]
    return Filled(given, tuple(name for name in by_code if name not in given))


def heard(kind: str, said: Sequence[str], today: date) -> list[str]:
    """Return every e-mail address, date, date of birth or phone number that the player said, the newest last."""
    found = [value for text in said for value in _in_one(kind, text, today)]
    return list(dict.fromkeys(reversed(found)))[::-1]


@lru_cache(maxsize=_KEPT)
def _in_one(kind: str, text: str, today: date) -> tuple[str, ...]:
    """Return the values of one text. Of several possible dates of birth the earliest is the likeliest, so the last."""
    match kind:
        case "email":
            return emails(text)
        case "phone":
            return phones(text, region=None)
        case "birth_date":
            born = [one.value for one in dates(text) if today.year - one.value.year >= YOUNGEST_YEARS]
            return tuple(one.isoformat() for one in sorted(born, reverse=True))
        case "date":
            return tuple(one.value.isoformat() for one in dates(text))
        case _:
            return ()


def narrowed(tool: Tool[Any], schema: dict[str, Any], said: Sequence[str], today: date) -> dict[str, Any]:
    """Return a schema that admits only values which the player has said, and no detail that was not."""
    kinds = {name: hint["x-spoken"] for name, hint in hints(tool).items() if "x-spoken" in hint}
    properties: dict[str, Any] = {}
    for name, prop in schema.get("properties", {}).items():
        if name not in kinds:
            properties[name] = prop
        elif found := heard(kinds[name], said, today):
            properties[name] = {"type": "string", "enum": found, "description": prop.get("description", "")}
    return {**schema, "properties": properties}


def heard_since_answer(tool: Tool[Any], turns: Sequence[Turn], today: date) -> bool:
    """Say whether a tool has not answered yet, or the player has given one of its details since."""
    answers = [at for at, turn in enumerate(turns) if isinstance(turn, Answered) and turn.name == tool.name]
    if not answers:
        return True
    later = [turn.text for turn in turns[answers[-1] :] if isinstance(turn, Said) and turn.role == "player"]
    return _details(tool, later, today)


def _details(tool: Tool[Any], said: Sequence[str], today: date) -> bool:
    """Say whether the words hold any detail that the tool asks the player for."""
    return any(heard(hint["x-spoken"], said, today) for hint in hints(tool).values() if "x-spoken" in hint)
