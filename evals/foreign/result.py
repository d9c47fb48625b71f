"""What a foreign task came to: every call in order, the end state against that of the gold, every part graded."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, cast

from casino.values import Document, Value
from evals.foreign.exact import exact, spelled
from evals.trial import Part

SHOWN = 20  # differences of the end state that are named one by one


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """One call of the model, and what it came to."""

    name: str
    arguments: Document
    kind: Literal["read", "write", "terminal", "unknown"]
    status: str  # `ok`, `done`, `refused`, `unavailable`, `unknown`; empty where the run broke on it
    answer: Document  # as the model has read it

    @property
    def is_effect(self) -> bool:
        """Tell whether it was to change something."""
        return self.kind in {"write", "terminal"}

    @property
    def told(self) -> str:
        """Return the call as one line."""
        return f"{self.name}({spelled(self.arguments)})"


@dataclass(frozen=True, slots=True)
class Change:
    """One place at which two states differ; a value that is not there is None."""

    pointer: str  # RFC 6901
    was: Value
    now: Value

    @property
    def told(self) -> str:
        """Return the change as one line."""
        return f"{self.pointer or '/'}: {spelled(self.was)} -> {spelled(self.now)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignResult:
    """One run of one task."""

    task: str
    parts: tuple[Part, ...]  # `state`, `order`, `text`, `budget`
    calls: tuple[Made, ...]
    replies: tuple[str, ...]
    rejected: tuple[str, ...]  # texts that the desk did not send, and why
    end: str  # sha256 of the end state
    gold: str  # sha256 of the end state of the gold actions
    changes: tuple[Change, ...]  # of the state, from its beginning to its end
    ended: str  # why code left the user to a human; empty where it did not
    ledger: tuple[str, ...]  # the effects, in order, as `tool: state`

    @property
    def passed(self) -> bool:
        """Tell whether every part holds."""
        return all(part.holds for part in self.parts)

    @property
    def wrong(self) -> Mapping[str, tuple[str, ...]]:
        """Return what is wrong, by part."""
        return {part.name: part.wrong for part in self.parts if not part.holds}

    @property
    def errors(self) -> tuple[Made, ...]:
        """Return the calls that were refused: the model was told why."""
        return tuple(call for call in self.calls if call.status == "refused")


def changes(was: object, now: object) -> tuple[Change, ...]:
    """Return the places at which two plain states differ. 25 is 25.0, and true is not 1."""
    return tuple(_changes(was, now, at="", quick=True)) or tuple(_changes(was, now, at="", quick=False))


def _changes(was: object, now: object, *, at: str, quick: bool) -> Iterator[Change]:
    """Yield the differences below a place. Quick: what Python calls equal is not looked into, so that true is 1."""
    if was is now or (quick and was == now):
        return
    if isinstance(was, Mapping) and isinstance(now, Mapping):
        one, two = cast("Mapping[object, object]", was), cast("Mapping[object, object]", now)
    elif isinstance(was, list | tuple) and isinstance(now, list | tuple):
        one, two = _numbered(cast("Sequence[object]", was)), _numbered(cast("Sequence[object]", now))
    else:
        left, right = exact(cast("object", was)), exact(now)
        if isinstance(left, bool) is not isinstance(right, bool) or left != right:
            yield Change(at, left, right)
        return
    for key in dict.fromkeys((*one, *two)):
        where = f"{at}/{_escaped(str(key))}"
        if key in one and key in two:
            yield from _changes(one[key], two[key], at=where, quick=quick)
        else:
            yield Change(where, exact(one.get(key)), exact(two.get(key)))


def _numbered(items: Sequence[object]) -> Mapping[object, object]:
    return dict(enumerate(items))


def _escaped(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")
