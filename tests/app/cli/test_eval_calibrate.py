"""`croupier eval calibrate` against an endpoint that judges: as people do, never, or not at all."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from evals.judging.calibration import read_calibration
from tests.evals.judging.served import SHIPPED, Body, as_people, served, shipped, verdict

MODEL = {"CROUPIER_MODEL": "small", "OPENAI_API_KEY": "sk-123"}
SOME = frozenset({3, 60})


def test_a_judge_who_agrees_with_people_is_calibrated(croupier: Callable[..., Result], tmp_path: Path) -> None:
    out = tmp_path / "judge.json"
    with served(as_people(shipped(), but=SOME)) as url:
        found = croupier(
            "eval", "calibrate", SHIPPED, "--out", out, "--jobs", "4", "--json", OPENAI_BASE_URL=url, **MODEL
        )
    document = json.loads(found.stdout)
    kept = read_calibration(out.read_text("utf-8"), name="judge.json")
    assert (found.exit_code, document["calibrated"], document["why_not"], kept.weak) == (0, True, "", "")
    assert [(one["line"], len(one["votes"])) for one in document["missed"]] == [(line, 3) for line in sorted(SOME)]
    assert (document["good"]["right"], kept.good.right) == (kept.good.of - 1, kept.good.of - 1)
    assert "✓ calibrated." in found.stderr
    assert "sk-123" not in found.output + out.read_text("utf-8")


def test_the_votes_on_a_reply_are_drawn_by_different_seeds(croupier: Callable[..., Result], tmp_path: Path) -> None:
    asked: list[Body] = []
    labels = tmp_path / "labels.jsonl"
    labels.write_text(SHIPPED.read_text("utf-8").splitlines()[0], "utf-8")

    def answer(body: Body) -> Body:
        asked.append(body)
        return verdict("good")

    with served(answer) as url:
        found = croupier("eval", "calibrate", labels, "--seed", "7", OPENAI_BASE_URL=url, **MODEL)
    assert [(one["seed"], one["temperature"], one["tool_choice"]) for one in asked] == [
        (seed, 0.5, "required") for seed in (7, 8, 9)
    ]
    assert (found.exit_code, "? not calibrated: 1 labelled replies; at least 100 are needed." in found.stdout) == (
        *(5, True),
    )


def test_a_judge_who_calls_everything_good_is_not(croupier: Callable[..., Result], tmp_path: Path) -> None:
    out = tmp_path / "judge.json"
    with served(lambda _: verdict("good", why="It is kind.")) as url:
        found = croupier("eval", "calibrate", SHIPPED, "--out", out, OPENAI_BASE_URL=url, **MODEL)
    bad = sum(one.label.kind is not None for one in shipped())
    assert found.exit_code == 5  # insufficient evidence
    assert f"bad replies judged right: 0 of {bad}, 0.000 at least" in found.stdout
    assert "✗ line 53 is bad (untrue): good: It is kind.; good: It is kind.; good: It is kind." in found.stdout
    assert read_calibration(out.read_text("utf-8"), name="judge.json").weak != ""


def test_without_a_language_model_nobody_judges(
    croupier: Callable[..., Result], one_message: Callable[[Result], str]
) -> None:
    found = croupier("eval", "calibrate", SHIPPED)
    assert (found.exit_code, one_message(found).startswith("no language model is configured, and the built-in")) == (
        *(2, True),
    )


def test_a_model_that_refuses_the_key_measures_nothing(
    croupier: Callable[..., Result], one_message: Callable[[Result], str], refusing_model: str, tmp_path: Path
) -> None:
    out = tmp_path / "judge.json"
    found = croupier("eval", "calibrate", SHIPPED, "--out", out, OPENAI_BASE_URL=refusing_model, **MODEL)
    message = f"model `small` at {refusing_model}/ refused the key; mend OPENAI_API_KEY; nothing was measured"
    assert (found.exit_code, one_message(found), out.exists()) == (3, message, False)


@pytest.mark.parametrize(
    ("text", "why"), [("{", ":1: this is no JSON: "), ('{"reply": "x"}\n', ":1: conversation: this field is missing")]
)
def test_labels_that_cannot_be_read_are_an_invalid_file(
    croupier: Callable[..., Result], tmp_path: Path, text: str, why: str
) -> None:
    labels = tmp_path / "labels.jsonl"
    labels.write_text(text)
    found = croupier("eval", "calibrate", labels, **MODEL)
    assert (found.exit_code, found.stdout, found.stderr.startswith(f"{labels}{why}")) == (3, "", True), found.stderr


def test_a_folder_that_is_not_there_is_said_before_anything_is_asked(
    croupier: Callable[..., Result], one_message: Callable[[Result], str], tmp_path: Path
) -> None:
    out = tmp_path / "none" / "judge.json"
    found = croupier("eval", "calibrate", SHIPPED, "--out", out, **MODEL)
    assert (found.exit_code, one_message(found)) == (
        2,
        f"--out is {out}; there is no folder {out.parent}: make it first",
    )
