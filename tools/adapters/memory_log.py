"""The record in memory: the same chain and the same erasure, with the keys in a dictionary."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from casino.document import dump_json
from casino.values import Document
from tools.audit.chain import FIRST, chained
from tools.audit.sealing import new_key, seal
from tools.on_record import without_personal, written
from tools.record import ERASED, Entry, Erased, Kind, Link


@dataclass(frozen=True, slots=True)
class _Loose:
    """What the link of an entry is made of, once somebody asks for the chain."""

    entry: Entry
    text: str  # the body as it was written, not sealed yet
    key: bytes | None
    once: str | None


@dataclass(slots=True)
class MemoryLog:
    """The record and the texts that it points to.

    Entries are sealed and chained when the chain is asked for, or before a key is dropped: replays never ask.
    """

    entries: list[Entry] = field(default_factory=list[Entry])  # of all tickets, in order
    keys: dict[str, bytes | None] = field(default_factory=dict[str, "bytes | None"])  # None: erased
    texts: dict[tuple[str, str | None], str] = field(default_factory=dict[tuple[str, "str | None"], str])
    counts: dict[str, int] = field(default_factory=dict[str, int])
    onces: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])
    _links: list[Link] = field(default_factory=list[Link])  # of the first entries
    _loose: list[_Loose] = field(default_factory=list[_Loose])  # of those behind them

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
        """Add an entry; on an erased ticket, what is not personal of it. Raises ValueError for what is no text."""
        key = self._key(ticket_id)
        if key is None and kind is not Kind.ERASED:
            body = without_personal(body)
        text = dump_json(body)
        _ = (ticket_id + text + (once or "")).encode(), written(at)  # what cannot be chained is not taken
        seq = self.counts[ticket_id] = self.counts.get(ticket_id, 0) + 1
        entry = Entry(ticket_id=ticket_id, seq=seq, kind=kind, at=at, body=body)
        self.entries.append(entry)
        self._loose.append(_Loose(entry, text, key, once))
        if once is not None:
            self.onces.add((ticket_id, once))
        return entry

    def _key(self, ticket_id: str) -> bytes | None:
        if ticket_id not in self.keys:
            self.keys[ticket_id] = new_key()
        return self.keys[ticket_id]

    def links(self) -> Sequence[Link]:
        """Return the chain over all entries."""
        for one in self._loose:
            self._links.append(self._chained(one))
        self._loose.clear()
        return self._links

    def _chained(self, one: _Loose) -> Link:
        entry, text = one.entry, one.text
        if one.key is not None:
            text = seal(one.key, text, ticket=entry.ticket_id, seq=entry.seq, kind=entry.kind)
        return chained(
            id=len(self._links) + 1,
            ticket=entry.ticket_id,
            seq=entry.seq,
            kind=entry.kind,
            at=written(entry.at),
            body=text,
            once=one.once,
            previous=self._links[-1].hash if self._links else FIRST,
        )

    def newest_moment(self, ticket_id: str) -> datetime:
        """Return when the newest entry of a ticket was written; now, where it has none."""
        mine = (entry.at for entry in reversed(self.entries) if entry.ticket_id == ticket_id)
        return next(mine, None) or datetime.now(UTC)

    def keep(self, text: str, *, ticket_id: str | None) -> str:
        """Store a text once under its hash. Raises Erased."""
        sha256 = hashlib.sha256(text.encode()).hexdigest()
        if ticket_id is not None:
            self.must_be_open(ticket_id)
            self._key(ticket_id)
        self.texts[sha256, ticket_id] = text
        return sha256

    def forget(self, ticket_id: str) -> bool:
        """Drop a ticket's key, bodies and texts; False where there is no key to drop."""
        if self.keys.get(ticket_id) is None:
            return False
        self.links()  # whatever is sealed under the key is sealed before it goes
        self.keys[ticket_id] = None
        self.entries = [replace(one, body=ERASED) if one.ticket_id == ticket_id else one for one in self.entries]
        self.texts = {place: text for place, text in self.texts.items() if place[1] != ticket_id}
        return True
