"""A role of PostgreSQL for the desk: it adds to the record and the votes, and can take nothing away from them."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import Connection, text

from tools.adapters.sql.engine import Database

# What each table may be asked by a desk. There is no UPDATE and no DELETE on what is append-only, no TRUNCATE anywhere.
_GRANTS: Final = {
    "croupier_schema": "SELECT",
    "record_kinds": "SELECT",
    "record": "SELECT, INSERT",
    "approval_votes": "SELECT, INSERT",
    "approvals": "SELECT, INSERT, UPDATE (state)",
    "decisions": "SELECT, INSERT, UPDATE (consumed_by)",
    "effects": "SELECT, INSERT, UPDATE",
    "subject_keys": "SELECT, INSERT, UPDATE (key, erased_at)",
    "ticket_subjects": "SELECT, INSERT",
    "texts": "SELECT, INSERT, DELETE",
    "handoffs": "SELECT, INSERT",
    "attempts": "SELECT, INSERT, DELETE",
    "leases": "SELECT, INSERT, UPDATE, DELETE",
}
# What depends on the server and on what else is kept in the schema, as one statement on one line.
_WHERE_IT_STANDS: Final = (
    "DO $$ DECLARE one text; BEGIN "
    "EXECUTE format('GRANT USAGE ON SCHEMA %I TO {name}', current_schema()); "
    "FOR one IN SELECT tablename FROM pg_tables WHERE schemaname = current_schema() "
    "AND tablename LIKE 'bonus\\_%' LOOP "
    "EXECUTE format('GRANT SELECT ON %I TO {name}', one); END LOOP; "
    "IF current_setting('server_version_num')::int >= 170000 THEN "
    "FOR one IN SELECT tablename FROM pg_tables WHERE schemaname = current_schema() AND tablename IN "
    "('subject_keys', 'checkpoints', 'checkpoint_blobs', 'checkpoint_writes') LOOP "
    "EXECUTE format('GRANT MAINTAIN ON %I TO {name}', one); END LOOP; END IF; END $$"
)
_NUMBERED: Final = ("attempts", "handoffs", "ticket_subjects")  # tables with a sequence


def quoted(role: str) -> str:
    """Return the name of a role as SQL writes it."""
    return '"' + role.replace('"', '""') + '"'


def restricted(role: str) -> Sequence[str]:
    """Return the statements that make a role which can do what a desk does, and no more. Run them as the owner.

    Give it to the desk's login: `GRANT role TO login`. Migrations stay with the owner. The last statement lets it use
    the schema that the tables are in, read bonus configurations that are kept there, and, from PostgreSQL 17 on,
    overwrite what it has erased; on an older server an erasure is finished by the owner's next VACUUM.
    """
    name = quoted(role)
    tables = [f"GRANT {what} ON {table} TO {name}" for table, what in _GRANTS.items()]
    numbers = [f"GRANT USAGE ON SEQUENCE {table}_id_seq TO {name}" for table in _NUMBERED]
    return [f"CREATE ROLE {name} NOLOGIN", *tables, *numbers, _WHERE_IT_STANDS.format(name=name.replace("'", "''"))]


async def restrict(database: Database, role: str) -> None:
    """Make such a role on PostgreSQL."""
    await database.write(_execute, restricted(role))


def _execute(connection: Connection, statements: Sequence[str]) -> None:
    for statement in statements:
        connection.execute(text(statement))
