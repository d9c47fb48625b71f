"""What of a ticket file is still personal: where it stands, and never what it is."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from casino.values import Document, Value
from evals.importing.personal import Found, Kind, Look, by_form, cards, plain
from evals.playback import HOUSE

# Nobody's: names that RFC 2606 and 6761 reserve, and numbers that numbering authorities keep for fiction.
_NOBODYS_DOMAIN: Final = re.compile(r"@(?:[\w-]+\.)*(?:example\.(?:com|net|org)|example|test|invalid|localhost)$")
_NOBODYS_PHONE: Final = re.compile(
    r"\+(?:1\d{3}55501\d\d|44(?:2079460|1314960|1632960|7700900)\d{3}|49(?:17139200\d\d|3023125\d{3}|6990009\d{3}))"
)


class Leftover(NamedTuple):
    """Something personal."""

    kind: Kind
    pointer: str  # RFC 6901


def leftovers(ticket: Document, *, regions: Sequence[str] = ()) -> Iterator[Leftover]:
    """Yield what is personal by its form in a ticket file; the house's own texts in its recording are the house's.

    `regions`: where phone numbers without a country belong, beside the countries that the ticket names.
    """
    looks = by_form(tuple(dict.fromkeys((*regions, *countries(ticket)))))
    house = _of_the_house(ticket)
    for pointer, text in _texts(ticket, ""):
        if pointer.rpartition("/")[2] not in house:
            for kind in dict.fromkeys(one.kind for one in _found(text, looks)):
                yield Leftover(kind, pointer)


def countries(value: Value | Document) -> Iterator[str]:
    """Yield every country of a player that a document names."""
    match value:
        case Mapping():
            for name, one in value.items():
                if name.rpartition(".")[2] == "country" and isinstance(one, str) and re.fullmatch("[A-Za-z]{2}", one):
                    yield one.upper()
                yield from countries(one)
        case list():
            for one in value:
                yield from countries(one)
        case _:
            return


def _found(text: str, looks: Sequence[Look]) -> Iterator[Found]:
    folded = plain(text)
    for look in looks:
        yield from (one for one in look(folded) if not _is_nobodys(one))


def _is_nobodys(one: Found) -> bool:
    if one.kind is Kind.EMAIL:
        return _NOBODYS_DOMAIN.search(one.value) is not None
    return one.kind is Kind.PHONE and _NOBODYS_PHONE.fullmatch(one.value) is not None


def _texts(value: Value | Document, pointer: str) -> Iterator[tuple[str, str]]:
    """Yield every text of a document with its place, names of entries and whole numbers too."""
    match value:
        case str():
            yield pointer, value
        case bool() | None:
            return
        case int():
            if any(cards(str(value))):
                yield pointer, str(value)
        case Mapping():
            for name, one in value.items():
                at = f"{pointer}/{name.replace('~', '~0').replace('/', '~1')}"
                yield pointer, name
                yield from _texts(one, at)
        case list():
            for at, one in enumerate(value):
                yield from _texts(one, f"{pointer}/{at}")
        case _:
            return


def _of_the_house(ticket: Document) -> frozenset[str]:
    """Return the sha256 of every text of a recording that the house wrote: prompts, procedures, tools."""
    recording = ticket.get("recording")
    exchanges = recording.get("exchanges") if isinstance(recording, Mapping) else None
    segments = [
        one["segments"]
        for one in (exchanges if isinstance(exchanges, list) else ())
        if isinstance(one, Mapping) and isinstance(one.get("segments"), Mapping)
    ]
    return frozenset(
        str(sha256)
        for named in segments
        if isinstance(named, Mapping)
        for name, sha256 in named.items()
        if name.startswith(HOUSE)
    )
