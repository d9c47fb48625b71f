"""The database: one SQLite file, opened once, changed in one transaction at a time."""

import sqlite3
import threading
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeAlias

from app.backoffice.exact import Json, dump
from app.backoffice.seed import seed_world

APPLICATION_ID = 0x43524F55  # "CROU": tells our file from another program's
SCHEMA = Path(__file__).parent / "schema.sql"
PARTS = ("responsible_gaming", "kyc", "deposits")  # of a seed player, each kept in a table of its own

Row: TypeAlias = tuple[str | int | None, ...]


class NotOurs(Exception):  # noqa: N818  # named by what was found
    """The file cannot serve as a back-office database."""


class Database:
    """One open database. Threads may share it: a lock lets one of them in at a time."""

    def __init__(self, path: Path) -> None:
        """Open the file; create it with the seed players where there is none."""
        self.path = path
        self._lock = threading.Lock()
        try:
            self._connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=5)
        except sqlite3.OperationalError as error:
            raise NotOurs(f"`{path}` cannot be opened ({error}): name a file in an existing folder") from error
        try:
            self._prepare()
        except sqlite3.DatabaseError as error:
            self._connection.close()
            raise NotOurs(f"`{path}` cannot be used as the back office's database ({error})") from error
        except NotOurs:
            self._connection.close()
            raise

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._connection.close()

    def rows(self, sql: str, values: Sequence[str | int | None] = ()) -> list[Row]:
        """Read."""
        with self._lock:
            return self._connection.execute(sql, values).fetchall()

    @contextmanager
    def transaction(self) -> Generator[sqlite3.Connection, None, None]:
        """Change: all of it or nothing, and on disk when the block ends."""
        with self._lock, self._begun() as connection:
            yield connection

    @contextmanager
    def _begun(self) -> Generator[sqlite3.Connection, None, None]:
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield self._connection
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")

    def _prepare(self) -> None:
        self._connection.execute("PRAGMA foreign_keys = ON")
        # Without it an INSERT OR REPLACE would delete past the append-only triggers.
        self._connection.execute("PRAGMA recursive_triggers = ON")
        self._connection.execute("PRAGMA synchronous = FULL")
        with self._begun() as connection:
            if not self._is_ours(connection):
                _create(connection)
        self._connection.execute("PRAGMA journal_mode = WAL")

    def _is_ours(self, connection: sqlite3.Connection) -> bool:
        """Tell an earlier database of ours from an empty file; refuse anybody else's."""
        application_id: int = connection.execute("PRAGMA application_id").fetchone()[0]
        tables: int = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if application_id != APPLICATION_ID and tables:
            raise NotOurs(f"`{self.path}` is another program's database: name another file")
        return tables > 0


def _create(connection: sqlite3.Connection) -> None:
    for statement in _statements(SCHEMA.read_text(encoding="utf-8")):
        connection.execute(statement)
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    world = seed_world()
    templates, players = world["templates"], world["players"]
    if not isinstance(templates, dict) or not isinstance(players, list):
        raise TypeError("the seed is not a world document")
    for brand, names in templates.items():
        for name in names if isinstance(names, list) else ():
            connection.execute("INSERT INTO bonus_templates VALUES (?, ?)", (brand, str(name)))
    for player in players:
        if isinstance(player, dict):
            _insert_player(connection, player)


def _statements(script: str) -> Iterator[str]:
    """Cut a script into statements; `executescript` would end our transaction."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


def _insert_player(connection: sqlite3.Connection, player: dict[str, Json]) -> None:
    player_id = str(player["id"])
    profile = dump({key: value for key, value in player.items() if key not in PARTS})
    folded = str(player["email"]).casefold()
    connection.execute("INSERT INTO players VALUES (?, ?, ?, ?)", (player_id, str(player["brand"]), folded, profile))
    connection.execute("INSERT INTO responsible_gaming VALUES (?, ?)", (player_id, dump(player["responsible_gaming"])))
    kyc, deposits = player["kyc"], player["deposits"]
    if isinstance(kyc, dict):
        status_and_level = tuple(None if value is None else str(value) for value in (kyc["status"], kyc["level"]))
        connection.execute("INSERT INTO kyc VALUES (?, ?, ?)", (player_id, *status_and_level))
    for deposit in deposits if isinstance(deposits, list) else ():
        if isinstance(deposit, dict):
            texts = tuple(str(deposit[key]) for key in ("amount", "currency", "at"))
            connection.execute("INSERT INTO deposits VALUES (?, ?, ?, ?, ?)", (str(deposit["id"]), player_id, *texts))
