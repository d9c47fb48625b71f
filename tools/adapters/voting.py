"""What a vote does to a request: one rule for every store."""

from dataclasses import replace
from typing import Final

from tools.approvals import About, Approval, ApprovalState, Vote
from tools.ledger import Denied

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
    votes = (*approval.votes, vote)
    approved = sum(one.verdict == "approve" for one in votes)
    if vote.verdict == "deny":
        return replace(approval, votes=votes, state=ApprovalState.DENIED)
    if approved >= approval.needed:
        return replace(approval, votes=votes, state=ApprovalState.APPROVED)
    return replace(approval, votes=votes)
