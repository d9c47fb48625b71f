"""Play a plan: one after the other here, or in several processes; every trial is in the journal before the next."""

import asyncio
import signal
from collections import Counter, deque
from collections.abc import AsyncGenerator, Callable, Coroutine, Generator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, TypeAlias

from evals.run.journal import Journal, Writer
from evals.run.lanes import Answer, Died, Here, Lane, NotBegun, Worker
from evals.run.plan import Item
from evals.run.plug import Plug, broken
from evals.run.stops import STOPS
from evals.run.summary import Summary
from evals.trial import Status

MOST_DEATHS_IN_A_ROW: Final = 5  # of workers, without a trial between them: the machine is at fault, no ticket


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """One item that has come to its end, for whoever shows the progress."""

    item: Item
    status: Status
    cost: Decimal
    why: str
    number: int  # of the items that are done, those from the journal too
    of: int


OnDone: TypeAlias = Callable[[Done], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How much at once, and for how much money.

    `jobs` above 1 starts so many processes, which pays where playing costs CPU. With one job, `at_once` items are
    played together in this process, which pays where playing waits for a model.
    """

    jobs: int = 1
    at_once: int = 1
    in_hand: int = 1  # items that a process is told of at once; 2 keep it busy where each takes milliseconds
    longest_s: float | None = None  # that one item may take; afterwards it is an error
    max_cost: Decimal | None = None  # in the currency of the trials; once it is reached nothing begins any more


ALONE: Final = Pace()


async def run(
    items: Sequence[Item],
    plug: Plug,
    *,
    journal: Journal,
    pace: Pace = ALONE,
    on_done: OnDone | None = None,
    workers: Sequence[Worker] = (),
) -> Summary:
    """Play what the journal has no verdict on, and return how all of it ended.

    A ticket that raises, or whose process dies, ends as an error, and the others go on. Ctrl-C and SIGTERM end the run
    with its journal kept; a second one raises KeyboardInterrupt, once every worker is ended. `workers` have begun
    already, no more than there are jobs; all are ended with the run. Raises `RunBroken` or `JournalError` where it
    cannot go on, and what the plug raises.
    """
    course = _Course.of(items, journal, on_done, pace.max_cost)
    playing = asyncio.ensure_future(_played(course, plug, journal, pace, workers))
    with _interruptible(course, playing):
        try:
            await playing
        except asyncio.CancelledError:
            if not course.stops:
                raise
    if course.stops > 1:
        raise KeyboardInterrupt
    return course.summary()


@dataclass(slots=True, kw_only=True)
class _Course:
    """Where a run stands."""

    planned: int
    left: deque[Item]
    on_done: OnDone | None
    max_cost: Decimal | None
    kept: int
    again: int
    counts: Counter[Status]
    cost: Decimal
    deaths: int = 0  # in a row
    stopped: str = ""  # why nothing is begun any more
    stops: int = 0  # how often somebody wanted it to end
    ended: int = field(default=0)

    @classmethod
    def of(cls, items: Sequence[Item], journal: Journal, on_done: OnDone | None, max_cost: Decimal | None) -> "_Course":
        """Begin where the journal ends. Every ticket comes once before any comes twice: a budget buys breadth."""
        before = {item.key: journal.kept.played.get(item.key) for item in items}
        kept = [one for one in before.values() if one is not None and one.has_verdict]
        settled = {one.key for one in kept}
        return cls(
            planned=len(items),
            left=deque(sorted((item for item in items if item.key not in settled), key=lambda item: item.repeat)),
            on_done=on_done,
            max_cost=max_cost,
            kept=len(kept),
            again=sum(one is not None and not one.has_verdict for one in before.values()),
            counts=Counter(one.status for one in kept),
            cost=sum((one.cost for one in before.values() if one is not None), Decimal(0)),
            ended=len(kept),
        )

    def goes_on(self) -> bool:
        """Tell whether another item may begin."""
        if not self.stopped and self.max_cost is not None and self.cost >= self.max_cost:
            self.stopped = f"the budget of {self.max_cost} is spent ({self.cost})"
        return bool(self.left) and not self.stopped

    def done(self, item: Item, answer: Answer) -> None:
        """Count an item that has ended."""
        self.counts[answer.status] += 1
        self.cost += answer.cost
        self.ended += 1
        if self.on_done is not None:
            self.on_done(
                Done(
                    item=item,
                    status=answer.status,
                    cost=answer.cost,
                    why=answer.why,
                    number=self.ended,
                    of=self.planned,
                )
            )

    def died(self, how: Died) -> None:
        """Count a dead worker; too many in a row are no ticket's fault."""
        self.deaths += 1
        if self.deaths >= MOST_DEATHS_IN_A_ROW:
            self.stopped = f"{self.deaths} workers died in a row, the last one: {how}"

    def summary(self) -> Summary:
        """Return how it ended."""
        not_run = self.planned - self.ended
        interrupted = bool(self.stops and not_run)
        return Summary(
            planned=self.planned,
            counts={**self.counts, **({Status.NOT_RUN: not_run} if not_run else {})},
            kept=self.kept,
            again=self.again,
            cost=self.cost,
            interrupted=interrupted,
            why_not_run=self.stopped if not_run and not interrupted else "",
        )


async def _played(course: _Course, plug: Plug, journal: Journal, pace: Pace, workers: Sequence[Worker]) -> None:
    """Play on all lanes until nothing is left."""
    with Writer(journal.folder, "here") as writer:
        async with _lanes(plug, writer, pace, workers, most=len(course.left)) as lanes:
            await _all([_along(lane, course, writer, longest_s=pace.longest_s) for lane in lanes])


@contextmanager
def _interruptible(course: _Course, playing: asyncio.Future[None]) -> Generator[None]:
    """Let Ctrl-C end the run in order, and another one what it still waits for."""
    loop, before = asyncio.get_running_loop(), {one: signal.getsignal(one) for one in STOPS}

    def stop() -> None:
        course.stops += 1
        playing.cancel()

    with suppress(RuntimeError, ValueError):  # signals reach the main thread only: elsewhere others see to it
        for one in STOPS:
            loop.add_signal_handler(one, stop)
    try:
        yield
    finally:
        for one, handler in before.items():  # let them mean what they meant before
            if loop.remove_signal_handler(one):
                signal.signal(one, handler)


async def _along(lane: Lane, course: _Course, writer: Writer, *, longest_s: float | None) -> None:
    """Play on one lane until nothing is left."""
    while course.goes_on():
        try:
            await lane.ready()
        except Died as how:
            course.died(how)
            continue
        if not course.goes_on():  # while it was made ready, others went on
            return
        item = course.left.popleft()
        try:
            async with asyncio.timeout(longest_s):
                answer = await lane.play(item)
            course.deaths = 0
        except NotBegun:
            course.left.appendleft(item)
            continue
        except Died as how:
            course.died(how)
            answer = _lost(item, f"its worker died: {how}", writer)
        except TimeoutError:
            await lane.close()  # it may never come back
            answer = _lost(item, f"it took longer than {longest_s} s", writer)
        course.done(item, answer)


def _lost(item: Item, why: str, writer: Writer) -> Answer:
    """Write down that an item came to no verdict."""
    writer.write(item.key, broken(item, why))
    return Answer(status=Status.ERROR, why=why)


async def _all(ways: Sequence[Coroutine[None, None, None]]) -> None:
    """Go all ways at once; where one cannot go on, none does."""
    tasks = [asyncio.ensure_future(way) for way in ways]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@asynccontextmanager
async def _lanes(
    plug: Plug, writer: Writer, pace: Pace, workers: Sequence[Worker], *, most: int
) -> AsyncGenerator[Sequence[Lane]]:
    """Open no more lanes than there are items; whoever played is ended before the journal is read."""
    async with AsyncExitStack() as stack:
        if most == 0:
            yield ()
        elif pace.jobs <= 1:
            player = await stack.enter_async_context(plug.opened())
            yield [Here(player, writer) for _ in range(min(pace.at_once, most))]
        else:
            more = range(len(workers) + 1, min(pace.jobs, most) + 1)
            lanes = [*workers[:most], *(Worker(plug, writer.folder, f"worker-{number}") for number in more)]
            for worker in lanes:
                stack.push_async_callback(worker.close)
            yield lanes * pace.in_hand
