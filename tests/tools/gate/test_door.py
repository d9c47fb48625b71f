"""The door: an effect is claimed before it is tried, settled by asking, and never done twice."""

from dataclasses import replace

import pytest

from tests.tools.gate.outside import (
    AUTOMATIC,
    LATER,
    NOON,
    PAY,
    Forgetful,
    Lost,
    call,
    checked,
    gate,
    in_mode,
    intent,
    outside,
    state,
    told,
)
from tools.gate.door import Waiting
from tools.gate.roles import Actor, Role
from tools.gate.rules import GateRules, Mode
from tools.ledger import Effect, EffectState
from tools.legal import refusal
from tools.ports import Refused, Unavailable
from tools.record import Kind as Told
from tools.tool import Arguments, Call, Fact, Grounds, Intent, Kind, Result, Status, Tool

PENDING = Effect(
    key="pay:1",
    business_key="pay:player:today",
    ticket_id="t1",
    tool="pay",
    intent={"amount": 5},
    state=EffectState.PENDING,
    outcome={},
    at=NOON,
)
DONE = Result(
    status=Status.DONE,
    data={"paid": True},
    establishes={"paid": Fact(value={"paid": True})},
    spends=("due",),
    outcome="paid",
)
VETOED = Result(status=Status.REFUSED, data={"code": "vetoed", "message": "no"}, escalate="effect_refused")


async def test_an_effect_is_done_once_and_the_same_key_again_gives_the_recorded_outcome() -> None:
    hands = outside({"paid": True})
    assert await gate(hands).admit(PAY, intent(), call()) == DONE
    assert await gate(hands).admit(PAY, intent(), call()) == DONE
    assert (hands.acted, await state(hands)) == (1, EffectState.DONE)
    assert await told(hands) == ["effect_claimed pending", "effect_settled done"]


async def test_whoever_acts_without_a_claim_is_caught() -> None:
    hands = outside({"paid": True})
    with pytest.raises(AssertionError, match="nobody has claimed"):
        await gate(hands, ledger=Forgetful()).admit(PAY, intent(), call())
    assert hands.acted == 0


async def test_a_second_key_cannot_pay_the_same_thing() -> None:
    hands = outside({"paid": True})
    await gate(hands).admit(PAY, intent(), call())
    second = await gate(hands).admit(PAY, intent("pay:2"), call())
    assert second == refusal("done_before", "this has been done before, under another key")
    assert (hands.acted, await told(hands, Told.EFFECT_REFUSED)) == (1, ["effect_refused done_before"])


async def test_a_second_business_key_is_another_effect() -> None:
    hands = outside({"paid": True}, {"paid": True})
    await gate(hands).admit(PAY, intent(), call())
    assert await gate(hands).admit(PAY, intent("pay:2", "pay:player:tomorrow"), call()) == DONE


async def test_a_second_key_waits_for_a_human_while_the_first_is_in_doubt() -> None:
    hands = outside()
    await hands.stores.claim(PENDING)
    second = await gate(hands).admit(PAY, intent("pay:2"), call())
    assert isinstance(second, Result)
    assert (second.status, second.escalate, hands.acted) == (Status.UNKNOWN, "outcome_unknown", 0)


async def test_a_decision_is_spent_once() -> None:
    hands = outside({"paid": True}, {"paid": True})
    await gate(hands).admit(PAY, intent("pay:1", "one", decision_id="D-1"), call())
    second = await gate(hands).admit(PAY, intent("pay:2", "two", decision_id="D-1"), call())
    assert isinstance(second, Result)
    assert (second.data["code"], second.escalate, hands.acted) == ("decision_spent", None, 1)


async def test_a_refusal_of_the_other_side_is_recorded_and_goes_to_a_human() -> None:
    hands = outside(Refused("no_template", "no such template"))
    assert await gate(hands).admit(PAY, intent(), call()) == Result(
        status=Status.REFUSED, data={"code": "no_template", "message": "no such template"}, escalate="effect_refused"
    )
    assert await state(hands) is EffectState.FAILED


async def test_what_never_left_failed_and_may_be_tried_again() -> None:
    hands = outside(Unavailable("closed"), {"paid": True})
    first = await gate(hands).admit(PAY, intent(), call())
    assert isinstance(first, Result)
    assert (first.status, first.escalate) == (Status.UNAVAILABLE, "system_unavailable")
    assert await gate(hands).admit(PAY, intent(), call()) == DONE


async def test_a_store_that_fails_after_the_effect_does_not_undo_it() -> None:
    hands = replace(outside({"paid": True}), stores=Lost())
    with pytest.raises(Unavailable):
        await gate(hands).admit(PAY, intent(), call())
    assert (hands.acted, await state(hands)) == (1, EffectState.PENDING)


async def test_whatever_breaks_while_it_acts_leaves_a_doubt_and_is_told() -> None:
    hands = outside(ValueError("a bug"))
    with pytest.raises(ValueError, match="a bug"):
        await gate(hands).admit(PAY, intent(), call())
    assert await state(hands) is EffectState.UNKNOWN
    assert [one.about for one in await hands.stores.approvals()] == ["doubt"]


async def test_a_tool_that_does_not_say_how_cannot_have_an_effect() -> None:
    with pytest.raises(TypeError, match="gave an intent but declares no `perform`"):
        await gate(outside()).admit(replace(PAY, kind=Kind.READ, perform=None), intent(), call())


async def _run(_: Arguments, __: Call[None]) -> Intent:
    return intent()


def test_a_tool_that_changes_the_world_must_say_how() -> None:
    with pytest.raises(TypeError, match="needs `perform`"):
        Tool(name="x", display_name="X", kind=Kind.WRITE, description="", arguments=Arguments, run=_run)


# Who may, and when.


def terminal() -> Tool[None]:
    return replace(PAY, kind=Kind.TERMINAL)


@pytest.mark.parametrize("role", [one for one in Role if one not in {Role.SERVICE, Role.HOST, Role.SUPPORT_AGENT}])
@pytest.mark.parametrize("tool", [PAY, terminal()], ids=["write", "terminal"])
async def test_a_role_that_may_not_ask_for_effects_gets_none(role: Role, tool: Tool[None]) -> None:
    hands = outside({"paid": True})
    result = await gate(hands, actor=Actor("eve", frozenset({role}))).admit(tool, intent(), call())
    assert isinstance(result, Result)
    assert (result.data["code"], result.escalate, hands.acted) == ("not_permitted", "effect_refused", 0)
    assert await told(hands) == ["effect_refused not_permitted"]


async def test_a_role_that_may_does() -> None:
    actor = Actor("hugo", frozenset({Role.VIEWER, Role.HOST}))
    assert await gate(outside({"paid": True}), actor=actor).admit(PAY, intent(), call()) == DONE


async def test_a_read_only_workflow_changes_nothing_and_a_human_takes_over() -> None:
    hands = outside({"paid": True})
    assert await gate(hands, in_mode(Mode.READ_ONLY)).admit(PAY, intent(), call()) == Result(
        status=Status.REFUSED,
        data={"code": "read_only", "message": "this workflow may change nothing"},
        escalate="effect_refused",
    )
    assert (hands.acted, await state(hands), await told(hands)) == (0, None, ["effect_refused read_only"])


async def test_a_shadow_workflow_writes_down_what_it_would_have_done() -> None:
    hands = outside()
    result = await gate(hands, in_mode(Mode.SHADOW, approvers=2)).admit(PAY, intent(decision_id="D-1"), call())
    assert isinstance(result, Result)
    assert (result.status, result.data["code"], result.escalate) == (Status.SHADOWED, "shadowed", None)
    assert (result.establishes, result.spends, result.outcome) == ({}, (), None)
    assert (hands.acted, await state(hands), await told(hands)) == (
        0,
        EffectState.SHADOWED,
        ["effect_shadowed shadowed"],
    )


async def test_what_was_only_shadowed_may_be_done_later() -> None:
    hands = outside({"paid": True})
    await gate(hands, in_mode(Mode.SHADOW)).admit(PAY, intent(decision_id="D-1"), call())
    assert await gate(hands).admit(PAY, intent(decision_id="D-1"), call()) == DONE


async def test_a_shadow_looks_at_everything_that_an_effect_has_to_keep() -> None:
    hands = outside()
    assert await gate(hands, in_mode(Mode.SHADOW)).admit(checked(VETOED), intent(), call()) == VETOED
    assert await state(hands) is None


@pytest.mark.parametrize("mode", Mode)
async def test_a_way_to_a_human_is_never_closed(mode: Mode) -> None:
    hands = outside({"paid": True})
    rules = in_mode(mode, approvers=2)
    assert await gate(hands, rules).admit(terminal(), intent(), call(silent=True)) == DONE
    assert hands.acted == 1


async def test_a_workflow_that_nobody_named_asks_a_human() -> None:
    hands = outside()
    assert await gate(hands, AUTOMATIC).admit(PAY, intent(), call(procedure="new")) == Waiting("A-1")
    assert await gate(outside(), GateRules()).admit(PAY, intent(), call()) == Waiting("A-1")
    assert hands.acted == 0


@pytest.mark.parametrize(("escalation", "acted"), [(None, 0), ("budget_spent", 1)])
async def test_on_a_silent_ticket_only_code_itself_acts(escalation: str | None, acted: int) -> None:
    hands = outside({"paid": True})
    result = await gate(hands).admit(PAY, intent(), call(silent=True, escalation=escalation))
    assert isinstance(result, Result)
    assert (result.data.get("code"), hands.acted) == ("ticket_silent" if acted == 0 else None, acted)


@pytest.mark.parametrize(("expires_at", "acted"), [(LATER, 1), (NOON, 0), (None, 1)])
async def test_an_intent_expires(expires_at: object, acted: int) -> None:
    hands = outside({"paid": True})
    wanted = replace(intent(), expires_at=expires_at)
    result = await gate(hands).admit(PAY, wanted, call())
    assert isinstance(result, Result)
    assert (result.data.get("code"), hands.acted) == ("decision_expired" if acted == 0 else None, acted)


async def test_what_it_rests_on_is_read_again_just_before_the_claim() -> None:
    hands = outside({"paid": True})
    assert await gate(hands).admit(checked(VETOED), intent(), call()) == VETOED
    assert (hands.acted, await state(hands), await told(hands)) == (0, None, ["effect_refused vetoed"])
    assert await gate(hands).admit(checked(Grounds()), intent(), call()) == DONE


async def test_a_refusal_is_on_the_record_once_for_each_call_and_reason() -> None:
    hands = outside()
    for call_id in ("c1", "c1", "c2"):
        await gate(hands).admit(checked(VETOED), intent(), call(call_id=call_id))
    assert await told(hands) == ["effect_refused vetoed"] * 2
