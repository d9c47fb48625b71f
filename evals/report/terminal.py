"""A run in a terminal: one line a trial, and one trial as a story."""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from evals.report.changes import Change, changes
from evals.report.report import ABOUT, INCOMPLETE, NOT_JUDGED, no_steps
from evals.report.tally import Tally
from evals.report.words import clipped, in_line, near_difference, plain, shown
from evals.run.results import RunHeader
from evals.trial import Difference, Divergence, Part, Status, Step, Trial

MARKS: Mapping[Status, tuple[str, str]] = {
    Status.PASS: ("✓", "green"),
    Status.FAIL: ("✗", "red"),
    Status.STALE: ("~", "yellow"),
    Status.ERROR: ("!", "bold red"),
    Status.NOT_RUN: ("-", "dim"),
}
SIGNS = {"added": ("+", "green"), "removed": ("-", "red"), "changed": ("~", "yellow")}
LONGEST = 600  # characters of one value in a story
INDENT = 4
MOST_PLACES = 3  # of one text in a line; the others are in the results, and in the trial's story


class Line(NamedTuple):
    """One line for the terminal, without an end of line in it."""

    text: str
    style: str


def trial_lines(trial: Trial, *, several: bool) -> Iterator[Line]:
    """Yield a trial's line, and below it what is wrong, each line with its file."""
    mark, style = MARKS[trial.status]
    repeat = f" [{trial.repeat}]" if several else ""
    yield Line(f"{mark} {in_line(trial.ticket)}{repeat}: {in_line(trial.title)}", style)
    for words in _found(trial):
        yield Line(f"    {in_line(trial.file)}: {in_line(words)}", style)


def _found(trial: Trial) -> Iterator[str]:
    if trial.why:
        yield f"{trial.status.value.replace('_', ' ')}: {trial.why}"
    yield from (f"stale: {line}" for line in _stale(trial.divergences))
    if trial.status is Status.STALE:
        yield NOT_JUDGED
    for part in trial.findings:
        about = part.name if part.gates else f"{part.name} (does not gate)"
        yield from (f"{about}: {line}" for line in part.wrong)


def _stale(divergences: Iterable[Divergence]) -> Iterator[str]:
    """Yield a line for each text that differs at a question, with the first of its places."""
    texts: dict[tuple[int, Difference, str], list[Divergence]] = {}
    for one in divergences:
        texts.setdefault((one.exchange, one.kind, one.segment), []).append(one)
    yield from (_place(*ones) for ones in texts.values())


def _place(first: Divergence, *others: Divergence) -> str:
    told = f"{first.kind} {first.segment}{places_told([first.pointer, *(one.pointer for one in others)])}"
    if first.exchange:
        return f"{told} at exchange {first.exchange}"
    return f"{told} beyond the recording" if first.kind is Difference.EXTRA_CALL else told


def places_told(pointers: Iterable[str]) -> str:
    """Return the first places of a text, and how many more there are: `/line/2, /line/6, /line/9 and 4 more`."""
    each = [*dict.fromkeys(pointers)]
    more = len(each) - MOST_PLACES
    return ", ".join(each[:MOST_PLACES]) + (f" and {more} more" if more > 0 else "")


def closing_lines(tally: Tally, *, complete: bool) -> Iterator[Line]:
    """Yield what made tickets stale, how the controls did, and the summary; it says so where the run is incomplete."""
    for one in tally.by_segment():
        count = len(one.tickets)
        yield Line(f"{one.kind} {in_line(one.segment)} made {count} ticket{'s' * (count != 1)} stale", "yellow")
    if tally.controls.line:
        yield Line(in_line(tally.controls.line), "dim")
    yield from (Line(in_line(f"warning: {warning}"), "yellow") for warning in tally.controls.warnings)
    headline = tally.headline if complete else f"{tally.headline}; the run is incomplete"
    fine = complete and tally.worst is Status.PASS
    yield Line(headline, "bold green" if fine else "bold red")


def opening_lines(header: RunHeader, *, complete: bool) -> Iterator[Line]:
    """Yield what must be known before anything else."""
    if not complete:
        yield Line(INCOMPLETE, "bold red")
    yield Line(f"run {in_line(header.run)}: {in_line(header.suite)} at {header.level}", "dim")


def story(trial: Trial) -> Iterator[RenderableType]:
    """Yield one trial as a story: what was expected, what went stale and why, and the time line."""
    mark, style = MARKS[trial.status]
    status = trial.status.value.replace("_", " ")
    yield Text(f"{mark} {status}: {in_line(trial.ticket)}, repeat {trial.repeat}, seed {trial.seed}", f"bold {style}")
    yield Text(in_line(trial.title))
    yield Text(in_line(trial.file), "dim")
    if trial.why:
        yield Text(shown(trial.why), style)
    yield Text("what was expected", "bold")
    yield from (_part(part) for part in trial.findings)
    if not trial.findings:
        yield _inside(Text(NOT_JUDGED if trial.status is Status.STALE else "nothing was graded", "dim"))
    if trial.divergences:
        yield Text("what went stale", "bold")
        yield from (_divergence(one) for one in trial.divergences)
    yield Text("what happened", "bold")
    yield from (_step(step) for step in trial.steps)
    if not trial.steps:
        yield _inside(Text(no_steps(trial), "dim"))
    if trial.path:
        yield Text.assemble(("path ", "bold"), in_line(" > ".join(trial.path)))
    if trial.end:
        yield Text("how it ended", "bold")
        yield from (_inside(Text(f"{in_line(name)}: {_value(value)}")) for name, value in trial.end.items())
    if trial.controls:
        beside = ", ".join(f"{name} {status}" for name, status in trial.controls.items())
        yield Text.assemble(("controls ", "bold"), in_line(beside))
    yield Text(_usage(trial), "dim")


def _part(part: Part) -> RenderableType:
    mark, style = ("✓", "green") if part.holds else ("✗", "red") if part.gates else ("✗", "yellow")
    about = part.name if part.gates else f"{part.name} (does not gate)"
    lines = [Text.assemble((f"{mark} {in_line(about)}", style), (f"  {ABOUT.get(part.name, '')}", "dim"))]
    lines += [Text(f"  {shown(line)}", style) for line in part.wrong]
    return _inside(Group(*lines))


def _divergence(one: Divergence) -> RenderableType:
    pair = near_difference(one.was, one.now)
    return _inside(
        Group(
            Text(in_line(_place(one)), "yellow"),
            Text(f"  was {shown(pair.was)}", "red"),
            Text(f"  now {shown(pair.now)}", "green"),
        )
    )


def _step(step: Step) -> RenderableType:
    """Return a step, with what it changed beside it."""
    line = Table.grid(padding=(0, 2, 0, 0), expand=True)
    line.add_column(width=8, style="dim")
    line.add_column(ratio=3)
    words = Text(in_line(step.kind.replace("_", " ")), "dim")
    if step.title != step.kind:
        words = Text.assemble(words, "\n", shown(clipped(step.title, LONGEST)))
    beside = [_change(one) for one in changes(step.changes)]
    if beside:
        line.add_column(ratio=2)
    line.add_row(_time(step.at), words, *([Text("\n").join(beside)] if beside else []))
    return Padding(line, (0, 0, 0, INDENT))


def _change(one: Change) -> Text:
    sign, style = SIGNS.get(one.word, ("?", "magenta"))
    return Text(f"{sign} {in_line(one.pointer)} {clipped(in_line(one.words), LONGEST)}", style)


def _time(at: str) -> str:
    """Return the time of day of an ISO 8601 moment."""
    return in_line(at.partition("T")[2][:8] or at[:8])


def _value(value: object) -> str:
    return clipped(in_line(plain(value)), LONGEST)  # pyright: ignore[reportArgumentType]  # a value of a document


def _usage(trial: Trial) -> str:
    used = trial.usage
    words = f"{used.model_calls} model calls, {used.tool_calls} tool calls"
    tokens = f", {used.tokens_in} tokens in, {used.tokens_out} out" if used.tokens_in or used.tokens_out else ""
    return f"{words}{tokens}, {used.cpu_ms:.1f} ms CPU" + (f", cost {used.cost}" if used.cost else "")


def _inside(inner: RenderableType) -> RenderableType:
    return Padding(inner, (0, 0, 0, INDENT), expand=False)
