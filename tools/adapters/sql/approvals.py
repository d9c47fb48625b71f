"""The approvals inbox. Who asked never approves: the table itself refuses such a vote too.

A row counts only where it is what the record says of it, and of each of its votes: one that was changed is none. It is
not found by its id and stands in no list, and where it stands in the way of another the store is damaged.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final, Literal

from sqlalchemy import Connection, RowMapping, Select, bindparam, insert, select, update

from casino.document import dump_json
from tools.adapters.granting import GRANTING
from tools.adapters.sql.engine import Damaged
from tools.adapters.sql.keys import Key, keys_of, writing_key
from tools.adapters.sql.record import entries_of, note
from tools.adapters.sql.tables import APPROVALS, STANDING, VOTES
from tools.adapters.voting import NO_SUCH, REASON_ERASED, changed, is_as_told, refused, with_vote
from tools.approvals import About, Approval, ApprovalState, Vote
from tools.audit.told import OF_APPROVALS
from tools.ledger import Denied
from tools.on_record import asked, closed, voted, written
from tools.record import ERASED, Entry, Kind

VERDICTS: Final[Mapping[str, Literal["approve", "deny"]]] = {"approve": "approve", "deny": "deny"}


_ABOUT: Final = (
    select(APPROVALS)
    .where(APPROVALS.c.effect_key == bindparam("key"), APPROVALS.c.about == bindparam("about"))
    .order_by(STANDING.desc(), APPROVALS.c.asked_at.desc(), APPROVALS.c.approval_id.desc())
    .limit(1)
)


def ask(connection: Connection, approval: Approval) -> Approval:
    """Put a request into the inbox, or return the one that stands.

    On an erased ticket only a doubt may still be asked about, which is one of money. Raises Erased, and Damaged where
    the one that stands was changed.
    """
    same = (APPROVALS.c.effect_key == approval.effect_key, APPROVALS.c.about == approval.about.value, STANDING)
    rows = connection.execute(select(APPROVALS).where(*same)).mappings().all()
    if rows:
        return _only(connection, rows)
    key = writing_key(connection, approval.ticket_id)
    if approval.about is About.EFFECT:
        key.open()
    kept = replace(approval, intent=ERASED) if key.secret is None and approval.tool != GRANTING else approval
    connection.execute(insert(APPROVALS).values(_row(kept, key)))
    note(connection, key, Kind.APPROVAL_ASKED, asked(approval), at=approval.asked_at)
    return kept


def approval(connection: Connection, approval_id: str) -> Approval | None:
    """Return a request; None too where it is not what the record says of it."""
    found = _all(connection, select(APPROVALS).where(APPROVALS.c.approval_id == approval_id))
    return found[0] if found else None


def approval_for(connection: Connection, effect_key: str, about: About) -> Approval | None:
    """Return the newest request about an effect. Raises Damaged where it is not what the record says of it."""
    rows = connection.execute(_ABOUT, {"key": effect_key, "about": about.value}).mappings().all()
    return _only(connection, rows) if rows else None


def approvals(
    connection: Connection, *, states: Sequence[ApprovalState], ticket_id: str | None, limit: int
) -> Sequence[Approval]:
    """Return requests, newest first, without those that are not what the record says of them."""
    wanted = select(APPROVALS).order_by(APPROVALS.c.asked_at.desc(), APPROVALS.c.approval_id.desc()).limit(limit)
    if states:
        wanted = wanted.where(APPROVALS.c.state.in_([state.value for state in states]))
    if ticket_id is not None:
        wanted = wanted.where(APPROVALS.c.ticket_id == ticket_id)
    return _all(connection, wanted)


def vote(connection: Connection, approval_id: str, vote: Vote) -> Approval | Denied:
    """Add a vote, and close the request where that decides it."""
    found = approval(connection, approval_id)
    if found is None:
        return NO_SUCH
    if (denied := refused(found, vote)) is not None:
        return denied
    key = writing_key(connection, found.ticket_id)
    connection.execute(insert(VOTES).values(_vote_row(found, vote, key)))
    note(connection, key, Kind.APPROVAL_VOTED, voted(approval_id, vote), at=vote.at)
    after = with_vote(found, vote)
    if after.state is not found.state:
        _close(connection, after, key, at=vote.at)
    return after


def withdraw(connection: Connection, approval_id: str, *, at: datetime, why: str) -> None:
    """Close an open request that has nothing left to decide."""
    found = approval(connection, approval_id)
    if found is not None and found.state is ApprovalState.OPEN:
        key = writing_key(connection, found.ticket_id)
        _close(connection, replace(found, state=ApprovalState.WITHDRAWN), key, at=at, why=why)


def _close(connection: Connection, after: Approval, key: Key, *, at: datetime, why: str | None = None) -> None:
    mine = APPROVALS.c.approval_id == after.approval_id
    connection.execute(update(APPROVALS).where(mine).values(state=after.state.value))
    note(connection, key, Kind.APPROVAL_CLOSED, closed(after.approval_id, after.state, why=why), at=at)


def _only(connection: Connection, rows: Sequence[RowMapping]) -> Approval:
    found = _read(connection, rows)
    if not found:
        raise Damaged(changed(rows[0]["approval_id"]))
    return found[0]


def _all(connection: Connection, wanted: Select[tuple[object, ...]]) -> list[Approval]:
    rows = connection.execute(wanted).mappings().all()
    return _read(connection, rows) if rows else []


def _read(connection: Connection, rows: Sequence[RowMapping]) -> list[Approval]:
    """Return the requests of some rows, but for those that were changed."""
    keys = keys_of(connection, {row["ticket_id"] for row in rows})
    told: dict[str, Sequence[Entry] | None] = {
        one: None if key.secret is None else _told(connection, key) for one, key in keys.items()
    }
    of_these = VOTES.c.approval_id.in_([row["approval_id"] for row in rows])
    votes: dict[str, list[RowMapping]] = {}
    for row in connection.execute(select(VOTES).where(of_these).order_by(VOTES.c.number)).mappings():
        votes.setdefault(row["approval_id"], []).append(row)
    found: list[Approval] = []
    for row in rows:
        mine = keys[row["ticket_id"]], votes.get(row["approval_id"], ())
        try:
            read = _approval(row, *mine)
        except (Damaged, ValueError, LookupError, TypeError):  # what no write of ours leaves: a state that is none, …
            continue
        if is_as_told(read, told[read.ticket_id]):
            found.append(read)
    return found


def _told(connection: Connection, key: Key) -> Sequence[Entry]:
    """Return what the record tells of a ticket's requests; nothing where it cannot be read itself."""
    try:
        return entries_of(connection, key, kinds=OF_APPROVALS)
    except (Damaged, ValueError, LookupError, TypeError):
        return ()


def _row(approval: Approval, key: Key) -> dict[str, str | int]:
    return {
        "approval_id": approval.approval_id,
        "about": approval.about.value,
        "effect_key": approval.effect_key,
        "ticket_id": approval.ticket_id,
        "tool": approval.tool,
        "policy": approval.policy,
        "needed": approval.needed,
        "requester": approval.requester,
        "intent": _intent(approval, key),
        "asked_at": written(approval.asked_at),
        "expires_at": written(approval.expires_at),
        "state": approval.state.value,
    }


def _intent(approval: Approval, key: Key) -> str:
    """Write what is asked for: a grant stays readable for ever, everything else is sealed."""
    if approval.tool == GRANTING or key.secret is None:
        return dump_json(approval.intent)
    return key.sealed_document(approval.intent, kind=_intent_at(approval.approval_id))


def _vote_row(approval: Approval, vote: Vote, key: Key) -> dict[str, str | int]:
    at_place = _reason_at(approval.approval_id, vote.approver)
    return {
        "approval_id": approval.approval_id,
        "approver": vote.approver,
        "number": len(approval.votes) + 1,
        "requester": approval.requester,
        "verdict": vote.verdict,
        "reason": REASON_ERASED if key.secret is None else key.sealed(vote.reason, kind=at_place),
        "at": written(vote.at),
    }


def _approval(row: RowMapping, key: Key, votes: Sequence[RowMapping]) -> Approval:
    return Approval(
        approval_id=row["approval_id"],
        about=About(row["about"]),
        effect_key=row["effect_key"],
        ticket_id=row["ticket_id"],
        tool=row["tool"],
        policy=row["policy"],
        needed=row["needed"],
        requester=row["requester"],
        intent=key.document(row["intent"], kind=_intent_at(row["approval_id"])),
        asked_at=datetime.fromisoformat(row["asked_at"]),
        expires_at=datetime.fromisoformat(row["expires_at"]),
        state=ApprovalState(row["state"]),
        votes=tuple(_vote(one, key) for one in votes),
    )


def _vote(row: RowMapping, key: Key) -> Vote:
    reason = key.opened(row["reason"], kind=_reason_at(row["approval_id"], row["approver"]))
    return Vote(
        approver=row["approver"],
        verdict=VERDICTS[row["verdict"]],
        reason=REASON_ERASED if reason is None else reason,
        at=datetime.fromisoformat(row["at"]),
    )


def _intent_at(approval_id: str) -> str:
    return f"asked:{approval_id}"


def _reason_at(approval_id: str, approver: str) -> str:
    return f"vote:{approval_id}:{approver}"
