"""What the ticket gives a tool: the values that its facts and the player's own words hold for the arguments."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from agent.model.port import Answered, Said, Turn
from casino.values import Value
from tools.spoken import dates, emails, phones
from tools.tool import Fact, Tool, fact_value, hints, required


class Filled(NamedTuple):
    """Arguments with the values that are there, and the names of the required ones that are not."""

    arguments: dict[str, Value]
    missing: tuple[str, ...]


def fill(tool: Tool[Any], facts: Mapping[str, Fact], said: Sequence[str]) -> Filled:
    """Return the newest value for each argument that a fact or the player's words give."""
    given: dict[str, Value] = {}
    for name, hint in hints(tool).items():
        if "x-fact" in hint and (value := fact_value(facts, hint["x-fact"])) is not None:
            given[name] = value
        elif "x-spoken" in hint and (found := heard(hint["x-spoken"], said)):
            given[name] = found[-1]
    needed = [name for name, hint in hints(tool).items() if name in required(tool) and _is_given_by_code(hint)]
    return Filled(given, tuple(name for name in needed if name not in given))


def _is_given_by_code(hint: Mapping[str, Any]) -> bool:
    return "x-fact" in hint or "x-spoken" in hint


def heard(kind: str, said: Sequence[str]) -> list[str]:
    """Return every e-mail address, date or phone number in the player's words, oldest first and each once."""
    found: list[str] = []
    for text in said:
        match kind:
            case "email":
                found += emails(text)
            case "date":
                found += [one.value.isoformat() for one in dates(text)]
            case "phone":
                found += phones(text, region=None)
            case _:
                pass
    return list(dict.fromkeys(found))


def narrowed(tool: Tool[Any], schema: dict[str, Any], said: Sequence[str]) -> dict[str, Any]:
    """Return a schema that admits only values which the player has said, and no detail that was not."""
    kinds = {name: hint["x-spoken"] for name, hint in hints(tool).items() if "x-spoken" in hint}
    properties: dict[str, Any] = {}
    for name, prop in schema.get("properties", {}).items():
        if name not in kinds:
            properties[name] = prop
        elif found := heard(kinds[name], said):
            properties[name] = {"type": "string", "enum": found, "description": prop.get("description", "")}
    return {**schema, "properties": properties}


def heard_since_answer(tool: Tool[Any], turns: Sequence[Turn]) -> bool:
    """Say whether a tool has not answered yet, or the player has given one of its details since."""
    answers = [at for at, turn in enumerate(turns) if isinstance(turn, Answered) and turn.name == tool.name]
    if not answers:
        return True
    kinds = [hint["x-spoken"] for hint in hints(tool).values() if "x-spoken" in hint]
    later = [turn.text for turn in turns[answers[-1] :] if isinstance(turn, Said) and turn.role == "player"]
    return any(heard(kind, later) for kind in kinds)
