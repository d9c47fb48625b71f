"""The record as one chain, the ledger, the approvals inbox, and what else is kept about tickets."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

WORD = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")
KINDS = (
    "player_message",
    "agent_message",
    "triage",
    "model_request",
    "model_reply",
    "reply_rejected",
    "tool_call",
    "tool_result",
    "decision_minted",
    "effect_refused",
    "effect_shadowed",
    "effect_claimed",
    "effect_settled",
    "approval_asked",
    "approval_voted",
    "approval_closed",
    "outcome",
    "turn",
    "failure",
    "erased",
)
APPEND_ONLY = {"record": "the record is append-only", "approval_votes": "votes are append-only"}


def upgrade() -> None:
    """Make the tables. There is no way back: nothing that was kept is ever deleted."""
    _make_record()
    _make_decisions_and_effects()
    _make_approvals()
    _make_the_rest()
    for table, message in APPEND_ONLY.items():
        _hold_append_only(table, message)


def _make_record() -> None:
    kinds = op.create_table("record_kinds", sa.Column("kind", WORD, primary_key=True))
    op.bulk_insert(kinds, [{"kind": kind} for kind in KINDS])
    op.create_table(
        "record",
        sa.Column("id", NUMBER, primary_key=True, autoincrement=False),
        sa.Column("ticket_id", WORD, nullable=False),
        sa.Column("seq", NUMBER, nullable=False),
        sa.Column("kind", WORD, sa.ForeignKey("record_kinds.kind"), nullable=False),
        sa.Column("at", WORD, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("once", WORD),
        sa.Column("previous", WORD, nullable=False),
        sa.Column("hash", WORD, nullable=False),
        sa.UniqueConstraint("ticket_id", "seq", name="record_numbers"),
        sa.UniqueConstraint("ticket_id", "once", name="record_once"),
    )
    op.create_table(
        "subject_keys",
        sa.Column("ticket_id", WORD, primary_key=True),
        sa.Column("key", sa.LargeBinary),
        sa.Column("erased_at", WORD),
    )
    op.create_table(
        "ticket_subjects",
        sa.Column("id", NUMBER, primary_key=True),
        sa.Column("ticket_id", WORD, nullable=False),
        sa.Column("subject", WORD, nullable=False),
        sa.UniqueConstraint("subject", "ticket_id", name="one_note_of_a_subject"),
    )
    op.create_table(
        "texts",
        sa.Column("sha256", WORD, primary_key=True),
        sa.Column("ticket_id", WORD, primary_key=True),
        sa.Column("text", sa.Text, nullable=False),
    )
    op.create_index("texts_of_a_ticket", "texts", ["ticket_id"])


def _make_decisions_and_effects() -> None:
    op.create_table(
        "decisions",
        sa.Column("decision_id", WORD, primary_key=True),
        *(sa.Column(name, WORD, nullable=False) for name in ("ticket_id", "player_id", "brand", "status")),
        sa.Column("configuration", WORD),
        sa.Column("configuration_hash", WORD, nullable=False),
        sa.Column("tier", WORD),
        sa.Column("reward", sa.Text),
        sa.Column("record", sa.Text, nullable=False),
        sa.Column("decided_at", WORD, nullable=False),
        sa.Column("expires_at", WORD, nullable=False),
        sa.Column("consumed_by", WORD),
    )
    limited = ("player_id", "brand", "configuration", "reason", "amount_type", "amount", "currency")
    op.create_table(
        "effects",
        sa.Column("key", WORD, primary_key=True),
        *(sa.Column(name, WORD, nullable=False) for name in ("business_key", "ticket_id", "tool")),
        sa.Column("intent", sa.Text, nullable=False),
        sa.Column("state", WORD, nullable=False),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.Column("at", WORD, nullable=False),
        sa.Column("decision_id", WORD),
        sa.Column("approval_id", WORD),
        sa.Column("claimed_at", WORD, nullable=False),
        *(sa.Column(name, WORD) for name in limited),
        sa.CheckConstraint("state IN ('pending', 'done', 'failed', 'unknown', 'shadowed')", name="effect_states"),
    )
    op.create_index("effects_of_a_ticket", "effects", ["ticket_id"])
    op.create_index("effects_of_a_decision", "effects", ["decision_id"])
    op.create_index("effects_by_time", "effects", ["at"])
    op.create_index("grants_of_a_player", "effects", ["player_id", "brand"])
    op.create_index("grants_by_configuration", "effects", ["configuration"])
    _index_where("one_live_effect", "effects", ["business_key"], where="state NOT IN ('failed', 'shadowed')")


def _make_approvals() -> None:
    words = ("about", "effect_key", "ticket_id", "tool", "policy")
    op.create_table(
        "approvals",
        sa.Column("approval_id", WORD, primary_key=True),
        *(sa.Column(name, WORD, nullable=False) for name in words),
        sa.Column("needed", sa.Integer, nullable=False),
        sa.Column("requester", WORD, nullable=False),
        sa.Column("intent", sa.Text, nullable=False),
        *(sa.Column(name, WORD, nullable=False) for name in ("asked_at", "expires_at", "state")),
        sa.UniqueConstraint("approval_id", "requester", name="approval_and_requester"),
        sa.CheckConstraint("about IN ('effect', 'doubt')", name="approval_abouts"),
        sa.CheckConstraint("state IN ('open', 'approved', 'denied', 'expired', 'withdrawn')", name="approval_states"),
        sa.CheckConstraint("needed >= 1", name="approval_needs_somebody"),
    )
    op.create_index("approvals_of_a_ticket", "approvals", ["ticket_id"])
    op.create_index("approvals_by_time", "approvals", ["asked_at"])
    standing = "state <> 'withdrawn' AND NOT (about = 'doubt' AND state = 'denied')"
    _index_where("one_standing_approval", "approvals", ["effect_key", "about"], where=standing)
    op.create_table(
        "approval_votes",
        sa.Column("approval_id", WORD, primary_key=True),
        sa.Column("approver", WORD, primary_key=True),
        sa.Column("number", sa.Integer, nullable=False),
        *(sa.Column(name, WORD, nullable=False) for name in ("requester", "verdict")),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("at", WORD, nullable=False),
        sa.CheckConstraint("approver <> requester", name="nobody_approves_their_own"),
        sa.CheckConstraint("verdict IN ('approve', 'deny')", name="vote_verdicts"),
        sa.ForeignKeyConstraint(
            ["approval_id", "requester"],
            ["approvals.approval_id", "approvals.requester"],
            name="vote_and_its_request",
        ),
    )


def _make_the_rest() -> None:
    op.create_table(
        "attempts",
        sa.Column("id", NUMBER, primary_key=True),
        *(sa.Column(name, WORD, nullable=False) for name in ("subject", "at")),
    )
    op.create_index("attempts_of_a_subject", "attempts", ["subject"])
    op.create_table(
        "handoffs",
        sa.Column("id", NUMBER, primary_key=True),
        *(sa.Column(name, WORD, nullable=False, unique=True) for name in ("handoff_id", "key")),
        sa.Column("ticket_id", WORD, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
    )
    op.create_index("handoffs_of_a_ticket", "handoffs", ["ticket_id"])
    op.create_table(
        "leases",
        sa.Column("ticket_id", WORD, primary_key=True),
        *(sa.Column(name, WORD, nullable=False) for name in ("holder", "until")),
    )


def _index_where(name: str, table: str, columns: list[str], *, where: str) -> None:
    held = sa.text(where)
    op.create_index(name, table, columns, unique=True, sqlite_where=held, postgresql_where=held)


def _hold_append_only(table: str, message: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
            )
        return
    op.execute(
        f"CREATE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$BEGIN RAISE EXCEPTION '{message}'; END$$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_append_only()"
    )
