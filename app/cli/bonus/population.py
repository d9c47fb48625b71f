"""`croupier bonus population`: configurations over a table of players, counted in one pass."""

import re
import signal
from collections.abc import Generator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from types import FrameType
from typing import TypedDict, Unpack

import click
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from agent.bonus.files import read_text
from agent.bonus.population import PopulationResult, PopulationRun, Watch, run_population
from agent.bonus.store import read_bonuses
from agent.wiring import utc_now
from app.cli.bonus.funnel_picture import funnel_picture
from app.cli.bonus.population_tables import population_tables
from app.cli.configured import settings
from app.cli.exits import Exit, Stopped
from app.cli.screen import people, write_json
from app.cli.words import Moment
from casino.document import Writable, load_yaml
from casino.loaded import DocumentError
from casino.population.payouts import BUILT_IN, Payouts, parse_payouts
from casino.population.source import BadPlayers

_ENDED_BY = 128  # and the number of the signal: what a shell gives for it
_FILE = click.Path(path_type=Path)


class Options(TypedDict):
    """The options of the command, as click hands them over."""

    paths: tuple[Path, ...]
    players: str
    against: tuple[Path, ...]
    brand: str | None
    at: datetime | None
    drafts: bool
    allow_missing: bool
    funnel: bool
    cost: bool
    payouts: Path | None
    seed: int
    picture: Path | None
    out: Path | None
    fields: Path | None
    threads: int | None
    memory: str | None
    as_json: bool


@click.command("population")
@click.argument("paths", nargs=-1, required=True, metavar="CONFIG...", type=_FILE)
@click.option("--players", required=True, metavar="FILE", help="A .parquet or .csv file, or a table as URL::TABLE.")
@click.option("--against", multiple=True, type=_FILE, metavar="CONFIG", help="Live ones to compare with; repeatable.")
@click.option("--brand", help="The brand; by default that of the settings.")
@click.option("--at", metavar="ISO", type=Moment(), help="The moment, as 2026-01-31T12:00:00Z; by default now.")
@click.option("--drafts", is_flag=True, help="Drafts among CONFIG count as if they were published.")
@click.option("--allow-missing", is_flag=True, help="Go on without columns that the rules read: the field is missing.")
@click.option("--funnel", is_flag=True, help="Count at which condition players fall.")
@click.option("--cost", is_flag=True, help="Estimate what the grants cost, played through on a pay table.")
@click.option("--payouts", type=_FILE, metavar="FILE", help="With --cost: a pay table of your own.")
@click.option("--seed", type=int, default=0, show_default=True, help="With --cost: the same seed, the same estimate.")
@click.option("--picture", type=_FILE, metavar="FILE.svg", help="Draw the funnel.")
@click.option("--out", type=_FILE, metavar="FILE", help="Write one row a player, as .parquet or .csv.")
@click.option("--fields", type=_FILE, help="A fields.yaml to read over the built-in catalogue.")
@click.option("--threads", type=click.IntRange(min=1), help="Threads to use; by default all.")
@click.option("--memory", metavar="SIZE", help="The most memory for the table, as 500MB.")
@click.option("--json", "as_json", is_flag=True, help="Write JSON to stdout.")
def population(**options: Unpack[Options]) -> None:
    """Run configurations over a table of players: who qualifies, for which tier, at what cost.

    Every row is decided as `croupier bonus decide` decides one player. Columns carry the dotted names of the fields
    (player.ngr, safety.self_excluded, tools.kyc.status) or are STRUCTs of them; a LIST column `unavailable` names what
    could not be read. Exit code 0 whatever the counts, 3 for a table or a file that cannot be used.
    """
    _check_endings(options)
    _check_memory(options["memory"])
    with _ended_in_order(), _telling(), _progress() as watch:
        run = _run(options)
        result = run_population(run, watch)
        if options["picture"] is not None:
            _write_picture(result, run, options["picture"])
    for warning in result.warnings:
        click.echo(f"note: {warning}", err=True)
    if options["as_json"]:
        write_json({"brand": run.brand, "at": run.now.isoformat(), **_document(result)})
        return
    for part in population_tables(result):
        people(as_json=False).print(part)


def _check_endings(options: Options) -> None:
    """Refuse what could only fail after the run."""
    out, picture = options["out"], options["picture"]
    if out is not None and out.suffix not in {".parquet", ".csv"}:
        raise click.UsageError("--out writes .parquet or .csv; name the file so.")
    if picture is not None and picture.suffix != ".svg":
        raise click.UsageError("--picture writes .svg; name the file so.")
    for file in (out, picture):
        if file is not None and not file.parent.is_dir():
            raise click.UsageError(f"There is no folder {file.parent}; make it first.")
    table = Path(options["players"])
    if out is not None and table.is_file() and out.resolve() == table.resolve():
        raise click.UsageError("--out would write over the table of players; name another file.")
    if options["payouts"] is not None and not options["cost"]:
        raise click.UsageError("--payouts is for --cost; add it.")


def _check_memory(size: str | None) -> None:
    if size is not None and re.fullmatch(r"[0-9]+(\.[0-9]+)? ?[KMGT]i?B", size, re.IGNORECASE) is None:
        raise click.UsageError(f'--memory is "{size}"; write a number with its unit, as 500MB or 2GB.')


@contextmanager
def _ended_in_order() -> Generator[None]:
    """Let a request to end go through every clean-up: the copy of a table holds what players are."""

    def end(number: int, _: FrameType | None) -> None:
        raise SystemExit(_ENDED_BY + number)

    before = {one: signal.signal(one, end) for one in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


def _run(options: Options) -> PopulationRun:
    now = options["at"] or utc_now()
    chosen = settings()
    against = options["against"]
    return PopulationRun(
        draft=read_bonuses(options["paths"], fields=options["fields"], jurisdictions=chosen.jurisdictions),
        players=options["players"],
        brand=options["brand"] or chosen.brand,
        now=now,
        live=read_bonuses(against, fields=options["fields"], jurisdictions=chosen.jurisdictions) if against else None,
        funnel=options["funnel"] or options["picture"] is not None,
        with_drafts=options["drafts"],
        allow_missing=options["allow_missing"],
        out=options["out"],
        payouts=_payouts(options) if options["cost"] else None,
        seed=options["seed"],
        threads=options["threads"],
        memory=options["memory"],
    )


def _payouts(options: Options) -> Payouts:
    file = options["payouts"]
    return BUILT_IN if file is None else parse_payouts(load_yaml(read_text(file), name=str(file)))


def _write_picture(result: PopulationResult, run: PopulationRun, file: Path) -> None:
    title = f"Where players fall: {run.brand}, {run.now:%Y-%m-%d %H:%M} UTC"
    part = file.with_name(f".{file.name}.part")
    try:
        part.write_text(funnel_picture(result.counts, title=title), encoding="utf-8")
        part.replace(file)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise BadPlayers(f"{file}: this file cannot be written ({error.strerror}). Choose another one.") from error


def _document(result: PopulationResult) -> dict[str, Writable]:
    cost: dict[str, Writable] = {} if result.cost is None else {"cost": result.cost.to_document()}
    tried = [configuration.id for configuration in result.configurations]
    return {"configurations": tried, **result.counts.to_document(), **cost, "notes": [*result.warnings]}


@contextmanager
def _telling() -> Generator[None]:
    """Turn what may be wrong with the files into one message and an exit code."""
    try:
        yield
    except (BadPlayers, DocumentError) as error:
        raise Stopped(str(error), Exit.INVALID_FILE) from error


@contextmanager
def _progress() -> Generator[Watch]:
    """Show on stderr what the run is at. A share is known only for what is worked out row by row."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=people(as_json=True), transient=True) as progress:
        task = progress.add_task("opening the table", total=None)

        def watch(what: str, share: float | None) -> None:
            progress.update(task, description=what, total=None if share is None else 1.0, completed=share or 0.0)

        yield watch
