"""The database: how a connection is set up, and one piece of work as one transaction, off the event loop.

A piece of work is a plain function over a connection, run whole in a thread: one hop, where the asynchronous drivers
take several for each statement (measured on SQLite: 0.06 ms of CPU a statement instead of 0.56). Writers of one
process stand in one queue, and of several take turns by one lock of the database.
"""

import asyncio
import re
import sqlite3
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from sqlite3 import Connection as SqliteConnection
from typing import Concatenate, Final, ParamSpec, TypeVar
from urllib.parse import quote

from sqlalchemy import URL, Connection, Engine, QueuePool, Row, create_engine, event, make_url, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError, IntegrityError, InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.pool import ConnectionPoolEntry
from tenacity import Retrying, retry_if_exception, stop_after_attempt, stop_after_delay, wait_exponential, wait_random

from tools.adapters.configuration_tables import shown, sqlite_file, store_url, without_secrets
from tools.ports import AccessRefused, Unavailable, UnusableStore

READERS: Final = 4  # threads, and so connections, that read at the same time
WRITE_TIMES: Final = 4  # tries of a write that PostgreSQL itself asks to repeat
CONNECT_TIMEOUT_S: Final = 10
LOCK_TIMEOUT_S: Final = 30
_POSTGRES: Final = {  # libpq's parameters; the last gives up a server that went away without a word (milliseconds)
    "connect_timeout": CONNECT_TIMEOUT_S,
    "tcp_user_timeout": LOCK_TIMEOUT_S * 1000,
}
_POSTGRES_SETTINGS: Final = (f"lock_timeout = '{LOCK_TIMEOUT_S}s'", "idle_in_transaction_session_timeout = '60s'")
_PRAGMAS: Final = (
    f"busy_timeout={LOCK_TIMEOUT_S * 1000}",
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "recursive_triggers=ON",  # or `INSERT OR REPLACE` walks past the triggers that hold the record append-only
    "secure_delete=ON",  # what is erased is overwritten
)
_REPEAT: Final = {"40001", "40P01"}  # serialization failure, deadlock
_FULL: Final = "53100"  # the disk of PostgreSQL
_NO_ADMITTANCE: Final = ("28", "3D000", "42501")  # wrong credentials, no such database, a right that is lacking
# The same as libpq says it while it connects, where psycopg has no SQLSTATE for it.
_NOT_ADMITTED: Final = re.compile(
    r"authentication failed|no password supplied|no pg_hba\.conf entry|permission denied for database|"
    r'(?:database|role) ".*" does not exist|is not permitted to log in'
)
UNDONE: Final = "this step was not written"  # what came before it in the same ticket may have been
_WRITER_LOCK: Final = 0x7265636F7264  # "record": the advisory lock that writers to one PostgreSQL database take

P = ParamSpec("P")
T = TypeVar("T")


class Damaged(Exception):  # noqa: N818  # named by what is wrong
    """The tables hold what no write of ours leaves; the message says what."""


def _writer() -> Executor:
    return ThreadPoolExecutor(1, thread_name_prefix="store-writer")


def _readers() -> Executor:
    return ThreadPoolExecutor(READERS, thread_name_prefix="store-reader")


@dataclass(frozen=True, slots=True)
class Database:
    """One database, and the threads that work on it."""

    engine: Engine
    writer: Executor = field(default_factory=_writer)
    readers: Executor = field(default_factory=_readers)

    async def read(self, work: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Do a piece of work that changes nothing, in one transaction that sees the database at one moment."""

        def whole() -> T:
            with answering(self.engine), self._at_one_moment().begin() as connection:
                if connection.dialect.name == "sqlite":
                    connection.exec_driver_sql("BEGIN")
                return work(connection, *args, **kwargs)

        return await asyncio.get_running_loop().run_in_executor(self.readers, whole)

    def _at_one_moment(self) -> Engine:
        if self.engine.dialect.name == "sqlite":  # where every transaction does
            return self.engine
        return self.engine.execution_options(isolation_level="REPEATABLE READ")

    async def write(self, work: Callable[Concatenate[Connection, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Do a piece of work that may change something, in one transaction, while no other writer is at work."""

        def whole() -> T:
            with answering(self.engine, undone=UNDONE), self.engine.begin() as connection:
                _take_turn(connection)
                return work(connection, *args, **kwargs)

        repeating = whole if self.engine.dialect.name == "sqlite" else _repeating(whole)
        return await asyncio.get_running_loop().run_in_executor(self.writer, repeating)

    async def outside(self, statement: str) -> Sequence[Row[tuple[object, ...]]]:
        """Execute a statement that cannot stand in a transaction, and return its rows, if it has any."""

        def whole() -> Sequence[Row[tuple[object, ...]]]:
            alone = self.engine.execution_options(isolation_level="AUTOCOMMIT")
            with answering(self.engine, undone=UNDONE), alone.connect() as connection:
                result = connection.execute(text(statement))
                return result.all() if result.returns_rows else ()

        return await asyncio.get_running_loop().run_in_executor(self.writer, whole)

    async def close(self) -> None:
        """Give the connections back and let the threads go."""
        await asyncio.get_running_loop().run_in_executor(self.writer, self.engine.dispose)
        for threads in (self.writer, self.readers):
            threads.shutdown(wait=False)

    @property
    def shown(self) -> str:
        """The address for people: without anything secret."""
        return shown(self.engine.url)


def open_database(address: str) -> Database:
    """Open `sqlite:///FILE` or `postgresql://…`. Raises UnusableStore for another address."""
    url = store_url(address.replace("sqlite+aiosqlite:", "sqlite:", 1))
    engine = _engine(url, **({} if _is_sqlite(url) else _POSTGRES))
    event.listen(engine, "connect", _prepare_sqlite if _is_sqlite(url) else _prepare_postgres)
    return Database(engine)


def open_to_read(address: str) -> Database:
    """Open a database so that the database itself refuses every write. A file that is not there is not made.

    Raises UnusableStore for another address and for a file that cannot be looked at, and FileNotFoundError.
    """
    url = store_url(address)
    if (file := sqlite_file(url)) is None:
        own = url.query.get("options", "")  # such as a role or a search path: the same as who writes has
        options = " ".join([own] if isinstance(own, str) else own)
        return Database(_engine(url, options=f"{options} -c default_transaction_read_only=on".strip(), **_POSTGRES))
    there = quote(str(_found(file, url)))
    return Database(_engine(make_url(f"sqlite:///file:{there}?mode=ro&uri=true")))


def _found(file: Path, url: URL) -> Path:
    try:
        return file.resolve(strict=True)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise UnusableStore(f"{shown(url)}: the store cannot be used ({error.strerror})") from error


def _is_sqlite(url: URL) -> bool:
    return url.get_backend_name() == "sqlite"


def _engine(url: URL, **arguments: str | int) -> Engine:
    threads = READERS + 1
    try:
        return create_engine(
            url,
            hide_parameters=True,
            connect_args=arguments,
            poolclass=QueuePool,
            pool_size=threads,
            max_overflow=0,
            pool_pre_ping=not _is_sqlite(url),
        )
    except (SQLAlchemyError, TypeError, ValueError):  # what stands behind the "?"; the error may quote it
        mend = 'Mend what stands behind the "?".'
        raise UnusableStore(f"{shown(url)}: this address has parts that mean nothing. {mend}") from None


def _prepare_sqlite(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    """Durable, transactions begun by us alone, and no way around the triggers."""
    if isinstance(connection, SqliteConnection):
        connection.isolation_level = None
    cursor = connection.cursor()
    patient = Retrying(  # SQLite does not wait itself where others make the same new file a write-ahead log
        retry=retry_if_exception(lambda error: "locked" in str(error)),
        stop=stop_after_delay(LOCK_TIMEOUT_S),
        wait=wait_random(0.005, 0.05),
        reraise=True,
    )
    for pragma in _PRAGMAS:
        patient(cursor.execute, f"PRAGMA {pragma}")
    cursor.close()


def _prepare_postgres(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    """Nobody waits for ever, and a process that hangs does not hold the others up for ever."""
    cursor = connection.cursor()
    for setting in _POSTGRES_SETTINGS:
        cursor.execute(f"SET {setting}")
    cursor.close()
    connection.commit()


def _take_turn(connection: Connection) -> None:
    """Let a writer take the lock when it begins: what it compares is then what it changes."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _WRITER_LOCK})


def _repeating(whole: Callable[[], T]) -> Callable[[], T]:
    """Return the work as it is repeated where PostgreSQL itself asks for it: nothing of the first try was kept."""
    return Retrying(
        retry=retry_if_exception(lambda error: isinstance(error, _Repeat)),
        stop=stop_after_attempt(WRITE_TIMES),
        wait=wait_exponential(multiplier=0.02, max=0.5) + wait_random(0, 0.02),
        reraise=True,
    ).wraps(whole)


class _Repeat(Unavailable):
    """The database undid the work and asks to repeat it."""


@contextmanager
def answering(engine: Engine, *, undone: str = "") -> Generator[None]:
    """Turn what a database says into what happens next: ask later, or mend the store. No secret is in the words.

    `undone` says what did not happen, where something was to be written.
    """
    try:
        yield
    except Damaged as error:
        mend = _then(undone, "bring it back from a copy, or name another store")
        raise UnusableStore(f"{shown(engine.url)}: the store is damaged: {error}; {mend}") from error
    except IntegrityError:
        raise  # a promise of ours was broken, or the record was about to be changed
    except DBAPIError as error:
        raise _what_next(engine, error, undone) from None


def _then(undone: str, mend: str) -> str:
    return f"{undone}: {mend}" if undone else mend


def _what_next(engine: Engine, error: DBAPIError, undone: str) -> Unavailable | UnusableStore:
    why = without_secrets(str(error.orig), engine.url)
    message = f"{shown(engine.url)}: the store cannot be used ({why})"
    state = str(getattr(error.orig, "sqlstate", None) or "")
    if state in _REPEAT:
        return _Repeat(f"{message}; {_then(undone, 'try again')}")
    if state.startswith(_NO_ADMITTANCE) or (not state and _is_not_admitted(engine, error)):
        mend = "check login, password and database in CROUPIER_STORE"
        if isinstance(error, OperationalError):  # it did not even connect
            return AccessRefused(f"{message}; {mend}")
        return UnusableStore(f"{message}; {_then(undone, mend)}")
    if state == _FULL or getattr(error.orig, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL:
        return UnusableStore(f"{message}; {_then(undone, 'free space there, then do it again')}")
    if _is_passing(engine, error, why):
        return Unavailable(f"{message}; try again")
    return UnusableStore(f"{message}; {_then(undone, 'mend it, or name another store')}")


def _is_not_admitted(engine: Engine, error: DBAPIError) -> bool:
    return not _is_sqlite(engine.url) and _NOT_ADMITTED.search(str(error.orig)) is not None


def _is_passing(engine: Engine, error: DBAPIError, why: str) -> bool:
    """Tell whether the same could go well later: another system was not there, or somebody held the lock too long."""
    if engine.dialect.name == "sqlite":
        return "locked" in why
    return isinstance(error, OperationalError | InterfaceError)
