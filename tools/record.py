"""The record as a port: everything that happened on tickets, only ever added to, each entry chained to the one before.

An entry's body may be personal, so a store seals it under a key of its ticket. Erasing a player deletes the keys: what
was said can be read by nobody, and the chain still holds, since it runs over what is stored.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, Protocol

from casino.values import Document

ERASED: Final[Document] = {"erased": True}  # the body of an entry whose key is gone


class Kind(StrEnum):
    """What an entry tells: a closed set."""

    PLAYER_MESSAGE = "player_message"
    AGENT_MESSAGE = "agent_message"
    TRIAGE = "triage"
    MODEL_REQUEST = "model_request"
    MODEL_REPLY = "model_reply"
    REPLY_REJECTED = "reply_rejected"
    TOOL_CALL = "tool_call"
    TOOL_RESULT = "tool_result"
    DECISION_MINTED = "decision_minted"
    EFFECT_REFUSED = "effect_refused"  # the gate did not let it through
    EFFECT_SHADOWED = "effect_shadowed"  # what would have been done
    EFFECT_CLAIMED = "effect_claimed"  # written before it is tried
    EFFECT_SETTLED = "effect_settled"  # what became of it
    APPROVAL_ASKED = "approval_asked"
    APPROVAL_VOTED = "approval_voted"
    APPROVAL_CLOSED = "approval_closed"
    HANDED_OVER = "handed_over"  # a hand-over stands in the inbox, with the digest of its note
    SUBJECT_NOTED = "subject_noted"  # whose ticket it is
    OUTCOME = "outcome"
    TURN = "turn"
    FAILURE = "failure"
    ERASED = "erased"  # a person's data was erased; its body is never sealed


class Erased(Exception):  # noqa: N818  # named by what happened
    """The ticket was erased, so nothing can be added to it; a new ticket has to be opened."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of a ticket's record."""

    ticket_id: str
    seq: int  # position in the ticket, from 1
    kind: str
    at: datetime
    body: Document


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One entry of the whole log as it is hashed: `hash` is the sha256 of `line`, which names the hash before it."""

    id: int  # position in the log, from 1, without gaps
    line: str  # JSON in the form of RFC 8785
    hash: str  # lower-case hexadecimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What stands plain in a row beside the log, as it is stored: an auditor holds it against the entries."""

    table: str  # `effect`, `decision`, `approval`, `handoff`, `subject`
    name: str  # what it is found by
    values: Document


class Record(Protocol):
    """The append-only record of tickets, and the texts it points to by content hash."""

    async def append(
        self, ticket_id: str, kind: str, body: Document, *, at: datetime, once: str | None = None
    ) -> Entry | None:
        """Add one entry; return None where an entry of this ticket already carries the same `once` word.

        Raises `Erased` where the ticket was erased.
        """
        ...

    async def entries(self, ticket_id: str, *, kinds: Sequence[str] = ()) -> Sequence[Entry]:
        """Return a ticket's entries in order, `ERASED` for a body whose key is gone; all kinds where none is named."""
        ...

    async def keep(self, text: str, *, ticket_id: str | None = None) -> str:
        """Store a text once; return its sha256. With a ticket it is sealed and erased with it."""
        ...

    async def text(self, sha256: str, *, ticket_id: str | None = None) -> str | None:
        """Return a kept text, or None where there is none or it was erased. Name the ticket that it was kept for."""
        ...

    async def tickets(self, *, limit: int = 50) -> Sequence[str]:
        """Return ticket ids, the most recently touched first."""
        ...

    async def belongs(self, ticket_id: str, subject: str, *, at: datetime | None = None) -> None:
        """Note whose ticket it is (a player id), so that erasing the person finds it. Twice is once.

        `at` is when it became known: without it, the moment of the ticket's newest entry, or now. Raises `Erased`.
        """
        ...

    async def tickets_of(self, subject: str) -> Sequence[str]:
        """Return the tickets noted as a person's, oldest first."""
        ...


class AuditLog(Protocol):
    """The record as an auditor reads it: the whole log in order."""

    def links(self, *, after: int = 0) -> AsyncIterator[Link]:
        """Yield the log's links behind a position, in order, as they are stored."""
        ...

    async def last(self) -> Link | None:
        """Return the newest link; None where nothing was ever written."""
        ...

    async def rows(self, ticket_id: str) -> Sequence[Row]:
        """Return every row of a ticket beside the log, also one that no other method shows because it was changed.

        Of an effect `claimed_at`, of a decision `consumed_by`, of a hand-over the digest of its note.
        """
        ...

    async def ticketed(self) -> Sequence[str]:
        """Return every ticket that a row beside the log names, in order."""
        ...

    async def erase(self, ticket_id: str, *, by: str, reason: str, at: datetime) -> bool:
        """Make a ticket's bodies, texts, decision records, intents and hand-overs unreadable for good.

        What money needs stays: ids, amounts, configuration, times. An entry of kind `erased` says who did it and why.
        False where the ticket was erased before or is not known.
        """
        ...
