"""Where values stand in the text of a YAML document, so that one can be rewritten and all the rest left alone."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol, cast

from ruamel.yaml import YAML
from ruamel.yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    Event,
    NodeEvent,
    ScalarEvent,
    SequenceStartEvent,
)

from casino.loaded import Path


@dataclass(frozen=True, slots=True)
class Span:
    """From which character to which a value stands in the text, and whether it stands inside of brackets."""

    start: int
    end: int
    inside: bool


class _Mark(Protocol):
    index: int


class _Styled(Protocol):
    style: str | None
    flow_style: bool | None
    anchor: str | None
    value: str


def spans(text: str) -> Mapping[Path, Span]:
    """Return where the values of a document stand that has been read before (so it holds no surprises).

    Left out is what cannot be replaced by itself: aliases, values with an anchor, texts written in several lines with
    a bar or a fold, and lists and mappings in block form.
    """
    parser = YAML(typ="safe", pure=True)
    bare = text.removeprefix("\ufeff")
    events = cast("Iterable[Event]", parser.parse(bare))  # pyright: ignore[reportUnknownMemberType]  # untyped in ruamel
    walk = _Walk(iter(events), len(text) - len(bare))
    for event in walk.events:
        if isinstance(event, NodeEvent):
            walk.value(event, (), inside=False)
    return walk.found


class _Walk:
    """One pass over the events of one document."""

    def __init__(self, events: Iterator[Event], shift: int) -> None:
        self.events = events
        self.found: dict[Path, Span] = {}
        self._shift = shift  # a byte order mark, which the parser does not see

    def value(self, event: Event, path: Path, *, inside: bool) -> None:
        """Walk through one value, whose first event has been taken."""
        if isinstance(event, AliasEvent):
            return
        styled = cast("_Styled", event)  # the event classes carry no types
        if isinstance(event, ScalarEvent):
            if styled.anchor is None and styled.style not in {"|", ">"}:
                self._note(path, event, event, inside=inside)
            return
        end = self._entries(event, path, inside=inside or bool(styled.flow_style))
        if styled.flow_style and styled.anchor is None:
            self._note(path, event, end, inside=inside)

    def _entries(self, event: Event, path: Path, *, inside: bool) -> Event:
        """Walk through the entries of a list or a mapping, and return the event of its end."""
        number = 0
        while not isinstance(entry := next(self.events), CollectionEndEvent):
            if isinstance(event, SequenceStartEvent):
                self.value(entry, (*path, number), inside=inside)
            else:
                key = cast("_Styled", entry).value
                self.value(next(self.events), (*path, key), inside=inside)
            number += 1
        return entry

    def _note(self, path: Path, first: Event, last: Event, *, inside: bool) -> None:
        start, end = cast("_Mark", first.start_mark), cast("_Mark", last.end_mark)
        self.found[path] = Span(start.index + self._shift, end.index + self._shift, inside)
