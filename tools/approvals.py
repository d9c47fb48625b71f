"""Approvals as a port: what waits for a human's yes or no, and who said which."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal, Protocol

from casino.values import Document
from tools.ledger import Denied


class ApprovalState(StrEnum):
    """Where a request stands."""

    OPEN = "open"
    APPROVED = "approved"
    DENIED = "denied"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"  # nothing is left to decide: the doubt was settled by the other side


class About(StrEnum):
    """What a human is asked."""

    EFFECT = "effect"  # may this be done?
    DOUBT = "doubt"  # did this take effect? Approved: it did. Denied: it certainly did not.


@dataclass(frozen=True, slots=True, kw_only=True)
class Vote:
    """One human's word. `approver` is never who asked."""

    approver: str
    verdict: Literal["approve", "deny"]
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """One request. One denial denies; `needed` different approvers approve."""

    approval_id: str
    about: About
    effect_key: str
    ticket_id: str
    tool: str
    policy: str  # the rule that asks for it
    needed: int  # approvers
    requester: str
    intent: Document  # `key`, `business_key`, `body`, `decision_id`: all that the gate needs to go on
    asked_at: datetime
    expires_at: datetime
    state: ApprovalState = ApprovalState.OPEN
    votes: tuple[Vote, ...] = ()

    def standing(self, now: datetime) -> ApprovalState:
        """Return the state at a moment: an open request that is out of time has expired."""
        late = self.state is ApprovalState.OPEN and now >= self.expires_at
        return ApprovalState.EXPIRED if late else self.state


class Approvals(Protocol):
    """The approvals inbox. Every change is on the record of its ticket as well."""

    async def ask(self, approval: Approval) -> Approval:
        """Put a request into the inbox; return the one that stands, where this effect was asked about before.

        One request per effect key and kind; a withdrawn one may be asked anew.
        """
        ...

    async def approval(self, approval_id: str) -> Approval | None:
        """Return a request."""
        ...

    async def approval_for(self, effect_key: str, about: About) -> Approval | None:
        """Return the request about an effect."""
        ...

    async def approvals(
        self, *, states: Sequence[ApprovalState] = (), ticket_id: str | None = None, limit: int = 50
    ) -> Sequence[Approval]:
        """Return requests as they are stored, newest first; all states where none is named."""
        ...

    async def vote(self, approval_id: str, vote: Vote) -> Approval | Denied:
        """Add a vote, and return the request with it.

        Denied, and nothing has changed: `no_such_approval`, `own_request`, `voted_before`, `not_open`, `expired`.
        """
        ...

    async def withdraw(self, approval_id: str, *, at: datetime, why: str) -> None:
        """Close an open request that has nothing left to decide. A closed one stays as it is."""
        ...
