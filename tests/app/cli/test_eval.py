"""`croupier eval run`: a difference is a finding, shown, with exit code 1."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

DEMO = Path(__file__).parents[3] / "evals" / "tickets" / "demo"


def test_the_demo_tickets_replay_as_expected(croupier: Callable[..., Result]) -> None:
    found = croupier("eval", "run", DEMO)
    assert (found.exit_code, found.stderr) == (0, "")
    assert found.stdout.splitlines()[-1] == "6 passed, 0 failed"
    assert found.stdout.splitlines()[1] == "✓ issued: A verified VIP asks for a bonus and gets it"


def test_a_wrong_expectation_is_shown_and_exits_with_1(croupier: Callable[..., Result], tmp_path: Path) -> None:
    ticket = json.loads((DEMO / "1-issued.json").read_text("utf-8"))
    ticket["expect"]["tier"] = "high"
    path = tmp_path / "wrong.json"
    path.write_text(json.dumps(ticket))
    found = croupier("eval", "run", path)
    assert (found.exit_code, found.stdout.splitlines()[1:]) == (
        1,
        [
            "✗ issued: A verified VIP asks for a bonus and gets it",
            f"    {path}: state: tier: expected 'high', found 'vip'",
            "controls: do-nothing 0 of 1, always-escalate 0 of 1, always-issue 0 of 1",
            "0 passed, 1 failed",
        ],
    )
    as_json = croupier("eval", "run", path, "--json")
    (one,) = json.loads(as_json.stdout)["tickets"]
    assert (as_json.exit_code, one["outcome"], one["differences"]) == (
        1,
        "issued",
        ["tier: expected 'high', found 'vip'"],
    )
    assert as_json.stderr.splitlines()[-1] == "0 passed, 1 failed"


def test_a_ticket_without_expectations_is_no_verdict(
    croupier: Callable[..., Result], ticket_file: Callable[..., Path]
) -> None:
    found = croupier("eval", "run", ticket_file())
    assert (found.exit_code, "expect: missing; a ticket without criteria proves nothing" in found.stdout) == (3, True)


def test_a_run_is_kept_reported_and_gated(croupier: Callable[..., Result], tmp_path: Path) -> None:
    folder, page = tmp_path / "run", tmp_path / "run.html"
    found = croupier("eval", "run", DEMO, "--out", folder, "--html", page, "--junit", tmp_path / "run.xml")
    assert (found.exit_code, "<title>" in page.read_text("utf-8")) == (0, True)
    assert croupier("eval", "gate", folder / "results.jsonl").exit_code == 0
    shown = croupier("eval", "show", folder / "results.jsonl", "issued")
    assert (shown.exit_code, "issue_bonus" in shown.stdout) == (0, True)
    again = croupier("eval", "run", DEMO, "--resume", folder)
    assert (again.exit_code, again.stdout.splitlines()[-1]) == (0, "6 passed, 0 failed")
    other = croupier("eval", "run", DEMO / "1-issued.json", "--resume", folder)
    assert (other.exit_code, f"the kept run is of {DEMO.as_posix()}" in other.stderr) == (2, True)
    taken = croupier("eval", "run", DEMO, "--out", folder)
    assert (taken.exit_code, "a run is kept here already" in taken.stderr) == (3, True)


def test_a_report_that_cannot_be_written_does_not_lose_the_run(
    croupier: Callable[..., Result], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    (tmp_path / "file").write_text("")
    found = croupier("eval", "run", DEMO / "4-human.json", "--junit", tmp_path / "file" / "run.xml")
    (kept,) = tmp_path.glob("croupier-eval-*/run/results.jsonl")
    assert (found.exit_code, f"croupier eval report {kept}" in found.stderr) == (2, True)
    assert croupier("eval", "report", kept).exit_code == 0


@pytest.mark.parametrize("word", ["tag:nothing", "tags:x"])
def test_a_filter_that_chooses_nothing_is_refused(croupier: Callable[..., Result], word: str) -> None:
    found = croupier("eval", "run", DEMO, "--filter", word)
    assert (found.exit_code, len(found.stderr.splitlines())) == (2, 1)


def test_a_world_that_is_none_is_an_invalid_file(
    croupier: Callable[..., Result], one_message: Callable[[Result], str], ticket_file: Callable[..., Path]
) -> None:
    path = ticket_file(world={"plyers": []})
    found = croupier("eval", "run", path)
    why = 'world: this is not a world document: `world.plyers`: there is no such field. Did you mean "players"?'
    assert (found.exit_code, one_message(found)) == (3, f"{path}: {why}")


def test_a_folder_without_tickets_is_said(
    croupier: Callable[..., Result], one_message: Callable[[Result], str], tmp_path: Path
) -> None:
    found = croupier("eval", "run", tmp_path)
    message = f"{tmp_path}: there is no ticket here; give a ticket file or a folder of them"
    assert (found.exit_code, one_message(found)) == (3, message)


def test_a_run_without_a_live_model_imports_nothing_that_only_a_live_desk_needs() -> None:
    heavy = {"aiohttp", "fastapi", "httpx", "langgraph.types", "langsmith", "openai", "sqlalchemy"}
    asked = f"import sys, app.cli.eval_run, evals.player; print({heavy} & set(sys.modules))"
    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)  # noqa: S603  # fixed words
    assert told.stdout.strip() == "set()"
