"""Try a ticket at a level: replay it, grade it, and say what of its recording no longer fits."""

import time
from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from agent.model.port import Model
from agent.wiring import House
from casino.values import Document
from evals.grading.grade import NoCriteria, grade
from evals.grading.seen import see, usage_of
from evals.playback import Match, PlaybackModel
from evals.replay import NATIVE, Replayed, replay
from evals.ticket import Read
from evals.trial import Divergence, Level, Part, Status, Step, Trial
from tools.record import Entry, Kind

_SHOWN: Final[Mapping[str, str]] = MappingProxyType(
    {  # what a step is called by, of the body of its entry
        Kind.PLAYER_MESSAGE: "text",
        Kind.AGENT_MESSAGE: "text",
        Kind.TRIAGE: "procedure",
        Kind.TOOL_CALL: "name",
        Kind.TOOL_RESULT: "name",
        Kind.OUTCOME: "outcome",
        Kind.EFFECT_CLAIMED: "tool",
        Kind.EFFECT_SETTLED: "state",
        Kind.EFFECT_REFUSED: "code",
        Kind.DECISION_MINTED: "status",
    }
)


async def tried(  # noqa: PLR0913  # what is tried, how, and the how-manieth time
    read: Read,
    house: House,
    *,
    level: Level = Level.CODE,
    match: Match = "strict",
    repeat: int = 1,
    seed: int = 0,
    model: Model | None = None,
) -> Trial:
    """Try a ticket once. A recorded ticket plays its recording at L1 unless a model is given.

    Whatever left its recording is stale, whatever it came to: an old answer says nothing of a new question.
    """
    recording = read.ticket.recording
    playback = None
    if recording is not None and model is None and level is Level.CODE:
        playback = PlaybackModel(recording=recording, prompts=house.prompts, match=match)
    cpu, wall = time.process_time(), time.perf_counter()
    played = await replay(read, house, model=playback or model, desk=NATIVE if recording is None else recording.desk)
    usage = usage_of(played.whole, cpu_ms=_ms(time.process_time() - cpu), wall_ms=_ms(time.perf_counter() - wall))
    why, parts = "", ()
    try:
        seen = see(played.whole, played.found, granted=played.granted, usage=usage, named=played.named)
        parts = grade(read.ticket.expect, seen)
    except NoCriteria as error:
        why = str(error)
    divergences = () if playback is None else playback.divergences()
    return Trial(
        ticket=read.ticket.id,
        file=read.file,
        title=read.ticket.title,
        level=level,
        repeat=repeat,
        seed=seed,
        status=_status(why, parts, divergences),
        tags=read.ticket.tags,
        why=why,
        parts=parts,
        divergences=divergences,
        end=played.found.document(),
        path=played.path,
        steps=_steps(played),
        usage=usage,
        segments={} if playback is None else playback.segments,
    )


def _status(why: str, parts: tuple[Part, ...], divergences: tuple[Divergence, ...]) -> Status:
    if why:
        return Status.ERROR
    if divergences:
        return Status.STALE
    return Status.FAIL if any(part.gates and not part.holds for part in parts) else Status.PASS


def _steps(played: Replayed) -> tuple[Step, ...]:
    return tuple(_step(entry) for entry in played.whole.entries)


def _step(entry: Entry) -> Step:
    named = entry.body.get(_SHOWN.get(entry.kind, ""))
    said = "" if named is None else str(named)
    status = entry.body.get("status") if entry.kind == Kind.TOOL_RESULT else None
    title = said if status is None else f"{said}: {status}"
    return Step(kind=entry.kind, at=entry.at.isoformat(), title=title or entry.kind, body=_body(entry))


def _body(entry: Entry) -> Document:
    return {name: value for name, value in entry.body.items() if name not in {"head", "schemas", "source"}}


def _ms(seconds: float) -> Decimal:
    return Decimal(round(seconds * 1_000_000)) / 1000
