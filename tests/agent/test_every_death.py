"""A turn cut off before any one of its writes: after a restart and redelivery the answer is there, and one grant."""

# ruff: noqa: ANN401  # it stands in front of methods of any shape

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from langgraph.checkpoint.memory import InMemorySaver

from agent.deps import Deps
from agent.graph import build
from agent.run import Handled, Message, handle
from tests.desks import ANNA, Desk, desk
from tools.ports import EffectState

ISSUED = "VIP_50 bonus at 1 EUR per spin is on your account now"
ASKED_AGAIN = (
    "To help you I need to find your account first. Please send me your e-mail address and your date of birth."
)


class Died(BaseException):
    """The process is gone: nothing catches it."""


@dataclass(slots=True)
class Life:
    """How many writes are left before the process dies; each write is counted."""

    left: int
    written: int = 0

    def write(self) -> None:
        """Count a write, or die before it."""
        self.written += 1
        if self.written > self.left:
            raise Died


@dataclass(slots=True)
class DyingStores:
    """The real stores, which a dying process writes to."""

    real: Any
    life: Life
    writes: frozenset[str] = field(default=frozenset({"append", "keep", "mint", "claim", "settle", "transfer", "take"}))

    def __getattr__(self, name: str) -> Callable[..., Any]:
        """Count the writes and hand everything to the real stores."""
        method = getattr(self.real, name)
        if name not in self.writes:
            return method

        async def counted(*given: Any, **named: Any) -> Any:
            self.life.write()
            return await method(*given, **named)

        return counted


class DyingSaver(InMemorySaver):
    """A saver of states that a dying process writes to."""

    life: Life = Life(10_000)

    async def aput(self, *given: Any, **named: Any) -> Any:
        """Count the write."""
        self.life.write()
        return await super().aput(*given, **named)

    async def aput_writes(self, *given: Any, **named: Any) -> None:
        """Count the write."""
        self.life.write()
        await super().aput_writes(*given, **named)


def with_life(d: Desk, saver: DyingSaver, life: Life) -> Deps:
    saver.life = life
    stores = DyingStores(d.sandbox.stores, life)
    deps = d.sandbox.deps
    world = replace(deps.world, decisions=stores, attempts=stores, desk=stores)
    return replace(deps, record=stores, ledger=stores, world=world, graph=build(saver))


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
