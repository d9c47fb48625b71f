"""`croupier eval run`: replay tickets and grade what they come to."""

import asyncio
import os
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import Any

import click
from click.core import ParameterSource
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from agent.house import House, read_house
from app.cli.configured import settings, with_folders
from app.cli.eval_gate import EvalExit
from app.cli.eval_report import Wanted, write_reports
from app.cli.eval_runs import RESULTS, agent_of, header, mended, need_model, now, same, why_not
from app.cli.exits import Exit, Stopped, run_async
from app.cli.numbers import FiniteDecimal
from app.cli.screen import write_json
from casino.values import Value
from evals.how import LIVE, NAME, How
from evals.packs import PackError, most_tickets
from evals.report.github import in_actions
from evals.run.digest import case_of
from evals.run.journal import RUN_FILE, asked_of, begin_run, opened_journal
from evals.run.lanes import begun_workers
from evals.run.merge import merge
from evals.run.plan import Case, Choice, Item, plan, plan_digest, shard_from
from evals.run.plug import Plug
from evals.run.price import FORM, FREE, price_from
from evals.run.results import POLICY, RunHeader, is_complete, read_trials, to_go_on, unend
from evals.run.resumed import going_on
from evals.run.runner import Done, OnDone, Pace
from evals.run.runner import run as played
from evals.run.stops import heard_once
from evals.run.summary import Summary
from evals.ticket import MOST_SHOWN, TicketError, each_ticket
from evals.trial import Level, Trial

_OUT = click.Path(path_type=Path, dir_okay=False)
_FOLDER = click.Path(path_type=Path, file_okay=False)
NOT_KEPT = frozenset({"controls", "policy", "unknown", "judge", "price", "max_cost", "jobs"})


@click.command("run")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--level", default=Level.CODE.value, show_default=True, type=click.Choice([one.value for one in Level]),
              help="L0: mutants; L1: recordings and the policy model; L2, L3: the configured model, with tools as"
                   " recorded or live; L4: a simulated player; L5: what is planted is obeyed.")  # fmt: skip
@click.option("--match", default="strict", show_default=True, type=click.Choice(("strict", "tolerant")),
              help="Tolerant: serve an old answer where only named texts changed; stale all the same.")  # fmt: skip
@click.option("--repeat", default=1, show_default=True, type=click.IntRange(1), help="Play each ticket so many times.")
@click.option("--jobs", default=1, show_default=True, type=click.IntRange(1), help="Processes that play.")
@click.option("--shard", default="1/1", show_default=True, metavar="I/N", help="Play only this part of the tickets.")
@click.option("--filter", "filters", multiple=True, metavar="WHAT", help="tag:, id:, file: (with *), title:, or !…")
@click.option("--seed", default=0, show_default=True, help="What the seed of each trial is made of.")
@click.option("--controls/--no-controls", default=None,
              help="Play agents that prove nothing beside ours.  [default: at L1]")  # fmt: skip
@click.option("--policy", is_flag=True, help="At L2, L3 and L4: the built-in policy model answers; it is no LLM.")
@click.option("--unknown", default="sandbox", show_default=True, type=click.Choice(("sandbox", "fail")),
              help="What becomes at L2 of a call that was never recorded.")  # fmt: skip
@click.option("--judge", type=_OUT, help="Have the model judge replies, by this calibration: eval calibrate.")
@click.option("--price", metavar="IN/OUT", help="What a million tokens cost, in and out.")
@click.option("--max-cost", type=FiniteDecimal(), metavar="AMOUNT", help="Begin nothing once so much is spent.")
@click.option("--out", type=_FOLDER, help="Keep the run in this new folder: its journal and results.jsonl.")
@click.option("--resume", type=_FOLDER, help="Go on with the run in this folder, as it was asked for.")
@click.option("--junit", type=_OUT, help="Write JUnit XML to this file.")
@click.option("--md", type=_OUT, help="Write Markdown for a pull request to this file.")
@click.option("--html", type=_OUT, help="Write one HTML page to this file.")
@click.option("--jsonl", type=_OUT, help="Write a short JSON line for each trial to this file.")
@click.option("--json", "as_json", is_flag=True, help="Write the results as JSON to stdout.")
def run(path: Path, *, out: Path | None, resume: Path | None, as_json: bool, **options: Any) -> None:  # noqa: ANN401  # click's own
    """Replay the ticket or the pack at PATH, or every ticket below it, and grade what each comes to.

    Exit code 0: all pass; 1: an expectation does not hold; 2: usage; 3: something could not be played or read; 4: a
    recording is stale; 130: interrupted, and the journal is kept.
    """
    if out is not None and resume is not None:
        raise Stopped("--resume goes on in its own folder; leave --out away", Exit.USAGE)
    options["given"] = _given(options)
    outputs = {name: options[name] for name in ("junit", "md", "html", "jsonl") if options[name] is not None}
    with _place(out, resume) as place, _told_to_go_on(path, place), mended():
        summary, header = run_async(_run(path, place, resumed=resume is not None, options=options))
        results = place / RESULTS
        wanted = Wanted(outputs=outputs, github=in_actions(os.environ), as_json=as_json)
        write_reports(header, read_trials(results), complete=is_complete(results), wanted=wanted)
        if as_json:
            write_json({"tickets": [_told(one) for one in read_trials(results)]})
        if not summary.planned:
            click.echo(
                f"Shard {header.shard} is empty: no ticket falls into it; give it to the gate all the same.",
                err=as_json,
            )
        if summary.interrupted:
            raise KeyboardInterrupt
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
def _told_to_go_on(path: Path, place: Path) -> Generator[None]:
    """Say how to go on, at whatever instant a run is interrupted that has begun."""
    words = f"Interrupted. Go on with it: {to_go_on(path, place, *_given_again())}"
    try:
        with heard_once(lambda: words if (place / RUN_FILE).exists() else "interrupted"):
            yield
    except KeyboardInterrupt:
        if not (place / RUN_FILE).exists():
            raise
        click.echo(words, err=True)
        raise SystemExit(EvalExit.INTERRUPTED) from None


def _given_again() -> Iterator[str]:
    """Yield the options that a run does not keep and that were asked for: a verdict or the cost depends on them."""
    context = click.get_current_context()
    for option in context.command.params:
        value, source = context.params.get(option.name or ""), context.get_parameter_source(option.name or "")
        if option.name not in NOT_KEPT or source is not ParameterSource.COMMANDLINE:
            continue
        if isinstance(value, bool):
            yield (option.opts if value else option.secondary_opts)[0]
        else:
            yield from (option.opts[0], str(value))


async def _run(path: Path, place: Path, *, resumed: bool, options: dict[str, Any]) -> tuple[Summary, RunHeader]:
    house = read_house(with_folders(settings()))
    kept = asked_of(place) if resumed else None
    head = _head(path, options, house) if kept is None else same(kept, path, house, options["given"])
    need_model(head.level, policy=options["policy"] or (kept is not None and _is_policy(kept)))
    how = _how(head.level, options)
    plug, in_hand = Plug(NAME, how.arguments()), 1 if head.level in LIVE or options["max_cost"] is not None else 2
    pace = Pace(jobs=options["jobs"], in_hand=in_hand, max_cost=options["max_cost"])
    async with begun_workers(plug, place, jobs=0 if resumed else _early(path, head, pace)) as workers:
        cases = await asyncio.to_thread(_cases, path, house, head.level)
        head = replace(head, plan=plan_digest(cases, head.filters))
        items = _planned(cases, head, how)
        if kept is None:
            begin_run(place, head)
        with opened_journal(place) as journal:
            if kept is not None:
                click.echo(going_on(items, journal, was=kept, now=head), err=True)
                unend(place / RESULTS)
            with _progress(len(items)) as on_done:
                summary = await played(items, plug, journal=journal, pace=pace, on_done=on_done, workers=workers)
            merge(journal, items, head, summary, to=place / RESULTS, ended=now())
    return summary, head


def _early(path: Path, head: RunHeader, pace: Pace) -> int:
    """Return how many processes are begun before the plan is made: as many as surely have something to play."""
    if pace.jobs == 1 or head.filters or head.shard != "1/1":
        return 0
    try:
        return min(pace.jobs, os.cpu_count() or 1, most_tickets(path) * head.repeat)
    except PackError:  # the plan says so
        return 0


def _given(options: dict[str, Any]) -> dict[str, object]:
    """Return what somebody asked for in so many words, by the name of the header's field."""
    context, names = click.get_current_context(), ("level", "match", "repeat", "seed", "shard", "filters")
    return {name: options[name] for name in names if context.get_parameter_source(name) is ParameterSource.COMMANDLINE}


def _is_policy(asked: RunHeader) -> bool:
    return asked.level in LIVE and asked.model == POLICY


def _head(path: Path, options: dict[str, Any], house: House) -> RunHeader:
    names = ("match", "repeat", "seed", "shard", "filters")
    return header(path, house, Level(options["level"]), **{name: options[name] for name in names})


def _how(level: Level, options: dict[str, Any]) -> How:
    """Return how the items are played; refuse what would mean nothing."""
    price, judge, controls = options["price"], options["judge"], options["controls"]
    if options["max_cost"] is not None and price is None:
        raise Stopped(f"--max-cost: nothing has a price; add --price: {FORM}", Exit.USAGE)
    return How(
        level=level,
        controls=level is Level.CODE if controls is None else controls,
        unknown=options["unknown"],
        price=FREE if price is None else price_from(price),
        judge=None if judge is None else _calibration(judge),
    )


def _calibration(path: Path) -> str:
    """Return the text of a judge's calibration that can be used."""
    from evals.judging.calibration import (  # noqa: PLC0415  # half a second that only a judged run pays
        CalibrationError,
        read_calibration,
    )

    if settings().model is None:
        raise Stopped("--judge: no model is configured; set OPENAI_BASE_URL or OPENAI_API_KEY", Exit.USAGE)
    try:
        text = path.read_text("utf-8")
        read_calibration(text, name=str(path))
    except (OSError, UnicodeDecodeError) as error:
        raise Stopped(f"{path}: cannot be read ({error}); check the path", Exit.INVALID_FILE) from error
    except CalibrationError as error:
        raise Stopped(str(error), Exit.INVALID_FILE) from error
    return text


def _cases(path: Path, house: House, level: Level) -> list[Case]:
    """Return what the plan has to know of every ticket: the tickets themselves are read again when they are played."""
    cases: list[Case] = []
    wrong: list[str] = []
    try:
        for read in each_ticket(path):
            why = why_not(read, house)
            if why:
                wrong.append(why)
            elif level is not Level.ATTACK or read.ticket.attack is not None:
                cases.append(case_of(read))
    except TicketError as error:
        wrong.append(str(error))
    if wrong:
        raise TicketError("\n".join(wrong[:MOST_SHOWN]))
    if not cases and level is not Level.ATTACK:
        raise TicketError(f"{path}: there is no ticket here; give a ticket file or a folder of them")
    if not cases:
        raise TicketError(f"{path}: no ticket here has a section `attack`, and at L5 no other is played")
    return cases


def _planned(cases: Sequence[Case], head: RunHeader, how: How) -> tuple[Item, ...]:
    choice = Choice(
        level=head.level,
        match=head.match,
        repeat=head.repeat,
        seed=head.seed,
        shard=shard_from(head.shard),
        filters=head.filters,
    )
    return plan(cases, choice, agent=agent_of(head, how))


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
        "differences": [trial.why] if trial.why else [*trial.wrong],
        "divergences": [f"{one.kind} {one.segment}{one.pointer}" for one in trial.divergences],
    }
