"""The tables of the configuration store, and how a connection to them must be set up."""

from pathlib import Path
from sqlite3 import Connection as SqliteConnection

from sqlalchemy import (
    URL,
    CheckConstraint,
    Column,
    Connection,
    Engine,
    ForeignKeyConstraint,
    Integer,
    MetaData,
    NullPool,
    String,
    Table,
    Text,
    create_engine,
    event,
    make_url,
)
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import ConnectionPoolEntry

from tools.bonus_store import UnusableStore

SCHEMA = "0001"  # the newest migration
CONNECT_TIMEOUT_S = 10
_WRITES = "bonus_store_writes"
WRITES = {_WRITES: True}  # the execution options of a connection that is going to write

METADATA = MetaData()
SCHEMAS = Table("bonus_store_schema", MetaData(), Column("version_num", String, nullable=False))  # Alembic's own
VERSIONS = Table(
    "bonus_versions",
    METADATA,
    Column("document", String, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("act", String, nullable=False),
    Column("status", String, nullable=False),
    Column("hash", String, nullable=False),
    Column("text", Text, nullable=False),
    Column("fields", Integer),
    Column("author", String, nullable=False),
    Column("reason", Text, nullable=False),
    Column("at", String, nullable=False),
)
HEADS = Table(
    "bonus_heads",
    METADATA,
    Column("document", String, primary_key=True),
    Column("live", Integer),
    Column("draft", Integer),
    Column("archived", Integer),
    Column("last", Integer, nullable=False),
    *(
        ForeignKeyConstraint(["document", slot], ["bonus_versions.document", "bonus_versions.number"])
        for slot in ("live", "draft", "archived", "last")
    ),
)
REVISION = Table(
    "bonus_revision",
    METADATA,
    Column("id", Integer, CheckConstraint("id = 1"), primary_key=True, autoincrement=False),
    Column("revision", Integer, nullable=False),
)


def store_url(text: str) -> URL:
    """Read the address of a store. Raises UnusableStore for what is neither SQLite nor PostgreSQL."""
    mend = 'Write "sqlite:///FILE" or "postgresql://USER@HOST/DATABASE".'
    try:
        url = make_url(text)
    except ArgumentError as error:
        raise UnusableStore(f"this is not the address of a store. {mend}") from error
    match url.drivername:
        case "sqlite" | "sqlite+pysqlite" if url.database not in {None, "", ":memory:"}:
            return url
        case "postgresql" | "postgres" | "postgresql+psycopg":
            return url.set(drivername="postgresql+psycopg")
        case _:
            raise UnusableStore(f"{shown(url)}: this is not the address of a store. {mend}")


def shown(url: URL) -> str:
    """Write an address for people, without its password."""
    return url.render_as_string(hide_password=True)


def sqlite_file(url: URL) -> Path | None:
    """Return the file of a SQLite store; None for another system, and for an address that SQLite reads itself."""
    if url.get_backend_name() != "sqlite" or url.database is None or "uri" in url.query:
        return None
    return Path(url.database)


def open_engine(url: URL) -> Engine:
    """Return an engine for the store; it holds no connection open between two pieces of work."""
    if url.get_backend_name() != "sqlite":
        timeout = {"connect_timeout": CONNECT_TIMEOUT_S}
        return create_engine(url, poolclass=NullPool, hide_parameters=True, connect_args=timeout)
    engine = create_engine(url, poolclass=NullPool, hide_parameters=True)
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    """Durable, transactions begun by us alone, and no way around the triggers (`INSERT OR REPLACE`)."""
    if isinstance(connection, SqliteConnection):
        connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "busy_timeout=10000",
        "journal_mode=WAL",
        "foreign_keys=ON",
        "recursive_triggers=ON",
        "synchronous=FULL",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    """Let a writer take the lock when it begins: what it compares is then what it changes."""
    writes = connection.get_execution_options().get(_WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
