"""What a text claims: its figures with what they count, dates, times, addresses, names and relations ("double").

Let through unread are only:

- list numbers at the start of a line that count up from 1, "24/7", "18+", "2FA", "two-factor" and "3D";
- the ordinals "1st" to "3rd", and ordinal words ("first");
- words for one that are articles or pronouns, unless a unit follows ("one free spin" is a claim);
- capitals without digit or underscore ("VIP", "KYC"), and quotations that do not begin like a name ("yes").
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, NamedTuple

from agent.outgoing import role_words
from agent.outgoing.figures import Figure, in_digits, in_words
from agent.outgoing.roles import Role, role_in
from tools import spoken_words as words
from tools.spoken import MONTH_OF, dates
from tools.spoken_words import any_of, fold, folded


@dataclass(frozen=True, slots=True)
class Claim:
    """Something said that can be untrue: any of its figures or dates, or its very words, must be known."""

    token: str
    figures: frozenset[Decimal] = frozenset()
    days: frozenset[tuple[int | None, int, int]] = frozenset()  # (year or None, month, day)
    currencies: frozenset[str] = frozenset()
    role: Role | None = None  # what the figures count; None: the text does not say


class Span(NamedTuple):
    """A claim at `text[start:end]`."""

    start: int
    end: int
    claim: Claim


def plain(text: str) -> str:
    """Return the text with ASCII digits, plain spaces and quotes, and nothing invisible that could part a figure."""
    normal = unicodedata.normalize("NFKC", text)
    bare = _MARKED_DIGIT.sub("", "".join(map(_plain_character, normal)))
    return _LOOK_ALIKE.sub(_as_digits, bare.translate(str.maketrans("’−–—", "'---")))  # noqa: RUF001  # look-alikes


def _plain_character(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Nd":
        return str(unicodedata.decimal(character))
    if category == "Zs":
        return " "
    return "" if category in {"Cf", "Cs", "Me"} or "\ufe00" <= character <= "\ufe0f" else character


_MARKED_DIGIT: Final = re.compile("(?<=\\d)[\u0300-\u036f]+")
_ZEROS, _ONES = "OoОоΟο", "lIІΙ"  # noqa: RUF001  # letters of three alphabets that look like 0 and 1
_AS_DIGIT: Final = str.maketrans(_ZEROS + _ONES, "0" * len(_ZEROS) + "1" * len(_ONES))
_LOOK_ALIKE: Final = re.compile(rf"(?<!\w)(?=[^\W\d_]*\d)[\d{_ZEROS}{_ONES}]{{2,}}(?!\w)")


def _as_digits(match: re.Match[str]) -> str:
    return match.group().translate(_AS_DIGIT)


_QUOTED: Final = re.compile(
    r"[\"“„«»”]\s?([^\"“”„«»\n]{2,60}?)\s?[\"”“»«]|(?<!\w)['‘]([^'‘\n]{2,60})'(?!\w)|`([^`\n]{2,60})`"  # noqa: RUF001  # quotation marks
)
_ANSWERS: Final = frozenset(fold(word) for word in (*words.YES.split("|"), *words.NO.split("|")))


def quoted_names(text: str) -> Iterator[Span]:
    """Find what is quoted and begins like a name, with a capital, and is no plain answer word."""
    for match in _QUOTED.finditer(text):
        name = "".join(match.groups("")).strip(" .,!?")
        if name[:1].isupper() and fold(name) not in _ANSWERS:
            yield Span(match.start(), match.end(), Claim(name))


def without(text: str, spans: Iterable[Span]) -> str:
    """Return the text with these parts blanked."""
    for span in spans:
        text = text[: span.start] + "|" * (span.end - span.start) + text[span.end :]
    return text


def claims(text: str, *, bonuses: frozenset[str] = frozenset()) -> list[Claim]:
    """Return what a plain text claims; each reader takes its own out of the text before the next one reads.

    `bonuses` are the folded names of this ticket's rewards.
    """
    rest = _TOLERATED.sub(_blank, _without_list_numbers(text))
    found: list[Span] = []
    for read in _READERS:
        spans = list(read(rest))
        rest = without(rest, spans)
        found += spans
    for read in (in_digits, in_words):
        spans = [_count(figure, text, bonuses) for figure in read(rest)]
        rest = without(rest, spans)
        found += spans
    found += _relations(rest)  # behind the figures: "two and a half" is one
    return [span.claim for span in sorted(found, key=lambda span: span.start)]


def _count(figure: Figure, text: str, bonuses: frozenset[str]) -> Span:
    """Return a figure as a claim; what it counts is read from the whole text, where nothing is blanked."""
    role = role_in(text, figure, bonuses=bonuses)
    return Span(figure.start, figure.end, Claim(figure.token, figure.values, currencies=figure.currencies, role=role))


_TOLERATED: Final = re.compile(
    r"(?<![\w.,])(?:24 ?/ ?7|18 ?\+|2FA|3D|1st|2nd|3rd|(?:two|2|zwei)[- ](?:factor|faktor))(?![\w.,]\w)", re.IGNORECASE
)
_LIST_NUMBER: Final = re.compile(r"^([^\S\n]*)(\d{1,2})(?=[.)]\s)", re.MULTILINE)


def _blank(match: re.Match[str]) -> str:
    return "|" * len(match.group())


def _without_list_numbers(text: str) -> str:
    """Blank the numbers of a list: 1, 2, 3 at the start of lines, and none that skips."""
    reached = 0

    def blank_next(match: re.Match[str]) -> str:
        nonlocal reached
        if int(match.group(2)) not in {1, reached + 1}:
            return match.group()
        reached = int(match.group(2))
        return match.group(1) + "|" * len(match.group(2))

    return _LIST_NUMBER.sub(blank_next, text)


_ADDRESS: Final = re.compile(r"(?:https?://|www\.)[^\s<>\"|)]+|[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+")
_DAY_MONTH: Final = (  # each by itself: in "from 19 January" the second one would take "from 19"
    re.compile(r"(?<![\d.,])(?P<d>\d\d?)(?:\.|st|nd|rd|th|er|:e)?\s(?:of |de )?(?P<m>[^\W\d_]{3,12})(?!\w)"),
    re.compile(r"(?<!\w)(?P<m>[^\W\d_]{3,12})\s(?P<d>\d\d?)(?:st|nd|rd|th)?(?!\w|[.,]\d)"),
)
TIME: Final = re.compile(r"(?<![\d:])(\d\d?:\d\d)(?::\d\d)?(?:\.\d+)?(?![\d:])")
_MONTH_WORD: Final = 3  # a longer word for a month is one; "may", "out" and "mar" are only with a capital


def _addresses(text: str) -> Iterator[Span]:
    for match in _ADDRESS.finditer(text):
        token = match.group().rstrip(".,;:!?")
        yield Span(match.start(), match.start() + len(token), Claim(token))


def _full_dates(text: str) -> Iterator[Span]:
    for spoken in dates(text):
        days = {(d.year, d.month, d.day) for d in (spoken.value, spoken.ambiguous_with) if d is not None}
        yield Span(spoken.start, spoken.end, Claim(text[spoken.start : spoken.end], days=frozenset(days)))


def _days_first(text: str) -> Iterator[Span]:
    yield from _days(_DAY_MONTH[0], text)


def _months_first(text: str) -> Iterator[Span]:
    yield from _days(_DAY_MONTH[1], text)


def _days(pattern: re.Pattern[str], text: str) -> Iterator[Span]:
    for match in pattern.finditer(text):
        month = MONTH_OF.get(fold(match["m"]))
        if month is not None and (len(match["m"]) > _MONTH_WORD or match["m"][0].isupper()):
            yield Span(
                match.start(), match.end(), Claim(match.group(), days=frozenset({(None, month, int(match["d"]))}))
            )


def _times(text: str) -> Iterator[Span]:
    for match in TIME.finditer(text):
        yield Span(match.start(), match.end(), Claim(match.group(1)))


_TOKEN: Final = re.compile(r"(?<!\w)\w[\w-]*\w")
_MEASURE: Final = re.compile(rf"(?:x|{any_of(words.CURRENCIES)})?\d+(?:-?[^\W\d_]+)*(?:-\d+)?", re.IGNORECASE)


def _names(text: str) -> Iterator[Span]:
    """Find words with an underscore, or of letters and digits that are no figure with its unit: `VIP_50`, `HIGH30`."""
    for match in _TOKEN.finditer(text):
        token = match.group()
        mixed = any(c.isalpha() for c in token) and any(c.isdigit() for c in token)
        if "_" in token or (mixed and _MEASURE.fullmatch(token) is None):
            yield Span(match.start(), match.end(), Claim(token))


_RELATIVE: Final = re.compile(rf"(?<!\w)(?:{role_words.RELATIVE})(?!\w)")
_WAGER_FREE: Final = re.compile(rf"(?<!\w)(?:{role_words.WAGER_FREE})(?!\w)")


def _relations(text: str) -> Iterator[Span]:
    """Find "double", "half": a figure without a number, which only a result in the same words can prove."""
    for start, end in _in_folded(_RELATIVE, text):
        yield Span(start, end, Claim(text[start:end]))


def _no_wager(text: str) -> Iterator[Span]:
    for start, end in _in_folded(_WAGER_FREE, text):
        yield Span(start, end, Claim(text[start:end], frozenset({Decimal(0)}), role=Role.WAGER))


def _in_folded(pattern: re.Pattern[str], text: str) -> Iterator[tuple[int, int]]:
    """Find a pattern on folded text, and return where it stands in the text itself."""
    bare = folded(text)
    for match in pattern.finditer(bare.text):
        yield bare.origin[match.start()], bare.origin[match.end() - 1] + 1


_Reader = Callable[[str], Iterator[Span]]
_READERS: Final[tuple[_Reader, ...]] = (_addresses, _full_dates, _days_first, _months_first, _times, _names, _no_wager)
