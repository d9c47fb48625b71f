"""A plan is played to its end, here or in processes, whatever single tickets do."""

import asyncio
import os
import signal
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import pytest

from casino.values import Document
from evals.run.journal import begin_run, opened_journal
from evals.run.lanes import RunBroken
from evals.run.merge import merge
from evals.run.plan import Item
from evals.run.plug import Plug
from evals.run.results import End, read_end, read_trials
from evals.run.runner import MOST_DEATHS_IN_A_ROW, Done, Pace, run
from evals.run.summary import RunExit, Summary
from evals.trial import Status, Trial
from tests.evals.run.players import HEADER, STARTED, items

PLAYERS = "tests.evals.run.players"
BOTH = pytest.mark.parametrize("jobs", [1, 2])


@dataclass
class Runs:
    """Plays runs in one folder and keeps what was seen of them."""

    folder: Path
    seen: list[Done] = field(default_factory=list[Done])
    heard: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(
        self, work: Sequence[Item], player: str, arguments: Document | None = None, pace: Pace | None = None
    ) -> Summary:
        if not self.folder.exists():
            begin_run(self.folder, HEADER)
        with opened_journal(self.folder) as journal:
            plug = Plug(f"{PLAYERS}:{player}", arguments or {})
            summary = await run(work, plug, journal=journal, pace=pace or Pace(), on_done=self.hear)
            merge(journal, work, HEADER, summary, to=self.results, ended=STARTED)
        return summary

    def hear(self, done: Done) -> None:
        self.seen.append(done)
        self.heard.set()

    async def have_seen(self, count: int) -> None:
        while len(self.seen) < count:
            self.heard.clear()
            await self.heard.wait()

    @property
    def results(self) -> Path:
        return self.folder / "results.jsonl"

    @property
    def trials(self) -> list[Trial]:
        return [*read_trials(self.results)]

    def told(self) -> list[tuple[str, Status, str]]:
        return [(one.ticket, one.status, one.why.partition(" (in ")[0]) for one in self.trials]


@pytest.fixture
def runs(tmp_path: Path) -> Runs:
    return Runs(tmp_path / "run")


@BOTH
async def test_every_ticket_ends_as_it_does_and_none_ends_the_run(runs: Runs, jobs: int) -> None:
    work = items("pass-1", "fail-1", "raise-1", "stale-1", "other-1", "pass-2")
    summary = await runs.run(work, "by_name", pace=Pace(jobs=jobs))
    other = "something else was played: ('another', <Level.CODE: 'L1'>, 1, "
    assert [(name, status, why.removeprefix(other)[:21]) for name, status, why in runs.told()] == [
        ("pass-1", Status.PASS, ""),
        ("fail-1", Status.FAIL, ""),
        ("raise-1", Status.ERROR, "LookupError: no such "),
        ("stale-1", Status.STALE, ""),
        ("other-1", Status.ERROR, f"{items('another')[0].seed})"),
        ("pass-2", Status.PASS, ""),
    ]
    counts = {Status.PASS: 2, Status.FAIL: 1, Status.STALE: 1, Status.ERROR: 2}
    assert summary == Summary(planned=6, counts=counts, cost=Decimal(2))
    assert read_end(runs.results) == End(counts=counts, ended=STARTED)
    assert sorted((one.number, one.of) for one in runs.seen) == [(number, 6) for number in range(1, 7)]


async def test_a_worker_that_dies_costs_its_ticket_and_no_other(runs: Runs) -> None:
    work = items("pass-1", "die-1", "pass-2", "die-2", "pass-3")
    summary = await runs.run(work, "by_name", pace=Pace(jobs=2))
    died = "its worker died: killed by SIGKILL"
    assert runs.told() == [
        ("pass-1", Status.PASS, ""),
        ("die-1", Status.ERROR, died),
        ("pass-2", Status.PASS, ""),
        ("die-2", Status.ERROR, died),
        ("pass-3", Status.PASS, ""),
    ]
    assert (summary.counts, summary.exit) == ({Status.PASS: 3, Status.ERROR: 2}, RunExit.NO_VERDICT)


async def test_what_a_worker_had_in_hand_when_it_died_is_played_by_another(runs: Runs, tmp_path: Path) -> None:
    played = tmp_path / "played"
    played.mkdir()
    names = [f"{'die' if number % 4 == 1 else 'pass'}-{number}" for number in range(12)]
    summary = await runs.run(items(*names), "mortal", {"folder": str(played)}, Pace(jobs=2, in_hand=2))
    assert [(one.ticket, one.status) for one in runs.trials] == [
        (name, Status.ERROR if name.startswith("die") else Status.PASS) for name in names
    ]
    assert _times_played(played) == sorted(f"{name}-1" for name in names)
    assert summary.counts == {Status.PASS: 9, Status.ERROR: 3}


async def test_where_every_worker_dies_the_run_gives_up(runs: Runs) -> None:
    work = items("a", "b")
    summary = await runs.run(work, "dead", pace=Pace(jobs=2))
    why = f"{MOST_DEATHS_IN_A_ROW} workers died in a row, the last one: killed by SIGKILL"
    assert summary.why_not_run.partition(" workers")[0] in {"5", "6"}  # the other one dies meanwhile
    assert runs.told() == [(name, Status.NOT_RUN, summary.why_not_run) for name in ("a", "b")]
    assert summary.why_not_run.partition(" ")[2] == why.partition(" ")[2]


@BOTH
async def test_a_player_that_cannot_be_opened_is_said_once(runs: Runs, jobs: int) -> None:
    with pytest.raises((RunBroken, ValueError), match=r"procedures/x\.md:3:1: a step is missing"):
        await runs.run(items("a", "b", "c"), "unopened", pace=Pace(jobs=jobs))


@BOTH
async def test_once_the_budget_is_spent_nothing_begins(runs: Runs, jobs: int) -> None:
    work = items("pass-1", "pass-2", "pass-3", repeat=2)
    summary = await runs.run(work, "by_name", pace=Pace(jobs=jobs, max_cost=Decimal("1.5")))
    played = summary.planned - summary.counts[Status.NOT_RUN]
    assert 3 <= played <= 3 + jobs - 1  # what was being played goes on to its end
    assert summary.why_not_run.startswith("the budget of 1.5 is spent (")  # by then; others may still have been played
    assert summary.exit is RunExit.NO_VERDICT
    firsts = [one.status for one in runs.trials if one.repeat == 1]
    assert firsts == [Status.PASS] * 3  # every ticket once before any twice
    again = await runs.run(work, "by_name", pace=Pace(max_cost=Decimal("1.5")))
    assert (again.kept, again.cost) == (played, summary.cost)  # a resumed run has spent what it has spent


@BOTH
async def test_what_takes_too_long_is_an_error_and_the_others_go_on(runs: Runs, jobs: int) -> None:
    work = items("slow-1", "a", "slow-2", "b")
    summary = await runs.run(work, "waiting", {"but": ["a", "b"]}, Pace(jobs=jobs, longest_s=0.5))
    late = "it took longer than 0.5 s"
    assert runs.told() == [
        ("slow-1", Status.ERROR, late),
        ("a", Status.PASS, ""),
        ("slow-2", Status.ERROR, late),
        ("b", Status.PASS, ""),
    ]
    assert summary.exit is RunExit.NO_VERDICT


async def test_what_waits_is_played_together_in_one_process(runs: Runs) -> None:
    work = items("slow", "a", "b", "c")
    begun = asyncio.ensure_future(runs.run(work, "waiting", {"but": ["a", "b", "c"]}, Pace(at_once=2)))
    async with asyncio.timeout(30):
        await runs.have_seen(3)
    assert [one.item.case.ticket for one in runs.seen] == ["a", "b", "c"]
    begun.cancel()
    with pytest.raises(asyncio.CancelledError):
        await begun


@BOTH
@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
async def test_an_interrupted_run_keeps_its_journal_and_goes_on(runs: Runs, jobs: int, stop: signal.Signals) -> None:
    work = items("a", "b", "slow-1", "slow-2", "c")
    before = signal.getsignal(stop)
    begun = asyncio.ensure_future(runs.run(work, "waiting", {"but": ["a", "b", "c"]}, Pace(jobs=jobs)))
    async with asyncio.timeout(30):
        await runs.have_seen(2)
    os.kill(os.getpid(), stop)
    summary = await begun
    assert (summary.exit, summary.counts) == (RunExit.INTERRUPTED, {Status.PASS: 2, Status.NOT_RUN: 3})
    assert ([one.ticket for one in runs.trials], read_end(runs.results)) == (["a", "b"], None)
    assert signal.getsignal(stop) == before
    everything = [item.case.ticket for item in work]
    resumed = await runs.run(work, "waiting", {"but": [*everything]}, Pace(jobs=jobs))
    assert (resumed.exit, resumed.kept, resumed.counts) == (RunExit.PASS, 2, {Status.PASS: 5})
    assert [one.ticket for one in runs.trials] == everything


def _times_played(folder: Path) -> list[str]:
    return sorted(path.name.rpartition("-")[0] for path in folder.iterdir())


@BOTH
async def test_what_has_a_verdict_is_not_played_again(runs: Runs, jobs: int, tmp_path: Path) -> None:
    played = tmp_path / "played"
    played.mkdir()
    some, work = items("a", "b"), items("a", "b", "c", "d")
    await runs.run(some, "noted", {"folder": str(played)}, Pace(jobs=jobs))
    summary = await runs.run(work, "noted", {"folder": str(played)}, Pace(jobs=jobs))
    assert (summary.kept, summary.planned) == (2, 4)
    assert _times_played(played) == ["a-1", "b-1", "c-1", "d-1"]
    assert [one.ticket for one in runs.trials] == ["a", "b", "c", "d"]


async def test_what_has_no_verdict_is_played_again_and_said(runs: Runs) -> None:
    work = items("pass-1", "raise-1")
    await runs.run(work, "by_name")
    summary = await runs.run(work, "noted", {"folder": str(runs.folder / "journal")})
    assert (summary.kept, summary.again, summary.counts[Status.PASS] + summary.counts.get(Status.FAIL, 0)) == (1, 1, 2)


async def test_a_run_of_nothing_opens_no_player(runs: Runs) -> None:
    summary = await runs.run((), "unopened")
    assert (summary, runs.trials) == (Summary(planned=0, counts={}), [])
