"""Erasing a player: nothing that was said or known can be read, the log still holds, and nothing goes on for them."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from agent.approvals import resume_all, vote
from agent.checkpoints import States
from agent.erasure import Archive, erase_player
from agent.run import Decided, handle
from tests.agent.stored_desk import Stored, stored
from tests.agent.test_waiting import GATE
from tests.desks import ANNA, desk, with_hands
from tools.approvals import About, Approval, ApprovalState, Vote
from tools.ledger import Denied, EffectState
from tools.ports import BonusSystem, Granted, GrantOrder, OutcomeUnknown, Refused
from tools.record import ERASED, Erased

PERSONAL = (b"anna.keller", b"1990-04-12", b"12 April 1990", b"my poodle Bello")


def archive(one: Stored, states: States | None = None) -> Archive:
    return Archive(kept=one.stores, states=one.states if states is None else states, holder="archive", clock=one.clock)


def bytes_in(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.iterdir())


async def erased(one: Stored) -> int:
    return await erase_player("P1001", archive(one), by="ben", reason="asked for it")


async def test_an_erased_player_can_be_read_nowhere_and_a_new_message_needs_a_new_ticket(address: str) -> None:
    d = desk("P1001", "P1006")
    async with stored(d, address) as one:
        await one.say("Can I get a bonus? It is for my poodle Bello", message="m1")
        await one.say(ANNA, message="m2")
        await one.say("Can I get a bonus? finn.obrien@example.com 28.02.2001", message="m1", ticket="t2")
        assert await erased(one) == 1
        entries = await one.stores.entries("t1")
        assert {str(entry.body) for entry in entries if entry.kind != "erased"} == {str(ERASED)}
        assert [entry.body for entry in entries if entry.kind == "erased"] == [{"by": "ben", "reason": "asked for it"}]
        with pytest.raises(Erased):
            await one.say("Hello again", message="m3")
        nothing = await handle(Decided(ticket_id="t1"), one.deps)
        assert (nothing.replies, nothing.repeated) == ((), True)
        assert await erased(one) == 0
        assert (await one.say("Thanks", message="m2", ticket="t2")).replies


async def test_not_a_byte_of_what_was_said_is_left_in_the_files(tmp_path: Path) -> None:
    d = desk("P1001")
    async with stored(d, f"sqlite:///{tmp_path / 'croupier.sqlite'}") as one:
        await one.say("Can I get a bonus? It is for my poodle Bello", message="m1")
        await one.say(ANNA, message="m2")
        before = bytes_in(tmp_path)
        assert [word for word in PERSONAL if word in before] != []  # the states are not sealed
        await erased(one)
        after = bytes_in(tmp_path)
        assert [word for word in PERSONAL if word in after] == []


async def test_what_waits_for_a_human_is_withdrawn_when_its_player_is_erased(address: str) -> None:
    d = desk("P1001", gate=GATE)
    async with stored(d, address) as one:
        await one.say("Can I get a bonus?", message="m1")
        waiting = (await one.say(ANNA, message="m2")).waiting
        assert waiting is not None
        await erased(one)
        (request,) = await one.stores.approvals()
        late = await vote(waiting, Vote(approver="anna", verdict="approve", reason="", at=d.clock()), one.deps)
        assert isinstance(late, Denied)
        assert (request.state, late.code, d.granted) == (ApprovalState.WITHDRAWN, "not_open", [])
        assert await resume_all(one.deps) == []


class Lost:
    """A back office that grants, loses its answer, and knows no keys."""

    def __init__(self, real: BonusSystem) -> None:
        self.real = real

    async def templates(self, *, brand: str) -> Sequence[str]:
        """Return what there is."""
        return await self.real.templates(brand=brand)

    async def grant(self, order: GrantOrder, *, idempotency_key: str) -> Granted | Refused:
        """Grant, and lose the answer."""
        await self.real.grant(order, idempotency_key=idempotency_key)
        raise OutcomeUnknown

    async def find_grant(self, idempotency_key: str) -> Granted | None:
        """Know nothing."""
        raise OutcomeUnknown(idempotency_key)


async def test_a_doubt_of_money_stays_open_for_a_human_when_its_player_is_erased(address: str) -> None:
    d = desk("P1001", gate=GATE.replace("approvers: 1", "approvers: 0"))
    d = with_hands(d, lambda hands: replace(hands, bonuses=Lost(hands.bonuses)))
    async with stored(d, address) as one:
        await one.say(f"Can I get a bonus? {ANNA}", message="m1")
        assert await erased(one) == 1
        (doubt,) = await one.stores.approvals()
        assert (doubt.about, doubt.state) == (About.DOUBT, ApprovalState.OPEN)
        given = Vote(approver="anna", verdict="approve", reason="it is there", at=d.clock())
        assert isinstance(await vote(doubt.approval_id, given, one.deps), Approval)
        effect = await one.stores.effect(doubt.effect_key)
        assert effect is not None
        assert effect.state is EffectState.DONE


async def test_an_erasure_that_was_cut_off_is_finished_by_the_next_one(address: str) -> None:
    class Failing:
        """States that cannot be reached."""

        async def forget(self, ticket_id: str) -> None:
            """Fail."""
            raise OSError(ticket_id)

    d = desk("P1001")
    async with stored(d, address) as one:
        await one.say(f"Can I get a bonus? {ANNA}", message="m1")
        cut = Archive(kept=one.stores, states=Failing(), holder="archive", clock=one.clock)
        with pytest.raises(OSError, match="t1"):
            await erase_player("P1001", cut, by="ben", reason="asked for it")
        assert (await one.deps.graph.stands("t1")).values
        assert await erased(one) == 0
        assert (await one.deps.graph.stands("t1")).values == {}
