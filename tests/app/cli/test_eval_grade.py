"""`croupier eval grade`: a kept run graded again, by the tickets as they are now."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from evals.run.results import read_header

DEMO = Path(__file__).parents[3] / "evals" / "tickets" / "demo"


@pytest.fixture
def ticket(tmp_path: Path) -> Path:
    path = tmp_path / "ticket.json"
    path.write_text((DEMO / "1-issued.json").read_text("utf-8"), "utf-8")
    return path


@pytest.fixture
def results(croupier: Callable[..., Result], ticket: Path, tmp_path: Path) -> Path:
    """Keep a run of the ticket."""
    assert croupier("eval", "run", ticket, "--out", tmp_path / "run").exit_code == 0
    return tmp_path / "run" / "results.jsonl"


def expecting(ticket: Path, **fields: object) -> None:
    """Change what the ticket expects."""
    document = json.loads(ticket.read_text("utf-8"))
    document["expect"].update(fields)
    ticket.write_text(json.dumps(document), "utf-8")


def test_the_same_tickets_give_the_same_grades(croupier: Callable[..., Result], results: Path, tmp_path: Path) -> None:
    found = croupier("eval", "grade", results, "--out", tmp_path / "graded.jsonl")
    assert (found.exit_code, found.stdout) == (0, "1 passed, 0 failed; nothing changed\n")
    before, after = (path.read_text("utf-8").splitlines() for path in (results, tmp_path / "graded.jsonl"))
    assert before[:-1] == after[:-1]
    assert json.loads(after[-1])["counts"]["pass"] == 1


def test_another_expectation_is_graded_without_playing_and_can_be_gated(
    croupier: Callable[..., Result], results: Path, ticket: Path, tmp_path: Path
) -> None:
    expecting(ticket, tier="high")
    graded = tmp_path / "graded.jsonl"
    found = croupier("eval", "grade", results, "--out", graded)
    line = "state: tier: expected 'high', found 'vip'"
    assert (found.exit_code, found.stdout.splitlines()) == (
        1,
        ["issued: pass -> fail", f"    + {line}", "0 passed, 1 failed; 1 changed"],
    )
    assert croupier("eval", "gate", graded).exit_code == 1
    assert croupier("eval", "gate", results).exit_code == 0
    as_json = croupier("eval", "grade", results, "--json")
    told = json.loads(as_json.stdout)
    assert (told["counts"]["fail"], told["changes"]) == (
        1,
        [{"ticket": "issued", "repeat": 1, "was": "pass", "now": "fail", "gone": [], "new": [line]}],
    )
    expecting(ticket, tier="vip")
    back = croupier("eval", "grade", graded)
    assert (back.exit_code, back.stdout.splitlines()[:2]) == (0, ["issued: fail -> pass", f"    - {line}"])


def test_tickets_that_have_moved_are_named(
    croupier: Callable[..., Result], one_message: Callable[[Result], str], results: Path, ticket: Path, tmp_path: Path
) -> None:
    assert croupier("eval", "grade", results, "--tickets", DEMO).exit_code == 0
    other = DEMO / "4-human.json"
    found = croupier("eval", "grade", results, "--tickets", other)
    mend = "say where it is now with --tickets"
    assert (found.exit_code, one_message(found)) == (
        3,
        f"{results}:2: the ticket `issued` is not in {other} any more; {mend}",
    )
    ticket.unlink()
    gone = croupier("eval", "grade", results)
    assert (gone.exit_code, "there is no such file or folder" in one_message(gone)) == (3, True)
    same = croupier("eval", "grade", results, "--tickets", DEMO, "--out", results)
    assert (same.exit_code, "these are the results that are graded; name another file" in one_message(same)) == (
        2,
        True,
    )
    assert not (tmp_path / "graded.jsonl").exists()


def test_a_run_that_kept_no_rows_cannot_be_graded(
    croupier: Callable[..., Result], one_message: Callable[[Result], str], results: Path
) -> None:
    header, trial, end = results.read_text("utf-8").splitlines()
    results.write_text("\n".join([header, json.dumps({**json.loads(trial), "kept": {}}), end, ""]), "utf-8")
    found = croupier("eval", "grade", results)
    assert (found.exit_code, one_message(found)) == (
        3,
        f"{results}:2: issued: this trial lacks the rows that it would be graded by; play the ticket again",
    )


def test_a_trial_without_a_verdict_stays_without_one(
    croupier: Callable[..., Result], results: Path, tmp_path: Path
) -> None:
    header, trial, end = map(json.loads, results.read_text("utf-8").splitlines())
    trial |= {"status": "error", "why": "the model was down: refused"}
    end["counts"] = {"error": 1}
    results.write_text("".join(f"{json.dumps(line)}\n" for line in (header, trial, end)), "utf-8")
    graded = tmp_path / "graded.jsonl"
    found = croupier("eval", "grade", results, "--out", graded)
    assert (found.exit_code, found.stdout) == (3, "0 passed, 0 failed, 1 could not be played; nothing changed\n")
    assert json.loads(graded.read_text("utf-8").splitlines()[1])["status"] == "error"


def test_a_gating_part_of_the_run_still_fails(croupier: Callable[..., Result], results: Path) -> None:
    header, trial, end = map(json.loads, results.read_text("utf-8").splitlines())
    recording = {"name": "recording", "wrong": ["`kyc_status` was called and never recorded"], "gates": True}
    trial |= {"level": "L2", "status": "fail", "parts": [*trial["parts"], recording]}
    end["counts"] = {"fail": 1}
    results.write_text("".join(f"{json.dumps(line)}\n" for line in (header, trial, end)), "utf-8")
    found = croupier("eval", "grade", results)
    assert (found.exit_code, found.stdout) == (1, "0 passed, 1 failed; nothing changed\n")


@pytest.mark.parametrize("lines", [1, 2])
def test_a_run_that_did_not_end_is_not_graded(
    croupier: Callable[..., Result], one_message: Callable[[Result], str], results: Path, tmp_path: Path, lines: int
) -> None:
    whole = results.read_text("utf-8").splitlines(keepends=True)
    results.write_text("".join(whole[:lines]), "utf-8")
    found = croupier("eval", "grade", results, "--out", tmp_path / "graded.jsonl")
    mend = f"croupier eval run {read_header(results).suite} --resume {results.parent}"
    why = f"{results}: this run did not come to its end, so it proves nothing; go on with it: {mend}"
    assert (found.exit_code, one_message(found)) == (3, why)
    assert not (tmp_path / "graded.jsonl").exists()


def test_a_run_without_a_trial_is_not_graded(
    croupier: Callable[..., Result], one_message: Callable[[Result], str], results: Path
) -> None:
    header, _, end = map(json.loads, results.read_text("utf-8").splitlines())
    end["counts"] = {}
    results.write_text("".join(f"{json.dumps(line)}\n" for line in (header, end)), "utf-8")
    found = croupier("eval", "grade", results)
    message = f"{results}: this run has no trial, so there is nothing to grade; play one"
    assert (found.exit_code, one_message(found)) == (3, message)
