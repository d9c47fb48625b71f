"""`croupier eval`: replay recorded tickets; a difference is a finding."""

import asyncio
from pathlib import Path

import click

from agent.wiring import House, read_house, sandbox_desk
from app.cli.exits import Exit, run_async
from app.cli.opening import known_procedure, settings, with_folders
from app.cli.screen import people, write_json
from casino.values import Value
from evals.replay import Replayed, replay
from evals.ticket import Read, TicketError, read_tickets


@click.group("eval")
def eval_() -> None:
    """Replay recorded tickets and compare their end states."""


@eval_.command("run")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Write the results as JSON to stdout.")
def run(path: Path, *, as_json: bool) -> None:
    """Replay the ticket at PATH, or every ticket below it, with the built-in policy model.

    Exit code 1 where an end state differs from what its file expects.
    """
    results = run_async(_run(path))
    if as_json:
        write_json({"tickets": [_document(one) for one in results]})
    _report(results, as_json=as_json)
    raise SystemExit(Exit.FINDINGS if any(one.differences for one in results) else Exit.OK)


async def _run(path: Path) -> list[Replayed]:
    house = read_house(with_folders(settings()))
    reads = await asyncio.to_thread(read_tickets, path)
    for read in reads:
        _check(read, house)
    return [await replay(read, house) for read in reads]


def _check(read: Read, house: House) -> None:
    """Refuse what a ticket names and there is not, before anything is played."""
    known_procedure(house.procedures, read.ticket.procedure, where=f"{read.file}: procedure: ")
    try:
        sandbox_desk(read.world, house, clock=lambda: read.ticket.clock)
    except ValueError as error:
        raise TicketError(f"{read.file}: world: {error}") from error


def _report(results: list[Replayed], *, as_json: bool) -> None:
    console = people(as_json=as_json)
    for one in results:
        mark, style = ("✗", "red") if one.differences else ("✓", "green")
        console.print(f"{mark} {one.ticket_id}: {one.title}", style=style, soft_wrap=True)
        for line in one.differences:
            console.print(f"    {one.file}: {line}", style="red", soft_wrap=True)
    failed = sum(bool(one.differences) for one in results)
    console.print(f"{len(results) - failed} passed, {failed} failed", style="bold red" if failed else "bold green")


def _document(one: Replayed) -> dict[str, Value]:
    return {
        "ticket": one.ticket_id,
        "file": one.file,
        "outcome": one.found.outcome,
        "path": list(one.path),
        "differences": list(one.differences),
    }
