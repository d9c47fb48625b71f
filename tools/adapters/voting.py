"""What a vote does to a request: one rule for every store."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from tools.approvals import About, Approval, ApprovalState, Vote
from tools.audit.told import approval_row, approvals_told, differing
from tools.ledger import Denied
from tools.record import Entry

REASON_ERASED: Final = "(erased)"  # stands for a reason whose ticket was erased
NO_SUCH: Final = Denied("no_such_approval", "there is no such request")


def stands(approval: Approval) -> bool:
    """Tell whether nobody can be asked the same again while this request is there.

    A doubt that was denied (it did not take effect) may come up again, when the effect was tried once more.
    """
    denied_doubt = approval.about is About.DOUBT and approval.state is ApprovalState.DENIED
    return approval.state is not ApprovalState.WITHDRAWN and not denied_doubt


def refused(approval: Approval, vote: Vote) -> Denied | None:
    """Return why a vote does not count; None where it does."""
    if approval.state is not ApprovalState.OPEN:
        return Denied("not_open", f"this request is {approval.state.value} already")
    if approval.standing(vote.at) is ApprovalState.EXPIRED:
        return Denied("expired", "this request was not decided in time")
    if vote.approver == approval.requester:
        return Denied("own_request", "nobody decides on their own request")
    if any(one.approver == vote.approver for one in approval.votes):
        return Denied("voted_before", f'"{vote.approver}" has voted on this request')
    return None


def with_vote(approval: Approval, vote: Vote) -> Approval:
    """Return the request with one more vote: one denial denies, and enough approvals approve."""
    after = replace(approval, votes=(*approval.votes, vote))
    return replace(after, state=_voted(after))


def _voted(approval: Approval) -> ApprovalState:
    """Return what the votes of a request come to. The word of who asked counts for nothing."""
    votes = [one for one in approval.votes if one.approver != approval.requester]
    if any(one.verdict == "deny" for one in votes):
        return ApprovalState.DENIED
    approving = {one.approver for one in votes if one.verdict == "approve"}
    return ApprovalState.APPROVED if approving and len(approving) >= approval.needed else ApprovalState.OPEN


def is_as_told(approval: Approval, entries: Sequence[Entry] | None) -> bool:
    """Tell whether a request is what its votes come to, and what the record says of it and of each vote.

    entries: those of its ticket; None where it was erased, and they can be read no more. Then the votes alone count.
    """
    if approval.state is not ApprovalState.WITHDRAWN and approval.state is not _voted(approval):
        return False
    if entries is None:
        return True
    told = approvals_told(entries).get(approval.approval_id)
    return told is not None and not differing(approval_row(approval), told)


def changed(approval_id: str) -> str:
    """Return what is wrong with a request that is not what the record says of it."""
    return f'the request "{approval_id}" is not what the record says of it'
