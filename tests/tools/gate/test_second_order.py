"""A second order: it is on the record before it leaves, it keeps what a first one keeps, and no success is lost."""

from dataclasses import replace
from datetime import datetime, timedelta
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
from tests.tools.gate.test_approval import Broken
from tests.tools.gate.test_door import DONE, PENDING, VETOED, terminal
from tools.approvals import About, Approval, ApprovalState
from tools.gate.doubts import IN_FLIGHT
from tools.gate.rules import Mode
from tools.ledger import Denied, EffectState
from tools.ports import OutcomeUnknown, Refused, Unavailable
from tools.record import Kind as Told
from tools.tool import Grounds, Intent, Result, Status, Tool

SECOND = timedelta(seconds=1)
ONCE: Tool[None] = replace(PAY, reconcile=None, repeatable=True)


def meanwhile(*also: Any) -> Tool[None]:  # noqa: ANN401  # functions of a test
    """Return the tool; while its order is under way other things happen, and the last one is its answer."""

    async def perform(_: Intent, hands: Outside) -> Document | Refused:
        hands.acted += 1
        for one in also[:-1]:
            await one(hands)
        if isinstance(also[-1], Exception):
            raise also[-1]
        return also[-1]

    return replace(PAY, perform=perform)


def reconciled(at: datetime) -> Any:  # noqa: ANN401  # as above
    """Return what asks, as a clock does, what became of the effect."""

    async def asks(hands: Outside) -> None:
        found = await hands.stores.effect("pay:1")
        assert found is not None
        await gate(hands).reconcile(PAY, found, now=at)

    return asks


async def left(at: EffectState = EffectState.PENDING) -> Outside:
    """Return an outside where nothing is, and a claim that was left open at noon."""
    hands = outside({"paid": True}, answers=[None] * 9)
    await hands.stores.claim(PENDING)
    if at is not EffectState.PENDING:
        await hands.stores.settle("pay:1", state=at, outcome={}, at=NOON)
    return hands


async def by_another_key(hands: Outside) -> Status:
    result = await gate(hands).admit(PAY, intent("pay:2"), call(now=LATER + SECOND, call_id="c2"))
    assert isinstance(result, Result)
    return result.status


@pytest.mark.parametrize("was", [EffectState.PENDING, EffectState.UNKNOWN])
async def test_while_a_second_order_is_under_way_no_no_settles_it(was: EffectState) -> None:
    hands = await left(was)
    tool = meanwhile(reconciled(LATER + SECOND), {"paid": True})
    assert await gate(hands).admit(tool, intent(), call(now=LATER)) == DONE
    assert (await state(hands), await by_another_key(hands), hands.acted) == (EffectState.DONE, Status.REFUSED, 1)
    assert await told(hands, Told.EFFECT_SETTLED) == [
        *(["effect_settled unknown"] if was is EffectState.UNKNOWN else []),
        "effect_settled pending",
        "effect_settled done",
    ]


async def test_after_a_second_order_was_lost_no_no_settles_it_either() -> None:
    hands = await left(EffectState.UNKNOWN)
    await gate(hands).admit(meanwhile(OutcomeUnknown()), intent(), call(now=LATER))
    await reconciled(LATER + IN_FLIGHT - SECOND)(hands)
    assert (await state(hands), await by_another_key(hands)) == (EffectState.UNKNOWN, Status.UNKNOWN)
    await reconciled(LATER + IN_FLIGHT)(hands)
    assert (await state(hands), hands.acted) == (EffectState.FAILED, 1)


async def test_how_long_an_order_may_last_is_said_by_whoever_knows_the_other_side() -> None:
    hands = await left()
    slow = replace(gate(hands), in_flight=timedelta(minutes=10))
    await slow.reconcile(PAY, PENDING, now=NOON + timedelta(minutes=9))
    assert await state(hands) is EffectState.PENDING
    await slow.reconcile(PAY, PENDING, now=NOON + timedelta(minutes=10))
    assert await state(hands) is EffectState.FAILED


async def test_an_order_counts_from_when_it_is_sent_and_not_from_when_its_call_began() -> None:
    hands = outside({"paid": True}, answers=[None] * 3)
    late = replace(gate(hands), clock=lambda: LATER)
    tool = meanwhile(reconciled(LATER + SECOND), {"paid": True})
    assert await late.admit(tool, intent(), call()) == DONE
    found = await hands.stores.effect("pay:1")
    assert found is not None
    assert (found.state, found.at) == (EffectState.DONE, LATER)


async def test_a_no_that_was_asked_for_before_a_second_order_settles_nothing() -> None:
    hands = await left()

    async def ordered_meanwhile(_: Intent, its: Outside) -> None:
        await gate(its).admit(meanwhile(OutcomeUnknown()), intent(), call(now=LATER))

    asking = replace(PAY, reconcile=ordered_meanwhile)
    settled = await gate(hands).reconcile(asking, PENDING, now=LATER)
    assert (settled.state, hands.acted) == (EffectState.UNKNOWN, 1)


async def test_a_second_order_is_not_sent_where_somebody_has_settled_it_meanwhile() -> None:
    hands = await left(EffectState.UNKNOWN)

    async def settled_meanwhile(_: Intent, its: Outside) -> None:
        await its.stores.settle("pay:1", state=EffectState.FAILED, outcome={"code": "absent"}, at=LATER)

    result = await gate(hands).admit(replace(PAY, reconcile=settled_meanwhile), intent(), call(now=LATER))
    assert isinstance(result, Result)
    assert (result.status, result.data["code"], hands.acted) == (Status.REFUSED, "absent", 0)


# A success is never lost.


async def test_a_success_that_comes_after_it_was_found_absent_counts() -> None:
    hands = outside({"paid": True}, answers=[None] * 3)
    tool = meanwhile(reconciled(LATER), {"paid": True})
    assert await gate(hands).admit(tool, intent(), call()) == DONE
    assert (await state(hands), await by_another_key(hands), hands.acted) == (EffectState.DONE, Status.REFUSED, 1)


async def test_a_success_for_which_there_is_no_room_any_more_is_told_to_humans() -> None:
    hands = outside({"paid": True}, answers=[None] * 3)

    async def paid_by_another_key(its: Outside) -> None:
        await by_another_key(its)

    tool = meanwhile(reconciled(LATER), paid_by_another_key, {"paid": 1})
    result = await gate(hands).admit(tool, intent(), call())
    assert isinstance(result, Result)
    assert (result.status, result.data) == (Status.DONE, {"paid": 1})
    assert (await state(hands), await state(hands, "pay:2")) == (EffectState.FAILED, EffectState.DONE)
    (failure,) = await hands.stores.entries("t1", kinds=(Told.FAILURE,))
    assert failure.body == {"what": "effect", "why": "done_after_failed", "key": "pay:1", "given": {"paid": 1}}
    (asked,) = await hands.stores.approvals()
    assert (asked.about, asked.state, asked.effect_key) == (About.DOUBT, ApprovalState.OPEN, "pay:1")


async def test_a_refusal_does_not_undo_what_the_other_side_has_found_meanwhile() -> None:
    hands = outside(answers=[{"paid": True}])
    result = await gate(hands).admit(meanwhile(reconciled(NOON + SECOND), Refused("409", "no")), intent(), call())
    assert (result, await state(hands)) == (DONE, EffectState.DONE)


# What may have acted before it broke.


class Locked:
    """Approvals of which the store is locked while a question is asked."""

    def __init__(self, hands: Outside) -> None:
        self.real = hands.stores

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  # handed on as it is
        return getattr(self.real, name)

    async def ask(self, approval: Approval) -> Approval:
        raise Unavailable(f"{approval.approval_id}: the database is locked")


@pytest.mark.parametrize("second", [False, True], ids=["first order", "second order"])
async def test_what_acted_and_broke_is_in_doubt_though_the_store_is_locked(*, second: bool) -> None:
    hands = outside(ValueError("a strange answer"), {"paid": True}, answers=[None] * 3)
    if second:
        await hands.stores.claim(PENDING)
    approvals: Any = Locked(hands)
    with pytest.raises(ValueError, match="a strange answer"):
        await replace(gate(hands), approvals=approvals).admit(PAY, intent(), call(now=LATER))
    assert (await state(hands), await by_another_key(hands), hands.acted) == (EffectState.UNKNOWN, Status.UNKNOWN, 1)


# What a second order must keep.


@pytest.mark.parametrize("ends", ["intent", "grounds"])
async def test_what_has_expired_is_not_ordered_again(ends: str) -> None:
    hands = await left()
    tool = checked(Grounds(expires_at=LATER if ends == "grounds" else None))
    wanted = intent(expires_at=LATER if ends == "intent" else None)
    result = await gate(hands).admit(tool, wanted, call(now=LATER))
    assert isinstance(result, Result)
    assert (result.data["code"], hands.acted, await state(hands)) == ("decision_expired", 0, EffectState.FAILED)
    assert await told(hands, Told.EFFECT_REFUSED) == ["effect_refused decision_expired"]


async def test_what_has_expired_stays_in_doubt_while_the_first_order_may_arrive() -> None:
    hands = await left()
    result = await gate(hands).admit(checked(Grounds(expires_at=NOON)), intent(), call())
    assert isinstance(result, Result)
    assert (result.status, hands.acted, await state(hands)) == (Status.UNKNOWN, 0, EffectState.UNKNOWN)


@pytest.mark.parametrize(("asked_at", "acted"), [(NOON, 1), (LATER, 0)])
async def test_an_approval_that_was_asked_for_in_time_outlives_it(asked_at: datetime, acted: int) -> None:
    hands = outside({"paid": True}, answers=[None])
    await gate(hands, in_mode(Mode.APPROVAL)).admit(PAY, intent(), call(now=asked_at))
    await vote(hands, "A-1", "approve", at=asked_at)
    await hands.stores.claim(replace(PENDING, approval_id="A-1"))
    tool = checked(Grounds(expires_at=LATER))
    await gate(hands).admit(tool, intent(), call(now=LATER + timedelta(hours=1)))
    assert hands.acted == acted


async def test_limits_are_weighed_again_without_its_own_claim() -> None:
    hands = await left()
    result = await gate(hands).admit(checked(Grounds(terms=Broken("limit_reached"))), intent(), call(now=LATER))
    assert isinstance(result, Result)
    assert (result.data["code"], hands.acted, await state(hands)) == ("limit_reached", 0, EffectState.FAILED)
    again = outside({"paid": True}, answers=[None])
    await again.stores.claim(PENDING)
    assert await gate(again).admit(checked(Grounds(terms=Broken(None))), intent(), call(now=LATER)) == DONE


async def test_what_is_refused_for_good_leaves_no_question_open() -> None:
    hands = outside(OutcomeUnknown(), answers=[OutcomeUnknown(), None])
    await gate(hands).admit(PAY, intent(), call())
    await gate(hands).admit(checked(VETOED), intent(), call(now=LATER))
    assert [one.state for one in await hands.stores.approvals()] == [ApprovalState.WITHDRAWN]


# What the other side takes once is done again, and no human is asked.


@pytest.mark.parametrize("tool", [ONCE, replace(terminal(), reconcile=None)], ids=["repeatable", "terminal"])
async def test_what_may_be_repeated_is_repeated_and_no_human_is_asked(tool: Tool[None]) -> None:
    hands = outside(OutcomeUnknown(), OutcomeUnknown(), {"paid": True})
    result = await gate(hands).admit(tool, intent(), call())
    assert isinstance(result, Result)
    assert (result.status, await state(hands), await hands.stores.approvals()) == (
        Status.UNKNOWN,
        EffectState.UNKNOWN,
        [],
    )
    assert await gate(hands).admit(tool, intent(), call(now=LATER)) == DONE
    assert hands.acted == 3


@pytest.mark.parametrize(
    ("answer", "stands"),
    [
        ({"paid": True}, EffectState.DONE),
        (OutcomeUnknown(), EffectState.UNKNOWN),
        (Unavailable("down"), EffectState.UNKNOWN),
        (Refused("422", "no"), EffectState.UNKNOWN),
    ],
)
async def test_reconciling_repeats_it(answer: Document | Refused | Exception, stands: EffectState) -> None:
    hands = outside(answer)
    await hands.stores.claim(PENDING)
    settled = await gate(hands).reconcile(ONCE, PENDING, now=LATER)
    assert (settled.state, hands.acted, await hands.stores.approvals()) == (stands, 1, [])


async def test_reconciling_leaves_to_its_desk_what_may_just_be_under_way() -> None:
    hands = outside({"paid": True})
    await hands.stores.claim(PENDING)
    assert await gate(hands).reconcile(ONCE, PENDING, now=NOON + SECOND) == PENDING
    assert hands.acted == 0


async def test_a_word_that_humans_gave_on_a_way_to_a_human_does_not_close_it() -> None:
    hands = outside({"paid": True})
    await hands.stores.claim(PENDING)
    by_hand: Document = {"code": "denied", "denied_by": ["anna"]}
    await hands.stores.settle("pay:1", state=EffectState.FAILED, outcome=by_hand, at=NOON)
    assert await gate(hands).admit(terminal(), intent(), call(now=LATER)) == DONE


async def test_what_was_erased_cannot_be_repeated_so_a_human_is_asked() -> None:
    hands = outside()
    await hands.stores.claim(PENDING)
    await hands.stores.erase("t1", by="ben", reason="asked for", at=NOON)
    settled = await gate(hands).reconcile(ONCE, PENDING, now=LATER)
    (asked,) = await hands.stores.approvals()
    assert (settled.state, asked.about, hands.acted) == (EffectState.UNKNOWN, About.DOUBT, 0)


# A human's word.


async def lost() -> Outside:
    hands = outside(OutcomeUnknown(), {"paid": True})
    await gate(hands).admit(replace(PAY, reconcile=None), intent(), call())
    return hands


def confirmed(wanted: Intent) -> Document:
    return {"paid": True, "amount": wanted.body["amount"]}


@pytest.mark.parametrize(
    ("tool", "data"),
    [
        (PAY, {"code": "confirmed", "message": "a human has found that it took effect"}),
        (replace(PAY, confirmed=confirmed), {"paid": True, "amount": 5}),
    ],
)
async def test_what_humans_have_found_says_what_was_wanted_and_not_who_found_it(
    tool: Tool[None], data: Document
) -> None:
    hands = await lost()
    approval = await vote(hands, "A-1", "approve")
    assert (await gate(hands).answer(approval, NOON)).outcome == {"confirmed_by": ["anna"]}
    result = await gate(hands).admit(tool, intent(), call())
    assert isinstance(result, Result)
    assert (result.status, result.data, result.establishes["paid"].value) == (Status.DONE, data, data)


@pytest.mark.parametrize(
    ("verdict", "under_way", "after"),
    [
        ("deny", EffectState.PENDING, EffectState.FAILED),
        ("approve", EffectState.DONE, EffectState.DONE),
    ],
)
async def test_a_no_waits_while_an_order_is_under_way(
    verdict: Literal["approve", "deny"], under_way: EffectState, after: EffectState
) -> None:
    hands = await lost()
    found = await hands.stores.effect("pay:1")
    assert found is not None
    assert not isinstance(await hands.stores.renew(found, at=LATER), Denied)
    approval = await vote(hands, "A-1", verdict)
    assert (await gate(hands).answer(approval, LATER)).state is under_way
    assert (await gate(hands).answer(approval, LATER + IN_FLIGHT)).state is after
