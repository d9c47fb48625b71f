"""What is kept of a run for the gate: how each repeat of each ticket ended. Trials are read one by one and let go."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, cast

from evals.run.plan import ATTACK
from evals.run.results import POLICY, RunHeader, is_complete, read_header, read_trials, unended
from evals.trial import Level, Status, Trial

OFFLINE: Final = frozenset({Level.LINT, Level.CODE, Level.ATTACK})  # everything in them is deterministic
JUDGED: Final = (Status.PASS, Status.FAIL)  # a verdict on the agent; what else a trial ends in says nothing of it
_ONE_RUN: Final = ("match", "repeat", "seed", "versions", "filters", "plan")  # alike in the shards of one run


class GateError(Exception):
    """Runs that cannot be judged; the message says where, what, and how to mend it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeats:
    """How the repeats of one ticket ended."""

    statuses: Mapping[int, Status]  # by the number of the repeat
    attack: bool = False
    why: str = ""  # the first thing that went wrong

    def count(self, *statuses: Status) -> int:
        """Return how many ended in one of these ways."""
        ended = [*self.statuses.values()]
        return sum(map(ended.count, statuses))

    @property
    def passed(self) -> int:
        """Return how many passed."""
        return self.count(Status.PASS)

    @property
    def judged(self) -> int:
        """Return how many came to a verdict of their own: the others say nothing about the agent."""
        return self.count(*JUDGED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One run, whole or put together from its shards."""

    file: str
    header: RunHeader
    tickets: Mapping[str, Repeats]

    @property
    def level(self) -> Level:
        """Return the level it was played at."""
        return self.header.level


def read_sample(path: Path) -> Sample:
    """Read one results file. Raises `GateError`, and `ResultsError` where it is none."""
    header = read_header(path)
    if not is_complete(path):
        raise GateError(unended(path, header))
    return sample_of(header, read_trials(path), file=str(path))


def sample_of(header: RunHeader, trials: Iterable[Trial], *, file: str) -> Sample:
    """Count the trials of a run. Raises `GateError` where one stands there twice, or is of another level."""
    tickets: dict[str, dict[int, Status]] = {}
    attacks: set[str] = set()
    why: dict[str, str] = {}
    for trial in trials:
        statuses = tickets.setdefault(trial.ticket, {})
        repeat = _repeat(trial, file)
        if repeat in statuses:
            raise GateError(_twice(file, trial.ticket, repeat))
        if trial.level is not header.level:
            raise GateError(f"{file}: `{trial.ticket}` is of {trial.level}, the run of {header.level}; do not mix runs")
        statuses[repeat] = trial.status
        if ATTACK in trial.tags or trial.level is Level.ATTACK:
            attacks.add(trial.ticket)
        if trial.status is not Status.PASS:
            why.setdefault(trial.ticket, _why(trial))
    return Sample(
        file=file,
        header=header,
        tickets={
            ticket: Repeats(statuses=statuses, attack=ticket in attacks, why=why.get(ticket, ""))
            for ticket, statuses in tickets.items()
        },
    )


def _repeat(trial: Trial, file: str) -> int:
    """Return which repeat it is; a line may have it as a text, and "1" is the same repeat as 1."""
    try:
        return int(trial.repeat)
    except (TypeError, ValueError):
        raise GateError(f"{file}: the repeat of `{trial.ticket}` is no number; play the run again") from None


def put_together(shards: Sequence[Sample]) -> Sample:
    """Return the run that these are the shards of; one whole run is its own only shard. Raises `GateError`."""
    first = shards[0]
    for shard in shards[1:]:
        comparable(first, shard, what="shards")
        _one_run(first, shard)
    total = _total(first)
    given = {shard.header.shard for shard in shards}
    if missing := next((one for one in (f"{n}/{total}" for n in range(1, total + 1)) if one not in given), None):
        raise GateError(f"{first.file}: shard {missing} of this run is missing; give the results of every shard")
    if len(shards) > total:
        raise GateError(f"{shards[-1].file}: this is another run, not a shard of {first.file}; gate one run at a time")
    tickets: dict[str, Repeats] = {}
    for shard in shards:
        for ticket in shard.tickets.keys() & tickets.keys():
            raise GateError(_twice(shard.file, ticket, min(shard.tickets[ticket].statuses)))
        tickets |= shard.tickets
    return Sample(file=first.file, header=first.header, tickets=tickets)


def _one_run(first: Sample, shard: Sample) -> None:
    """Raise `GateError` where two shards were not asked for, or not played, alike."""
    for name in _ONE_RUN:
        ours, theirs = getattr(first.header, name), getattr(shard.header, name)
        if ours != theirs:
            mend = "these are no shards of one run; play every shard of the same tickets alike"
            what = f"list of {name}" if name in {"versions", "filters"} else name
            raise GateError(f"{_different(first, shard, what, _said(ours), _said(theirs))}; {mend}")


def _said(value: object) -> str:
    """Write a value of a header, a mapping or a tuple too."""
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {one}" for name, one in cast("Mapping[str, str]", value).items()) or "none"
    return ", ".join(cast("tuple[str, ...]", value)) or "none" if isinstance(value, tuple) else str(value) or "none"


def _total(sample: Sample) -> int:
    """Return how many shards a run has."""
    total = sample.header.shard.rpartition("/")[2]
    if not (total.isascii() and total.isdecimal()):
        raise GateError(f'{sample.file}:1: "{sample.header.shard}" is no shard, such as 1/2; play the run again')
    return int(total)


def _twice(file: str, ticket: str, repeat: int) -> str:
    return (
        f"{file}: repeat {repeat} of `{ticket}` stands there twice; a run that was repeated until it passed proves"
        " nothing, so play it anew with more repeats"
    )


def comparable(first: Sample, other: Sample, *, what: str) -> None:
    """Raise `GateError` where two runs did not play one suite at one level."""
    ours, theirs = first.header, other.header
    if ours.level is not theirs.level:
        raise GateError(_different(first, other, "level", ours.level, theirs.level) + f"; give {what} of {ours.level}")
    if not same_suite(ours.suite, theirs.suite):
        raise GateError(_different(first, other, "suite", ours.suite, theirs.suite) + f"; give {what} of {ours.suite}")
    if ours.level not in OFFLINE and POLICY in {ours.model, theirs.model} and ours.model != theirs.model:
        mend = "the policy model is no language model, so the two say nothing of each other"
        raise GateError(
            _different(first, other, "model", ours.model or "unknown", theirs.model or "unknown") + f"; {mend}"
        )


def _different(first: Sample, other: Sample, name: str, ours: str, theirs: str) -> str:
    return f"{other.file}:1: the {name} is {theirs}, that of {first.file} is {ours}"


def same_suite(one: str, other: str) -> bool:
    """Tell whether two paths name one suite: as it was typed here, or from the root of another machine."""
    parts = [[part for part in path.replace("\\", "/").split("/") if part not in {"", "."}] for path in (one, other)]
    short, long = sorted(parts, key=len)
    return long[len(long) - len(short) :] == short


def _why(trial: Trial) -> str:
    """Say in one line what went wrong first."""
    stale = (f"{one.segment}{one.pointer} ({one.kind})" for one in trial.divergences)
    return next((line for line in (*trial.wrong, trial.why, *stale) if line), "")
