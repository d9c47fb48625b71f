"""Where tickets stand: each in a file of its own, or many in a pack, one a line. Read as a stream, written whole.

A place is written `file.json`, or `pack.jsonl:12` with the line, and is read back from that as well.
"""

import os
import re
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

from casino.document import dump_json
from casino.values import Document

PACK: Final = ".jsonl"
_ENDS: Final = b"\r\n"
_LINE_OF_PACK: Final = re.compile(r"(?P<pack>.+\.jsonl):(?P<line>[1-9][0-9]*)")


class PackError(Exception):
    """A file cannot be read or written as tickets; the message says where, why and how to mend it."""


class Place(NamedTuple):
    """Where a ticket stands."""

    file: Path
    line: int = 0  # in a pack, from 1; 0: the file is one ticket
    offset: int = 0  # where its line begins, in bytes

    @property
    def shown(self) -> str:
        """Return the place as people are told it."""
        return f"{self.file}:{self.line}" if self.line else str(self.file)


def is_pack(file: Path) -> bool:
    """Tell whether a file is a pack, by its name."""
    return file.suffix == PACK


def place_from(text: str, *, offset: int = 0) -> Place:
    """Return the place that is written so; a file that really has such a name is that file."""
    found = _LINE_OF_PACK.fullmatch(text)
    if found is None or Path(text).exists():
        return Place(Path(text), offset=offset)
    return Place(Path(found["pack"]), int(found["line"]), offset)


def ticket_files(path: Path) -> list[Path]:
    """Return the file, or every `*.json` and `*.jsonl` below a folder in the order of their names."""
    if path.is_file():
        return [path]
    if not path.exists():
        raise PackError(f"{path}: there is no such file or folder; check the path")
    files = sorted(file for file in path.rglob("*.json*") if file.suffix in {".json", PACK})
    if not files:
        raise PackError(f"{path}: there is no ticket here; give a ticket file or a folder of them")
    return files


def most_tickets(path: Path) -> int:
    """Return how many tickets there are at most: files, and the lines of packs. Nothing is read of them."""
    files = ticket_files(path) if not place_from(str(path)).line else []
    return sum(_lines(file) if is_pack(file) else 1 for file in files) or 1


def _lines(file: Path) -> int:
    with _opened(file) as lines:
        return sum(1 for _ in lines)


def each_written(file: Path) -> Iterator[tuple[Place, bytes]]:
    """Yield every ticket of a file as it is written, one after the other; blank lines of a pack are none."""
    if not is_pack(file):
        yield Place(file), _whole(file)
        return
    found, offset = False, 0
    with _opened(file) as lines:
        for number, line in enumerate(lines, start=1):
            if line.strip():
                found = True
                yield Place(file, number, offset), line.rstrip(_ENDS)
            offset += len(line)
    if not found:
        raise PackError(f"{file}: there is no ticket here; a pack has one on each line")


def written_at(place: Place) -> bytes:
    """Return the ticket at a place. With an offset its line is gone to at once, else it is counted to."""
    if not place.line:
        return _whole(place.file)
    with _opened(place.file) as lines:
        if place.offset:
            lines.seek(place.offset)
            line = lines.readline()
        else:
            line = next((one for number, one in enumerate(lines, start=1) if number == place.line), b"")
    if not line.strip():
        raise PackError(f"{place.shown}: there is no ticket on this line; look whether the pack has changed")
    return line.rstrip(_ENDS)


@dataclass(slots=True)
class PackWriter:
    """Writes tickets to a pack, which takes its name once it is whole."""

    file: Path
    part: Path  # where it is written meanwhile
    to: BinaryIO
    written: int = field(default=0)

    def add(self, ticket: Document) -> str:
        """Write a ticket and return where it stands. Raises `PackError`."""
        line = dump_json(ticket).encode() + b"\n"
        with _writing(self.file):
            self.to.write(line)
            self.to.flush()
        self.written += 1
        return Place(self.file, self.written).shown


@contextmanager
def new_pack(file: Path) -> Generator[PackWriter]:
    """Write a pack beside its name and put it there at the end. What is broken off stays as `*.part`."""
    part = _part_of(file)
    with _writing(file):
        file.parent.mkdir(parents=True, exist_ok=True)
        to = part.open("wb")
    with to:
        writer = PackWriter(file, part, to)
        try:
            yield writer
        except BaseException:
            if not writer.written:
                part.unlink(missing_ok=True)
            raise
    with _writing(file):
        part.replace(file)


def write_ticket(file: Path, ticket: Document) -> None:
    """Write a ticket into a file of its own, whole or not at all. Raises `PackError`."""
    part = _part_of(file)
    with _writing(file):
        file.parent.mkdir(parents=True, exist_ok=True)
        try:
            part.write_text(dump_json(ticket) + "\n", "utf-8")
            part.replace(file)
        finally:
            part.unlink(missing_ok=True)


def _part_of(file: Path) -> Path:
    return file.with_name(f"{file.name}.{os.getpid()}.part")


@contextmanager
def _writing(file: Path) -> Generator[None]:
    try:
        yield
    except OSError as error:
        raise PackError(f"{file}: cannot be written ({error.strerror}); name another place") from error


def _whole(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise _unread(file, error) from error


def _opened(file: Path) -> BinaryIO:
    try:
        return file.open("rb")
    except OSError as error:
        raise _unread(file, error) from error


def _unread(file: Path, error: OSError) -> PackError:
    return PackError(f"{file}: cannot be read ({error.strerror}); check the path")
