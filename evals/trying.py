"""Try a ticket at a level: replay it, grade it, and say what of its recording no longer fits."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Final

from agent.house import House
from agent.model.port import Model
from evals.answered import answered, other_way
from evals.controls import controlled
from evals.grading.grade import NoCriteria, grade
from evals.grading.seen import see, usage_of
from evals.how import Unknown
from evals.kept import kept_of
from evals.playback import Match, PlaybackModel, asked_today
from evals.recording import Desk
from evals.replay import NATIVE, Replayed, replay
from evals.run.price import FREE, Price
from evals.steps import steps_of
from evals.ticket import Read
from evals.trial import Divergence, Level, Part, Status, Trial

UNRECORDED: Final = "recording: missing; at L2 the tools answer from it: record the ticket with `croupier eval record`"


async def tried(  # noqa: PLR0913  # what is tried, how, and the how-manieth time
    read: Read,
    house: House,
    *,
    level: Level = Level.CODE,
    match: Match = "strict",
    repeat: int = 1,
    seed: int = 0,
    model: Model | None = None,
    desk: Desk | None = None,
    controls: bool = False,
    unknown: Unknown = "sandbox",
    price: Price = FREE,
) -> Trial:
    """Try a ticket once. A recorded ticket plays its recording at L1 unless a model is given.

    Whatever left its recording is stale, whatever it came to: an old answer says nothing of a new question. With
    `controls` the controls are played beside the first repeat; they do the same in every other. At L2 the tools answer
    from the recording; `unknown` says what becomes of a call that is not in it. `desk` is how a live model is asked,
    where that is not as it was recorded. What it cost by `price` is held against its budget.
    """
    ticket = read.ticket
    about = Trial(
        ticket=ticket.id,
        file=read.file,
        title=ticket.title,
        level=level,
        repeat=repeat,
        seed=seed,
        status=Status.ERROR,
        tags=ticket.tags,
    )
    if level is Level.MODEL and ticket.recording is None:
        return replace(about, why=UNRECORDED)
    cpu, wall = time.process_time(), time.perf_counter()
    run = await _played(read, house, level, match=match, model=model, unknown=unknown, desk=desk)
    played = run.played
    spent = usage_of(played.whole, cpu_ms=_ms(time.process_time() - cpu), wall_ms=_ms(time.perf_counter() - wall))
    usage = price.priced(spent)
    why, parts = "", run.parts
    try:
        seen = see(played.whole, played.found, granted=played.granted, usage=usage, named=played.named)
        parts = (*grade(ticket.expect, seen), *run.parts)
    except NoCriteria as error:
        why = str(error)
    return replace(
        about,
        status=_status(why, parts, run.divergences),
        why=why,
        parts=parts,
        divergences=run.divergences,
        end=played.found.document(),
        path=played.path,
        steps=steps_of(played),
        usage=usage,
        segments=run.segments,
        controls=await controlled(read, house) if controls and repeat == 1 else {},
        kept=kept_of(played),
    )


def down(trial: Trial, why: str) -> Trial:
    """Return a trial whose model was down: whoever answered in its place, it says nothing about the model."""
    return replace(trial, status=Status.ERROR, why=f"the model was down: {why}")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Run:
    """A ticket that was played, and what its recording says to that."""

    played: Replayed
    divergences: tuple[Divergence, ...] = ()
    segments: Mapping[str, str] = field(default_factory=dict[str, str])
    parts: tuple[Part, ...] = ()


async def _played(  # noqa: PLR0913  # as `tried`
    read: Read,
    house: House,
    level: Level,
    *,
    match: Match,
    model: Model | None,
    unknown: Unknown,
    desk: Desk | None,
) -> _Run:
    recording = read.ticket.recording
    if recording is None:
        return _Run(played=await replay(read, house, model=model, desk=desk or NATIVE))
    if level is Level.MODEL:
        played, answers = await answered(read, house, recording, model=model, unknown=unknown, desk=desk)
        return _Run(played=played, divergences=(*answers.changed,), parts=(other_way(played, answers),))
    if model is not None or level is not Level.CODE:
        return _Run(played=await replay(read, house, model=model, desk=desk or recording.desk))
    today = asked_today(recording.desk)
    playback = PlaybackModel(recording=recording, prompts=house.prompts, match=match, parameters=today)
    played = await replay(read, house, model=playback, desk=recording.desk)
    return _Run(played=played, divergences=playback.divergences(), segments=playback.segments)


def _status(why: str, parts: tuple[Part, ...], divergences: tuple[Divergence, ...]) -> Status:
    if why:
        return Status.ERROR
    if divergences:
        return Status.STALE
    return Status.FAIL if any(part.gates and not part.holds for part in parts) else Status.PASS


def _ms(seconds: float) -> Decimal:
    return Decimal(round(seconds * 1_000_000)) / 1000
