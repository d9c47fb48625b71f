"""A run is counted while its trials pass by."""

from dataclasses import replace

import pytest

from evals.report.report import read_through
from evals.report.tally import Tally
from evals.trial import Difference, Status, Trial
from tests.evals.report.runs import BROKEN, CHANGED, EVERY, FAILED, HOSTILE, LEFT, PASSED, STALE, WIDE, repeated


def test_every_trial_is_counted_once() -> None:
    tally = read_through(EVERY, [])
    assert (tally.trials, len(tally.tickets), tally.worst) == (7, 7, Status.FAIL)
    assert tally.headline == "1 passed, 3 failed, 1 stale, 1 could not be played, 1 not run"
    assert (tally.model_calls, tally.tool_calls) == (35, 28)


def test_the_headline_leaves_out_what_there_is_none_of() -> None:
    assert (read_through([PASSED], []).headline, Tally().headline) == ("1 passed, 0 failed", "0 passed, 0 failed")


@pytest.mark.parametrize(
    ("trials", "worst"),
    [
        ([PASSED], Status.PASS),
        ([PASSED, LEFT], Status.NOT_RUN),
        ([LEFT, STALE], Status.STALE),
        ([STALE, BROKEN], Status.ERROR),
        ([BROKEN, FAILED], Status.FAIL),
        ([], Status.NOT_RUN),
    ],
)
def test_the_worst_status_speaks_for_the_run(trials: list[Trial], worst: Status) -> None:
    assert read_through(trials, []).worst is worst


def test_stale_tickets_are_grouped_by_what_changed_the_most_first() -> None:
    schema = replace(CHANGED, kind=Difference.TOOL_SCHEMA, segment="tools/issue_bonus")
    trials = [
        replace(STALE, ticket="a", divergences=(schema, CHANGED)),
        replace(STALE, ticket="b"),
        replace(STALE, ticket="b", repeat=2),
    ]
    grouped = read_through(trials, []).by_segment()
    assert [(one.kind, one.segment, [*one.tickets]) for one in grouped] == [
        (Difference.PROMPT, "procedure/bonus-request", ["a", "b"]),
        (Difference.TOOL_SCHEMA, "tools/issue_bonus", ["a"]),
    ]
    assert grouped[0].first == CHANGED


def test_pass_power_is_the_mean_over_tickets_of_how_often_k_plays_all_pass() -> None:
    one_of_four_fails = repeated(PASSED, [Status.PASS, Status.FAIL, Status.PASS, Status.PASS])
    tally = read_through([*one_of_four_fails, *repeated(FAILED, [Status.PASS] * 4)], [])
    assert [tally.pass_power(k) for k in (1, 2, 4)] == [0.875, 0.75, 0.5]


def test_pass_power_is_not_given_where_a_ticket_was_played_too_little() -> None:
    tally = read_through([*repeated(PASSED, [Status.PASS] * 2), HOSTILE, WIDE], [])
    assert (tally.pass_power(2), Tally().pass_power(1)) == (None, None)


def test_what_could_not_be_run_stays_in_the_denominator() -> None:
    assert read_through(repeated(PASSED, [Status.PASS, Status.ERROR]), []).pass_power(1) == 0.5
