"""Code's own hand-over: it needs neither procedure nor model, and a ticket that nobody took is not silent."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from agent.model.port import Proposal, Request
from agent.model.scripted import Script
from agent.run import Handled
from casino.values import Document
from tests.desks import Desk, desk, with_hands
from tools.ledger import EffectState
from tools.ports import Desk as Inbox
from tools.ports import Handoff, Unavailable

LATER = (
    "Something went wrong on our side, and I cannot reach a colleague just now. Your message is not lost. "
    "Please write again in a few minutes."
)
TROUBLE = "Something went wrong on our side. Your message is not lost: a colleague will read it and get back to you."


@dataclass(slots=True)
class ClosedInbox:
    """The humans' inbox, which takes nothing until it is open."""

    real: Inbox
    open: bool = False

    async def transfer(self, handoff: Handoff, *, key: str) -> str:
        """Take the ticket only while it is open."""
        if not self.open:
            raise Unavailable("the inbox does not answer")
        return await self.real.transfer(handoff, key=key)

    async def handoffs(self, ticket_id: str) -> Sequence[Document]:
        """Return what it took."""
        return await self.real.handoffs(ticket_id)


def closed_desk(script: Script | None = None) -> tuple[Desk, ClosedInbox]:
    d = desk("P1001", script=script)
    inbox = ClosedInbox(d.sandbox.stores)
    return with_hands(d, lambda hands: replace(hands, desk=inbox)), inbox


def desk_without(tool: str) -> Desk:
    d = desk("P1001")
    tools = {name: one for name, one in d.sandbox.deps.tools.items() if name != tool}
    return Desk(replace(d.sandbox, deps=replace(d.sandbox.deps, tools=tools)), d.clock)


def broken(_: Request) -> Proposal:
    raise ZeroDivisionError


def ended(handled: Handled) -> tuple[tuple[str, ...], str | None, bool]:
    return handled.replies, handled.outcome, handled.silent


async def reasons(d: Desk) -> list[object]:
    return [handoff["reason_code"] for handoff in await d.sandbox.stores.handoffs("t1")]


async def test_a_procedure_that_mentions_a_tool_which_is_not_there_ends_with_a_human() -> None:
    d = desk_without("issue_bonus")
    handled = await d.say("Can I get a bonus?")
    assert ended(handled) == ((TROUBLE,), "escalated", True)
    assert [entry.body["why"] for entry in await d.entries("failure")] == ["ProcedureError"]
    assert await reasons(d) == ["system_failure"]
    assert ended(await d.say("Hello?")) == ((), "escalated", True)


async def test_where_no_human_can_be_reached_the_player_is_told_so_and_the_ticket_goes_on() -> None:
    scripts: tuple[Script, ...] = ([], broken)  # the model is down; the turn breaks
    for script in scripts:
        d, inbox = closed_desk(script)
        assert ended(await d.say("Can I get a bonus?")) == ((LATER,), None, False)
        assert ended(await d.say("Hello?")) == ((LATER,), None, False)
        assert [effect.state for effect in await d.sandbox.stores.effects("t1")] == [EffectState.FAILED]
        inbox.open = True
        taken = await d.say("Is anybody there?")
        assert (len(taken.replies), taken.outcome, taken.silent) == (1, "escalated", True)
        assert len(await reasons(d)) == 1


async def test_a_wish_for_a_human_whom_nobody_can_reach_does_not_end_the_ticket() -> None:
    d, _ = closed_desk()
    assert ended(await d.say("I want to talk to a human")) == ((LATER,), None, False)
    bonus = await d.say("Can I get a bonus?")
    assert (bonus.path[-2:], bonus.silent) == (("check", "reply"), False)
    assert "e-mail address" in bonus.replies[0]
    assert await reasons(d) == []
