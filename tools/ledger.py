"""The ledger as a port: every effect on the world, claimed before it is tried, with what became of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from casino.values import Document

if TYPE_CHECKING:  # a program without bonuses has a ledger too, and imports nothing of them
    from casino.bonus.configuration import Configuration


class EffectState(StrEnum):
    """Where an effect stands."""

    PENDING = "pending"  # claimed; it may have been tried
    DONE = "done"
    FAILED = "failed"  # it changed nothing, and may be claimed again
    UNKNOWN = "unknown"  # it may have taken effect: the other side is asked, or a human is
    SHADOWED = "shadowed"  # it was only written down: the workflow is in shadow mode


GONE = frozenset({EffectState.FAILED, EffectState.SHADOWED})  # states that hold no key and count for no limit


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """One row of the ledger: an effect, recorded before it is tried and again with its outcome."""

    key: str  # the idempotency key, which the other side gets too
    business_key: str  # what may be brought about only once, under whatever key
    ticket_id: str
    tool: str
    intent: Document
    state: EffectState
    outcome: Document
    at: datetime  # of the newest state
    decision_id: str | None = None  # the decision that it consumes
    approval_id: str | None = None  # the approval that it was let through by


@dataclass(frozen=True, slots=True)
class Denied:
    """The claim was not made, and nothing has changed: a limit is reached, or the decision is spent."""

    code: str
    message: str


class Terms(Protocol):
    """The limits that a grant must still keep at the moment of its claim."""

    @property
    def player_id(self) -> str:
        """Who is granted something."""
        ...

    @property
    def brand(self) -> str:
        """At which brand."""
        ...

    @property
    def configuration(self) -> "Configuration":
        """Whose limits they are."""
        ...

    def broken(self, counters: Document) -> Denied | None:
        """Return which limit the grant would break; None: none.

        The counters are as `GrantCounters` gives them, those of all players only where a limit looks at them.
        """
        ...


class Ledger(Protocol):
    """Effects, each claimed once by key and once by business key. Every change is on the record as well."""

    async def claim(self, effect: Effect, *, terms: Terms | None = None) -> Effect | Denied | None:
        """Record a pending effect, or a shadowed one, in one transaction with all that must hold for it.

        None: this call made the claim. An Effect: the row that stands in its way (its own key, or another key with
        the same business key). Denied: its decision was consumed under another key (`decision_spent`), or the
        counters break the terms. A failed or shadowed effect may be claimed again.
        """
        ...

    async def settle(self, key: str, *, state: EffectState, outcome: Document, at: datetime) -> Effect:
        """Write the outcome of a claimed effect; return how it stands then. A done or failed one keeps its outcome.

        But a failed one that turns out to be there becomes done, unless another key has its business key by now.
        """
        ...

    async def renew(self, seen: Effect, *, at: datetime, terms: Terms | None = None) -> Effect | Denied | None:
        """Note, before it is sent, that a claimed effect is ordered once more: it is pending since this moment.

        None: it was noted. An Effect: it stands no longer in the state and since the time that were seen, and nothing
        was changed. Denied: without this effect the counters break the terms, and nothing was changed.
        """
        ...

    async def fail(self, seen: Effect, *, outcome: Document, at: datetime) -> Effect:
        """Settle an effect as failed where it still stands as it was seen; return how it stands."""
        ...

    async def effect(self, key: str) -> Effect | None:
        """Return the effect under a key."""
        ...

    async def effects(self, ticket_id: str) -> Sequence[Effect]:
        """Return the ticket's effects, oldest first."""
        ...

    async def ledger(
        self, *, states: Sequence[EffectState] = (), before: datetime | None = None, limit: int = 50
    ) -> Sequence[Effect]:
        """Return effects of all tickets, newest first; all states where none is named; those older than a moment."""
        ...
