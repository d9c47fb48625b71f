"""What the log tells of rows beside it: the newest state, and each value that entries repeat.

The stores ask this before they believe a row of the approvals inbox, and the audit of all of them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from casino.values import Value
from tools.approvals import Approval, ApprovalState
from tools.ledger import Effect, EffectState
from tools.on_record import written
from tools.record import Entry, Kind

BEGUN: Final[Mapping[str, EffectState]] = {
    Kind.EFFECT_CLAIMED: EffectState.PENDING,
    Kind.EFFECT_SHADOWED: EffectState.SHADOWED,
}
OF_APPROVALS: Final = (Kind.APPROVAL_ASKED, Kind.APPROVAL_VOTED, Kind.APPROVAL_CLOSED)


@dataclass(slots=True)
class Told:
    """What the log says of one row."""

    state: Value
    values: dict[str, Value]
    votes: list[Value] = field(default_factory=list[Value])
    claimed_at: str | None = None


def effects_told(entries: Sequence[Entry]) -> dict[str, Told]:
    """Return what entries tell of effects, by their keys."""
    told: dict[str, Told] = {}
    for entry in entries:
        key, state = str(entry.body.get("key")), entry.body.get("state")
        if entry.kind in BEGUN:
            claimed = _said(entry, "key", "state")
            told[key] = Told(BEGUN[entry.kind].value, claimed, claimed_at=written(entry.at))
        elif entry.kind == Kind.EFFECT_SETTLED:
            settled = told.setdefault(key, Told(state, {}))
            settled.state = state
            settled.values |= _said(entry, "key", "state")
    return told


def approvals_told(entries: Sequence[Entry]) -> dict[str, Told]:
    """Return what entries tell of requests and their votes, by the ids of the requests."""
    told: dict[str, Told] = {}
    for entry in entries:
        body, approval_id = entry.body, str(entry.body.get("approval_id"))
        if entry.kind == Kind.APPROVAL_ASKED:
            told[approval_id] = Told(ApprovalState.OPEN.value, _said(entry, "approval_id"))
        elif entry.kind == Kind.APPROVAL_VOTED:
            told.setdefault(approval_id, Told(None, {})).votes.append(_said(entry, "approval_id"))
        elif entry.kind == Kind.APPROVAL_CLOSED:
            told.setdefault(approval_id, Told(None, {})).state = body.get("state")
    return {one: Told(found.state, {**found.values, "votes": found.votes}) for one, found in told.items()}


def _said(entry: Entry, *but: str) -> dict[str, Value]:
    """Return what an entry says of a row, and when; all but what it is found by."""
    return {name: value for name, value in (*entry.body.items(), ("at", written(entry.at))) if name not in but}


def effect_row(effect: Effect) -> dict[str, Value]:
    """Return an effect as entries tell of it."""
    return {
        "state": effect.state.value,
        "business_key": effect.business_key,
        "tool": effect.tool,
        "decision_id": effect.decision_id,
        "approval_id": effect.approval_id,
        "intent": dict(effect.intent),
        "outcome": dict(effect.outcome),
        "at": written(effect.at),
    }


def approval_row(approval: Approval) -> dict[str, Value]:
    """Return a request as entries tell of it."""
    return {
        "state": approval.state.value,
        "about": approval.about.value,
        "effect_key": approval.effect_key,
        "tool": approval.tool,
        "policy": approval.policy,
        "needed": approval.needed,
        "requester": approval.requester,
        "intent": dict(approval.intent),
        "expires_at": written(approval.expires_at),
        "at": written(approval.asked_at),
        "votes": [
            {"approver": one.approver, "verdict": one.verdict, "reason": one.reason, "at": written(one.at)}
            for one in approval.votes
        ],
    }


def differing(row: Mapping[str, Value], told: Told) -> list[str]:
    """Return which values of a row are not what the log says; `state` first."""
    state = [] if row["state"] == told.state else ["state"]
    return [*state, *(name for name, value in told.values.items() if name in row and row[name] != value)]
