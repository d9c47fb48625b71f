"""Calibrate a judge: how often it agrees with people, and whether that is enough for it to decide anything.

It is enough where, on at least 100 labelled replies, the lower end of the 95 % interval (E. B. Wilson 1927) of its
share of right verdicts reaches 0.8 on the good ones and on the bad ones alike. A judge who calls everything good is
right often enough where little is bad, so both shares count, and neither makes up for the other. Nor does one kind of
bad reply for another: of each kind, at least five are labelled, and more than half of them found.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Final, Literal, Self

from pydantic import AwareDatetime, Field, NonNegativeInt, PositiveInt, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from casino.document import load_json
from casino.loaded import DocumentError
from evals.gate.statistics import Interval, wilson
from evals.judging.judge import Binding, Case, Judge, Judgement, Kind, Sha256, Verdict, judge
from evals.judging.labels import Labelled, Labels
from evals.shapes import Strict

LEAST: Final = 100  # labels
LEAST_OF_A_KIND: Final = 5  # labels
BOUND: Final = 0.8  # that the lower end of both intervals reaches


class CalibrationError(Exception):
    """A calibration cannot be used; the message says where, why and how to mend it."""


class Share(Strict):
    """How many of so many were judged right."""

    right: NonNegativeInt
    of: NonNegativeInt

    @model_validator(mode="after")
    def _is_a_share(self) -> Self:
        if self.right > self.of:
            raise PydanticCustomError("share", "no more than all can be right")
        return self

    @property
    def interval(self) -> Interval:
        """Return the share with its 95 % interval; of nothing nothing is known."""
        return wilson(self.right, self.of) if self.of else Interval(0.0, 0.0, 1.0)


class VoteKept(Strict):
    """A vote as it is written down."""

    verdict: Literal["good", "bad", "none"]
    why: str


class Missed(Strict):
    """A reply that was judged otherwise than people do."""

    line: PositiveInt  # of the labels
    label: Literal["good", "bad"]
    kind: str | None
    votes: tuple[VoteKept, ...]


class Calibration(Strict):
    """What was measured of one judge: the file `judge/1`."""

    schema_: Literal["judge/1"] = Field(alias="schema", default="judge/1")
    at: Annotated[AwareDatetime, Field(strict=False)]
    binding: Binding
    labels: Sha256  # of the file
    good: Share
    bad: Share
    kinds: dict[str, Share]  # the bad ones by what is bad
    missed: tuple[Missed, ...]

    @property
    def weak(self) -> str:
        """Return why this is not enough; "" where it is."""
        labelled = self.good.of + self.bad.of
        if labelled < LEAST:
            return f"{labelled} labelled replies; at least {LEAST} are needed"
        for name, share in (("good", self.good), ("bad", self.bad)):
            if share.interval.low < BOUND:
                told = f"{share.right} of {share.of} {name} replies judged right"
                return f"{told}: that is {share.interval.low:.3f} at least, and {BOUND} is needed"
        return "; ".join(filter(None, map(self._weak_at, Kind)))

    def _weak_at(self, kind: Kind) -> str:
        """Return why this is not enough for one kind of bad replies; "" where it is."""
        share = self.kinds.get(kind.value, Share(right=0, of=0))
        if share.of < LEAST_OF_A_KIND:
            return f"`{kind}`: {share.of} labelled; at least {LEAST_OF_A_KIND} are needed"
        if 2 * share.right <= share.of:
            return f"`{kind}`: {share.right} of {share.of} found; more than half are needed"
        return ""


@dataclass(frozen=True, slots=True)
class Measured:
    """One label and what the judge said of it."""

    labelled: Labelled
    judgement: Judgement

    @property
    def right(self) -> bool:
        """Tell whether the judge and people agree; no majority is no agreement."""
        return self.judgement.verdict is self.labelled.verdict


async def measure(
    by: Judge, labels: Labels, *, seed: int = 0, jobs: int = 1, on_done: Callable[[], None] = lambda: None
) -> list[Measured]:
    """Have every labelled reply judged, so many at a time. May raise `ModelDown`."""
    free = asyncio.Semaphore(jobs)

    async def one(labelled: Labelled) -> Measured:
        async with free:
            judgement = await judge(by, labelled.case, seed=seed)
        on_done()
        return Measured(labelled, judgement)

    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(one(labelled)) for labelled in labels.labelled]
    except ExceptionGroup as failed:  # the first says it all: the model is down for everybody
        raise failed.exceptions[0] from None
    return [task.result() for task in tasks]


def calibration(measured: Sequence[Measured], *, binding: Binding, labels: str, at: AwareDatetime) -> Calibration:
    """Return what was measured, as it is written down; `labels` is the sha256 of their file.

    Labels that differ in blanks only are one label, and the first of them counts.
    """
    measured = _once(measured)
    by_kind = {kind.value: [one for one in measured if one.labelled.label.kind == kind.value] for kind in Kind}
    return Calibration(
        at=at,
        binding=binding,
        labels=labels,
        good=_share([one for one in measured if one.labelled.verdict is Verdict.GOOD]),
        bad=_share([one for one in measured if one.labelled.verdict is Verdict.BAD]),
        kinds={kind: _share(found) for kind, found in by_kind.items() if found},
        missed=tuple(_missed(one) for one in measured if not one.right),
    )


def _once(measured: Sequence[Measured]) -> list[Measured]:
    first: dict[tuple[str, ...], Measured] = {}
    for one in measured:
        first.setdefault(_without_blanks(one.labelled.case), one)
    return [*first.values()]


def _without_blanks(case: Case) -> tuple[str, ...]:
    lines = [part for line in case.talk for part in (line.role, line.text)]
    return tuple(" ".join(text.split()) for text in (*lines, case.reply))


def _share(measured: Sequence[Measured]) -> Share:
    return Share(right=sum(one.right for one in measured), of=len(measured))


def _missed(one: Measured) -> Missed:
    label = one.labelled.label
    votes = tuple(VoteKept(verdict=vote.verdict.value, why=vote.why) for vote in one.judgement.votes)
    return Missed(line=one.labelled.line, label=label.label, kind=label.kind, votes=votes)


def read_calibration(text: str, *, name: str) -> Calibration:
    """Read a calibration. Raises `CalibrationError`; `name` says where it stands."""
    try:
        return Calibration.model_validate_json(text)
    except ValidationError as error:
        try:
            load_json(text, name=name)
        except DocumentError as broken:
            raise CalibrationError(str(broken)) from error
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise CalibrationError(f"{name}: {where}: {first['msg']}; measure the judge again") from error


_CHANGED: Final[Mapping[str, str]] = {
    "model": "the model",
    "prompt": "the prompt",
    "criteria": "the criteria",
    "asking": "how the model is asked",
}


def why_not(found: Calibration | None, binding: Binding) -> str:
    """Return why a judge may not decide; "" where it may: it is the one that was measured, and that was enough."""
    if found is None:
        return "not calibrated"
    for name, told in _CHANGED.items():
        if getattr(found.binding, name) != getattr(binding, name):
            return f"not calibrated: {told} has changed since"
    return f"not calibrated: {found.weak}" if found.weak else ""
