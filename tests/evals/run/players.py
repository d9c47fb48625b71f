"""Players for the tests: they are named, not handed over, since they are opened in other processes too."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from decimal import Decimal
from pathlib import Path

from casino.values import Document
from evals.run.plan import Case, Choice, Item, plan
from evals.run.plug import Play
from evals.run.results import RunHeader
from evals.trial import Level, Part, Status, Trial, Usage

STARTED = "2026-11-20T12:00:00+00:00"
HEADER = RunHeader(
    run="r1",
    suite="suite",
    level=Level.CODE,
    match="strict",
    repeat=1,
    seed=0,
    shard="1/1",
    started=STARTED,
    versions={"croupier": "0.1.0", "model": "policy", "house": "00"},
)


def cases(*tickets: str) -> list[Case]:
    return [Case(ticket=one, file=f"{one}.json", title=f"About {one}", content=f"sha of {one}") for one in tickets]


def items(*tickets: str, repeat: int = 1) -> tuple[Item, ...]:
    return plan(cases(*tickets), Choice(repeat=repeat), agent="ours")


def trial(item: Item, status: Status = Status.PASS, *, why: str = "", cost: str = "0") -> Trial:
    return Trial(
        ticket=item.case.ticket,
        file=item.case.file,
        title=item.case.title,
        level=item.level,
        repeat=item.repeat,
        seed=item.seed,
        status=status,
        tags=item.case.tags,
        why=why,
        parts=() if status is Status.ERROR else (Part(name="state", wrong=("no",) if status is Status.FAIL else ()),),
        usage=Usage(cost=Decimal(cost)),
    )


def _player(how: Callable[[Item], Trial]) -> Play:
    async def play(item: Item) -> Trial:
        await asyncio.sleep(0)
        return how(item)

    return play


@asynccontextmanager
async def by_name(_: Document) -> AsyncGenerator[Play]:
    """End each ticket as its name begins: `fail-1` fails, `raise-1` raises, `die-1` kills its process."""
    yield _player(_by_name)


def _by_name(item: Item) -> Trial:
    word = item.case.ticket.partition("-")[0]
    print("this is no answer")  # noqa: T201  # what a ticket prints must not disturb
    if word == "raise":
        raise LookupError("no such player")
    if word == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    if word == "other":
        return trial(items("another")[0])
    return trial(item, Status(word) if word in {*Status} else Status.PASS, cost="0.50")


@asynccontextmanager
async def mortal(arguments: Document) -> AsyncGenerator[Play]:
    """End each ticket as its name begins, and note before that it was played."""
    folder = Path(str(arguments["folder"]))

    def play(item: Item) -> Trial:
        (folder / f"{item.case.ticket}-{item.repeat}-{time.monotonic_ns()}").touch()
        return _by_name(item)

    yield _player(play)


@asynccontextmanager
async def noted(arguments: Document) -> AsyncGenerator[Play]:
    """Pass, and write down in a folder that it was played: one file for each time."""
    folder = Path(str(arguments["folder"]))
    seconds = float(str(arguments.get("seconds", 0)))

    def play(item: Item) -> Trial:
        (folder / f"{item.case.ticket}-{item.repeat}-{time.monotonic_ns()}").touch()
        time.sleep(seconds)
        return trial(item, Status.FAIL if item.seed % 3 == 0 else Status.PASS)

    yield _player(play)


@asynccontextmanager
async def waiting(arguments: Document) -> AsyncGenerator[Play]:
    """Never end, except for the tickets that are named."""
    names: object = arguments["but"]
    quick: Sequence[object] = names if isinstance(names, list) else []

    async def play(item: Item) -> Trial:
        if item.case.ticket not in quick:
            await asyncio.sleep(3600)
        return trial(item)

    yield play


@asynccontextmanager
async def busy(arguments: Document) -> AsyncGenerator[Play]:
    """Use the CPU for so many milliseconds."""
    needed = int(str(arguments["ms"])) * 1_000_000

    def play(item: Item) -> Trial:
        until = time.thread_time_ns() + needed
        while time.thread_time_ns() < until:
            sum(range(500))
        return trial(item)

    yield _player(play)


@asynccontextmanager
async def unopened(_: Document) -> AsyncGenerator[Play]:
    """Fail to open, as where a procedure is broken."""
    raise ValueError("procedures/x.md:3:1: a step is missing")
    yield _player(trial)


@asynccontextmanager
async def dead(_: Document) -> AsyncGenerator[Play]:
    """Die before anything is played."""
    os.kill(os.getpid(), signal.SIGKILL)
    yield _player(trial)
