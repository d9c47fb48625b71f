"""Small runs for the tests of the gate: a ticket is a word for each repeat, p(ass) f(ail) s(tale) e(rror) n(ot run)."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from evals.gate.sample import Sample, sample_of
from evals.run.plan import ATTACK
from evals.run.results import End, RunHeader, line_of, write_results
from evals.trial import Level, Part, Status, Step, Trial

ENDED = {"p": Status.PASS, "f": Status.FAIL, "s": Status.STALE, "e": Status.ERROR, "n": Status.NOT_RUN}
PARTS = {Status.FAIL: (Part(name="state", wrong=("outcome: expected 'issued', found ''",)),)}
WHY = {Status.ERROR: "ModelDown: no answer", Status.NOT_RUN: "the budget was used up"}
AT = "2026-11-20T12:00:00+00:00"


def header(
    run: str = "now", *, level: Level = Level.LIVE, repeat: int = 4, shard: str = "1/1", suite: str = "s", seed: int = 7
) -> RunHeader:
    return RunHeader(
        run=run,
        suite=suite,
        level=level,
        match="strict",
        repeat=repeat,
        seed=seed,
        shard=shard,
        started=AT,
        versions={},
    )


def trials(tickets: Mapping[str, str], level: Level = Level.LIVE) -> Iterator[Trial]:
    """Yield the trials of tickets; an id that begins with `attack` is one."""
    for ticket, letters in tickets.items():
        for repeat, letter in enumerate(letters, 1):
            status = ENDED[letter]
            yield Trial(
                ticket=ticket,
                file=f"{ticket}.json",
                title=ticket,
                level=level,
                repeat=repeat,
                seed=7,
                status=status,
                tags=(ATTACK,) if ticket.startswith(ATTACK) else (),
                why=WHY.get(status, ""),
                parts=PARTS.get(status, ()),
                steps=(Step(kind="tool_call", at=AT, title=f"issue_bonus: {status}"),),
            )


def sample(tickets: Mapping[str, str], head: RunHeader | None = None) -> Sample:
    """Return a run, in four repeats at L3 unless the header says otherwise."""
    head = head or header()
    return sample_of(head, trials(tickets, head.level), file=f"{head.run}.jsonl")


def write(
    path: Path,
    tickets: Mapping[str, str],
    head: RunHeader | None = None,
    *,
    changed: Callable[[Trial], Trial] | None = None,
) -> Path:
    """Write the results of a run that came to its end."""
    head = head or header(path.stem)
    told = [changed(one) if changed else one for one in trials(tickets, head.level)]
    counts = {status: sum(one.status is status for one in told) for status in Status}
    lines = (line_of(one.document()).rstrip(b"\n") for one in told)
    write_results(path, head, lines, lambda: End(counts={k: v for k, v in counts.items() if v}, ended=AT))
    return path


def many(count: int, letters: str = "pppp", *, name: str = "t") -> dict[str, str]:
    """Return so many tickets that all ended in the same way."""
    return {f"{name}{number:03}": letters for number in range(count)}
