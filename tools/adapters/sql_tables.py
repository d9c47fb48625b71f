"""The tables of our own store, and how a connection to it must be set up."""

from sqlalchemy import (
    DDL,
    Column,
    Connection,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    event,
)
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

METADATA = MetaData()

RECORD = Table(
    "record",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("ticket_id", String, nullable=False, index=True),
    Column("seq", Integer, nullable=False),
    Column("kind", String, nullable=False),
    Column("at", String, nullable=False),
    Column("body", Text, nullable=False),
    Column("once", String),
    UniqueConstraint("ticket_id", "seq"),
    UniqueConstraint("ticket_id", "once"),
)
TEXTS = Table("texts", METADATA, Column("sha256", String, primary_key=True), Column("text", Text, nullable=False))
DECISIONS = Table(
    "decisions",
    METADATA,
    Column("decision_id", String, primary_key=True),
    Column("ticket_id", String, nullable=False),
    Column("player_id", String, nullable=False),
    Column("brand", String, nullable=False),
    Column("status", String, nullable=False),
    Column("configuration", String),
    Column("configuration_hash", String, nullable=False),
    Column("tier", String),
    Column("reward", Text),
    Column("record", Text, nullable=False),
    Column("decided_at", String, nullable=False),
    Column("expires_at", String, nullable=False),
)
EFFECTS = Table(
    "effects",
    METADATA,
    Column("key", String, primary_key=True),
    Column("business_key", String, nullable=False),
    Column("ticket_id", String, nullable=False, index=True),
    Column("tool", String, nullable=False),
    Column("intent", Text, nullable=False),
    Column("state", String, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("at", String, nullable=False),
)
ALIVE = EFFECTS.c.state != "failed"
# A second key cannot claim the same business effect while the first may have happened.
Index("one_live_effect", EFFECTS.c.business_key, unique=True, sqlite_where=ALIVE, postgresql_where=ALIVE)
# Of grants: limits count them by player and by configuration. Made at every opening, for a table that is there already.
INDEXES = tuple(
    DDL(f"CREATE INDEX IF NOT EXISTS {name} ON effects (json_extract(intent, '$.{key}'))")
    for name, key in (("grants_of_a_player", "player_id"), ("grants_by_reason", "reason"))
)
ATTEMPTS = Table(
    "attempts",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("subject", String, nullable=False, index=True),
    Column("at", String, nullable=False),
)
HANDOFFS = Table(
    "handoffs",
    METADATA,
    Column("handoff_id", String, primary_key=True),
    Column("key", String, nullable=False, unique=True),
    Column("ticket_id", String, nullable=False, index=True),
    Column("body", Text, nullable=False),
)

for verb in ("UPDATE", "DELETE"):
    event.listen(
        RECORD,
        "after_create",
        DDL(
            f"CREATE TRIGGER record_no_{verb.lower()} BEFORE {verb} ON record "
            "BEGIN SELECT RAISE(ABORT, 'the record is append-only'); END"
        ).execute_if(dialect="sqlite"),
    )


def _prepare(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    """Durable, and no way around the append-only triggers (`INSERT OR REPLACE` needs recursive ones)."""
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "recursive_triggers=ON", "busy_timeout=10000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def open_engine(url: str) -> AsyncEngine:
    """Return an engine for `sqlite+aiosqlite:///FILE`; writers take the lock when they begin."""
    engine = create_async_engine(url, hide_parameters=True)
    event.listen(engine.sync_engine, "connect", _prepare)
    event.listen(engine.sync_engine, "begin", _begin)
    return engine
