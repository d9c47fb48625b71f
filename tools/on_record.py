"""What a store itself writes on the record, in the transaction that changes a decision, an effect or an approval.

Every body names what it is about (`decision_id`, `key`, `approval_id`), so that an auditor can hold the stored rows
against the record. Once a ticket is erased, what may be personal in a body is left out.
"""

import hashlib
from dataclasses import fields
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from casino.document import canonical_json
from casino.values import Document
from tools.approvals import Approval, ApprovalState, Vote
from tools.ledger import Effect, EffectState
from tools.ports import StoredDecision
from tools.record import Kind

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

_PERSONAL: Final = frozenset({"intent", "outcome", "reason", "why"})  # may repeat what somebody said


def digest_of(decision: StoredDecision) -> str:
    """Return the sha256 of all that a decision says, times in UTC: a row that was changed has another one."""
    times = {"decided_at": written(decision.decided_at), "expires_at": written(decision.expires_at)}
    return hashlib.sha256(canonical_json({**values_of(decision), **times}).encode()).hexdigest()


def values_of(row: "DataclassInstance") -> dict[str, Any]:
    """Return the values of a row by their names; what they hold is not copied."""
    return {one.name: getattr(row, one.name) for one in fields(row)}


def written(at: datetime) -> str:
    """Write a moment as the stores keep it: in UTC and always as long, so that the order of texts is that of times."""
    if at.tzinfo is None:
        raise ValueError("a time without its offset cannot be stored")
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def once_minted(decision_id: str) -> str:
    """Return the `once` word of the entry that tells of a minted decision."""
    return f"minted:{decision_id}"


def minted(decision: StoredDecision) -> Document:
    """Return the body of DECISION_MINTED."""
    return {
        "decision_id": decision.decision_id,
        "player_id": decision.player_id,
        "brand": decision.brand,
        "status": decision.status,
        "configuration": decision.configuration,
        "configuration_hash": decision.configuration_hash,
        "tier": decision.tier,
        "digest": digest_of(decision),
    }


def claimed(effect: Effect) -> tuple[Kind, Document]:
    """Return kind and body of the entry for a claimed or a shadowed effect."""
    kind = Kind.EFFECT_SHADOWED if effect.state is EffectState.SHADOWED else Kind.EFFECT_CLAIMED
    return kind, {
        "key": effect.key,
        "business_key": effect.business_key,
        "tool": effect.tool,
        "state": effect.state.value,
        "decision_id": effect.decision_id,
        "approval_id": effect.approval_id,
        "intent": dict(effect.intent),
    }


def settled(key: str, *, state: EffectState, outcome: Document) -> Document:
    """Return the body of EFFECT_SETTLED."""
    return {"key": key, "state": state.value, "outcome": dict(outcome)}


def asked(approval: Approval) -> Document:
    """Return the body of APPROVAL_ASKED."""
    return {
        "approval_id": approval.approval_id,
        "about": approval.about.value,
        "effect_key": approval.effect_key,
        "tool": approval.tool,
        "policy": approval.policy,
        "needed": approval.needed,
        "requester": approval.requester,
        "expires_at": written(approval.expires_at),
        "intent": dict(approval.intent),
    }


def voted(approval_id: str, vote: Vote) -> Document:
    """Return the body of APPROVAL_VOTED."""
    said = {"approver": vote.approver, "verdict": vote.verdict, "reason": vote.reason}
    return {"approval_id": approval_id, **said}


def closed(approval_id: str, state: ApprovalState, *, why: str | None = None) -> Document:
    """Return the body of APPROVAL_CLOSED."""
    return {"approval_id": approval_id, "state": state.value, "why": why}


def handed_over(handoff_id: str, note: Document) -> Document:
    """Return the body of HANDED_OVER."""
    return {"handoff_id": handoff_id, "digest": document_digest(note)}


def noted(subject: str) -> Document:
    """Return the body of SUBJECT_NOTED."""
    return {"subject": subject}


def document_digest(document: Document) -> str:
    """Return the sha256 of what a document means."""
    return hashlib.sha256(canonical_json(document).encode()).hexdigest()


def without_personal(body: Document) -> Document:
    """Return what of a body may still be written once its ticket was erased."""
    return {name: value for name, value in body.items() if name not in _PERSONAL}
