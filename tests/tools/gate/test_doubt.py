"""Doubt: what nobody knows is asked about, never tried blindly, and in the end a human's."""

from dataclasses import replace
from datetime import timedelta
from typing import Any, Literal

import pytest

from casino.values import Document
from tests.tools.gate.outside import (
    LATER,
    NOON,
    PAY,
    Outside,
    call,
    checked,
    gate,
    in_mode,
    intent,
    outside,
    state,
    told,
    vote,
)
from tests.tools.gate.test_door import DONE, PENDING, VETOED
from tools.approvals import About, ApprovalState
from tools.gate.doubts import IN_FLIGHT
from tools.gate.rules import Mode
from tools.ledger import Effect, EffectState
from tools.ports import OutcomeUnknown, Refused, Unavailable
from tools.record import Kind as Told
from tools.tool import Grounds, Result, Status, Tool

CANNOT_ASK = replace(PAY, reconcile=None)


async def doubts(hands: Outside) -> list[ApprovalState]:
    """Return where the questions about doubts stand."""
    return [one.state for one in await hands.stores.approvals() if one.about is About.DOUBT]


async def test_a_lost_answer_is_found_by_asking_and_nothing_is_done_again() -> None:
    hands = outside(OutcomeUnknown(), answers=[{"paid": True}])
    assert await gate(hands).admit(PAY, intent(), call()) == DONE
    assert (hands.acted, hands.asked, await doubts(hands)) == (1, 1, [])


async def test_an_effect_that_is_certainly_absent_is_tried_once_more() -> None:
    hands = outside(OutcomeUnknown(), {"paid": True}, answers=[None])
    assert await gate(hands).admit(PAY, intent(), call()) == DONE
    assert hands.acted == 2


@pytest.mark.parametrize("answers", [[Unavailable("down")] * 3, [None], [OutcomeUnknown()]])
async def test_what_cannot_be_settled_is_in_the_inbox_of_humans(answers: list[Document | Exception | None]) -> None:
    hands = outside(OutcomeUnknown(), OutcomeUnknown(), answers=answers)
    result = await gate(hands).admit(PAY, intent(), call())
    assert isinstance(result, Result)
    assert (result.status, result.escalate) == (Status.UNKNOWN, "outcome_unknown")
    assert (await state(hands), await doubts(hands)) == (EffectState.UNKNOWN, [ApprovalState.OPEN])


async def test_a_question_says_all_that_a_human_needs() -> None:
    hands = outside(OutcomeUnknown())
    await gate(hands).admit(CANNOT_ASK, intent(decision_id="D-1"), call())
    asked = await hands.stores.approval_for("pay:1", About.DOUBT)
    assert asked is not None
    assert (asked.tool, asked.ticket_id, asked.needed, asked.requester) == ("pay", "t1", 1, "croupier")
    assert asked.intent == {
        "key": "pay:1",
        "business_key": "pay:player:today",
        "body": {"amount": 5},
        "decision_id": "D-1",
    }
    assert asked.standing(NOON + timedelta(days=3650)) is ApprovalState.OPEN


async def test_an_effect_that_a_dead_process_left_pending_is_asked_about_first() -> None:
    hands = outside(answers=[{"paid": True}])
    await hands.stores.claim(PENDING)
    assert await gate(hands).admit(PAY, intent(), call()) == DONE
    assert (hands.acted, hands.asked) == (0, 1)


async def test_what_was_claimed_is_done_and_not_what_is_asked_for_now() -> None:
    hands = outside({"paid": True}, answers=[None])
    await hands.stores.claim(PENDING)
    await gate(hands).admit(PAY, intent(amount=500), call())
    assert hands.bodies == [{"amount": 5}]


async def test_the_other_side_that_takes_a_key_once_gets_it_again() -> None:
    hands = outside(OutcomeUnknown(), {"paid": True})
    repeatable = replace(PAY, reconcile=None, repeatable=True)
    assert await gate(hands).admit(repeatable, intent(), call()) == DONE
    assert (hands.acted, hands.asked) == (2, 0)


@pytest.mark.parametrize(
    ("mode", "code"), [(Mode.READ_ONLY, "read_only"), (Mode.SHADOW, "read_only"), (Mode.AUTOMATIC, "vetoed")]
)
async def test_an_absent_effect_is_not_tried_again_where_it_would_not_be_let_through_now(mode: Mode, code: str) -> None:
    hands = outside({"paid": True}, answers=[None])
    await hands.stores.claim(PENDING)
    later = call(now=NOON + IN_FLIGHT)
    result = await gate(hands, in_mode(mode)).admit(checked(VETOED), intent(), later)
    assert isinstance(result, Result)
    assert (result.data["code"], hands.acted, await state(hands)) == (code, 0, EffectState.FAILED)


@pytest.mark.parametrize(
    ("tool", "acted"), [(checked(VETOED), 0), (PAY, 1)], ids=["the recheck refuses", "the other side refuses"]
)
async def test_no_refusal_is_the_end_while_the_first_request_may_still_arrive(tool: Tool[Any], acted: int) -> None:
    hands = outside(Refused("422", "no"), answers=[None])
    await hands.stores.claim(PENDING)
    result = await gate(hands).admit(tool, intent(), call())
    assert isinstance(result, Result)
    assert (result.status, hands.acted, await state(hands)) == (Status.UNKNOWN, acted, EffectState.UNKNOWN)


async def test_one_that_may_have_arrived_stays_in_doubt_instead() -> None:
    hands = outside()
    await hands.stores.claim(PENDING)
    repeatable = replace(PAY, reconcile=None, repeatable=True)
    result = await gate(hands, in_mode(Mode.READ_ONLY)).admit(repeatable, intent(), call())
    assert isinstance(result, Result)
    assert (result.status, await state(hands)) == (Status.UNKNOWN, EffectState.UNKNOWN)


# A human's answer.


async def in_doubt() -> Outside:
    hands = outside(OutcomeUnknown(), {"paid": True})
    await gate(hands).admit(CANNOT_ASK, intent(), call())
    return hands


async def row(hands: Outside) -> Effect:
    found = await hands.stores.effect("pay:1")
    assert found is not None
    return found


async def test_a_human_who_has_seen_it_settles_the_doubt() -> None:
    hands = await in_doubt()
    approval = await vote(hands, "A-1", "approve")
    settled = await gate(hands).answer(approval, LATER)
    assert (settled.state, settled.outcome, settled.at) == (EffectState.DONE, {"confirmed_by": ["anna"]}, LATER)
    assert settled == await row(hands)
    again = await gate(hands).admit(CANNOT_ASK, intent(), call())
    assert isinstance(again, Result)
    assert (again.status, hands.acted) == (Status.DONE, 1)


async def test_a_human_who_has_not_found_it_settles_it_too_and_has_the_case() -> None:
    hands = await in_doubt()
    approval = await vote(hands, "A-1", "deny")
    settled = await gate(hands).answer(approval, LATER)
    assert (settled.state, settled.outcome) == (EffectState.FAILED, {"code": "denied", "denied_by": ["anna"]})
    again = await gate(hands).admit(CANNOT_ASK, intent(), call())
    assert isinstance(again, Result)
    assert (again.data["code"], again.escalate, hands.acted) == ("settled_by_hand", "effect_refused", 1)


async def test_an_open_question_changes_nothing_and_a_second_answer_neither() -> None:
    hands = await in_doubt()
    asked = await hands.stores.approval("A-1")
    assert asked is not None
    assert (await gate(hands).answer(asked, LATER)).state is EffectState.UNKNOWN
    decided = await vote(hands, "A-1", "approve")
    first = await gate(hands).answer(decided, LATER)
    assert await gate(hands).answer(decided, LATER + timedelta(hours=1)) == first


async def test_what_is_handed_in_does_not_count_only_the_store() -> None:
    hands = await in_doubt()
    asked = await hands.stores.approval("A-1")
    assert asked is not None
    forged = replace(asked, state=ApprovalState.APPROVED)
    assert (await gate(hands).answer(forged, LATER)).state is EffectState.UNKNOWN
    with pytest.raises(KeyError):
        await gate(hands).answer(replace(forged, approval_id="A-2"), LATER)


@pytest.mark.parametrize(
    ("verdict", "status", "stands"),
    [("approve", Status.DONE, EffectState.DONE), ("deny", Status.UNKNOWN, EffectState.FAILED)],
)
async def test_an_answer_that_a_dead_process_did_not_apply_counts_when_it_is_asked_for(
    verdict: Literal["approve", "deny"], status: Status, stands: EffectState
) -> None:
    hands = await in_doubt()
    await vote(hands, "A-1", verdict)
    result = await gate(hands).admit(CANNOT_ASK, intent(), call(now=NOON + IN_FLIGHT))
    assert isinstance(result, Result)
    assert (result.status, await state(hands), len(await doubts(hands))) == (status, stands, 1)


async def test_a_no_frees_nothing_while_an_order_may_still_arrive() -> None:
    hands = await in_doubt()
    denied = await vote(hands, "A-1", "deny")
    for at, stands in ((NOON + IN_FLIGHT / 2, EffectState.UNKNOWN), (NOON + IN_FLIGHT, EffectState.FAILED)):
        await gate(hands).answer(denied, at)
        assert await state(hands) is stands


async def test_an_approval_of_an_effect_answers_no_doubt() -> None:
    hands = outside()
    await gate(hands, in_mode(Mode.APPROVAL)).admit(PAY, intent(), call())
    approved = await vote(hands, "A-1", "approve")
    with pytest.raises(KeyError):
        await gate(hands).answer(approved, LATER)


# Reconciling.

OLD = NOON + IN_FLIGHT


async def pending(*, answers: list[Document | Exception | None]) -> Outside:
    hands = outside(answers=answers)
    await hands.stores.claim(PENDING)
    return hands


async def test_reconciling_finds_an_effect_and_takes_the_question_back() -> None:
    hands = outside(OutcomeUnknown(), answers=[OutcomeUnknown(), {"paid": True}])
    await gate(hands).admit(PAY, intent(), call())
    settled = await gate(hands).reconcile(PAY, await row(hands), now=LATER)
    assert (settled.state, settled.outcome, settled.at) == (EffectState.DONE, {"paid": True}, LATER)
    assert (hands.acted, await doubts(hands)) == (1, [ApprovalState.WITHDRAWN])


async def test_reconciling_does_nothing_again_it_says_that_it_is_not_there() -> None:
    hands = await pending(answers=[None])
    settled = await gate(hands).reconcile(PAY, PENDING, now=OLD)
    assert (settled.state, settled.outcome["code"], hands.acted) == (EffectState.FAILED, "absent", 0)


@pytest.mark.parametrize("answers", [[None], [OutcomeUnknown()]])
async def test_a_claim_that_may_still_be_on_its_way_is_not_settled_by_a_no(
    answers: list[Document | Exception | None],
) -> None:
    hands = await pending(answers=answers)
    settled = await gate(hands).reconcile(PAY, PENDING, now=OLD - timedelta(seconds=1))
    assert (settled, await doubts(hands)) == (PENDING, [])


async def test_it_is_settled_by_a_yes() -> None:
    hands = await pending(answers=[{"paid": True}])
    assert (await gate(hands).reconcile(PAY, PENDING, now=NOON)).state is EffectState.DONE


@pytest.mark.parametrize("answers", [[Unavailable("down")] * 3, [OutcomeUnknown()]])
async def test_what_reconciling_cannot_settle_is_in_the_inbox(answers: list[Document | Exception | None]) -> None:
    hands = await pending(answers=answers)
    settled = await gate(hands).reconcile(PAY, PENDING, now=OLD)
    assert (settled.state, await doubts(hands)) == (EffectState.UNKNOWN, [ApprovalState.OPEN])


async def test_asking_again_and_again_asks_humans_once() -> None:
    hands = await pending(answers=[OutcomeUnknown()] * 2)
    for hours in (1, 2):
        await gate(hands).reconcile(PAY, PENDING, now=NOON + timedelta(hours=hours))
    assert await doubts(hands) == [ApprovalState.OPEN]
    assert await told(hands, Told.EFFECT_SETTLED) == ["effect_settled unknown"]


async def test_what_is_settled_is_not_asked_about() -> None:
    hands = outside({"paid": True}, answers=[])
    await gate(hands).admit(PAY, intent(), call())
    settled = await gate(hands).reconcile(PAY, PENDING, now=LATER)
    assert (settled.state, hands.asked) == (EffectState.DONE, 0)


async def test_what_nobody_claimed_cannot_be_reconciled() -> None:
    with pytest.raises(KeyError):
        await gate(outside()).reconcile(PAY, PENDING, now=LATER)


async def test_after_it_was_found_absent_it_may_be_done() -> None:
    hands = await pending(answers=[None])
    hands.acts = iter([{"paid": True}])
    await gate(hands).reconcile(PAY, PENDING, now=OLD)
    assert await gate(hands).admit(checked(Grounds()), intent(), call(now=LATER)) == DONE
