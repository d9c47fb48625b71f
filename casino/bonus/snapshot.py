"""What a decision rests on: the values that were read, and what could not be read. Nothing else is kept of a player."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from casino.facts import MISSING, UNAVAILABLE, Computed, Facts, touch
from casino.values import Value


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Values as the platform gave them, by path, and the paths that could not be read; any other one was missing."""

    values: Mapping[str, Value]
    unavailable: tuple[str, ...]

    @classmethod
    def of(cls, facts: Facts, paths: Iterable[str]) -> "Snapshot":
        """Look at the paths; computed fields are not looked at, but worked out again whenever they are needed.

        Where only a part of what was looked at could not be read, that part is kept: its other parts may stand alone.
        """
        plain = Facts(facts.tree, facts.unavailable)
        values: dict[str, Value] = {}
        unavailable: dict[str, None] = {}
        for path in sorted({*paths}):
            look = plain.look(path)
            if look is UNAVAILABLE:
                below = [gone for gone in facts.unavailable if gone.startswith(f"{path}.")]
                whole = any(touch(path, gone) for gone in facts.unavailable if gone not in below)
                unavailable |= dict.fromkeys([path] if whole else sorted(below))
            elif look is not MISSING:
                values[path] = look.value
        return cls(MappingProxyType(values), tuple(unavailable))

    def facts(self) -> Facts:
        """Return facts that answer as the source did, for every path that was looked at."""
        tree: dict[str, Value] = {}
        for path in sorted(self.values):  # what lies above a path comes before it
            _place(tree, path.split("."), self.values[path])
        return Facts(MappingProxyType(tree), self.unavailable)

    def only(self, paths: Iterable[str]) -> "Snapshot":
        """Return what it says about these paths."""
        kept = {*paths}
        values = {path: value for path, value in self.values.items() if path in kept}
        gone = tuple(one for one in self.unavailable if any(touch(path, one) for path in kept))
        return Snapshot(MappingProxyType(values), gone)

    def to_document(self) -> dict[str, Value]:
        """Return it as a plain document, in one order."""
        return {
            "values": {path: _copied(self.values[path]) for path in sorted(self.values)},
            "unavailable": [*sorted(self.unavailable)],
        }


def sources(paths: Iterable[str], computed: Mapping[str, Computed]) -> tuple[str, ...]:
    """Return the paths that a platform supplies for these, in order: a computed field stands for what it reads."""
    found: dict[str, None] = {}
    seen: set[str] = set()
    waiting = [*reversed([*paths])]
    while waiting:
        path = waiting.pop()
        if path not in computed:
            found[path] = None
        elif path not in seen:
            seen.add(path)
            waiting += sorted(computed[path].reads, reverse=True)
    return tuple(found)


def _copied(value: Value) -> Value:
    match value:
        case list():
            return [_copied(item) for item in value]
        case dict():
            return {key: _copied(item) for key, item in value.items()}
        case _:
            return value


def _place(tree: dict[str, Value], steps: list[str], value: Value) -> None:
    node = tree
    for step in steps[:-1]:
        below = node.setdefault(step, {})
        if not isinstance(below, dict):
            return  # a null stands above: everything below it is null too, and the look says so
        node = below
    # A mapping that was itself read holds the same value already; it is shared, and not to be written to.
    if steps[-1] not in node:
        node[steps[-1]] = value
