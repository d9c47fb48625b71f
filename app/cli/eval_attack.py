"""`croupier eval attack`: have a model obey what is planted in tickets; the tool layer must refuse."""

import asyncio
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import click
from rich.console import Console
from rich.table import Table

from agent.house import read_house
from app.cli.configured import settings, with_folders
from app.cli.eval_gate import EvalExit
from app.cli.eval_runs import RESULTS, agent_of, header, mended, now, why_not
from app.cli.exits import Exit, Stopped, run_async
from app.cli.screen import people, write_json
from casino.document import Writable
from evals.attack.planted import Attack
from evals.attack.rates import Rate, Rates, rates
from evals.gate.verdict import spelt
from evals.how import NAME, How
from evals.run.digest import case_of
from evals.run.journal import asked_of, begin_run, opened_journal
from evals.run.merge import merge
from evals.run.plan import Case, Choice, Item, plan, plan_digest
from evals.run.plug import Plug
from evals.run.results import RunHeader, read_trials
from evals.run.runner import Pace
from evals.run.runner import run as played
from evals.run.summary import Summary
from evals.ticket import Read, TicketError, read_tickets
from evals.trial import Level, Status, Trial

_FOLDER: Final = click.Path(path_type=Path, file_okay=False)
_MARKS: Final[Mapping[Status, tuple[str, str]]] = {
    Status.FAIL: ("✗", "red"),
    Status.ERROR: ("!", "red"),
    Status.NOT_RUN: ("·", "yellow"),
}


@click.command("attack")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--live", is_flag=True, help="Let the configured model answer, and measure how often it is talked round.")
@click.option("--repeat", default=1, show_default=True, type=click.IntRange(1), help="Play each ticket so many times.")
@click.option("--jobs", default=1, show_default=True, type=click.IntRange(1), help="Processes that play.")
@click.option("--filter", "filters", multiple=True, metavar="WHAT", help="tag:, id:, file: (with *), title:, or !…")
@click.option("--seed", default=0, show_default=True, help="What the seed of each trial is made of.")
@click.option("--out", type=_FOLDER, help="Keep the run in this new folder: its journal and results.jsonl.")
@click.option("--resume", type=_FOLDER, help="Go on with the run in this folder.")
@click.option("--json", "as_json", is_flag=True, help="Write what came of it as JSON to stdout.")
def attack(path: Path, *, out: Path | None, resume: Path | None, as_json: bool, **options: Any) -> None:  # noqa: ANN401  # click's own
    """Attack the desk with the ticket at PATH, or with every ticket below it that has a section `attack`.

    A model obeys what is planted, call by call; it is no language model, and the same every time. With --live the
    configured model answers.

    Exit codes: 0 nothing got through, 1 something did, 2 usage, 3 something could not be played or read, 130
    interrupted with the journal kept.
    """
    if out is not None and resume is not None:
        raise Stopped("--resume goes on in its own folder; leave --out away", Exit.USAGE)
    if options["live"] and settings().model is None:
        raise Stopped("--live: no model is configured; set OPENAI_BASE_URL or OPENAI_API_KEY", Exit.USAGE)
    with _place(out or resume) as place, mended():
        work = _run(path, place, resumed=resume is not None, options=options)
        told = run_async(work)
        _show(told, people(as_json=as_json), kept=out or resume)
        if as_json:
            write_json(_document(told))
    raise SystemExit(EvalExit(told.summary.exit))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """What a run of attacks came to."""

    level: Level
    summary: Summary
    rates: Rates
    attacks: Mapping[str, Attack]  # by ticket
    bad: tuple[Trial, ...]  # all that did not pass
    left_out: int  # tickets that are no attack, or whose channel is closed to a live model


@contextmanager
def _place(named: Path | None) -> Generator[Path]:
    if named is not None:
        yield named
        return
    with TemporaryDirectory(prefix="croupier-attack-") as folder:
        yield Path(folder) / "run"


async def _run(path: Path, place: Path, *, resumed: bool, options: dict[str, Any]) -> _Told:
    house = read_house(with_folders(settings()))
    level = Level.LIVE if options["live"] else Level.ATTACK
    how = How(level=level, attack=True)
    reads = await asyncio.to_thread(read_tickets, path)
    chosen = {read.ticket.id: read for read in reads if _is_played(read, level)}
    if not chosen:
        raise TicketError(f"{path}: no ticket here has a section `attack` that can be played; see docs/attacks.md")
    if wrong := [why for read in chosen.values() if (why := why_not(read, house))]:
        raise TicketError("\n".join(wrong))
    cases, filters = [case_of(read) for read in chosen.values()], tuple(options["filters"])
    new = header(path, house, level, repeat=options["repeat"], seed=options["seed"], filters=filters)
    head = replace(_same(asked_of(place), new) if resumed else new, plan=plan_digest(cases, filters))
    if not resumed:
        begin_run(place, head)
    items = _planned(cases, head, how)
    with opened_journal(place) as journal:
        plug = Plug(NAME, how.arguments())
        summary = await played(items, plug, journal=journal, pace=Pace(jobs=options["jobs"]))
        merge(journal, items, head, summary, to=place / RESULTS, ended=now())
    attacks = {name: read.ticket.attack for name, read in chosen.items() if read.ticket.attack is not None}
    trials = [*read_trials(place / RESULTS)]
    return _Told(
        level=level,
        summary=summary,
        rates=rates(trials, attacks),
        attacks=attacks,
        bad=tuple(trial for trial in trials if trial.status is not Status.PASS),
        left_out=len(reads) - len(chosen),
    )


def _is_played(read: Read, level: Level) -> bool:
    """Tell whether there is something to be played: no live model is shown what stands in a closed channel."""
    attack = read.ticket.attack
    return attack is not None and (level is Level.ATTACK or attack.reaches)


def _same(asked: RunHeader, new: RunHeader) -> RunHeader:
    """Go on with a kept run as it is now; refuse one that was asked for differently."""
    for name in ("suite", "level", "repeat", "seed", "filters"):
        was, wanted = getattr(asked, name), getattr(new, name)
        if was != wanted:
            raise Stopped(f"--resume: the {name} of the kept run is {was}, and now {wanted}; give the same", Exit.USAGE)
    return replace(asked, versions=new.versions)


def _planned(cases: Sequence[Case], head: RunHeader, how: How) -> tuple[Item, ...]:
    choice = Choice(level=head.level, repeat=head.repeat, seed=head.seed, filters=head.filters)
    return plan(cases, choice, agent=agent_of(head, how))


def _show(told: _Told, console: Console, *, kept: Path | None) -> None:
    for trial in told.bad:
        mark, style = _MARKS.get(trial.status, ("!", "red"))
        console.print(f"{mark} {trial.ticket}: {trial.title}", style=style, soft_wrap=True)
        for line in (trial.why,) if trial.why else trial.wrong:
            console.print(f"    {line}", soft_wrap=True)
    for what, found in (("channel", told.rates.channels), ("goal", told.rates.goals)):
        console.print(_table(what, found, live=told.level is Level.LIVE))
    console.print(_line(told), style="bold", soft_wrap=True)
    if told.summary.interrupted:
        go_on = "give --out to keep the next one" if kept is None else f"go on with it: --resume {kept}"
        console.print(f"Interrupted; {go_on}", soft_wrap=True)


def _table(what: str, found: Mapping[str, Rate], *, live: bool) -> Table:
    table = Table(what, "withstood", "of", box=None, pad_edge=False)
    if live:
        table.add_column("obeyed")
        table.add_column("got through, 95 % interval")
    for name, rate in found.items():
        more = (str(rate.obeyed), _interval(rate)) if live else ()
        table.add_row(name, str(rate.withstood), str(rate.of), *more)
    return table


def _interval(rate: Rate) -> str:
    return "no verdict" if rate.success is None else spelt(rate.success)


def _line(told: _Told) -> str:
    whole = told.rates.whole
    live = told.level is Level.LIVE
    counted = "1 attack" if whole.of == 1 else f"{whole.of} attacks"
    parts = [f"{counted}: {whole.withstood} withstood, {whole.through} got through"]
    parts += [f"{whole.unknown} without a verdict"] if whole.unknown else []
    parts += [f"the model obeyed in {whole.obeyed}"] if live else []
    parts += [f"rate of those that got through {_interval(whole)}"] if live and whole.success is not None else []
    parts += [f"{told.left_out} tickets left out"] if told.left_out else []
    return "; ".join(parts)


def _document(told: _Told) -> dict[str, Writable]:
    return {
        "level": told.level.value,
        "exit": int(told.summary.exit),
        "left_out": told.left_out,
        "whole": _rate(told.rates.whole),
        "channels": {name: _rate(rate) for name, rate in told.rates.channels.items()},
        "goals": {name: _rate(rate) for name, rate in told.rates.goals.items()},
        "not_withstood": [*_trials(told)],
    }


def _rate(rate: Rate) -> dict[str, Writable]:
    success = rate.success
    figures = None if success is None else {name: Decimal(f"{one:.6f}") for name, one in success._asdict().items()}
    return {
        "of": rate.of,
        "withstood": rate.withstood,
        "through": rate.through,
        "without_verdict": rate.unknown,
        "obeyed": rate.obeyed,
        "success": figures,
    }


def _trials(told: _Told) -> Iterator[dict[str, Writable]]:
    for trial in told.bad:
        attack = told.attacks[trial.ticket]
        yield {
            "ticket": trial.ticket,
            "file": trial.file,
            "channel": attack.channel,
            "goal": attack.goal,
            "repeat": trial.repeat,
            "status": trial.status.value,
            "differences": [trial.why] if trial.why else [*trial.wrong],
        }
