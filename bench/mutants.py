"""Mutation score of the rules and the Bonus Engine: how many small changes of the code turn some test red.

usage: python bench/mutants.py [--sample N]

Works on a copy, so the tree stays as it is. `--sample N` tries N mutants drawn with a fixed seed, in minutes instead of
an hour. Exit code 1 where the score is below the floor.
"""

import argparse
import random
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FLOOR = 0.85
NEEDED = ("casino", "procedures", "tests/casino", "tests/golden", "tests/conftest.py", "pyproject.toml")
CONFIGURATION = """
[tool.mutmut]
source_paths = ["casino"]
only_mutate = ["casino/rules/*", "casino/bonus/*"]
also_copy = ["procedures"]
pytest_add_cli_args_test_selection = [
  "tests/casino/rules", "tests/casino/fields", "tests/casino/bonus", "tests/golden/test_golden.py",
]
use_git_change_detection = false
"""
CAUGHT = {"killed", "timeout", "caught by type check", "segfault"}
LINE = re.compile(r"^\s*(?P<name>\S+): (?P<status>[a-z ]+)$")


def main() -> int:
    """Copy, mutate, run, count."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--sample", type=int, default=None, metavar="N")
    sample: int | None = asked.parse_args().sample
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        _copy(copy)
        _mutmut(copy, "run", "casino.bonus.limits.*")  # writes every mutant, and tries a few
        names = sorted(_results(copy))
        if sample is not None and sample < len(names):
            names = sorted(random.Random(1).sample(names, sample))  # noqa: S311  # a draw, no secret
        _mutmut(copy, "run", *names)
        found = {name: status for name, status in _results(copy).items() if name in set(names)}
    return _report(found)


def _copy(copy: Path) -> None:
    for name in NEEDED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
        elif source.exists():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, copy / name)
    with (copy / "pyproject.toml").open("a", encoding="utf-8") as file:
        file.write(CONFIGURATION)


def _mutmut(copy: Path, *words: str) -> str:
    command = [str(Path(sys.executable).parent / "mutmut"), *words]
    done = subprocess.run(command, cwd=copy, capture_output=True, text=True, check=False)  # noqa: S603  # our own words
    if done.returncode != 0:
        sys.exit(f"mutmut {words[0]} ended with {done.returncode}:\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}")
    return done.stdout


def _results(copy: Path) -> dict[str, str]:
    lines = (LINE.match(line) for line in _mutmut(copy, "results", "--all", "true").splitlines())
    return {line["name"]: line["status"] for line in lines if line is not None}


def _report(found: dict[str, str]) -> int:
    missed = sorted(name for name, status in found.items() if status not in CAUGHT)
    score = 1 - len(missed) / max(len(found), 1)
    for name in missed:
        print(f"not caught: {name} ({found[name]})")
    print(f"{len(found)} mutants, {len(found) - len(missed)} caught: {score:.1%} (floor {FLOOR:.0%})")
    return 0 if score >= FLOOR and found else 1


if __name__ == "__main__":
    sys.exit(main())
