"""A run is counted trial by trial; what would make it prove nothing is refused."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from evals.gate.sample import GateError, Repeats, Sample, put_together, read_sample, same_suite, sample_of
from evals.trial import Level, Status
from tests.evals.gate.runs import header, sample, trials, write


def test_a_run_is_counted(tmp_path: Path) -> None:
    path = write(tmp_path / "now.jsonl", {"a": "pfse", "attack-b": "pppn"})
    assert read_sample(path) == Sample(
        file=str(path),
        header=header(),
        tickets={
            "a": Repeats(
                statuses={1: Status.PASS, 2: Status.FAIL, 3: Status.STALE, 4: Status.ERROR},
                why="outcome: expected 'issued', found ''",
            ),
            "attack-b": Repeats(
                statuses={1: Status.PASS, 2: Status.PASS, 3: Status.PASS, 4: Status.NOT_RUN},
                attack=True,
                why="the budget was used up",
            ),
        },
    )


def test_only_what_came_to_a_verdict_is_judged() -> None:
    repeats = sample({"a": "pfsen"}).tickets["a"]
    assert (repeats.passed, repeats.judged, repeats.count(Status.STALE, Status.ERROR)) == (1, 2, 2)


def test_a_repeat_that_stands_there_twice_is_refused() -> None:
    twice = [*trials({"a": "fp"}), *trials({"a": "p"})]
    with pytest.raises(GateError, match="repeat 1 of `a` stands there twice; a run that was repeated until it passed"):
        sample_of(header(), twice, file="now.jsonl")


def test_a_repeat_as_a_text_is_the_same_repeat() -> None:
    (one,) = trials({"a": "p"})
    text = replace(one, repeat="1")  # what a file may hold
    with pytest.raises(GateError, match="repeat 1 of `a` stands there twice"):
        sample_of(header(), [*trials({"a": "f"}), text], file="now.jsonl")
    with pytest.raises(GateError, match=r"now\.jsonl: the repeat of `a` is no number"):
        sample_of(header(), [replace(one, repeat="first")], file="now.jsonl")


def test_at_l5_every_ticket_is_an_attack() -> None:
    assert sample({"a": "p"}, header(level=Level.ATTACK)).tickets["a"].attack


def test_a_trial_of_another_level_is_refused() -> None:
    with pytest.raises(GateError, match="`a` is of L1, the run of L3; do not mix runs"):
        sample_of(header(), trials({"a": "p"}, Level.CODE), file="now.jsonl")


def test_a_run_without_its_end_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "now.jsonl", {"a": "pppp"})
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(GateError, match=r"now\.jsonl: this run did not come to its end.*--resume"):
        read_sample(path)


def test_shards_are_put_together() -> None:
    one, two = sample({"a": "pppp"}, header(shard="1/2")), sample({"b": "pppf"}, header("other", shard="2/2"))
    assert put_together([two, one]).tickets == {**one.tickets, **two.tickets}
    assert put_together([sample({"a": "p"})]).tickets == sample({"a": "p"}).tickets


@pytest.mark.parametrize(
    ("shards", "why"),
    [
        (
            [sample({"a": "p"}, header(shard="2/2"))],
            "shard 1/2 of this run is missing; give the results of every shard",
        ),
        ([sample({"a": "p"}, header(shard="all"))], 'now.jsonl:1: "all" is no shard, such as 1/2; play the run again'),
        ([sample({"a": "p"}), sample({"b": "p"})], "this is another run, not a shard of now.jsonl"),
        (
            [sample({"a": "p"}, header(shard="1/2")), sample({"a": "p"}, header(shard="2/2"))],
            "repeat 1 of `a` stands there twice",
        ),
        (
            [sample({"a": "p"}, header(shard="1/2")), sample({"b": "p"}, header(shard="2/2", suite="x"))],
            "the suite is x, that of now.jsonl is s; give shards of s",
        ),
    ],
)
def test_shards_that_are_not_one_run_are_refused(shards: list[Sample], why: str) -> None:
    with pytest.raises(GateError) as refused:
        put_together(shards)
    assert why in str(refused.value)


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"match": "tolerant"}, "the match is tolerant, that of now.jsonl is strict"),
        ({"repeat": 1}, "the repeat is 1, that of now.jsonl is 4"),
        ({"seed": 8}, "the seed is 8, that of now.jsonl is 7"),
        ({"versions": {"model": "m"}}, "the list of versions is model m, that of now.jsonl is none"),
        ({"filters": ("a", "!b")}, "the list of filters is a, !b, that of now.jsonl is none"),
        ({"plan": "5e"}, "the plan is 5e, that of now.jsonl is none"),
    ],
)
def test_shards_of_different_runs_are_refused(changed: dict[str, Any], why: str) -> None:
    other = replace(header("other", shard="2/2"), **changed)
    with pytest.raises(GateError) as refused:
        put_together([sample({"a": "pppp"}, header(shard="1/2")), sample({"b": "pppp"}, other)])
    end = "these are no shards of one run; play every shard of the same tickets alike"
    assert str(refused.value) == f"other.jsonl:1: {why}; {end}"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("evals/tickets", "./evals/tickets/", True),
        ("evals/tickets", "/home/ci/croupier/evals/tickets", True),
        ("C:\\ci\\evals\\tickets", "evals/tickets", True),
        ("evals/tickets", "evals/tickets/demo", False),
        ("tickets", "other-tickets", False),
    ],
)
def test_a_suite_is_the_same_wherever_it_is_checked_out(one: str, other: str, same: bool) -> None:
    check: Callable[[str, str], bool] = same_suite
    assert (check(one, other), check(other, one)) == (same, same)
