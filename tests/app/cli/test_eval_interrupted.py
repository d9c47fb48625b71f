"""Ctrl-C at `croupier eval run`, as a terminal sends it: to the command and its workers, as often as somebody likes."""

import fcntl
import os
import random
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

import pytest

from evals.run.journal import read_journal
from evals.run.results import is_complete, read_trials
from evals.run.stops import PATIENCE_S, heard_once, unheard_by_children
from evals.run.stops import STOPS as STOPPED

HOUSE = Path(__file__).parents[3]
DEMO = "evals/tickets/demo"
CROUPIER = (sys.executable, "-c", "from app.cli.main import main; main()")
BOTH = pytest.mark.parametrize("jobs", [1, 2])
STOPS = pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])


@pytest.fixture(autouse=True)
def heard() -> Generator[None]:
    """Let the interrupt reach what is started here: a test run in the background ignores it, and hands that on."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@contextmanager
def a_run(*words: str | Path, path: str = DEMO) -> "Generator[subprocess.Popen[str]]":
    """Begin a run in a process group of its own; whatever is left of it at the end is ended."""
    command = [*CROUPIER, "eval", "run", path, *map(str, words)]
    pipe = subprocess.PIPE
    with subprocess.Popen(  # noqa: S603  # our own command
        command, cwd=HOUSE, stdout=pipe, stderr=pipe, text=True, start_new_session=True
    ) as process:
        try:
            yield process
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)


def go_on(folder: Path, *more: str) -> list[str]:
    return [" ".join(("Interrupted. Go on with it: croupier eval run", DEMO, "--resume", str(folder), *more))]


def ended(process: "subprocess.Popen[str]") -> tuple[int, list[str]]:
    """Let a run come to its end; return its exit code, and what it says on stderr."""
    _, stderr = process.communicate(timeout=20)
    return process.returncode, stderr.splitlines()


def stop_until_it_ends(process: "subprocess.Popen[str]", stop: signal.Signals) -> None:
    """Send a signal now and then until the process has ended, for 60 seconds at most."""
    deadline = time.monotonic() + 60
    while process.poll() is None:
        assert time.monotonic() < deadline
        os.killpg(process.pid, stop)
        time.sleep(0.5)


def left(session: int) -> list[int]:
    """Return the processes that live in a session."""
    found: list[int] = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, _, own = stat.read_text("utf-8").rpartition(")")[2].split()[:4]
        except OSError:  # it has ended meanwhile
            continue
        if int(own) == session and state != "Z":
            found.append(int(stat.parent.name))
    return found


def wait_for(ready: Callable[[], object]) -> None:
    deadline = time.monotonic() + 60
    while not ready():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def with_results_that_wait(folder: Path) -> Path:
    """Make a folder in which results cannot be written: nobody reads the pipe that is in their place."""
    folder.mkdir()
    os.mkfifo(folder / "results.jsonl.part")
    return folder


def has_played(folder: Path) -> bool:
    return any(path.stat().st_size for path in (folder / "journal").glob("*.jsonl"))


def test_ctrl_c_again_and_again_is_one_ctrl_c(tmp_path: Path) -> None:
    chance = random.Random(2)  # noqa: S311  # instants, no secrets
    for number in range(4):
        folder, jobs = tmp_path / str(number), number % 2 + 1
        with a_run("--repeat", "40", "--jobs", str(jobs), "--out", folder) as process:
            wait_for(lambda at=folder: has_played(at))
            for _ in range(number + 2):
                os.killpg(process.pid, signal.SIGINT)
                time.sleep(chance.random() * 0.03)
            assert ended(process) == (130, go_on(folder, "--jobs", str(jobs)))
            assert left(process.pid) == []
        assert read_journal(folder).notes == ()


@BOTH
@STOPS
def test_a_second_one_while_what_was_played_is_written(tmp_path: Path, jobs: int, stop: signal.Signals) -> None:
    folder = with_results_that_wait(tmp_path / "run")
    with a_run("--repeat", "40", "--jobs", str(jobs), "--out", folder) as process:
        wait_for(lambda: has_played(folder))
        os.killpg(process.pid, stop)
        time.sleep(0.5)
        assert process.poll() is None
        os.killpg(process.pid, stop)
        assert ended(process) == (130, go_on(folder, "--jobs", str(jobs)))
        assert left(process.pid) == []
    kept = read_journal(folder)
    assert (kept.notes, len(kept.played) < 240) == ((), True)


@BOTH
def test_one_while_the_results_are_written(tmp_path: Path, jobs: int) -> None:
    folder = with_results_that_wait(tmp_path / "run")
    with a_run("--jobs", str(jobs), "--out", folder) as process:
        wait_for((folder / "journal").is_dir)
        wait_for(lambda: len(read_journal(folder).played) == 6)
        time.sleep(1)  # the last of them has only just been played
        stop_until_it_ends(process, signal.SIGINT)
        assert ended(process) == (130, go_on(folder, "--jobs", str(jobs)))
        assert left(process.pid) == []
    (folder / "results.jsonl.part").unlink()
    with a_run("--resume", folder) as process:
        assert ended(process)[0] == 0
    assert (len([*read_trials(folder / "results.jsonl")]), is_complete(folder / "results.jsonl")) == (6, True)


@STOPS
def test_one_while_the_results_are_printed(tmp_path: Path, stop: signal.Signals) -> None:
    folder = tmp_path / "run"
    with a_run("--repeat", "20", "--out", folder) as process:
        assert process.stdout is not None
        fcntl.fcntl(process.stdout, fcntl.F_SETPIPE_SZ, 4096)  # far less than is printed: printing waits
        wait_for((folder / "results.jsonl").exists)
        time.sleep(0.5)
        os.killpg(process.pid, stop)
        assert ended(process) == (130, go_on(folder))
    assert is_complete(folder / "results.jsonl")


def test_a_run_that_nobody_named_is_kept_where_it_is_interrupted_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    with a_run("--repeat", "40") as process:
        wait_for(lambda: any(has_played(one) for one in tmp_path.glob("croupier-eval-*/run")))
        (folder,) = tmp_path.glob("croupier-eval-*/run")
        os.mkfifo(folder / "results.jsonl.part")
        os.killpg(process.pid, signal.SIGINT)
        time.sleep(0.5)
        os.killpg(process.pid, signal.SIGINT)
        assert ended(process) == (130, go_on(folder))
    assert (read_journal(folder).notes, has_played(folder)) == ((), True)


def test_one_before_anything_was_begun_has_nothing_to_go_on_with(tmp_path: Path) -> None:
    folder, tickets = tmp_path / "run", tmp_path / "tickets"
    tickets.mkdir()
    os.mkfifo(tickets / "1.json")
    with a_run("--out", folder, path=str(tickets)) as process:
        ticket = os.open(tickets / "1.json", os.O_WRONLY)  # once somebody reads it
        os.killpg(process.pid, signal.SIGINT)
        time.sleep(0.2)
        os.close(ticket)
        assert ended(process) == (130, ["", "interrupted"])
    assert not folder.exists()


def test_one_that_waits_for_ever_is_ended_by_whoever_asks_again_after_a_while(tmp_path: Path) -> None:
    tickets = tmp_path / "tickets"
    tickets.mkdir()
    os.mkfifo(tickets / "1.json")
    with a_run(path=str(tickets)) as process:
        ticket = os.open(tickets / "1.json", os.O_WRONLY)  # nothing ever comes
        begun = time.monotonic()
        try:
            stop_until_it_ends(process, signal.SIGINT)
            assert time.monotonic() - begun > PATIENCE_S
            assert ended(process) == (130, ["interrupted"])
        finally:
            os.close(ticket)


def test_the_line_to_go_on_has_what_the_run_does_not_keep_and_can_be_pasted(tmp_path: Path) -> None:
    folder = tmp_path / "my run"
    more = ["--jobs", "2", "--no-controls", "--price", "0.40/1.60", "--max-cost", "5"]
    with a_run("--repeat", "40", "--out", folder, *more) as process:
        wait_for(lambda: has_played(folder))
        os.killpg(process.pid, signal.SIGINT)
        code, (line,) = ended(process)
    words = shlex.split(line.removeprefix("Interrupted. Go on with it: "))
    assert (code, words[:6]) == (130, ["croupier", "eval", "run", DEMO, "--resume", str(folder)])
    assert {*pairwise(words)} >= {("--jobs", "2"), ("--max-cost", "5")}
    assert sorted(words[6:]) == sorted(more)


def test_signals_mean_what_they_meant_before() -> None:
    before = [signal.getsignal(one) for one in STOPPED]
    with pytest.raises(KeyboardInterrupt), heard_once(lambda: ""):
        signal.raise_signal(signal.SIGTERM)
    assert [signal.getsignal(one) for one in STOPPED] == before
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with heard_once(lambda: ""):
        signal.raise_signal(signal.SIGINT)  # as for a job in the background


@pytest.mark.parametrize("blocked", [True, False])
def test_what_was_blocked_before_a_child_is_started_stays_so(blocked: bool) -> None:
    before = signal.pthread_sigmask(signal.SIG_BLOCK if blocked else signal.SIG_UNBLOCK, {signal.SIGINT})
    try:
        with unheard_by_children(), unheard_by_children():
            assert signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, set())
        assert (signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, set())) is blocked
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
