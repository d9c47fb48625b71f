"""The key of each ticket, and what is sealed under it. A ticket that was erased has a row without a key."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, bindparam, insert, select

from casino.document import dump_json, load_json
from casino.values import Document
from tools.adapters.sql.engine import Damaged
from tools.adapters.sql.tables import KEYS
from tools.audit.sealing import Unsealable, new_key, seal, unseal
from tools.record import ERASED, Erased

_SEALED: Final = "v1:"  # how a sealed text begins; a plain document begins with a brace
_KEY: Final = select(KEYS.c.key).where(KEYS.c.ticket_id == bindparam("ticket"))
_ADDED: Final = insert(KEYS)
BESIDE: Final = 0  # the place of what is sealed outside of the record: no entry has this number


@dataclass(frozen=True, slots=True)
class Key:
    """What opens a ticket's texts; None once it was erased."""

    ticket_id: str
    secret: bytes | None

    def sealed(self, plain: str, *, seq: int = BESIDE, kind: str) -> str:
        """Seal a text for its place. Raises Erased."""
        return seal(self.open(), plain, ticket=self.ticket_id, seq=seq, kind=kind)

    def open(self) -> bytes:
        """Return what seals. Raises Erased."""
        if self.secret is None:
            raise Erased(f'ticket "{self.ticket_id}" was erased: nothing can be added to it')
        return self.secret

    def opened(self, stored: str, *, seq: int = BESIDE, kind: str) -> str | None:
        """Return the text that is stored at a place, sealed or plain; None where its key is gone."""
        if not stored.startswith(_SEALED):
            return stored
        if self.secret is None:
            return None
        try:
            return unseal(self.secret, stored, ticket=self.ticket_id, seq=seq, kind=kind)
        except Unsealable as error:
            raise Damaged(f'of ticket "{self.ticket_id}", {error}') from error

    def sealed_document(self, document: Document, *, seq: int = BESIDE, kind: str) -> str:
        """Seal a document for its place. Raises Erased."""
        return self.sealed(dump_json(document), seq=seq, kind=kind)

    def document(self, stored: str, *, seq: int = BESIDE, kind: str) -> Document:
        """Return the document that is stored at a place; `ERASED` where its key is gone."""
        opened = self.opened(stored, seq=seq, kind=kind)
        return ERASED if opened is None else read_document(opened)


def read_document(text: str) -> Document:
    """Return the JSON object that a column holds."""
    value = load_json(text, name="store").value
    if not isinstance(value, dict):
        raise Damaged("a stored document is not an object")
    return value


def key_of(connection: Connection, ticket_id: str) -> Key:
    """Return a ticket's key for reading; one without a secret where it has none."""
    secret = connection.scalar(_KEY, {"ticket": ticket_id})
    return Key(ticket_id, secret)


def keys_of(connection: Connection, tickets: set[str]) -> Mapping[str, Key]:
    """Return the keys of some tickets for reading."""
    if not tickets:
        return {}
    rows = connection.execute(select(KEYS.c.ticket_id, KEYS.c.key).where(KEYS.c.ticket_id.in_(tickets)))
    found = {ticket_id: Key(ticket_id, secret) for ticket_id, secret in rows}
    return {ticket_id: found.get(ticket_id, Key(ticket_id, None)) for ticket_id in tickets}


def writing_key(connection: Connection, ticket_id: str) -> Key:
    """Return a ticket's key, made where it has none yet; one without a secret where it was erased."""
    found = connection.execute(_KEY, {"ticket": ticket_id}).one_or_none()
    if found is not None:
        return Key(ticket_id, found[0])
    secret = new_key()
    connection.execute(_ADDED, {"ticket_id": ticket_id, "key": secret})
    return Key(ticket_id, secret)
