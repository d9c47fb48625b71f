"""The ledger: an effect is claimed in one transaction with everything that must hold for it."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, bindparam, insert, select, update

from casino.document import dump_json
from casino.values import Document
from tools.adapters.granting import FINAL, GRANTING, SPENT, parts_of
from tools.adapters.sql.keys import Key, key_of, keys_of, writing_key
from tools.adapters.sql.record import note
from tools.adapters.sql.tables import ALIVE, DECISIONS, EFFECTS
from tools.ledger import GONE, Denied, Effect, EffectState, Terms
from tools.on_record import claimed, settled, written
from tools.record import ERASED, Kind

_BY_KEY = select(EFFECTS).where(EFFECTS.c.key == bindparam("named"))
BY_BUSINESS_KEY = select(EFFECTS).where(EFFECTS.c.business_key == bindparam("named"), ALIVE)
_CHANGED = update(EFFECTS).where(EFFECTS.c.key == bindparam("named"))
_CONSUMER = select(DECISIONS.c.consumed_by).where(DECISIONS.c.decision_id == bindparam("named"))
_CONSUMED = update(DECISIONS).where(DECISIONS.c.decision_id == bindparam("named"))
ON_DECISION = select(EFFECTS.c.key).where(
    EFFECTS.c.decision_id == bindparam("named"),
    EFFECTS.c.key != bindparam("mine"),
    EFFECTS.c.state != EffectState.SHADOWED.value,
)


def claim(connection: Connection, effect: Effect, *, terms: Terms | None = None) -> Effect | Denied | None:
    """Claim an effect; say what stands in its way, or None where it was claimed."""
    own = effect_of(connection, effect.key)
    if own is not None and own.state not in GONE:
        return own
    if effect.decision_id is not None and _is_spent(connection, effect.decision_id, by=effect.key):
        return SPENT
    if (rival := _one(connection, BY_BUSINESS_KEY, effect.business_key)) is not None:
        return rival
    if terms is not None and (denied := _weighed(connection, terms, now=effect.at)) is not None:
        return denied
    _write(connection, effect, known=own is not None)
    return None


def _is_spent(connection: Connection, decision_id: str, *, by: str) -> bool:
    """Tell whether a decision was spent under another key: its own row says so, or an effect that names it."""
    consumer = connection.scalar(_CONSUMER, {"named": decision_id})
    if consumer is not None and consumer != by:
        return True
    return connection.scalar(ON_DECISION.limit(1), {"named": decision_id, "mine": by}) is not None


def _weighed(connection: Connection, terms: Terms, *, now: datetime) -> Denied | None:
    """Count what was granted so far and weigh the limits on it, inside of the transaction that claims."""
    from tools.adapters.sql.grants import count_for_limits  # noqa: PLC0415  # a program without bonuses imports none

    mine = terms.configuration
    counters = count_for_limits(connection, terms.player_id, brand=terms.brand, configuration=mine, now=now)
    return terms.broken(counters)


def _write(connection: Connection, effect: Effect, *, known: bool) -> None:
    key = writing_key(connection, effect.ticket_id)
    key.open()
    row = _row(effect, key)
    if known:
        connection.execute(_CHANGED, {"named": effect.key, **row})
    else:
        connection.execute(insert(EFFECTS), row)
    if effect.decision_id is not None and effect.state is not EffectState.SHADOWED:
        connection.execute(_CONSUMED, {"named": effect.decision_id, "consumed_by": effect.key})
    kind, body = claimed(effect)
    note(connection, key, kind, body, at=effect.at)


def settle(connection: Connection, key: str, *, state: EffectState, outcome: Document, at: datetime) -> None:
    """Write an outcome, unless there is one for good. Raises KeyError where nothing was claimed under the key."""
    effect = effect_of(connection, key)
    if effect is None:
        raise KeyError(key)
    if effect.state in FINAL or (effect.state, effect.outcome) == (state, outcome):
        return
    sealing = writing_key(connection, effect.ticket_id)
    values = {"state": state.value, "outcome": _outcome(effect, outcome, sealing), "at": written(at)}
    connection.execute(_CHANGED, {"named": key, **values})
    note(connection, sealing, Kind.EFFECT_SETTLED, settled(key, state=state, outcome=outcome), at=at)


def effect_of(connection: Connection, key: str) -> Effect | None:
    """Return the effect under a key."""
    return _one(connection, _BY_KEY, key)


def effects(connection: Connection, ticket_id: str) -> Sequence[Effect]:
    """Return the ticket's effects, oldest first."""
    mine = select(EFFECTS).where(EFFECTS.c.ticket_id == ticket_id)
    return _all(connection, mine.order_by(EFFECTS.c.claimed_at, EFFECTS.c.key))


def ledger(
    connection: Connection, *, states: Sequence[EffectState], before: datetime | None, limit: int
) -> Sequence[Effect]:
    """Return effects of all tickets, newest first."""
    wanted = select(EFFECTS).order_by(EFFECTS.c.at.desc(), EFFECTS.c.key.desc()).limit(limit)
    if states:
        wanted = wanted.where(EFFECTS.c.state.in_([state.value for state in states]))
    if before is not None:
        wanted = wanted.where(EFFECTS.c.at < written(before))
    return _all(connection, wanted)


def _one(connection: Connection, wanted: Select[Any], named: str) -> Effect | None:
    row = connection.execute(wanted, {"named": named}).mappings().one_or_none()
    return None if row is None else _effect(row, key_of(connection, row["ticket_id"]))


def _all(connection: Connection, wanted: Select[Any]) -> list[Effect]:
    rows = connection.execute(wanted).mappings().all()
    keys = keys_of(connection, {row["ticket_id"] for row in rows})
    return [_effect(row, keys[row["ticket_id"]]) for row in rows]


def _row(effect: Effect, key: Key) -> dict[str, str | None]:
    """Return an effect as it is stored: a grant's intent stays readable for ever, every other is sealed."""
    parts = parts_of(effect)
    amount = None if parts.amount is None else dump_json(parts.amount)
    intent = dump_json(effect.intent)
    return {
        "key": effect.key,
        "business_key": effect.business_key,
        "ticket_id": effect.ticket_id,
        "tool": effect.tool,
        "intent": intent if effect.tool == GRANTING else key.sealed(intent, kind=_intent_at(effect.key)),
        "state": effect.state.value,
        "outcome": _outcome(effect, effect.outcome, key),
        "at": written(effect.at),
        "claimed_at": written(effect.at),
        "decision_id": effect.decision_id,
        "approval_id": effect.approval_id,
        **asdict(parts),
        "amount": amount,
    }


def _outcome(effect: Effect, outcome: Document, key: Key) -> str:
    """Write an outcome; on an erased ticket, of what is no grant, that it was erased."""
    if effect.tool == GRANTING:
        return dump_json(outcome)
    if key.secret is None:
        return dump_json(ERASED)
    return key.sealed_document(outcome, kind=_outcome_at(effect.key))


def _effect(row: RowMapping, key: Key) -> Effect:
    return Effect(
        key=row["key"],
        business_key=row["business_key"],
        ticket_id=row["ticket_id"],
        tool=row["tool"],
        intent=key.document(row["intent"], kind=_intent_at(row["key"])),
        state=EffectState(row["state"]),
        outcome=key.document(row["outcome"], kind=_outcome_at(row["key"])),
        at=datetime.fromisoformat(row["at"]),
        decision_id=row["decision_id"],
        approval_id=row["approval_id"],
    )


def _intent_at(key: str) -> str:
    return f"intent:{key}"


def _outcome_at(key: str) -> str:
    return f"outcome:{key}"
