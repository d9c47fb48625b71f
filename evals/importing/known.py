"""Who is known already: names, ids and dates of birth in any spelling, and what is left of them. All pure."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import date
from functools import partial
from typing import Final, TypeAlias

from casino.values import Document
from evals.importing.found import Found, Kind, Look
from evals.importing.leftovers import Leftover, texts_of
from evals.importing.personal import joined, plain
from tools.spoken import dates
from tools.spoken_words import fold, folded

Known: TypeAlias = Mapping[Kind, Mapping[str, str]]
_LEAST_DIGITS: Final = 6  # of an id that is a number, before it is replaced within texts too
_CERTAIN: Final = 6  # letters that are nobody else's within a longer word
_LAST_DIGITS: Final = 8  # of a phone number: they are the same with and without its country
_REVERSED: Final = 5  # letters of a name before `ue` in it may have been `ü`
_SPELT: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "æ": "ae", "ø": "oe", "å": "aa"})
_BARE: Final = str.maketrans({"æ": "ae", "ø": "o", "ł": "l", "đ": "d", "\u0131": "i", "œ": "oe"})
_FIELD: Final = re.compile(r"[a-z][A-Za-z0-9_.]*")
_COMPACT: Final = re.compile(r"(?<!\d)\d{8}(?!\d)")
_COMPACT_FORMS: Final = ("%d%m%Y", "%m%d%Y", "%Y%m%d")
_SHORT_FORMS: Final = ("%d%m%y", "%y%m%d")


def looks_for(known: Known, words: AbstractSet[str]) -> Iterator[Look]:
    """Yield what looks for what has no form of its own. `words` are names that are plain words too."""
    names, players = spellings(known[Kind.NAME]), _ids(known[Kind.PLAYER])
    if names:
        yield _look_for(Kind.NAME, names, "s?", lambda value, written: value not in words or written.isupper())
    if players:
        yield _look_for(Kind.PLAYER, players, "", lambda _value, _written: True)
    births = sorted(date.fromisoformat(one) for one in known[Kind.BIRTH])
    if births:
        compact = {f"{one:{form}}": one for one in reversed(births) for form in _COMPACT_FORMS}
        yield partial(_births, frozenset(births), compact)


def spellings(names: Iterable[str]) -> dict[str, str]:
    """Return every folded spelling with the name that it is of: Juergen and Jurgen are Jürgen."""
    found = {_bare(name): name for name in names}
    for name in names:
        found.setdefault(_bare(plain(name).casefold().translate(_SPELT)), name)
        if len(name) >= _REVERSED and not re.fullmatch(r"name[a-z]+", name):
            found.setdefault(re.sub("([aou])e", r"\1", _bare(name)), name)
    return found


def is_field(key: str, found: Found) -> bool:
    """Tell whether a key is a name of the format, and not somebody's."""
    return found.kind is Kind.NAME and _FIELD.fullmatch(key) is not None


def originals(ticket: Document, known: Known) -> Iterator[Leftover]:
    """Yield where something stands that has an alias: a last look, which need not know how it is written."""
    looks = [*_last_looks(known)]
    for pointer, text, is_key in texts_of(ticket):
        for kind, is_in in looks:
            if is_in(text) and not (is_key and kind is Kind.NAME and _FIELD.fullmatch(text)):
                yield Leftover(kind, pointer)


def _last_looks(known: Known) -> Iterator[tuple[Kind, Callable[[str], bool]]]:
    gone = {kind: [one for one, alias in known[kind].items() if one.casefold() != alias.casefold()] for kind in Kind}
    kept = {alias for aliases in known.values() for alias in aliases.values()}
    for kind, wanted in ((Kind.NAME, spellings(gone[Kind.NAME])), (Kind.PLAYER, _ids(gone[Kind.PLAYER]))):
        if wanted:
            pattern = re.compile("|".join(_bounded(one) for one in wanted))
            yield kind, lambda text, pattern=pattern: pattern.search(_bare(text)) is not None
    for kind, least in ((Kind.EMAIL, None), (Kind.IBAN, None), (Kind.CARD, None), (Kind.PHONE, _LAST_DIGITS)):
        parts = [_squeezed(one)[-least if least else 0 :] for one in gone[kind]]
        if parts:
            yield kind, partial(_has_any, parts)
    births = [date.fromisoformat(one) for one in gone[Kind.BIRTH] if one not in kept]
    forms = [f"{one:{form}}" for one in births for form in (*_COMPACT_FORMS, *_SHORT_FORMS)]
    if births:
        digits = re.compile(rf"(?<!\d)(?:{'|'.join(forms)})(?!\d)")
        yield (
            Kind.BIRTH,
            lambda text: (
                digits.search(plain(text)) is not None or any(spoken.value in births for spoken in dates(plain(text)))
            ),
        )


def _has_any(parts: Sequence[str], text: str) -> bool:
    squeezed = _squeezed(text)
    return any(one in squeezed for one in parts)


def _look_for(kind: Kind, words: Mapping[str, str], ending: str, counts: Callable[[str, str], bool]) -> Look:
    longest_first = sorted(words, key=lambda word: (-len(word), word))
    pattern = re.compile(rf"(?<![^\W_])(?<!@)(?P<known>{'|'.join(map(re.escape, longest_first))}){ending}(?![^\W_])")

    def look(text: str) -> Iterator[Found]:
        seen, origin = _folded(text)
        for match in pattern.finditer(seen):
            start, end = origin[match.start("known")], origin[match.end("known") - 1] + 1
            value = words[match["known"]]
            if counts(value, text[start]):
                yield Found(kind, start, end, value)

    return look


def _births(births: AbstractSet[date], compact: Mapping[str, date], text: str) -> Iterator[Found]:
    """Yield the dates of birth in a text; `compact` has each as it is written in eight figures."""
    for spoken in dates(text):
        meant = next((one for one in (spoken.value, spoken.ambiguous_with) if one in births), None)
        if meant is not None:
            yield Found(Kind.BIRTH, spoken.start, spoken.end, meant.isoformat())
    for match in _COMPACT.finditer(text):
        if match[0] in compact:
            yield Found(Kind.BIRTH, match.start(), match.end(), compact[match[0]].isoformat())


def _ids(players: Iterable[str]) -> dict[str, str]:
    """Return ids as they are folded; a short number may be an amount."""
    return {_bare(one): one for one in players if not (one.isdecimal() and len(one) < _LEAST_DIGITS)}


def _bounded(word: str) -> str:
    """Return a pattern for a word; a long one counts within others too."""
    if len(word) >= _CERTAIN and not re.fullmatch(r"[\da-f-]+", word):
        return re.escape(word)
    return rf"(?<![^\W_]){re.escape(word)}(?![^\W_])"


def _bare(text: str) -> str:
    return _folded(text)[0]


def _folded(text: str) -> tuple[str, list[int]]:
    seen = folded(text)
    pieces = [one.translate(_BARE) for one in seen.text]
    return "".join(pieces), [at for at, piece in zip(seen.origin, pieces, strict=True) for _ in piece]


def _squeezed(text: str) -> str:
    return joined(fold(text))
