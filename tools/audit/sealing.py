"""Sealing: a ticket's entries are encrypted under its own key, so that deleting the key erases what was said.

AES-256-GCM, with a fresh nonce for each text. The place of a text (ticket, number, kind) is authenticated with it: a
sealed body that is moved to another place cannot be opened there.
"""

import base64
import binascii
import secrets
from typing import Final

import rfc8785
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

VERSION: Final = "v1:"
NONCE_BYTES: Final = 12
KEY_BITS: Final = 256


class Unsealable(Exception):  # noqa: N818  # named by what happened
    """A sealed text cannot be opened: it was changed or moved, or the key is another one."""


def new_key() -> bytes:
    """Return a fresh key for one ticket."""
    return AESGCM.generate_key(bit_length=KEY_BITS)


def seal(key: bytes, plain: str, *, ticket: str, seq: int, kind: str) -> str:
    """Return a text sealed for its place: `v1:` and the base64 of nonce, ciphertext and tag."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    sealed = AESGCM(key).encrypt(nonce, plain.encode(), _place(ticket, seq, kind))
    return VERSION + base64.b64encode(nonce + sealed).decode()


def unseal(key: bytes, text: str, *, ticket: str, seq: int, kind: str) -> str:
    """Return the text that was sealed for this place. Raises `Unsealable`."""
    if not text.startswith(VERSION):
        raise Unsealable(f'the body of entry {seq} is not sealed as "{VERSION}…"')
    try:
        raw = base64.b64decode(text.removeprefix(VERSION), validate=True)
        return AESGCM(key).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], _place(ticket, seq, kind)).decode()
    except (binascii.Error, InvalidTag, ValueError) as error:  # ValueError: too short for a nonce
        raise Unsealable(f"entry {seq} of its ticket was changed or moved, or its key is another one") from error


def _place(ticket: str, seq: int, kind: str) -> bytes:
    return rfc8785.dumps([ticket, seq, kind])
