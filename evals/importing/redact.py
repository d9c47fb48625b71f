"""Consistent pseudonyms: whoever and whatever is the same before is the same afterwards, and nobody's. All pure.

First everything is learned from all documents together, then each is rewritten. What was rewritten before stays as it
is. A name that no document gives as a name, and nobody tells, cannot be known.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import count
from typing import Final

from casino.clock import age_years, earliest_day
from casino.values import Document, Value
from evals.importing.found import Found, Kind, Look
from evals.importing.known import is_field, looks_for
from evals.importing.leftovers import countries, in_digits, is_of
from evals.importing.personal import by_form, found_in, is_handoff, plain, remembering
from tools.spoken import dates

VERSION: Final = "1"
DOMAIN: Final = "redacted.example"
_AREAS: Final = (202, 212, 213, 305, 312, 404, 415, 503, 617, 702)  # each keeps 555-0100 to 555-0199 for fiction
_OURS: Final[Mapping[Kind, re.Pattern[str]]] = {  # how our own aliases look
    Kind.EMAIL: re.compile(rf"person-[a-z]+(?:\+[a-z]+)?@{re.escape(DOMAIN)}"),
    Kind.PHONE: re.compile(rf"\+1(?:{'|'.join(map(str, _AREAS))})55501\d\d"),
    Kind.PLAYER: re.compile(r"pid-[a-z]+"),
    Kind.NAME: re.compile(r"name[a-z]+"),
}
_PLAYER_KEYS: Final = ("player_id", "player.id", "subject")
_NAME_KEYS: Final = ("firstName", "first_name", "lastName", "last_name", "player.firstName")
_BIRTH_KEY: Final = "date_of_birth"
_YOUNGEST: Final = 14  # years: a date that a player says and that is longer ago is taken for a date of birth
_SHORTEST_NAME: Final = 3  # letters of a part of an address that is taken for a name
# What follows a name that is said without capitals.
_NO_NAMES: Final = frozenset(
    re.findall(
        r"\w+",
        "and und y e et och i ich yo eu je jag please bitte por from aus with my the but born geboren an is here hier",
    )
)
_NAME: Final = r"[^\W\d_][\w'\u2019-]*"
_SAYS_NAME: Final = re.compile(
    r"(?i:\b(?:my name(?: is|['\u2019]s)|i am called|"
    r"mein name ist|ich hei(?:ß|ss)e|me llamo|mi nombre es|meu nome é|me chamo|"
    r"je m['\u2019]appelle|mon nom est|jag heter|mitt namn är)\s+)"
    rf"(?P<name>{_NAME}(?:\s+{_NAME}){{0,2}})"
)


class TooManyPhones(ValueError):  # noqa: N818  # named by what happens
    """There are more phone numbers than aliases."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A document of one ticket, and the moments between which it happened."""

    document: Document
    first: datetime
    last: datetime


@dataclass(slots=True)
class Aliases:
    """What stands for what. `learned` makes them."""

    by: dict[Kind, dict[str, str]] = field(default_factory=lambda: {kind: {} for kind in Kind})
    forms: tuple[Look, ...] = ()  # what looks for what has a form
    words: AbstractSet[str] = frozenset()  # names that are plain words too: they are names with a capital only

    def counts(self) -> dict[str, int]:
        """Return how many of each kind were replaced."""
        return {
            kind.value: changed
            for kind, known in self.by.items()
            if (
                changed := sum(
                    value != alias.lower() if kind is Kind.NAME else value != alias for value, alias in known.items()
                )
            )
        }


def learned(
    seen: Sequence[Seen],
    *,
    names: Iterable[str] = (),
    vocabulary: AbstractSet[str] = frozenset(),
    ours: Sequence[str] = (),
) -> Aliases:
    """Return aliases for whatever is personal in these documents.

    `names` are further names that somebody knows of. `vocabulary` are lower-case words of the house: a part of an
    e-mail address that is one of them is no name. E-mail addresses at `ours` are the house's.
    """
    regions = tuple(dict.fromkeys(one for ticket in seen for one in countries(ticket.document)))
    aliases = Aliases(forms=tuple(remembering(look) for look in by_form(regions)))
    values = _Values(vocabulary)
    for ticket in seen:
        values.learn(ticket, aliases.forms, ours)
    for name in names:
        values.name(name)
    for kind in (Kind.IBAN, Kind.CARD):
        aliases.by[kind] = {value: f"[{kind.value} {_letters(at)}]" for at, value in enumerate(values.of[kind])}
    aliases.by[Kind.EMAIL] = _email_aliases(values.of[Kind.EMAIL])
    for kind, alias in ((Kind.PHONE, _phone), (Kind.PLAYER, _player), (Kind.NAME, _named)):
        aliases.by[kind] = _aliases(values.of[kind], _OURS[kind], alias)
    aliases.words = vocabulary & aliases.by[Kind.NAME].keys()
    aliases.by[Kind.BIRTH] = _birth_aliases(values.births)
    return aliases


def redacted(document: Document, aliases: Aliases) -> dict[str, Value]:
    """Return a document with the alias of everything that is personal in it."""
    looks = (*aliases.forms, *looks_for(aliases.by, aliases.words))
    return {_key(name, aliases, looks): _rewritten(value, name, aliases, looks) for name, value in document.items()}


def _rewritten(value: Value, name: str, aliases: Aliases, looks: Sequence[Look]) -> Value:
    match value:
        case str():
            return value if is_handoff(name, value) else _by_key(value, name, aliases) or _text(value, aliases, looks)
        case list():
            return [_rewritten(one, name, aliases, looks) for one in value]
        case dict():
            return {_key(key, aliases, looks): _rewritten(one, key, aliases, looks) for key, one in value.items()}
        case bool() | None:
            return value
        case _:
            written = in_digits(value)
            text = _by_key(written, name, aliases) or _text(written, aliases, looks)
            return value if text == written else text


def _by_key(value: str, name: str, aliases: Aliases) -> str | None:
    return aliases.by[Kind.PLAYER].get(value) if name in _PLAYER_KEYS or name == "id" else None


def _key(key: str, aliases: Aliases, looks: Sequence[Look]) -> str:
    return _text(key, aliases, looks, unless=is_field)


def _text(
    text: str, aliases: Aliases, looks: Sequence[Look], *, unless: Callable[[str, Found], bool] | None = None
) -> str:
    for one in reversed(found_in(text, looks)):
        alias = aliases.by[one.kind].get(one.value)
        if alias is not None and not (unless and unless(text, one)):
            text = text[: one.start] + alias + text[one.end :]
    return text


class _Values:
    """What is personal in some documents, in the order in which it comes."""

    def __init__(self, vocabulary: AbstractSet[str]) -> None:
        self.vocabulary = vocabulary
        self.of: dict[Kind, dict[str, None]] = {kind: {} for kind in Kind}
        self.births: dict[date, dict[date, None]] = {}  # with the days on which they were looked at

    def learn(self, ticket: Seen, looks: Sequence[Look], ours: Sequence[str]) -> None:
        days = (earliest_day(ticket.first), earliest_day(ticket.last))
        for name, text in _named_texts(dict(ticket.document), ""):
            if is_handoff(name, text):
                continue
            self._by_key(name, text, days)
            for one in found_in(text, looks):
                if is_of(one, ours):
                    continue
                self.of[one.kind][one.value] = None
                if one.kind is Kind.EMAIL and not _OURS[Kind.EMAIL].fullmatch(one.value):
                    self._parts(one.value)
            for match in _SAYS_NAME.finditer(plain(text)):
                for part in self._said_name(match["name"].split()):
                    self.name(part)
            for spoken in dates(text) if name == "text" else ():
                if age_years(spoken.value, days[0]) >= _YOUNGEST:
                    self._birth(spoken.value, days)

    def name(self, name: str) -> None:
        if name.strip():
            self.of[Kind.NAME][plain(name.strip()).lower()] = None

    def _said_name(self, parts: Sequence[str]) -> Iterator[str]:
        """Yield what is a name in "anna keller and I": who begins without a capital says the other name so too."""
        for at, part in enumerate(parts):
            is_small = part[0].islower()
            follows = at > 0 and (at > 1 or parts[0][0].isupper() or part in _NO_NAMES)
            if is_small and (follows or part in self.vocabulary):  # "my name is not important"
                return
            yield part

    def _by_key(self, name: str, text: str, days: tuple[date, date]) -> None:
        if name in _PLAYER_KEYS and text:
            self.of[Kind.PLAYER][text] = None
        elif name in _NAME_KEYS:
            self.name(text)
        elif name == _BIRTH_KEY:
            for spoken in dates(text):
                self._birth(spoken.value, days)

    def _birth(self, day: date, days: tuple[date, date]) -> None:
        self.births.setdefault(day, {}).update(dict.fromkeys(days))

    def _parts(self, address: str) -> None:
        """Take the words of an address for names: anna.keller@… is Anna Keller."""
        local = address.partition("@")[0].partition("+")[0]
        for part in re.split(r"[\W\d_]+", local):
            if len(part) >= _SHORTEST_NAME and part not in self.vocabulary:
                self.name(part)


def _named_texts(value: Value, name: str) -> Iterator[tuple[str, str]]:
    """Yield every text with the name that it stands under."""
    match value:
        case str():
            yield name, value
        case list():
            for one in value:
                yield from _named_texts(one, name)
        case dict():
            for key, one in value.items():
                yield "", key
                yield from _named_texts(one, key)
        case bool() | None:
            return
        case _:
            yield name, in_digits(value)


def _aliases(values: Iterable[str], ours: re.Pattern[str], alias: Callable[[int], str]) -> dict[str, str]:
    """Give each value the next alias that nobody has; what is an alias already keeps it."""
    known = {value: _spelt(value) for value in values if ours.fullmatch(value)}
    taken = {value.casefold() for value in known}
    free = (one for one in map(alias, count()) if one.casefold() not in taken)
    return {value: known.get(value) or next(free) for value in values}


def _spelt(alias: str) -> str:
    """Return an alias as it is written: names are compared without their capitals."""
    if _OURS[Kind.NAME].fullmatch(alias) is None:
        return alias
    return f"Name{alias.removeprefix('name').capitalize()}"


def _email_aliases(values: Iterable[str]) -> dict[str, str]:
    """Give each person an address; with `+tag` it is another address of the same person."""
    people = _aliases(
        dict.fromkeys(_without_tag(value) for value in values),
        _OURS[Kind.EMAIL],
        lambda at: f"person-{_letters(at)}@{DOMAIN}",
    )
    tags: dict[str, str] = {}
    for value in values:
        tag = value.partition("@")[0].partition("+")[2]
        tags.setdefault(tag, tag if _OURS[Kind.EMAIL].fullmatch(value) else _letters(len(tags)))
    aliases: dict[str, str] = {}
    for value in values:
        local, _, domain = people[_without_tag(value)].partition("@")
        tag = value.partition("@")[0].partition("+")[2]
        aliases[value] = f"{local}+{tags[tag]}@{domain}" if tag else f"{local}@{domain}"
    return aliases


def _without_tag(address: str) -> str:
    local, _, domain = address.rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"


def _phone(at: int) -> str:
    area, number = divmod(at, 100)
    if area >= len(_AREAS):
        raise TooManyPhones("there are more than 1,000 phone numbers; import fewer tickets at once")
    return f"+1{_AREAS[area]}55501{number:02}"


def _player(at: int) -> str:
    return f"pid-{_letters(at)}"  # no word by which a procedure is chosen


def _named(at: int) -> str:
    return f"Name{_letters(at).capitalize()}"


def _letters(at: int) -> str:
    """Return a, b, …, z, aa, ab, …: figures in an alias would be figures that a reply has to account for."""
    text = ""
    at += 1
    while at:
        at, rest = divmod(at - 1, 26)
        text = chr(ord("a") + rest) + text
    return text


def _birth_aliases(births: Mapping[date, Iterable[date]]) -> dict[str, str]:
    """Give each date of birth one with the same age on every day on which it was looked at, near the middle of them.

    So people of one age get dates that say nothing but the age, and every rule about it decides as before.
    """
    taken: set[date] = set()
    aliases: dict[str, str] = {}
    for birth, days in births.items():
        ages = {day: age_years(birth, day) for day in days}
        alias = next(one for one in _around(birth, ages) if one not in taken and _ages(one, ages) == ages)
        taken.add(alias)
        aliases[birth.isoformat()] = alias.isoformat()
    return aliases


def _ages(birth: date, days: Iterable[date]) -> dict[date, int]:
    return {day: age_years(birth, day) for day in days}


def _around(birth: date, ages: Mapping[date, int]) -> Iterator[date]:
    """Yield the days around the middle of those with these ages, and the birthday itself as the last resort."""
    oldest = max(_years_before(day, age + 1) for day, age in ages.items())
    youngest = min(_years_before(day, age) for day, age in ages.items())
    middle = oldest + (youngest - oldest) // 2
    for step in range((youngest - oldest).days + 2):
        yield from (middle + timedelta(days=step), middle - timedelta(days=step))
    yield birth


def _years_before(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # 29 February
        return day.replace(year=day.year - years, day=28)
