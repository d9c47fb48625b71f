"""The versions of configurations, which are only ever added, and what of them counts."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_APPEND_ONLY = ("UPDATE", "DELETE")


def upgrade() -> None:
    """Make the tables. There is no way back: nothing that was kept is ever deleted."""
    op.create_table(
        "bonus_versions",
        sa.Column("document", sa.String, primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("act", sa.String, nullable=False),
        sa.Column("status", sa.String, nullable=False),
        sa.Column("hash", sa.String, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("fields", sa.Integer),
        sa.Column("author", sa.String, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("at", sa.String, nullable=False),
    )
    op.create_table(
        "bonus_heads",
        sa.Column("document", sa.String, primary_key=True),
        *(sa.Column(slot, sa.Integer) for slot in ("live", "draft", "archived")),
        sa.Column("last", sa.Integer, nullable=False),
        *(
            sa.ForeignKeyConstraint(["document", slot], ["bonus_versions.document", "bonus_versions.number"])
            for slot in ("live", "draft", "archived", "last")
        ),
    )
    revisions = op.create_table(
        "bonus_revision",
        sa.Column("id", sa.Integer, sa.CheckConstraint("id = 1"), primary_key=True, autoincrement=False),
        sa.Column("revision", sa.Integer, nullable=False),
    )
    op.bulk_insert(revisions, [{"id": 1, "revision": 0}])
    _hold_append_only(op.get_bind().dialect.name)


def _hold_append_only(dialect: str) -> None:
    if dialect == "sqlite":
        for verb in _APPEND_ONLY:
            op.execute(
                f"CREATE TRIGGER bonus_versions_no_{verb.lower()} BEFORE {verb} ON bonus_versions "
                "BEGIN SELECT RAISE(ABORT, 'versions are only ever added'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION bonus_versions_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$BEGIN RAISE EXCEPTION 'versions are only ever added'; END$$"
    )
    op.execute(
        "CREATE TRIGGER bonus_versions_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON bonus_versions "
        "FOR EACH STATEMENT EXECUTE FUNCTION bonus_versions_append_only()"
    )
