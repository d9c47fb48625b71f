"""Evidence: all that is kept about a ticket, or a person, in one document that says what each part proves."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from casino.values import Document, Value
from tools.approvals import Approval
from tools.audit.books import named_texts
from tools.audit.chain import Line, NotALine, read_line
from tools.audit.heads import Head
from tools.audit.verify import Verified
from tools.kept import Kept
from tools.ledger import Effect
from tools.ports import StoredDecision
from tools.record import ERASED, Entry, Kind, Link

SCHEMA: Final = "croupier evidence/1"
EVERYTHING: Final = 2**31 - 1  # approvals of one ticket

PROVES: Final[Mapping[str, Value]] = {
    "links": (
        "The lines of the log that belong to the ticket, as they were written. The sha256 of `line` is `hash`. That "
        "they stand in the log, at these numbers and with nothing between them changed, is proved by an export of the "
        "whole log (`croupier audit export`): it holds the same lines, each naming the hash before it."
    ),
    "head": (
        "Where there is one: the owner of the key says that the log had this hash at this line and moment. Checked "
        "with `croupier audit verify FILE --heads HEADS --key PUBLIC.pem`, it pins every line up to its own."
    ),
    "log": "What verifying the whole log came to when this was made, before anything was taken out of it.",
    "entries": (
        "What the lines say, opened with the ticket's key by the store, which opens a body only at the place that it "
        'was sealed for. `"erased": true` stands where the key was deleted: nobody can read it again.'
    ),
    "decisions": (
        "What the engine decided, with every condition and the value it saw. The entry `decision_minted` pins it."
    ),
    "effects": (
        "What was done to the world and where it stands. The entries `effect_claimed` and `effect_settled` pin it; "
        "that it happened on the other side, only the other side's books can prove."
    ),
    "approvals": "Who was asked, and who said which, when and why. The entries `approval_…` pin it.",
    "handoffs": "What the human who took over was told.",
    "texts": "What entries point to by its sha256: messages as sent, prompts, procedures. Hash them again to check.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """What evidence is made of; `told` puts a decision into words."""

    kept: Kept
    tickets: Sequence[str]
    links: Mapping[str, Sequence[Link]]  # of each ticket, as they were read while the log was verified
    log: Verified
    head: Head | None
    told: Callable[[StoredDecision], Sequence[str]]


async def evidence(pack: Pack, *, about: Document, by: str, at: datetime) -> Document:
    """Return the evidence about some tickets: who asked for it, what is kept, and what each part proves."""
    return {
        "schema": SCHEMA,
        "about": dict(about),
        "made_by": by,
        "made_at": at.isoformat(),
        "proves": dict(PROVES),
        "log": log_document(pack.log),
        "head": None if pack.head is None else dict(pack.head.document()),
        "tickets": [dict(await _ticket(pack, ticket_id)) for ticket_id in pack.tickets],
    }


def log_document(log: Verified) -> dict[str, Value]:
    """Return what a verification came to, for a machine."""
    return {
        "holds": log.holds,
        "lines": log.lines,
        "tickets": len(log.entries),
        "last": None if log.last is None else {"id": log.last.id, "hash": log.last.hash},
        "heads": log.heads,
        "pinned_to": log.covered,
        "findings": [dict(one.document()) for one in log.findings],
        "further_findings": log.further,
        "not_seen": list(log.unseen),
    }


def line_of(link: Link) -> Line | None:
    """Return what a link says; None where it is no line of the log."""
    try:
        return read_line(link.line)
    except NotALine:
        return None


async def _ticket(pack: Pack, ticket_id: str) -> Document:
    kept, links = pack.kept, pack.links.get(ticket_id, ())
    entries, effects = await kept.entries(ticket_id), await kept.effects(ticket_id)
    lines = {line.seq: line.id for link in links if (line := line_of(link)) is not None}
    return {
        "ticket": ticket_id,
        "entries": [_entry(one, lines.get(one.seq)) for one in entries],
        "links": [{"id": link.id, "hash": link.hash, "line": link.line} for link in links],
        "decisions": [_decision(one, pack.told(one)) for one in await _decisions(kept, entries, effects)],
        "effects": [_effect(one) for one in effects],
        "approvals": [_approval(one) for one in await kept.approvals(ticket_id=ticket_id, limit=EVERYTHING)],
        "handoffs": [dict(one) for one in await kept.handoffs(ticket_id)],
        "texts": await _texts(kept, ticket_id, entries),
    }


async def _decisions(kept: Kept, entries: Sequence[Entry], effects: Sequence[Effect]) -> list[StoredDecision]:
    minted = (one for one in entries if one.kind == Kind.DECISION_MINTED and one.body != ERASED)
    named = [str(one.body["decision_id"]) for one in minted]
    spent = [one.decision_id for one in effects if one.decision_id is not None]
    found = [await kept.decision(one) for one in dict.fromkeys([*named, *spent])]
    return [one for one in found if one is not None]


async def _texts(kept: Kept, ticket_id: str, entries: Sequence[Entry]) -> dict[str, Value]:
    """Return every kept text that an entry names."""
    texts: dict[str, Value] = {}
    for sha256 in named_texts(entries):
        text = await kept.text(sha256, ticket_id=ticket_id)
        text = await kept.text(sha256) if text is None else text
        if text is not None:
            texts[sha256] = text
    return texts


def _entry(entry: Entry, line: int | None) -> dict[str, Value]:
    body = dict(entry.body)
    return {"line": line, "seq": entry.seq, "kind": entry.kind, "at": entry.at.isoformat(), "body": body}


def _decision(decision: StoredDecision, told: Collection[str]) -> dict[str, Value]:
    return {
        "decision_id": decision.decision_id,
        "player_id": decision.player_id,
        "brand": decision.brand,
        "status": decision.status,
        "configuration": decision.configuration,
        "configuration_hash": decision.configuration_hash,
        "tier": decision.tier,
        "reward": None if decision.reward is None else dict(decision.reward),
        "decided_at": decision.decided_at.isoformat(),
        "expires_at": decision.expires_at.isoformat(),
        "told": list(told),
        "record": dict(decision.record),
    }


def _effect(effect: Effect) -> dict[str, Value]:
    return {
        "key": effect.key,
        "business_key": effect.business_key,
        "tool": effect.tool,
        "state": effect.state.value,
        "at": effect.at.isoformat(),
        "decision_id": effect.decision_id,
        "approval_id": effect.approval_id,
        "intent": dict(effect.intent),
        "outcome": dict(effect.outcome),
    }


def _approval(approval: Approval) -> dict[str, Value]:
    votes: list[Value] = [
        {"approver": one.approver, "verdict": one.verdict, "reason": one.reason, "at": one.at.isoformat()}
        for one in approval.votes
    ]
    return {
        "approval_id": approval.approval_id,
        "about": approval.about.value,
        "effect_key": approval.effect_key,
        "tool": approval.tool,
        "policy": approval.policy,
        "needed": approval.needed,
        "requester": approval.requester,
        "state": approval.state.value,
        "asked_at": approval.asked_at.isoformat(),
        "expires_at": approval.expires_at.isoformat(),
        "intent": dict(approval.intent),
        "votes": votes,
    }
