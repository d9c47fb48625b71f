"""The record, texts and tickets: one contract for every store."""

import asyncio
from datetime import timedelta, timezone
from decimal import Decimal

import pytest

from tests.contracts.kept import MINUTE, NOON, Stores, a_decision, a_grant, a_handoff, an_approval, chain
from tools.record import Entry, Kind, Row

SAID = Kind.PLAYER_MESSAGE


async def test_entries_are_numbered_in_the_order_in_which_they_came(stores: Stores) -> None:
    first = await stores.append("t1", "player_message", {"text": "Grüße", "n": Decimal("1.10")}, at=NOON)
    await stores.append("t2", "player_message", {"text": "other"}, at=NOON)
    second = await stores.append("t1", "agent_message", {"text": "hi"}, at=NOON)
    assert [*await stores.entries("t1")] == [first, second]
    assert first == Entry(ticket_id="t1", seq=1, kind=SAID, at=NOON, body={"text": "Grüße", "n": Decimal("1.10")})
    assert [entry.seq for entry in await stores.entries("t1", kinds=("agent_message",))] == [2]
    assert await stores.tickets() == ["t1", "t2"]
    assert await stores.tickets(limit=1) == ["t1"]


async def test_what_is_marked_once_is_kept_once_per_ticket(stores: Stores) -> None:
    assert await stores.append("t1", SAID, {}, at=NOON, once="message:1") is not None
    assert await stores.append("t1", SAID, {}, at=NOON, once="message:1") is None
    assert await stores.append("t2", SAID, {}, at=NOON, once="message:1") is not None
    assert len(await chain(stores.links())) == 2


async def test_appends_at_the_same_moment_lose_nothing(stores: Stores) -> None:
    await asyncio.gather(*(stores.append("t1", SAID, {"n": number}, at=NOON) for number in range(20)))
    assert [entry.seq for entry in await stores.entries("t1")] == list(range(1, 21))
    assert len(await chain(stores.links())) == 20


async def test_a_kind_that_is_none_is_refused(stores: Stores) -> None:
    with pytest.raises(ValueError, match="gossip"):
        await stores.append("t1", "gossip", {}, at=NOON)
    assert await stores.last() is None


async def test_a_moment_is_the_same_in_every_zone_and_needs_one(stores: Stores) -> None:
    east = NOON.astimezone(timezone(timedelta(hours=2)))
    entry = await stores.append("t1", SAID, {}, at=east)
    assert [*await stores.entries("t1")] == [entry]
    with pytest.raises(ValueError, match="without its offset"):
        await stores.append("t1", SAID, {}, at=NOON.replace(tzinfo=None))


async def test_all_entries_are_one_chain_which_can_be_read_from_any_place_on(stores: Stores) -> None:
    assert await stores.last() is None
    for number in range(3):
        await stores.append(f"t{number % 2}", SAID, {"n": number}, at=NOON + number * MINUTE)
    links = await chain(stores.links())
    assert await stores.last() == links[-1]
    assert [link async for link in stores.links(after=1)] == links[1:]
    assert [link async for link in stores.links(after=3)] == []


async def test_what_was_said_does_not_stand_in_the_chain(stores: Stores) -> None:
    await stores.append("t1", SAID, {"text": "my name is Ada"}, at=NOON)
    [link] = await chain(stores.links())
    assert "Ada" not in link.line


async def test_a_text_is_kept_under_its_hash(stores: Stores) -> None:
    sha256 = await stores.keep("a prompt")
    assert sha256 == await stores.keep("a prompt")
    assert await stores.text(sha256) == "a prompt"
    assert await stores.text("0" * 64) is None


async def test_a_text_of_a_ticket_is_found_under_the_ticket_only(stores: Stores) -> None:
    sha256 = await stores.keep("my name is Ada", ticket_id="t1")
    assert sha256 == await stores.keep("my name is Ada", ticket_id="t1")
    assert await stores.text(sha256, ticket_id="t1") == "my name is Ada"
    assert await stores.text(sha256, ticket_id="t2") is None
    assert await stores.text(sha256) is None


async def test_it_is_noted_whose_ticket_it_is(stores: Stores) -> None:
    for ticket_id, subject in (("t2", "P1"), ("t1", "P1"), ("t2", "P1"), ("t3", "P2"), ("t1", "P2")):
        await stores.belongs(ticket_id, subject)
    assert [*await stores.tickets_of("P1")] == ["t2", "t1"]
    assert [*await stores.tickets_of("P2")] == ["t3", "t1"]
    assert [*await stores.tickets_of("P3")] == []


async def test_whose_a_ticket_is_and_that_it_was_handed_over_stand_on_the_record(stores: Stores) -> None:
    await stores.belongs("t1", "P1", at=NOON)
    await stores.belongs("t1", "P1", at=NOON + MINUTE)
    handoff_id = await stores.transfer(a_handoff(), key="transfer:t1")
    assert await stores.transfer(a_handoff(), key="transfer:t1") == handoff_id
    subject, handed = await stores.entries("t1")
    assert (subject.kind, subject.at, subject.body) == ("subject_noted", NOON, {"subject": "P1"})
    assert (handed.kind, handed.at, handed.body["handoff_id"]) == ("handed_over", NOON, handoff_id)
    digest = {"digest": handed.body["digest"]}
    rows = [Row(table="subject", name="P1", values={"subject": "P1"})]
    assert [*await stores.rows("t1")] == [*rows, Row(table="handoff", name=handoff_id, values=digest)]


async def test_an_auditor_finds_every_row_beside_the_log(stores: Stores) -> None:
    await stores.mint(a_decision())
    await stores.claim(a_grant(decision_id="D-1"))
    await stores.ask(an_approval())
    await stores.claim(a_grant("k2", business_key="k2", ticket_id="t2"))
    moment = "2026-11-20T12:00:00.000000+00:00"
    assert [*await stores.rows("t1")] == [
        Row(table="effect", name="issue:D-1", values={"claimed_at": moment}),
        Row(table="decision", name="D-1", values={"consumed_by": "issue:D-1"}),
        Row(table="approval", name="A-1", values={"state": "open"}),
    ]
    assert [*await stores.ticketed()] == ["t1", "t2"]
