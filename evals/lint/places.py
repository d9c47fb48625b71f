"""Where the parts of a JSON text stand. Read only where there is something to say about a file."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from casino.loaded import Path as Steps
from casino.loaded import Place

_SPACE: Final = re.compile(r"[\s\ufeff]*")
_TEXT: Final = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_WORD: Final = re.compile(r"[^\s,:\]}]*")
START: Final = Place(1, 1)


def places(text: str) -> dict[Steps, Place]:
    """Return the place of every part of a JSON text by its path; an entry of an object stands at its key.

    The text was read as JSON before. Where it is none, the places up to there are returned.
    """
    reading = _Reading(text)
    reading.value((), reading.after_space(0))
    ends = [at for at, one in enumerate(text) if one == "\n"]
    found: dict[Steps, Place] = {}
    line = 0
    for path, at in sorted(reading.starts.items(), key=lambda one: one[1]):
        while line < len(ends) and ends[line] < at:
            line += 1
        found[path] = Place(line + 1, at - (ends[line - 1] if line else -1))
    return found


def place_of(path: Steps, known: Mapping[Steps, Place]) -> Place:
    """Return the place of a part, or that of the nearest part in which it would stand."""
    within = (path[:size] for size in range(len(path), -1, -1))
    return next((known[one] for one in within if one in known), START)


def path_of(dotted: str, known: Mapping[Steps, Place]) -> Steps:
    """Return the path that a message writes with dots, as far as there is such a part."""
    path: Steps = ()
    for step in dotted.split("."):
        steps = ((*path, int(step)), (*path, step)) if step.isdecimal() else ((*path, step),)
        found = next((one for one in steps if one in known), None)
        if found is None:
            break
        path = found
    return path


@dataclass(slots=True)
class _Reading:
    """Walks a text; each method returns where what it read ends."""

    text: str
    starts: dict[Steps, int] = field(default_factory=dict[Steps, int])

    def after_space(self, at: int) -> int:
        found = _SPACE.match(self.text, at)
        return at if found is None else found.end()

    def value(self, path: Steps, at: int) -> int:
        self.starts.setdefault(path, at)
        match self.text[at : at + 1]:
            case "{":
                return self._entries(path, at + 1)
            case "[":
                return self._items(path, at + 1)
            case '"':
                return self._end(_TEXT, at)
            case _:
                return self._end(_WORD, at)

    def _entries(self, path: Steps, at: int) -> int:
        at = self.after_space(at)
        while self.text[at : at + 1] == '"':
            end = self._end(_TEXT, at)
            inner = (*path, _key(self.text[at:end]))
            self.starts.setdefault(inner, at)
            colon = self.after_space(end)
            at = self._next(self.value(inner, self.after_space(colon + 1)))
        return at + 1

    def _items(self, path: Steps, at: int) -> int:
        at, number = self.after_space(at), 0
        while at < len(self.text) and self.text[at] not in "]}":
            at = self._next(self.value((*path, number), at))
            number += 1
        return at + 1

    def _next(self, at: int) -> int:
        """Return where the next part begins, behind the comma; where there is none, the end of the whole."""
        at = self.after_space(at)
        return self.after_space(at + 1) if self.text[at : at + 1] == "," else at

    def _end(self, pattern: re.Pattern[str], at: int) -> int:
        found = pattern.match(self.text, at)
        return len(self.text) if found is None or found.end() == at else found.end()


def _key(written: str) -> str:
    try:
        return str(json.loads(written))
    except ValueError:
        return written
