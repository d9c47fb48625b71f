"""`croupier eval grade`: grade a kept run again, by the tickets as they are now."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import click
from rich.console import Console

from app.cli.eval_gate import EvalExit
from app.cli.exits import Exit, Stopped
from app.cli.screen import people, write_json
from casino.document import dump_json
from casino.values import Value
from evals.expect import Expected
from evals.regrade import CannotGrade, changed, regraded
from evals.run.results import End, ResultsError, read_end, read_header, read_trials, unended, write_results
from evals.run.summary import Summary
from evals.ticket import TicketError, each_ticket
from evals.trial import Status, Trial

_OUT = click.Path(path_type=Path, dir_okay=False)


@dataclass(slots=True)
class _Graded:
    """What grading anew has come to so far."""

    counts: Counter[Status] = field(default_factory=Counter[Status])
    changes: list[dict[str, Value]] = field(default_factory=list[dict[str, Value]])

    def end(self) -> End:
        return End(counts=self.counts, ended=datetime.now(UTC).isoformat())

    @property
    def summary(self) -> Summary:
        return Summary(planned=sum(self.counts.values()), counts=self.counts)


@click.command("grade")
@click.argument("results", type=click.Path(path_type=Path))
@click.option("--tickets", type=click.Path(path_type=Path), help="Where the tickets are now; else where they were.")
@click.option("--out", type=_OUT, help="Write the results with the new grades to this file, for `eval gate`.")
@click.option("--json", "as_json", is_flag=True, help="Write what changed as JSON to stdout.")
def grade(results: Path, *, tickets: Path | None, out: Path | None, as_json: bool) -> None:
    """Grade the kept run RESULTS again, by the tickets as they are now. Nothing is played and nobody is asked.

    Exit codes are those of `eval run`: 0 all pass; 1 an expectation does not hold; 2 usage; 3 something cannot be
    graded or read; 4 a recording was stale.
    """
    if out is not None and out.exists() and out.samefile(results):
        raise Stopped(f"{out}: these are the results that are graded; name another file", Exit.USAGE)
    try:
        graded = _graded(results, tickets, out)
    except (ResultsError, TicketError, CannotGrade) as error:
        raise Stopped(str(error), Exit.INVALID_FILE) from error
    if as_json:
        counts: dict[str, Value] = {status.value: graded.counts[status] for status in Status}
        write_json({"counts": counts, "changes": graded.changes})
    _show(graded, people(as_json=as_json))
    raise SystemExit(EvalExit(graded.summary.exit))


def _graded(results: Path, tickets: Path | None, out: Path | None) -> _Graded:
    """Grade one trial after the other; a run of any length is never held whole."""
    header, end = read_header(results), read_end(results)
    if end is None:
        raise CannotGrade(unended(results, header))
    if not end.counts:
        raise CannotGrade(f"{results}: this run has no trial, so there is nothing to grade; play one")
    place = tickets or Path(header.suite)
    expected = {read.ticket.id: read.ticket.expect for read in each_ticket(place)}
    graded = _Graded()
    lines = _lines(results, expected, graded, place)
    if out is None:
        for _ in lines:
            pass
    else:
        write_results(out, header, lines, graded.end)
    return graded


def _lines(results: Path, expected: Mapping[str, Expected | None], graded: _Graded, place: Path) -> Iterator[bytes]:
    """Yield every trial with its new grades, as it is written."""
    for number, before in enumerate(read_trials(results), start=2):
        after = _again(before, expected, f"{results}:{number}", place)
        graded.counts[after.status] += 1
        if change := changed(before, after):
            graded.changes.append({"ticket": after.ticket, "repeat": after.repeat, **change})
        yield dump_json(after.document()).encode()


def _again(trial: Trial, expected: Mapping[str, Expected | None], where: str, place: Path) -> Trial:
    if trial.ticket not in expected:
        mend = "say where it is now with --tickets"
        raise CannotGrade(f"{where}: the ticket `{trial.ticket}` is not in {place} any more; {mend}")
    try:
        return regraded(trial, expected[trial.ticket])
    except CannotGrade as error:
        raise CannotGrade(f"{where}: {trial.ticket}: {error}") from error


def _show(graded: _Graded, console: Console) -> None:
    for change in graded.changes:
        console.print(f"{change['ticket']}: {change['was']} -> {change['now']}", soft_wrap=True)
        for sign, key in (("-", "gone"), ("+", "new")):
            lines = change[key]
            for line in lines if isinstance(lines, list) else ():
                console.print(f"    {sign} {line}", soft_wrap=True)
    told = f"{len(graded.changes)} changed" if graded.changes else "nothing changed"
    console.print(f"{graded.summary.line}; {told}", style="bold", soft_wrap=True)
