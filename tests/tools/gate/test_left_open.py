"""What a dead process left open on a ticket of the casino: nothing is given too late, and what is said is true."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from tests.desks import ANNA, Desk, desk, with_hands
from tools.approvals import About, Vote
from tools.ledger import EffectState
from tools.ports import BonusSystem, Granted, GrantOrder, Handoff, OutcomeUnknown, Refused
from tools.record import Kind
from tools.transfer_to_live_agent import TRANSFER_TO_LIVE_AGENT
from tools.world import Hands

AUTOMATIC = """
modes: {bonus-request: automatic}
approvals:
  - {name: bonuses, when: ["effect.tool == 'issue_bonus'"], approvers: 0}
people: {anna: [approver]}
"""


class Dead(BaseException):
    """The process has died."""


@dataclass(slots=True)
class Dying:
    """A bonus system and an inbox before which the process dies; where it lives, the answer is lost."""

    bonuses: BonusSystem
    dies: bool = True
    handed: list[Handoff] = field(default_factory=list[Handoff])

    async def templates(self, *, brand: str) -> Sequence[str]:
        return await self.bonuses.templates(brand=brand)

    async def grant(self, order: GrantOrder, *, idempotency_key: str) -> Granted | Refused:
        if self.dies:
            raise Dead
        await self.bonuses.grant(order, idempotency_key=idempotency_key)
        raise OutcomeUnknown

    async def find_grant(self, idempotency_key: str) -> Granted | None:
        if not self.dies:
            raise OutcomeUnknown
        return await self.bonuses.find_grant(idempotency_key)

    async def transfer(self, handoff: Handoff, *, key: str) -> str:
        if self.dies:
            raise Dead
        self.handed.append(handoff)
        return f"H-{key}"


def dying(*, dies: bool = True) -> tuple[Desk, Dying]:
    """Return a desk in front of all that."""
    d = desk("P1001", gate=AUTOMATIC)
    real: Hands = d.sandbox.deps.gate.hands
    outside = Dying(real.bonuses, dies=dies)
    inbox: Any = outside
    return with_hands(d, lambda hands: replace(hands, bonuses=outside, desk=inbox)), outside


async def state(d: Desk, key: str) -> EffectState:
    row = await d.sandbox.stores.effect(key)
    assert row is not None
    return row.state


async def test_a_bonus_that_was_claimed_and_never_ordered_is_not_issued_once_its_decision_has_expired() -> None:
    d, outside = dying()
    await d.say("Can I get a bonus?")
    with pytest.raises(Dead):
        await d.say(ANNA, message="m2")
    d.clock.later(days=30)
    well = with_hands(d, lambda hands: replace(hands, bonuses=outside.bonuses))
    await well.say("Hello again")
    assert (well.granted, await state(d, "issue:D-1")) == ([], EffectState.FAILED)
    assert ("issue_bonus", "refused", "decision_expired") in await d.results()


async def test_a_hand_over_that_a_dead_process_left_open_is_made_by_the_clock_and_asks_no_human() -> None:
    d, outside = dying()
    with pytest.raises(Dead):
        await d.say("I want a human please")
    outside.dies = False
    d.clock.later(minutes=5)
    deps = d.sandbox.deps
    (left,) = await d.sandbox.stores.ledger()
    await deps.gate.reconcile(TRANSFER_TO_LIVE_AGENT, left, now=d.clock())
    assert (await state(d, left.key), await d.sandbox.stores.approvals()) == (EffectState.DONE, [])
    assert [one.reason_code for one in outside.handed] == ["player_request"]
    handled = await d.say("Hello? A human please")
    assert (handled.silent, len(outside.handed)) == (True, 1)


async def test_a_grant_that_a_human_has_found_is_told_truthfully_and_names_nobody() -> None:
    d, _ = dying(dies=False)
    await d.say("Can I get a bonus?")
    deps, stores = d.sandbox.deps, d.sandbox.stores

    class DiesAfterAsking:
        def __getattr__(self, name: str) -> Any:  # noqa: ANN401  # handed on as it is
            return getattr(stores, name)

        async def ask(self, approval: Any) -> None:  # noqa: ANN401  # as above
            await stores.ask(approval)
            raise Dead

    approvals: Any = DiesAfterAsking()
    gate = replace(deps.gate, approvals=approvals)
    with pytest.raises(Dead):
        await replace(d, sandbox=replace(d.sandbox, deps=replace(deps, gate=gate))).say(ANNA, message="m2")
    (asked,) = await stores.approvals()
    assert asked.about is About.DOUBT
    seen = Vote(approver="anna", verdict="approve", reason="I see it there", at=d.clock())
    await stores.vote(asked.approval_id, seen)
    await deps.gate.answer(asked, d.clock())
    handled = await d.say(ANNA, message="m2")
    assert handled.replies == (
        "Good news: the VIP_50 bonus at 1 EUR per spin is on your account now. Enjoy, and play responsibly.",
    )
    (issued,) = [one.body for one in await d.entries(Kind.TOOL_RESULT) if one.body["name"] == "issue_bonus"]
    reward = {"rewardType": "premium", "templateName": "VIP_50", "valuePerSpinDescription": "1 EUR"}
    assert issued["data"] == {"issued": True, "reward": reward}
