"""The states of tickets break: nothing that was said is lost, nothing is granted twice, and nobody is told a lie."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

from agent.checkpoints import states_file
from agent.deps import StatesUnavailable, UnusableStates
from agent.run import Close, handle
from agent.settings import read_settings
from agent.wiring import live_desk
from tests.agent.stored_desk import Stored, stored
from tests.contracts.postgres import fresh_database
from tests.desks import ANNA, desk, with_hands
from tools.ports import BonusSystem, Granted, GrantOrder, Refused

ON_SQLITE = "CREATE TRIGGER {0}_broken BEFORE INSERT ON {0} BEGIN SELECT RAISE(ABORT, 'no more room'); END"
ON_POSTGRES = (
    "CREATE OR REPLACE FUNCTION broken() RETURNS trigger LANGUAGE plpgsql AS "
    "$$BEGIN RAISE EXCEPTION 'no more room' USING ERRCODE = '53100'; END$$; "
    "CREATE TRIGGER {0}_broken BEFORE INSERT ON {0} EXECUTE FUNCTION broken()"
)
CUT = "PERFORM pg_terminate_backend(pg_backend_pid()); RAISE"
TABLES = ("checkpoints", "checkpoint_writes")


def told_of_the_bonus(reply: str) -> bool:
    return "VIP_50 bonus at 1 EUR per spin" in reply and "is on your account" in reply


def execute(address: str, *statements: str) -> None:
    """Do something to the states as somebody from outside."""
    url = make_url(address)
    if url.get_backend_name() == "sqlite":
        with closing(sqlite3.connect(states_file(url))) as connection, connection:
            for statement in statements:
                connection.execute(statement.replace("checkpoint_writes", "writes"))
        return
    with psycopg.connect(address, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())


def break_states(address: str) -> None:
    on = ON_SQLITE if address.startswith("sqlite") else ON_POSTGRES
    execute(address, *(on.format(table) for table in TABLES))


def mend_states(address: str) -> None:
    on = "" if address.startswith("sqlite") else " ON {0}"
    execute(address, *(f"DROP TRIGGER {{0}}_broken{on}".format(table) for table in TABLES))


@dataclass(frozen=True, slots=True)
class AndThen:
    """A bonus system beside which something happens as soon as it has granted."""

    inner: BonusSystem
    happens: Callable[[], None]

    async def templates(self, *, brand: str) -> object:
        return await self.inner.templates(brand=brand)

    async def grant(self, order: GrantOrder, *, idempotency_key: str) -> Granted | Refused:
        granted = await self.inner.grant(order, idempotency_key=idempotency_key)
        self.happens()
        return granted

    async def find_grant(self, idempotency_key: str) -> Granted | None:
        return await self.inner.find_grant(idempotency_key)


async def failures(one: Stored) -> list[tuple[object, object]]:
    found = await one.stores.entries("t1", kinds=("failure",))
    return [(entry.body["what"], entry.body["why"]) for entry in found]


async def said(one: Stored) -> list[object]:
    return [entry.body["text"] for entry in await one.stores.entries("t1", kinds=("player_message",))]


async def test_states_that_break_before_anything_lose_nothing_that_was_said(address: str) -> None:
    async with stored(desk("P1001"), address) as one:
        break_states(address)
        for _ in range(2):  # the channel tries again
            with pytest.raises(UnusableStates, match=r"cannot be used \(no more room\).*and then do the same again"):
                await one.say("Can I get a bonus?", message="m1")
        assert (await said(one), await failures(one)) == (["Can I get a bonus?"], [("states", "UnusableStates")])
        assert await one.stores.handoffs("t1") == []
        mend_states(address)
        asked = await one.say("Can I get a bonus?", message="m1")
        assert "find your account" in asked.replies[0]
        issued = await one.say(ANNA, message="m2")
        assert (issued.outcome, told_of_the_bonus(issued.replies[-1])) == ("issued", True)


@pytest.mark.parametrize("message", ["m2", "m3"], ids=["sent-again", "the-next"])
async def test_states_that_break_once_a_bonus_is_out_grant_no_second_and_tell_of_the_first(
    address: str, message: str
) -> None:
    broken: list[str] = []

    def happens() -> None:
        if not broken:
            broken.append(address)
            break_states(address)

    plain = desk("P1001")
    d = with_hands(plain, lambda hands: replace(hands, bonuses=AndThen(hands.bonuses, happens)))
    async with stored(d, address) as one:
        await one.say("Can I get a bonus?", message="m1")
        with pytest.raises(UnusableStates):
            await one.say(ANNA, message="m2")
        assert (d.granted, [one.state.value for one in await one.stores.effects("t1")]) == (["P1001"], ["done"])
        mend_states(address)
        text = ANNA if message == "m2" else "Hello? Is it there?"
        handled = await one.say(text, message=message)
        again = await one.say(ANNA, message="m2")
        after = await one.stores.entries("t1", kinds=("agent_message",))
        untold = [entry.body["text"] for entry in after[1:] if not told_of_the_bonus(str(entry.body["text"]))]
        assert (d.granted, untold) == (["P1001"], [])
        assert told_of_the_bonus(again.replies[-1])
        assert (handled.silent, handled.outcome) == (False, "issued")
        assert await one.stores.handoffs("t1") == []


async def test_a_chat_that_ends_while_the_states_are_broken_ends_afterwards(address: str) -> None:
    async with stored(desk("P1001"), address) as one:
        await one.say("Can I get a bonus?", message="m1")
        break_states(address)
        with pytest.raises(UnusableStates):
            await handle(Close(ticket_id="t1"), one.deps)
        mend_states(address)
        assert (await handle(Close(ticket_id="t1"), one.deps)).outcome == "abandoned"


async def test_what_broke_in_the_states_holds_up_nobody_else(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'croupier.sqlite'}"
    async with stored(desk("P1001"), address) as one:
        break_states(address)
        with pytest.raises(UnusableStates):
            await one.say("Can I get a bonus?", message="m1")
        with closing(sqlite3.connect(states_file(make_url(address)), isolation_level=None)) as other:
            other.execute("PRAGMA busy_timeout = 0")
            other.execute("BEGIN IMMEDIATE")
            other.execute("ROLLBACK")


async def test_states_that_somebody_holds_too_long_are_an_outage(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agent.checkpoints.BUSY_S", 0.05)
    address = f"sqlite:///{tmp_path / 'croupier.sqlite'}"
    async with stored(desk("P1001"), address) as one:
        await one.say("Can I get a bonus?", message="m1")
        with closing(sqlite3.connect(states_file(make_url(address)), isolation_level=None)) as holder:
            holder.execute("BEGIN IMMEDIATE")
            with pytest.raises(StatesUnavailable, match=r"\(database is locked\); try again$"):
                await one.say(ANNA, message="m2")
        assert (await one.say(ANNA, message="m2")).outcome == "issued"


async def test_states_whose_connection_is_cut_are_an_outage_and_no_login_is_logged(
    tmp_path: Path, postgres: str, caplog: pytest.LogCaptureFixture
) -> None:
    with fresh_database(postgres) as address:
        desk_of = {"CROUPIER_DATA": str(tmp_path), "CROUPIER_BACKOFFICE_URL": "http://127.0.0.1:9"}
        async with live_desk(read_settings({**desk_of, "CROUPIER_STORE": address})):  # it says what is logged
            pass
        async with stored(desk("P1001"), address) as one:
            await one.say("Can I get a bonus?", message="m1")
            execute(address, ON_POSTGRES.replace("RAISE", CUT).format("checkpoints"))
            with pytest.raises(StatesUnavailable, match=r"the states of tickets cannot be used .*; try again$"):
                await one.say(ANNA, message="m2")
            execute(address, "DROP TRIGGER checkpoints_broken ON checkpoints")
            assert (await one.say(ANNA, message="m2")).outcome == "issued"
    assert [one.getMessage() for one in caplog.records if one.name.startswith("psycopg")] == []
