"""`croupier eval mutate`: play every ticket a little wrong, and see whether the grading notices."""

import asyncio
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import click
from rich.console import Console
from rich.table import Table

from agent.house import read_house
from app.cli.configured import settings, with_folders
from app.cli.eval_gate import EvalExit
from app.cli.eval_runs import RESULTS, header, mended
from app.cli.exits import Exit, Stopped, run_async
from app.cli.screen import people, write_json
from evals.how import NAME, How
from evals.mutants.explained import KINDS
from evals.mutants.tally import Row, Tally, document
from evals.run.digest import case_of
from evals.run.journal import begin_run, opened_journal
from evals.run.merge import merge
from evals.run.plan import Choice, plan
from evals.run.plug import Plug
from evals.run.results import read_trials
from evals.run.runner import Pace, run
from evals.ticket import each_ticket
from evals.trial import Level, Status

MARKS: Final = {Status.ERROR: ("!", "red"), Status.STALE: ("~", "yellow"), Status.NOT_RUN: ("·", "yellow")}


@click.command("mutate")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--kind", "kinds", multiple=True, type=click.Choice(KINDS), help="Only mutants of this kind.")
@click.option("--jobs", default=1, show_default=True, type=click.IntRange(1), help="Processes that play.")
@click.option("--floor", default=Decimal("0.99"), show_default=True, type=Decimal, metavar="SHARE",
              help="Which share of the mutants must be caught.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Write the counts as JSON to stdout.")
def mutate(path: Path, *, kinds: tuple[str, ...], jobs: int, floor: Decimal, as_json: bool) -> None:
    """Play every mutant of the tickets at PATH: a call dropped, repeated, swapped or changed. Grading must notice.

    A mutant that nothing could notice is explained in `equivalent.yaml` beside its ticket.

    Exit code 0: the floor is reached and every other is explained; 1: it is not; 2: usage; 3: a ticket could not be
    played or read; 4: a recording is stale; 5: there was no mutant, so nothing is proved; 130: interrupted.
    """
    if not (floor.is_finite() and 0 <= floor <= 1):
        raise Stopped(f"--floor is {floor}; it is a share of the mutants, from 0 to 1", Exit.USAGE)
    with mended():
        tally = run_async(_mutated(path, kinds, jobs))
    if as_json:
        write_json(document(tally))
    _show(tally, floor, people(as_json=as_json))
    raise SystemExit(_code(tally, floor))


async def _mutated(path: Path, kinds: tuple[str, ...], jobs: int) -> Tally:
    """Play all of it; nothing is kept."""
    house = read_house(with_folders(settings()))  # what is wrong with it is said once, before anything is played
    cases = await asyncio.to_thread(lambda: [case_of(read) for read in each_ticket(path)])
    items = plan(cases, Choice(level=Level.LINT), agent="")
    head = header(path, house, Level.LINT)
    tally = Tally()
    with TemporaryDirectory(prefix="croupier-mutate-") as kept:
        folder = Path(kept) / "run"
        begin_run(folder, head)
        with opened_journal(folder) as journal:
            plug = Plug(NAME, How(level=Level.LINT, kinds=kinds or KINDS).arguments())
            summary = await run(items, plug, journal=journal, pace=Pace(jobs=jobs))
            merge(journal, items, head, summary, to=folder / RESULTS, ended=head.started)
        for trial in read_trials(folder / RESULTS):
            tally.add(trial)
    if summary.interrupted:
        raise KeyboardInterrupt
    return tally


def _show(tally: Tally, floor: Decimal, console: Console) -> None:
    table = Table(box=None, pad_edge=False)
    table.add_column("kind")
    for name in Row._fields[1:]:
        table.add_column(name, justify="right")
    for row in (*tally.rows, tally.total):
        table.add_row(row.kind, *map(str, row[1:]), style="bold" if row.kind == "all" else "")
    console.print(table)
    for one in tally.wrong:
        mark, style = MARKS.get(one.status, ("✗", "red"))
        console.print(f"{mark} {one.ticket}: {one.file}", style=style, soft_wrap=True)
        for line in one.lines:
            console.print(f"    {line}", soft_wrap=True)
    console.print(_line(tally, floor), style="bold", soft_wrap=True)


def _line(tally: Tally, floor: Decimal) -> str:
    total = tally.total
    if tally.caught is None:
        return f"{tally.tickets} tickets, and no mutant of them: nothing is proved"
    of = f"{tally.tickets} tickets, {total.made} mutants: {tally.caught * 100:.2f} % caught"
    wanted = f"; at least {floor * 100:.2f} % are wanted" if tally.caught < floor else ""
    return f"{of}, {total.explained} explained, {total.missed} missed{wanted}"


def _code(tally: Tally, floor: Decimal) -> int:
    """Return the exit code: what is missed for certain goes before what could not be played."""
    thin = tally.caught is not None and tally.caught < floor
    if tally.statuses[Status.FAIL] or tally.total.missed or thin:
        return EvalExit.REGRESSION
    if tally.statuses[Status.ERROR] or tally.statuses[Status.NOT_RUN]:
        return EvalExit.BROKEN
    if tally.statuses[Status.STALE]:
        return EvalExit.STALE
    return EvalExit.THIN if tally.caught is None else EvalExit.OK
