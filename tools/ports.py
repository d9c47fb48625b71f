"""The outside, as Protocols: what the tools need of platforms, desks, messengers and stores.

Business answers (granted, refused) are return values. Four exceptions say what happens next:
`Unavailable` (nothing changed, ask later), `AccessRefused` (nothing changed, mend the settings), `UnusableStore`
(nothing changed, mend our own store) and `OutcomeUnknown` (something may have changed: ask before anything is done).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from casino.values import Document


class Unavailable(Exception):  # noqa: N818  # named by what happens next
    """The other side did not answer, and nothing has changed there."""


class AccessRefused(Unavailable):
    """The other side answered, but does not accept our credentials."""


class UnusableStore(Exception):  # noqa: N818  # named by what is wrong
    """The store cannot be used as it is, and nothing has changed there; the message says why and how to mend it."""


class OutcomeUnknown(Exception):  # noqa: N818  # named by what happens next
    """The request left, the answer did not come: it may have taken effect."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Player:
    """One player as the platform knows them. Never shown to a model as it is."""

    id: str
    brand: str
    email: str
    phone: str | None
    date_of_birth: date | None
    first_name: str
    country: str
    currency: str
    fields: Document  # what rules and procedures may read as `player.<name>`, exact numbers
    blocked: bool | None
    aml_hold: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponsibleGaming:
    """The player-protection state; None means that the platform did not say."""

    self_excluded: bool | None
    cooling_off: bool | None
    rg_closed: bool | None
    strong_harm: bool | None


class PlayerPlatform(Protocol):
    """Reads of the player account management system. Every method may raise `Unavailable`."""

    async def find_by_email(self, email: str, *, brand: str) -> Player | None:
        """Return the brand's player with this e-mail address (compared without case), or None."""
        ...

    async def player(self, player_id: str) -> Player | None:
        """Return one player, or None where there is none with this id."""
        ...

    async def responsible_gaming(self, player_id: str) -> ResponsibleGaming:
        """Return the player-protection state."""
        ...

    async def kyc(self, player_id: str) -> Document:
        """Return `{"status": …, "level": …}`."""
        ...

    async def deposits(self, player_id: str) -> Sequence[Document]:
        """Return the deposits, newest first: `{"id", "amount", "currency", "at"}`."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantOrder:
    """What the gate asks the bonus system to grant; every field comes from a stored decision."""

    decision_id: str
    player_id: str
    brand: str
    reward: Document
    reason: str


@dataclass(frozen=True, slots=True)
class Granted:
    """The bonus system has granted."""

    grant_id: str


@dataclass(frozen=True, slots=True)
class Refused:
    """The other side understood and said no; nothing has changed."""

    code: str
    message: str


class BonusReads(Protocol):
    """What may be read of the bonus system. May raise `Unavailable`."""

    async def templates(self, *, brand: str) -> Sequence[str]:
        """Return the names of the brand's bonus templates (case-sensitive)."""
        ...


class BonusSystem(BonusReads, Protocol):
    """Grants. `grant` may raise `Unavailable` or `OutcomeUnknown`."""

    async def grant(self, order: GrantOrder, *, idempotency_key: str) -> Granted | Refused:
        """Grant once: the same key again answers with the first grant."""
        ...

    async def find_grant(self, idempotency_key: str) -> Granted | None:
        """Return the grant made under this key, or None where there is certainly none.

        Raises `Unavailable` where the other side does not answer, and `OutcomeUnknown` where it cannot be asked about
        a key: then a human settles the doubt, and nothing is granted again.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ExternalMessage:
    """A message to a back-office team: `topic` is a word, `body` is JSON-ready."""

    topic: str
    body: Document


@dataclass(frozen=True, slots=True)
class Delivered:
    """The receiver has taken the message."""

    message_id: str


class Messenger(Protocol):
    """Sends signed messages. May raise `Unavailable` or `OutcomeUnknown`; the receiver drops a repeated id."""

    async def send(self, message: ExternalMessage, *, message_id: str) -> Delivered | Refused:
        """Send one message under an id that the receiver deduplicates on."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Handoff:
    """The note for the human who takes over."""

    ticket_id: str
    brand: str
    reason_code: str
    asked: str
    tried: tuple[str, ...]
    why: str
    gathered: Document


class Desk(Protocol):
    """The humans' inbox. Kept in our own store, so that a hand-over never depends on another system."""

    async def transfer(self, handoff: Handoff, *, key: str) -> str:
        """Put the ticket into the inbox once per key; return the hand-over's id."""
        ...

    async def handoffs(self, ticket_id: str) -> Sequence[Document]:
        """Return the hand-overs of a ticket, oldest first."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredDecision:
    """A decision as minted: bound to player, brand, ticket, reward and configuration; expires; consumed once."""

    decision_id: str
    ticket_id: str
    player_id: str
    brand: str
    status: str
    configuration: str | None
    configuration_hash: str
    tier: str | None
    reward: Document | None
    record: Document  # resolved values, reasons, trace
    decided_at: datetime
    expires_at: datetime


class Decisions(Protocol):
    """The decisions that were minted."""

    async def mint(self, decision: StoredDecision) -> None:
        """Store a new decision."""
        ...

    async def decision(self, decision_id: str) -> StoredDecision | None:
        """Return a decision, or None where no such decision was minted."""
        ...


class Attempts(Protocol):
    """Attempts at verification, counted per subject (a ticket, a claimed address) across tickets."""

    async def take(self, subjects: Sequence[str], *, limit: int, since: datetime, at: datetime) -> bool:
        """Count one more attempt for each subject, at once, unless one of them has `limit` since a moment."""
        ...

    async def give_back(self, subjects: Sequence[str], *, at: datetime) -> None:
        """Take back one attempt of each subject that was counted at a moment: it was no failure."""
        ...
