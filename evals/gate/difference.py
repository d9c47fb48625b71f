"""What changed between two runs: tickets, the parts of their grading, and the first step that differs.

Runs may have played a ticket in another number of repeats: then it has changed where another share of them ended so.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import zip_longest
from typing import NamedTuple, TypeAlias

from evals.gate.statistics import Interval, wilson
from evals.run.results import RunHeader, end_text
from evals.trial import Divergence, Status, Trial


class Told(NamedTuple):
    """What is kept of one trial."""

    status: Status
    wrong: tuple[tuple[str, tuple[str, ...]], ...]  # by the name of the part
    steps: tuple[str, ...]
    why: str


TicketTold: TypeAlias = Mapping[int, Told]  # by the number of the repeat


@dataclass(frozen=True, slots=True, kw_only=True)
class RunTold:
    """One of the two runs."""

    file: str
    header: RunHeader
    tickets: Mapping[str, TicketTold]

    @property
    def rate(self) -> Interval | None:
        """Return the mean of the tickets' rates and its interval over tickets."""
        shares = [_passed(ticket) / len(ticket) for ticket in self.tickets.values()]
        return wilson(sum(shares), len(shares)) if shares else None


@dataclass(frozen=True, slots=True, kw_only=True)
class PartChange:
    """A part of the grading that is wrong in another share of the repeats, or with other words."""

    name: str
    was: int  # repeats in which it was wrong
    now: int
    new: tuple[str, ...]  # lines
    gone: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StepChange:
    """The first step at which two replays part."""

    repeat: int
    step: int  # from 1
    was: str  # empty: there was none
    now: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketChange:
    """One ticket that came out differently."""

    ticket: str
    was: str
    now: str
    worse: bool
    better: bool
    why: str
    parts: tuple[PartChange, ...]
    step: StepChange | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What changed from one run to another."""

    was: RunTold
    now: RunTold
    changes: tuple[TicketChange, ...]
    gone: tuple[str, ...]
    new: tuple[str, ...]


def run_told(header: RunHeader, trials: Iterable[Trial], *, file: str) -> RunTold:
    """Keep of a run what a difference is told by; trials are read one by one and let go."""
    tickets: dict[str, dict[int, Told]] = {}
    same: dict[Told, Told] = {}  # repeats are mostly alike, and are then kept once
    for trial in trials:
        told = _told(trial)
        tickets.setdefault(trial.ticket, {})[trial.repeat] = same.setdefault(told, told)
    return RunTold(file=file, header=header, tickets=tickets)


def _told(trial: Trial) -> Told:
    wrong = tuple((part.name, part.wrong) for part in trial.findings if not part.holds)
    return Told(trial.status, wrong, tuple(step.title for step in trial.steps), trial.why or _stale(trial.divergences))


def _stale(divergences: Sequence[Divergence]) -> str:
    """Name the first place that made a ticket stale, and how many more there are."""
    if not divergences:
        return ""
    first, more = divergences[0], len(divergences) - 1
    return f"{first.segment}{first.pointer} ({first.kind})" + (f" and {more} more" if more else "")


def difference(was: RunTold, now: RunTold) -> Difference:
    """Return what changed. Steps are told where a ticket ended differently, or where it was played only once."""
    both = sorted(was.tickets.keys() & now.tickets.keys())
    changes = (_change(ticket, was.tickets[ticket], now.tickets[ticket]) for ticket in both)
    return Difference(
        was=was,
        now=now,
        changes=tuple(change for change in changes if change is not None),
        gone=tuple(sorted(was.tickets.keys() - now.tickets.keys())),
        new=tuple(sorted(now.tickets.keys() - was.tickets.keys())),
    )


def _change(ticket: str, was: TicketTold, now: TicketTold) -> TicketChange | None:
    ended = _shares(was) != _shares(now)
    parts = tuple(_parts(was, now))
    step = _first_step(was, now) if ended or len(was) == len(now) == 1 else None
    if not (ended or parts or step):
        return None
    before, after = _passed(was) / len(was), _passed(now) / len(now)
    return TicketChange(
        ticket=ticket,
        was=_ended(was),
        now=_ended(now),
        worse=after < before,
        better=after > before,
        why=next((told.why for told in now.values() if told.why), "") if ended else "",
        parts=parts,
        step=step,
    )


def _passed(told: TicketTold) -> int:
    return sum(one.status is Status.PASS for one in told.values())


def _shares(told: TicketTold) -> dict[Status, Fraction]:
    """Return in which share of the repeats a ticket ended how."""
    counts = Counter(one.status for one in told.values())
    return {status: Fraction(count, len(told)) for status, count in counts.items()}


def _ended(told: TicketTold) -> str:
    """Say how a ticket ended: `fail` of one repeat, `3 pass, 1 fail` of several."""
    if len(told) == 1:
        return next(iter(told.values())).status
    return end_text(Counter(one.status for one in told.values()))


def _parts(was: TicketTold, now: TicketTold) -> Iterator[PartChange]:
    before, after = _wrong(was), _wrong(now)
    for name in sorted(before.keys() | after.keys()):
        old, new = before.get(name, []), after.get(name, [])
        lines = [{line: None for one in several for line in one} for several in (old, new)]  # each once, in order
        added = tuple(line for line in lines[1] if line not in lines[0])
        gone = tuple(line for line in lines[0] if line not in lines[1])
        if added or gone or Fraction(len(old), len(was)) != Fraction(len(new), len(now)):
            yield PartChange(name=name, was=len(old), now=len(new), new=added, gone=gone)


def _wrong(told: TicketTold) -> dict[str, list[tuple[str, ...]]]:
    """Return the lines of each part that is wrong, repeat by repeat."""
    wrong: dict[str, list[tuple[str, ...]]] = {}
    for one in told.values():
        for name, lines in one.wrong:
            wrong.setdefault(name, []).append(lines)
    return wrong


def _first_step(was: TicketTold, now: TicketTold) -> StepChange | None:
    """Return the first step that differs, in the first repeat in which one does."""
    for repeat in sorted(was.keys() & now.keys()):
        pairs = zip_longest(was[repeat].steps, now[repeat].steps, fillvalue="")
        for number, (old, new) in enumerate(pairs, 1):
            if old != new:
                return StepChange(repeat=repeat, step=number, was=old, now=new)
    return None
