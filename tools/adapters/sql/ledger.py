"""The ledger: an effect is claimed in one transaction with everything that must hold for it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, and_, bindparam, insert, or_, select, update

from casino.document import dump_json
from casino.values import Document
from tools.adapters.granting import GRANTING, SPENT, GrantParts, booked, is_as_seen, parts_of, said, stays, without_said
from tools.adapters.sql.engine import Damaged
from tools.adapters.sql.keys import Key, read_document, writing_key
from tools.adapters.sql.record import note
from tools.adapters.sql.tables import ALIVE, DECISIONS, EFFECTS, KEYS
from tools.ledger import GONE, Denied, Effect, EffectState, Terms
from tools.on_record import claimed, settled, values_of, written
from tools.record import ERASED, Kind

_SAID = "sealed"  # in the outcome of a grant: what of it is no booking
_WITH_KEYS = select(EFFECTS, KEYS.c.key.label("secret")).outerjoin(KEYS, KEYS.c.ticket_id == EFFECTS.c.ticket_id)
_BY_KEY = _WITH_KEYS.where(EFFECTS.c.key == bindparam("named"))
_BY_BUSINESS_KEY = select(EFFECTS.c.key).where(EFFECTS.c.business_key == bindparam("named"), ALIVE)
ABOUT_A_CLAIM = _WITH_KEYS.where(
    or_(
        EFFECTS.c.key == bindparam("mine"),
        and_(EFFECTS.c.business_key == bindparam("business"), ALIVE),
        EFFECTS.c.decision_id == bindparam("decision"),
    )
)
_ADDED = insert(EFFECTS)
_CHANGED = update(EFFECTS).where(EFFECTS.c.key == bindparam("named"))
_CONSUMER = select(DECISIONS.c.consumed_by).where(DECISIONS.c.decision_id == bindparam("named"))
_CONSUMED = update(DECISIONS).where(DECISIONS.c.decision_id == bindparam("named"))


def claim(connection: Connection, effect: Effect, *, terms: Terms | None = None) -> Effect | Denied | None:
    """Claim an effect; say what stands in its way, or None where it was claimed."""
    wanted = {"mine": effect.key, "business": effect.business_key, "decision": effect.decision_id}
    there = [_effect(row) for row in connection.execute(ABOUT_A_CLAIM, wanted).mappings()]
    own = next((one for one in there if one.key == effect.key), None)
    if own is not None and own.state not in GONE:
        return own
    if effect.decision_id is not None and _is_spent(connection, effect.decision_id, there, by=effect.key):
        return SPENT
    rivals = (one for one in there if one.business_key == effect.business_key and one.state not in GONE)
    if (rival := next(rivals, None)) is not None:
        return rival
    if terms is not None and (denied := _weighed(connection, terms, now=effect.at, key=effect.key)) is not None:
        return denied
    _write(connection, effect, known=own is not None)
    return None


def _is_spent(connection: Connection, decision_id: str, effects: Sequence[Effect], *, by: str) -> bool:
    """Tell whether a decision was spent under another key: its own row says so, or an effect that names it."""
    others = [one for one in effects if one.decision_id == decision_id and one.key != by]
    if any(one.state is not EffectState.SHADOWED for one in others):
        return True
    return connection.scalar(_CONSUMER, {"named": decision_id}) not in {None, by}


def _weighed(connection: Connection, terms: Terms, *, now: datetime, key: str) -> Denied | None:
    """Count what was granted so far, without this effect, and weigh the limits on it, in the claim's transaction."""
    from tools.adapters.sql.grants import count_for_limits  # noqa: PLC0415  # a program without bonuses imports none

    mine = terms.configuration
    counters = count_for_limits(connection, terms.player_id, brand=terms.brand, configuration=mine, now=now, but=key)
    return terms.broken(counters)


def _write(connection: Connection, effect: Effect, *, known: bool) -> None:
    key = writing_key(connection, effect.ticket_id)
    key.open()
    row = _row(effect, key)
    if known:
        connection.execute(_CHANGED, {"named": effect.key, **row})
    else:
        connection.execute(_ADDED, row)
    if effect.decision_id is not None and effect.state is not EffectState.SHADOWED:
        connection.execute(_CONSUMED, {"named": effect.decision_id, "consumed_by": effect.key})
    kind, body = claimed(effect)
    note(connection, key, kind, body, at=effect.at)


def settle(connection: Connection, key: str, *, state: EffectState, outcome: Document, at: datetime) -> Effect:
    """Write an outcome, unless there is one for good. Raises KeyError where nothing was claimed under the key."""
    effect = _claimed(connection, key)
    if stays(effect, state=state, outcome=outcome):
        return effect
    if effect.state in GONE and connection.scalar(_BY_BUSINESS_KEY, {"named": effect.business_key}) is not None:
        return effect
    return _settled(connection, effect, state=state, outcome=outcome, at=at)


def renew(connection: Connection, seen: Effect, *, at: datetime, terms: Terms | None = None) -> Effect | Denied | None:
    """Note that a claimed effect is ordered once more; say what stands in its way, or None where it was noted."""
    effect = _claimed(connection, seen.key)
    if not is_as_seen(effect, seen):
        return effect
    if terms is not None and (denied := _weighed(connection, terms, now=at, key=seen.key)) is not None:
        return denied
    _settled(connection, effect, state=EffectState.PENDING, outcome={}, at=at)
    return None


def fail(connection: Connection, seen: Effect, *, outcome: Document, at: datetime) -> Effect:
    """Settle an effect as failed where it still stands as it was seen; return how it stands."""
    effect = _claimed(connection, seen.key)
    if not is_as_seen(effect, seen):
        return effect
    return _settled(connection, effect, state=EffectState.FAILED, outcome=outcome, at=at)


def _settled(connection: Connection, effect: Effect, *, state: EffectState, outcome: Document, at: datetime) -> Effect:
    """Write a state and put it on the record; return the effect as it stands then."""
    sealing = writing_key(connection, effect.ticket_id)
    values = {"state": state.value, "outcome": _outcome(effect, outcome, sealing), "at": written(at)}
    connection.execute(_CHANGED, {"named": effect.key, **values})
    note(connection, sealing, Kind.EFFECT_SETTLED, settled(effect.key, state=state, outcome=outcome), at=at)
    kept = read_document(dump_json(_kept(effect, outcome, sealing)))  # as whoever reads it finds it
    return replace(effect, state=state, outcome=kept, at=at)


def _claimed(connection: Connection, key: str) -> Effect:
    effect = effect_of(connection, key)
    if effect is None:
        raise KeyError(key)
    return effect


def effect_of(connection: Connection, key: str) -> Effect | None:
    """Return the effect under a key."""
    row = connection.execute(_BY_KEY, {"named": key}).mappings().one_or_none()
    return None if row is None else _effect(row)


def effects(connection: Connection, ticket_id: str) -> Sequence[Effect]:
    """Return the ticket's effects, oldest first."""
    mine = _WITH_KEYS.where(EFFECTS.c.ticket_id == ticket_id)
    return _all(connection, mine.order_by(EFFECTS.c.claimed_at, EFFECTS.c.key))


def ledger(
    connection: Connection, *, states: Sequence[EffectState], before: datetime | None, limit: int
) -> Sequence[Effect]:
    """Return effects of all tickets, newest first."""
    wanted = _WITH_KEYS.order_by(EFFECTS.c.at.desc(), EFFECTS.c.key.desc()).limit(limit)
    if states:
        wanted = wanted.where(EFFECTS.c.state.in_([state.value for state in states]))
    if before is not None:
        wanted = wanted.where(EFFECTS.c.at < written(before))
    return _all(connection, wanted)


def _all(connection: Connection, wanted: Select[Any]) -> list[Effect]:
    return [_effect(row) for row in connection.execute(wanted).mappings()]


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
    return {**values_of(parts), "amount": None if parts.amount is None else dump_json(parts.amount)}


def _kept(effect: Effect, outcome: Document, key: Key) -> Document:
    """Return what is kept of an outcome: on an erased ticket, that it was erased, and of a grant its booking."""
    if key.secret is not None:
        return outcome
    return without_said(outcome) if effect.tool == GRANTING else ERASED


def _outcome(effect: Effect, outcome: Document, key: Key) -> str:
    """Write what is kept of an outcome, sealed; a booking stays readable for ever."""
    kept = _kept(effect, outcome, key)
    if key.secret is None:
        return dump_json(kept)
    if effect.tool != GRANTING:
        return key.sealed_document(kept, kind=_outcome_at(effect.key))
    rest = said(kept)
    sealed = {_SAID: key.sealed_document(rest, kind=_outcome_at(effect.key))} if rest else {}
    return dump_json({**booked(kept), **sealed})


def _effect(row: RowMapping) -> Effect:
    """Return the effect of a row. Raises Damaged where what limits count of it is not what its intent says."""
    effect = _as_stored(row, Key(row["ticket_id"], row["secret"]))
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
