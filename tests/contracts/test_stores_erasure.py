"""Erasure: what was said can be read by nobody, what money needs stays, and the chain holds."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from casino.values import Document
from tests.contracts.kept import (
    MINUTE,
    NOON,
    Stores,
    a_decision,
    a_grant,
    a_handoff,
    a_message,
    a_vote,
    an_approval,
    chain,
    opened,
    told,
)
from tools.approvals import About
from tools.ledger import EffectState
from tools.on_record import asked
from tools.record import ERASED, Erased, Kind

WORD = "Zebrafinch"  # said by the player, and found nowhere else
LATER = NOON + MINUTE
BY = {"by": "anna", "reason": "asked for by the player"}


async def a_ticket(stores: Stores) -> str:
    """Put a ticket into the stores whose every part holds the word; return the hash of its text."""
    await stores.append("t1", Kind.PLAYER_MESSAGE, {"text": f"I am {WORD}"}, at=NOON)
    await stores.append("t2", Kind.PLAYER_MESSAGE, {"text": "another"}, at=NOON)
    await stores.belongs("t1", "P1")
    await stores.mint(replace(a_decision(), record={"values": {"player.name": WORD}}))
    await stores.claim(a_grant(decision_id="D-1"))
    await stores.claim(a_message(text=f"please call {WORD}"))
    await stores.settle("send:1", state=EffectState.DONE, outcome={"heard": WORD}, at=NOON)
    await stores.ask(an_approval(effect=a_message(text=f"please call {WORD}")))
    await stores.vote("A-1", replace(a_vote(), reason=f"{WORD} is known to me"))
    await stores.transfer(a_handoff(asked=f"{WORD} wants to talk"), key="transfer:t1")
    return await stores.keep(f"{WORD} said this", ticket_id="t1")


async def erase(stores: Stores, ticket_id: str = "t1") -> bool:
    return await stores.erase(ticket_id, by=BY["by"], reason=BY["reason"], at=LATER)


async def test_nothing_that_was_said_can_be_read_and_the_ledger_stays(stores: Stores) -> None:
    text = await a_ticket(stores)
    before = await stores.effects("t1")
    lines = await chain(stores.links())
    assert await erase(stores)
    *erased, last = await told(stores)
    assert [body for _, body in erased] == [ERASED] * len(erased)
    assert last == ("erased", BY)
    assert await stores.text(text, ticket_id="t1") is None
    assert await stores.decision("D-1") == replace(a_decision(), record=ERASED)
    assert [*await stores.effects("t1")] == [before[0], replace(before[1], intent=ERASED, outcome=ERASED)]
    approval = await stores.approval("A-1")
    assert approval is not None
    assert (approval.intent, [vote.reason for vote in approval.votes]) == (ERASED, ["(erased)"])
    assert [*await stores.handoffs("t1")] == [ERASED]
    assert [*await stores.tickets_of("P1")] == ["t1"]
    assert [entry.body for entry in await stores.entries("t2")] == [{"text": "another"}]
    after = await chain(stores.links())
    assert after[:-1] == lines


async def test_a_ticket_is_erased_once(stores: Stores) -> None:
    await a_ticket(stores)
    assert not await erase(stores, "t9")
    assert await erase(stores)
    last = await stores.last()
    assert not await erase(stores)
    assert await stores.last() == last


ADDING: dict[str, Callable[[Stores], Awaitable[object]]] = {
    "append": lambda stores: stores.append("t1", Kind.PLAYER_MESSAGE, {}, at=LATER),
    "keep": lambda stores: stores.keep("new", ticket_id="t1"),
    "mint": lambda stores: stores.mint(a_decision("D-2")),
    "claim": lambda stores: stores.claim(a_grant("k2", business_key="k2")),
    "claim of no grant": lambda stores: stores.claim(a_message("k2")),
    "ask": lambda stores: stores.ask(an_approval("A-2", effect=a_grant("k2"))),
    "belongs": lambda stores: stores.belongs("t1", "P2"),
    "transfer": lambda stores: stores.transfer(a_handoff(), key="transfer:again"),
}


@pytest.mark.parametrize("adding", ADDING)
async def test_nothing_can_be_added_to_an_erased_ticket(stores: Stores, adding: str) -> None:
    await a_ticket(stores)
    await erase(stores)
    last = await stores.last()
    with pytest.raises(Erased, match='ticket "t1" was erased'):
        await ADDING[adding](stores)
    assert await stores.last() == last


async def test_a_doubt_about_money_can_still_be_settled(stores: Stores) -> None:
    await a_ticket(stores)
    await erase(stores)
    doubt = an_approval("A-2", about=About.DOUBT)
    assert await stores.ask(doubt) == doubt
    await stores.vote("A-2", replace(a_vote(), reason=f"{WORD} has it"))
    await stores.settle("issue:D-1", state=EffectState.DONE, outcome={"grantId": "B1"}, at=LATER)
    assert (await stores.effects("t1"))[0].state is EffectState.DONE
    assert (await told(stores))[-4:] == [
        ("approval_asked", {name: value for name, value in asked(doubt).items() if name != "intent"}),
        ("approval_voted", {"approval_id": "A-2", "approver": "anna", "verdict": "approve"}),
        ("approval_closed", {"approval_id": "A-2", "state": "approved"}),
        ("effect_settled", {"key": "issue:D-1", "state": "done"}),
    ]
    approval = await stores.approval("A-2")
    assert approval is not None
    assert [vote.reason for vote in approval.votes] == ["(erased)"]
    await chain(stores.links())


@pytest.mark.parametrize("late", [False, True])
async def test_of_a_refused_grant_the_code_stays_and_the_words_go(stores: Stores, late: bool) -> None:  # a parameter
    refused: Document = {"code": "blocked", "message": f"{WORD} is on a list"}
    await a_ticket(stores)
    if late:
        await erase(stores)
    await stores.settle("issue:D-1", state=EffectState.FAILED, outcome=refused, at=LATER)
    if not late:
        assert (await stores.effects("t1"))[0].outcome == refused
        await erase(stores)
    assert (await stores.effects("t1"))[0].outcome == {"code": "blocked", **ERASED}


async def test_a_doubt_about_something_else_can_be_settled_without_what_it_was(stores: Stores) -> None:
    await a_ticket(stores)
    await stores.claim(a_message("send:2", text=WORD))
    await erase(stores)
    doubt = an_approval("A-2", about=About.DOUBT, effect=a_message("send:2", text=WORD))
    assert await stores.ask(doubt) == replace(doubt, intent=ERASED)
    await stores.settle("send:2", state=EffectState.FAILED, outcome={"heard": WORD}, at=LATER)
    settled = await stores.effect("send:2")
    assert settled is not None
    assert (settled.state, settled.intent, settled.outcome) == (EffectState.FAILED, ERASED, ERASED)


async def test_the_words_stand_nowhere_in_the_files_of_sqlite_before_or_after(tmp_path: Path) -> None:
    async with opened(f"sqlite:///{tmp_path / 'k.sqlite'}") as stores:
        await a_ticket(stores)
        refused: Document = {"code": "blocked", "message": f"{WORD} is on a list"}
        await stores.settle("issue:D-1", state=EffectState.FAILED, outcome=refused, at=NOON)
        with stores.engine.connect() as connection:
            key: bytes = connection.exec_driver_sql("SELECT key FROM subject_keys WHERE ticket_id = 't1'").scalar_one()
        assert (_holds(tmp_path, WORD.encode()), _holds(tmp_path, key)) == (False, True)
        await erase(stores)
        assert (_holds(tmp_path, WORD.encode()), _holds(tmp_path, key)) == (False, False)


async def test_the_words_stand_in_no_table_of_postgresql(postgres_database: str) -> None:
    async with opened(postgres_database) as stores:
        await a_ticket(stores)
        await erase(stores)
    with psycopg.connect(postgres_database) as connection:
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        rows = [connection.execute(SQL("SELECT * FROM {}").format(Identifier(name))).fetchall() for (name,) in tables]
    assert WORD not in str(rows)
    assert len(tables) > 10


def _holds(folder: Path, needle: bytes) -> bool:
    return any(needle in file.read_bytes() for file in folder.iterdir())
