"""Heads: the newest hash of the log, signed and kept elsewhere, so that nobody can write the log anew behind it.

A chain alone shows a change only to who does not recompute the hashes, and never that its end was cut off. A head,
signed with Ed25519 over the RFC 8785 JSON of the rest and exported to where the writer of the log cannot reach, pins
every line up to its own.
"""

import base64
import binascii
import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final, cast

import rfc8785
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from casino.values import Document
from tools.record import Link


class NotAHead(Exception):  # noqa: N818  # named by what is wrong
    """A text is no head; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The log reached line `id` with this hash at this moment, says the owner of the key."""

    id: int
    hash: str
    at: str  # ISO 8601 with its offset
    key: str  # the public key, base64 of its 32 bytes
    signature: str  # base64

    def document(self) -> Document:
        """Return the head as it is written."""
        return {**self._signed(), "signature": self.signature}

    def line(self) -> str:
        """Return the head as a line of a heads file."""
        return rfc8785.dumps({**self._signed(), "signature": self.signature}).decode()

    def statement(self) -> bytes:
        """Return the bytes that are signed: the RFC 8785 JSON of all but the signature."""
        return rfc8785.dumps(self._signed())

    def is_signed(self) -> bool:
        """Say whether the signature is the key's own, over this head as it stands."""
        try:
            key = Ed25519PublicKey.from_public_bytes(base64.b64decode(self.key, validate=True))
            key.verify(base64.b64decode(self.signature, validate=True), self.statement())
        except (InvalidSignature, binascii.Error, ValueError):
            return False
        return True

    def _signed(self) -> dict[str, int | str]:
        return {"id": self.id, "hash": self.hash, "at": self.at, "key": self.key}


def sign(link: Link, key: Ed25519PrivateKey, *, at: datetime) -> Head:
    """Return the signed head of a log whose newest link this is."""
    moment, public = at.astimezone(UTC).isoformat(), public_text(key.public_key())
    bare = Head(id=link.id, hash=link.hash, at=moment, key=public, signature="")
    return replace(bare, signature=base64.b64encode(key.sign(bare.statement())).decode())


def public_text(key: Ed25519PublicKey) -> str:
    """Return a public key as heads write it."""
    return base64.b64encode(key.public_bytes_raw()).decode()


_TYPES: Final = {"id": int, "hash": str, "at": str, "key": str, "signature": str}


def read_head(line: str) -> Head:
    """Return the head that a line holds. Whether it is signed, and by whom, is another question. Raises `NotAHead`."""
    try:
        raw: object = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise NotAHead("it is not JSON") from error
    values = cast("dict[str, object]", raw) if isinstance(raw, dict) else {}
    if values.keys() != _TYPES.keys() or any(type(values[name]) is not _TYPES[name] for name in _TYPES):
        raise NotAHead("it does not hold the five values at, hash, id, key and signature")
    head = Head(**values)  # pyright: ignore[reportArgumentType]  # each type was looked at above
    if head.id < 1 or _moment(head.at) is None:
        raise NotAHead("its number is below 1, or its time is no moment with an offset")
    return head


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return None if moment.tzinfo is None else moment
