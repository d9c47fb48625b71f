"""Tickets whose wait is over: each goes on by itself, is told to nobody else, and is never lost between two humans."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import pytest

from agent.approvals import resume_all
from agent.deps import Snapshot
from agent.erasure import Archive, erase_player
from agent.model.port import Proposal, Request
from agent.model.scripted import ScriptedModel, say
from agent.run import Handled, Message, handle
from casino.values import Document
from tests.agent.stored_desk import Stored, stored
from tests.agent.test_waiting import GATE, TO_A_HUMAN, decided, reasons, told, waiting_desk
from tests.desks import Desk, desk, with_hands
from tools.adapters.memory_stores import MemoryStores
from tools.approvals import Approval, Approvals, ApprovalState, Vote
from tools.ledger import Denied
from tools.ports import Handoff, Unavailable, UnusableStore
from tools.session import session_identity


def yes(d: Desk | Stored) -> Vote:
    return Vote(approver="anna", verdict="approve", reason="seen", at=d.clock())


async def signed_in(player: str, d: Stored, ticket: str) -> Handled:
    identity = await session_identity(player, d.deps.world, now=d.clock())
    return await handle(
        Message(
            ticket_id=ticket,
            message_id="m1",
            brand="lucky-spin",
            text="Can I get a bonus?",
            facts=identity.facts,
            fields=identity.fields,
        ),
        d.deps,
    )


async def next_person(d: Desk, player: str) -> Handled:
    deps = d.sandbox.deps
    identity = await session_identity(player, deps.world, now=deps.clock())
    message = Message(
        ticket_id="t1",
        message_id=f"of-{player}",
        brand="lucky-spin",
        text="Hello, what can you do?",
        facts=identity.facts,
        fields=identity.fields,
    )
    return await handle(message, deps)


class LastMoment(MemoryStores):
    """An inbox of approvals in which a vote lands just before a request is withdrawn."""

    def __init__(self, real: MemoryStores, vote: Vote) -> None:
        super().__init__(log=real.log, requests=real.requests)
        self.given = vote

    async def withdraw(self, approval_id: str, *, at: datetime, why: str) -> None:
        """Vote, and then find nothing to withdraw."""
        await self.vote(approval_id, self.given)
        await super().withdraw(approval_id, at=at, why=why)


class Unreadable(MemoryStores):
    """An inbox of approvals in which a row was damaged."""

    async def approval(self, approval_id: str) -> Approval | None:
        """Fail."""
        raise UnusableStore(approval_id)


def with_approvals(d: Desk, approvals: Approvals) -> Desk:
    deps = d.sandbox.deps
    gate = replace(deps.gate, approvals=approvals)
    return replace(d, sandbox=replace(d.sandbox, deps=replace(deps, gate=gate)))


async def test_what_was_approved_for_one_player_is_told_to_nobody_else() -> None:
    d = desk("P1001", "P1006", gate=GATE)
    await d.say("Can I get a bonus?")
    waiting = (await d.say("anna.keller@example.com, born 12 April 1990")).waiting
    assert waiting is not None
    await d.sandbox.stores.vote(waiting, yes(d))  # the voter's process died before the ticket went on
    asked: list[Request] = []

    def model(request: Request) -> Proposal:
        asked.append(request)
        return say("The VIP_50 bonus is on your account now." if len(asked) == 1 else "How can I help?")

    d = replace(d, sandbox=replace(d.sandbox, deps=replace(d.sandbox.deps, model=ScriptedModel(model))))
    handled = await next_person(d, "P1006")
    assert (handled.replies, d.granted) == (("How can I help?",), ["P1001"])
    assert (await told(d))[-2:] == ["The VIP_50 bonus is on your account now.", "How can I help?"]
    seen = str(asked[-1].prompt)
    assert ("Hello, what can you do?" in seen, "VIP_50" in seen, "P1001" in seen) == (True, False, False)


async def test_one_ticket_that_breaks_keeps_no_other_from_going_on(
    address: str, caplog: pytest.LogCaptureFixture
) -> None:
    class Failing:
        """States that cannot be reached."""

        async def forget(self, ticket_id: str) -> None:
            """Fail."""
            raise Unavailable(ticket_id)

    d = desk("P1001", "P1004", gate=GATE)
    async with stored(d, address) as one:
        for ticket, player in (("t1", "P1001"), ("t2", "P1004")):
            waiting = (await signed_in(player, one, ticket)).waiting
            assert waiting is not None
            await one.stores.vote(waiting, yes(one))
            d.clock.later(minutes=1)
        cut = Archive(kept=one.stores, states=Failing(), holder="archive", clock=one.clock)
        with pytest.raises(Unavailable):
            await erase_player("P1001", cut, by="ben", reason="asked for it")
        (handled,) = await resume_all(one.deps)
        assert (handled.ticket_id, d.granted) == ("t2", ["P1004"])
        assert [record.getMessage().split(" (")[0] for record in caplog.records] == ["ticket t1 did not go on"]
        assert await resume_all(one.deps) == []


async def test_a_ticket_that_has_gone_on_is_not_read_again() -> None:
    d, approval_id = await waiting_desk()
    await d.say("How long does it take?")
    await d.sandbox.stores.vote(approval_id, yes(d))
    assert len(await resume_all(d.sandbox.deps)) == 1
    graph = d.sandbox.deps.graph

    class Unread:
        """A graph whose states nobody reads."""

        run, go_on, write = graph.run, graph.go_on, graph.write

        async def stands(self, ticket_id: str) -> Snapshot:
            """Fail."""
            raise AssertionError(ticket_id)

    d = replace(d, sandbox=replace(d.sandbox, deps=replace(d.sandbox.deps, graph=Unread())))
    assert await resume_all(d.sandbox.deps) == []
    assert await d.entries("failure") == []


async def test_nobody_can_approve_any_more_while_a_human_takes_over() -> None:
    d, approval_id = await waiting_desk()
    stores, answers = d.sandbox.stores, list[str]()

    class Slow:
        """An inbox that takes its time: meanwhile somebody votes."""

        async def transfer(self, handoff: Handoff, *, key: str) -> str:
            """Take the ticket."""
            answer = await stores.vote(approval_id, yes(d))
            answers.append(answer.code if isinstance(answer, Denied) else answer.state.value)
            return await stores.transfer(handoff, key=key)

        async def handoffs(self, ticket_id: str) -> Sequence[Document]:
            """Return what it took."""
            return await stores.handoffs(ticket_id)

    d = with_hands(d, lambda hands: replace(hands, desk=Slow()))
    handled = await d.say("I want to talk to a human")
    assert (handled.replies, answers, d.granted) == ((TO_A_HUMAN,), ["not_open"], [])
    request = await stores.approval(approval_id)
    assert request is not None
    assert request.state is ApprovalState.WITHDRAWN


async def test_what_was_approved_at_the_last_moment_is_refused_on_the_record_and_told_to_the_human() -> None:
    d, _ = await waiting_desk()
    stores = d.sandbox.stores

    d = with_approvals(d, LastMoment(stores, yes(d)))
    handled = await d.say("I want to talk to a human")
    assert (handled.replies, handled.silent, d.granted) == ((TO_A_HUMAN,), True, [])
    (refused,) = await d.entries("effect_refused")
    assert (refused.body["tool"], refused.body["code"]) == ("issue_bonus", "handed_over")
    (note,) = await stores.handoffs("t1")
    tried = note["tried"]
    assert isinstance(tried, list)
    assert tried[-1] == "issue_bonus: approved by a colleague, not carried out"
    assert await resume_all(d.sandbox.deps) == []
    assert (await decided(d)).repeated
    assert (d.granted, await reasons(d)) == ([], ["player_request"])


async def test_a_request_that_cannot_be_read_closes_nobodys_way_to_a_human() -> None:
    d, _ = await waiting_desk()
    d = with_approvals(d, Unreadable())
    handled = await d.say("I want to talk to a human")
    assert (handled.silent, d.granted, await reasons(d)) == (True, [], ["system_failure"])
    failures = [(entry.body["what"], entry.body["why"]) for entry in await d.entries("failure")]
    assert failures == [("turn", "UnusableStore"), ("approval", "UnusableStore")]
