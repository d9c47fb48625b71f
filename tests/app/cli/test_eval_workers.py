"""Workers of `croupier eval run --jobs`: begun while the run is planned, no more than have something to play."""

from asyncio.subprocess import Process
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from click.testing import Result

from app.cli import eval_run
from evals.run.lanes import Worker, begun_workers
from evals.run.plug import Plug

DEMO = Path(__file__).parents[3] / "evals" / "tickets" / "demo"
ONE = DEMO / "4-human.json"


@dataclass(slots=True)
class Seen:
    """What a run did, in its order, and the processes that it began early."""

    done: list[str] = field(default_factory=list[str])
    processes: list[Process | None] = field(default_factory=list["Process | None"])


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> Seen:
    """Look on as a run begins its workers and reads its tickets."""
    found, cases = Seen(), eval_run._cases  # pyright: ignore[reportPrivateUsage]  # what is seen to come later

    @asynccontextmanager
    async def beginning(plug: Plug, folder: Path, *, jobs: int) -> AsyncGenerator[Sequence[Worker]]:
        found.done.append(f"{jobs} begun")
        async with begun_workers(plug, folder, jobs=jobs) as workers:
            found.processes += [one._process for one in workers]  # pyright: ignore[reportPrivateUsage]  # to see their end
            yield workers

    def reading(*given: object) -> object:
        found.done.append("planned")
        return cases(*given)  # type: ignore[arg-type]  # as they come

    monkeypatch.setattr(eval_run, "begun_workers", beginning)
    monkeypatch.setattr(eval_run, "_cases", reading)
    monkeypatch.setattr("os.cpu_count", lambda: 4)
    return found


@pytest.mark.parametrize(
    ("path", "options", "begun"),
    [
        (DEMO, (), 0),
        (DEMO, ("--jobs", "2"), 2),
        (DEMO, ("--jobs", "5"), 4),  # as many as there are processors
        (ONE, ("--jobs", "3"), 1),
        (ONE, ("--jobs", "3", "--repeat", "2"), 2),
        (DEMO, ("--jobs", "3", "--filter", "id:human"), 0),
        (DEMO, ("--jobs", "3", "--shard", "1/4"), 0),
    ],
)
def test_so_many_begin_before_the_plan(
    croupier: Callable[..., Result], seen: Seen, path: Path, options: tuple[str, ...], begun: int
) -> None:
    found = croupier("eval", "run", path, "--no-controls", *options)
    assert (found.exit_code, seen.done) == (0, [f"{begun} begun", "planned"])
    assert [one.returncode for one in seen.processes if one is not None] == [-9] * begun


def test_nothing_begins_early_where_a_run_goes_on(croupier: Callable[..., Result], seen: Seen, tmp_path: Path) -> None:
    croupier("eval", "run", ONE, "--out", tmp_path / "run")
    found = croupier("eval", "run", ONE, "--resume", tmp_path / "run", "--jobs", "2")
    assert (found.exit_code, seen.done[2:]) == (0, ["0 begun", "planned"])


def test_a_plan_that_cannot_be_made_leaves_no_process_behind(
    croupier: Callable[..., Result], ticket_file: Callable[..., Path], seen: Seen
) -> None:
    path = ticket_file(brand=None)
    found = croupier("eval", "run", path.parent, "--jobs", "2")
    assert (found.exit_code, "brand: this field is missing" in found.stderr) == (3, True)
    assert [one.returncode for one in seen.processes if one is not None] == [-9]
