"""What verification looks at, and what it found."""

from dataclasses import dataclass
from enum import StrEnum


class Check(StrEnum):
    """One thing that verification looks at; the word is the code of its findings."""

    FORM = "form"  # a line is the RFC 8785 form of the eight values
    HASH = "hash"  # a line has the hash that is stored with it
    PREVIOUS = "previous"  # a line names the hash before it
    NUMBER = "number"  # lines count up from 1 without a gap
    TICKET_NUMBER = "ticket_number"  # so do the entries of each ticket
    KIND = "kind"  # the kind of an entry is one of the closed set
    HEAD = "head"  # the line that a head was signed over has the hash that it had then
    CUT = "cut"  # the log reaches as far as the newest head
    SIGNATURE = "signature"  # a head's signature is of its own key
    KEY = "key"  # a head's key is one that the auditor trusts
    HEAD_ORDER = "head_order"  # heads go forward
    BOOKS = "books"  # effects, decisions and approvals are what the log says of them
    SEALED = "sealed"  # what is kept of a ticket can be read, or an entry says that it was erased


ALL = frozenset(Check)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it was written: where, and what it means."""

    check: Check
    place: str  # "line 12", "head 3", "effect issue-…"
    message: str

    def __str__(self) -> str:
        """Return the finding as one line for people."""
        return f"{self.place}: {self.message} [{self.check}]"

    def document(self) -> dict[str, str]:
        """Return the finding for a machine."""
        return {"check": self.check.value, "place": self.place, "message": self.message}
