"""Labelled replies as a file, and what is wrong with one."""

import json
from collections import Counter
from pathlib import Path

import pytest

from evals.judging.calibration import LEAST
from evals.judging.judge import Case, Kind, Verdict
from evals.judging.labels import LabelsError, read_labels
from evals.judging.talk import Line
from tests.evals.judging.served import shipped

GOOD = {"conversation": [{"role": "player", "text": "Hi"}], "reply": "Hello.", "label": "good", "why": "It greets."}


def written(path: Path, *lines: object) -> Path:
    file = path / "labels.jsonl"
    file.write_text("".join(f"{one if isinstance(one, str) else json.dumps(one)}\n" for one in lines), "utf-8")
    return file


def test_a_label_is_a_case_with_what_people_say(tmp_path: Path) -> None:
    bad = {**GOOD, "reply": "Go away.", "label": "bad", "kind": "rude"}
    labels = read_labels(written(tmp_path, GOOD, "", bad))
    assert [(one.line, one.case, one.verdict) for one in labels.labelled] == [
        (1, Case((Line("player", "Hi"),), "Hello."), Verdict.GOOD),
        (3, Case((Line("player", "Hi"),), "Go away."), Verdict.BAD),
    ]


def test_the_labels_that_ship_are_enough_and_cover_every_kind() -> None:
    counted = Counter(one.label.kind for one in shipped())
    assert (counted[None] >= LEAST // 2, sum(counted.values()) - counted[None] >= LEAST // 2) == (True, True)
    assert [kind for kind in Kind if counted[kind.value] < 9] == []  # of each kind some


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        (["{"], "1: this is no JSON: "),
        (
            [{**GOOD, "kind": "rude"}],
            "1: a bad reply has a `kind` (untrue, promise, rude, language, leak, no_answer), ",
        ),
        ([{**GOOD, "label": "bad"}], "1: a bad reply has a `kind` "),
        ([{**GOOD, "whi": "x"}], "1: whi: there is no such field; leave it out"),
        ([{key: GOOD[key] for key in GOOD if key != "why"}], "1: why: this field is missing; add it"),
        ([{**GOOD, "conversation": []}], "1: conversation: "),
        ([{**GOOD, "label": "fine"}], "1: label: "),
        ([GOOD, {**GOOD, "why": "Again."}], "2: the same reply to the same conversation stands in line 1"),
        ([GOOD, {**GOOD, "label": "bad", "kind": "rude"}], "2: the same reply to the same conversation"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(tmp_path: Path, lines: list[object], why: str) -> None:
    file = written(tmp_path, *lines)
    with pytest.raises(LabelsError) as raised:
        read_labels(file)
    assert str(raised.value).startswith(f"{file}:{why}"), str(raised.value)


def test_all_that_is_wrong_is_said_at_once(tmp_path: Path) -> None:
    file = written(tmp_path, "[]", GOOD, "{")
    with pytest.raises(LabelsError) as raised:
        read_labels(file)
    assert [line.split(": ")[0] for line in str(raised.value).split("\n")] == [f"{file}:1", f"{file}:3"]


def test_a_file_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    with pytest.raises(LabelsError, match=r"none\.jsonl: cannot be read"):
        read_labels(tmp_path / "none.jsonl")
    (tmp_path / "bytes").write_bytes(b"\xff")
    with pytest.raises(LabelsError, match="not UTF-8 text"):
        read_labels(tmp_path / "bytes")
