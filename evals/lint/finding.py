"""What a lint says: where, how grave, what, and how to mend it."""

from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeAlias

from casino.loaded import Path as Steps
from casino.values import Value

Grade: TypeAlias = Literal["error", "warning"]


class Remark(NamedTuple):
    """What a rule says about a part of a ticket."""

    path: Steps
    what: str
    mend: str
    level: Grade = "error"

    def text(self, file: str) -> str:
        """Return the remark as a message about a ticket that cannot be used: `file: part: what. how to mend`."""
        return f"{file}: {'.'.join(map(str, self.path))}: {self.what}. {self.mend}"


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """A remark at its place in a file."""

    file: str
    line: int
    column: int
    level: Grade
    what: str
    mend: str

    def text(self) -> str:
        """Return the finding as one line: `file:line:column: level: what. how to mend`."""
        said = f"{self.what}. {self.mend}" if self.mend else self.what
        return f"{self.file}:{self.line}:{self.column}: {self.level}: {said}"

    def document(self) -> dict[str, Value]:
        """Return the finding for a machine."""
        return {
            "file": self.file,
            "line": self.line,
            "column": self.column,
            "level": self.level,
            "what": self.what,
            "mend": self.mend,
        }
