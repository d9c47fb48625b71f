"""The documents are true: what they name exists, and what must be named is."""

import re
from pathlib import Path

import pytest

from agent.settings import read_settings
from app.cli.exits import Exit
from app.cli.main import COMMANDS

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
README = (ROOT / "README.md").read_text("utf-8")
ROOMS = r"casino|tools|agent|evals|app"
FOLDERS = rf"{ROOMS}|prompts|procedures|tests|requirements|docs|bench|\.ci"
CODE_PATH = re.compile(rf"`((?:{FOLDERS})/[^`\s<>]*)`")
CODE_NAME = re.compile(rf"`((?:{ROOMS})(?:\.[a-zA-Z_]+)+)`")
ROWS = re.findall(r"^\| `([A-Z_]+)` \| (.*?) \| .*? \|$", README, re.MULTILINE)

document = pytest.mark.parametrize("path", DOCUMENTS, ids=[str(path.relative_to(ROOT)) for path in DOCUMENTS])


@document
def test_every_path_that_is_named_is_there(path: Path) -> None:
    named = CODE_PATH.findall(path.read_text("utf-8"))
    assert [one for one in named if not (ROOT / one.rstrip("/")).exists()] == []


@document
def test_every_name_of_the_code_is_there(path: Path) -> None:
    assert [one for one in CODE_NAME.findall(path.read_text("utf-8")) if not _exists(one)] == []


def _exists(dotted: str) -> bool:
    """Say whether a dotted name is a module or package, or a word of one."""
    words = dotted.split(".")
    for end in range(len(words), 0, -1):
        stem = ROOT.joinpath(*words[:end])
        file = stem.with_suffix(".py") if stem.with_suffix(".py").is_file() else stem / "__init__.py"
        if file.is_file():
            text = file.read_text("utf-8")
            defined = set(re.findall(r"^(?:    )?(?:async )?(?:def|class) (\w+)", text, re.MULTILINE))
            return defined.issuperset(words[end:])
    return False


@document
def test_every_link_leads_somewhere(path: Path) -> None:
    text = re.sub(r"```.*?```|`[^`]*`", "", path.read_text("utf-8"), flags=re.DOTALL)
    links = [one for one in re.findall(r"\]\(([^)#]+)\)", text) if not re.match(r"[a-z]+:", one)]
    assert [one for one in links if not (path.parent / one).exists()] == []


@document
def test_every_command_and_every_target_that_is_named_is_there(path: Path) -> None:
    text = path.read_text("utf-8")
    named = set(re.findall(r"(?:`|^|/)croupier ([a-z]+)", text, re.MULTILINE))
    targets = set(re.findall(r"`make ([a-z]+)|^make ([a-z]+)", text, re.MULTILINE))
    makefile = (ROOT / "Makefile").read_text("utf-8")
    assert named <= set(COMMANDS)
    assert [one for pair in targets for one in pair if one and f"\n{one}:" not in makefile] == []


def test_the_readme_names_every_variable_and_no_other() -> None:
    settings = re.findall(r'"((?:CROUPIER|OPENAI)_[A-Z_]+)"', (ROOT / "agent" / "settings.py").read_text("utf-8"))
    commands = "\n".join(file.read_text("utf-8") for file in (ROOT / "app" / "cli").rglob("*.py"))
    options = re.findall(r'envvar="([A-Z_]+)"', commands)
    assert {name for name, _ in ROWS} == {*settings, *options}


def test_the_defaults_in_the_readme_are_those_of_the_settings() -> None:
    shown = {name: default.strip("`") for name, default in ROWS if re.fullmatch(r"`[^`]+`", default)}
    model = read_settings({"OPENAI_API_KEY": "key"}).model
    settings = read_settings({})
    assert model is not None
    assert shown == {
        "CROUPIER_DATA": str(settings.data),
        "CROUPIER_BRAND": settings.brand,
        "CROUPIER_BACKOFFICE_TOKEN": settings.backoffice_token,
        "CROUPIER_BACKOFFICE_TIMEOUT_S": f"{settings.backoffice_timeout_s:g}",
        "CROUPIER_MODEL": model.name,
        "CROUPIER_TOOL_MODE": model.tool_mode,
        "CROUPIER_MODEL_TIMEOUT_S": f"{model.timeout_s:g}",
    }


def test_the_readme_names_every_exit_code_and_every_command() -> None:
    codes = re.findall(r"^\| ([0-9]+) \|", README, re.MULTILINE)
    assert [int(code) for code in codes] == [code.value for code in Exit]
    assert set(COMMANDS) - set(re.findall(r"croupier ([a-z]+)", README)) == set()
    assert "make demo" in README


def test_decisions_are_numbered_and_have_three_parts() -> None:
    files = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    assert [file.name[:4] for file in files] == [f"{number:04}" for number in range(1, len(files) + 1)]
    for file in files:
        parts = re.findall(r"^\*\*(\w+)\.\*\*", file.read_text("utf-8"), re.MULTILINE)
        assert parts == ["Context", "Decision", "Consequences"]
