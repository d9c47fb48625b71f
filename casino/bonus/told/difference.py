"""What is different between two decisions on one player: the verdict, and the values that were seen."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from casino.bonus.told.sections import SeenState, player_context
from casino.rules.condition import literal
from casino.values import Document, Value

State: TypeAlias = SeenState | Literal["not_read"]
VERDICT: Final = ("status", "configuration", "configuration_hash", "tier", "reward", "comment")


@dataclass(frozen=True, slots=True)
class Seen:
    """What a decision saw of a field: a value, that there is none, that nobody could say, or that nobody looked."""

    state: State
    value: Value = None

    @property
    def text(self) -> str:
        """Write it for people."""
        return literal(self.value) if self.state == "value" else self.state.replace("_", " ")

    def to_document(self) -> dict[str, Value]:
        """Return it for a machine; the value only where there is one."""
        return {"state": self.state, "value": self.value} if self.state == "value" else {"state": self.state}


@dataclass(frozen=True, slots=True)
class Changed:
    """Something that was one way and is another."""

    name: str
    before: Seen
    after: Seen

    @property
    def text(self) -> str:
        """Write it for people: "player.ngr: 120 -> -3"."""
        return f"{self.name}: {self.before.text} -> {self.after.text}"

    def to_document(self) -> dict[str, Value]:
        """Return it for a machine."""
        return {"name": self.name, "before": self.before.to_document(), "after": self.after.to_document()}


@dataclass(frozen=True, slots=True)
class Difference:
    """All that changed from one decision to another."""

    verdict: tuple[Changed, ...]
    values: tuple[Changed, ...]

    def to_document(self) -> dict[str, Value]:
        """Return it for a machine."""
        return {
            "verdict": [one.to_document() for one in self.verdict],
            "values": [one.to_document() for one in self.values],
        }


def difference(before: Document, after: Document) -> Difference:
    """Compare two records of decisions. A field that only one of them looked at is `not_read` in the other."""
    seen, sees = _seen(before), _seen(after)
    paths = sorted(seen.keys() | sees.keys())
    values = (Changed(path, seen.get(path, Seen("not_read")), sees.get(path, Seen("not_read"))) for path in paths)
    verdict = (Changed(key, Seen("value", before.get(key)), Seen("value", after.get(key))) for key in VERDICT)
    return Difference(tuple(filter(_differs, verdict)), tuple(filter(_differs, values)))


def _differs(changed: Changed) -> bool:
    one, other = changed.before, changed.after
    truths = isinstance(one.value, bool), isinstance(other.value, bool)  # in Python true equals 1
    return one.state != other.state or one.value != other.value or truths[0] != truths[1]


def _seen(record: Document) -> Mapping[str, Seen]:
    """Return what a decision saw, by path."""
    return {field.path: Seen(field.state, field.value) for field in player_context(record)}
