"""`croupier eval report` and `croupier eval show`: what a run came to, for people and for machines."""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import click
from rich.console import Console

from app.cli.eval_gate import EvalExit
from app.cli.exits import Exit, Stopped
from app.cli.screen import people, write_json
from app.cli.unobeyed import obeyed, unobeyed
from casino.nearest import did_you_mean
from evals.report.github import Annotations, in_actions, summary_file
from evals.report.html import Html
from evals.report.junit import JUnit
from evals.report.lines import Lines, counted
from evals.report.markdown import Markdown
from evals.report.report import Report, read_through
from evals.report.tally import Tally
from evals.report.terminal import Line, closing_lines, opening_lines, story, trial_lines
from evals.report.words import in_line
from evals.run.results import ResultsError, RunHeader, is_complete, read_header, read_trials
from evals.trial import Status, Trial

_OUT = click.Path(path_type=Path, dir_okay=False)
_RUN = click.Path(path_type=Path)


@click.command("report")
@click.argument("run", type=_RUN)
@click.option("--junit", type=_OUT, help="Write JUnit XML to this file.")
@click.option("--md", type=_OUT, help="Write Markdown for a pull request to this file.")
@click.option("--html", type=_OUT, help="Write one HTML page to this file.")
@click.option("--jsonl", type=_OUT, help="Write a short JSON line for each trial to this file.")
@click.option("--github/--no-github", default=None, help="Annotate for GitHub Actions; by itself where it runs there.")
@click.option("--json", "as_json", is_flag=True, help="Write the counts as JSON to stdout.")
def report(run: Path, *, github: bool | None, as_json: bool, **files: Path | None) -> None:
    """Report the results in the file RUN.

    Exit code 0 whatever the verdict is, which `eval run` and `eval gate` give; 3 where RUN is unusable or incomplete.
    """
    outputs = {name: path for name, path in files.items() if path is not None}
    _refuse_one_file_twice(run, outputs)
    try:
        header, complete = read_header(run), is_complete(run)
        wanted = Wanted(outputs=outputs, github=in_actions(os.environ) if github is None else github, as_json=as_json)
        tally = write_reports(header, read_trials(run, on_note=_note), complete=complete, wanted=wanted)
    except ResultsError as error:
        raise Stopped(str(error), Exit.INVALID_FILE) from error
    if as_json:
        write_json({"run": header.run, **counted(tally, complete=complete)})
    raise SystemExit(EvalExit.OK if complete else EvalExit.BROKEN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which reports are asked for."""

    outputs: Mapping[str, Path]  # files by `junit`, `md`, `html` and `jsonl`
    github: bool  # annotations, and in GitHub Actions the step's summary
    as_json: bool = False  # stdout belongs to a machine
    on_screen: bool = True  # a line for each trial and the summary


def write_reports(header: RunHeader, trials: Iterable[Trial], *, complete: bool, wanted: Wanted) -> Tally:
    """Read a run once and write every report that is asked for; return its counts."""
    summary = summary_file(os.environ) if wanted.github else None
    files: list[tuple[Path, Report, str]] = [
        (path, _report(name, header), "w") for name, path in wanted.outputs.items()
    ]
    if summary is not None:
        files.append((summary, Markdown(header), "a"))
    annotations = Annotations(header, workspace=os.environ.get("GITHUB_WORKSPACE", ""))
    reports = [annotations, *(one for _, one, _ in files)]
    if wanted.on_screen:
        with unobeyed(as_json=wanted.as_json):
            tally = _on_screen(header, trials, reports, complete=complete, as_json=wanted.as_json)
    else:
        tally = read_through(trials, reports)
    for path, one, mode in files:
        _write(path, one.pieces(tally, complete=complete), mode=mode)
    if wanted.github:
        with obeyed():
            for piece in annotations.pieces(tally, complete=complete):
                click.echo(piece, nl=False, err=wanted.as_json)
    return tally


def _on_screen(
    header: RunHeader, trials: Iterable[Trial], reports: Sequence[Report], *, complete: bool, as_json: bool
) -> Tally:
    console = people(as_json=as_json)
    _print(console, opening_lines(header, complete=complete))
    tally = read_through(_shown(trials, console, several=header.repeat > 1), reports)
    _print(console, closing_lines(tally, complete=complete))
    return tally


def _report(name: str, header: RunHeader) -> Report:
    match name:
        case "junit":
            return JUnit(header)
        case "md":
            return Markdown(header)
        case "html":
            return Html(header)
        case "jsonl":
            return Lines(header)
        case _:
            raise ValueError(f'there is no report "{name}"')


def _shown(trials: Iterable[Trial], console: Console, *, several: bool) -> Iterator[Trial]:
    """Yield the trials, each once it stands on the screen."""
    for trial in trials:
        _print(console, trial_lines(trial, several=several))
        yield trial


def _print(console: Console, lines: Iterable[Line]) -> None:
    for line in lines:
        console.print(line.text, style=line.style, soft_wrap=True)


def _write(path: Path, pieces: Iterator[str], *, mode: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open(mode, encoding="utf-8", errors="backslashreplace", newline="\n") as file:
            file.writelines(pieces)
    except OSError as error:
        raise Stopped(f"{path}: cannot be written ({error.strerror}); give another file", Exit.USAGE) from error


def _refuse_one_file_twice(run: Path, outputs: Mapping[str, Path]) -> None:
    taken = {run.resolve(): "RUN"}
    for name, path in outputs.items():
        other = taken.setdefault(path.resolve(), f"--{name}")
        if other != f"--{name}":
            raise Stopped(f"{path}: --{name} would overwrite {other}; give another file", Exit.USAGE)


def _note(text: str) -> None:
    click.echo(text, err=True)


@click.command("show")
@click.argument("run", type=_RUN)
@click.argument("ticket")
@click.option("--repeat", type=click.IntRange(min=1), help="Which play of the ticket; by default the first not passed.")
@click.option("--json", "as_json", is_flag=True, help="Write the whole trial as JSON to stdout.")
def show(run: Path, ticket: str, *, repeat: int | None, as_json: bool) -> None:
    """Show how the ticket TICKET went in the results file RUN: what was expected, what changed, what went stale."""
    try:
        complete = is_complete(run)
        plays = _plays(run, ticket)
    except ResultsError as error:
        raise Stopped(str(error), Exit.INVALID_FILE) from error
    trial = _chosen(plays, ticket, repeat)
    if as_json:
        write_json({"complete": complete, "trial": trial.document()})
        return
    console = people(as_json=False)
    with unobeyed(as_json=False):
        if not complete:
            _print(console, [Line("This run is incomplete; what is shown may not be all.", "bold red")])
        for part in story(trial):
            console.print(part)
        if len(plays) > 1:
            _print(console, [Line(_others(plays), "dim")])


def _plays(run: Path, ticket: str) -> list[Trial]:
    """Return the trials of one ticket; where there is none, say which names there are near it."""
    names: set[str] = set()
    found: list[Trial] = []
    for trial in read_trials(run, on_note=_note):
        names.add(trial.ticket)
        if trial.ticket == ticket:
            found.append(trial)
    if not found:
        hint = did_you_mean(ticket, names) if names else "No ticket was played."
        raise Stopped(f'{run}: there is no ticket "{ticket}" in this run. {hint}', Exit.USAGE)
    return sorted(found, key=lambda trial: trial.repeat)


def _chosen(plays: Sequence[Trial], ticket: str, repeat: int | None) -> Trial:
    if repeat is None:
        return next((trial for trial in plays if trial.status is not Status.PASS), plays[0])
    chosen = next((trial for trial in plays if trial.repeat == repeat), None)
    if chosen is None:
        known = ", ".join(str(trial.repeat) for trial in plays)
        raise Stopped(f'"{in_line(ticket)}" has no repeat {repeat}; there are {known}', Exit.USAGE)
    return chosen


def _others(plays: Sequence[Trial]) -> str:
    return "repeats: " + ", ".join(f"{one.repeat} {one.status.value.replace('_', ' ')}" for one in plays)
