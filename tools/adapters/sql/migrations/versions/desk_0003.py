"""The database itself keeps the ledger: no effect is deleted, and one that may have happened only moves on."""

from typing import Final

from alembic import op

revision = "0003"
down_revision = "0002"

KEPT: Final = "an effect is never deleted: what was paid stays paid"
MOVED: Final = "an effect only moves on: what is done stays done, and what it is stays what it is"
SAME: Final = (
    *("key", "business_key", "ticket_id", "tool", "intent", "claimed_at", "decision_id", "approval_id"),
    *("player_id", "brand", "configuration", "reason", "amount_type", "amount", "currency"),
)


def upgrade() -> None:
    """Add the triggers. There is no way back."""
    if op.get_bind().dialect.name == "sqlite":
        forbidden = f"NOT ({_allowed('IS')})"
        op.execute(f"CREATE TRIGGER effects_no_delete BEFORE DELETE ON effects {_raise(KEPT)}")
        op.execute(f"CREATE TRIGGER effects_move_on BEFORE UPDATE ON effects WHEN {forbidden} {_raise(MOVED)}")
        return
    for name, message in (("effects_no_delete", KEPT), ("effects_move_on", MOVED)):
        raising = f"$$BEGIN RAISE EXCEPTION '{message}'; END$$"
        op.execute(f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS {raising}")
    op.execute(
        "CREATE TRIGGER effects_no_delete BEFORE DELETE OR TRUNCATE ON effects "
        "FOR EACH STATEMENT EXECUTE FUNCTION effects_no_delete()"
    )
    op.execute(
        f"CREATE TRIGGER effects_move_on BEFORE UPDATE ON effects FOR EACH ROW "
        f"WHEN (NOT ({_allowed('IS NOT DISTINCT FROM')})) EXECUTE FUNCTION effects_move_on()"
    )


def _raise(message: str) -> str:
    return f"BEGIN SELECT RAISE(ABORT, '{message}'); END"


def _allowed(equals: str) -> str:
    """Return which changes of a row are allowed."""
    same = " AND ".join(f"NEW.{column} {equals} OLD.{column}" for column in SAME)
    ends = "OLD.state IN ('pending', 'unknown') AND NEW.state IN ('pending', 'unknown', 'done', 'failed')"
    late = "OLD.state = 'failed' AND NEW.state = 'done'"
    anew = "OLD.state IN ('failed', 'shadowed') AND NEW.state IN ('pending', 'shadowed') AND NEW.key = OLD.key"
    return f"({same} AND (({ends}) OR ({late}))) OR ({anew})"
