"""Where the states of tickets are kept: beside the store, in the same kind of database."""

import asyncio
import sqlite3
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from langgraph.checkpoint.base import BaseCheckpointSaver
from sqlalchemy import URL, make_url

from agent.deps import StatesUnavailable, UnusableStates
from agent.saver import Answering, AnsweringSaver
from agent.settings import STORE_FILE
from tools.ports import Unavailable

if TYPE_CHECKING:
    from langgraph.checkpoint.postgres.aio import AsyncPostgresSaver
    from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver
    from psycopg import AsyncConnection, AsyncCursor
    from psycopg.rows import DictRow
    from psycopg_pool import AsyncConnectionPool

BUSY_S: Final = 30  # that a writer waits for another process
POLL_S: Final = 0.05  # between two tries to take the lock
POOL: Final = 4  # connections to PostgreSQL
ONCE_MORE: Final = "and then do the same again"
_FULL: Final = "53100"  # the disk of PostgreSQL
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
            raise _broken_file(file, error, "or name another store") from error
        answering = partial(_answering_sqlite, file, saver)
        yield States(AnsweringSaver(saver, answering), partial(_emptied, saver, answering, file))


@asynccontextmanager
async def _answering_sqlite(file: Path, saver: "AsyncSqliteSaver") -> AsyncGenerator[None]:
    """Turn what SQLite says into what happens next, and leave no half of a write behind that the next would keep."""
    try:
        yield
    except sqlite3.Error as error:
        async with saver.lock:
            with suppress(sqlite3.Error):
                await saver.conn.rollback()
        if isinstance(error, sqlite3.DataError | sqlite3.InterfaceError | sqlite3.ProgrammingError):
            raise  # what was to be written is wrong, and not where
        raise _broken_file(file, error, ONCE_MORE) from error


def _broken_file(file: Path, error: sqlite3.Error, then: str) -> StatesUnavailable | UnusableStates:
    message = f"{file}: the states of tickets cannot be used ({error})"
    if "locked" in str(error):
        return StatesUnavailable(f"{message}; try again")
    is_full = getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL
    return UnusableStates(f"{message}; {'free space there' if is_full else 'mend it'}, {then}")


@asynccontextmanager
async def _on_postgres(url: URL) -> AsyncGenerator[States]:
    from langgraph.checkpoint.postgres.aio import AsyncPostgresSaver  # noqa: PLC0415  # only this kind of desk pays
    from psycopg import AsyncConnection  # noqa: PLC0415  # the same
    from psycopg.conninfo import make_conninfo  # noqa: PLC0415  # the same
    from psycopg.rows import DictRow, dict_row  # noqa: PLC0415  # the same
    from psycopg_pool import AsyncConnectionPool  # noqa: PLC0415  # the same

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
        async with _answering_postgres(where, "or name another store"), pool.connection() as connection:
            await _made(AsyncPostgresSaver(connection), connection)
        answering = partial(_answering_postgres, where, ONCE_MORE)
        yield States(AnsweringSaver(AsyncPostgresSaver(pool), answering), partial(_vacuumed, pool, answering))


@asynccontextmanager
async def _answering_postgres(where: str, then: str) -> AsyncGenerator[None]:
    """Turn what PostgreSQL says into what happens next."""
    from psycopg import DataError, Error, InterfaceError, OperationalError  # noqa: PLC0415  # as above
    from psycopg_pool import PoolTimeout  # noqa: PLC0415  # the same

    try:
        yield
    except PoolTimeout as error:
        raise StatesUnavailable(f"{where}: the states of tickets cannot be reached; try again") from error
    except DataError:
        raise  # what was to be written is wrong, and not where
    except Error as error:
        why = error.diag.message_primary or type(error).__name__  # the whole text may hold an address
        message = f"{where}: the states of tickets cannot be used ({why})"
        if error.sqlstate == _FULL:
            raise UnusableStates(f"{message}; free space there, {then}") from error
        if isinstance(error, OperationalError | InterfaceError):
            raise StatesUnavailable(f"{message}; try again") from error
        raise UnusableStates(f"{message}; mend it, {then}") from error


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
    return row is not None and row["newest"] is not None and row["newest"] >= len(saver.MIGRATIONS) - 1


async def _alive(connection: "AsyncConnection[DictRow]") -> None:
    """Ask something harmless: a connection that fails is replaced before it is used."""
    await connection.execute("SELECT 1")


async def _emptied(saver: "AsyncSqliteSaver", answering: Answering, file: Path) -> None:
    """Empty the write-ahead log, where what was deleted still stands."""
    async with answering():
        [(busy, *_)] = await saver.conn.execute_fetchall("PRAGMA wal_checkpoint(TRUNCATE)")
    if busy:
        why = "a state is deleted, but still in the write-ahead log, because somebody is reading from there"
        raise Unavailable(f"{file}: {why}; erase it again later")


async def _vacuumed(pool: "AsyncConnectionPool[AsyncConnection[DictRow]]", answering: Answering) -> None:
    """Make free space of what was deleted; the bytes stay in it until they are written over."""
    async with answering(), pool.connection() as connection:
        await connection.execute("VACUUM checkpoints, checkpoint_blobs, checkpoint_writes")
