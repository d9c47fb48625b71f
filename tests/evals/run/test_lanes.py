"""A worker's process ends with its lane, whatever happens meanwhile."""

import asyncio
from contextlib import suppress
from pathlib import Path

from evals.run.lanes import Worker
from evals.run.plug import Plug


async def test_a_lane_whose_closing_was_cancelled_is_closed_by_the_next(tmp_path: Path) -> None:
    worker = Worker(Plug("tests.evals.run.players:by_name"), tmp_path, "worker-1")
    await worker.ready()
    process = worker._process  # pyright: ignore[reportPrivateUsage]  # what must not outlive it
    assert process is not None
    closing = asyncio.ensure_future(worker.close())
    await asyncio.sleep(0)
    closing.cancel()
    with suppress(asyncio.CancelledError):
        await closing
    await worker.close()
    assert process.returncode == -9
