"""What was worked out of a value that never changes, kept beside it: compiled functions, hashes."""

from collections.abc import Callable, Hashable
from typing import Final, TypeVar

MOST_KEPT: Final = 128  # keys may come from callers (a brand); a full memo is emptied, and fills again

_T = TypeVar("_T")


class Memo:
    """Keeps what is asked for more than once. It changes no answer, only the time until it is there."""

    __slots__ = ("_kept",)

    def __init__(self) -> None:
        self._kept: dict[tuple[type, Hashable], object] = {}

    def once(self, kind: type[_T], key: Hashable, make: Callable[[], _T]) -> _T:
        """Return what is kept of this kind under the key, or make it and keep it."""
        found = self._kept.get((kind, key))
        if isinstance(found, kind):
            return found
        made = make()
        if len(self._kept) >= MOST_KEPT:
            self._kept.clear()
        self._kept[kind, key] = made
        return made
