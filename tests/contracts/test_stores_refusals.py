"""Why a store cannot be used, and what is to be done about it: nothing of it is a traceback, and no secret is said."""

from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url
from sqlalchemy.exc import OperationalError

from tests.contracts.kept import NOON, opened, run, ticket, told
from tools.adapters.sql.engine import answering, open_database
from tools.adapters.sql.stores import open_stores, open_stores_to_read
from tools.ports import AccessRefused, UnusableStore
from tools.record import Kind

FULL = """
CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS
$$BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END$$
"""
CHECK = "check login, password and database in CROUPIER_STORE"


@pytest.mark.parametrize(
    ("place", "why"), [("file/k.sqlite", "Not a directory"), (f"{'x' * 300}.sqlite", "File name too long")]
)
def test_a_file_that_cannot_be_looked_at_is_refused_by_who_reads(tmp_path: Path, place: str, why: str) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UnusableStore, match=rf": the store cannot be used \({why}\)$"):
        open_stores_to_read(f"sqlite:///{tmp_path / place}")


async def test_a_full_disk_of_postgresql_is_to_be_freed_as_that_of_sqlite(postgres_database: str) -> None:
    async with opened(postgres_database) as stores:
        await ticket(stores)
        before = await told(stores)
        run(stores, FULL, "CREATE TRIGGER f BEFORE INSERT ON record EXECUTE FUNCTION full_disk()")
        with pytest.raises(UnusableStore, match=r"No space left.*; this step was not written: free space there, then"):
            await stores.append("t1", Kind.PLAYER_MESSAGE, {}, at=NOON)
        assert await told(stores) == before


@pytest.mark.parametrize("statement", ["DELETE FROM croupier_schema", "UPDATE croupier_schema SET version_num = ''"])
async def test_a_store_whose_schema_cannot_be_read_is_damaged_and_not_newer(database: str, statement: str) -> None:
    async with opened(database) as stores:
        run(stores, statement)
        why = "the store is damaged: its schema cannot be read; "
        with pytest.raises(UnusableStore, match=f"{why}this step was not written: bring it back from a copy"):
            await stores.create()
        with pytest.raises(UnusableStore, match=f"{why}bring it back from a copy, or name another store$"):
            await stores.is_made()


async def test_a_store_whose_log_does_not_say_whose_a_ticket_is_is_refused_and_left_as_it_is(database: str) -> None:
    async with opened(database) as stores:
        await ticket(stores)
        before = await told(stores)
        run(stores, "UPDATE croupier_schema SET version_num = '0001'")
        for refused in (stores.create, stores.is_made):
            with pytest.raises(UnusableStore, match=r"from before its log said whose a ticket is.*keep it as it is"):
                await refused()
        assert await told(stores) == before


async def test_a_database_that_is_not_there_is_a_setting_to_check(postgres: str) -> None:
    address = make_url(postgres).set(database="nowhere").render_as_string(hide_password=False)
    stores = open_stores(address)
    with pytest.raises(AccessRefused, match=rf'database "nowhere" does not exist\); {CHECK}$'):
        await stores.create()
    await stores.close()


async def test_a_login_that_may_not_connect_is_a_setting_to_check(postgres_database: str) -> None:
    url = make_url(postgres_database)
    login = f"{url.database}_stranger"
    with psycopg.connect(postgres_database, autocommit=True) as owner:
        owner.execute(f"REVOKE CONNECT ON DATABASE {url.database} FROM PUBLIC".encode())
        owner.execute(f"CREATE ROLE {login} LOGIN".encode())
        for name, why in ((login, "permission denied for database"), ("nobody_at_all", "role .* does not exist")):
            stores = open_stores(url.set(username=name).render_as_string(hide_password=False))
            with pytest.raises(AccessRefused, match=rf"{why}.*; {CHECK}$"):
                await stores.create()
            await stores.close()
        owner.execute(f"DROP ROLE {login}".encode())


def test_a_wrong_password_is_a_setting_to_check_and_is_not_said() -> None:
    engine = open_database("postgresql://anna:sesame@127.0.0.1:1/casino").engine
    said = 'connection failed: FATAL:  password authentication failed for user "anna"'
    for quoted, why in ((said, said.replace("  ", " ")), (f"{said} sesame", "its words quote the address")):
        error = OperationalError(None, None, psycopg.OperationalError(quoted))
        with pytest.raises(AccessRefused) as refused, answering(engine):
            raise error
        assert why in str(refused.value)
        assert str(refused.value).endswith(CHECK)
        assert "sesame" not in str(refused.value)


async def test_a_right_that_is_lacking_is_a_setting_to_check(postgres_database: str) -> None:
    login = f"{make_url(postgres_database).database}_reader"
    async with opened(postgres_database) as stores:
        run(stores, f"CREATE ROLE {login} LOGIN", f"GRANT SELECT ON croupier_schema TO {login}")
        address = make_url(postgres_database).set(username=login).render_as_string(hide_password=False)
        reading = open_stores_to_read(address)
        with pytest.raises(UnusableStore, match=rf"permission denied for table \w+\); {CHECK}$"):
            await reading.entries("t1")
        await reading.close()
        run(stores, f"DROP OWNED BY {login}", f"DROP ROLE {login}")
