"""What of a ticket file is still personal: where it stands, and never what it is."""

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import islice
from typing import Final, NamedTuple

from casino.values import Document, Value
from evals.importing.found import Found, Kind, Look
from evals.importing.personal import by_form, is_handoff, plain
from evals.importing.wide import wide_looks
from evals.importing.world import NO_COUNTRY
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


def leftovers(ticket: Document, *, regions: Sequence[str] = (), ours: Sequence[str] = ()) -> Iterator[Leftover]:
    """Yield what is personal by its form in a ticket file; the house's own texts in its recording are the house's.

    More counts here than is redacted: what is refused in vain is looked at by somebody. `regions`: where phone numbers
    without a country belong, beside the countries that the ticket names. E-mail addresses at `ours` are the house's.
    """
    named = tuple(dict.fromkeys((*regions, *countries(ticket))))
    looks = (*by_form(named), *wide_looks(named))
    kinds: dict[str, tuple[Kind, ...]] = {}  # of each text: many stand in a ticket more than once
    for pointer, text, _ in texts_of(ticket):
        if text not in kinds:
            kinds[text] = tuple(dict.fromkeys(_kinds(text, looks, ours)))
        yield from (Leftover(kind, pointer) for kind in kinds[text])


def texts_of(ticket: Document) -> Iterator[tuple[str, str, bool]]:
    """Yield every text and number of a ticket that is not the house's, with its place, and whether it is a key."""
    house = _of_the_house(ticket)
    for pointer, text, is_key in _texts(ticket, ""):
        name = pointer.rpartition("/")[2]
        if is_key or not (name in house or is_handoff(name, text)):
            yield pointer, text, is_key


def in_digits(number: Decimal | float) -> str:
    """Return a number as it is said: without an exponent, and whole where it is whole."""
    exact = Decimal(str(number))
    return f"{exact.to_integral_value() if exact == exact.to_integral_value() else exact:f}"


def is_of(one: Found, ours: Sequence[str]) -> bool:
    """Tell whether this is an e-mail address at one of these domains."""
    domain = one.value.rpartition("@")[2]
    return one.kind is Kind.EMAIL and any(domain == each or domain.endswith(f".{each}") for each in ours)


def countries(value: Value | Document) -> Iterator[str]:
    """Yield every country of a player that a document names."""
    match value:
        case Mapping():
            for name, one in value.items():
                if name.rpartition(".")[2] == "country" and isinstance(one, str) and re.fullmatch("[A-Za-z]{2}", one):
                    yield from {one.upper()} - {NO_COUNTRY}
                yield from countries(one)
        case list():
            for one in value:
                yield from countries(one)
        case _:
            return


def _kinds(text: str, looks: Sequence[Look], ours: Sequence[str]) -> Iterator[Kind]:
    """Yield what a text has, of each look once: the first that is somebody's is enough."""
    folded = plain(text)
    for look in looks:
        yield from islice((one.kind for one in look(folded) if not _is_nobodys(one) and not is_of(one, ours)), 1)


def _is_nobodys(one: Found) -> bool:
    if one.kind is Kind.EMAIL:
        return _NOBODYS_DOMAIN.search(one.value) is not None
    return one.kind is Kind.PHONE and _NOBODYS_PHONE.fullmatch(one.value) is not None


def _texts(value: Value | Document, pointer: str) -> Iterator[tuple[str, str, bool]]:
    """Yield every text of a document with its place, numbers and names of entries too."""
    match value:
        case str():
            yield pointer, value, False
        case bool() | None:
            return
        case Mapping():
            for name, one in value.items():
                at = f"{pointer}/{name.replace('~', '~0').replace('/', '~1')}"
                yield pointer, name, True
                yield from _texts(one, at)
        case list():
            for at, one in enumerate(value):
                yield from _texts(one, f"{pointer}/{at}")
        case _:
            yield pointer, in_digits(value), False


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
