"""YAML 1.2 read event by event: our own scalars, bounded aliases, a place for every part."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NoReturn, Protocol, cast

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)
from ruamel.yaml.reader import ReaderError

from casino.exact import NotExact, exact_number, exact_text
from casino.loaded import DEEPEST, DocumentError, Loaded, Path, Place
from casino.values import Value

LONGEST_TEXT = 500_000  # characters; a configuration has some thousand
MOST_PARTS = 50_000  # scalars, lists and mappings, aliases counted in full: an alias bomb ends here

_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?")
# Numbers to some readers and text to others (signs, leading zeros, underscores, other bases, bare points).
_ALMOST_NUMBER = re.compile(r"[-+]?(0[xob][0-9a-fA-F_]+|[0-9][0-9_]*\.?[0-9_]*([eE][-+]?[0-9]+)?|\.[0-9]+)")
_ENDLESS = re.compile(r"[-+]?\.(inf|nan)", re.IGNORECASE)
_WORDS: tuple[tuple[frozenset[str], bool | None], ...] = (
    (frozenset({"", "~", "null", "Null", "NULL"}), None),
    (frozenset({"true", "True", "TRUE"}), True),
    (frozenset({"false", "False", "FALSE"}), False),
)


class _Mark(Protocol):
    line: int
    column: int


class _Scalar(Protocol):
    value: str
    style: str | None


@dataclass(frozen=True, slots=True)
class _Part:
    """A value that was read, and how many parts it is made of (what an alias to it costs)."""

    value: Value
    parts: int


def read_yaml(text: str, *, name: str, first_line: int) -> Loaded:
    """Read one document; see `casino.document.load_yaml`."""
    return _Reading(name, first_line).read(text)


class _Reading:
    """One pass over the events of one text."""

    def __init__(self, name: str, first_line: int) -> None:
        self._name = name
        self._first_line = first_line
        self._places: dict[Path, Place] = {(): Place(first_line, 1)}
        self._anchors: dict[str, _Part] = {}
        self._parts = 0

    def read(self, text: str) -> Loaded:
        if len(text) > LONGEST_TEXT:
            message = f"the document has {len(text)} characters, more than {LONGEST_TEXT}"
            raise self._error(message, Place(self._first_line, 1), "Split it.")
        try:
            value = self._document(iter(_events(text)))
        except MarkedYAMLError as error:
            raise self._syntax(error) from error
        except ReaderError as error:
            raise self._unreadable(text, error) from error
        except (YAMLError, ValueError, OverflowError) as error:
            if isinstance(error, DocumentError):
                raise
            # The scanner lets such errors of Python through for escapes that name no character.
            raise self._error(f"this is not YAML: {error}", Place(self._first_line, 1), "Mend the text.") from error
        return Loaded(value, self._places, self._name)

    def _document(self, events: Iterator[Event]) -> Value:
        value: Value = None
        started = False
        for event in events:
            if isinstance(event, DocumentStartEvent):
                if started:
                    mend = "Keep one document to a file."
                    raise self._error("a second document begins here", self._at(event), mend)
                started = True
                value = self._part(next(events), events, ()).value
        return value

    def _part(self, event: Event, events: Iterator[Event], path: Path) -> _Part:
        """Read one value whose first event has been taken."""
        self._check_plain(event, path)
        self._places.setdefault(path, self._content_place(event))
        if isinstance(event, AliasEvent):
            return self._alias(event, path)
        before = self._parts
        self._count(1, event)
        if isinstance(event, SequenceStartEvent):
            value: Value = self._sequence(events, path)
        elif isinstance(event, MappingStartEvent):
            value = self._mapping(events, path)
        else:
            value = self._scalar(event)
        part = _Part(value, self._parts - before)
        anchor = cast("str | None", event.anchor)  # pyright: ignore[reportAttributeAccessIssue]  # untyped in ruamel
        if anchor is not None:
            self._anchors[anchor] = part
        return part

    def _sequence(self, events: Iterator[Event], path: Path) -> Value:
        items: list[Value] = []
        for event in events:
            if isinstance(event, SequenceEndEvent):
                break
            items.append(self._part(event, events, (*path, len(items))).value)
        return items

    def _mapping(self, events: Iterator[Event], path: Path) -> Value:
        entries: dict[str, Value] = {}
        for event in events:
            if isinstance(event, MappingEndEvent):
                break
            key = self._key(event)
            if key in entries:
                raise self._error(f'the key "{key}" stands twice', self._at(event), "Keep one of the two.")
            self._places[*path, key] = self._at(event)
            entries[key] = self._part(next(events), events, (*path, key)).value
        return entries

    def _key(self, event: Event) -> str:
        self._check_plain(event, ())
        self._count(1, event)
        key = self._scalar(event) if isinstance(event, ScalarEvent) else None
        if not isinstance(key, str):
            raise self._error("a key must be text", self._at(event), "Write a word, or put the key in quotes.")
        if key == "<<":
            raise self._error("YAML 1.2 has no merge key", self._at(event), "Write the entries out.")
        return key

    def _alias(self, event: Event, path: Path) -> _Part:
        anchor = cast("str", event.anchor)  # pyright: ignore[reportAttributeAccessIssue]  # untyped in ruamel
        part = self._anchors.get(anchor)
        if part is None:
            mend = f'Mark a value before this place with "&{anchor}".'
            raise self._error(f'the alias "*{anchor}" points at nothing that is complete', self._at(event), mend)
        self._count(part.parts, event)
        self._check_depth(len(path) + _depth(part.value), event)
        return part

    def _scalar(self, event: Event) -> Value:
        scalar = cast("_Scalar", event)  # the event classes carry no types
        try:
            return exact_text(scalar.value) if scalar.style else plain_scalar(scalar.value)
        except NotExact as error:
            mend = "Put it in quotes where it is text; else write plain digits."
            raise self._error(str(error), self._at(event), mend) from error

    def _check_depth(self, depth: int, event: Event) -> None:
        if depth > DEEPEST:
            message = f"lists and mappings are nested deeper than {DEEPEST}"
            raise self._error(message, self._at(event), "Flatten the document.")

    def _check_plain(self, event: Event, path: Path) -> None:
        self._check_depth(len(path), event)
        tag = cast("object", getattr(event, "tag", None))
        if tag is not None:
            mend = "Put text that begins with an exclamation mark in quotes; else take the tag out."
            raise self._error(f'the tag "{tag}" is not taken here', self._at(event), mend)

    def _count(self, parts: int, event: Event) -> None:
        self._parts += parts
        if self._parts > MOST_PARTS:
            message = f"the document has more than {MOST_PARTS} parts, aliases written out"
            raise self._error(message, self._at(event), "Split it, or use fewer aliases.")

    def _at(self, event: Event) -> Place:
        mark = cast("_Mark", event.start_mark)
        return Place(mark.line + self._first_line, mark.column + 1)

    def _content_place(self, event: Event) -> Place:
        """Return where the value begins, behind the quote where it stands in quotes."""
        place = self._at(event)
        quoted = isinstance(event, ScalarEvent) and cast("_Scalar", event).style in {"'", '"'}
        return Place(place.line, place.column + 1) if quoted else place

    def _syntax(self, error: MarkedYAMLError) -> DocumentError:
        mark = cast("_Mark | None", error.problem_mark)
        place = Place(self._first_line, 1)
        if mark is not None:
            place = Place(mark.line + self._first_line, mark.column + 1)
        problem = cast("str | None", error.problem) or "it cannot be read"
        mend = "Mend the text at this place: check the indentation, the quotes and the brackets."
        if "',' or ']'" in problem:
            mend += " In a list on one line every entry that holds brackets or a comma stands in quotes."
        return self._error(f"this is not YAML: {problem}", place, mend)

    def _unreadable(self, text: str, error: ReaderError) -> DocumentError:
        before = text[: cast("int", error.position)]
        place = Place(before.count("\n") + self._first_line, len(before) - before.rfind("\n"))
        return self._error("a character stands here that YAML does not allow", place, "Take it out.")

    def _error(self, message: str, place: Place, mend: str) -> DocumentError:
        return DocumentError(message, name=self._name, line=place.line, column=place.column, mend=mend)


def _events(text: str) -> Iterable[Event]:
    parser = YAML(typ="safe", pure=True)
    events = parser.parse(text.removeprefix("\ufeff"))  # pyright: ignore[reportUnknownMemberType]  # untyped in ruamel
    return cast("Iterable[Event]", events)


def plain_scalar(text: str) -> Value:
    """Read a scalar without quotes: null, a boolean, an exact number, or text; refuse what is read in two ways."""
    for words, value in _WORDS:
        if text in words:
            return value
    if _NUMBER.fullmatch(text) is not None:
        return exact_number(text)
    if _ENDLESS.fullmatch(text) is not None:
        _refuse(f"{text} is not a finite number")
    if _ALMOST_NUMBER.fullmatch(text) is not None:
        _refuse(f"{text} is a number to some readers and text to others")
    return exact_text(text)


def _depth(value: Value) -> int:
    match value:
        case list():
            return 1 + max(map(_depth, value), default=0)
        case dict():
            return 1 + max(map(_depth, value.values()), default=0)
        case _:
            return 0


def _refuse(message: str) -> NoReturn:
    raise NotExact(message)
