"""Set up the project's own .venv from locked, hashed requirements. Standard library only.

usage: python3 requirements/install.py core|dev|bench|attacks|peers|lock

`core` installs what the product runs on, `dev` adds what its tests and checks need, `bench` adds the peers that it is
measured against and the mutation tester. `attacks` (attack styles) and `peers` (eval frameworks to measure against)
come into environments of their own, since their packages pin what ours do not. `lock` resolves all of them anew.
The installer (uv) lives inside .venv too, so nothing outside the project is touched but the installers' caches.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
UV = VENV / "bin" / "uv"
LOWEST = (3, 11)
SETS = ("core", "dev", "bench")  # each holds the one before
APART = ("attacks", "peers")


def run(*command: str | Path) -> None:
    """Run one command from the project's root and stop at the first that fails."""
    environment = os.environ | {"UV_NO_CONFIG": "1", "UV_PYTHON_DOWNLOADS": "never", "VIRTUAL_ENV": str(VENV)}
    done = subprocess.run([str(part) for part in command], cwd=ROOT, env=environment, check=False)  # noqa: S603  # fixed words
    if done.returncode != 0:
        sys.exit(f"set-up stopped: `{' '.join(str(part) for part in command)}` ended with {done.returncode}")


def bootstrap() -> None:
    """Make .venv and put the installer into it."""
    if sys.version_info < LOWEST:
        sys.exit(f"set-up needs Python 3.11 or newer; this is {sys.version.split()[0]} ({sys.executable})")
    if not PYTHON.exists():
        made = subprocess.run([sys.executable, "-m", "venv", str(VENV)], check=False, capture_output=True, text=True)  # noqa: S603  # fixed words
        if made.returncode != 0:
            shutil.rmtree(VENV, ignore_errors=True)  # half an environment would stand in the way of the next try
            sys.exit(f"could not make {VENV.name}: Python lacks its venv module. On Debian: apt install python3-venv")
    if not UV.exists():
        run(PYTHON, "-m", "pip", "install", "-q", "--no-deps", "--require-hashes", "-r", HERE / "bootstrap.txt")


def install(which: str) -> None:
    """Bring .venv to the locked set, then add the project itself in place."""
    bootstrap()
    there = [name for name in SETS if (VENV / f".{name}").exists()]
    which = max((which, *there), key=SETS.index)  # what is there stays
    run(UV, "pip", "sync", "-q", "--require-hashes", HERE / "bootstrap.txt", HERE / f"{which}.txt")
    run(UV, "pip", "install", "-q", "--no-deps", "--no-build-isolation", "-e", ROOT)
    for name in SETS[: SETS.index(which) + 1]:
        (VENV / f".{name}").touch()


def lock() -> None:
    """Resolve the requirements anew for every platform, with hashes and without addresses."""
    bootstrap()
    common = ("--universal", "--generate-hashes", "--no-emit-index-url", "--no-annotate", "--no-header", "-q")
    groups = {"core": ("build",), "dev": ("build", "dev"), "bench": ("build", "dev", "bench")}
    for name, wanted in groups.items():
        named = [word for group in wanted for word in ("--group", group)]
        run(UV, "pip", "compile", *common, ROOT / "pyproject.toml", *named, "-o", HERE / f"{name}.txt")
    for name in APART:
        run(UV, "pip", "compile", *common, "--group", name, "-o", HERE / f"{name}.txt")


def apart(which: str) -> None:
    """Install packages in an environment of their own: .venv/attacks or .venv/peers."""
    bootstrap()
    place = VENV / which
    run(UV, "venv", "-q", "--allow-existing", place)
    run(UV, "pip", "sync", "-q", "--require-hashes", "--python", place / "bin" / "python", HERE / f"{which}.txt")


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["core" | "dev" | "bench" as which]:
            install(which)
        case ["attacks" | "peers" as which]:
            apart(which)
        case ["lock"]:
            lock()
        case _:
            sys.exit(__doc__)
