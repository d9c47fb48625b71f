"""What of a played ticket stands in a run's results, so that it can be graded again without being played.

The record is there already, as the steps of the trial; beside it grading needs the rows. The traces of decisions, which
are long and which no grader reads, and the texts that the prompts were made of are left out.
"""

from collections.abc import Iterator
from datetime import datetime

from casino.values import Document, Value
from evals.end_state import EndState
from evals.grading.seen import Seen, see
from evals.replay import Replayed
from evals.trial import Trial
from evals.whole import Whole
from tools.ledger import Effect, EffectState
from tools.ports import StoredDecision
from tools.record import Entry


class NotKept(Exception):  # noqa: N818  # named by what is missing
    """A trial lacks what grading needs; it has to be played again."""


def kept_of(played: Replayed) -> dict[str, Value]:
    """Return the rows of a played ticket, and the names that its house gives."""
    whole = played.whole
    return {
        "ticket": whole.ticket_id,
        "decisions": [_decision(one) for one in whole.decisions.values()],
        "effects": [_effect(one) for one in whole.effects],
        "handoffs": [dict(one) for one in whole.handoffs],
        "granted": [dict(one) for one in played.granted],
        "named": [*sorted(played.named)],
    }


def seen_of(trial: Trial) -> Seen:
    """Return a played ticket as graders look at it, from its trial. Raises `NotKept`."""
    if not trial.kept:
        raise NotKept("this trial lacks the rows that it would be graded by; play the ticket again")
    try:
        return see(
            _whole(trial),
            _end(trial.end),
            granted=[*_objects(trial.kept["granted"])],
            usage=trial.usage,
            named=_words(trial.kept["named"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise NotKept(f"the rows of this trial cannot be read ({error}); play the ticket again") from error


def _whole(trial: Trial) -> Whole:
    ticket_id = str(trial.kept["ticket"])
    decisions = [_decision_from(one, ticket_id) for one in _objects(trial.kept["decisions"])]
    return Whole(
        ticket_id=ticket_id,
        entries=[
            Entry(ticket_id=ticket_id, seq=seq, kind=step.kind, at=_moment(step.at), body=step.body)
            for seq, step in enumerate(trial.steps, start=1)
        ],
        decisions={one.decision_id: one for one in decisions},
        effects=[_effect_from(one, ticket_id) for one in _objects(trial.kept["effects"])],
        handoffs=[*_objects(trial.kept["handoffs"])],
    )


def _end(end: Document) -> EndState:
    words = ("outcome", "procedure", "verified", "decision", "tier", "handoff")
    return EndState(
        **{name: str(end[name]) for name in words},
        effects=_words(end["effects"]),
        replies=_words(end["replies"]),
    )


def _decision(one: StoredDecision) -> dict[str, Value]:
    return {
        "decision_id": one.decision_id,
        "player_id": one.player_id,
        "brand": one.brand,
        "status": one.status,
        "configuration": one.configuration,
        "configuration_hash": one.configuration_hash,
        "tier": one.tier,
        "reward": None if one.reward is None else dict(one.reward),
        "decided_at": one.decided_at.isoformat(),
        "expires_at": one.expires_at.isoformat(),
    }


def _decision_from(row: Document, ticket_id: str) -> StoredDecision:
    reward = row["reward"]
    return StoredDecision(
        decision_id=str(row["decision_id"]),
        ticket_id=ticket_id,
        player_id=str(row["player_id"]),
        brand=str(row["brand"]),
        status=str(row["status"]),
        configuration=_optional(row["configuration"]),
        configuration_hash=str(row["configuration_hash"]),
        tier=_optional(row["tier"]),
        reward=None if reward is None else _object(reward),
        record={},
        decided_at=_moment(row["decided_at"]),
        expires_at=_moment(row["expires_at"]),
    )


def _effect(one: Effect) -> dict[str, Value]:
    return {
        "key": one.key,
        "business_key": one.business_key,
        "tool": one.tool,
        "state": one.state.value,
        "decision_id": one.decision_id,
        "approval_id": one.approval_id,
        "intent": dict(one.intent),
        "outcome": dict(one.outcome),
        "at": one.at.isoformat(),
    }


def _effect_from(row: Document, ticket_id: str) -> Effect:
    return Effect(
        key=str(row["key"]),
        business_key=str(row["business_key"]),
        ticket_id=ticket_id,
        tool=str(row["tool"]),
        intent=_object(row["intent"]),
        state=EffectState(str(row["state"])),
        outcome=_object(row["outcome"]),
        at=_moment(row["at"]),
        decision_id=_optional(row["decision_id"]),
        approval_id=_optional(row["approval_id"]),
    )


def _moment(value: Value) -> datetime:
    return datetime.fromisoformat(str(value))


def _optional(value: Value) -> str | None:
    return None if value is None else str(value)


def _object(value: Value) -> Document:
    if not isinstance(value, dict):
        raise TypeError("an object is missing")
    return value


def _objects(value: Value) -> Iterator[Document]:
    if not isinstance(value, list):
        raise TypeError("a list is missing")
    return (_object(one) for one in value)


def _words(value: Value) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise TypeError("a list is missing")
    return tuple(str(one) for one in value)
