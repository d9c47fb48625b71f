"""`croupier eval stale`: which recordings no longer fit, by what changed."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import click
from rich.console import Console

from agent.house import read_house
from app.cli.configured import settings, with_folders
from app.cli.eval_gate import EvalExit
from app.cli.exits import run_async
from app.cli.screen import people, write_json
from casino.document import dump_json
from casino.values import Value
from evals.report.terminal import places_told
from evals.stale import Changed, Stale, grouped, stale_of
from evals.ticket import each_ticket

LONGEST = 160  # characters of what stood there and stands there now


class _Found(NamedTuple):
    tickets: int
    recorded: int
    stale: Sequence[Stale]


@click.command("stale")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Write the changes as JSON to stdout.")
def stale(path: Path, *, as_json: bool) -> None:
    """Show which recordings at PATH no longer fit the house of today, grouped by what changed. Nothing is graded.

    Exit code 0: all fit; 2: usage; 3: a ticket cannot be read; 4: some do not fit, so record them again.
    """
    found = run_async(_stale(path))
    changes = grouped(found.stale)
    if as_json:
        write_json(_document(found, changes))
    _show(found, changes, people(as_json=as_json))
    raise SystemExit(EvalExit.STALE if found.stale else EvalExit.OK)


async def _stale(path: Path) -> _Found:
    house = read_house(with_folders(settings()))
    tickets, recorded, found = 0, 0, list[Stale]()
    for read in each_ticket(path):
        tickets += 1
        recorded += read.ticket.recording is not None
        if divergences := await stale_of(read, house):
            found.append(Stale(read.ticket.id, read.file, divergences))
    return _Found(tickets, recorded, found)


def _show(found: _Found, changes: Sequence[Changed], console: Console) -> None:
    for at, one in enumerate(changes):
        places = places_told([one.pointer, *(other.pointer for other in one.others)])
        console.print(f"~ {one.kind.value} {one.segment}{places}", style="yellow", soft_wrap=True)
        for sign, value in (("-", one.was), ("+", one.now)):
            console.print(f"    {sign} {_short(value)}", soft_wrap=True)
        if at + 1 == len(changes) or _about(changes[at + 1]) != _about(one):
            console.print(f"    {_counted(len(one.tickets))}: {', '.join(one.tickets)}", soft_wrap=True)
    without = found.tickets - found.recorded
    told = f"{_counted(found.recorded)} recorded, {len(found.stale)} stale"
    console.print(told + (f"; {without} without a recording" if without else ""), style="bold", soft_wrap=True)


def _about(one: Changed) -> tuple[str, str, Sequence[str]]:
    """Return what changes share that stand above one line of tickets."""
    return one.kind.value, one.segment, one.tickets


def _counted(count: int) -> str:
    return "1 ticket" if count == 1 else f"{count} tickets"


def _short(value: Value) -> str:
    text = "nothing" if value is None else value if isinstance(value, str) and value else dump_json(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _document(found: _Found, changes: Sequence[Changed]) -> dict[str, Value]:
    return {
        "tickets": found.tickets,
        "recorded": found.recorded,
        "stale": [{"ticket": one.ticket, "file": one.file} for one in found.stale],
        "changes": [
            {
                "kind": one.kind.value,
                "segment": one.segment,
                "pointer": one.pointer,
                "was": one.was,
                "now": one.now,
                "others": [{"pointer": other.pointer, "was": other.was, "now": other.now} for other in one.others],
                "tickets": [*one.tickets],
            }
            for one in changes
        ],
    }
