"""The ledger: an effect is claimed in one transaction with everything that must hold for it."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, bindparam, insert, select, update

from casino.document import dump_json
from casino.values import Document
from tools.adapters.granting import GRANTING, SPENT, GrantParts, booked, is_as_seen, parts_of, said, stays
from tools.adapters.sql.engine import Damaged
from tools.adapters.sql.keys import Key, key_of, keys_of, writing_key
from tools.adapters.sql.record import note
from tools.adapters.sql.tables import ALIVE, DECISIONS, EFFECTS
from tools.ledger import GONE, Denied, Effect, EffectState, Terms
from tools.on_record import claimed, settled, written
from tools.record import ERASED, Kind

_BY_KEY = select(EFFECTS).where(EFFECTS.c.key == bindparam("named"))
BY_BUSINESS_KEY = select(EFFECTS).where(EFFECTS.c.business_key == bindparam("named"), ALIVE)
_SAID = "sealed"  # in the outcome of a grant: what of it is no booking
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
    effect = _claimed(connection, key)
    if stays(effect, state=state, outcome=outcome):
        return
    if effect.state in GONE and _one(connection, BY_BUSINESS_KEY, effect.business_key) is not None:
        return
    _settled(connection, effect, state=state, outcome=outcome, at=at)


def renew(connection: Connection, seen: Effect, *, at: datetime, terms: Terms | None = None) -> Effect | Denied | None:
    """Note that a claimed effect is ordered once more; say what stands in its way, or None where it was noted."""
    effect = _claimed(connection, seen.key)
    if not is_as_seen(effect, seen):
        return effect
    if terms is not None and (denied := _weighed_without(connection, effect, terms, now=at)) is not None:
        return denied
    _settled(connection, effect, state=EffectState.PENDING, outcome={}, at=at)
    return None


def fail(connection: Connection, seen: Effect, *, outcome: Document, at: datetime) -> Effect:
    """Settle an effect as failed where it still stands as it was seen; return how it stands."""
    effect = _claimed(connection, seen.key)
    if not is_as_seen(effect, seen):
        return effect
    _settled(connection, effect, state=EffectState.FAILED, outcome=outcome, at=at)
    return _claimed(connection, seen.key)


def _weighed_without(connection: Connection, effect: Effect, terms: Terms, *, now: datetime) -> Denied | None:
    """Weigh the limits as if an effect were not there: inside of this transaction its row counts for nothing."""
    connection.execute(_CHANGED, {"named": effect.key, "state": EffectState.FAILED.value})
    denied = _weighed(connection, terms, now=now)
    connection.execute(_CHANGED, {"named": effect.key, "state": effect.state.value})
    return denied


def _settled(connection: Connection, effect: Effect, *, state: EffectState, outcome: Document, at: datetime) -> None:
    sealing = writing_key(connection, effect.ticket_id)
    values = {"state": state.value, "outcome": _outcome(effect, outcome, sealing), "at": written(at)}
    connection.execute(_CHANGED, {"named": effect.key, **values})
    note(connection, sealing, Kind.EFFECT_SETTLED, settled(effect.key, state=state, outcome=outcome), at=at)


def _claimed(connection: Connection, key: str) -> Effect:
    effect = effect_of(connection, key)
    if effect is None:
        raise KeyError(key)
    return effect


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
        **counted(parts_of(effect)),
    }


def counted(parts: GrantParts) -> dict[str, str | None]:
    """Return the columns that limits count."""
    return {**asdict(parts), "amount": None if parts.amount is None else dump_json(parts.amount)}


def _outcome(effect: Effect, outcome: Document, key: Key) -> str:
    """Write an outcome; on an erased ticket, that it was erased. Of a grant, what is a booking stays readable."""
    if effect.tool == GRANTING:
        rest = said(outcome)
        if not rest or key.secret is None:
            return dump_json({**booked(outcome), **(ERASED if rest else {})})
        return dump_json({**booked(outcome), _SAID: key.sealed_document(rest, kind=_outcome_at(effect.key))})
    if key.secret is None:
        return dump_json(ERASED)
    return key.sealed_document(outcome, kind=_outcome_at(effect.key))


def _effect(row: RowMapping, key: Key) -> Effect:
    """Return the effect of a row. Raises Damaged where what limits count of it is not what its intent says."""
    effect = _as_stored(row, key)
    columns = counted(parts_of(effect))
    if any(row[name] != value for name, value in columns.items()):
        raise Damaged(f'what is counted of the effect "{effect.key}" is not what its intent says')
    return effect


def _as_stored(row: RowMapping, key: Key) -> Effect:
    return Effect(
        key=row["key"],
        business_key=row["business_key"],
        ticket_id=row["ticket_id"],
        tool=row["tool"],
        intent=key.document(row["intent"], kind=_intent_at(row["key"])),
        state=EffectState(row["state"]),
        outcome=_opened(row, key),
        at=datetime.fromisoformat(row["at"]),
        decision_id=row["decision_id"],
        approval_id=row["approval_id"],
    )


def _opened(row: RowMapping, key: Key) -> Document:
    outcome = key.document(row["outcome"], kind=_outcome_at(row["key"]))
    sealed = outcome.get(_SAID) if row["tool"] == GRANTING else None
    if not isinstance(sealed, str):
        return outcome
    rest = key.document(sealed, kind=_outcome_at(row["key"]))
    return {**{name: value for name, value in outcome.items() if name != _SAID}, **rest}


def _intent_at(key: str) -> str:
    return f"intent:{key}"


def _outcome_at(key: str) -> str:
    return f"outcome:{key}"
