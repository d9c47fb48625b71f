"""Earlier runs are pooled ticket by ticket; what would count twice or answers another question is refused."""

from dataclasses import replace

import pytest

from evals.gate.baseline import NOTHING_BEFORE, Baseline, Passes, baseline_for
from evals.gate.sample import GateError, Sample
from evals.trial import Level
from tests.evals.gate.runs import header, sample


def test_earlier_runs_are_pooled() -> None:
    before = [
        sample({"a": "pppf", "b": "ppee"}, header("one")),
        sample({"a": "pppp", "c": "snnn"}, header("two", seed=8)),
    ]
    assert baseline_for(sample({"a": "pppp"}), before) == Baseline(
        files=("one.jsonl", "two.jsonl"),
        tickets={"a": Passes(7, 8), "b": Passes(2, 2), "c": Passes(0, 0)},
        headers=(header("one"), header("two", seed=8)),
    )


def test_what_one_model_drew_by_one_seed_counts_once() -> None:
    one, longer = header("one"), header("two", repeat=5)
    other = replace(header("three"), versions={"model": "another"})
    before = [sample({"a": "pppf"}, one), sample({"a": "ppppf"}, longer), sample({"a": "ffff"}, other)]
    found = baseline_for(sample({"a": "pppp"}), before)
    assert (found.tickets, found.again) == ({"a": Passes(3, 9)}, 4)


def test_a_draw_without_a_verdict_leaves_its_place_to_another_night() -> None:
    before = [sample({"a": "eeee"}, header("one")), sample({"a": "pppp"}, header("two"))]
    found = baseline_for(sample({"a": "pppp"}), before)
    assert (found.tickets, found.again) == ({"a": Passes(4, 4)}, 0)


def test_it_is_known_what_was_an_attack() -> None:
    found = baseline_for(sample({"attack-a": "pppp"}), [sample({"attack-a": "pppp"}, header("one"))])
    assert found.tickets == {"attack-a": Passes(4, 4, attack=True)}


@pytest.mark.parametrize(("ours", "theirs"), [("policy", "gpt"), ("gpt", "policy")])
def test_the_policy_model_says_nothing_of_a_language_model(ours: str, theirs: str) -> None:
    def run(name: str, model: str) -> Sample:
        return sample({"a": "pppp"}, replace(header(name), versions={"model": model}))

    with pytest.raises(
        GateError, match=rf"b\.jsonl:1: the model is {theirs}, that of now\.jsonl is {ours}; the policy"
    ):
        baseline_for(run("now", ours), [run("b", theirs)])
    assert baseline_for(run("now", ours), [run("b", ours)]).tickets == {"a": Passes(4, 4)}


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
