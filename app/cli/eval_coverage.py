"""`croupier eval coverage`: which steps of the procedures some tickets reach, and which answers of the house."""

from decimal import Decimal
from pathlib import Path

import click
from rich.console import Console

from agent.house import read_house
from app.cli.configured import settings, with_folders
from app.cli.eval_gate import EvalExit
from app.cli.exits import Exit, Stopped, run_async
from app.cli.screen import people, write_json
from casino.values import Value
from evals.coverage.reached import Coverage, Reached
from evals.ticket import each_ticket


@click.command("coverage")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--min", "least", type=Decimal, metavar="PERCENT", help="Exit with 1 where fewer steps are reached.")
@click.option("--json", "as_json", is_flag=True, help="Write the counts as JSON to stdout.")
def coverage(path: Path, *, least: Decimal | None, as_json: bool) -> None:
    """Play the tickets at PATH and show which steps and branches of each procedure they reach, and what never comes up.

    A step that asks for a call is reached where the call succeeded; another, and a branch, where the model was shown it
    in force. Recorded tickets are played by their recording, the others by the built-in policy model.

    Exit code 0; 1: fewer than --min are reached; 2: usage; 3: a ticket cannot be read.
    """
    if least is not None and not 0 <= least <= 100:  # noqa: PLR2004  # percent
        raise Stopped(f"--min is {least}; it is a percentage, from 0 to 100", Exit.USAGE)
    found = run_async(_covered(path))
    if as_json:
        write_json(_document(found))
    _show(found, people(as_json=as_json))
    if least is not None and found.share * 100 < least:
        click.echo(f"{found.share * 100:.1f} % are reached, at least {least} % are wanted", err=True)
        raise SystemExit(EvalExit.REGRESSION)


async def _covered(path: Path) -> Coverage:
    found = Coverage(read_house(with_folders(settings())))
    for read in each_ticket(path):
        await found.add(read)
    return found


def _show(found: Coverage, console: Console) -> None:
    for name, own in found.house.procedures.by_id.items():
        console.print(f"{name}  {own.file}", style="bold", soft_wrap=True)
        for one in found.reached(name):
            _show_point(one, console)
    for name, counts in found.counted().items():
        reached = ", ".join(f"{word} {count}" for word, count in counts.items() if count)
        console.print(f"{name}: {reached or 'none'}", soft_wrap=True)
        if never := [word for word, count in counts.items() if not count]:
            console.print(f"    never: {', '.join(never)}", style="yellow", soft_wrap=True)
    every = [one for name in found.house.procedures.by_id for one in found.reached(name)]
    reached = sum(one.tickets > 0 for one in every)
    told = f"{found.tickets} tickets reach {reached} of {len(every)} steps and branches ({found.share * 100:.1f} %)"
    console.print(told, style="bold", soft_wrap=True)


def _show_point(one: Reached, console: Console) -> None:
    point = one.point
    inside = "" if point.what == "branch" else "  "
    style = "none" if one.tickets else "yellow"
    console.print(f"  {one.tickets or '-':>5}  {point.line:>4}  {inside}{point.text}", style=style, soft_wrap=True)


def _document(found: Coverage) -> dict[str, Value]:
    procedures: dict[str, Value] = {
        name: [
            {"line": one.point.line, "what": one.point.what, "text": one.point.text, "tickets": one.tickets}
            for one in found.reached(name)
        ]
        for name in found.house.procedures.by_id
    }
    words: dict[str, Value] = {name: dict(counts) for name, counts in found.counted().items()}
    return {"tickets": found.tickets, "share": round(found.share, 4), "procedures": procedures, "words": words}
