"""What only the SQL stores promise: schema, triggers, constraints, two writers, and clear refusals."""

import asyncio
import os
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from tests.contracts.kept import (
    NOON,
    UpTo,
    a_decision,
    a_grant,
    a_message,
    chain,
    opened,
    run,
    ticket,
    told,
    unguard,
)
from tools.adapters.sql.engine import open_database
from tools.adapters.sql.roles import restrict
from tools.adapters.sql.stores import SqlStores, open_stores, open_stores_to_read
from tools.adapters.sql.tables import KINDS, METADATA, SCHEMAS
from tools.ledger import EffectState
from tools.ports import Unavailable, UnusableStore
from tools.record import Kind


async def test_the_migrations_make_the_tables_that_the_code_knows(real: SqlStores) -> None:
    with real.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": SCHEMAS.name})
        assert compare_metadata(context, METADATA) == []
        assert {*connection.scalars(select(KINDS.c.kind))} == {*Kind}


async def test_stores_are_made_once_and_opened_again(database: str) -> None:
    async with opened(database) as first:
        assert await first.is_made()
        await ticket(first)
        before = await told(first)
    async with opened(database) as second:
        assert await told(second) == before


async def test_looking_for_a_store_makes_none(database: str, tmp_path: Path) -> None:
    stores = open_stores(database)
    assert not await stores.is_made()
    await stores.close()
    assert os.listdir(tmp_path) == []  # noqa: PTH208  # the path's own method is refused in async functions


@pytest.mark.parametrize("table", ["record", "approval_votes"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET at = ''", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
async def test_what_is_append_only_cannot_be_changed(real: SqlStores, table: str, statement: str) -> None:
    await ticket(real)
    before = await told(real)
    is_truncate = statement.startswith("TRUNCATE")
    if is_truncate and real.engine.dialect.name == "sqlite":
        return  # there is no such statement
    with pytest.raises(DBAPIError, match="append-only"):
        run(real, statement.format(table))
    assert await told(real) == before


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT OR REPLACE INTO record SELECT id, ticket_id, seq, kind, at, '{}', once, previous, hash FROM record",
        "INSERT OR REPLACE INTO approval_votes SELECT * FROM approval_votes",
    ],
)
async def test_sqlite_s_replacing_does_not_walk_past_the_triggers(tmp_path: Path, statement: str) -> None:
    async with opened(f"sqlite:///{tmp_path / 'k.sqlite'}") as stores:
        await ticket(stores)
        with pytest.raises(IntegrityError, match="append-only"):
            run(stores, statement)


async def test_an_entry_of_a_kind_that_is_none_is_refused_by_the_table(real: SqlStores) -> None:
    row = "(1, 't1', 1, 'gossip', '', '', NULL, '', '')"
    with pytest.raises(IntegrityError):
        run(real, f"INSERT INTO record VALUES {row}")  # noqa: S608  # a constant


VOTE = "INSERT INTO approval_votes VALUES ('A-1', '{approver}', 9, '{requester}', 'approve', '', '')"


async def test_the_table_itself_refuses_a_vote_on_one_s_own_request(real: SqlStores) -> None:
    await ticket(real)
    with pytest.raises(IntegrityError, match="nobody_approves_their_own"):
        run(real, VOTE.format(approver="croupier", requester="croupier"))


async def test_the_table_cannot_be_told_another_requester(real: SqlStores) -> None:
    await ticket(real)
    with pytest.raises(IntegrityError, match=r"FOREIGN KEY|vote_and_its_request"):
        run(real, VOTE.format(approver="croupier", requester="somebody else"))
    with pytest.raises(IntegrityError, match=r"FOREIGN KEY|vote_and_its_request"):
        run(real, "UPDATE approvals SET requester = 'somebody else'")


async def test_the_table_itself_refuses_a_second_vote(real: SqlStores) -> None:
    await ticket(real)
    with pytest.raises(IntegrityError):
        run(real, VOTE.format(approver="anna", requester="croupier"))


@pytest.mark.parametrize("change", ["player_id = 'P2'", "reward = '{\"amount\": 9}'", "record = '{}'", "tier = NULL"])
async def test_a_decision_that_was_changed_in_the_table_is_none(real: SqlStores, change: str) -> None:
    await ticket(real)
    with real.engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE decisions SET {change}")  # noqa: S608  # a constant
    assert await real.decision("D-1") is None


async def test_a_decision_that_was_put_into_the_table_by_hand_is_none(real: SqlStores) -> None:
    await ticket(real)
    columns = "ticket_id, player_id, brand, status, configuration_hash, record, decided_at, expires_at"
    run(real, f"INSERT INTO decisions (decision_id, {columns}) SELECT 'D-9', {columns} FROM decisions")  # noqa: S608
    assert await real.decision("D-9") is None
    assert await real.decision("D-1") == a_decision()


async def test_a_store_of_an_older_schema_can_be_read_and_is_brought_up_to_date(database: str) -> None:
    async with opened(database) as stores:
        unguard(stores)
        run(stores, "UPDATE croupier_schema SET version_num = '0002'")
        assert await stores.is_made()
    async with opened(database) as stores:
        await stores.belongs("t1", "P1", at=NOON)
        await ticket(stores)
        with pytest.raises(DBAPIError, match="an effect is never deleted"):
            run(stores, "DELETE FROM effects")


async def test_a_sealed_entry_that_was_moved_is_damage_and_is_said(tmp_path: Path) -> None:
    async with opened(f"sqlite:///{tmp_path / 'k.sqlite'}") as stores:
        await stores.append("t1", Kind.PLAYER_MESSAGE, {"n": 1}, at=NOON)
        await stores.append("t1", Kind.PLAYER_MESSAGE, {"n": 2}, at=NOON)
        run(
            stores,
            "DROP TRIGGER record_no_update",
            "UPDATE record SET body = (SELECT body FROM record WHERE id = 1) WHERE id = 2",
        )
        with pytest.raises(UnusableStore, match=r"the store is damaged: .*entry 2 of its ticket was changed or moved"):
            await stores.entries("t1")


async def test_two_engines_on_one_store_claim_one_key_once_and_keep_one_chain(database: str) -> None:
    async with opened(database) as one, opened(database) as other:
        claims = [stores.claim(a_grant()) for stores in (one, other) for _ in range(8)]
        assert [*await asyncio.gather(*claims)].count(None) == 1
        rivals = [
            stores.claim(a_grant(f"{name}{number}", business_key="the same"))
            for name, stores in (("a", one), ("b", other))
            for number in range(8)
        ]
        assert [*await asyncio.gather(*rivals)].count(None) == 1
        assert len(await chain(one.links())) == 2


async def test_two_engines_on_one_store_never_exceed_a_limit(database: str) -> None:
    async with opened(database) as one, opened(database) as other:
        claims = [
            stores.claim(a_grant(f"{name}{number}", business_key=f"{name}{number}", ticket_id=name), terms=UpTo(7))
            for name, stores in (("a", one), ("b", other))
            for number in range(12)
        ]
        assert [*await asyncio.gather(*claims)].count(None) == 7
        assert len(await one.ledger()) == 7
        assert len(await chain(other.links())) == 7


async def test_many_who_open_an_empty_store_at_once_make_it_once(database: str) -> None:
    several = [open_stores(database) for _ in range(4)]
    await asyncio.gather(*(stores.create() for stores in several))
    assert all([await stores.is_made() for stores in several])
    await asyncio.gather(*(stores.close() for stores in several))


async def test_a_restricted_role_can_do_what_a_desk_does_and_cannot_change_the_record(postgres_database: str) -> None:
    role = f"desk_{postgres_database.rpartition('_')[2].partition('?')[0][:12]}"
    async with opened(postgres_database) as owner:
        await restrict(owner.database, role)
    database = open_database(f"{postgres_database}&options=-c%20role%3D{role}")
    desk = SqlStores(database)
    try:
        await desk.create()
        await ticket(desk)
        await desk.settle("issue:D-1", state=EffectState.DONE, outcome={}, at=NOON)
        await desk.keep("a text", ticket_id="t1")
        await desk.belongs("t1", "P1")
        assert await desk.take(["x"], limit=1, since=NOON, at=NOON)
        assert await desk.hold("t1", holder="a", now=NOON, until=NOON)
        await desk.release("t1", holder="a")
        assert await desk.erase("t1", by="anna", reason="asked", at=NOON)
        for statement in (
            "UPDATE record SET at = ''",
            "DELETE FROM record",
            "TRUNCATE record",
            "DELETE FROM effects",
            "DELETE FROM decisions",
            "UPDATE approvals SET requester = 'x'",
            "UPDATE approval_votes SET approver = 'x'",
            "ALTER TABLE record DISABLE TRIGGER ALL",
        ):
            with pytest.raises(DBAPIError, match=r"permission denied|must be owner"):
                run(desk, statement)
        await chain(desk.links())
    finally:
        await desk.close()
        async with opened(postgres_database) as owner:
            run(owner, f"DROP OWNED BY {role}", f"DROP ROLE {role}")


async def test_a_store_of_a_newer_version_is_refused_and_left_as_it_is(database: str) -> None:
    async with opened(database) as stores:
        run(stores, "UPDATE croupier_schema SET version_num = '0099'")
    stores = open_stores(database)
    for refused in (stores.create, stores.is_made):
        with pytest.raises(UnusableStore, match=r'this ledger was written by a newer croupier .*"0099".*; upgrade$'):
            await refused()
    await stores.close()


async def test_a_store_from_before_the_chain_is_refused_and_left_as_it_is(database: str) -> None:
    stores = open_stores(database)
    run(stores, "CREATE TABLE record (id INTEGER PRIMARY KEY, body TEXT)")
    with pytest.raises(UnusableStore, match=r"from before its ledger had a schema.*keep it as it is, and name another"):
        await stores.create()
    run(stores, "INSERT INTO record VALUES (1, 'still ours')")
    await stores.close()


async def test_a_read_only_file_is_refused_with_one_message(tmp_path: Path) -> None:
    file = tmp_path / "k.sqlite"
    async with opened(f"sqlite:///{file}") as stores:
        await ticket(stores)
    reading = open_stores_to_read(f"sqlite:///{file}")
    assert await reading.is_made()
    assert (await reading.entries("t1"))[0].body == {"n": 1}
    with pytest.raises(
        UnusableStore, match=r"k\.sqlite: the store cannot be used \(.*readonly.*\); this step was not written"
    ):
        await reading.append("t1", Kind.PLAYER_MESSAGE, {"n": 2}, at=NOON)
    await reading.close()
    with pytest.raises(FileNotFoundError):
        open_stores_to_read(f"sqlite:///{tmp_path / 'none.sqlite'}")


async def test_postgresql_itself_refuses_a_write_of_who_only_reads(postgres_database: str) -> None:
    async with opened(postgres_database) as stores:
        await ticket(stores)
    reading = open_stores_to_read(postgres_database)
    assert (await reading.entries("t1"))[0].body == {"n": 1}
    with pytest.raises(UnusableStore, match="read-only transaction"):
        await reading.append("t1", Kind.PLAYER_MESSAGE, {"n": 2}, at=NOON)
    await reading.close()


async def test_a_full_disk_leaves_nothing_half_done(tmp_path: Path) -> None:
    async with opened(f"sqlite:///{tmp_path / 'k.sqlite'}") as stores:
        await ticket(stores)
        before = await told(stores), await stores.effects("t1")
        with stores.engine.connect() as connection:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        await stores.database.outside(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(UnusableStore, match=r"database or disk is full.*; this step was not written: free space"):
            await stores.claim(a_message(text="x" * 100_000))
        assert (await told(stores), await stores.effects("t1")) == before


async def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    stores = open_stores(f"sqlite:///{tmp_path / 'file' / 'k.sqlite'}")
    with pytest.raises(UnusableStore, match=r"no folder can be made for the store \(.+\)$"):
        await stores.create()
    await stores.close()


async def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "k.sqlite").write_text("dear diary, " * 100)
    stores = open_stores(f"sqlite:///{tmp_path / 'k.sqlite'}")
    with pytest.raises(UnusableStore, match="file is not a database"):
        await stores.create()
    await stores.close()


async def test_a_server_that_is_not_there_is_an_outage_and_no_password_is_said() -> None:
    stores = open_stores("postgresql://anna:sesame@127.0.0.1:1/casino")
    with pytest.raises(Unavailable, match=r"^postgresql://127\.0\.0\.1/casino: the store cannot be used") as refused:
        await stores.create()
    assert "sesame" not in str(refused.value)
    await stores.close()


@pytest.mark.parametrize("address", ["", "croupier.sqlite", "mysql://u:sesame@h/d", "sqlite://", "sqlite:///:memory:"])
def test_an_address_that_is_none_is_refused(address: str) -> None:
    with pytest.raises(UnusableStore, match="this is not the address of a store") as refused:
        open_stores(address)
    assert "sesame" not in str(refused.value)


def test_an_address_with_parts_that_mean_nothing_is_refused() -> None:
    with pytest.raises(UnusableStore, match="parts that mean nothing"):
        open_stores("sqlite:///k.sqlite?timeout=never")


async def test_a_writer_that_holds_the_lock_too_long_is_an_outage(tmp_path: Path) -> None:
    async with (
        opened(f"sqlite:///{tmp_path / 'k.sqlite'}") as holder,
        opened(f"sqlite:///{tmp_path / 'k.sqlite'}") as late,
    ):
        await late.database.outside("PRAGMA busy_timeout = 50")
        with holder.engine.begin() as holding:
            holding.exec_driver_sql("BEGIN IMMEDIATE")
            with pytest.raises(Unavailable, match=r"locked.*try again"):
                await late.append("t1", Kind.PLAYER_MESSAGE, {}, at=NOON)


async def test_an_erasure_says_where_a_reader_keeps_the_old_pages(tmp_path: Path) -> None:
    async with (
        opened(f"sqlite:///{tmp_path / 'k.sqlite'}") as stores,
        opened(f"sqlite:///{tmp_path / 'k.sqlite'}") as other,
    ):
        await ticket(stores)
        await stores.database.outside("PRAGMA busy_timeout = 50")
        with other.engine.begin() as reader:
            reader.exec_driver_sql("BEGIN")
            reader.execute(text("SELECT * FROM subject_keys")).all()
            with pytest.raises(Unavailable, match="its key is still in the write-ahead log"):
                await stores.erase("t1", by="anna", reason="asked", at=NOON)
        assert not await stores.erase("t1", by="anna", reason="asked", at=NOON)
        assert (tmp_path / "k.sqlite-wal").stat().st_size == 0


@pytest.mark.parametrize("reading", [False, True], ids=["to-write", "to-read"])
async def test_one_piece_of_reading_sees_the_store_at_one_moment(database: str, *, reading: bool) -> None:
    async with opened(database) as stores:
        await ticket(stores)
        looking = open_stores_to_read(database) if reading else stores

        def twice(connection: Connection) -> tuple[object, object]:
            count = text("SELECT count(*) FROM attempts")
            before = connection.scalar(count)
            run(stores, "INSERT INTO attempts (subject, at) VALUES ('x', '')")
            return before, connection.scalar(count)

        before, after = await looking.database.read(twice)
        assert before == after
        if looking is not stores:
            await looking.close()


async def test_a_piece_of_work_that_breaks_leaves_nothing(real: SqlStores) -> None:
    def breaks(connection: Connection) -> None:
        connection.execute(text("INSERT INTO attempts (subject, at) VALUES ('x', '')"))
        raise KeyError("x")

    with pytest.raises(KeyError):
        await real.database.write(breaks)
    with real.engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM attempts")) == 0
