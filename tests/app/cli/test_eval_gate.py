"""`croupier eval gate` and `diff`: one verdict, its exit code, and messages that say how to mend."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app.cli.eval_gate import EvalExit, diff, gate
from evals.trial import Level
from tests.evals.gate.runs import header, many, write

OneMessage = Callable[[Result], str]


def called(*words: str | Path) -> Result:
    return CliRunner().invoke(gate, [str(word) for word in words])


def compared(*words: str | Path) -> Result:
    return CliRunner().invoke(diff, [str(word) for word in words])


def live_runs(folder: Path, tickets: dict[str, str]) -> list[str | Path]:
    """Write a run and four earlier ones of the same tickets, all green; return the words of the command."""
    run = write(folder / "now.jsonl", tickets)
    before = [
        write(folder / f"before{number}.jsonl", dict.fromkeys(tickets, "pppp"), header(f"before{number}", seed=number))
        for number in range(4)
    ]
    return [run, *(word for path in before for word in ("--baseline", path))]


def test_an_offline_run_passes_without_a_baseline(tmp_path: Path) -> None:
    run = write(tmp_path / "now.jsonl", {"a": "p"}, header(level=Level.CODE, repeat=1))
    found = called(run)
    assert (found.exit_code, found.stdout, found.stderr) == (
        EvalExit.OK,
        "pass: 1 ticket at L1, 1 of 1 trials passed\n",
        "",
    )


@pytest.mark.parametrize(
    ("letters", "exit_code", "mark"),
    [
        ("f", EvalExit.REGRESSION, "✗"),
        ("e", EvalExit.BROKEN, "!"),
        ("s", EvalExit.STALE, "~"),
    ],
)
def test_the_exit_code_says_what_the_last_line_says(
    tmp_path: Path, letters: str, exit_code: EvalExit, mark: str
) -> None:
    found = called(write(tmp_path / "now.jsonl", {"a": "p", "b": letters}, header(level=Level.CODE, repeat=1)))
    assert found.exit_code == exit_code
    assert found.stdout.splitlines()[0].startswith(f"{mark} `b` ")
    assert found.stdout.splitlines()[-1].startswith(
        {1: "red (1 finding)", 3: "broken (1 finding)", 4: "stale (1 finding)"}[exit_code]
    )


def test_a_live_run_is_judged_against_its_baseline(tmp_path: Path) -> None:
    found = called(*live_runs(tmp_path, many(99) | {"attack": "pppp"}), "--attack-floor", "0.2")
    assert (found.exit_code, found.stdout.splitlines()) == (
        EvalExit.OK,
        [
            "attacks withstood: 1.000 [0.207, 1.000]",
            "pass^1 1.000, pass^2 1.000, pass^3 1.000, pass^4 1.000",
            "pass: 100 tickets at L3, 400 of 400 trials passed; rate 1.000 [0.963, 1.000]; before 1.000; p = 1",
        ],
    )


def test_a_broken_ticket_is_red_and_json_tells_it(tmp_path: Path) -> None:
    found = called(*live_runs(tmp_path, many(99) | {"x": "ffff"}), "--floor", "0.9", "--json")
    document = json.loads(found.stdout)
    assert (found.exit_code, document["exit"], document["answer"]) == (1, 1, "red")
    assert document["summary"] == found.stderr.splitlines()[-1]
    assert document["findings"][0] == {
        "answer": "red",
        "ticket": "x",
        "text": "`x` passed 0 of 4, before 16 of 16 (p = 0.00021, for all tickets 0.00021):"
        " outcome: expected 'issued', found ''",
    }
    assert document["figures"] == {
        "tickets": 100, "trials": 400, "passed": 396, "failed": 4, "stale": 0, "errors": 0, "not_run": 0,
        "rate": {"estimate": 0.99, "low": 0.945514, "high": 0.998233}, "attacks": None, "before": 1,
        "p": 0.000206398, "limit": 0.03, "pass_hat": [0.99, 0.99, 0.99, 0.99],
    }  # fmt: skip


def test_a_live_run_without_a_baseline_is_too_little_evidence(tmp_path: Path) -> None:
    found = called(write(tmp_path / "now.jsonl", many(100)))
    assert (found.exit_code, found.stdout.splitlines()[0]) == (
        EvalExit.THIN,
        "? there is nothing to compare with; give results of earlier runs, 16 of each ticket in all: --baseline FILE",
    )


def test_shards_are_judged_together(tmp_path: Path) -> None:
    shards = [
        write(tmp_path / f"{n}.jsonl", {f"t{n}": "p"}, header(level=Level.CODE, repeat=1, shard=f"{n}/2"))
        for n in (1, 2)
    ]
    assert called(*shards).stdout == "pass: 2 tickets at L1, 2 of 2 trials passed\n"
    assert called(shards[0]).exit_code == EvalExit.BROKEN


def test_a_quarantined_ticket_does_not_decide(tmp_path: Path) -> None:
    run = write(tmp_path / "now.jsonl", {"a": "p", "b": "f"}, header(level=Level.CODE, repeat=1))
    held = tmp_path / "held.yaml"
    entry = "schema: quarantine/1\ntickets: [{ticket: b, owner: Ana, reason: slow, expires: 2199-01-01}]\n"
    held.write_text(entry)
    found = called(run, "--quarantine", held)
    assert (found.exit_code, found.stdout.splitlines()[0]) == (
        EvalExit.OK,
        "· `b` is in quarantine: 0 of 1 repeats passed (Ana, until 2199-01-01: slow)",
    )
    held.write_text(entry.replace("2199", "2020"))
    assert called(run, "--quarantine", held).exit_code == EvalExit.BROKEN


def test_a_file_that_is_not_there_is_said(tmp_path: Path, one_message: OneMessage) -> None:
    path = tmp_path / "none.jsonl"
    for found in (called(path), compared(path, path)):
        assert (found.exit_code, one_message(found)) == (
            EvalExit.BROKEN,
            f"{path}: cannot be read (No such file or directory); check the path",
        )


def test_a_file_of_something_else_is_said(tmp_path: Path, one_message: OneMessage) -> None:
    path = tmp_path / "note.txt"
    path.write_text("hello\n")
    found = called(path)
    assert found.exit_code == EvalExit.BROKEN
    assert one_message(found).startswith(f"{path}:1: no header of a run stands here")


def test_a_run_that_was_killed_is_no_verdict(tmp_path: Path, one_message: OneMessage) -> None:
    path = write(tmp_path / "now.jsonl", {"a": "p"}, header(level=Level.CODE, repeat=1))
    path.write_bytes(path.read_bytes()[:-9])
    found = called(path)
    assert found.exit_code == EvalExit.BROKEN
    assert one_message(found).startswith(f"{path}: this run did not come to its end")


def test_a_baseline_of_another_level_is_refused(tmp_path: Path, one_message: OneMessage) -> None:
    run = write(tmp_path / "now.jsonl", {"a": "pppp"})
    other = write(tmp_path / "other.jsonl", {"a": "p"}, header("other", level=Level.CODE))
    found = called(run, "--baseline", other)
    assert (found.exit_code, one_message(found)) == (
        EvalExit.BROKEN,
        f"{other}:1: the level is L1, that of {run} is L3; give a baseline of L3",
    )


@pytest.mark.parametrize("words", [
    (), ("x", "--alpha", "0"), ("x", "--floor", "1"), ("x", "--alpha", "many"), ("x", "--alpha", "nan"),
    ("x", "--floor", "nan"), ("x", "--attack-floor", "nan"),
])  # fmt: skip
def test_what_cannot_be_asked_is_a_usage_error(words: tuple[str, ...]) -> None:
    assert called(*words).exit_code == EvalExit.USAGE


def test_a_difference_is_told_and_judges_nothing(tmp_path: Path) -> None:
    was = write(tmp_path / "a.jsonl", {"x": "p", "y": "f", "z": "p"}, header("a", repeat=1))
    now = write(tmp_path / "b.jsonl", {"x": "f", "y": "p", "w": "p"}, header("b", repeat=1))
    found = compared(was, now)
    assert (found.exit_code, found.stdout.splitlines()) == (
        0,
        [
            "✗ x: pass -> fail",
            "    state: wrong in 0 repeats, now in 1",
            "    state: + outcome: expected 'issued', found ''",
            "    step 1 of repeat 1: issue_bonus: pass -> issue_bonus: fail",
            "✓ y: fail -> pass",
            "    state: wrong in 1 repeats, now in 0",
            "    state: - outcome: expected 'issued', found ''",
            "    step 1 of repeat 1: issue_bonus: fail -> issue_bonus: pass",
            "gone: z",
            "new: w",
            f"{was}: 3 tickets, rate 0.667 [0.208, 0.939]",
            f"{now}: 3 tickets, rate 0.667 [0.208, 0.939]",
            "2 changed, 1 gone, 1 new",
        ],
    )


def test_a_difference_as_json(tmp_path: Path) -> None:
    was = write(tmp_path / "a.jsonl", {"x": "p"}, header("a", repeat=1))
    now = write(tmp_path / "b.jsonl", {"x": "e"}, header("b", repeat=2))
    document = json.loads(compared(was, now, "--json").stdout)
    assert document == {
        "schema_version": 1,
        "notes": ["the repeat was 1, and is 2"],
        "changes": [
            {
                "ticket": "x", "was": "pass", "now": "error", "why": "ModelDown: no answer", "parts": [],
                "step": {"repeat": 1, "step": 1, "was": "issue_bonus: pass", "now": "issue_bonus: error"},
            }
        ],
        "gone": [],
        "new": [],
        "rates": {
            "was": {"estimate": 1, "low": 0.206549, "high": 1}, "now": {"estimate": 0, "low": 0, "high": 0.793451}
        },
    }  # fmt: skip


def test_a_difference_to_a_run_that_was_killed_says_so(tmp_path: Path) -> None:
    was = write(tmp_path / "a.jsonl", {"x": "p"}, header("a", repeat=1))
    now = write(tmp_path / "b.jsonl", {"x": "p"}, header("b", repeat=1))
    now.write_bytes(now.read_bytes()[:-9])
    assert compared(was, now).stdout.splitlines()[0] == f"! {now}: this run did not come to its end"
