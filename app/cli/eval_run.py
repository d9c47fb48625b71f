"""`croupier eval run`: replay tickets and grade what they come to."""

import asyncio
import os
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from importlib.metadata import version
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import Any, Final
from uuid import uuid4

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from agent.wiring import House, read_house, sandbox_desk
from app.cli.eval_gate import EvalExit
from app.cli.eval_report import Wanted, write_reports
from app.cli.exits import Exit, Stopped, run_async
from app.cli.opening import known_procedure, settings, with_folders
from app.cli.screen import write_json
from casino.values import Value
from evals.player import NAME
from evals.report.github import in_actions
from evals.run.digest import agent_digest, case_of, code_digest, house_digest
from evals.run.journal import Journal, JournalError, asked_of, begin_run, opened_journal
from evals.run.lanes import RunBroken
from evals.run.merge import merge
from evals.run.plan import Choice, Item, PlanError, plan, shard_from
from evals.run.plug import Plug, PlugError
from evals.run.results import ResultsError, RunHeader, is_complete, read_trials
from evals.run.runner import Done, OnDone, Pace
from evals.run.runner import run as played
from evals.run.summary import Summary
from evals.ticket import Read, TicketError, read_tickets
from evals.trial import Level, Trial

PLAYED: Final = (Level.CODE.value, Level.LIVE.value)  # what this command can play
RESULTS: Final = "results.jsonl"
_OUT = click.Path(path_type=Path, dir_okay=False)
_FOLDER = click.Path(path_type=Path, file_okay=False)


@click.command("run")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--level", default=Level.CODE.value, show_default=True, type=click.Choice(PLAYED),
              help="L1: recordings and the policy model; L3: the model that is configured.")  # fmt: skip
@click.option("--match", default="strict", show_default=True, type=click.Choice(("strict", "tolerant")),
              help="Tolerant: serve an old answer where only named texts changed; stale all the same.")  # fmt: skip
@click.option("--repeat", default=1, show_default=True, type=click.IntRange(1), help="Play each ticket so many times.")
@click.option("--jobs", default=1, show_default=True, type=click.IntRange(1), help="Processes that play.")
@click.option("--shard", default="1/1", show_default=True, metavar="I/N", help="Play only this part of the tickets.")
@click.option("--filter", "filters", multiple=True, metavar="WHAT", help="tag:, id:, file: (with *), title:, or !…")
@click.option("--seed", default=0, show_default=True, help="What the seed of each trial is made of.")
@click.option("--max-cost", type=Decimal, metavar="AMOUNT", help="Begin nothing once so much is spent.")
@click.option("--out", type=_FOLDER, help="Keep the run in this new folder: its journal and results.jsonl.")
@click.option("--resume", type=_FOLDER, help="Go on with the run in this folder, as it was asked for.")
@click.option("--junit", type=_OUT, help="Write JUnit XML to this file.")
@click.option("--md", type=_OUT, help="Write Markdown for a pull request to this file.")
@click.option("--html", type=_OUT, help="Write one HTML page to this file.")
@click.option("--jsonl", type=_OUT, help="Write a short JSON line for each trial to this file.")
@click.option("--json", "as_json", is_flag=True, help="Write the results as JSON to stdout.")
def run(path: Path, *, out: Path | None, resume: Path | None, as_json: bool, **options: Any) -> None:  # noqa: ANN401  # click's own
    """Replay the ticket at PATH, or every ticket below it, and grade what each comes to.

    Exit code 0: all pass; 1: an expectation does not hold; 2: usage; 3: something could not be played or read; 4: a
    recording is stale; 130: interrupted, and the journal is kept.
    """
    if out is not None and resume is not None:
        raise Stopped("--resume goes on in its own folder; leave --out away", Exit.USAGE)
    outputs = {name: options[name] for name in ("junit", "md", "html", "jsonl") if options[name] is not None}
    with _place(out, resume) as place, _mended():
        summary, header = run_async(_run(path, place, resumed=resume is not None, options=options))
        results = place / RESULTS
        wanted = Wanted(outputs=outputs, github=in_actions(os.environ), as_json=as_json)
        write_reports(header, read_trials(results), complete=is_complete(results), wanted=wanted)
        if as_json:
            write_json({"tickets": [_told(one) for one in read_trials(results)]})
        if summary.interrupted:
            click.echo(f"Interrupted. Go on with it: croupier eval run {path} --resume {place}", err=True)
        raise SystemExit(EvalExit(summary.exit))


@contextmanager
def _place(out: Path | None, resume: Path | None) -> Generator[Path]:
    """Give the folder of the run; one that nobody named goes once the run has come to its end."""
    named = out or resume
    if named is not None:
        yield named
        return
    folder = Path(mkdtemp(prefix="croupier-eval-")) / "run"
    try:
        yield folder
    except SystemExit as ended:
        if ended.code != EvalExit.INTERRUPTED:
            rmtree(folder.parent, ignore_errors=True)
        raise
    except BaseException:
        if (folder / RESULTS).exists():  # it was played and only a report failed: nothing has to be played again
            click.echo(f"The run is kept: croupier eval report {folder / RESULTS}", err=True)
        else:
            rmtree(folder.parent, ignore_errors=True)
        raise


@contextmanager
def _mended() -> Generator[None]:
    """Turn what a run can meet into one message and an exit code."""
    try:
        yield
    except PlanError as error:
        raise Stopped(str(error), Exit.USAGE) from error
    except (JournalError, ResultsError, RunBroken, PlugError) as error:
        raise Stopped(str(error), Exit.INVALID_FILE) from error


async def _run(path: Path, place: Path, *, resumed: bool, options: dict[str, Any]) -> tuple[Summary, RunHeader]:
    house = read_house(with_folders(settings()))
    reads = await asyncio.to_thread(read_tickets, path)
    for read in reads:
        _check(read, house)
    header = _header(path, options, house) if not resumed else _same(asked_of(place), path, house)
    items = _planned(reads, header, options)
    if not resumed:
        begin_run(place, header)
    with opened_journal(place) as journal, _progress(len(items)) as on_done:
        summary = await _played(items, journal, header, options, on_done)
        merge(journal, items, header, summary, to=place / RESULTS, ended=_now())
    return summary, header


async def _played(
    items: Sequence[Item], journal: Journal, header: RunHeader, options: dict[str, Any], on_done: OnDone
) -> Summary:
    pace = Pace(jobs=options["jobs"], max_cost=options["max_cost"])
    plug = Plug(NAME, {"level": header.level.value})
    return await played(items, plug, journal=journal, pace=pace, on_done=on_done)


def _check(read: Read, house: House) -> None:
    """Refuse what a ticket names and there is not, before anything is played."""
    known_procedure(house.procedures, read.ticket.procedure, where=f"{read.file}: procedure: ")
    try:
        sandbox_desk(read.world, house, clock=lambda: read.ticket.clock)
    except ValueError as error:
        raise TicketError(f"{read.file}: world: {error}") from error


def _header(path: Path, options: dict[str, Any], house: House) -> RunHeader:
    return RunHeader(
        run=uuid4().hex[:12],
        suite=path.as_posix(),
        level=Level(options["level"]),
        match=options["match"],
        repeat=options["repeat"],
        seed=options["seed"],
        shard=options["shard"],
        started=_now(),
        versions=_versions(house, Level(options["level"])),
    )


def _same(asked: RunHeader, path: Path, house: House) -> RunHeader:
    """Go on as the kept run was asked to, with the versions of today: what changed is played again."""
    if asked.suite != path.as_posix():
        raise Stopped(f"{path}: the kept run is of {asked.suite}; give that path, or begin a new run", Exit.USAGE)
    fields = ("run", "suite", "level", "match", "repeat", "seed", "shard", "started")
    return RunHeader(**{name: getattr(asked, name) for name in fields}, versions=_versions(house, asked.level))


def _versions(house: House, level: Level) -> dict[str, str]:
    own = settings().model
    live = level is Level.LIVE and own is not None
    model = own.name if live and own is not None else "policy"
    return {"croupier": version("croupier"), "model": model, "house": house_digest(house)}


def _planned(reads: Sequence[Read], header: RunHeader, options: dict[str, Any]) -> tuple[Item, ...]:
    cases = [case_of(read, tags=read.ticket.tags) for read in reads]
    choice = Choice(
        level=header.level,
        match=header.match,
        repeat=header.repeat,
        seed=header.seed,
        shard=shard_from(header.shard),
        filters=tuple(options["filters"]),
    )
    versions = header.versions
    agent = agent_digest(house=versions["house"], code=code_digest(), model=versions["model"])
    return plan(cases, choice, agent=agent)


@contextmanager
def _progress(of: int) -> Generator[OnDone]:
    """Draw a bar on stderr where somebody looks at it."""
    console = Console(stderr=True)
    if not console.is_terminal or of == 1:
        yield lambda _: None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("replaying", total=of)

        def show(done: Done) -> None:
            bar.update(task, completed=done.number)

        yield show


def _told(trial: Trial) -> dict[str, Value]:
    return {
        "ticket": trial.ticket,
        "file": trial.file,
        "repeat": trial.repeat,
        "status": trial.status.value,
        "outcome": trial.end.get("outcome", ""),
        "path": [*trial.path],
        "differences": [*trial.wrong] if not trial.why else [trial.why],
    }


def _now() -> str:
    return datetime.now(UTC).isoformat()
