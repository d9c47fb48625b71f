"""Where the states of tickets are kept: beside the store, in the same kind of database."""

import asyncio
import sqlite3
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from langgraph.checkpoint.base import BaseCheckpointSaver
from sqlalchemy import URL, make_url

from agent.settings import STORE_FILE
from tools.ports import Unavailable, UnusableStore

if TYPE_CHECKING:
    import aiosqlite
    from langgraph.checkpoint.postgres.aio import AsyncPostgresSaver
    from psycopg import AsyncConnection, AsyncCursor
    from psycopg.rows import DictRow
    from psycopg_pool import AsyncConnectionPool

BUSY_S: Final = 30  # that a writer waits for another process
POLL_S: Final = 0.05  # between two tries to take the lock
POOL: Final = 4  # connections to PostgreSQL
_SETUP_LOCK: Final = 0x737461746573  # "states": the advisory lock that those who make the tables take in turn


@dataclass(frozen=True, slots=True)
class States:
    """The states of tickets, and how one is forgotten for good."""

    saver: BaseCheckpointSaver[str]
    overwrite: Callable[[], Awaitable[object]]  # what was deleted, wherever it may still lie

    async def forget(self, ticket_id: str) -> None:
        """Delete everything about a ticket; nothing where there is nothing."""
        await self.saver.adelete_thread(ticket_id)
        await self.overwrite()


def states_granted(role: str) -> Sequence[str]:
    """Return the SQL by which a role of PostgreSQL may keep the states of tickets, once their tables are made."""
    return [
        f"GRANT SELECT ON checkpoint_migrations TO {role}",
        *(
            f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO {role}"
            for table in ("checkpoints", "checkpoint_blobs", "checkpoint_writes")
        ),
    ]


@asynccontextmanager
async def open_states(address: str) -> AsyncGenerator[States]:
    """Open the states that belong to the store at an address, and make their tables where there are none."""
    url = make_url(address)
    opened = _on_sqlite(states_file(url)) if url.get_backend_name() == "sqlite" else _on_postgres(url)
    async with opened as states:
        yield states


def states_file(url: URL) -> Path:
    """Return the file of the states beside a store's own."""
    store = Path(url.database or STORE_FILE)
    return store.with_name("checkpoints.sqlite" if store.name == STORE_FILE else f"{store.stem}.checkpoints.sqlite")


@asynccontextmanager
async def _on_sqlite(file: Path) -> AsyncGenerator[States]:
    import aiosqlite  # noqa: PLC0415  # only this kind of desk pays for it
    from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver  # noqa: PLC0415  # the same

    async with AsyncExitStack() as stack:
        try:
            connection = await stack.enter_async_context(aiosqlite.connect(file, timeout=BUSY_S))
            await connection.execute("PRAGMA secure_delete=ON")  # what is erased is overwritten
            saver = AsyncSqliteSaver(connection)
            await saver.setup()
        except sqlite3.Error as error:
            mend = "mend it, or name another store"
            raise UnusableStore(f"{file}: the states of tickets cannot be used ({error}); {mend}") from error
        yield States(saver, lambda: _emptied(connection, file))


@asynccontextmanager
async def _on_postgres(url: URL) -> AsyncGenerator[States]:
    from langgraph.checkpoint.postgres.aio import AsyncPostgresSaver  # noqa: PLC0415  # only this kind of desk pays
    from psycopg import AsyncConnection, Error  # noqa: PLC0415  # the same
    from psycopg.conninfo import make_conninfo  # noqa: PLC0415  # the same
    from psycopg.rows import DictRow, dict_row  # noqa: PLC0415  # the same
    from psycopg_pool import AsyncConnectionPool, PoolTimeout  # noqa: PLC0415  # the same

    where = f"the store on {url.host or 'PostgreSQL'}"
    dialect = url.set(drivername="postgresql+psycopg").get_dialect()()
    _, parts = dialect.create_connect_args(url)
    address = make_conninfo(**parts)
    pool = AsyncConnectionPool[AsyncConnection[DictRow]](
        address,
        kwargs={"autocommit": True, "prepare_threshold": 0, "row_factory": dict_row},
        min_size=1,
        max_size=POOL,
        check=_alive,
        open=False,
    )
    async with pool:
        try:
            async with pool.connection() as connection:
                await _made(AsyncPostgresSaver(connection), connection)
        except PoolTimeout as error:
            raise Unavailable(f"{where}: the states of tickets cannot be reached; try again") from error
        except Error as error:
            why = error.diag.message_primary or type(error).__name__  # the whole text may hold an address
            mend = "mend it, or name another store"
            raise UnusableStore(f"{where}: the states of tickets cannot be used ({why}); {mend}") from error
        yield States(AsyncPostgresSaver(pool), lambda: _vacuumed(pool))


async def _made(saver: "AsyncPostgresSaver", connection: "AsyncConnection[DictRow]") -> None:
    """Make the tables where they are not there yet, one process at a time.

    It asks for the lock again and again instead of waiting in it: an index is built concurrently, and that would wait
    for whoever waits.
    """
    cursor = connection.cursor()
    if await _is_up_to_date(saver, cursor):  # all that a login without the right to make tables may find out
        return
    while True:
        await cursor.execute("SELECT pg_try_advisory_lock(%s) AS mine", (_SETUP_LOCK,))
        row = await cursor.fetchone()
        if row is not None and row["mine"]:
            break
        await asyncio.sleep(POLL_S)
    try:
        await saver.setup()
    finally:
        await cursor.execute("SELECT pg_advisory_unlock(%s)", (_SETUP_LOCK,))


async def _is_up_to_date(saver: "AsyncPostgresSaver", cursor: "AsyncCursor[DictRow]") -> bool:
    await cursor.execute("SELECT to_regclass('checkpoint_migrations') IS NOT NULL AS made")
    row = await cursor.fetchone()
    if row is None or not row["made"]:
        return False
    await cursor.execute("SELECT max(v) AS newest FROM checkpoint_migrations")
    row = await cursor.fetchone()
    return row is not None and row["newest"] == len(saver.MIGRATIONS) - 1


async def _alive(connection: "AsyncConnection[DictRow]") -> None:
    """Ask something harmless: a connection that fails is replaced before it is used."""
    await connection.execute("SELECT 1")


async def _emptied(connection: "aiosqlite.Connection", file: Path) -> None:
    """Empty the write-ahead log, where what was deleted still stands."""
    [(busy, *_)] = await connection.execute_fetchall("PRAGMA wal_checkpoint(TRUNCATE)")
    if busy:
        why = "a state is deleted, but still in the write-ahead log, because somebody is reading from there"
        raise Unavailable(f"{file}: {why}; erase it again later")


async def _vacuumed(pool: "AsyncConnectionPool[AsyncConnection[DictRow]]") -> None:
    """Make free space of what was deleted; the bytes stay in it until they are written over."""
    async with pool.connection() as connection:
        await connection.execute("VACUUM checkpoints, checkpoint_blobs, checkpoint_writes")
