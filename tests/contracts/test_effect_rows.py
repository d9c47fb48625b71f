"""What the tables themselves promise of effects, to whoever writes to them by hand."""

from pathlib import Path

import pytest
from sqlalchemy.exc import DBAPIError, IntegrityError

from tests.contracts.kept import NOON, a_grant, opened, run, ticket, unguard
from tools.adapters.sql.ledger import ABOUT_A_CLAIM
from tools.adapters.sql.stores import SqlStores
from tools.ledger import EffectState
from tools.ports import UnusableStore

KEPT = "an effect is never deleted"
MOVED = "an effect only moves on"
OTHERS = ("key", "business_key", "ticket_id", "tool", "intent", "claimed_at", "decision_id", "approval_id", "player_id",
          "brand", "configuration", "reason", "amount_type", "amount", "currency")  # fmt: skip
SECOND = (
    "INSERT INTO effects (key, business_key, ticket_id, tool, intent, state, outcome, at, claimed_at) "
    "VALUES ('k2', 'grant:P1:vip:2026-11-20', 't1', 'x', '{}', 'pending', '{}', '', '')"
)


@pytest.fixture
async def granted(real: SqlStores) -> SqlStores:
    """A store with one grant that is done."""
    await ticket(real)
    await real.settle("issue:D-1", state=EffectState.DONE, outcome={"grantId": "G1"}, at=NOON)
    return real


@pytest.mark.parametrize("state", EffectState)
@pytest.mark.parametrize("done", [True, False], ids=["done", "pending"])
async def test_the_table_itself_keeps_every_effect(real: SqlStores, state: EffectState, *, done: bool) -> None:
    await ticket(real)
    if done:
        await real.settle("issue:D-1", state=EffectState.DONE, outcome={}, at=NOON)
    with pytest.raises(DBAPIError, match=KEPT):
        run(real, "DELETE FROM effects")
    if done or state is EffectState.SHADOWED:
        with pytest.raises(DBAPIError, match=MOVED):
            run(real, f"UPDATE effects SET state = '{state}'")  # noqa: S608  # one of our words
    else:
        run(real, f"UPDATE effects SET state = '{state}'")  # noqa: S608  # the same


async def test_what_is_done_is_not_claimed_anew_by_a_row_that_is_put_over_it(granted: SqlStores) -> None:
    if granted.engine.dialect.name == "sqlite":
        with pytest.raises(DBAPIError, match=KEPT):
            run(granted, SECOND.replace("INSERT", "INSERT OR REPLACE"))
    else:
        with pytest.raises(DBAPIError, match=KEPT):
            run(granted, "TRUNCATE effects CASCADE")


@pytest.mark.parametrize("column", OTHERS)
async def test_the_table_itself_keeps_what_an_effect_is(real: SqlStores, column: str) -> None:
    await ticket(real)
    with pytest.raises(DBAPIError, match=MOVED):
        run(real, f"UPDATE effects SET {column} = 'x'")  # noqa: S608  # a constant


async def test_a_failed_effect_may_turn_out_to_be_done_or_be_claimed_anew_and_nothing_else(real: SqlStores) -> None:
    await ticket(real)
    run(real, "UPDATE effects SET state = 'failed'")
    with pytest.raises(DBAPIError, match=MOVED):
        run(real, "UPDATE effects SET state = 'unknown'")
    with pytest.raises(DBAPIError, match=MOVED):
        run(real, "UPDATE effects SET state = 'pending', key = 'k9'")
    run(real, "UPDATE effects SET state = 'pending', decision_id = NULL")
    run(real, "UPDATE effects SET state = 'failed'")
    run(real, "UPDATE effects SET state = 'done'")


async def test_without_the_triggers_a_grant_could_be_taken_away_and_claimed_again(granted: SqlStores) -> None:
    unguard(granted)
    run(granted, "DELETE FROM effects", "UPDATE decisions SET consumed_by = NULL")
    assert await granted.claim(a_grant(decision_id="D-1")) is None


async def test_the_table_itself_refuses_a_second_live_effect(real: SqlStores) -> None:
    await ticket(real)
    with pytest.raises(IntegrityError, match=r"one_live_effect|business_key"):
        run(real, SECOND)


async def test_without_its_index_the_table_would_take_a_second_live_effect(real: SqlStores) -> None:
    await ticket(real)
    run(real, "DROP INDEX one_live_effect", SECOND)


@pytest.mark.parametrize("change", ["amount = '0'", "configuration = 'x'", "reason = 'x'", "currency = NULL"])
async def test_an_effect_whose_counted_columns_are_not_its_intent_is_damage(real: SqlStores, change: str) -> None:
    await ticket(real)
    unguard(real)
    run(real, f"UPDATE effects SET {change}")  # noqa: S608  # a constant
    damage = 'what is counted of the effect "issue:D-1" is not what its intent says'
    with pytest.raises(UnusableStore, match=damage):
        await real.effect("issue:D-1")


async def test_what_a_claim_looks_for_is_found_by_an_index(tmp_path: Path) -> None:
    async with opened(f"sqlite:///{tmp_path / 'k.sqlite'}") as stores:
        with stores.engine.connect() as connection:
            written = str(ABOUT_A_CLAIM.compile(dialect=stores.engine.dialect))
            rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {written}", ("x",) * written.count("?"))
            plan = " ".join(str(row) for row in rows)
            for index in ("sqlite_autoindex_effects_1", "one_live_effect", "effects_of_a_decision"):
                assert f"USING INDEX {index}" in plan
