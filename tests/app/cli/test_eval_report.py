"""`croupier eval report` and `croupier eval show`: every report of a results file, and one trial as a story."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from xml.etree.ElementTree import fromstring

import pytest
from click.testing import CliRunner, Result

from app.cli.eval_report import report, show
from evals.report.report import INCOMPLETE
from evals.trial import Status
from tests.evals.report.runs import (
    BROKEN,
    FAILED,
    HEADER,
    HOSTILE,
    HOSTILE_WORDS,
    LEFT,
    PASSED,
    STALE,
    WIDE,
    repeated,
    results,
)

Command = Callable[..., Result]
SUMMARY = "1 passed, 3 failed, 1 stale, 1 could not be played, 1 not run"
WORDS = HOSTILE_WORDS.replace("\ud800", "")
NAMED = replace(HOSTILE, **dict.fromkeys(("ticket", "title", "why", "file"), WORDS), parts=(), divergences=())
TRIALS = (PASSED, FAILED, STALE, BROKEN, LEFT, WIDE, replace(NAMED, end={}, path=(), steps=(), segments={}, tags=()))


@pytest.fixture(autouse=True)
def no_github(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY", "GITHUB_WORKSPACE"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def run(tmp_path: Path) -> Path:
    path = tmp_path / "run.jsonl"
    path.write_text(results(TRIALS), "utf-8")
    return path


def reported(*words: str | Path, **environment: str) -> Result:
    return CliRunner().invoke(report, [str(word) for word in words], env=environment)


def shown(*words: str | Path, **environment: str) -> Result:
    return CliRunner().invoke(show, [str(word) for word in words], env=environment)


def test_without_options_the_run_stands_on_the_screen(run: Path) -> None:
    found = reported(run)
    lines = found.stdout.splitlines()
    assert (found.exit_code, found.stderr) == (0, "")
    assert lines[:2] == ["run run-1: evals/tickets at L1", "✓ issued: A verified VIP asks for a bonus and gets it"]
    assert lines[-2:] == ["prompt procedure/bonus-request made 1 ticket stale", SUMMARY]
    assert "\x1b" not in found.stdout


def test_every_report_is_written_in_one_go(run: Path, tmp_path: Path) -> None:
    there = tmp_path / "reports"
    names = {"--junit": "run.xml", "--md": "run.md", "--html": "run.html", "--jsonl": "lines.jsonl"}
    found = reported(run, *(word for option, name in names.items() for word in (option, there / name)))
    assert found.exit_code == 0
    texts = {name: (there / name).read_text("utf-8") for name in names.values()}
    assert fromstring(texts["run.xml"]).get("tests") == "7"  # noqa: S314  # our own document
    assert texts["run.md"].startswith(f"## ❌ Evals: {SUMMARY}\n")
    assert f"<h1>{SUMMARY}</h1>" in texts["run.html"]
    assert len([json.loads(line) for line in texts["lines.jsonl"].splitlines()]) == 9


def test_json_has_stdout_to_itself(run: Path) -> None:
    found = reported(run, "--json")
    assert json.loads(found.stdout) == {
        "schema_version": 1,
        "run": "run-1",
        "complete": True,
        "counts": {"fail": 3, "error": 1, "stale": 1, "not_run": 1, "pass": 1},
        "tickets": 7,
        "model_calls": 35,
        "tool_calls": 28,
        "controls": {},
        "warnings": [],
    }
    assert found.stderr.splitlines()[-1] == SUMMARY


def test_an_incomplete_run_is_reported_as_such_and_exits_with_3(tmp_path: Path) -> None:
    run, html, md = (tmp_path / name for name in ("run.jsonl", "run.html", "run.md"))
    whole = results([PASSED, FAILED], complete=False)
    run.write_text(whole[:-40], "utf-8")
    found = reported(run, "--html", html, "--md", md)
    assert found.exit_code == 3
    assert found.stdout.splitlines()[0] == INCOMPLETE
    assert found.stdout.splitlines()[-1] == "1 passed, 0 failed; the run is incomplete"
    assert found.stderr == f"{run}:3: the last line is cut off; it was left out\n"
    assert INCOMPLETE in html.read_text("utf-8")
    assert INCOMPLETE in md.read_text("utf-8")


def test_a_file_that_is_no_run_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "ticket.json"
    path.write_text('{"schema": "ticket/1"}\n', "utf-8")
    found = reported(path)
    assert (found.exit_code, found.stdout) == (3, "")
    assert found.stderr.startswith(f"{path}:1: ")
    missing = reported(tmp_path / "none.jsonl")
    assert (missing.exit_code, missing.stderr.count("\n")) == (3, 1)


def test_a_line_that_cannot_be_read_stops_before_any_report_is_written(tmp_path: Path) -> None:
    run, md = tmp_path / "run.jsonl", tmp_path / "run.md"
    lines = results([PASSED, FAILED]).splitlines(keepends=True)
    run.write_text("".join([lines[0], "nonsense\n", *lines[1:]]), "utf-8")
    found = reported(run, "--md", md)
    assert (found.exit_code, md.exists()) == (3, False)
    assert f"{run}:2: " in found.stderr


def test_no_report_overwrites_the_run_or_another_report(run: Path, tmp_path: Path) -> None:
    before = run.read_bytes()
    found = reported(run, "--jsonl", run)
    assert (found.exit_code, found.stderr) == (2, f"{run}: --jsonl would overwrite RUN; give another file\n")
    assert run.read_bytes() == before
    twice = reported(run, "--md", tmp_path / "x", "--html", tmp_path / "x")
    assert (twice.exit_code, "would overwrite --md" in twice.stderr) == (2, True)


def test_a_report_that_cannot_be_written_is_said(run: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    found = reported(run, "--md", tmp_path / "file" / "run.md")
    assert (found.exit_code, "cannot be written" in found.stderr) == (2, True)


def test_in_github_actions_files_are_annotated_and_the_summary_is_added_to(run: Path, tmp_path: Path) -> None:
    summary = tmp_path / "summary.md"
    summary.write_text("# Before\n", "utf-8")
    found = reported(run, GITHUB_ACTIONS="true", GITHUB_STEP_SUMMARY=str(summary))
    assert summary.read_text("utf-8").startswith(f"# Before\n## ❌ Evals: {SUMMARY}\n")
    lines = found.stdout.splitlines()
    stop = lines[0].removeprefix("::stop-commands::")
    end = lines.index(f"::{stop}::")
    assert len(stop) == 32
    assert SUMMARY in lines[:end]
    assert [line.partition(" ")[0] for line in lines[end + 1 :]] == ["::error"] * 4 + ["::warning"]


def test_annotations_are_written_elsewhere_only_when_asked_for(run: Path, tmp_path: Path) -> None:
    summary = tmp_path / "summary.md"
    asked = reported(run, "--github", GITHUB_STEP_SUMMARY=str(summary))
    assert ("::error file=" in asked.stdout, summary.exists()) == (True, False)
    assert "::error file=" not in reported(run).stdout
    refused = reported(run, "--no-github", GITHUB_ACTIONS="true", GITHUB_STEP_SUMMARY=str(summary))
    assert ("::error file=" in refused.stdout, summary.exists()) == (False, False)


def test_with_json_the_annotations_leave_stdout_alone(run: Path) -> None:
    found = reported(run, "--json", "--github")
    assert json.loads(found.stdout)["run"] == "run-1"
    assert "::error file=" in found.stderr


def test_a_ticket_is_shown_as_a_story(run: Path) -> None:
    found = shown(run, "wrong-tier")
    assert (found.exit_code, found.stderr) == (0, "")
    assert found.stdout.splitlines()[0] == "✗ fail: wrong-tier, repeat 1, seed 7"
    assert "issue_bonus: done" in found.stdout
    assert max(len(line) for line in found.stdout.splitlines()) <= 80
    assert "\x1b" not in found.stdout


def test_of_repeats_the_first_that_did_not_pass_is_shown(tmp_path: Path) -> None:
    run = tmp_path / "run.jsonl"
    plays = repeated(PASSED, [Status.PASS, Status.FAIL, Status.PASS])
    run.write_text(results(plays, header=replace(HEADER, repeat=3)), "utf-8")
    found = shown(run, "issued").stdout.splitlines()
    assert (found[0], found[-1]) == (
        "✗ fail: issued, repeat 2, seed 7",
        "repeats: 1 pass, 2 fail, 3 pass",
    )
    assert shown(run, "issued", "--repeat", "3").stdout.startswith("✓ pass: issued, repeat 3")
    missing = shown(run, "issued", "--repeat", "4")
    assert (missing.exit_code, missing.stderr) == (2, '"issued" has no repeat 4; there are 1, 2, 3\n')


def test_a_ticket_that_is_not_in_the_run_is_said_with_the_nearest_name(run: Path) -> None:
    found = shown(run, "wrong-teir")
    assert (found.exit_code, found.stdout) == (2, "")
    assert found.stderr == f'{run}: there is no ticket "wrong-teir" in this run. Did you mean "wrong-tier"?\n'


def test_a_trial_is_shown_as_json_too(run: Path) -> None:
    found = json.loads(shown(run, "old", "--json").stdout)
    assert (found["complete"], found["trial"]["divergences"][0]["pointer"]) == (True, "/messages/0/content")


def test_show_refuses_a_file_that_is_no_run(tmp_path: Path) -> None:
    found = shown(tmp_path / "none.jsonl", "x")
    assert (found.exit_code, found.stderr.count("\n")) == (3, 1)


def test_show_says_that_a_run_is_incomplete_and_mutes_commands(tmp_path: Path) -> None:
    run = tmp_path / "run.jsonl"
    run.write_text(results([PASSED], complete=False), "utf-8")
    lines = shown(run, "issued", GITHUB_ACTIONS="true").stdout.splitlines()
    assert lines[0].startswith("::stop-commands::")
    assert lines[1] == "This run is incomplete; what is shown may not be all."
    assert lines[-1] == f"::{lines[0].removeprefix('::stop-commands::')}::"
