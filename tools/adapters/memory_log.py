"""The record in memory: the same chain and the same erasure, with the keys in a dictionary."""

import hashlib
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from casino.document import dump_json
from casino.values import Document
from tools.audit.chain import FIRST, chained
from tools.audit.sealing import new_key, seal
from tools.on_record import without_personal, written
from tools.record import ERASED, Entry, Erased, Kind, Link


@dataclass(frozen=True, slots=True)
class Line:
    """One entry, as it is read and as it is chained."""

    entry: Entry
    link: Link


@dataclass(slots=True)
class MemoryLog:
    """The record and the texts that it points to."""

    lines: list[Line] = field(default_factory=list[Line])
    keys: dict[str, bytes | None] = field(default_factory=dict[str, "bytes | None"])  # None: erased
    texts: dict[tuple[str, str | None], str] = field(default_factory=dict[tuple[str, "str | None"], str])
    counts: dict[str, int] = field(default_factory=dict[str, int])
    onces: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])

    def append(self, ticket_id: str, kind: Kind, body: Document, *, at: datetime, once: str | None) -> Entry | None:
        """Add one entry; None where the ticket has one with the same `once` word. Raises Erased."""
        if once is not None and (ticket_id, once) in self.onces:
            return None
        self.must_be_open(ticket_id)
        return self.note(ticket_id, kind, body, at=at, once=once)

    def must_be_open(self, ticket_id: str) -> None:
        """Raise Erased for a ticket that was erased."""
        if self.is_erased(ticket_id):
            raise Erased(f'ticket "{ticket_id}" was erased: nothing can be added to it')

    def is_erased(self, ticket_id: str) -> bool:
        """Tell whether a ticket was erased."""
        return ticket_id in self.keys and self.keys[ticket_id] is None

    def note(self, ticket_id: str, kind: Kind, body: Document, *, at: datetime, once: str | None = None) -> Entry:
        """Add an entry; on an erased ticket, what is not personal of it."""
        key = self.keys.setdefault(ticket_id, new_key())
        if key is None and kind is not Kind.ERASED:
            body = without_personal(body)
        seq = self.counts[ticket_id] = self.counts.get(ticket_id, 0) + 1
        entry = Entry(ticket_id=ticket_id, seq=seq, kind=kind, at=at, body=body)
        text = dump_json(body) if key is None else seal(key, dump_json(body), ticket=ticket_id, seq=seq, kind=kind)
        previous = self.lines[-1].link.hash if self.lines else FIRST
        number, when = len(self.lines) + 1, written(at)
        link = chained(
            id=number, ticket=ticket_id, seq=seq, kind=kind, at=when, body=text, once=once, previous=previous
        )
        self.lines.append(Line(entry, link))
        if once is not None:
            self.onces.add((ticket_id, once))
        return entry

    def newest_moment(self, ticket_id: str) -> datetime:
        """Return when the newest entry of a ticket was written; now, where it has none."""
        mine = (line.entry.at for line in reversed(self.lines) if line.entry.ticket_id == ticket_id)
        return next(mine, None) or datetime.now(UTC)

    def keep(self, text: str, *, ticket_id: str | None) -> str:
        """Store a text once under its hash. Raises Erased."""
        sha256 = hashlib.sha256(text.encode()).hexdigest()
        if ticket_id is not None:
            self.must_be_open(ticket_id)
            self.keys.setdefault(ticket_id, new_key())
        self.texts[sha256, ticket_id] = text
        return sha256

    def forget(self, ticket_id: str) -> bool:
        """Drop a ticket's key, bodies and texts; False where there is no key to drop."""
        if self.keys.get(ticket_id) is None:
            return False
        self.keys[ticket_id] = None
        for number, line in enumerate(self.lines):
            if line.entry.ticket_id == ticket_id:
                self.lines[number] = replace(line, entry=replace(line.entry, body=ERASED))
        self.texts = {place: text for place, text in self.texts.items() if place[1] != ticket_id}
        return True
