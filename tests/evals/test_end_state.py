"""The end of a ticket as rows, written down for a machine."""

from agent.run import Handled
from evals.end_state import EndState, end_state
from evals.whole import Whole

NOTHING = Whole(ticket_id="t", entries=[], decisions={}, effects=[], handoffs=[])


def test_a_ticket_of_which_nothing_is_kept_has_come_to_nothing() -> None:
    assert end_state(NOTHING, Handled(ticket_id="t", outcome="abandoned")) == EndState(
        outcome="abandoned", procedure="", verified="", decision="", tier="", effects=(), handoff="", replies=()
    )


def test_an_end_state_is_plain_for_a_machine() -> None:
    found = EndState(
        outcome="issued",
        procedure="bonus-request",
        verified="P1",
        decision="qualified",
        tier="vip",
        effects=("issue_bonus: done",),
        handoff="",
        replies=("Who are you?", "The VIP_50 bonus is yours."),
    )
    assert found.document() == {
        "outcome": "issued",
        "procedure": "bonus-request",
        "verified": "P1",
        "decision": "qualified",
        "tier": "vip",
        "effects": ["issue_bonus: done"],
        "handoff": "",
        "replies": ["Who are you?", "The VIP_50 bonus is yours."],
    }
