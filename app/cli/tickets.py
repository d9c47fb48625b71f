"""`croupier tickets`: the record, whole."""

import sqlite3
from contextlib import closing
from pathlib import Path

import click

from agent.wiring import open_record
from app.cli.exits import Exit, Stopped, run_async
from app.cli.opening import STORE, settings, usable_store
from app.cli.story import people, talk, write_json
from casino.document import dump_json
from casino.values import Value
from tools.ports import Entry

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
    entries = run_async(_entries(ticket_id, data))
    if as_json:
        write_json({"ticket": ticket_id, "entries": [_document(one) for one in entries]})
        return
    console = people(as_json=False)
    for entry in entries:
        console.print(f"{entry.seq:>4}  {entry.at:%H:%M:%S}  {entry.kind}", style="bold", end="  ")
        console.print(dump_json(entry.body), style="dim")
    console.rule("in short")
    for line in talk(entries):
        console.print(line)


def _document(entry: Entry) -> dict[str, Value]:
    return {"seq": entry.seq, "kind": entry.kind, "at": entry.at.isoformat(), "body": dict(entry.body)}


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
            async with open_record(folder) as record:
                found += [(ticket_id, folder) for ticket_id in await record.tickets()]
    return found


async def _entries(ticket_id: str, data: Path | None) -> list[Entry]:
    for folder in _folders(data):
        with usable_store(folder):
            async with open_record(folder) as record:
                if entries := await record.entries(ticket_id):
                    return list(entries)
    raise Stopped(f'there is no ticket "{ticket_id}"; `croupier tickets list` shows them', Exit.USAGE)
