"""Order: the rules of a ticket, and the law that it need not write down."""

from dataclasses import replace

import pytest

from agent.house import House
from agent.model.scripted import ScriptedModel, call, say
from evals.expect import Order
from evals.grading.order import order_of
from tests.evals.grading.played import Played, edited, is_about, numbered, played, without

VERIFY, QUALIFY, ISSUE = "verify_player_identity", "qualify_for_bonus", "issue_bonus"


@pytest.mark.parametrize(
    "order",
    [
        {"before": [[VERIFY, QUALIFY, ISSUE]]},
        {"before": [[ISSUE, "transfer_to_live_agent"]]},
        {"exactly": {ISSUE: 1, "transfer_to_live_agent": 0}},
        {"at_most": {ISSUE: 1}},
        {"forbid": ["transfer_to_live_agent", "procedure_elsewhere"]},
        {"eventually": [VERIFY, ISSUE]},
    ],
)
def test_an_order_that_is_kept_says_nothing(issued: Played, order: dict[str, object]) -> None:
    assert issued.wrong(order=order) == {}


@pytest.mark.parametrize(
    ("order", "why"),
    [
        ({"before": [[ISSUE, VERIFY]]}, f"before: `{VERIFY}` was called before `{ISSUE}` had succeeded"),
        (
            {"before": [["player_profile", QUALIFY]]},
            f"before: `{QUALIFY}` was called before `player_profile` had succeeded",
        ),
        ({"exactly": {ISSUE: 2}}, f"exactly: `{ISSUE}` was to be called 2 times, and was 1 times"),
        ({"at_most": {ISSUE: 0}}, f"at_most: `{ISSUE}` was to be called at most 0 times, and was 1 times"),
        ({"forbid": [ISSUE]}, f"forbid: `{ISSUE}` was called"),
        ({"eventually": ["player_profile"]}, "eventually: `player_profile` never succeeded"),
        ({"forbid": ["isue_bonus"]}, 'order: there is no tool `isue_bonus`. Did you mean "issue_bonus"?'),
    ],
)
def test_an_order_that_is_broken_is_a_line(issued: Played, order: dict[str, object], why: str) -> None:
    assert issued.wrong(order=order) == {"order": (why,)}


async def test_an_issue_before_the_verification_is_wrong_though_the_tool_layer_refused_it(house: House) -> None:
    details = {"email": "anna.keller@example.com", "date_of_birth": "1990-04-12"}
    issue = call(ISSUE, decision_id="D-1")
    rest = [call(VERIFY, **details), call(QUALIFY), issue, say("The VIP_50 bonus is on your account now.")]
    early = await played("demo/1-issued", house, model=ScriptedModel([say("Who are you?"), issue, *rest]))
    assert early.seen.end == replace(early.seen.end, outcome="issued", effects=("issue_bonus: done",))
    assert early.wrong()["order"] == (
        "law: `issue_bonus` was called before there was a `verified_player`",
        "law: `issue_bonus` was called before there was a `granted_decision`",
        "law: the decision 'D-1' was to be carried out 2 times",
    )


def test_a_record_without_the_verification_is_wrong_though_the_end_state_is_the_same(issued: Played) -> None:
    assert issued.wrong(without(issued.seen, is_about(VERIFY)))["order"] == (
        "law: `qualify_for_bonus` was called before there was a `verified_player`",
        "law: `issue_bonus` was called before there was a `verified_player`",
    )


async def test_a_call_after_the_hand_over_is_wrong(house: House) -> None:
    ticket = await played("demo/4-human", house)
    begun = next(one for one in ticket.seen.whole.entries if one.kind == "tool_call")
    late = replace(begun, body={"id": "late", "name": "player_balance", "arguments": {}})
    wrong = ticket.wrong(edited(ticket.seen, entries=numbered([*ticket.seen.whole.entries, late])))
    assert wrong["order"] == (
        "law: `player_balance` was called before there was a `verified_player`",
        "law: `player_balance` was called after the ticket had been handed over",
    )


async def test_a_hand_over_by_the_house_succeeds_and_nobody_made_it(house: House) -> None:
    ticket = await played("faults/kyc-down", house)
    way = "transfer_to_live_agent"
    assert ticket.wrong(order={"exactly": {way: 1}, "eventually": [way], "before": [[VERIFY, way]]}) == {}
    locked = await played("demo/3-locked-out", house)
    assert locked.wrong(order={"exactly": {way: 0, VERIFY: 3}, "eventually": [way]}) == {}


async def test_the_strictest_order_of_a_trajectory_is_kept_by_it(house: House) -> None:
    ticket = await played("qualify/high-value-vip", house)
    strict = order_of(ticket.seen)
    names = (VERIFY, "player_profile", QUALIFY, "transfer_to_live_agent")
    assert strict == Order(before=(names,), exactly=dict.fromkeys(names, 1))
    assert ticket.wrong(order=strict.model_dump()) == {}


async def test_an_order_that_a_trajectory_does_not_keep_is_not_claimed(house: House) -> None:
    locked = await played("demo/3-locked-out", house)
    assert order_of(locked.seen) == Order(exactly={VERIFY: 3})
