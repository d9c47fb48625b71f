"""A turn cut off before any one of its writes: after a restart and redelivery the answer is there, and one grant."""

import pytest

from agent.deps import Deps
from agent.run import Handled, Message, handle
from tests.agent.deaths import Died, DyingSaver, Life, with_life
from tests.desks import ANNA, Desk, desk
from tools.ledger import EffectState

ISSUED = "VIP_50 bonus at 1 EUR per spin is on your account now"
ASKED_AGAIN = (
    "To help you I need to find your account first. Please send me your e-mail address and your date of birth."
)


async def tell(deps: Deps, message_id: str, text: str) -> Handled:
    return await handle(Message(ticket_id="t1", message_id=message_id, brand="lucky-spin", text=text), deps)


async def count_writes() -> int:
    d, saver, life = desk("P1001"), DyingSaver(), Life(10_000)
    deps = with_life(d, saver, life)
    await tell(deps, "a", "Can I get a bonus?")
    before = life.written
    await tell(deps, "b", ANNA)
    return life.written - before


async def test_a_turn_that_dies_before_any_of_its_writes_is_finished_after_a_restart() -> None:
    writes = await count_writes()
    assert writes > 40
    for left in range(writes):
        d, saver = desk("P1001"), DyingSaver()
        await tell(with_life(d, saver, Life(10_000)), "a", "Can I get a bonus?")
        with pytest.raises(Died):
            await tell(with_life(d, saver, Life(left)), "b", ANNA)
        alive = with_life(d, saver, Life(10_000))
        again = await tell(alive, "b", ANNA)
        assert d.granted == ["P1001"], left
        assert [ISSUED in one for one in again.replies] == [True], left
        assert (await tell(alive, "b", ANNA)).replies == again.replies, left


async def test_a_first_message_that_dies_before_any_of_its_writes_is_answered_after_a_restart() -> None:
    for left in range(12):
        d, saver = desk("P1001"), DyingSaver()
        with pytest.raises(Died):
            await tell(with_life(d, saver, Life(left)), "a", "Can I get a bonus?")
        again = await tell(with_life(d, saver, Life(10_000)), "a", "Can I get a bonus?")
        assert len(again.replies) == 1, left


async def asked(*, had_one: bool) -> tuple[Desk, DyingSaver]:
    """Return a ticket on which we wait for the player's details; perhaps a bonus of yesterday has been played."""
    d, saver = desk("P1001"), DyingSaver()
    deps = with_life(d, saver, Life(10_000))
    await tell(deps, "a", "Can I get a bonus?")
    if had_one:
        await tell(deps, "had", ANNA)
        d.clock.later(days=1)
        d.sandbox.world.grants.clear()
        kpi = d.sandbox.world.players["P1001"]["kpi"]
        assert isinstance(kpi, dict)
        kpi["active_bonus"] = False
        await tell(deps, "again", "Can I get a bonus?")
    return d, saver


@pytest.mark.parametrize("had_one", [False, True])
async def test_after_a_long_downtime_the_player_is_told_of_a_grant_if_and_only_if_there_is_one(had_one: bool) -> None:
    seen: set[tuple[str, ...]] = set()
    for left in range(await count_writes()):
        d, saver = await asked(had_one=had_one)
        with pytest.raises(Died):
            await tell(with_life(d, saver, Life(left)), "b", ANNA)
        d.clock.later(minutes=45)  # verification and decision have expired
        again = await tell(with_life(d, saver, Life(10_000)), "b", ANNA)
        effects = await d.sandbox.stores.effects("t1")
        assert d.granted in ([], ["P1001"]), left
        assert [effect.state for effect in effects] == [EffectState.DONE] * (len(d.granted) + had_one), left
        assert [ISSUED in one for one in again.replies] == [d.granted == ["P1001"]], left
        seen |= {again.replies} if d.granted == [] else set()
    assert seen == {(ASKED_AGAIN,)}
