"""What Alembic runs: the migrations, inside the transaction of the connection that it is handed."""

from alembic import context

from tools.adapters.sql.tables import METADATA, SCHEMAS

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    version_table=SCHEMAS.name,
)
context.run_migrations()
