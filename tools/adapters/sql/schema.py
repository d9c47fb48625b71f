"""The schema of the stores: made by migrations, and looked at before anything is read or written."""

from pathlib import Path
from typing import Final

from sqlalchemy import Connection, inspect, select

from tools.adapters.configuration_tables import shown, sqlite_file
from tools.adapters.sql.engine import Damaged, Database
from tools.adapters.sql.tables import RECORD, SCHEMAS
from tools.ports import UnusableStore

SCHEMA: Final = "0003"  # the newest migration
KNOWN: Final = ("0002", "0003")  # the schemas that can be read, oldest first
_UNNAMED: Final = "0001"  # whose a ticket is stood in a table alone then, and a sealed log takes nothing in afterwards


async def make(database: Database) -> None:
    """Make the tables that are not there yet. Raises UnusableStore for a store that is not ours to change."""
    _make_folder(database)
    await database.write(_migrated)


async def is_made(database: Database) -> bool:
    """Tell whether the tables are there to be read, without making any. An older schema that we know will do.

    Raises UnusableStore where they are of another schema.
    """
    file = sqlite_file(database.engine.url)
    try:
        if file is not None and not file.exists():
            return False
    except OSError as error:
        raise UnusableStore(f"{database.shown}: the store cannot be used ({error.strerror})") from error
    return await database.read(_schema) is not None


def _make_folder(database: Database) -> None:
    file = sqlite_file(database.engine.url)
    try:
        if file is not None:
            file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        why = f"no folder can be made for the store ({error.strerror})"
        raise UnusableStore(f"{database.shown}: {why}") from error


def _schema(connection: Connection) -> str | None:
    """Return the schema of a store; None where there is no store yet."""
    tables = inspect(connection)
    where = shown(connection.engine.url)
    if not tables.has_table(SCHEMAS.name):
        if tables.has_table(RECORD.name):
            raise _too_old(where, "its ledger had a schema")
        return None
    schema = connection.scalar(select(SCHEMAS.c.version_num))
    if not schema:
        raise Damaged("its schema cannot be read")
    if schema == _UNNAMED:
        raise _too_old(where, "its log said whose a ticket is")
    if schema not in KNOWN:
        why = f'it has the schema "{schema}", and this one knows "{SCHEMA}"'
        raise UnusableStore(f"{where}: this ledger was written by a newer croupier ({why}); upgrade")
    return schema


def _too_old(where: str, since: str) -> UnusableStore:
    why = f"this store was written by a croupier from before {since}, and cannot be taken over"
    return UnusableStore(f"{where}: {why}; keep it as it is, and name another folder or store (CROUPIER_STORE)")


def _migrated(connection: Connection) -> None:
    if _schema(connection) == SCHEMA:
        return
    # Imported here: a store that is as it should be, which it nearly always is, needs no Alembic.
    from alembic import command  # noqa: PLC0415  # the reason stands above
    from alembic.config import Config  # noqa: PLC0415  # the same

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, SCHEMA)
