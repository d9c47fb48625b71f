"""Files of the audit: keys in PEM, heads one a line, exports one line of the log each with its hash before it.

A line of an export is `{"hash":"<64 digits>","line":<the line>}`: cut off its first 82 characters and its last one, and
what is left are the very bytes whose sha256 the hash is.
"""

import errno
import fcntl
import os
import re
from collections.abc import AsyncIterable, Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from casino.loaded import DocumentError
from tools.audit.heads import Head, NotAHead, public_text, read_head
from tools.record import Link

PUBLIC: Final = ".pub"  # what the name of a public key ends with
_BEGINS_PUBLIC, _BEGINS_PRIVATE = b"-----BEGIN PUBLIC KEY-----", b"PRIVATE KEY-----"
HASH_FROM, HASH_TO, LINE_FROM = 9, 73, 82  # characters of an exported line
_EXPORTED: Final = re.compile(r'\{"hash":"[0-9a-f]{64}","line":\{.*\}\}')
_NUMBER: Final = re.compile(r'"id":([0-9]{1,16}),"kind":"')  # inside of a text the quotes would be escaped


def make_key(file: Path) -> Path:
    """Write a new private key, readable by its owner only, and beside it the public one; return where that is.

    Raises `FileExistsError`: a key that is there is never written over.
    """
    key, public = Ed25519PrivateKey.generate(), file.with_name(f"{file.name}{PUBLIC}")
    for one in (file, public):
        if one.exists():
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(one))
    _write_new(file, _private_pem(key), mode=0o600)
    _write_new(public, _public_pem(key.public_key()), mode=0o644)
    return public


def read_key(file: Path) -> Ed25519PrivateKey:
    """Return the private key of a PEM file. Raises `DocumentError`, also where everybody may read the file."""
    mend = f'Make one with "croupier audit key {file}".'
    try:
        mode, pem = file.stat().st_mode, file.read_bytes()
    except OSError as error:
        raise _unusable(file, f"the private key cannot be read ({error.strerror})", mend) from error
    if _BEGINS_PUBLIC in pem:
        raise _unusable(file, "this is the public key", f"Name {_private_beside(file)}.")
    try:
        key = serialization.load_pem_private_key(pem, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise _unusable(file, "this is no private key in PEM without a password", mend) from error
    if mode & 0o007:
        raise _unusable(file, "everybody on this machine may read this private key", f'Run "chmod 600 {file}".')
    if not isinstance(key, Ed25519PrivateKey):
        raise _unusable(file, "this is a private key of another kind than Ed25519", mend)
    return key


def read_public_key(file: Path) -> str:
    """Return the public key of a PEM file, as heads write it. Raises `DocumentError`."""
    mend = 'Name the ".pub" file that "croupier audit key" wrote beside the private key.'
    try:
        pem = file.read_bytes()
    except OSError as error:
        raise _unusable(file, f"the public key cannot be read ({error.strerror})", mend) from error
    if _BEGINS_PRIVATE in pem:
        raise _unusable(file, "this is the private key, which nobody else should have", mend)
    try:
        key = serialization.load_pem_public_key(pem)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise _unusable(file, "this is no public key in PEM", mend) from error
    if not isinstance(key, Ed25519PublicKey):
        raise _unusable(file, "this is a public key of another kind than Ed25519", mend)
    return public_text(key)


def read_heads(file: Path) -> list[Head]:
    """Return the heads of a file, in its order; blank lines are passed over. Raises `DocumentError`."""
    try:
        with file.open(encoding="utf-8", errors="surrogateescape", newline="\n") as opened:
            return list(_heads(file, opened))
    except OSError as error:
        raise _unusable(file, f"the heads cannot be read ({error.strerror})", "Name the file they are in.") from error


def _heads(file: Path, lines: IO[str]) -> Iterator[Head]:
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                yield read_head(line)
            except NotAHead as error:
                mend = "Take the heads from where a copy of them was put."
                raise DocumentError(
                    f"this is no head: {error}", name=str(file), line=number, column=1, mend=mend
                ) from error


@contextmanager
def heads_alone(file: Path) -> Generator[list[Head]]:
    """Hold a heads file, made where there is none, so that one process at a time adds to it; give what is in it."""
    try:
        with file.open("a", encoding="utf-8") as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            yield read_heads(file)
    except OSError as error:
        mend = "Name a file in a folder that is there and can be written to."
        raise _unusable(file, f"heads cannot be written there ({error.strerror})", mend) from error


def append_head(file: Path, head: Head) -> None:
    """Add a head to a file that is held, so that it survives a power cut. Raises `OSError`."""
    with file.open("ab+") as opened:
        ended = opened.tell() == 0 or _last_byte(opened) == b"\n"
        opened.write(f"{'' if ended else chr(10)}{head.line()}\n".encode())
        opened.flush()
        os.fsync(opened.fileno())


def _last_byte(opened: IO[bytes]) -> bytes:
    opened.seek(-1, os.SEEK_END)
    return opened.read(1)


def exported(link: Link) -> str:
    """Return a link as a line of an export."""
    return f'{{"hash":"{link.hash}","line":{link.line}}}'


def read_export(file: Path, *, after: int = 0) -> Iterator[Link]:
    """Yield the links of an export that begins behind a position. Raises `DocumentError`.

    What a line says is not judged here, only that a line of an export is there.
    """
    number = after
    try:
        with file.open(encoding="utf-8", errors="surrogateescape", newline="\n") as opened:
            for place, text in enumerate(opened, 1):
                line = _whole(file, place, text)
                claimed = _NUMBER.search(line)
                number = number + 1 if claimed is None else int(claimed[1])
                yield Link(id=number, line=line[LINE_FROM:-1], hash=line[HASH_FROM:HASH_TO])
    except OSError as error:
        mend = 'Name a file that "croupier audit export" wrote.'
        raise _unusable(file, f"the export cannot be read ({error.strerror})", mend) from error


def _whole(file: Path, place: int, text: str) -> str:
    line = text.removesuffix("\n")
    if line == text:
        raise _at(file, place, len(text) + 1, "the export is cut off in the middle of this line")
    if _EXPORTED.fullmatch(line) is None:
        raise _at(file, place, 1, 'this is no line of an export, {"hash":"…","line":{…}}')
    return line


def _at(file: Path, line: int, column: int, message: str) -> DocumentError:
    return DocumentError(message, name=str(file), line=line, column=column, mend="Export the log again and compare.")


async def write_export(links: AsyncIterable[Link], file: Path) -> int:
    """Write an export so that a reader finds the old file or the new one, whole; return how many lines it has.

    Only its owner may read it: ids of tickets and times are plain in it. Raises `OSError`, and then the old file is
    still there.
    """
    beside = file.with_name(f".{file.name}.new")
    beside.unlink(missing_ok=True)
    count = 0
    try:
        with os.fdopen(_new(beside, mode=0o600), "w", encoding="utf-8", newline="\n") as opened:
            async for link in links:
                opened.write(exported(link) + "\n")
                count += 1
            opened.flush()
            os.fsync(opened.fileno())
        beside.replace(file)
    finally:
        beside.unlink(missing_ok=True)
    return count


def write_private(file: Path, text: str) -> None:
    """Write a file that only its owner may read, whole or not at all. Raises `OSError`."""
    beside = file.with_name(f".{file.name}.new")
    beside.unlink(missing_ok=True)
    try:
        _write_new(beside, text.encode(), mode=0o600)
        beside.replace(file)
    finally:
        beside.unlink(missing_ok=True)


def _write_new(file: Path, content: bytes, *, mode: int) -> None:
    with os.fdopen(_new(file, mode=mode), "wb") as opened:
        opened.write(content)
        opened.flush()
        os.fsync(opened.fileno())


def _new(file: Path, *, mode: int) -> int:
    """Open a file that is not there yet."""
    return os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, mode)


def _private_pem(key: Ed25519PrivateKey) -> bytes:
    form, plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, form, plain)


def _public_pem(key: Ed25519PublicKey) -> bytes:
    return key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


def _private_beside(file: Path) -> str:
    """Name the private key that goes with a public one."""
    return f"{file.with_suffix('')}, beside it" if file.suffix == PUBLIC else "the private one that goes with it"


def _unusable(file: Path, message: str, mend: str) -> DocumentError:
    return DocumentError(message, name=str(file), line=None, column=None, mend=mend)
