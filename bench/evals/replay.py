"""CPU of replaying a recorded ticket at L1, graded: the ticket of the demo with five questions, and one with one.

Run it with `python bench/evals/replay.py`; it takes a few seconds, and ends with 1 where a floor is missed. Each ticket
is recorded first with the built-in policy model, and then tried again and again; files are not read and results are not
written. `--profile` prints where the CPU goes.
"""

import argparse
import asyncio
import cProfile
import os
import pstats
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median

from agent.house import House, read_house
from agent.settings import read_settings
from evals.record import record
from evals.ticket import Read, read_ticket
from evals.trial import Status
from evals.trying import tried

TICKETS = Path(__file__).resolve().parents[2] / "evals" / "tickets"
WARM, ROUNDS = 3, 5  # the median of the rounds counts


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A ticket, how often its model is asked, and what replaying it may cost."""

    name: str
    file: Path
    questions: int
    at_most_ms: float


KINDS = (
    Kind(name="five calls", file=TICKETS / "demo" / "1-issued.json", questions=5, at_most_ms=10),
    Kind(name="one call", file=TICKETS / "conversation" / "german-human.json", questions=1, at_most_ms=5),
)


async def _recorded(kind: Kind, house: House) -> Read:
    read = read_ticket(kind.file)
    recording = await record(read, house)
    assert len(recording.exchanges) == kind.questions
    return replace(read, ticket=read.ticket.model_copy(update={"recording": recording}))


async def _round(read: Read, house: House, count: int) -> float:
    """Return the CPU of one replay, in milliseconds."""
    started = time.process_time()
    for _ in range(count):
        trial = await tried(read, house)
        assert trial.status is Status.PASS, trial.wrong or trial.why or trial.divergences
    return (time.process_time() - started) * 1000 / count


async def _measured(reads: Sequence[Read], house: House, count: int) -> list[float]:
    """Let the kinds take turns, so that whatever slows the machine slows them alike."""
    rounds: list[list[float]] = [[] for _ in reads]
    for read in reads:
        await _round(read, house, WARM)
    for _ in range(ROUNDS):
        for at, read in enumerate(reads):
            rounds[at].append(await _round(read, house, count))
    return [median(found) for found in rounds]


def _profile(read: Read, house: House, count: int) -> None:
    asyncio.run(_round(read, house, WARM))
    profile = cProfile.Profile()
    profile.runcall(asyncio.run, _round(read, house, count))
    for order in ("tottime", "cumtime"):
        pstats.Stats(profile).sort_stats(order).print_stats(45)


def main() -> int:
    """Print what a replay of each kind costs."""
    parser = argparse.ArgumentParser(description="CPU of replaying a recorded ticket at L1")
    parser.add_argument("--count", type=int, default=30, help="replays in a round")
    parser.add_argument("--profile", action="store_true", help="print where the CPU goes, of the ticket with most")
    given = parser.parse_args()
    house = read_house(read_settings(os.environ))
    reads = [asyncio.run(_recorded(kind, house)) for kind in KINDS]
    if given.profile:
        _profile(reads[0], house, given.count)
        return 0
    costs = asyncio.run(_measured(reads, house, given.count))
    for kind, cost in zip(KINDS, costs, strict=True):
        floor = f"at most {kind.at_most_ms:.0f}"
        print(f"{kind.name:<12}{cost:7.2f} ms CPU ({floor})   {1000 / cost:6.0f} tickets/s on one core")
    return int(any(cost > kind.at_most_ms for kind, cost in zip(KINDS, costs, strict=True)))


if __name__ == "__main__":
    sys.exit(main())
