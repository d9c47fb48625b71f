"""`croupier tools`: what can be done."""

import click
from rich.table import Table

from app.cli.story import people
from casino.document import dump_json
from tools.catalog import CATALOG
from tools.tool import schema


@click.group("tools")
def tools() -> None:
    """List what can be done."""


@tools.command("list")
@click.option("--json", "as_json", is_flag=True, help="Write JSON to stdout.")
def list_tools(*, as_json: bool) -> None:
    """List the tools with what they need and what they establish."""
    if as_json:
        listed = [
            {
                "name": tool.name,
                "display_name": tool.display_name,
                "kind": tool.kind.value,
                "needs": [need.fact for need in tool.needs],
                "establishes": list(tool.establishes),
                "description": tool.description,
                "arguments": schema(tool, {}),
            }
            for tool in CATALOG.values()
        ]
        click.echo(dump_json({"schema_version": 1, "tools": listed}))
        return
    table = Table("name", "kind", "needs", "establishes", "what it is for")
    for tool in CATALOG.values():
        needs = ", ".join(need.fact for need in tool.needs)
        table.add_row(tool.name, tool.kind.value, needs, ", ".join(tool.establishes), tool.description)
    people(as_json=False).print(table)
