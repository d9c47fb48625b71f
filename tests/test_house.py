"""The house holds its own rules: sizes, rooms, arrows, locks; and each guard is shown to go red."""

import ast
import json
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import click
import pytest

from agent.playbook.parse import parse_procedure
from agent.playbook.vocabulary import Vocabulary
from app.cli.main import COMMANDS, croupier

HOUSE = Path(__file__).parents[1]
ROOMS = ("casino", "tools", "agent", "evals", "app")
LONGEST_FUNCTION, LONGEST_FILE = 60, 500
BIN = Path(sys.executable).parent


def _sources() -> list[Path]:
    """Return every Python file of the project: what git knows or would take, else what lies in its folders."""
    git = shutil.which("git")
    if git is not None and (HOUSE / ".git").exists():
        words = [git, "ls-files", "--cached", "--others", "--exclude-standard", "*.py"]
        listed = subprocess.run(words, cwd=HOUSE, capture_output=True, text=True, check=False)  # noqa: S603  # fixed words
        if listed.returncode == 0:
            return [path for name in listed.stdout.splitlines() if (path := HOUSE / name).exists()]
    folders = (*ROOMS, "tests", "bench", "requirements")
    return [path for folder in folders for path in sorted((HOUSE / folder).rglob("*.py"))]


def _long_functions(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > LONGEST_FUNCTION:
                yield f"{node.name}: {lines} lines"


def _of(lines: int) -> str:
    return "def long():\n" + "    pass\n" * (lines - 1)


def test_no_function_is_over_60_lines_and_no_file_over_500() -> None:
    sources = {path: path.read_text("utf-8") for path in _sources()}
    assert {path.relative_to(HOUSE).parts[0] for path in sources} >= {*ROOMS, "tests"}
    assert [f"{path}: {line}" for path, text in sources.items() for line in _long_functions(text)] == []
    assert [str(path) for path, text in sources.items() if len(text.splitlines()) > LONGEST_FILE] == []


def test_a_function_of_61_lines_would_be_seen() -> None:
    assert list(_long_functions(_of(60))) == []
    assert list(_long_functions(_of(61))) == ["long: 61 lines"]
    assert list(_long_functions(f"class Room:\n    async {_of(61)}".replace("    pass", "        pass"))) == [
        "long: 61 lines"
    ]


def test_every_package_file_holds_a_docstring_and_nothing_else() -> None:
    inits = [path for path in _sources() if path.name == "__init__.py"]
    assert {path.parent for path in inits} >= {HOUSE / room for room in ROOMS}
    holding_more = [
        path
        for path in inits
        if (tree := ast.parse(path.read_text("utf-8"))) and (len(tree.body) != 1 or ast.get_docstring(tree) is None)
    ]
    assert holding_more == []


def test_no_dependency_ships_a_package_of_our_names() -> None:
    shipped = packages_distributions()
    assert "click" in shipped
    assert {room: set(shipped.get(room, ())) - {"croupier"} for room in ROOMS} == {room: set[str]() for room in ROOMS}


@pytest.mark.parametrize("name", ["bootstrap", "core", "dev"])
def test_the_locked_requirements_have_hashes_and_no_addresses(name: str) -> None:
    text = (HOUSE / "requirements" / f"{name}.txt").read_text("utf-8")
    requirements = text.replace("\\\n", " ").splitlines()
    assert len(requirements) >= 1
    locked = r"[a-zA-Z0-9][\w.-]*(\[[\w,-]+\])?==[\w.!+-]+( ;[^#@]*?)?( +--hash=sha256:[0-9a-f]{64})+ *"
    assert [line for line in requirements if line.strip() and re.fullmatch(locked, line) is None] == []
    assert re.search(r"://|--(extra-)?index|--find-links| @ ", text) is None


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy our rooms, with the contracts that hold them apart."""
    copy = tmp_path_factory.mktemp("house")
    for room in ROOMS:
        shutil.copytree(HOUSE / room, copy / room, ignore=lambda folder, names: _no_code(Path(folder), names))
    shutil.copy(HOUSE / "pyproject.toml", copy)
    return copy


def _no_code(folder: Path, names: list[str]) -> list[str]:
    return [name for name in names if not name.endswith(".py") and not (folder / name).is_dir()]


def _arrows(house: Path) -> tuple[int, list[str]]:
    """Return how import-linter ends, and the names of the contracts that are broken."""
    done = subprocess.run(  # noqa: S603  # our own tool
        [BIN / "lint-imports", "--no-cache"], cwd=house, capture_output=True, text=True, check=False
    )
    return done.returncode, re.findall(r"^(.+) BROKEN", done.stdout, re.MULTILINE)


def test_the_arrows_hold(copied: Path) -> None:
    assert _arrows(copied) == (0, [])


@pytest.mark.parametrize(
    ("module", "line", "contract"),
    [
        ("casino/money.py", "import tools.ports", "The arrows: app -> evals -> agent -> tools -> casino"),
        ("tools/catalog.py", "import agent.deps", "The arrows: app -> evals -> agent -> tools -> casino"),
        ("agent/run.py", "import app.cli.main", "The arrows: app -> evals -> agent -> tools -> casino"),
        ("casino/money.py", "import httpx", "casino is pure: no I/O library, no LLM, no clock of its own"),
        ("agent/graph.py", "import tools.adapters.memory", "Only the wirings import adapters"),
        (
            "app/backoffice/server.py",
            "import casino.money",
            "The shipped back office is another system: it imports nothing of ours",
        ),
    ],
)
def test_an_import_against_an_arrow_is_seen(copied: Path, module: str, line: str, contract: str) -> None:
    path = copied / module
    before = path.read_text("utf-8")
    path.write_text(f"{before}\n{line}\n")
    found = _arrows(copied)
    path.write_text(before)
    assert (found[0], contract in found[1]) == (1, True)


def _types(folder: Path, source: str) -> tuple[int, list[str]]:
    """Return how the type checker ends on one file under our own settings, and the rules that it names."""
    settings: dict[str, Any] = tomllib.loads((HOUSE / "pyproject.toml").read_text("utf-8"))["tool"]["basedpyright"]
    ours = {key: value for key, value in settings.items() if key not in {"include", "venvPath", "venv"}}
    (folder / "pyrightconfig.json").write_text(json.dumps({**ours, "include": ["one.py"]}))
    (folder / "one.py").write_text(source)
    done = subprocess.run(  # noqa: S603  # our own tool
        [BIN / "basedpyright", "--outputjson"], cwd=folder, capture_output=True, text=True, check=False
    )
    return done.returncode, [found["rule"] for found in json.loads(done.stdout)["generalDiagnostics"]]


def test_an_ignore_that_is_not_needed_is_seen(tmp_path: Path) -> None:
    needed = 'ONE: int = "one"  # pyright: ignore[reportAssignmentType]\n'
    assert _types(tmp_path, needed) == (0, [])
    assert _types(tmp_path, needed.replace('"one"', "1")) == (1, ["reportUnnecessaryTypeIgnoreComment"])


def test_a_mention_in_code_is_no_chip() -> None:
    head = "---\nname: Own\ndescription: A test of ours.\nstatus: published\n---\n"
    chip = "@[Issue Bonus](action:issue_bonus)"
    known = Vocabulary(actions={"issue_bonus": "Issue Bonus"})
    bodies = {
        "text": f"{chip}\n",
        "fence": f"```\n{chip}\n@Issue Bonus\n```\n",
        "span": f"`{chip}` and `@Issue Bonus`\n",
    }
    found = {
        where: [mention.id for mention in parse_procedure(head + body, file="own.md", vocabulary=known).mentions]
        for where, body in bodies.items()
    }
    assert found == {"text": ["issue_bonus"], "fence": [], "span": []}


def _named_commands(text: str) -> set[tuple[str, str]]:
    """Return the commands that a page shows as code: `croupier X Y`, Y empty where no small word follows."""
    code = [line for block in re.findall(r"^```.*?^```", text, re.MULTILINE | re.DOTALL) for line in block.splitlines()]
    code += re.findall(r"`([^`\n]+)`", text)
    shown = (re.search(r"(?:^|/|\s)croupier ([a-z][\w-]*)(?: ([a-z]+)\b(?![/.=]))?", one) for one in code)
    return {(found[1], found[2] or "") for found in shown if found is not None}


def _is_there(command: str, below: str) -> bool:
    context = click.Context(croupier)
    if command not in COMMANDS:
        return False
    found = croupier.get_command(context, command)
    return not isinstance(found, click.Group) or below == "" or found.get_command(context, below) is not None


def test_the_pages_name_only_commands_that_there_are() -> None:
    pages = [HOUSE / "README.md", *sorted((HOUSE / "docs").rglob("*.md"))]
    named = {(page.name, *one) for page in pages if page.exists() for one in _named_commands(page.read_text("utf-8"))}
    assert [one for one in sorted(named) if not _is_there(one[1], one[2])] == []


def test_a_command_that_there_is_not_would_be_seen() -> None:
    named = _named_commands(
        "Croupier plays. `croupier demo`, `.venv/bin/croupier tickets sho ID`\n```\ncroupier dmo\n```\n"
    )
    assert named == {("demo", ""), ("tickets", "sho"), ("dmo", "")}
    assert [one for one in sorted(named) if not _is_there(*one)] == [("dmo", ""), ("tickets", "sho")]
