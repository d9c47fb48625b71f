"""A procedure that another mentions is offered as a tool: calling it switches, and finishing it comes back."""

from typing import Any

from agent.desk import SUB_PROCEDURE
from agent.playbook.collection import Library
from agent.playbook.procedure import Procedure
from tools.tool import Arguments, Call, Kind, Result, Status, Tool


class NoArguments(Arguments):
    """Nothing: the procedure brings its own steps."""


def sub_procedures(library: Library) -> dict[str, Tool[Any]]:
    """Return one switching tool for each procedure."""
    return {f"{SUB_PROCEDURE}{one.id}": _switch(one) for one in library.procedures}


def _switch(procedure: Procedure) -> Tool[Any]:
    async def run(_: NoArguments, __: Call[Any]) -> Result:
        return Result(status=Status.OK, data={"procedure": procedure.name}, switch_to=procedure.id)

    return Tool(
        name=f"{SUB_PROCEDURE}{procedure.id}",
        display_name=procedure.name,
        kind=Kind.DECIDE,
        description=f"Go on with the procedure: {procedure.description}",
        arguments=NoArguments,
        run=run,
    )
