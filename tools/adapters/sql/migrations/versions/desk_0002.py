"""Hand-overs, and whose a ticket is, are on the record as well; an auditor finds the rows of one ticket."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

KINDS = ("handed_over", "subject_noted")


def upgrade() -> None:
    """Add the kinds of entries and the indexes. There is no way back: nothing that was kept is ever deleted."""
    op.bulk_insert(sa.table("record_kinds", sa.column("kind", sa.Text)), [{"kind": kind} for kind in KINDS])
    op.create_index("subjects_of_a_ticket", "ticket_subjects", ["ticket_id"])
    op.create_index("decisions_of_a_ticket", "decisions", ["ticket_id"])
