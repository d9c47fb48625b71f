"""A piece of a file that is Markdown: its lines, and where each of its characters stands in the file."""

import re
from dataclasses import dataclass
from typing import NamedTuple

from agent.playbook.procedure import Place

_LINE = re.compile(r"([^\r\n]*)(\r\n|\r|\n|$)")


class Line(NamedTuple):
    """One line of a file and the characters that end it."""

    text: str
    ending: str


def lines_of(text: str) -> list[Line]:
    """Split a file at its line ends (and at nothing else), so that joining gives back every byte."""
    lines = [Line(*found.groups()) for found in _LINE.finditer(text)]
    return lines[:-1] if lines[-1] == Line("", "") else lines


@dataclass(frozen=True, slots=True)
class Sheet:
    """Consecutive lines of a file without their indentation.

    `line` is the number of the first in the file, `indent` the characters cut off on the left.
    """

    lines: tuple[str, ...]
    line: int = 1
    indent: int = 0

    @classmethod
    def cut(cls, lines: list[Line], first: int, end: int, *, indent: int = 0) -> "Sheet":
        """Cut the lines with the indices `first <= i < end` out of a file."""
        return cls(tuple(line.text[indent:] for line in lines[first:end]), first + 1, indent)

    def text(self) -> str:
        """Return the lines as one Markdown text."""
        return "\n".join(self.lines)

    def place(self, index: int, offset: int) -> Place:
        """Return where the character `offset` of the line `index` stands in the file."""
        return Place(self.line + index, self.indent + offset + 1)

    def position(self, place: Place) -> tuple[int, int]:
        """Return the index of the line and the offset in it at which a place of the file stands."""
        return place.line - self.line, place.column - self.indent - 1
