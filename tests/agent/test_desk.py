"""What a ticket's conditionals may read: fields as they are known, at the moment of the desk's clock."""

import pytest

from agent.desk import look
from agent.state import State, first_state
from casino.rules.evaluate import check
from casino.rules.parse import parse_condition
from casino.verdict import Outcome
from tests.desks import Desk, desk

RULE = parse_condition("days since player.lastDepositAt <= 7")


def outcome(open_desk: Desk) -> Outcome:
    state: State = {
        **first_state("t1", "lucky-spin"),
        "procedure": "bonus-request",
        "fields": {"player": {"lastDepositAt": "2026-11-15T12:00:00Z"}},
    }
    return check(RULE, look(state, open_desk.sandbox.deps, ()).known).outcome


@pytest.mark.parametrize(("days", "expected"), [(0, Outcome.PASS), (2.9, Outcome.PASS), (3, Outcome.FAIL)])
def test_days_since_a_field_are_counted_by_the_clock_of_the_desk(days: float, expected: Outcome) -> None:
    at_noon_of_the_20th = desk()
    at_noon_of_the_20th.clock.later(days=days)
    assert outcome(at_noon_of_the_20th) is expected
