"""The summary line and the exit code come from one object."""

from decimal import Decimal

import pytest

from evals.run.summary import ControlCounts, RunExit, Summary
from evals.trial import Status


@pytest.mark.parametrize(
    ("summary", "code", "line"),
    [
        (Summary(planned=2, counts={Status.PASS: 2}), RunExit.PASS, "2 passed, 0 failed"),
        (Summary(planned=0, counts={}), RunExit.PASS, "0 passed, 0 failed"),  # an empty shard
        (Summary(planned=1, counts={Status.FAIL: 1}), RunExit.FAILED, "0 passed, 1 failed"),
        (
            Summary(planned=3, counts={Status.FAIL: 1, Status.ERROR: 1, Status.STALE: 1}),
            RunExit.FAILED,
            "0 passed, 1 failed, 1 stale, 1 could not be played",
        ),
        (
            Summary(planned=2, counts={Status.ERROR: 1, Status.STALE: 1}),
            RunExit.NO_VERDICT,
            "0 passed, 0 failed, 1 stale, 1 could not be played",
        ),
        (
            Summary(planned=2, counts={Status.PASS: 1, Status.STALE: 1}),
            RunExit.STALE,
            "1 passed, 0 failed, 1 stale",
        ),
        (
            Summary(
                planned=4,
                counts={Status.PASS: 3, Status.NOT_RUN: 1},
                kept=2,
                again=1,
                cost=Decimal("5.02"),
                why_not_run="the budget of 5 is spent (5.02)",
            ),
            RunExit.NO_VERDICT,
            (
                "3 passed, 0 failed, 1 not run; 2 taken from the journal; 1 played again after an error; cost 5.02; "
                "the budget of 5 is spent (5.02)"
            ),
        ),
        (
            Summary(planned=2, counts={Status.FAIL: 1, Status.NOT_RUN: 1}, interrupted=True),
            RunExit.INTERRUPTED,
            "0 passed, 1 failed, 1 not run; interrupted; the journal is kept",
        ),
    ],
)
def test_the_line_and_the_code_agree(summary: Summary, code: RunExit, line: str) -> None:
    assert (summary.exit, summary.line) == (code, line)


@pytest.mark.parametrize(
    ("summary", "complete"),
    [
        (Summary(planned=1, counts={Status.ERROR: 1}), True),
        (Summary(planned=2, counts={Status.PASS: 1, Status.NOT_RUN: 1}), False),
        (Summary(planned=1, counts={Status.PASS: 1}, interrupted=True), False),
    ],
)
def test_a_run_is_complete_where_everything_was_played(summary: Summary, complete: bool) -> None:
    assert summary.complete is complete


def counted(passed: int, of: int) -> ControlCounts:
    counts = ControlCounts()
    for number in range(of):
        counts.add({"do-nothing": "pass" if number < passed else "fail", "always-issue": "fail"})
    return counts


def test_the_controls_are_counted_by_name() -> None:
    assert counted(3, 98).line == "controls: do-nothing 3 of 98, always-issue 0 of 98"
    assert (ControlCounts().line, ControlCounts().warnings) == ("", ())


def test_a_control_that_passes_more_than_a_fifth_is_warned_of() -> None:
    assert counted(20, 100).warnings == ()
    assert counted(21, 100).warnings == (
        (
            "the control do-nothing passes 21 of 100 tickets, more than 20 %: what passes without any judgement proves "
            "little; let the tickets expect more"
        ),
    )
