"""`croupier tools`: what can be done."""

import click
from rich.padding import Padding
from rich.text import Text

from app.cli.screen import people, write_json
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
        write_json({"tools": listed})
        return
    console = people(as_json=False)
    for tool in CATALOG.values():
        console.print(Text.assemble((tool.name, "bold"), f"  {tool.kind.value}"))
        told = {"needs": [need.fact for need in tool.needs], "establishes": tool.establishes}
        for what, facts in told.items():
            if facts:
                console.print(Padding(Text(f"{what} {', '.join(facts)}", "dim"), (0, 0, 0, 4)))
        console.print(Padding(Text(tool.description), (0, 0, 1, 4)))
