"""The tables of our own store, as the migrations make them. Times are text: ISO 8601 in UTC, always as long."""

from typing import Final

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    literal_column,
)

from tools.approvals import About, ApprovalState
from tools.ledger import EffectState

METADATA = MetaData()
SCHEMAS = Table("croupier_schema", MetaData(), Column("version_num", Text, nullable=False))  # Alembic's own
# Compared byte by byte on PostgreSQL too, where a database may be set to the order of some language.
WORD: Final = Text().with_variant(Text(collation="C"), "postgresql")
NUMBER: Final = BigInteger().with_variant(Integer, "sqlite")


def one_of(column: str, *allowed: str) -> str:
    """Return the condition that a column holds one of some words."""
    return f"{column} IN ({', '.join(repr(word) for word in allowed)})"


KINDS = Table("record_kinds", METADATA, Column("kind", WORD, primary_key=True))  # a row each: a new one is one INSERT
RECORD = Table(
    "record",
    METADATA,
    Column("id", NUMBER, primary_key=True, autoincrement=False),  # the position in the log, without gaps
    Column("ticket_id", WORD, nullable=False),
    Column("seq", NUMBER, nullable=False),
    Column("kind", WORD, ForeignKey("record_kinds.kind"), nullable=False),
    Column("at", WORD, nullable=False),
    Column("body", Text, nullable=False),
    Column("once", WORD),
    Column("previous", WORD, nullable=False),
    Column("hash", WORD, nullable=False),
    UniqueConstraint("ticket_id", "seq", name="record_numbers"),
    UniqueConstraint("ticket_id", "once", name="record_once"),
)
KEYS = Table(
    "subject_keys",
    METADATA,
    Column("ticket_id", WORD, primary_key=True),
    Column("key", LargeBinary),  # null once the ticket was erased
    Column("erased_at", WORD),
)
SUBJECTS = Table(
    "ticket_subjects",
    METADATA,
    Column("id", NUMBER, primary_key=True),
    Column("ticket_id", WORD, nullable=False),
    Column("subject", WORD, nullable=False),
    UniqueConstraint("subject", "ticket_id", name="one_note_of_a_subject"),
    Index("subjects_of_a_ticket", "ticket_id"),
)
TEXTS = Table(
    "texts",
    METADATA,
    Column("sha256", WORD, primary_key=True),
    Column("ticket_id", WORD, primary_key=True),  # empty: it is of no ticket, and is kept for ever
    Column("text", Text, nullable=False),
    Index("texts_of_a_ticket", "ticket_id"),
)
DECISIONS = Table(
    "decisions",
    METADATA,
    Column("decision_id", WORD, primary_key=True),
    Column("ticket_id", WORD, nullable=False),
    Column("player_id", WORD, nullable=False),
    Column("brand", WORD, nullable=False),
    Column("status", WORD, nullable=False),
    Column("configuration", WORD),
    Column("configuration_hash", WORD, nullable=False),
    Column("tier", WORD),
    Column("reward", Text),
    Column("record", Text, nullable=False),
    Column("decided_at", WORD, nullable=False),
    Column("expires_at", WORD, nullable=False),
    Column("consumed_by", WORD),  # the key of the effect that it was spent on
    Index("decisions_of_a_ticket", "ticket_id"),
)
EFFECTS = Table(
    "effects",
    METADATA,
    Column("key", WORD, primary_key=True),
    Column("business_key", WORD, nullable=False),
    Column("ticket_id", WORD, nullable=False),
    Column("tool", WORD, nullable=False),
    Column("intent", Text, nullable=False),
    Column("state", WORD, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("at", WORD, nullable=False),
    Column("decision_id", WORD),
    Column("approval_id", WORD),
    Column("claimed_at", WORD, nullable=False),
    # What limits count of a grant, so that counting reads into no JSON. Null where it is none.
    Column("player_id", WORD),
    Column("brand", WORD),
    Column("configuration", WORD),
    Column("reason", WORD),
    Column("amount_type", WORD),
    Column("amount", WORD),  # exact, as text
    Column("currency", WORD),
    CheckConstraint(one_of("state", *EffectState), name="effect_states"),
    Index("effects_of_a_ticket", "ticket_id"),
    Index("effects_of_a_decision", "decision_id"),
    Index("effects_by_time", "at"),
    Index("grants_of_a_player", "player_id", "brand"),
    Index("grants_by_configuration", "configuration"),
)
# Written out: SQLite uses a partial index only for a query that holds the very same words.
ALIVE = EFFECTS.c.state.not_in([literal_column("'failed'"), literal_column("'shadowed'")])
# A second key cannot claim the same business effect while the first may have happened.
Index("one_live_effect", EFFECTS.c.business_key, unique=True, sqlite_where=ALIVE, postgresql_where=ALIVE)
APPROVALS = Table(
    "approvals",
    METADATA,
    Column("approval_id", WORD, primary_key=True),
    Column("about", WORD, nullable=False),
    Column("effect_key", WORD, nullable=False),
    Column("ticket_id", WORD, nullable=False),
    Column("tool", WORD, nullable=False),
    Column("policy", WORD, nullable=False),
    Column("needed", Integer, nullable=False),
    Column("requester", WORD, nullable=False),
    Column("intent", Text, nullable=False),
    Column("asked_at", WORD, nullable=False),
    Column("expires_at", WORD, nullable=False),
    Column("state", WORD, nullable=False),
    UniqueConstraint("approval_id", "requester", name="approval_and_requester"),
    CheckConstraint(one_of("about", *About), name="approval_abouts"),
    CheckConstraint(one_of("state", *ApprovalState), name="approval_states"),
    CheckConstraint("needed >= 1", name="approval_needs_somebody"),
    Index("approvals_of_a_ticket", "ticket_id"),
    Index("approvals_by_time", "asked_at"),
)
# A doubt that was denied (it did not take effect) may come up again, when the effect was tried once more.
STANDING = (APPROVALS.c.state != "withdrawn") & ~((APPROVALS.c.about == "doubt") & (APPROVALS.c.state == "denied"))
Index(
    "one_standing_approval",
    APPROVALS.c.effect_key,
    APPROVALS.c.about,
    unique=True,
    sqlite_where=STANDING,
    postgresql_where=STANDING,
)
VOTES = Table(
    "approval_votes",
    METADATA,
    Column("approval_id", WORD, primary_key=True),
    Column("approver", WORD, primary_key=True),
    Column("number", Integer, nullable=False),
    Column("requester", WORD, nullable=False),
    Column("verdict", WORD, nullable=False),
    Column("reason", Text, nullable=False),
    Column("at", WORD, nullable=False),
    CheckConstraint("approver <> requester", name="nobody_approves_their_own"),
    CheckConstraint(one_of("verdict", "approve", "deny"), name="vote_verdicts"),
    # The requester of a vote is that of its request, so that the constraint above cannot be told a lie.
    ForeignKeyConstraint(
        ["approval_id", "requester"], ["approvals.approval_id", "approvals.requester"], name="vote_and_its_request"
    ),
)
ATTEMPTS = Table(
    "attempts",
    METADATA,
    Column("id", NUMBER, primary_key=True),
    Column("subject", WORD, nullable=False),
    Column("at", WORD, nullable=False),
    Index("attempts_of_a_subject", "subject"),
)
HANDOFFS = Table(
    "handoffs",
    METADATA,
    Column("id", NUMBER, primary_key=True),
    Column("handoff_id", WORD, nullable=False, unique=True),
    Column("key", WORD, nullable=False, unique=True),
    Column("ticket_id", WORD, nullable=False),
    Column("body", Text, nullable=False),
    Index("handoffs_of_a_ticket", "ticket_id"),
)
LEASES = Table(
    "leases",
    METADATA,
    Column("ticket_id", WORD, primary_key=True),
    Column("holder", WORD, nullable=False),
    Column("until", WORD, nullable=False),
)
