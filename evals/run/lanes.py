"""Where items are played: in this process, or in one of its own that may die without taking the run along."""

import asyncio
import json
import signal
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, Protocol, cast

from casino.values import Document, Value
from evals.run.journal import Writer
from evals.run.plan import Item
from evals.run.plug import Play, Plug, attempted
from evals.run.results import line_of
from evals.run.stops import unheard_by_children
from evals.run.worker import command
from evals.trial import Status


class Died(Exception):  # noqa: N818  # named by what happened
    """A worker died; the message says how. The run goes on."""


class NotBegun(Exception):  # noqa: N818  # the same
    """The worker died before it came to this item: another one plays it."""


class RunBroken(Exception):  # noqa: N818  # named by what happened
    """The run cannot go on; the message says why. What was played is kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """How an item ended. Its trial stands in the journal."""

    status: Status
    cost: Decimal = Decimal(0)
    why: str = ""


class Lane(Protocol):
    """Plays one item at a time."""

    async def ready(self) -> None:
        """Make ready; raise `Died` or `RunBroken` where that fails."""
        ...

    async def play(self, item: Item) -> Answer:
        """Play an item; raise `Died` where its worker did, and `NotBegun` where it died of an item before."""
        ...

    async def close(self) -> None:
        """End it; whatever it was playing is lost."""
        ...


@dataclass(frozen=True, slots=True)
class Here:
    """Plays in this process. Several of them share a player: what waits for a model leaves the others the time."""

    player: Play
    writer: Writer

    async def ready(self) -> None:
        """Nothing is to be made ready."""

    async def play(self, item: Item) -> Answer:
        """Play an item and write its trial down."""
        trial = await attempted(self.player, item)
        self.writer.write(item.key, trial)
        return Answer(status=trial.status, cost=trial.usage.cost, why=trial.why)

    async def close(self) -> None:
        """Nothing is to be ended."""


@dataclass(slots=True)
class Worker:
    """Plays in a process of its own, which writes a journal of its own. A new one takes the place of a dead one.

    Several may call it at once: the process takes their items one after the other, as they were told.
    """

    plug: Plug
    folder: Path
    name: str
    _process: Process | None = field(default=None, init=False)
    _is_open: bool = field(default=False, init=False)
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock, init=False)  # to read an answer: first come, first served

    async def begin(self) -> None:
        """Start the process where there is none, and tell it what to open; it does so by itself."""
        if self._process is not None:
            return
        with unheard_by_children():
            self._process = await asyncio.create_subprocess_exec(*command(), stdin=PIPE, stdout=PIPE)
        told: dict[str, Value] = {
            "plug": self.plug.name,
            "arguments": dict(self.plug.arguments),
            "folder": str(self.folder),
            "name": self.name,
        }
        self._tell(told)

    async def ready(self) -> None:
        """Start the process where there is none, and wait until it has opened its player."""
        if self._is_open:
            return
        async with self._turn:
            await self.begin()
            if not self._is_open:
                await self._answer()
                self._is_open = True

    async def play(self, item: Item) -> Answer:
        """Let the process play an item."""
        process = self._process
        self._tell(item.document())
        async with self._turn:  # asked for at once, so the order is that of what was told
            if self._process is not process:
                raise NotBegun
            told = await self._answer()
        return Answer(status=Status(told["status"]), cost=Decimal(str(told["cost"])), why=str(told["why"]))

    async def close(self) -> None:
        """End the process at once: its journal holds whatever it has finished."""
        process = self._process
        if process is None:
            return
        if process.stdin is not None:
            process.stdin.close()
        if process.returncode is None:
            with suppress(ProcessLookupError):
                process.kill()
        self._is_open = False
        await process.communicate()  # whoever is cancelled in here has not closed it: it is closed again
        self._process = None

    def _tell(self, told: Document) -> None:
        """Tell the process something short; where it died, its stdout has ended too."""
        cast("asyncio.StreamWriter", cast("Process", self._process).stdin).write(line_of(told))  # `begin` made both

    async def _answer(self) -> Mapping[str, Any]:
        """Return what the process answers to what it was told last."""
        process = cast("Process", self._process)  # the same
        line = await cast("asyncio.StreamReader", process.stdout).readline()
        if not line.endswith(b"\n"):
            code = await process.wait()
            await self.close()
            raise Died(_how(code))
        answer: dict[str, Any] = json.loads(line)
        if "broken" in answer:
            await self.close()
            raise RunBroken(str(answer["broken"]))
        return answer


@asynccontextmanager
async def begun_workers(plug: Plug, folder: Path, *, jobs: int) -> AsyncGenerator[Sequence[Worker]]:
    """Start so many processes, which open their players while a run is still being planned, and end them afterwards."""
    workers = [Worker(plug, folder, f"worker-{number}") for number in range(1, jobs + 1)]
    async with AsyncExitStack() as stack:
        for worker in workers:
            stack.push_async_callback(worker.close)
            await worker.begin()
        yield workers


def _how(code: int) -> str:
    """Say how a process ended."""
    if code >= 0:
        return f"exit code {code}"
    known = {one.value: one.name for one in signal.Signals}
    return f"killed by {known.get(-code, f'signal {-code}')}"
