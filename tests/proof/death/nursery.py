"""Processes that live and die, forked from one that is warm: a fresh interpreter for each would take two seconds."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from tests.proof.death.lives import Life

SCRIPT = Path(__file__).with_name("template.py")
STOP_WITHIN_S = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a process ended."""

    killed: bool
    acknowledged: bool  # it answered its message before its end
    answers: list[list[str]]
    cpu_s: float


@dataclass(frozen=True, slots=True)
class Nursery:
    """Where processes come from."""

    template: subprocess.Popen[str]
    warmed: set[str] = field(default_factory=set[str])  # the kinds of place that it has lived in

    def warm(self, life: Life, *, kind: str) -> None:
        """Live a life beforehand, so that the ones that count begin warm."""
        self._ask({"warm": asdict(life)})
        self.warmed.add(kind)

    def begin(self, life: Life) -> int:
        """Begin a life; return the process once it is ready, or stands at its marker."""
        return int(self._ask({"begin": asdict(life)})["pid"])

    def end(self, pid: int) -> Ended:
        """Wait for the end of a process. What broke in it breaks the test."""
        told = self._ask({"end": pid})
        assert "error" not in told, told["error"]
        return Ended(
            killed=told["signal"] == signal.SIGKILL,
            acknowledged="acknowledged" in told["heard"],
            answers=told.get("answers", []),
            cpu_s=told["cpu_s"],
        )

    def lived(self, life: Life, *, killed_after_s: float | None = None) -> Ended:
        """Live a life to its end, which may come from outside after a while."""
        pid = self.begin(life)
        if killed_after_s is not None:
            time.sleep(killed_after_s)
            kill(pid)
        return self.end(pid)

    def _ask(self, asked: Mapping[str, object]) -> dict[str, Any]:
        assert self.template.stdin is not None
        assert self.template.stdout is not None
        self.template.stdin.write(json.dumps(asked) + "\n")
        self.template.stdin.flush()
        answer: dict[str, Any] = json.loads(self.template.stdout.readline())
        return answer


def kill(pid: int) -> None:
    """Kill a process of the nursery. One that has ended meanwhile is there until somebody asks how."""
    os.kill(pid, signal.SIGKILL)


@contextmanager
def nursery() -> Generator[Nursery]:
    """Open a nursery, and close it afterwards."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("CROUPIER_", "OPENAI_"))}
    environment["PYTHONPATH"] = str(SCRIPT.parents[3])
    template = subprocess.Popen(  # noqa: S603  # our own script
        [sys.executable, str(SCRIPT)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
    )
    try:
        yield Nursery(template)
    finally:
        template.communicate(timeout=STOP_WITHIN_S)
