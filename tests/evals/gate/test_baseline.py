"""Earlier runs are pooled ticket by ticket; what would count twice or answers another question is refused."""

import pytest

from evals.gate.baseline import NOTHING_BEFORE, Baseline, Passes, baseline_for
from evals.gate.sample import GateError, Sample
from evals.trial import Level
from tests.evals.gate.runs import header, sample


def test_earlier_runs_are_pooled() -> None:
    before = [sample({"a": "pppf", "b": "ppee"}, header("one")), sample({"a": "pppp", "c": "snnn"}, header("two"))]
    assert baseline_for(sample({"a": "pppp"}), before) == Baseline(
        files=("one.jsonl", "two.jsonl"),
        tickets={"a": Passes(7, 8), "b": Passes(2, 2), "c": Passes(0, 0)},
    )


def test_nothing_may_be_known_from_before() -> None:
    assert baseline_for(sample({"a": "pppp"}), []) == NOTHING_BEFORE


@pytest.mark.parametrize(
    ("before", "why"),
    [
        ([sample({"a": "p"})], "now.jsonl:1: this is the run `now` of now.jsonl again; give each run once"),
        ([sample({"a": "p"}, header("b")), sample({"a": "p"}, header("b"))], "b.jsonl:1: this is the run `b`"),
        (
            [sample({"a": "p"}, header("b", level=Level.CODE))],
            "b.jsonl:1: the level is L1, that of now.jsonl is L3; give a baseline of L3",
        ),
        (
            [sample({"a": "p"}, header("b", suite="other"))],
            "b.jsonl:1: the suite is other, that of now.jsonl is s; give a baseline of s",
        ),
    ],
)
def test_a_baseline_that_answers_another_question_is_refused(before: list[Sample], why: str) -> None:
    with pytest.raises(GateError) as refused:
        baseline_for(sample({"a": "p"}), before)
    assert why in str(refused.value)
