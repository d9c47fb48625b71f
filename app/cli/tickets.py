"""`croupier tickets`: the record, whole."""

import sqlite3
from contextlib import closing
from pathlib import Path

import click

from agent.wiring import open_kept
from app.cli.exits import Exit, Stopped, run_async
from app.cli.opening import STORE, settings, usable_store
from app.cli.screen import people, write_json
from app.cli.story import talk
from app.cli.trace import trace_tree
from casino.document import dump_json
from evals.whole import Stores, Whole, read_whole

_data = click.option(
    "--data", type=click.Path(path_type=Path), help="The folder of the record; else every one below CROUPIER_DATA."
)
_as_json = click.option("--json", "as_json", is_flag=True, help="Write JSON to stdout.")


@click.group("tickets")
def tickets() -> None:
    """Show the whole record of a ticket."""


@tickets.command("list")
@_data
@_as_json
def list_tickets(data: Path | None, *, as_json: bool) -> None:
    """List the tickets, the most recent first."""
    found = run_async(_list(data))
    if as_json:
        write_json({"tickets": [{"ticket": one, "data": str(where)} for one, where in found]})
        return
    for ticket_id, folder in found:
        click.echo(f"{ticket_id}  {folder}")


@tickets.command("show")
@click.argument("ticket_id", metavar="ID")
@_data
@_as_json
def show(ticket_id: str, data: Path | None, *, as_json: bool) -> None:
    """Show everything that is on the record of a ticket."""
    whole, folder = run_async(_whole(ticket_id, data))
    if as_json:
        write_json(whole.document())
        return
    console = people(as_json=False)
    console.print(f"{ticket_id}, kept in {folder}", style="bold", soft_wrap=True)
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


def _folders(data: Path | None) -> list[Path]:
    """Return the folders that hold a record, the newest first."""
    root = settings().data if data is None else data
    found = [*root.glob(STORE), *(root.glob(f"*/{STORE}") if data is None else ())]
    stores = [store for store in found if not _unborn(store)]
    if not stores:
        raise Stopped(
            f"{root}: there is no record here; play a ticket first, or name its folder with --data", Exit.INVALID_FILE
        )
    return [store.parent for store in sorted(stores, key=lambda store: store.stat().st_mtime, reverse=True)]


def _unborn(store: Path) -> bool:
    """Say whether a store was interrupted before it could hold anything: it has no tables yet."""
    try:
        with closing(sqlite3.connect(f"{store.resolve().as_uri()}?mode=ro", uri=True)) as connection:
            return connection.execute("SELECT 1 FROM sqlite_master").fetchone() is None
    except sqlite3.DatabaseError:  # something else: opening it says what
        return False


async def _list(data: Path | None) -> list[tuple[str, Path]]:
    found: list[tuple[str, Path]] = []
    for folder in _folders(data):
        with usable_store(folder):
            async with open_kept(folder) as kept:
                found += [(ticket_id, folder) for ticket_id in await kept.tickets()]
    return found


async def _whole(ticket_id: str, data: Path | None) -> tuple[Whole, Path]:
    for folder in _folders(data):
        with usable_store(folder):
            async with open_kept(folder) as kept:
                stores = Stores(record=kept, ledger=kept, decisions=kept, desk=kept)
                if (whole := await read_whole(ticket_id, stores)).entries:
                    return whole, folder
    raise Stopped(f'there is no ticket "{ticket_id}"; `croupier tickets list` shows them', Exit.USAGE)
