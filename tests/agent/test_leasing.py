"""Two processes and one ticket: one after the other, and a dead one does not hold it for ever."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from agent.approvals import resume_all, vote
from agent.leasing import Holder, LeaseTerms, TicketBusy, leased
from agent.model.policy import PolicyModel
from agent.model.port import Proposal, Request
from agent.wiring import utc_now
from tests.agent.stored_desk import Stored, stored
from tests.agent.test_waiting import GATE, ISSUED, WAIT
from tests.desks import ANNA, Clock, Desk, desk, shipped_house
from tools.adapters.memory_stores import MemoryStores
from tools.approvals import Approval, Vote

SHORT = LeaseTerms(hold_s=0.2, wait_s=0.1, poll_s=0.01)


@dataclass(frozen=True, slots=True)
class SlowModel:
    """The policy model, which takes its time."""

    inner: PolicyModel
    takes_s: float
    name: str = "slow"
    is_llm: bool = False

    async def propose(self, request: Request) -> Proposal:
        """Answer late."""
        await asyncio.sleep(self.takes_s)
        return await self.inner.propose(request)

    async def choose(self, text: str, options: Mapping[str, str]) -> str | None:
        """Have no opinion."""
        return await self.inner.choose(text, options)


def holder(leases: MemoryStores, name: str, clock: Clock) -> Holder:
    return Holder(leases=leases, name=name, clock=clock, terms=SHORT)


def slow_desk(takes_s: float) -> Desk:
    return desk("P1001", model=SlowModel(PolicyModel(shipped_house().prompts), takes_s))


def with_real_time(one: Stored) -> Stored:
    """Let the time of a process go on, and its leases be short."""
    terms = LeaseTerms(hold_s=0.5, wait_s=30, poll_s=0.01)
    return replace(one, deps=replace(one.deps, clock=utc_now, lease=terms))


async def test_a_ticket_that_another_process_holds_is_not_taken() -> None:
    leases, clock = MemoryStores(), Clock()
    async with leased("t1", holder(leases, "a", clock)):
        with pytest.raises(TicketBusy, match="`t1` is being worked on elsewhere"):
            async with leased("t1", holder(leases, "b", clock)):
                pytest.fail("both hold it")
        async with leased("t2", holder(leases, "b", clock)):
            pass
    async with leased("t1", holder(leases, "b", clock)):
        pass
    assert leases.held == {}


async def test_the_lease_of_a_dead_process_runs_out() -> None:
    leases, clock = MemoryStores(), Clock()
    assert await leases.hold("t1", holder="dead", now=clock(), until=clock() + timedelta(seconds=60))
    clock.later(seconds=60)
    async with leased("t1", holder(leases, "b", clock)):
        assert leases.held["t1"][0] == "b"


async def test_a_busy_ticket_takes_nothing_of_a_message() -> None:
    d = desk("P1001")
    d.sandbox.stores.held["t1"] = ("elsewhere", d.clock().replace(year=2030))
    busy = replace(d, sandbox=replace(d.sandbox, deps=replace(d.sandbox.deps, lease=SHORT)))
    with pytest.raises(TicketBusy):
        await busy.say("Can I get a bonus?")
    assert await d.entries() == []


async def test_two_processes_answer_two_messages_at_once_one_after_the_other(address: str) -> None:
    d = desk("P1001")
    async with stored(d, address) as a, stored(d, address) as b:
        await a.say("Can I get a bonus?", message="m1")
        both = await asyncio.gather(a.say(ANNA, message="x"), b.say("and how much is it?", message="y"))
        assert all(one.replies for one in both)
        assert d.granted == ["P1001"]
        kinds = [entry.kind for entry in await a.stores.entries("t1", kinds=("player_message", "turn"))]
        assert kinds == ["player_message", "turn"] * 3


async def test_a_lease_is_prolonged_for_as_long_as_the_work_goes_on(address: str) -> None:
    d = slow_desk(1.2)
    async with stored(d, address) as a, stored(d, address) as b:
        one, other = (with_real_time(each) for each in (a, b))
        both = await asyncio.gather(one.say("Hello", message="x"), other.say("Can I get a bonus?", message="y"))
        assert all(each.replies for each in both)
        kinds = [entry.kind for entry in await a.stores.entries("t1", kinds=("player_message", "turn"))]
        assert kinds == ["player_message", "turn"] * 2


async def test_who_approves_in_another_process_lets_the_ticket_go_on(address: str) -> None:
    d = desk("P1001", gate=GATE)
    async with stored(d, address) as chat:
        await chat.say("Can I get a bonus?", message="m1")
        waiting = (await chat.say(ANNA, message="m2")).waiting
    assert waiting is not None
    async with stored(d, address) as approver:
        given = Vote(approver="anna", verdict="approve", reason="seen", at=d.clock())
        assert isinstance(await vote(waiting, given, approver.deps), Approval)
        assert d.granted == ["P1001"]
        assert await resume_all(approver.deps) == []
    async with stored(d, address) as chat:
        again = await chat.say(ANNA, message="m2")
        assert (again.replies, again.repeated, again.outcome) == ((WAIT, ISSUED), True, "issued")
        assert d.granted == ["P1001"]


class NoLeases:
    """Leases that everybody gets."""

    async def hold(self, ticket_id: str, *, holder: str, now: datetime, until: datetime) -> bool:
        """Say yes."""
        return bool((ticket_id, holder, now, until))

    async def release(self, ticket_id: str, *, holder: str) -> None:
        """Have nothing to give back."""


async def test_without_leases_two_processes_would_work_on_one_ticket_at_once(tmp_path: Path) -> None:
    d, address = slow_desk(0.3), f"sqlite:///{tmp_path / 'croupier.sqlite'}"
    async with stored(d, address) as a, stored(d, address) as b:
        one, other = (replace(each, deps=replace(each.deps, leases=NoLeases())) for each in (a, b))
        await asyncio.gather(one.say("Hello", message="x"), other.say("Can I get a bonus?", message="y"))
        kinds = [entry.kind for entry in await a.stores.entries("t1", kinds=("player_message", "turn"))]
        assert kinds[:2] == ["player_message", "player_message"]
