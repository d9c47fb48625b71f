"""A worker's process ends with its lane, whatever happens meanwhile."""

import asyncio
import signal
from asyncio.subprocess import Process
from contextlib import suppress
from pathlib import Path
from typing import cast

import pytest

from evals.run.journal import begin_run
from evals.run.lanes import Worker, begun_workers
from evals.run.plug import Plug
from evals.trial import Status
from tests.evals.run.players import HEADER, items


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


async def test_workers_that_began_end_with_a_plan_that_cannot_be_made(tmp_path: Path) -> None:
    processes: list[Process | None] = []

    async def planned() -> None:
        async with begun_workers(Plug("tests.evals.run.players:by_name"), tmp_path, jobs=2) as workers:
            processes.extend(worker._process for worker in workers)  # pyright: ignore[reportPrivateUsage]  # the same
            raise LookupError

    with pytest.raises(LookupError):
        await planned()
    assert [None if one is None else one.returncode for one in processes] == [-9, -9]


async def test_a_worker_that_began_is_made_ready_once(tmp_path: Path) -> None:
    begin_run(tmp_path / "run", HEADER)
    async with begun_workers(Plug("tests.evals.run.players:by_name"), tmp_path / "run", jobs=1) as (worker,):
        began = worker._process  # pyright: ignore[reportPrivateUsage]  # the same
        await worker.ready()
        await worker.ready()
        assert worker._process is began  # pyright: ignore[reportPrivateUsage]  # the same
        assert (await worker.play(items("pass")[0])).status is Status.PASS


async def test_a_worker_hears_no_ctrl_c_from_its_birth_on(tmp_path: Path) -> None:
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # a test run in the background hands on its own
    try:
        async with begun_workers(Plug("tests.evals.run.players:by_name"), tmp_path, jobs=2) as workers:
            assert signal.pthread_sigmask(signal.SIG_BLOCK, ()) == set()
            for _ in range(20):
                for one in workers:
                    cast("Process", one._process).send_signal(signal.SIGINT)  # pyright: ignore[reportPrivateUsage]  # the same
                await asyncio.sleep(0.005)
            await asyncio.gather(*(one.ready() for one in workers))
    finally:
        signal.signal(signal.SIGINT, before)
