"""What is legal now: read from the tools' declarations and the facts of the ticket."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from casino.values import Value
from tools.spoken import Kind as SpokenKind
from tools.spoken import contains
from tools.tool import Arguments, Call, Fact, Result, Status, Tool, fact_value, hints

SAID_AS: Mapping[str, SpokenKind] = {"email": "email", "date": "date", "birth_date": "date", "phone": "phone"}


# Refusals of calls that should not have been made: the model's mistakes, not the player's business.
MISTAKES = frozenset(
    {
        "already_done",
        "invalid_arguments",
        "locked",
        "not_a_fact",
        "not_now",
        "not_said_by_player",
        "precondition",
        "unknown_tool",
    }
)


def live(facts: Mapping[str, Fact], now: datetime) -> dict[str, Fact]:
    """Return the facts that have not expired."""
    return {name: fact for name, fact in facts.items() if fact.expires_at is None or now < fact.expires_at}


def missing_needs(tool: Tool[Any], facts: Mapping[str, Fact]) -> list[str]:
    """Return the facts that the tool still needs, strongest wording first."""
    return [need.fact for need in tool.needs if need.fact not in facts or facts[need.fact].level < need.level]


def needing(tools: Mapping[str, Tool[Any]], fact: str | None) -> dict[str, bool]:
    """Say of each tool whether it needs a fact."""
    return {name: any(need.fact == fact for need in tool.needs) for name, tool in tools.items()}


def why_not(tool: Tool[Any], facts: Mapping[str, Fact], locked: Collection[str]) -> tuple[str, str] | None:
    """Return None where the tool may be called now, else a code and the reason."""
    if tool.name in locked:
        return "locked", f"`{tool.name}` is locked on this ticket after too many failed attempts"
    if tool.establishes and tool.establishes[0] in facts:
        return "already_done", f"`{tool.name}` has been done on this ticket; use its result"
    if needed := missing_needs(tool, facts):
        return "precondition", f"`{tool.name}` needs {', '.join(f'`{name}`' for name in needed)} first"
    return None


def refusal(code: str, message: str, **more: str | list[str]) -> Result:
    """Return a structured refusal that a model can act on."""
    data: dict[str, Value] = {"code": code, "message": message}
    for key, value in more.items():
        data[key] = [*value] if isinstance(value, list) else value
    return Result(status=Status.REFUSED, data=data)


def validate(tool: Tool[Any], raw: Mapping[str, Any], call: Call[Any]) -> Arguments | Result:
    """Return typed arguments, or the refusal that names each wrong argument and how to mend it."""
    try:
        arguments = tool.arguments.model_validate(dict(raw))
    except ValidationError as error:
        problems = [f"{'.'.join(map(str, one['loc'])) or 'arguments'}: {one['msg']}" for one in error.errors()]
        return refusal("invalid_arguments", f"`{tool.name}` was not called", problems=problems)
    return _unfounded(tool, arguments, call) or arguments


def _unfounded(tool: Tool[Any], arguments: Arguments, call: Call[Any]) -> Result | None:
    """Refuse a value that neither the player's words nor the ticket's facts contain."""
    for name, hint in hints(tool).items():
        value = getattr(arguments, name)
        if value is None:
            continue
        kind, path = hint.get("x-spoken"), hint.get("x-fact")
        if kind is not None and not contains(SAID_AS[kind], str(value), call.said):
            return refusal("not_said_by_player", f"the player has not said this {name}; ask for it, never guess it")
        if path is not None and value != fact_value(call.facts, path):
            return refusal("not_a_fact", f"`{name}` is not the {path} of this ticket")
    return None
