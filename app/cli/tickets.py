"""`croupier tickets`: the record, whole."""

from pathlib import Path

import click

from app.cli.exits import Exit, Stopped, run_async
from app.cli.places import Place, at_data, places
from app.cli.screen import people, write_json
from app.cli.story import talk
from app.cli.trace import trace_tree
from casino.document import dump_json
from evals.whole import Stores, Whole, read_whole

_as_json = click.option("--json", "as_json", is_flag=True, help="Write JSON to stdout.")


@click.group("tickets")
def tickets() -> None:
    """Show the whole record of a ticket."""


@tickets.command("list")
@at_data
@_as_json
def list_tickets(data: Path | None, *, as_json: bool) -> None:
    """List the tickets, the most recent first."""
    found = run_async(_list(data))
    if as_json:
        write_json({"tickets": [{"ticket": one, "data": where.shown} for one, where in found]})
        return
    for ticket_id, place in found:
        click.echo(f"{ticket_id}  {place.shown}")


@tickets.command("show")
@click.argument("ticket_id", metavar="ID")
@at_data
@_as_json
def show(ticket_id: str, data: Path | None, *, as_json: bool) -> None:
    """Show everything that is on the record of a ticket."""
    whole, place = run_async(_whole(ticket_id, data))
    if as_json:
        write_json(whole.document())
        return
    console = people(as_json=False)
    console.print(f"{ticket_id}, kept in {place.shown}", style="bold", soft_wrap=True)
    for entry in whole.entries:
        console.print(f"{entry.seq:>4}  {entry.at:%H:%M:%S}  {entry.kind}", style="bold", end="  ")
        console.print(dump_json(entry.body), style="dim")
    for decision in whole.decisions.values():
        console.rule(f"decision {decision.decision_id}, by configuration {decision.configuration_hash[:12]}")
        console.print(trace_tree(decision, whole=True))
    if whole.effects:
        console.rule("effects")
    for effect in whole.effects:
        console.print(f"{effect.tool} {effect.state.value}", style="bold", end="  ")
        console.print(f"{effect.key} {dump_json(effect.intent)} → {dump_json(effect.outcome)}", style="dim")
    console.rule("in short")
    for line in talk(whole.entries, {}):
        console.print(line)


async def _list(data: Path | None) -> list[tuple[str, Place]]:
    found: list[tuple[str, Place]] = []
    for place in places(data):
        async with place.kept() as kept:
            found += [(ticket_id, place) for ticket_id in await kept.tickets()]
    return found


async def _whole(ticket_id: str, data: Path | None) -> tuple[Whole, Place]:
    for place in places(data):
        async with place.kept() as kept:
            stores = Stores(record=kept, ledger=kept, decisions=kept, desk=kept)
            if (whole := await read_whole(ticket_id, stores)).entries:
                return whole, place
    raise Stopped(f'there is no ticket "{ticket_id}"; `croupier tickets list` shows them', Exit.USAGE)
