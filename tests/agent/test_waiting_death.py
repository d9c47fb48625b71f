"""A process that dies while a ticket is asked about, voted on or resumed: after a restart it goes on exactly once."""

from contextlib import suppress

import pytest

from agent.approvals import resume_all, vote
from agent.deps import Deps
from agent.run import Handled, Message, handle
from tests.agent.deaths import Died, DyingSaver, Life, with_life
from tests.agent.test_waiting import GATE, ISSUED, NOT_APPROVED, WAIT, told
from tests.desks import ANNA, Desk, desk
from tools.approvals import ApprovalState, Vote

PLENTY = 10_000


async def tell(deps: Deps, message_id: str, text: str) -> Handled:
    return await handle(Message(ticket_id="t1", message_id=message_id, brand="lucky-spin", text=text), deps)


async def begun(saver: DyingSaver) -> Desk:
    """Return a ticket on which we wait for the player's details."""
    d = desk("P1001", gate=GATE)
    await tell(with_life(d, saver, Life(PLENTY)), "a", "Can I get a bonus?")
    return d


async def asked(saver: DyingSaver) -> tuple[Desk, str]:
    """Return a ticket that waits for a human, and the approval."""
    d = await begun(saver)
    waiting = (await tell(with_life(d, saver, Life(PLENTY)), "b", ANNA)).waiting
    assert waiting is not None
    return d, waiting


async def approve(d: Desk, deps: Deps, approval_id: str) -> None:
    given = Vote(approver="anna", verdict="approve", reason="seen", at=d.clock())
    await vote(approval_id, given, deps)


async def test_a_turn_that_dies_around_its_question_asks_once_and_waits_after_a_restart() -> None:
    left, died = 0, True
    while died:
        saver = DyingSaver()
        d = await begun(saver)
        try:
            await tell(with_life(d, saver, Life(left)), "b", ANNA)
            died = False
        except Died:
            left += 1
        d.sandbox.stores.held.clear()  # the lease of the dead has run out
        alive = with_life(d, saver, Life(PLENTY))
        again = await tell(alive, "b", ANNA)
        (request,) = await d.sandbox.stores.approvals()
        assert (again.replies, again.waiting, d.granted) == ((WAIT,), request.approval_id, []), left
        await approve(d, alive, request.approval_id)
        assert (d.granted, (await told(d))[-2:]) == (["P1001"], [WAIT, ISSUED]), left
    assert left > 40


async def test_whoever_approves_and_dies_before_any_write_leaves_a_ticket_that_goes_on_once() -> None:
    left, died = 0, True
    while died:
        saver = DyingSaver()
        d, approval_id = await asked(saver)
        try:
            await approve(d, with_life(d, saver, Life(left)), approval_id)
            died = False
        except Died:
            left += 1
        d.sandbox.stores.held.clear()
        alive = with_life(d, saver, Life(PLENTY))
        await approve(d, alive, approval_id)  # refused, where the first one was written down
        await resume_all(alive)
        assert (d.granted, (await told(d))[-2:]) == (["P1001"], [WAIT, ISSUED]), left
        assert (await tell(alive, "b", ANNA)).replies == (WAIT, ISSUED), left
    assert left > 20


async def test_a_question_whose_process_died_long_ago_is_answered_though_its_facts_have_expired() -> None:
    found = 0
    for left in range(40, 60):
        saver = DyingSaver()
        d = await begun(saver)
        with suppress(Died):
            await tell(with_life(d, saver, Life(left)), "b", ANNA)
        d.sandbox.stores.held.clear()
        requests = await d.sandbox.stores.approvals()
        if not requests or not (await d.sandbox.stores.entries("t1", kinds=("approval_asked",))):
            continue
        found += 1
        d.clock.later(hours=2)  # verification and decision have expired
        alive = with_life(d, saver, Life(PLENTY))
        again = await tell(alive, "b", ANNA)
        assert again.waiting == requests[0].approval_id, left
        await approve(d, alive, requests[0].approval_id)
        assert (d.granted, (await told(d))[-1]) == (["P1001"], ISSUED), left
    assert found > 3


async def test_a_denial_that_dies_is_told_once() -> None:
    saver = DyingSaver()
    d, approval_id = await asked(saver)
    given = Vote(approver="anna", verdict="deny", reason="no", at=d.clock())
    with pytest.raises(Died):
        await vote(approval_id, given, with_life(d, saver, Life(4)))
    d.sandbox.stores.held.clear()
    alive = with_life(d, saver, Life(PLENTY))
    await resume_all(alive)
    await resume_all(alive)
    (request,) = await d.sandbox.stores.approvals()
    assert (request.state, d.granted) == (ApprovalState.DENIED, [])
    assert (await told(d)).count(NOT_APPROVED) == 1
