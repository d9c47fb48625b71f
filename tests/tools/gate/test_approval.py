"""Approval: humans decide on what they have seen, in time, and the store says what they decided."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest

from casino.bonus.configuration import Configuration, parse_configuration
from casino.document import load_yaml
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
from tests.tools.gate.test_door import DONE, VETOED
from tools.approvals import About, Approval, ApprovalState
from tools.gate.door import Waiting
from tools.gate.rules import GateRules, Mode, Policy
from tools.ledger import Denied, EffectState
from tools.record import Erased
from tools.record import Kind as Told
from tools.tool import Grounds, Result, Status

SOME = parse_configuration(load_yaml("{id: some, name: Some, priority: 1}", name="some.yaml"))


@dataclass(frozen=True, slots=True)
class Broken:
    """Terms that break, or do not."""

    code: str | None
    player_id: str = "P1"
    brand: str = "b"
    configuration: Configuration = SOME

    def broken(self, counters: Document) -> Denied | None:
        """Say what it was told to say, where there are counters."""
        return None if self.code is None or not counters else Denied(self.code, "a limit")


ONE = in_mode(Mode.AUTOMATIC, approvers=1)
TOMORROW = NOON + timedelta(hours=24)


async def waiting(rules: GateRules = ONE, *, expires_at: datetime | None = None) -> tuple[Outside, Approval]:
    """Return an outside whose gate waits for a human."""
    hands = outside({"paid": True})
    waits = await gate(hands, rules).admit(PAY, intent(expires_at=expires_at), call())
    assert waits == Waiting("A-1")
    approval = await hands.stores.approval("A-1")
    assert approval is not None
    return hands, approval


async def test_what_a_policy_says_is_asked_once_and_holds_all_that_is_needed() -> None:
    hands, approval = await waiting()
    assert approval == Approval(
        approval_id="A-1",
        about=About.EFFECT,
        effect_key="pay:1",
        ticket_id="t1",
        tool="pay",
        policy="all",
        needed=1,
        requester="croupier",
        intent={"key": "pay:1", "business_key": "pay:player:today", "body": {"amount": 5}, "decision_id": None},
        asked_at=NOON,
        expires_at=TOMORROW,
    )
    assert await gate(hands, ONE).admit(PAY, intent(), call()) == Waiting("A-1")
    assert await gate(hands, ONE).go_on(PAY, approval, call()) == Waiting("A-1")
    assert (hands.acted, await state(hands), await told(hands)) == (0, None, ["approval_asked"])


@pytest.mark.parametrize("again", ["admit", "go_on"])
async def test_what_was_approved_is_done_once(again: str) -> None:
    hands, _ = await waiting()
    approval = await vote(hands, "A-1", "approve", at=LATER)
    for _ in range(2):
        door = gate(hands, ONE)
        if again == "admit":
            result = await door.admit(PAY, intent(), call(now=LATER))
        else:
            result = await door.go_on(PAY, approval, call(now=LATER))
        assert result == DONE
    row = await hands.stores.effect("pay:1")
    assert row is not None
    assert (hands.acted, row.approval_id) == (1, "A-1")


async def test_two_approvers_are_two() -> None:
    rules = in_mode(Mode.AUTOMATIC, approvers=2)
    hands, approval = await waiting(rules)
    await vote(hands, "A-1", "approve", by="anna")
    assert await gate(hands, rules).go_on(PAY, approval, call()) == Waiting("A-1")
    await vote(hands, "A-1", "approve", by="ben")
    assert await gate(hands, rules).go_on(PAY, approval, call()) == DONE


async def test_a_denial_is_final() -> None:
    hands, approval = await waiting()
    await vote(hands, "A-1", "deny")
    result = await gate(hands, ONE).go_on(PAY, approval, call())
    assert isinstance(result, Result)
    assert (result.status, result.data["code"], result.escalate) == (
        Status.REFUSED,
        "approval_denied",
        "approval_denied",
    )
    automatic = await gate(hands, in_mode(Mode.AUTOMATIC)).admit(PAY, intent(), call())
    assert isinstance(automatic, Result)
    assert (automatic.data["code"], hands.acted, await state(hands)) == ("approval_denied", 0, None)
    assert await told(hands, Told.EFFECT_REFUSED) == ["effect_refused approval_denied"]


async def test_a_request_that_is_out_of_time_is_refused() -> None:
    hands, approval = await waiting()
    early = await gate(hands, ONE).go_on(PAY, approval, call(now=TOMORROW - timedelta(seconds=1)))
    assert early == Waiting("A-1")
    late = await gate(hands, ONE).go_on(PAY, approval, call(now=TOMORROW))
    assert isinstance(late, Result)
    assert (late.data["code"], late.escalate, hands.acted) == ("approval_expired", "approval_expired", 0)


async def test_the_policy_says_how_long_it_stands() -> None:
    rules = GateRules(
        modes={"sales": Mode.AUTOMATIC},
        policies=(Policy(name="quick", approvers=1, expires=timedelta(minutes=30)),),
    )
    _, approval = await waiting(rules)
    assert approval.expires_at == NOON + timedelta(minutes=30)


async def test_mode_approval_asks_even_where_a_policy_lets_it_through() -> None:
    _, approval = await waiting(in_mode(Mode.APPROVAL))
    assert (approval.needed, approval.policy) == (1, "all (mode approval)")


async def test_mode_approval_keeps_the_two_that_a_policy_wants() -> None:
    _, approval = await waiting(in_mode(Mode.APPROVAL, approvers=2))
    assert approval.needed == 2


@pytest.mark.parametrize("again", ["admit", "go_on"])
async def test_what_was_asked_in_time_may_be_done_after_its_decision_has_expired(again: str) -> None:
    hands, approval = await waiting(expires_at=LATER)
    await vote(hands, "A-1", "approve")
    door, late = gate(hands, ONE), call(now=LATER + timedelta(hours=3))
    if again == "admit":
        assert await door.admit(PAY, intent(expires_at=LATER), late) == DONE
    else:
        assert await door.go_on(PAY, approval, late) == DONE


async def test_an_approval_that_was_asked_too_late_saves_nothing() -> None:
    hands, _ = await waiting()
    await vote(hands, "A-1", "approve")
    result = await gate(hands, ONE).admit(PAY, intent(expires_at=NOON), call())
    assert isinstance(result, Result)
    assert (result.data["code"], hands.acted) == ("decision_expired", 0)


async def test_what_it_rests_on_is_read_again_after_the_approval() -> None:
    tool = checked(Grounds(), VETOED)
    hands = outside({"paid": True})
    assert await gate(hands, ONE).admit(tool, intent(), call()) == Waiting("A-1")
    approval = await vote(hands, "A-1", "approve")
    assert await gate(hands, ONE).go_on(tool, approval, call()) == VETOED
    assert (hands.acted, await state(hands)) == (0, None)


async def test_what_the_humans_saw_is_what_is_done() -> None:
    hands, _ = await waiting()
    await vote(hands, "A-1", "approve")
    assert await gate(hands, ONE).admit(PAY, intent(amount=5000), call()) == DONE
    assert hands.bodies == [{"amount": 5}]


async def test_what_is_handed_in_does_not_count_only_the_store() -> None:
    hands, approval = await waiting()
    forged = replace(approval, state=ApprovalState.APPROVED, intent={**approval.intent, "body": {"amount": 5000}})
    assert await gate(hands, ONE).go_on(PAY, forged, call()) == Waiting("A-1")
    invented = await gate(hands, ONE).go_on(PAY, replace(forged, approval_id="A-9"), call())
    assert isinstance(invented, Result)
    assert (invented.data["code"], hands.acted) == ("no_such_approval", 0)


async def test_an_approval_is_of_one_tool_one_ticket_and_one_question() -> None:
    hands, approval = await waiting()
    await vote(hands, "A-1", "approve")
    door = gate(hands, ONE)
    other_ticket = await door.go_on(PAY, approval, call(ticket_id="t2"))
    other_tool = await door.go_on(replace(PAY, name="refund"), approval, call())
    doubt = replace(approval, approval_id="A-7", about=About.DOUBT, state=ApprovalState.APPROVED)
    await hands.stores.ask(doubt)
    of_a_doubt = await door.go_on(PAY, doubt, call())
    results = [other_ticket, other_tool, of_a_doubt]
    assert [one.data["code"] for one in results if isinstance(one, Result)] == ["no_such_approval"] * 3
    assert hands.acted == 0


@pytest.mark.parametrize(
    ("mode", "status", "stands"),
    [
        (Mode.READ_ONLY, Status.REFUSED, None),
        (Mode.SHADOW, Status.SHADOWED, EffectState.SHADOWED),
    ],
)
async def test_a_workflow_that_was_stopped_meanwhile_stays_stopped(
    mode: Mode, status: Status, stands: EffectState | None
) -> None:
    hands, _ = await waiting()
    approval = await vote(hands, "A-1", "approve")
    result = await gate(hands, in_mode(mode)).go_on(PAY, approval, call())
    assert isinstance(result, Result)
    assert (result.status, hands.acted, await state(hands)) == (status, 0, stands)
    admitted = await gate(hands, in_mode(mode)).admit(PAY, intent(), call())
    assert isinstance(admitted, Result)
    assert (admitted.status, hands.acted) == (status, 0)


async def test_a_ticket_that_a_human_has_stays_silent() -> None:
    hands, _ = await waiting()
    approval = await vote(hands, "A-1", "approve")
    result = await gate(hands, ONE).go_on(PAY, approval, call(silent=True))
    assert isinstance(result, Result)
    assert (result.data["code"], hands.acted) == ("ticket_silent", 0)


async def test_a_request_that_was_taken_back_is_asked_anew() -> None:
    hands, approval = await waiting()
    await hands.stores.withdraw("A-1", at=NOON, why="a test")
    result = await gate(hands, ONE).go_on(PAY, approval, call())
    assert isinstance(result, Result)
    assert result.data["code"] == "approval_withdrawn"
    again = gate(hands, ONE)
    again.new_id("A")
    assert await again.admit(PAY, intent(), call()) == Waiting("A-2")


async def test_an_erased_ticket_cannot_go_on() -> None:
    hands, _ = await waiting()
    await vote(hands, "A-1", "approve")
    await hands.stores.erase("t1", by="ben", reason="asked for", at=LATER)
    approval = await hands.stores.approval("A-1")
    assert approval is not None
    with pytest.raises(Erased):
        await gate(hands, ONE).go_on(PAY, approval, call())
    assert hands.acted == 0


async def test_limits_are_kept_in_the_claim_and_a_human_looks() -> None:
    hands = outside({"paid": True})
    for code, reason in (("limit_reached", "effect_refused"), ("limit_unknown", "decision_unknown")):
        result = await gate(hands).admit(checked(Grounds(terms=Broken(code))), intent(), call())
        assert isinstance(result, Result)
        assert (result.status, result.data["code"], result.escalate) == (Status.REFUSED, code, reason)
    assert (hands.acted, await state(hands)) == (0, None)
    assert await told(hands) == ["effect_refused limit_reached", "effect_refused limit_unknown"]
    assert await gate(hands).admit(checked(Grounds(terms=Broken(None))), intent(), call()) == DONE
