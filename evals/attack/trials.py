"""From what was played to a trial, as the other levels give one."""

import time
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from evals.grading.seen import usage_of
from evals.kept import kept_of
from evals.replay import Replayed
from evals.steps import steps_of
from evals.ticket import Read
from evals.trial import Level, Part, Status, Trial


def trial_of(  # noqa: PLR0913  # what was played, how, and what it came to
    read: Read,
    *,
    level: Level,
    repeat: int,
    seed: int,
    why: str = "",
    parts: Sequence[Part] = (),
    played: Replayed | None = None,
    begun: tuple[float, float] | None = None,
) -> Trial:
    """Return the trial; `why` is why there is no verdict, `begun` the CPU and the wall clock when it began."""
    trial = Trial(
        ticket=read.ticket.id,
        file=read.file,
        title=read.ticket.title,
        level=level,
        repeat=repeat,
        seed=seed,
        status=_status(why, parts),
        tags=read.ticket.tags,
        why=why,
        parts=tuple(parts),
    )
    if played is None or begun is None:
        return trial
    cpu, wall = begun
    return replace(
        trial,
        end=played.found.document(),
        path=played.path,
        steps=steps_of(played),
        usage=usage_of(played.whole, cpu_ms=_ms(time.process_time() - cpu), wall_ms=_ms(time.perf_counter() - wall)),
        kept=kept_of(played),
    )


def _status(why: str, parts: Sequence[Part]) -> Status:
    """What is wrong is wrong, whatever else did not come about."""
    if any(part.gates and not part.holds for part in parts):
        return Status.FAIL
    return Status.ERROR if why else Status.PASS


def _ms(seconds: float) -> Decimal:
    return Decimal(round(seconds * 1_000_000)) / 1000
