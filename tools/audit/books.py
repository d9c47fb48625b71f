"""The books against the log: effects, decisions, approvals, hand-overs and texts stand in the store as the log says.

The log is chained, the rows of the other tables are not: whoever edits a row, adds one or deletes one is found here.
"""

import re
from collections.abc import AsyncIterator, Collection, Iterator, Mapping, Sequence
from typing import Final

from casino.values import Document, Value
from tools.approvals import Approval
from tools.audit.chain import digest
from tools.audit.findings import Check, Finding
from tools.audit.told import BEGUN, Told, approval_row, approvals_told, differing, effect_row, effects_told
from tools.kept import Kept
from tools.ledger import Effect
from tools.ports import UnusableStore
from tools.record import ERASED, Entry, Kind, Row

# What a store raises at a row that no write of ours leaves: a state that is none, bytes where a text should be.
UNREADABLE: Final = (UnusableStore, ValueError, LookupError, TypeError)
TEXTS: Final = ("as_sent", "source", "head", "schemas")  # by these names entries point to a kept text
# Which entry tells of a row of each table, and by which name; `consumed_by` and a state are told by others.
TELLING: Final[Mapping[str, tuple[Kind, str]]] = {
    "decision": (Kind.DECISION_MINTED, "decision_id"),
    "approval": (Kind.APPROVAL_ASKED, "approval_id"),
    "handoff": (Kind.HANDED_OVER, "handoff_id"),
    "subject": (Kind.SUBJECT_NOTED, "subject"),
}
_HASH: Final = re.compile("[0-9a-f]{64}")
EVERYTHING: Final = 2**31 - 1  # rows; more than any store holds
NEVER_TOLD: Final = "it stands in its table, and the log never told of it"
GONE: Final = "the log tells of it, and its row is gone"


def verify_ticket(
    entries: Sequence[Entry], effects: Sequence[Effect], approvals: Sequence[Approval], rows: Sequence[Row] = ()
) -> Iterator[Finding]:
    """Yield what differs between a ticket's entries and its rows; `rows` are those that `Kept.rows` returns.

    A ticket that was erased says no more what its entries said, so there only the numbers of rows are compared.
    """
    if any(entry.body == ERASED for entry in entries):
        yield from _erased(entries, effects, approvals, rows)
        return
    minted, told = _minted(entries), effects_told(entries)
    yield from _told_otherwise(entries, told, rows)
    for effect in effects:
        yield from _differing(f"effect {effect.key}", effect_row(effect), told.pop(effect.key, None))
        if effect.decision_id is not None and effect.decision_id not in minted:
            never = f"its decision {effect.decision_id} was never minted on its ticket, says the log"
            yield Finding(Check.BOOKS, f"effect {effect.key}", never)
    asked, there = approvals_told(entries), {row.name for row in rows if row.table == "approval"}
    for approval in approvals:
        there.add(approval.approval_id)
        place = f"approval {approval.approval_id}"
        yield from _differing(place, approval_row(approval), asked.get(approval.approval_id))
    for place in (*(f"effect {key}" for key in told), *(f"approval {one}" for one in asked if one not in there)):
        yield Finding(Check.BOOKS, place, GONE)
    yield from _hidden(approvals, rows, asked)


def _hidden(approvals: Sequence[Approval], rows: Sequence[Row], asked: Collection[str]) -> Iterator[Finding]:
    """Yield the requests that the store itself does not believe: their rows or votes are not what the record says."""
    shown = {one.approval_id for one in approvals}
    for row in rows:
        if row.table == "approval" and row.name not in shown:
            what = "what its table and its votes say is not what the log says" if row.name in asked else NEVER_TOLD
            yield Finding(Check.BOOKS, f"approval {row.name}", what)


def _told_otherwise(entries: Sequence[Entry], effects: Mapping[str, Told], rows: Sequence[Row]) -> Iterator[Finding]:
    """Yield what differs of the rows that have no method of their own, and of columns that no method shows."""
    spent = _spent(entries)
    for table, (kind, name) in TELLING.items():
        told = {str(entry.body.get(name)): entry.body for entry in entries if entry.kind == kind}
        there = {row.name: row.values for row in rows if row.table == table}
        if table in {"handoff", "subject"}:
            for one in (name for name in told if name not in there):
                yield Finding(Check.BOOKS, f"{table} {one}", GONE)
        for one, values in there.items():
            place = f"{table} {one}"
            if one not in told and table != "approval":  # of those, who reads them tells
                yield Finding(Check.BOOKS, place, NEVER_TOLD)
            elif table == "handoff" and values.get("digest") != told[one].get("digest"):
                yield Finding(Check.BOOKS, place, "its note is not the one that the log tells of")
            elif table == "decision" and values.get("consumed_by") != spent.get(one):
                yield Finding(Check.BOOKS, place, 'what its table says of "consumed_by" is not what the log says')
    for row in rows:
        claim = effects.get(row.name) if row.table == "effect" else None
        if claim is not None and row.values.get("claimed_at") != claim.claimed_at:
            other = 'what its table says of "claimed_at" is not what the log says'
            yield Finding(Check.BOOKS, f"effect {row.name}", other)


def _spent(entries: Sequence[Entry]) -> dict[str, Value]:
    """Return the key that each decision was last spent on, by the log."""
    claimed = (entry.body for entry in entries if entry.kind == Kind.EFFECT_CLAIMED)
    return {str(body["decision_id"]): body.get("key") for body in claimed if body.get("decision_id") is not None}


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


def _differing(place: str, row: Mapping[str, Value], told: Told | None) -> Iterator[Finding]:
    if told is None:
        yield Finding(Check.BOOKS, place, NEVER_TOLD)
        return
    for name in differing(row, told):
        if name == "state":
            yield Finding(Check.BOOKS, place, f'it is "{row["state"]}" in its table, and "{told.state}" by the log')
        else:
            yield Finding(Check.BOOKS, place, f'what its table says of "{name}" is not what the log says')


def _told_of(error: BaseException) -> str:
    """Return what an error says, where it is one of ours; another may repeat what is stored."""
    return str(error) if isinstance(error, UnusableStore) else "a row holds what no write of ours leaves"


def _erased(
    entries: Sequence[Entry], effects: Sequence[Effect], approvals: Sequence[Approval], rows: Sequence[Row]
) -> Iterator[Finding]:
    place = f"ticket {entries[0].ticket_id}"
    if not any(entry.kind == Kind.ERASED for entry in entries):
        yield Finding(Check.SEALED, place, "its key is gone, and no entry says that it was erased")
    claimed = sum(1 for entry in entries if entry.kind in BEGUN)
    if len(effects) > claimed or (claimed and not effects):
        told = f"{len(effects)} effects stand in the ledger, and the log saw {claimed} claimed"
        yield Finding(Check.BOOKS, place, told)
    for table, (kind, _) in TELLING.items():
        saw = sum(1 for entry in entries if entry.kind == kind)
        found = sum(1 for row in rows if row.table == table)
        if saw != found:
            yield Finding(Check.BOOKS, place, f"of the kind {table}, {found} rows stand there, and the log saw {saw}")
    yield from _hidden(approvals, rows, [row.name for row in rows])


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
    """Return the rows of tickets that the log never saw."""
    lost = [one for one in await kept.ticketed() if one not in tickets]
    return [
        Finding(Check.BOOKS, f"{row.table} {row.name}", "it is of a ticket that the log never saw")
        for ticket_id in lost
        for row in await kept.rows(ticket_id)
    ]


async def _ticket(kept: Kept, ticket_id: str, count: int) -> AsyncIterator[Finding]:
    entries = await kept.entries(ticket_id)
    if len(entries) != count:
        told = f"the record shows {len(entries)} entries, and the log has {count}"
        yield Finding(Check.BOOKS, f"ticket {ticket_id}", told)
    rows = await kept.rows(ticket_id)
    approvals = await kept.approvals(ticket_id=ticket_id, limit=EVERYTHING)
    for finding in verify_ticket(entries, await kept.effects(ticket_id), approvals, rows):
        yield finding
    for finding in [one async for one in _texts(kept, ticket_id, entries)]:
        yield finding
    for decision_id in _minted(entries):
        decision = await kept.decision(decision_id)  # none, where its row is not the one that was minted
        if decision is None or decision.ticket_id != ticket_id:
            gone = "the log saw it minted, and its row is gone or was changed since"
            yield Finding(Check.BOOKS, f"decision {decision_id}", gone)


async def _texts(kept: Kept, ticket_id: str, entries: Sequence[Entry]) -> AsyncIterator[Finding]:
    """Yield the kept texts that entries name and that are gone or changed."""
    pointed = {str(entry.body.get(name)) for entry in entries for name in TEXTS if entry.body != ERASED}
    for sha256 in named_texts(entries):
        found = (await kept.text(sha256), await kept.text(sha256, ticket_id=ticket_id))
        there = [text for text in found if text is not None]
        if there:
            pointed.discard(sha256)
        if any(digest(text) != sha256 for text in there):
            yield Finding(Check.BOOKS, f"text {sha256}", f"an entry of ticket {ticket_id} names it; it was changed")
    for sha256 in sorted(one for one in pointed if _HASH.fullmatch(one)):
        yield Finding(Check.BOOKS, f"text {sha256}", f"an entry of ticket {ticket_id} names it; it is gone")
