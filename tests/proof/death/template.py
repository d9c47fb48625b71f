"""A process that has everything imported and warm, and forks one that lives and may die for each line on stdin.

Run by nursery.py, never imported by it. Lines of JSON. In: {"begin": LIFE} → {"pid": …}, once the new process is ready,
or stands at its marker. In: {"end": PID} → how it ended, once it has.
"""

import asyncio
import gc
import json
import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable
from typing import IO, Any

from agent import wiring
from agent.house import House
from agent.settings import Settings
from tests.proof.death.lives import Life, lived

STILL_S = 60.0  # that a process stays at its marker, for somebody else to kill


def read_once(read_house: Callable[[Settings], House]) -> Callable[[Settings], House]:
    """Read the files of a house once, and not again in each of thousands of processes."""
    known: dict[str, House] = {}

    def read(settings: Settings) -> House:
        name = str(settings.gate)
        if name not in known:
            known[name] = read_house(settings)
        return known[name]

    return read


def die() -> None:
    """Die as a process dies that loses its power."""
    os.kill(os.getpid(), signal.SIGKILL)


def live(life: Life, outside: IO[str]) -> None:
    """Live one life to its end, and tell the world outside how it went."""

    def say(word: str) -> None:
        outside.write(word + "\n")
        outside.flush()

    def stay() -> None:
        say("ready")
        time.sleep(STILL_S)

    try:
        answers = asyncio.run(lived(life, say=say, reached=stay if life.stays else die))
    except BaseException:  # noqa: BLE001  # the process ends here; whoever asked for it reads why
        say(json.dumps({"error": traceback.format_exc()}))
        return
    say(json.dumps({"answers": answers}))


def begun(life: Life) -> tuple[int, IO[str]]:
    """Fork a process for a life; return its id and what it says."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reading)
        with os.fdopen(writing, "w") as outside:
            live(life, outside)
        os._exit(0)
    os.close(writing)
    return pid, os.fdopen(reading)


def ended(pid: int, outside: IO[str], heard: list[str]) -> dict[str, Any]:
    """Wait for the end of a process, and return what it said, how it ended and what it cost."""
    with outside:
        heard += outside.read().splitlines()
    _, status, used = os.wait4(pid, 0)
    told: dict[str, Any] = json.loads(heard.pop()) if heard and heard[-1].startswith("{") else {}
    killed = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
    return {"signal": killed, "heard": heard, "cpu_s": used.ru_utime + used.ru_stime, **told}


def warm(life: Life) -> None:
    """Live a life in this process: what is imported late and made once is then there in each that is forked."""
    asyncio.run(lived(life, say=str, reached=die))


def alone() -> None:
    """Wait until this process has one thread: only such a one may fork."""
    deadline = time.monotonic() + STILL_S
    while threading.active_count() > 1 and time.monotonic() < deadline:
        time.sleep(0.01)
    assert threading.active_count() == 1, threading.enumerate()
    gc.collect()
    gc.freeze()


def main() -> None:
    """Answer line by line."""
    wiring.read_house = read_once(wiring.read_house)
    living: dict[int, tuple[IO[str], list[str]]] = {}
    for line in sys.stdin:
        asked = json.loads(line)
        answer: dict[str, Any] = {}
        if "warm" in asked:
            warm(Life(**asked["warm"]))
            alone()
        elif "begin" in asked:
            pid, outside = begun(Life(**asked["begin"]))
            living[pid] = outside, [outside.readline().rstrip("\n")]
            answer = {"pid": pid}
        else:
            answer = ended(asked["end"], *living.pop(asked["end"]))
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
