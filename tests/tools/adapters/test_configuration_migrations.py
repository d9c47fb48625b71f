"""The schema of the configuration store, and a store that cannot be used."""

import re
import socket
from datetime import UTC, datetime
from pathlib import Path
from sqlite3 import connect

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

import tools.adapters.migrations
from casino.bonus.configuration import ConfigurationStatus
from tools.adapters.configuration_store import open_configurations
from tools.adapters.configuration_tables import METADATA, SCHEMA, SCHEMAS, shown, store_url, without_secrets
from tools.bonus_store import Act, New, Snapshot
from tools.ports import Unavailable, UnusableStore

MIGRATIONS = Path(tools.adapters.migrations.__file__).parent
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def address(folder: Path) -> str:
    return f"sqlite:///{folder / 'new' / 'bonuses.sqlite'}"


def test_the_newest_migration_is_the_schema_that_the_store_knows() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    assert ScriptDirectory.from_config(config).get_heads() == [SCHEMA]


def test_the_migrations_make_the_tables_that_the_store_reads(tmp_path: Path) -> None:
    with open_configurations(address(tmp_path)) as store:
        assert store.write([], author="Ada", reason="", at=NOON, expected=0) == Snapshot(1, {})
        with store.engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"version_table": SCHEMAS.name})
            assert compare_metadata(context, METADATA) == []
            assert context.get_current_revision() == SCHEMA


def test_looking_at_a_store_makes_no_file(tmp_path: Path) -> None:
    with open_configurations(address(tmp_path)) as store:
        assert (store.read(), list(store.history("vip"))) == (Snapshot(), [])
    assert list(tmp_path.iterdir()) == []


def test_a_file_of_another_kind_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "bonuses.sqlite"
    file.write_text("no database, but long enough to be looked at " * 20)
    before = file.read_bytes()
    with open_configurations(f"sqlite:///{file}") as store:
        with pytest.raises(UnusableStore, match=r"bonuses.sqlite: the store cannot be used \(file is not a database\)"):
            store.read()
        with pytest.raises(UnusableStore, match="file is not a database"):
            store.write([], author="Ada", reason="", at=NOON, expected=0)
    assert file.read_bytes() == before


def test_a_file_that_may_only_be_read_is_read_and_not_written(tmp_path: Path) -> None:
    with open_configurations(address(tmp_path)) as store:
        written = store.write([], author="Ada", reason="", at=NOON, expected=0)
    read_only = address(tmp_path).replace("sqlite:///", "sqlite:///file:") + "?mode=ro&uri=true"
    with open_configurations(read_only) as store:
        assert store.read() == written
        with pytest.raises(UnusableStore, match="attempt to write a readonly database"):
            store.write([], author="Ada", reason="", at=NOON, expected=1)
        assert store.read() == written


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "new").write_text("a file")
    with open_configurations(address(tmp_path)) as store, pytest.raises(UnusableStore, match="no folder can be made"):
        store.write([], author="Ada", reason="", at=NOON, expected=0)


def _impatient(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    connection.cursor().execute("PRAGMA busy_timeout=50")


def test_a_store_that_somebody_else_holds_too_long_is_asked_later(tmp_path: Path) -> None:
    with open_configurations(address(tmp_path)) as store, open_configurations(address(tmp_path)) as other:
        store.write([], author="Ada", reason="", at=NOON, expected=0)
        event.listen(other.engine, "connect", _impatient)
        with store.engine.execution_options(bonus_store_writes=True).begin() as held:
            held.exec_driver_sql("SELECT 1")
            with pytest.raises(Unavailable, match=r"database is locked\); nothing has changed, try again"):
                other.write([], author="Eve", reason="", at=NOON, expected=1)


def test_a_server_that_is_not_there_is_asked_later_and_the_password_is_not_shown(closed_port: int) -> None:
    with (
        open_configurations(f"postgresql://ada:sesame@127.0.0.1:{closed_port}/bonuses") as store,
        pytest.raises(Unavailable) as refused,
    ):
        store.read()
    assert str(refused.value).startswith("postgresql://127.0.0.1/bonuses: the store cannot be used (connection failed")
    assert "sesame" not in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("text", ["bonuses.sqlite", "mysql://ada:sesame@here/x", "sqlite://", "sqlite:///:memory:"])
def test_what_is_no_address_of_a_store_is_refused_with_one_that_is(text: str) -> None:
    with pytest.raises(UnusableStore) as refused, open_configurations(text):
        pass
    assert 'Write "sqlite:///FILE" or "postgresql://USER@HOST/DATABASE".' in str(refused.value)
    assert "sesame" not in str(refused.value)


@pytest.mark.parametrize(
    "text",
    [
        "postgresql://u:sesame@h:54x2/db",
        "postgresql://u:sesame@[::1/db",
        "postgresql://u:p@sesame@h/db",
        "postgresql://u/sesame@h/db",
        "postgresql:/u:sesame@h/db",
        "sqlite://u:sesame@h/file",
        "sqlite:///file?timeout=sesame",
        "mysql://u/sesame@h",
    ],
)
def test_what_is_nearly_an_address_is_refused_without_repeating_its_secret(text: str) -> None:
    with pytest.raises(UnusableStore) as refused, open_configurations(text):
        pass
    assert "sesame" not in str(refused.value)
    assert refused.value.__cause__ is None


@pytest.mark.parametrize("query", ["password=sesame", "sslmode=sesame", "sesame=1&password=x"])
def test_a_secret_among_the_parts_of_an_address_is_not_shown(closed_port: int, query: str) -> None:
    with (
        open_configurations(f"postgresql://ada@127.0.0.1:{closed_port}/bonuses?{query}") as store,
        pytest.raises((Unavailable, UnusableStore)) as refused,
    ):
        store.read()
    assert str(refused.value).startswith("postgresql://127.0.0.1/bonuses: the store cannot be used (")
    assert "sesame" not in str(refused.value)


def test_what_a_driver_says_is_not_repeated_where_it_quotes_a_password() -> None:
    url = store_url("postgresql://ada:sesame@here/bonuses?options=open&host=there")
    hidden = "its words quote the address, so they are not repeated"
    assert [without_secrets(said, url) for said in ("near sesame", "in open", "to ada@there", "no\n there")] == [
        *[hidden] * 3,
        "no there",
    ]


def test_a_short_secret_hides_only_the_words_that_are_that_secret() -> None:
    url = store_url("postgresql://ada:u1@here/bonuses?user=u&application_name=no")
    said = "FATAL: database unknown, connection lost to u1x, user u"
    assert without_secrets(said, url) == said
    hidden = "its words quote the address, so they are not repeated"
    assert [without_secrets(one, url) for one in ("it was u1", "(u1)", "no such thing")] == [hidden] * 3


def test_the_file_of_a_store_whose_name_could_hold_a_secret_is_not_shown() -> None:
    shows = [shown(store_url(text)) for text in ("sqlite:///a/b.db", "sqlite:///u:x@h/b", "postgresql:///password")]
    assert shows == ["sqlite:///a/b.db", "sqlite://…", "postgresql://…"]


def test_a_file_name_that_no_disk_takes_is_said(tmp_path: Path) -> None:
    with (
        open_configurations(f"sqlite:///{tmp_path / ('x' * 300)}") as store,
        pytest.raises(UnusableStore, match="File name too long"),
    ):
        store.read()


def _kept(folder: Path, *statements: str) -> str:
    """Return the address of a store with one published version, into which somebody else then wrote."""
    new = New(document="vip", act=Act.APPLIED, status=ConfigurationStatus.PUBLISHED, hash="h", text="t")
    with open_configurations(address(folder)) as store:
        store.write([new], author="Ada", reason="spring", at=NOON, expected=0)
    with connect(folder / "new" / "bonuses.sqlite") as raw:
        for verb in ("update", "delete"):
            raw.execute(f"DROP TRIGGER bonus_versions_no_{verb}")
        for statement in statements:
            raw.execute(statement)
    raw.close()
    return address(folder)


@pytest.mark.parametrize(
    ("statement", "why"),
    [
        ("DELETE FROM bonus_revision", "it has lost the number of its writes"),
        ("UPDATE bonus_revision SET revision = 'x'", "it has lost the number of its writes"),
        ("DELETE FROM bonus_heads", "it has versions that do not fit what it says of their documents"),
        ("UPDATE bonus_heads SET last = 2", "it has versions that do not fit what it says of their documents"),
        ("DELETE FROM bonus_versions", 'of "vip", version 1 is not there as published'),
        ("UPDATE bonus_heads SET live = 7", 'of "vip", version 7 is not there as published'),
        ("UPDATE bonus_heads SET live = NULL", 'of "vip" no version counts'),
        ("UPDATE bonus_heads SET draft = 1", 'of "vip", version 1 is not there as draft'),
        ("UPDATE bonus_versions SET status = 'draft'", 'of "vip", version 1 is not there as published'),
        ("UPDATE bonus_versions SET act = 'x'", 'version 1 of "vip" has an act, a status or a time that means nothing'),
        ("UPDATE bonus_versions SET at = 'x'", 'version 1 of "vip" has an act, a status or a time that means nothing'),
        ("UPDATE bonus_versions SET at = '2026-01-01'", 'version 1 of "vip" has a time without its offset'),
        ("UPDATE bonus_versions SET text = x'00'", 'version 1 of "vip" is not text'),
    ],
)
def test_a_store_that_somebody_damaged_says_so_and_decides_nothing(tmp_path: Path, statement: str, why: str) -> None:
    with open_configurations(_kept(tmp_path, statement)) as store:
        message = f"the store is damaged: {why}; nothing has changed: bring it back from a copy"
        with pytest.raises(UnusableStore, match=re.escape(message)):
            store.read()
        with pytest.raises(UnusableStore, match=re.escape(message)):
            store.write([], author="Ada", reason="", at=NOON, expected=1)


def test_the_history_of_a_damaged_store_says_so(tmp_path: Path) -> None:
    with (
        open_configurations(_kept(tmp_path, "UPDATE bonus_versions SET act = 'x'")) as store,
        pytest.raises(UnusableStore, match="the store is damaged"),
    ):
        store.history("vip")


@pytest.fixture
def closed_port() -> int:
    """A loopback port where nobody listens."""

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])
