"""The comparison of end states: every difference, one line each, and nothing that was not asked for."""

from dataclasses import replace

from evals.end_state import EndState, differences
from evals.expect import Expected

FOUND = EndState(
    outcome="issued",
    procedure="bonus-request",
    verified="P1",
    decision="qualified",
    tier="vip",
    effects=("issue_bonus: done",),
    handoff="",
    replies=("Who are you?", "The VIP_50 bonus is yours."),
)
EXPECTED = Expected(
    outcome="issued",
    effects=("issue_bonus: done",),
    procedure="bonus-request",
    verified="P1",
    decision="qualified",
    tier="vip",
    handoff="",
    granted=("P1",),
    said=("VIP_50", "Who are"),
    never_said=("sorry",),
)


def test_an_end_state_as_expected_has_no_differences() -> None:
    assert differences(EXPECTED, FOUND, ["P1"]) == []


def test_every_part_that_differs_is_a_line() -> None:
    found = EndState(
        outcome="escalated",
        procedure="other",
        verified="",
        decision="unknown",
        tier="",
        effects=(),
        handoff="decision_unknown",
        replies=("I am sorry.",),
    )
    assert differences(EXPECTED, found, []) == [
        "outcome: expected 'issued', found 'escalated'",
        "effects: expected ('issue_bonus: done',), found ()",
        "procedure: expected 'bonus-request', found 'other'",
        "verified: expected 'P1', found ''",
        "decision: expected 'qualified', found 'unknown'",
        "tier: expected 'vip', found ''",
        "handoff: expected '', found 'decision_unknown'",
        "granted: expected ('P1',), found ()",
        "said: no reply contains 'VIP_50'",
        "said: no reply contains 'Who are'",
        "never_said: a reply contains 'sorry'",
    ]


def test_what_is_left_out_is_not_compared_but_outcome_and_effects_always_are() -> None:
    least = Expected(outcome="issued", effects=())
    assert differences(least, FOUND, ["P1", "P2"]) == ["effects: expected (), found ('issue_bonus: done',)"]


def test_an_expected_nobody_is_not_the_same_as_nothing_expected() -> None:
    nobody = EXPECTED.model_copy(update={"verified": "", "granted": ()})
    assert differences(nobody, FOUND, ["P1"]) == [
        "verified: expected '', found 'P1'",
        "granted: expected (), found ('P1',)",
    ]


def test_an_effect_that_happened_twice_is_a_difference() -> None:
    twice = replace(FOUND, effects=("issue_bonus: done", "issue_bonus: done"))
    assert differences(EXPECTED, twice, ["P1", "P1"]) == [
        "effects: expected ('issue_bonus: done',), found ('issue_bonus: done', 'issue_bonus: done')",
        "granted: expected ('P1',), found ('P1', 'P1')",
    ]


def test_grants_that_cannot_be_seen_from_here_are_not_compared() -> None:
    assert differences(EXPECTED, FOUND, None) == []
    assert differences(EXPECTED, FOUND, []) == ["granted: expected ('P1',), found ()"]
