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
from evals.importing.leftovers import countries
from evals.importing.personal import Found, Kind, Look, by_form, distinct
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
_LEAST_DIGITS: Final = 6  # of an id that is a number, before it is replaced within texts too
_NAME: Final = r"[^\W\d_][\w'\u2019-]*"
_SAYS_NAME: Final = re.compile(
    r"(?i:\b(?:my name is|i am called|mein name ist|ich hei(?:ß|ss)e|me llamo|mi nombre es|meu nome é|me chamo|"
    r"je m['\u2019]appelle|mon nom est|jag heter|mitt namn är)\s+)"
    rf"(?P<name>{_NAME}(?:\s+(?=[^\W\d_a-zß-öø-ÿ]){_NAME}){{0,2}})"
)


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
    regions: tuple[str, ...] = ()
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


def learned(seen: Sequence[Seen], *, names: Iterable[str] = (), vocabulary: AbstractSet[str] = frozenset()) -> Aliases:
    """Return aliases for whatever is personal in these documents.

    `names` are further names that somebody knows of. `vocabulary` are lower-case words of the house: a part of an
    e-mail address that is one of them is no name.
    """
    regions = tuple(dict.fromkeys(one for ticket in seen for one in countries(ticket.document)))
    aliases = Aliases(regions=regions)
    values = _Values(vocabulary)
    for ticket in seen:
        values.learn(ticket, by_form(regions))
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
    looks = (*by_form(aliases.regions), *_known(aliases))
    return {name: _rewritten(value, name, aliases, looks) for name, value in document.items()}


def _rewritten(value: Value, name: str, aliases: Aliases, looks: Sequence[Look]) -> Value:
    match value:
        case str():
            players = aliases.by[Kind.PLAYER]
            if value in players and (name in _PLAYER_KEYS or name == "id"):
                return players[value]
            return _text(value, aliases, looks)
        case list():
            return [_rewritten(one, name, aliases, looks) for one in value]
        case dict():
            return {key: _rewritten(one, key, aliases, looks) for key, one in value.items()}
        case _:
            return value


def _text(text: str, aliases: Aliases, looks: Sequence[Look]) -> str:
    found = [one for one in distinct(one for look in looks for one in look(text)) if one.value in aliases.by[one.kind]]
    for one in reversed(found):
        text = text[: one.start] + aliases.by[one.kind][one.value] + text[one.end :]
    return text


def _known(aliases: Aliases) -> Iterator[Look]:
    """Yield what looks for what has no form of its own: names, ids of players, dates of birth."""
    for kind in (Kind.NAME, Kind.PLAYER):
        words = {word: word for word in aliases.by[kind] if kind is Kind.NAME or not _may_be_amount(word)}
        if words:
            yield _look_for(kind, words, aliases.words)
    births = {date.fromisoformat(one) for one in aliases.by[Kind.BIRTH]}
    if births:

        def birth_dates(text: str) -> Iterator[Found]:
            for spoken in dates(text):
                meant = [one for one in sorted(births) if spoken.may_mean(one)]
                if meant:
                    yield Found(
                        Kind.BIRTH,
                        spoken.start,
                        spoken.end,
                        min(meant, key=lambda one: one != spoken.value).isoformat(),
                    )

        yield birth_dates


def _look_for(kind: Kind, words: Iterable[str], plain_too: AbstractSet[str]) -> Look:
    flags = re.IGNORECASE if kind is Kind.NAME else re.NOFLAG
    longest_first = sorted(words, key=lambda word: (-len(word), word))
    pattern = re.compile(rf"(?<![\w@])(?:{'|'.join(map(re.escape, longest_first))})(?!\w)", flags)

    def look(text: str) -> Iterator[Found]:
        for match in pattern.finditer(text):
            value = match[0].lower() if kind is Kind.NAME else match[0]
            if value not in plain_too or match[0][0].isupper():
                yield Found(kind, match.start(), match.end(), value)

    return look


def _may_be_amount(word: str) -> bool:
    return word.isdecimal() and len(word) < _LEAST_DIGITS


class _Values:
    """What is personal in some documents, in the order in which it comes."""

    def __init__(self, vocabulary: AbstractSet[str]) -> None:
        self.vocabulary = vocabulary
        self.of: dict[Kind, dict[str, None]] = {kind: {} for kind in Kind}
        self.births: dict[date, dict[date, None]] = {}  # with the days on which they were looked at

    def learn(self, ticket: Seen, looks: Sequence[Look]) -> None:
        days = (earliest_day(ticket.first), earliest_day(ticket.last))
        for name, text in _named_texts(dict(ticket.document), ""):
            self._by_key(name, text, days)
            for one in distinct(one for look in looks for one in look(text)):
                self.of[one.kind][one.value] = None
                if one.kind is Kind.EMAIL and not _OURS[Kind.EMAIL].fullmatch(one.value):
                    self._parts(one.value)
            for match in _SAYS_NAME.finditer(text):
                for part in match["name"].split():
                    if part not in self.vocabulary:  # "my name is not important"
                        self.name(part)
            for spoken in dates(text) if name == "text" else ():
                if age_years(spoken.value, days[0]) >= _YOUNGEST:
                    self._birth(spoken.value, days)

    def name(self, name: str) -> None:
        if name.strip():
            self.of[Kind.NAME][name.strip().lower()] = None

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
                yield from _named_texts(one, key)
        case _:
            return


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
        raise ValueError("there are more than 1,000 phone numbers; import fewer tickets at once")
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
