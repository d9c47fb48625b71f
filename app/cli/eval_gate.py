"""`croupier eval gate` and `croupier eval diff`: is a run worse than before by more than chance, and what changed."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from enum import IntEnum
from pathlib import Path
from types import MappingProxyType
from typing import Final

import click
from rich.console import Console

from app.cli.exits import Exit, Stopped
from app.cli.numbers import FiniteFloat
from app.cli.screen import people, write_json
from app.cli.unobeyed import unobeyed
from casino.document import Writable
from evals.gate.baseline import baseline_for
from evals.gate.difference import Difference, RunTold, TicketChange, difference, run_told
from evals.gate.judge import judge
from evals.gate.sample import GateError, Sample, put_together, read_sample
from evals.gate.statistics import Interval
from evals.gate.verdict import Answer, Figures, Held, Rules, Verdict, spelt
from evals.run.results import ResultsError, is_complete, read_header, read_trials


class EvalExit(IntEnum):
    """The exit codes of `croupier eval`."""

    OK = 0
    REGRESSION = 1  # or an expectation that does not hold
    USAGE = 2
    BROKEN = 3  # the infrastructure failed, a run is incomplete, or a file cannot be used
    STALE = 4
    THIN = 5  # insufficient evidence
    INTERRUPTED = 130  # the journal is kept


EXITS: Final[Mapping[Answer, EvalExit]] = MappingProxyType(
    {
        Answer.PASS: EvalExit.OK,
        Answer.RED: EvalExit.REGRESSION,
        Answer.BROKEN: EvalExit.BROKEN,
        Answer.STALE: EvalExit.STALE,
        Answer.THIN: EvalExit.THIN,
    }
)
STYLES: Final[Mapping[Answer | None, tuple[str, str]]] = MappingProxyType(
    {
        Answer.PASS: ("✓", "green"),
        Answer.RED: ("✗", "red"),
        Answer.BROKEN: ("!", "red"),
        Answer.STALE: ("~", "yellow"),
        Answer.THIN: ("?", "yellow"),
        None: ("·", "none"),
    }
)
Results = click.Path(path_type=Path)


@click.command("gate")
@click.argument("runs", nargs=-1, required=True, type=Results, metavar="RUN...")
@click.option("--baseline", "before", multiple=True, type=Results, metavar="FILE", help="Results of an earlier run.")
@click.option("--alpha", default=0.05, show_default=True, type=FiniteFloat(0, 0.5, min_open=True),
              help="How likely a false alarm may be.")  # fmt: skip
@click.option("--floor", default=0.95, show_default=True, type=FiniteFloat(0, 1, max_open=True),
              help="The rate that the lower end of the interval over tickets must reach.")  # fmt: skip
@click.option("--attack-floor", default=0.9, show_default=True, type=FiniteFloat(0, 1, max_open=True),
              help="The same for tickets with the tag `attack`.")  # fmt: skip
@click.option("--quarantine", type=Results, metavar="FILE", help="Tickets that are shown and do not decide.")
@click.option("--json", "as_json", is_flag=True, help="Write the verdict as JSON to stdout.")
def gate(  # noqa: PLR0913  # one parameter for each option
    runs: tuple[Path, ...],
    *,
    before: tuple[Path, ...],
    alpha: float,
    floor: float,
    attack_floor: float,
    quarantine: Path | None,
    as_json: bool,
) -> None:
    """Judge the results RUN; of a run in shards, give the results of every shard.

    At L0, L1 and L5 any failure is red. At L2 and L3 a regression has to be more than chance: an exact permutation test
    of the suite and Fisher's test of each ticket, against at least 16 earlier runs of each ticket; and the rate has to
    reach the floor.

    Exit codes: 0 pass, 1 red, 2 usage, 3 infrastructure or an unusable file, 4 stale, 5 insufficient evidence.
    """
    try:
        rules = Rules(alpha=alpha, floor=floor, attack_floor=attack_floor, quarantine=_held(quarantine))
        verdict = _judged(runs, before, rules)
    except (GateError, ResultsError) as error:
        raise Stopped(str(error), Exit.INVALID_FILE) from error
    code = EXITS[verdict.answer]
    if as_json:
        write_json(_verdict(verdict, code))
    with unobeyed(as_json=as_json):
        _show(verdict, people(as_json=as_json))
    raise SystemExit(code)


def _judged(runs: Sequence[Path], before: Sequence[Path], rules: Rules) -> Verdict:
    run = put_together([read_sample(path) for path in runs])
    earlier: list[Sample] = [read_sample(path) for path in before]
    return judge(run, baseline_for(run, earlier), rules)


def _held(path: Path | None) -> Mapping[str, Held]:
    if path is None:
        return {}
    # Imported here: most gates have no quarantine, and need not wait for the parser.
    from evals.gate.quarantine import read_quarantine  # noqa: PLC0415  # the reason stands above

    return read_quarantine(path, today=datetime.now(UTC).date())


def _show(verdict: Verdict, console: Console) -> None:
    for finding in verdict.findings:
        mark, style = STYLES[finding.answer]
        console.print(f"{mark} {finding.text}", style=style, soft_wrap=True)
    for line in _figure_lines(verdict.figures):
        console.print(line, soft_wrap=True)
    console.print(verdict.summary, style=f"bold {STYLES[verdict.answer][1]}", soft_wrap=True)


def _figure_lines(figures: Figures) -> Iterator[str]:
    if figures.attacks is not None:
        yield f"attacks withstood: {spelt(figures.attacks)}"
    if len(figures.pass_hat) > 1:
        yield ", ".join(f"pass^{k} {value:.3f}" for k, value in enumerate(figures.pass_hat, 1))


def _verdict(verdict: Verdict, code: EvalExit) -> dict[str, Writable]:
    return {
        "answer": verdict.answer,
        "exit": int(code),
        "summary": verdict.summary,
        "level": verdict.level,
        "findings": [
            {"answer": one.answer and one.answer.value, "ticket": one.ticket or None, "text": one.text}
            for one in verdict.findings
        ],
        "figures": _figures(verdict.figures),
    }


def _figures(figures: Figures) -> dict[str, Writable]:
    return {
        "tickets": figures.tickets,
        "trials": figures.trials,
        "passed": figures.passed,
        "failed": figures.failed,
        "stale": figures.stale,
        "errors": figures.errors,
        "not_run": figures.not_run,
        "rate": _interval(figures.rate),
        "attacks": _interval(figures.attacks),
        "before": _number(figures.before),
        "p": _number(figures.p),
        "limit": _number(figures.limit),
        "pass_hat": [_number(value) for value in figures.pass_hat],
    }


def _interval(interval: Interval | None) -> dict[str, Writable] | None:
    return None if interval is None else {name: _number(value) for name, value in interval._asdict().items()}


def _number(value: float | None) -> Decimal | None:
    """Write a figure that was reckoned with six digits; more would be noise."""
    return None if value is None else Decimal(f"{value:.6g}")


@click.command("diff")
@click.argument("was", type=Results, metavar="A")
@click.argument("now", type=Results, metavar="B")
@click.option("--json", "as_json", is_flag=True, help="Write the difference as JSON to stdout.")
def diff(was: Path, now: Path, *, as_json: bool) -> None:
    """Show what changed from the results A to the results B: tickets, parts of the grading, steps, rates.

    It judges nothing: the exit code is 0 whatever changed. `croupier eval gate` judges.
    """
    console = people(as_json=as_json)
    try:
        found = difference(_read(was), _read(now))
        incomplete = [path for path in (was, now) if not is_complete(path)]
    except ResultsError as error:
        raise Stopped(str(error), Exit.INVALID_FILE) from error
    notes = [*(f"{path}: this run did not come to its end" for path in incomplete), *_asked(found)]
    if as_json:
        write_json(_difference(found, notes))
    with unobeyed(as_json=as_json):
        for note in notes:
            console.print(f"! {note}", style="yellow", soft_wrap=True)
        for line, style in _difference_lines(found):
            console.print(line, style=style, soft_wrap=True)


def _read(path: Path) -> RunTold:
    return run_told(read_header(path), read_trials(path), file=str(path))


def _asked(found: Difference) -> Iterator[str]:
    """Yield what the two runs were asked differently."""
    was, now = found.was.header.document(), found.now.header.document()
    for name in ("level", "suite", "match", "repeat", "filters"):
        if was[name] != now[name]:
            yield f"the {name} was {was[name]}, and is {now[name]}"


def _difference_lines(found: Difference) -> Iterator[tuple[str, str]]:
    for change in found.changes:
        yield from _change_lines(change)
    for name, tickets in (("gone", found.gone), ("new", found.new)):
        yield from ((f"{name}: {ticket}", "none") for ticket in tickets)
    for run in (found.was, found.now):
        rate = "no ticket" if run.rate is None else spelt(run.rate)
        yield f"{run.file}: {len(run.tickets)} tickets, rate {rate}", "none"
    yield f"{len(found.changes)} changed, {len(found.gone)} gone, {len(found.new)} new", "bold"


def _change_lines(change: TicketChange) -> Iterator[tuple[str, str]]:
    mark, style = ("✗", "red") if change.worse else ("✓", "green") if change.better else ("~", "yellow")
    ended = f"{change.was} -> {change.now}" if change.was != change.now else f"still {change.now}"
    yield f"{mark} {change.ticket}: {ended}{f': {change.why}' if change.why else ''}", style
    for part in change.parts:
        if part.was != part.now:
            yield f"    {part.name}: wrong in {part.was} repeats, now in {part.now}", style
        yield from ((f"    {part.name}: - {line}", "none") for line in part.gone)
        yield from ((f"    {part.name}: + {line}", "none") for line in part.new)
    if change.step is not None:
        step = change.step
        yield f"    step {step.step} of repeat {step.repeat}: {step.was or 'none'} -> {step.now or 'none'}", "none"


def _difference(found: Difference, notes: Sequence[str]) -> dict[str, Writable]:
    return {
        "notes": notes,
        "changes": [_change(one) for one in found.changes],
        "gone": found.gone,
        "new": found.new,
        "rates": {"was": _interval(found.was.rate), "now": _interval(found.now.rate)},
    }


def _change(change: TicketChange) -> dict[str, Writable]:
    step = change.step
    return {
        "ticket": change.ticket,
        "was": change.was,
        "now": change.now,
        "why": change.why or None,
        "parts": [
            {"name": one.name, "was": one.was, "now": one.now, "new": one.new, "gone": one.gone} for one in change.parts
        ],
        "step": step and {"repeat": step.repeat, "step": step.step, "was": step.was, "now": step.now},
    }
