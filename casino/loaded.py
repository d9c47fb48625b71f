"""What a document has become once it is read: a value, where its parts stand, and the error that points there."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from casino.values import Value

Path: TypeAlias = tuple[str | int, ...]
DEEPEST = 48  # nested lists and mappings; nothing that people write comes near


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands in a text; both count from 1."""

    line: int
    column: int


class DocumentError(ValueError):
    """A document that cannot be taken: what, where, and how to mend it."""

    def __init__(self, message: str, *, name: str, line: int | None, column: int | None, mend: str) -> None:
        where = [name, *(str(part) for part in (line, column) if part is not None)]
        super().__init__(f"{':'.join(where)}: {message}. {mend}".rstrip())
        self.message = message
        self.name = name
        self.line = line
        self.column = column
        self.mend = mend


@dataclass(frozen=True, slots=True)
class Loaded:
    """A value and where its parts stand: a mapping's entry at its key, a list's item at its first character."""

    value: Value
    places: Mapping[Path, Place]
    name: str

    def place(self, path: Path) -> Place | None:
        """Return the place of a path or of its nearest known parent; None where the text kept no places (JSON)."""
        for length in range(len(path), -1, -1):
            place = self.places.get(path[:length])
            if place is not None:
                return place
        return None

    def at(self, path: Path) -> Value:
        """Return the value at a path that is known to exist."""
        value = self.value
        for step in path:
            match value, step:
                case dict(), str():
                    value = value[step]
                case list(), int():
                    value = value[step]
                case _:
                    raise KeyError(path)
        return value

    def error(self, path: Path, message: str, mend: str, *, shift: int = 0) -> DocumentError:
        """Return the error that points at a path, `shift` columns to the right of where it begins."""
        place = self.place(path)
        if place is None:
            return DocumentError(message, name=self.name, line=None, column=None, mend=mend)
        return DocumentError(message, name=self.name, line=place.line, column=place.column + shift, mend=mend)
