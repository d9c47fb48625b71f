"""Under GitHub Actions no command of `croupier eval` prints anything that the runner obeys, but our annotations."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import Result

from app.cli.eval import COMMANDS
from evals.report.words import in_line
from evals.trial import Part
from tests.evals.report.runs import FAILED
from tests.evals.report.test_github_commands import taken, written

ROOT = Path(__file__).parents[3]
HOSTILE = "\n::error::forged\r\n##[error]old ##[warning]older"
Croupier = Callable[..., Result]


@pytest.fixture
def ticket(ticket_file: Callable[..., Path]) -> Path:
    """Write a ticket that says commands wherever it may, and that does not hold what it expects."""
    order = {"tool": "issue_bonus", "arguments": {"decision_id": "D-1"}, "comes_to": "done"}
    attack = {"channel": "ticket text", "goal": "unverified issue", "marker": "forged", "orders": [order]}
    expect = {"outcome": "issued", "effects": [], "said": [HOSTILE]}
    return ticket_file(title=HOSTILE, says=[HOSTILE, HOSTILE], expect=expect, attack=attack)


@pytest.fixture
def results(tmp_path: Path) -> Path:
    parts = (Part(name="text", wrong=(HOSTILE,)),)
    return written(tmp_path / "results.jsonl", [replace(FAILED, ticket=HOSTILE, title=HOSTILE, parts=parts)])


@pytest.fixture
def unusable(tmp_path: Path) -> Path:
    """Write a file whose very name is a command, and that is nothing."""
    file = tmp_path / "##[error]forged.json"
    file.write_text(json.dumps({HOSTILE: HOSTILE}), "utf-8")
    return file


def words_of(command: str, path: Path, *, out: Path) -> list[str | Path]:
    """Return how a command is called with one file."""
    match command:
        case "record":
            return [path, "--out", out]
        case "import":
            return ["--from", path, "--out", out]
        case "diff":
            return [path, path]
        case "show":
            return [path, HOSTILE]
        case _:
            return [path]


def called(croupier: Croupier, *words: str | Path) -> Result:
    """Call a command as a step of GitHub Actions; an exit code that is no crash is all that is asked of it."""
    found = croupier("eval", *words, GITHUB_ACTIONS="true")
    assert isinstance(found.exception, SystemExit | None), found.exception
    assert "::stop-commands::" in found.output
    return found


@pytest.mark.parametrize("json_too", [False, True])
@pytest.mark.parametrize("command", COMMANDS)
def test_no_command_has_anything_obeyed(
    *, croupier: Croupier, ticket: Path, results: Path, tmp_path: Path, command: str, json_too: bool
) -> None:
    machine = ["--json"] if json_too and command != "record" else []
    path = results if command in {"gate", "diff", "show", "report", "grade"} else ticket
    found = called(croupier, command, *words_of(command, path, out=tmp_path / "out"), *machine)
    obeyed = [(one.name, one.properties["title"]) for one in taken(found.output)]
    own = {"run": [("error", "hello: fail")], "report": [("error", f"{in_line(HOSTILE)}: fail")]}
    assert obeyed == own.get(command, [])


@pytest.mark.parametrize("command", COMMANDS)
def test_no_message_of_an_error_is_obeyed(croupier: Croupier, unusable: Path, tmp_path: Path, command: str) -> None:
    found = called(croupier, command, *words_of(command, unusable, out=tmp_path / "out"))
    assert found.exit_code not in {0, 1}
    assert ("##[error]forged" in found.output, [*taken(found.output)]) == (True, [])


def test_a_word_that_is_no_command_is_not_obeyed(croupier: Croupier) -> None:
    found = called(croupier, "##[error]forged")
    assert (found.exit_code, "##[error]forged" in found.stderr, [*taken(found.output)]) == (2, True, [])


def test_our_own_annotations_are_obeyed_and_what_comes_after_them_is_not(
    croupier: Croupier, results: Path, tmp_path: Path
) -> None:
    found = called(croupier, "report", results, "--md", tmp_path / "x" / "run.md")
    assert [(one.name, one.properties["title"]) for one in taken(found.output)] == [
        ("error", f"{in_line(HOSTILE)}: fail")
    ]
    tokens = [line for line in found.output.splitlines() if line.startswith("::stop-commands::")]
    assert (len(tokens), len({*tokens})) == (2, 2)


def test_with_json_stdout_is_json_only(croupier: Croupier, results: Path) -> None:
    found = called(croupier, "report", results, "--json")
    assert json.loads(found.stdout)["schema_version"] == 1
    schema = called(croupier, "lint", "--schema")
    assert json.loads(schema.stdout)["title"]


def test_elsewhere_nothing_is_added(croupier: Croupier, results: Path) -> None:
    for environment in ({}, {"GITHUB_ACTIONS": "false"}):
        assert "::stop-commands::" not in croupier("eval", "gate", results, **environment).output
