"""Where records lie, and a desk opened again over what is there, in another process than the one that wrote it."""

import sqlite3
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click

from agent.deps import Deps
from agent.house import read_gate
from agent.settings import STORE_FILE, Settings, SettingsError
from agent.wiring import live_desk, open_kept, preflight
from app.backoffice.database import NotOurs
from app.backoffice.serve import running
from app.cli.configured import settings, with_folders
from app.cli.exits import Exit, Stopped, run_async
from app.cli.people import Known
from tools.kept import Kept

OFFICE_FILE = "backoffice.sqlite"
MOST_NAMED = 10  # folders that one message names

at_data: Callable[[Any], Any] = click.option(
    "--data", type=click.Path(path_type=Path), help="The folder of the record; else every one below CROUPIER_DATA."
)


@dataclass(frozen=True, slots=True)
class Place:
    """A store, with the settings of the desk that writes to it."""

    settings: Settings

    @property
    def shown(self) -> str:
        """The place for people: an address could hold a password."""
        return shown(self.settings)

    def kept(self) -> AbstractAsyncContextManager[Kept]:
        """Open what is kept there, to read it."""
        return open_kept(self.settings)


def shown(chosen: Settings) -> str:
    """Name a store for people: its address could hold a password."""
    return str(chosen.data) if chosen.store is None else "the store at CROUPIER_STORE"


def gate_rules() -> Known:
    """Return who is who by the gate's file, and who is said to be here."""

    async def read() -> Known:
        chosen = settings()
        return Known(read_gate(chosen), chosen.gate, chosen.user)

    return run_async(read())


def places(data: Path | None) -> list[Place]:
    """Return where records lie: the store that is configured, or the folders with one, the newest first."""
    chosen = settings()
    if data is None and chosen.store is not None:
        return [Place(chosen)]
    root = chosen.data if data is None else data
    _must_be_readable(root)
    found = [*root.glob(STORE_FILE), *(root.glob(f"*/{STORE_FILE}") if data is None else ())]
    stores = [store for store in found if not _unborn(store)]
    if not stores:
        raise Stopped(_no_record(root), Exit.INVALID_FILE)
    newest_first = sorted(stores, key=lambda store: store.stat().st_mtime, reverse=True)
    return [Place(replace(chosen, data=store.parent, store=None)) for store in newest_first]


def _no_record(root: Path) -> str:
    """Say that no record lies in a folder, and name those below it, the newest first."""
    stores = [store for store in root.glob(f"*/{STORE_FILE}") if not _unborn(store)]
    below = sorted(stores, key=lambda store: store.stat().st_mtime, reverse=True)
    if not below:
        return f"{root.absolute()}: there is no record here; play a ticket first, or name its folder with --data"
    more = f", and {len(below) - MOST_NAMED} older" if len(below) > MOST_NAMED else ""
    named = ", ".join(str(store.parent.absolute()) for store in below[:MOST_NAMED])
    mend = f"name one with --data ({named}{more}), or set CROUPIER_DATA to this folder for all of them"
    return f"{root.absolute()}: there is no record here, but below it; {mend}"


def _must_be_readable(root: Path) -> None:
    """Refuse a folder that is closed to us: it would look like one without a record."""
    try:
        next(root.iterdir(), None)
    except FileNotFoundError:
        return
    except OSError as error:
        mend = "give yourself the right to read it, or name another one with --data"
        raise Stopped(f"{root}: this folder cannot be read ({error.strerror}); {mend}", Exit.INVALID_FILE) from error


def _unborn(store: Path) -> bool:
    """Say whether a store was interrupted before it could hold anything: it has no tables yet."""
    try:
        with closing(sqlite3.connect(f"{store.resolve().as_uri()}?mode=ro", uri=True)) as connection:
            return connection.execute("SELECT 1 FROM sqlite_master").fetchone() is None
    except sqlite3.DatabaseError:  # something else: opening it says what
        return False


@asynccontextmanager
async def reopened(place: Place) -> AsyncGenerator[Deps]:
    """Open the desk of a place, on the back office that is configured or on the one that lies beside the record.

    Raises `Unavailable` where the back office does not answer, before anything is done.
    """
    async with AsyncExitStack() as stack:
        chosen = with_folders(place.settings)
        if chosen.backoffice_url is None:
            chosen = replace(chosen, backoffice_url=_start(stack, chosen))
        deps = await stack.enter_async_context(live_desk(chosen))
        await preflight(deps, chosen.brand)
        yield deps


def _start(stack: AsyncExitStack, chosen: Settings) -> str:
    """Start the back office that ships over the database that a desk of its own has left."""
    database = chosen.data / OFFICE_FILE
    if not database.exists():
        mend = "set CROUPIER_BACKOFFICE_URL to the one that this record was made with"
        raise Stopped(f"{shown(chosen)}: no back office lies beside this record; {mend}", Exit.UPSTREAM_DOWN)
    try:
        served = running(database, token=chosen.backoffice_token, webhook_secret=chosen.webhook_secret)
        return stack.enter_context(served).url
    except ValueError as error:
        raise SettingsError(f"{error}; mend CROUPIER_BACKOFFICE_TOKEN or CROUPIER_WEBHOOK_SECRET") from error
    except NotOurs as error:
        raise Stopped(str(error), Exit.INVALID_FILE) from error
