"""What of a text is personal by its form alone: e-mail addresses, phone numbers, IBANs and card numbers. All pure."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from types import MappingProxyType
from typing import Final, NamedTuple

from evals.importing.found import Found, Kind, Look
from tools.spoken import dates

_EMAIL: Final = re.compile(
    r"\w(?:[\w.+'-]|%(?!40)){0,63}(?P<at>\s?@\s?|%40)(?:[\w-]{1,63}\.){1,8}[^\W\d_][\w-]{1,62}", re.IGNORECASE
)
_GAP: Final = r"[\s./_-]"
_WIDEST_GAP: Final = 3
_BEGINS_AN_IBAN: Final = re.compile(rf"(?:(?<![^\W_])|(?<=iban))[a-z]{{2}}{_GAP}{{0,3}}\d{_GAP}?\d", re.IGNORECASE)
_LEAST_IN_AN_IBAN: Final = 10  # digits: words that follow a number are no account number
_BEGINS_A_CARD: Final = re.compile(r"(?<![\d+])(?<!\d[.,])[2-6]")  # as `_BRANDS` do
# Without gaps, or in groups of four, of eight, or of four, six and the rest: three dates in a row are no card number.
_OF_A_CARD: Final = re.compile(
    rf"\d{{13,19}}|\d{{8}}{_GAP}+\d{{8}}|\d{{4}}{_GAP}+(?:\d{{4}}|\d{{6}})(?:{_GAP}+\d{{4}}){{0,2}}{_GAP}+\d{{1,5}}"
)
_CARD_LENGTHS: Final = range(13, 20)
_DOUBLED: Final = str.maketrans("0123456789", "0246813579")  # each digit twice, and of two digits the sum
_BRANDS: Final = re.compile(r"4|5[0-8]|2(?:22[1-9]|2[3-9]|[3-6]|7[01]|720)|3[4-9]|30[0-5]|6")  # how a number begins
# The length of an IBAN by its country, from the SWIFT registry: without it every prefix would have to be tried.
_IBANS: Final = (
    "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DK18 DO28 EE20 EG29 ES24 FI18 "
    "FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 "
    "LU20 LV21 LY25 MC27 MD24 ME22 MK19 MR27 MT31 MU30 NL18 NO15 PK24 PL28 PS29 PT25 QA29 RO24 RS22 SA24 SC31 SE24 "
    "SI19 SK24 SM27 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20"
)
_LENGTHS: Final = {country: int(length) for country, length in re.findall(r"([A-Z]{2})(\d\d)", _IBANS)}
_MOD_97: Final = 97
# What a person never is: hashes, times as we write them, ids of our own.
_OURS: Final = re.compile(
    r"(?<![\w-])(?:[0-9a-f]{64}|[0-9a-f]{32}|\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)?|[AD]-(?:[0-9a-f]{16}|\d{1,9}))(?![\w-])"
    r'|(?<="handoffId":")H-[0-9a-f]{10}(?=")'
    r"|(?<![^\W_])[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![^\W_])"
)
_HANDOFF: Final = re.compile(r"H-[0-9a-f]{10}")
_HANDOFF_KEYS: Final = frozenset({"handoffId", "handoff_id"})
_DASHES_AND_DOTS: Final[Mapping[str, str]] = MappingProxyType({"\u2212": "-", "\u3002": "."})
# Where a number without its country may be from when nobody says: the shipped jurisdictions and languages.
REGIONS: Final = ("DE", "GB", "US", "CA", "ES", "IT", "FR", "NL", "BE", "SE", "DK", "PT", "BR", "AT", "CH", "FI")
AMOUNT: Final = re.compile(r"(?<![\d.,/-])\d+(?:[.,]\d{3})*[.,]\d{1,2}(?!\d)(?![./,-]\d)")
_SHORTEST_PHONE: Final = re.compile(r"(?:\d[\s()./_-]{0,3}){7}")
_SAYS_PHONE: Final = re.compile(
    r"(?<![^\W\d_])(?:tel|telefon|phone|fon|mobil|mobile|handy|nr|no|call)(?=[\d(+])", re.IGNORECASE
)


def by_form(regions: Sequence[str] = ()) -> tuple[Look, ...]:
    """Return what looks for each kind that has a form. `regions`: where phone numbers without a country belong."""
    return emails, ibans, cards, phones_of(regions or REGIONS)


def found_in(text: str, looks: Iterable[Look]) -> list[Found]:
    """Return what stands in a text as a reader sees it, at the places where it is written."""
    seen = readable(text)
    found = distinct(one for look in looks for one in look(seen.text))
    after = [*seen.at, len(text)]
    return [one._replace(start=after[one.start], end=max(after[one.end - 1] + 1, after[one.end])) for one in found]


def emails(text: str) -> Iterator[Found]:
    """Yield e-mail addresses; one is the same in any case."""
    if "@" in text or "%40" in text:
        for match in _EMAIL.finditer(text):
            value = text[match.start() : match.start("at")] + "@" + text[match.end("at") : match.end()]
            yield Found(Kind.EMAIL, match.start(), match.end(), value.casefold())


def ibans(text: str) -> Iterator[Found]:
    """Yield account numbers whose check digits are right (ISO 13616: mod 97)."""
    text = without_ours(text)
    for match in _BEGINS_AN_IBAN.finditer(text):
        for end in _ends_of(text, match.start(), [iban_length(match[0])]):
            value = joined(text[match.start() : end]).upper()
            if is_iban(value):
                yield Found(Kind.IBAN, match.start(), end, value)


def cards(text: str) -> Iterator[Found]:
    """Yield card numbers: they begin as one of a brand does, and the check digit is right (ISO 7812: Luhn)."""
    reached, text = 0, without_ours(text)
    for match in _BEGINS_A_CARD.finditer(text):
        may_be_one = match.start() >= reached and _OF_A_CARD.match(text, match.start()) is not None
        for end in _ends_of(text, match.start(), _CARD_LENGTHS) if may_be_one else ():
            written = text[match.start() : end]
            if _OF_A_CARD.fullmatch(written) and is_card(joined(written)):
                yield Found(Kind.CARD, match.start(), end, joined(written))
                reached = end
                break


def phones_of(regions: Sequence[str]) -> Look:
    """Return what looks for valid phone numbers, in their international form and in that of these regions."""

    @cache
    def valid() -> Look:
        from evals.importing.dialled import dialled  # noqa: PLC0415  # its metadata is heavy; most texts have no number

        return dialled(regions)

    def phones(text: str) -> Iterator[Found]:
        if _SHORTEST_PHONE.search(text) is not None:
            dialable = _SAYS_PHONE.sub(lambda word: " " * len(word[0]), _without(text).replace("_", " "))
            yield from valid()(dialable)

    return phones


def remembering(look: Look) -> Look:
    """Return a look that remembers what it found: a text stands in a ticket many times, and is looked at twice."""
    seen: dict[str, tuple[Found, ...]] = {}

    def again(text: str) -> Iterator[Found]:
        if text not in seen:
            seen[text] = tuple(look(text))
        yield from seen[text]

    return again


def distinct(found: Iterator[Found]) -> list[Found]:
    """Return what was found from left to right; of two that meet the kind that stands first, then the longer."""
    taken: list[Found] = []
    rank = {kind: at for at, kind in enumerate(Kind)}
    for one in sorted(found, key=lambda one: (rank[one.kind], one.start - one.end, one.start)):
        if all(one.end <= other.start or other.end <= one.start for other in taken):
            taken.append(one)
    return sorted(taken, key=lambda one: one.start)


class Readable(NamedTuple):
    """A text as a reader sees it, and where each of its signs is written."""

    text: str
    at: Sequence[int]


def readable(text: str) -> Readable:
    """Return a text as a reader sees it: signs, dashes and digits are plain, accents are put on their letters.

    What is invisible is not there.
    """
    if text.isascii():
        return Readable(text, range(len(text)))
    pieces = [(start, _plain(text[start:end])) for start, end in _with_accents(text)]
    return Readable("".join(piece for _, piece in pieces), [at for at, piece in pieces for _ in piece])


def plain(text: str) -> str:
    """Return a text as a reader sees it."""
    return readable(text).text


def is_handoff(name: str, text: str) -> bool:
    """Tell whether what stands under this name is the number of a hand-over; ten figures may look like a phone's."""
    return name in _HANDOFF_KEYS and _HANDOFF.fullmatch(text) is not None


def without_ours(text: str) -> str:
    """Return a text without hashes, times and ids of ours; every place stays where it was."""
    return _OURS.sub(lambda match: "|" * len(match[0]), text)


def _without(text: str) -> str:
    """Return a text without what looks like a phone number and is none; every place stays where it was."""
    text = without_ours(text)
    spans = [(one.start, one.end) for look in (emails, ibans, cards) for one in look(text)]
    spans += [(one.start, one.end) for one in dates(text)]
    spans += [one.span() for one in AMOUNT.finditer(text)]
    for start, end in spans:
        text = text[:start] + "|" * (end - start) + text[end:]
    return text


def _ends_of(text: str, start: int, lengths: Sequence[int]) -> Iterator[int]:
    """Yield where one of these numbers of letters and digits ends, with narrow gaps between them, the longest first."""
    ends: list[int] = []
    gap, longest = 0, max(lengths)
    for at in range(start, len(text)):
        is_gap = not text[at].isalnum()
        gap = gap + 1 if is_gap else 0
        if len(ends) == longest or gap > _WIDEST_GAP or (is_gap and not (text[at].isspace() or text[at] in "./_-")):
            break
        if not is_gap:
            ends.append(at + 1)
    for length in sorted(lengths, reverse=True):
        if 0 < length <= len(ends) and not text[ends[length - 1] : ends[length - 1] + 1].isalnum():
            yield ends[length - 1]


def joined(written: str) -> str:
    """Return the letters and digits of what is written."""
    return "".join(one for one in written if one.isalnum())


def is_card(digits: str) -> bool:
    """Tell whether these are the digits of a card."""
    is_number = digits.isascii() and digits.isdecimal()
    return is_number and _BRANDS.match(digits) is not None and _luhn(digits)


def iban_length(begins: str) -> int:
    """Return how long an IBAN is that begins so; 0 where no country has such."""
    return _LENGTHS.get(begins[:2].upper(), 0)


def is_iban(value: str) -> bool:
    """Tell whether these capitals and digits are an IBAN."""
    if not value.isascii() or sum(map(str.isdecimal, value)) < _LEAST_IN_AN_IBAN:
        return False
    moved = value[4:] + value[:4]
    return int("".join(str(int(one, 36)) for one in moved)) % _MOD_97 == 1


def _luhn(digits: str) -> bool:
    return sum(map(int, digits[::-2] + digits[-2::-2].translate(_DOUBLED))) % 10 == 0


def _with_accents(text: str) -> Iterator[tuple[int, int]]:
    starts = [at for at, one in enumerate(text) if at == 0 or not unicodedata.combining(one)]
    return zip(starts, [*starts[1:], len(text)], strict=True)


def _plain(written: str) -> str:
    """Return one sign with its accents as a reader sees it."""
    signs = unicodedata.normalize("NFKC", written)
    return "".join(_DASHES_AND_DOTS.get(one) or _by_category(one) for one in signs)


def _by_category(one: str) -> str:
    match unicodedata.category(one):
        case "Cf":
            return ""
        case "Pd":
            return "-"
        case "Nd":
            return str(unicodedata.decimal(one))
        case _:
            return one
