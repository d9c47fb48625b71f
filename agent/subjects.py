"""Whose ticket it is: noted on the record, so that erasing a person finds it."""

from collections.abc import Mapping

from agent.deps import Deps
from tools.tool import Fact


async def note_subjects(deps: Deps, ticket_id: str, facts: Mapping[str, Fact]) -> None:
    """Note the person whom one of the facts names, by the declarations of the tools that establish them."""
    for tool in deps.tools.values():
        fact = facts.get(tool.establishes[0]) if tool.establishes else None
        if tool.subject is not None and fact is not None:
            await deps.record.belongs(ticket_id, str(fact.value[tool.subject]), at=deps.clock())
