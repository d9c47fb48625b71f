"""A run that is killed at any instant, and then goes on, comes to what an uninterrupted one comes to.

The runner or one of its workers is killed by SIGKILL, again and again. 30 rounds of each by `make proof`
(CROUPIER_PROOF=full).
"""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from evals.run.journal import read_journal
from evals.run.plan import Item
from evals.run.results import is_complete, read_trials
from evals.trial import Status, Trial
from tests.evals.run import mortal
from tests.evals.run.players import items, trial

FULL = os.environ.get("CROUPIER_PROOF") == "full"
ROUNDS = 30 if FULL else 1
DEATHS = 3 if FULL else 2  # of one run, before it is left alone
TICKETS, SECONDS = 12, "0.01"
WORK = items(*(f"t{number}" for number in range(TICKETS)), repeat=2)
SCRIPT = Path(mortal.__file__)
HOUSE = SCRIPT.parents[3]


def _uninterrupted(item: Item) -> Trial:
    """Return what a ticket comes to; its seed says so."""
    return trial(item, Status.FAIL if item.seed % 3 == 0 else Status.PASS)


REFERENCE = [_uninterrupted(item) for item in WORK]


@dataclass(frozen=True, slots=True)
class Life:
    """One start of a run."""

    process: subprocess.Popen[str]

    def wait_for_first(self) -> None:
        """Wait until something is done."""
        assert self.process.stdout is not None
        assert self.process.stdout.readline() != ""

    def workers(self) -> list[int]:
        """Return the processes that it has started."""
        pid = self.process.pid
        with suppress(FileNotFoundError, ProcessLookupError):
            return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text("utf-8").split()]
        return []

    def end(self) -> tuple[int, str]:
        """Let it come to its end; return the exit code and the last line."""
        told, _ = self.process.communicate(timeout=120)
        return self.process.returncode, (told.splitlines() or [""])[-1]


@contextmanager
def life(folder: Path, *, jobs: int) -> Generator[Life]:
    environment = {**os.environ, "PYTHONPATH": str(HOUSE)}
    words = [sys.executable, str(SCRIPT), str(folder), str(TICKETS), str(jobs), SECONDS]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env=environment) as process:  # noqa: S603  # our own
        yield Life(process)


def kill(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def played(folder: Path) -> Counter[str]:
    """Return how often each ticket was begun, by ticket and repeat."""
    return Counter(path.name.rpartition("-")[0] for path in (folder / "played").iterdir())


def with_verdict(folder: Path) -> set[str]:
    """Return what stands in the journal with a verdict, by ticket and repeat."""
    kept = read_journal(folder / "run").played
    return {f"{one.case.ticket}-{one.repeat}" for one in WORK if one.key in kept and kept[one.key].has_verdict}


def live_and_die(folder: Path, chance: random.Random, *, victim: str, jobs: int) -> None:
    """Begin or go on with a run, and kill somebody at some instant of it."""
    with life(folder, jobs=jobs) as one:
        one.wait_for_first()
        time.sleep(chance.random() * TICKETS * 2 * float(SECONDS) / jobs)
        if victim == "runner":
            kill(one.process.pid)
        elif workers := one.workers():
            kill(chance.choice(workers))
        one.end()


@pytest.mark.parametrize(("victim", "jobs"), [("runner", 1), ("runner", 2), ("worker", 2)])
def test_a_killed_run_goes_on_to_what_an_uninterrupted_one_comes_to(tmp_path: Path, victim: str, jobs: int) -> None:
    chance = random.Random(f"{victim} {jobs}")  # noqa: S311  # instants, no secrets
    for number in range(ROUNDS):
        folder = tmp_path / str(number)
        for _ in range(DEATHS):
            live_and_die(folder, chance, victim=victim, jobs=jobs)
        time.sleep(0.1)  # a worker whose runner was killed ends what it is at
        kept, before = with_verdict(folder), played(folder)
        with life(folder, jobs=jobs) as last:
            code, line = last.end()
        failed = sum(one.status is Status.FAIL for one in REFERENCE)
        assert (code, line.partition(";")[0]) == (1, f"{len(REFERENCE) - failed} passed, {failed} failed")
        assert [*read_trials(folder / "run" / "results.jsonl")] == REFERENCE  # each once, in the order of the plan
        assert is_complete(folder / "run" / "results.jsonl")
        again = played(folder) - before
        assert kept.isdisjoint(again)  # what had a verdict was not played again
        assert max(played(folder).values()) <= 1 + DEATHS  # a death costs what was being played


def test_without_the_journal_all_of_it_would_be_played_again(tmp_path: Path) -> None:
    live_and_die(tmp_path, random.Random(1), victim="runner", jobs=1)  # noqa: S311  # an instant, no secret
    kept = with_verdict(tmp_path)
    shutil.rmtree(tmp_path / "run")
    with life(tmp_path, jobs=1) as last:
        last.end()
    assert kept != set()
    assert {name for name, times in played(tmp_path).items() if times > 1} >= kept
