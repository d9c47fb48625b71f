"""What GitHub's runner takes for a command in the output of a command of ours: the annotations, and nothing else.

The runner below reads lines as the real one does (`ActionCommand.cs`): `::error …::` at the beginning of a line, the
older `##[error]` anywhere in it, and neither while commands are stopped.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import pytest
from click.testing import CliRunner

from app.cli.main import croupier
from casino.document import dump_json
from evals.report.github import LONGEST, MOST, PAGE_MOST
from evals.report.words import in_line, shown
from evals.run.results import End, write_results
from evals.trial import Part, Status, Trial
from tests.evals.report.runs import EVERY, FAILED, HEADER, repeated

KNOWN = {"error", "warning", "notice", "debug", "add-mask", "stop-commands", "group", "endgroup"}


class Command(NamedTuple):
    """A command as the runner takes it."""

    name: str
    properties: dict[str, str]
    data: str


def taken(output: str) -> Iterator[Command]:
    """Yield the commands that the runner carries out."""
    token = ""
    for line in output.splitlines():
        command = _parsed(line, known=KNOWN | ({token} if token else set()))
        if command is None:
            continue
        if token:
            token = "" if command.name == token else token
        elif command.name == "stop-commands":
            token = command.data
        else:
            yield command
    assert token == "", "commands are still stopped"


def _parsed(line: str, *, known: set[str]) -> Command | None:
    new = re.match(r"\s*::([^ :]+)(?: (.*?))?::(.*)", line)
    if new and new[1].lower() in known:
        pairs = (one.partition("=") for one in (new[2] or "").split(",") if one)
        return Command(new[1], {name: _unescaped(value) for name, _, value in pairs}, _unescaped(new[3]))
    old = re.search(r"##\[([^ \]]+)[^\]]*\](.*)", line)
    return Command(old[1], {}, old[2]) if old and old[1].lower() in known else None


def _unescaped(text: str) -> str:
    for escaped, letter in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        text = text.replace(escaped, letter)
    return text


def written(path: Path, trials: list[Trial]) -> Path:
    counts = {status: sum(one.status is status for one in trials) for status in Status}
    lines = (dump_json(one.document()).encode() for one in trials)
    write_results(path, HEADER, lines, lambda: End(counts=counts, ended=HEADER.started))
    return path


def reported(path: Path, *options: str, **environment: str) -> tuple[list[Command], str]:
    """Report a run as a step of GitHub Actions; return the commands and the summary."""
    summary = path.with_name("summary")
    environment = {"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": str(summary), **environment}
    result = CliRunner().invoke(croupier, ["eval", "report", str(path), *options], env=environment)
    assert result.exit_code == 0, result.output
    return [*taken(result.output)], summary.read_text("utf-8") if summary.exists() else ""


@pytest.mark.parametrize("options", [(), ("--json",)])
def test_every_way_to_end_gives_its_annotations_and_nothing_in_a_ticket_does(
    tmp_path: Path, options: tuple[str, ...]
) -> None:
    trials = [one for one in EVERY if "\ud800" not in one.ticket]
    hostile = "\n::error::forged\r\n##[error]old %0A"
    parts = (Part(name="text", wrong=(hostile,)),)
    words = replace(FAILED, ticket=hostile, file=f"tickets/{hostile}.json", title=hostile, parts=parts)
    commands, summary = reported(written(tmp_path / "results.jsonl", [*trials, words]), *options)
    titles = [(one.name, one.properties["title"]) for one in commands]
    assert titles == [
        ("error", "wrong-tier: fail"),
        ("error", "broken: error"),
        ("error", "wide: fail"),
        ("error", f"{in_line(hostile)}: fail"),
        ("warning", "old: stale"),
    ]
    assert commands[3].properties["file"] == in_line(f"tickets/{hostile}.json")
    assert commands[3].data == f"{in_line(hostile)}\ntext: {shown(hostile)}"
    assert max(len(one.data) for one in commands) <= LONGEST
    assert summary.startswith("## ❌ Evals: 1 passed, 3 failed, 1 stale, 1 could not be played, 1 not run\n")


def test_there_are_no_more_annotations_than_github_shows_and_the_summary_stays_below_its_limit(tmp_path: Path) -> None:
    many = repeated(FAILED, [Status.FAIL] * 300) + repeated(EVERY[2], [Status.STALE] * 20)
    commands, summary = reported(written(tmp_path / "results.jsonl", many))
    assert [one.name for one in commands] == ["error"] * MOST + ["warning"] * MOST
    assert 0 < len(summary.encode()) <= PAGE_MOST


def test_a_summary_without_room_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "summary").write_bytes(b"x" * 1_000_000)
    _, summary = reported(written(tmp_path / "results.jsonl", [FAILED]))
    assert summary == "x" * 1_000_000


def test_the_runner_above_takes_what_is_not_muted() -> None:
    output = "::error::new\nsome ##[error]old\n::stop-commands::t\n::error::no\n##[error]no\n::t::\n::warning::last\n"
    assert [(one.name, one.data) for one in taken(output)] == [("error", "new"), ("error", "old"), ("warning", "last")]


def test_the_gate_and_the_difference_say_nothing_that_is_taken_for_a_command(tmp_path: Path) -> None:
    hostile = "\n::error::forged\r\n##[error]old"
    parts = (Part(name="text", wrong=(hostile,)),)
    path = str(written(tmp_path / "results.jsonl", [replace(FAILED, ticket=hostile, parts=parts)]))
    for words in (["gate", path], ["diff", path, path]):
        output = CliRunner().invoke(croupier, ["eval", *words], env={"GITHUB_ACTIONS": "true"}).output
        assert [*taken(output)] == []
