"""The tables of the configuration store, and how a connection to them must be set up."""

import re
from collections.abc import Iterator
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
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry

from tools.ports import UnusableStore

SCHEMA = "0001"  # the newest migration
CONNECT_TIMEOUT_S = 10
_PLAIN = {"host", "hostaddr", "port", "user"}  # parts of an address' query that are no secret
_WRITES = "bonus_store_writes"
_SHORT = 4  # letters: what is shorter is part of many words
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
    """Read the address of a store. Raises UnusableStore for what is neither SQLite nor PostgreSQL.

    No refusal repeats the address as it was written, nor hands on an error that does: it may hold a password.
    """
    mend = 'Write "sqlite:///FILE" or "postgresql://USER@HOST/DATABASE".'
    try:
        url = make_url(text)
    except (SQLAlchemyError, ValueError):  # the latter for a port that is no number
        raise UnusableStore(f"this is not the address of a store. {mend}") from None
    match url.drivername:
        case "sqlite" | "sqlite+pysqlite" if url.database not in {None, "", ":memory:"} and not url.host:
            return url
        case "postgresql" | "postgres" | "postgresql+psycopg":
            if "@" in f"{url.host}{url.database}":
                why = "the host and the database of a store have no @"
                raise UnusableStore(f"{why}. Write an @ in a user name or a password as %40.")
            return url.set(drivername="postgresql+psycopg")
        case _:
            raise UnusableStore(f"{shown(url)}: this is not the address of a store. {mend}")


def shown(url: URL) -> str:
    """Write an address for people: what kind of store, where and which; nothing else, and nothing like a secret."""
    kind = url.drivername.partition("+")[0]
    file = (url.database or "").removeprefix("file:")
    where = f"{url.host or ''}/{file}"
    return f"{kind}://{'…' if '@' in where or 'password' in where.lower() else where}"


def without_secrets(why: str, url: URL) -> str:
    """Return what a driver says, in one line; not where it quotes what an address may keep secret."""
    said = " ".join(why.split())
    secrets = [*_parts_kept_secret(url)]
    if "@" in said or "password=" in said or any(_quotes(said, secret) for secret in secrets):
        return "its words quote the address, so they are not repeated"
    return said


def _quotes(said: str, secret: str) -> bool:
    """Tell whether a text holds a secret; a short one only as a whole word, or no text could ever be shown."""
    if len(secret) >= _SHORT:
        return secret in said
    return re.search(rf"(?<!\w){re.escape(secret)}(?!\w)", said) is not None


def _parts_kept_secret(url: URL) -> Iterator[str]:
    if url.get_backend_name() == "sqlite":  # a file has no secrets
        return
    for name, values in url.normalized_query.items():
        if name not in _PLAIN:
            yield from filter(None, (name, *values))
    if url.password:
        yield url.password


def sqlite_file(url: URL) -> Path | None:
    """Return the file of a SQLite store; None for another system, and for an address that SQLite reads itself."""
    if url.get_backend_name() != "sqlite" or url.database is None or "uri" in url.query:
        return None
    return Path(url.database)


def open_engine(url: URL) -> Engine:
    """Return an engine for the store; it holds no connection open between two pieces of work.

    Raises UnusableStore for an address with parts that its driver cannot read.
    """
    is_sqlite = url.get_backend_name() == "sqlite"
    arguments = {} if is_sqlite else {"connect_timeout": CONNECT_TIMEOUT_S}
    try:
        engine = create_engine(url, poolclass=NullPool, hide_parameters=True, connect_args=arguments)
    except (SQLAlchemyError, TypeError, ValueError):  # what stands behind the "?"; the error may quote it
        mend = 'Mend what stands behind the "?".'
        raise UnusableStore(f"{shown(url)}: this address has parts that mean nothing. {mend}") from None
    if not is_sqlite:
        return engine
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
