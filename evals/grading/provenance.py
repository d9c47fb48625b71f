"""Provenance: where values came from. What was issued is what was decided, for the player who was verified.

A path names a tool and keys of what its calls came to. Of an effect those are the keys of its intent and its outcome;
of another call those of its result, of what it established, and of the decision that it minted, and `arguments` is
what it was called with.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from casino.document import canonical_json
from casino.nearest import did_you_mean
from casino.values import Document, Value
from evals.expect import Expected
from evals.grading.equation import Equation, Literal, Place, equation, value_at
from evals.grading.order import SUB_PROCEDURE
from evals.grading.seen import ISSUE, CallSeen, Seen
from tools.ledger import Effect
from tools.ports import StoredDecision
from tools.record import Kind
from tools.world import DECISION, VERIFIED


class Row(NamedTuple):
    """Values of one call or effect, and the entry behind which they are known."""

    at: int
    values: Document


def provenance(expected: Expected, seen: Seen) -> tuple[str, ...]:
    """Return one line for each value that came from elsewhere, those of the ticket's own equations first."""
    own = (line for text in expected.provenance for line in _unequal(equation(text), seen))
    return (*own, *_undecided(seen), *_strangers(seen), *_grants(seen))


def _unequal(one: Equation, seen: Seen) -> Iterator[str]:
    right = one.right
    for place in (one.left, right):
        if isinstance(place, Place) and place.tool not in seen.tools and not place.tool.startswith(SUB_PROCEDURE):
            yield f"provenance: there is no tool `{place.tool}`. {did_you_mean(place.tool, seen.tools)}"
            return
    for row in _rows(one.left.tool, seen):
        try:
            have = value_at(row.values, one.left.keys)
            want = right.value if isinstance(right, Literal) else _newest(right, row.at, seen)
        except KeyError as error:
            yield f"provenance: {one.left}: {error.args[0]!r} is no value there was"
            continue
        if canonical_json(have) != canonical_json(want):
            yield f"provenance: {one.left} is {have!r}, {_named(right)} is {want!r}"


def _named(side: Place | Literal) -> str:
    return "what is expected" if isinstance(side, Literal) else str(side)


def _newest(place: Place, before: int, seen: Seen) -> Value:
    """Return the newest value at a place that was known before an entry. Raises KeyError where there is none."""
    known = [row for row in _rows(place.tool, seen) if row.at < before]
    if not known:
        raise KeyError(str(place))
    return value_at(known[-1].values, place.keys)


def _rows(tool: str, seen: Seen) -> list[Row]:
    """Return what the calls of a tool came to, in order: its effects, or its results where it has none."""
    effects = [Row(_at(effect, seen), _of_effect(effect)) for effect in seen.whole.effects if effect.tool == tool]
    made = [call for call in seen.calls if call.name == tool and call.succeeded]
    return effects or [Row(call.ended, _of_call(call, seen)) for call in made if call.ended is not None]


def _of_effect(effect: Effect) -> dict[str, Value]:
    return {**effect.outcome, **effect.intent, "state": effect.state.value}


def _of_call(call: CallSeen, seen: Seen) -> dict[str, Value]:
    facts = {key: value for fact in call.establishes.values() for key, value in fact.items()}
    minted = seen.whole.decisions.get(str(facts.get("decision_id"))) if DECISION in call.establishes else None
    row = {} if minted is None else _of_decision(minted)
    return {"arguments": dict(call.arguments), **call.data, **facts, **row}


def _of_decision(decision: StoredDecision) -> dict[str, Value]:
    return {
        "decision_id": decision.decision_id,
        "player_id": decision.player_id,
        "brand": decision.brand,
        "status": decision.status,
        "configuration": decision.configuration,
        "tier": decision.tier,
        "reward": None if decision.reward is None else dict(decision.reward),
    }


def _at(effect: Effect, seen: Seen) -> int:
    """Return the entry that tells of an effect first; behind everything where none does."""
    told = (one.seq for one in seen.entries(Kind.EFFECT_CLAIMED, Kind.EFFECT_SHADOWED) if one.body["key"] == effect.key)
    return next(told, seen.whole.entries[-1].seq + 1 if seen.whole.entries else 1)


def _undecided(seen: Seen) -> Iterator[str]:
    """Hold each issue against the decision that it carries out."""
    for effect in seen.whole.effects:
        if effect.tool != ISSUE:
            continue
        decision = seen.whole.decisions.get(str(effect.decision_id))
        if decision is None or decision.status != "qualified":
            yield f"provenance: `{effect.key}` carries out no qualified decision of this ticket"
            continue
        yield from _differing(f"`{effect.key}`", effect.intent, _of_decision(decision))


def _differing(name: str, found: Mapping[str, Value], decided: Mapping[str, Value]) -> Iterator[str]:
    for key in ("decision_id", "player_id", "brand", "reward"):
        if canonical_json(found.get(key)) != canonical_json(decided[key]):
            yield f"provenance: {name} has the {key} {found.get(key)!r}, decided was {decided[key]!r}"


def _strangers(seen: Seen) -> Iterator[str]:
    """Find decisions and effects for somebody who was not the verified player when they came about."""
    minted = {str(one.body["decision_id"]): one.seq for one in seen.entries(Kind.DECISION_MINTED)}
    about = [(name, minted.get(name, 0), row.player_id) for name, row in seen.whole.decisions.items()]
    about += [
        (effect.key, _at(effect, seen), str(effect.intent["player_id"]))
        for effect in seen.whole.effects
        if "player_id" in effect.intent
    ]
    for name, at, player_id in about:
        verified = seen.established(VERIFIED, before=at)
        if verified is None:
            yield f"provenance: `{name}` is about {player_id!r}, and nobody was verified"
        elif verified.get("player_id") != player_id:
            yield f"provenance: `{name}` is about {player_id!r}, verified was {verified.get('player_id')!r}"


def _grants(seen: Seen) -> Iterator[str]:
    """Hold each row of the bonus system against the decision that it names."""
    for row in seen.granted or ():
        decision = seen.whole.decisions.get(str(row["decision_id"]))
        if decision is None:
            yield f"provenance: the grant of {row['decision_id']!r} names no decision of this ticket"
        else:
            yield from _differing(f"the grant of {row['decision_id']!r}", row, _of_decision(decision))
