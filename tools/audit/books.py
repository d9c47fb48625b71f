"""The books against the log: effects, decisions, approvals and erasures stand in the store as the log says.

The log is chained, the rows of the other tables are not: whoever edits a row, adds one or deletes one is found here.
"""

import re
from collections.abc import AsyncIterator, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from casino.values import Document, Value
from tools.approvals import Approval, ApprovalState
from tools.audit.chain import digest
from tools.audit.findings import Check, Finding
from tools.bonus_store import UnusableStore
from tools.kept import Kept
from tools.ledger import Effect, EffectState
from tools.on_record import written
from tools.record import ERASED, Entry, Kind

BEGUN: Final[Mapping[str, EffectState]] = {
    Kind.EFFECT_CLAIMED: EffectState.PENDING,
    Kind.EFFECT_SHADOWED: EffectState.SHADOWED,
}
# What a store raises at a row that no write of ours leaves: a state that is none, bytes where a text should be.
UNREADABLE: Final = (UnusableStore, ValueError, LookupError, TypeError)
_HASH: Final = re.compile("[0-9a-f]{64}")
EVERYTHING: Final = 2**31 - 1  # rows; more than any store holds


@dataclass(slots=True)
class _Told:
    """What the log says of one row: its newest state, and what entries repeat of it."""

    state: Value
    values: dict[str, Value]
    votes: list[Value] = field(default_factory=list[Value])


def verify_ticket(
    entries: Sequence[Entry], effects: Sequence[Effect], approvals: Sequence[Approval]
) -> Iterator[Finding]:
    """Yield what differs between a ticket's entries and its rows.

    A ticket that was erased says no more what its entries said, so there only the number of effects is compared.
    """
    if any(entry.body == ERASED for entry in entries):
        yield from _erased(entries, effects)
        return
    minted, told = _minted(entries), _effects_told(entries)
    for effect in effects:
        yield from _differing(f"effect {effect.key}", _effect_row(effect), told.pop(effect.key, None))
        if effect.decision_id is not None and effect.decision_id not in minted:
            never = f"its decision {effect.decision_id} was never minted on its ticket, says the log"
            yield Finding(Check.BOOKS, f"effect {effect.key}", never)
    asked = _approvals_told(entries)
    for approval in approvals:
        place = f"approval {approval.approval_id}"
        yield from _differing(place, _approval_row(approval), asked.pop(approval.approval_id, None))
    for place in (*(f"effect {key}" for key in told), *(f"approval {one}" for one in asked)):
        yield Finding(Check.BOOKS, place, "the log tells of it, and its row is gone")


def named_texts(entries: Sequence[Entry]) -> Sequence[str]:
    """Return every sha256 that entries name, once; that of a kept text is among them."""
    return [*dict.fromkeys(one for entry in entries for one in _hashes(entry.body))]


def _hashes(value: Value | Document) -> Iterator[str]:
    match value:
        case str():
            if _HASH.fullmatch(value):
                yield value
        case list():
            for item in value:
                yield from _hashes(item)
        case Mapping():
            for item in value.values():
                yield from _hashes(item)
        case _:
            return


def _minted(entries: Sequence[Entry]) -> list[str]:
    """Return the ids of the decisions that were minted on a ticket, where they can still be read."""
    minted = (entry for entry in entries if entry.kind == Kind.DECISION_MINTED and entry.body != ERASED)
    return [str(entry.body.get("decision_id")) for entry in minted]


def _effects_told(entries: Sequence[Entry]) -> dict[str, _Told]:
    told: dict[str, _Told] = {}
    for entry in entries:
        key, state = str(entry.body.get("key")), entry.body.get("state")
        if entry.kind in BEGUN:
            told[key] = _Told(BEGUN[entry.kind].value, _said(entry, "key", "state"))
        elif entry.kind == Kind.EFFECT_SETTLED:
            settled = told.setdefault(key, _Told(state, {}))
            settled.state = state
            settled.values |= _said(entry, "key", "state")
    return told


def _approvals_told(entries: Sequence[Entry]) -> dict[str, _Told]:
    told: dict[str, _Told] = {}
    for entry in entries:
        body, approval_id = entry.body, str(entry.body.get("approval_id"))
        if entry.kind == Kind.APPROVAL_ASKED:
            told[approval_id] = _Told(ApprovalState.OPEN.value, _said(entry, "approval_id"))
        elif entry.kind == Kind.APPROVAL_VOTED:
            told.setdefault(approval_id, _Told(None, {})).votes.append(_said(entry, "approval_id"))
        elif entry.kind == Kind.APPROVAL_CLOSED:
            told.setdefault(approval_id, _Told(None, {})).state = body.get("state")
    return {one: _Told(found.state, {**found.values, "votes": found.votes}) for one, found in told.items()}


def _said(entry: Entry, *but: str) -> dict[str, Value]:
    """Return what an entry says of a row, and when; all but what it is found by."""
    return {name: value for name, value in (*entry.body.items(), ("at", written(entry.at))) if name not in but}


def _effect_row(effect: Effect) -> dict[str, Value]:
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


def _approval_row(approval: Approval) -> dict[str, Value]:
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


def _differing(place: str, row: Mapping[str, Value], told: _Told | None) -> Iterator[Finding]:
    if told is None:
        yield Finding(Check.BOOKS, place, "it stands in its table, and the log never told of it")
        return
    if row["state"] != told.state:
        yield Finding(Check.BOOKS, place, f'it is "{row["state"]}" in its table, and "{told.state}" by the log')
    for name, value in told.values.items():
        if name in row and row[name] != value:
            yield Finding(Check.BOOKS, place, f'what its table says of "{name}" is not what the log says')


def _told_of(error: BaseException) -> str:
    """Return what an error says, where it is one of ours; another may repeat what is stored."""
    return str(error) if isinstance(error, UnusableStore) else "a row holds what no write of ours leaves"


def _erased(entries: Sequence[Entry], effects: Sequence[Effect]) -> Iterator[Finding]:
    place = f"ticket {entries[0].ticket_id}"
    if not any(entry.kind == Kind.ERASED for entry in entries):
        yield Finding(Check.SEALED, place, "its key is gone, and no entry says that it was erased")
    claimed = sum(1 for entry in entries if entry.kind in BEGUN)
    if len(effects) > claimed or (claimed and not effects):
        told = f"{len(effects)} effects stand in the ledger, and the log saw {claimed} claimed"
        yield Finding(Check.BOOKS, place, told)


async def verify_books(kept: Kept, tickets: Mapping[str, int]) -> dict[str, list[Finding]]:
    """Compare what is kept of some tickets with the log, which has so many entries of each; return what differs.

    Whether the log itself holds is another question. What is stored of a ticket that a live desk works on meanwhile may
    be newer than these numbers: see `tools.audit.store`.
    """
    findings: dict[str, list[Finding]] = {}
    for ticket_id, count in tickets.items():
        try:
            found = [one async for one in _ticket(kept, ticket_id, count)]
        except UNREADABLE as error:
            found = [Finding(Check.SEALED, f"ticket {ticket_id}", f"what is kept cannot be read: {_told_of(error)}")]
        if found:
            findings[ticket_id] = found
    return findings


async def strays(kept: Kept, tickets: Collection[str]) -> list[Finding]:
    """Return the effects of tickets that the log never saw."""
    try:
        effects = await kept.ledger(limit=EVERYTHING)
    except UNREADABLE as error:
        return [Finding(Check.SEALED, "ledger", f"it cannot be read: {_told_of(error)}")]
    lost = (one for one in effects if one.ticket_id not in tickets)
    return [Finding(Check.BOOKS, f"effect {one.key}", "it is of a ticket that the log never saw") for one in lost]


async def _ticket(kept: Kept, ticket_id: str, count: int) -> AsyncIterator[Finding]:
    entries = await kept.entries(ticket_id)
    if len(entries) != count:
        told = f"the record shows {len(entries)} entries, and the log has {count}"
        yield Finding(Check.BOOKS, f"ticket {ticket_id}", told)
    approvals = await kept.approvals(ticket_id=ticket_id, limit=EVERYTHING)
    for finding in verify_ticket(entries, await kept.effects(ticket_id), approvals):
        yield finding
    for sha256 in named_texts(entries):
        text = await kept.text(sha256)
        if text is not None and digest(text) != sha256:
            yield Finding(Check.BOOKS, f"text {sha256}", f"an entry of ticket {ticket_id} names it; it was changed")
    for decision_id in _minted(entries):
        decision = await kept.decision(decision_id)  # none, where its row is not the one that was minted
        if decision is None or decision.ticket_id != ticket_id:
            gone = "the log saw it minted, and its row is gone or was changed since"
            yield Finding(Check.BOOKS, f"decision {decision_id}", gone)
