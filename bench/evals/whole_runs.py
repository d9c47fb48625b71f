"""Whole runs of tickets beside four peers: processor time of the process and all its children, start-up included.

Ours plays recorded tickets: the desk, its tools over the ticket's world, and the grading; the peers make one call that
echoes and compare one text. The rounds of all are interleaved, and the figures are medians. Run it with
`python bench/evals/whole_runs.py`; it takes about ten minutes. promptfoo comes from npm (1.4 GB, into a temporary
folder); `--without-promptfoo` leaves it out. Exit code 1 where a floor is missed.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
BIN = Path(sys.executable).parent
CROUPIER = BIN / "croupier"
PEERS = ROOT / ".venv" / "peers" / "bin" / "python"
ROUNDS, TICKETS, SOME, MANY = 3, 1000, 3000, 10_000
PROMPTFOO = "promptfoo@0.121.20"
ONE_CALL = ROOT / "evals/tickets/conversation/german-human.json"
FIVE_CALLS = ROOT / "evals/tickets/demo/1-issued.json"


@dataclass(frozen=True)
class Spent:
    """What a command took: processor seconds, and megabytes at its peak."""

    cpu_s: float
    wall_s: float
    peak_mb: float


@dataclass(frozen=True)
class Floor:
    """A figure and what it must be at most, or at least."""

    name: str
    figure: float
    at_most: float | None = None
    at_least: float | None = None

    @property
    def holds(self) -> bool:
        """Tell whether the floor is kept."""
        return (self.at_most is None or self.figure <= self.at_most) and (
            self.at_least is None or self.figure >= self.at_least
        )

    def __str__(self) -> str:
        wanted = f"at most {self.at_most:g}" if self.at_most is not None else f"at least {self.at_least:g}"
        return f"{'ok    ' if self.holds else 'MISSED'} {self.name:<60} {self.figure:>9.2f}   {wanted}"


def spent(command: Sequence[str | Path], *, cwd: Path | None = None, ends: Sequence[int] = (0,)) -> Spent:
    """Run a command in a process of its own and return what it and its children took."""
    watch = (
        "import json, resource, subprocess, sys, time\n"
        "begun = time.perf_counter()\n"
        "done = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)\n"
        "used = resource.getrusage(resource.RUSAGE_CHILDREN)\n"
        "print(json.dumps([done.returncode, used.ru_utime + used.ru_stime, time.perf_counter() - begun,"
        " used.ru_maxrss / 1024, done.stderr[-800:]]))\n"
    )
    environment = os.environ | {
        "PROMPTFOO_DISABLE_TELEMETRY": "1",
        "PROMPTFOO_DISABLE_UPDATE": "1",
        "PROMPTFOO_CONFIG_DIR": str(cwd or "."),
    }
    told = subprocess.run(  # noqa: S603  # fixed words
        [sys.executable, "-c", watch, *map(str, command)],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    code, cpu, wall, peak, stderr = json.loads(told.stdout)
    assert code in ends, f"{command}: ended with {code}\n{stderr}"
    return Spent(cpu, wall, peak)


def pack(ticket: Path, count: int, folder: Path) -> Path:
    """Record a ticket and write it so many times, each with an id of its own, as one pack."""
    recorded = folder / "recorded"
    spent([CROUPIER, "eval", "record", ticket, "--out", recorded], cwd=ROOT)
    document = json.loads((recorded / ticket.name).read_text("utf-8"))
    made = folder / f"{ticket.stem}-{count}.jsonl"
    with made.open("w", encoding="utf-8") as file:
        for number in range(count):
            file.write(json.dumps({**document, "id": f"t-{number}"}) + "\n")
    return made


@contextmanager
def promptfoo(cases: int) -> Iterator[Callable[[], Spent] | None]:
    """Give a run of promptfoo, or None where it is not wanted or cannot be had."""
    npm, node = shutil.which("npm"), shutil.which("node")
    if "--without-promptfoo" in sys.argv or npm is None or node is None:
        yield None
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        command = [npm, "install", "--no-audit", "--no-fund", "--silent", PROMPTFOO]
        subprocess.run(command, cwd=folder, check=True, capture_output=True)  # noqa: S603  # fixed words
        tests = [
            {"vars": {"text": f"question {n}"}, "assert": [{"type": "equals", "value": f"question {n}"}]}
            for n in range(cases)
        ]
        config = {"prompts": ["{{text}}"], "providers": ["echo"], "tests": tests}
        (folder / "cases.json").write_text(json.dumps(config), "utf-8")
        quiet = ["--no-cache", "--no-write", "--no-table", "--no-progress-bar"]
        words = ["eval", "-c", "cases.json", "-j", "4", *quiet, "-o", "out.json"]
        yield lambda: spent([node, "node_modules/.bin/promptfoo", *words], cwd=folder)


def ours(path: Path, *more: str | Path) -> Spent:
    """Run tickets with our own command."""
    return spent([CROUPIER, "eval", "run", path, "--no-controls", *more], cwd=ROOT)


def two_workers(path: Path) -> float:
    """Return how many times as fast two processes are as one, by the clock; each in turn, and the medians of both."""
    alone, both = zip(*((ours(path, "--jobs", "1"), ours(path, "--jobs", "2")) for _ in range(ROUNDS)), strict=True)
    return median(one.wall_s for one in alone) / median(one.wall_s for one in both)


def small_commands(folder: Path) -> Iterator[Floor]:
    """Yield what the commands that play nothing take, on all tickets that ship and a run of 200 x 4."""
    tickets = ROOT / "evals" / "tickets"
    two = [folder / "run-a" / "results.jsonl", folder / "run-b" / "results.jsonl"]
    few = pack(ONE_CALL, 200, folder)
    for results in two:
        ours(few, "--repeat", "4", "--out", results.parent)
    wanted: dict[str, list[str | Path]] = {
        "--help": ["--help"],
        "eval lint, all tickets that ship": ["eval", "lint", tickets],
        "eval gate, 200 x 4 against another": ["eval", "gate", two[0], "--baseline", two[1]],
        "eval diff, the same two": ["eval", "diff", *two],
    }
    for name, words in wanted.items():
        figure = median(spent([CROUPIER, *words], cwd=ROOT).cpu_s for _ in range(5))
        yield Floor(f"croupier {name}, CPU s", figure, at_most=0.4)


def main() -> None:
    """Measure, print, and end with 1 where a floor is missed."""
    with tempfile.TemporaryDirectory() as name, promptfoo(TICKETS) as by_promptfoo:
        folder = Path(name)
        five, one = pack(FIVE_CALLS, TICKETS, folder), pack(ONE_CALL, TICKETS, folder)
        lines: dict[str, Callable[[], Spent]] = {
            "Croupier, five-call tickets": lambda: ours(five),
            "Croupier, one-call tickets": lambda: ours(one),
        }
        for peer in ("pydantic_evals", "deepeval", "inspect_ai"):
            lines[peer] = lambda peer=peer: spent([PEERS, HERE / "peers" / f"with_{peer}.py", str(TICKETS)], cwd=folder)
        if by_promptfoo is not None:
            lines["promptfoo"] = by_promptfoo
        rounds: dict[str, list[Spent]] = {line: [] for line in lines}
        for _ in range(ROUNDS):
            for line, run in lines.items():
                rounds[line].append(run())
        own = median(one.cpu_s for one in rounds["Croupier, one-call tickets"])
        print(f"{TICKETS} cases{'':<31} {'CPU s':>7} {'ratio':>7} {'peak MB':>8}")
        for line, took in rounds.items():
            cpu = median(one.cpu_s for one in took)
            print(f"{line:<42} {cpu:>7.1f} {cpu / own:>7.2f} {max(one.peak_mb for one in took):>8.0f}")
        many = pack(ONE_CALL, MANY, folder)
        whole = ours(many)
        few, some = two_workers(five), two_workers(pack(FIVE_CALLS, SOME, folder))
        print(f"two workers, {TICKETS:,} five-call tickets: {few:.2f} times as fast as one by the clock")
        floors = [
            Floor("1,000 five-call tickets, CPU s", _cpu(rounds["Croupier, five-call tickets"]), at_most=12),
            Floor("1,000 one-call tickets, CPU s", own, at_most=6),
            Floor(f"peak memory at {MANY:,} tickets, MB", whole.peak_mb, at_most=300),
            Floor(f"two workers at {SOME:,}, times as fast as one by the clock", some, at_least=1.7),
            *small_commands(folder),
        ]
    print(*floors, sep="\n")
    print(f"load average {os.getloadavg()[0]:.1f}")
    sys.exit(0 if all(floor.holds for floor in floors) else 1)


def _cpu(took: Sequence[Spent]) -> float:
    return median(one.cpu_s for one in took)


if __name__ == "__main__":
    main()
