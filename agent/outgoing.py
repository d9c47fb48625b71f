"""What the agent is about to say, held against what is known: the first version of "what the player is told is true".

Every figure, date and name in an outgoing text must be a value of this ticket. A false alarm costs one more draft, a
miss is a lie about money, so doubt counts as untrue. Let through unchecked are only:

- list numbers at the start of a line that count up from 1, "24/7", "18+", "2FA", "two-factor" and "3D";
- the ordinals "1st" to "3rd", and ordinal words ("first");
- words for one that are articles or pronouns, unless a unit follows ("one free spin" is checked);
- capitals without digit or underscore ("VIP", "KYC"), and quotations that do not begin like a name ("yes").

Figures are compared by value, whatever they count: a known 15 also lets "15x" pass where the wager is 35. Currencies
are compared with the currencies that are known: pass the player's currency wherever amounts are spoken of.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, NamedTuple

from agent.figures import Figure, currencies_in, in_digits, in_words
from casino.values import Value
from tools import spoken_words as words
from tools.spoken import MONTH_OF, dates
from tools.spoken_words import any_of, fold


@dataclass(frozen=True, slots=True)
class _Claim:
    """Something said that can be untrue: any of its figures or dates, or its very words, must be known."""

    token: str
    figures: frozenset[Decimal] = frozenset()
    days: frozenset[tuple[int | None, int, int]] = frozenset()  # (year or None, month, day)
    currencies: frozenset[str] = frozenset()


@dataclass(slots=True)
class _Known:
    """All that the ticket knows, gathered from trees of values."""

    figures: set[Decimal] = field(default_factory=set[Decimal])
    days: set[tuple[int | None, int, int]] = field(default_factory=set[tuple[int | None, int, int]])
    currencies: set[str] = field(default_factory=set[str])
    texts: list[str] = field(default_factory=list[str])

    def add(self, value: Value) -> None:
        """Take in a tree of values."""
        if isinstance(value, dict):
            for member in value.values():
                self.add(member)
        elif isinstance(value, list):
            for member in value:
                self.add(member)
        elif isinstance(value, str):
            self._add_text(_plain(value))
        elif isinstance(value, (int, Decimal)) and not isinstance(value, bool) and Decimal(value).is_finite():
            self.figures.add(abs(Decimal(value)))

    def _add_text(self, text: str) -> None:
        self.texts.append(text)
        self.currencies |= currencies_in(text)
        for claim in _claims(text):
            self.texts += [claim.token] if _TIME.fullmatch(claim.token) else []
            self.figures |= claim.figures
            self.days |= claim.days | {(None, month, day) for _, month, day in claim.days}
            self.figures |= {Decimal(year) for year, _, _ in claim.days if year is not None}

    def covers(self, claim: _Claim) -> bool:
        """Tell whether a claim is true by what is known."""
        if claim.currencies and not claim.currencies & self.currencies:
            return False
        if claim.figures & self.figures or claim.days & self.days:
            return True
        return not claim.figures and any(_says(text, claim.token) for text in self.texts)


def _says(text: str, token: str) -> bool:
    """Tell whether a known text has these very words; capitals count in template names, not in titles and addresses."""
    exact = "_" in token and "@" not in token and "/" not in token
    flags = re.NOFLAG if exact else re.IGNORECASE
    return re.search(rf"(?<![\w-]){re.escape(token)}(?![\w-])", text, flags) is not None


def untrue_values(text: str, known: Iterable[Value]) -> tuple[str, ...]:
    """Return the figures, dates and names in an outgoing text that are not among the known values, as they stand there.

    `known` are the trees of this ticket: tool results, decisions, and the player's own words as strings. Figures are
    read in digits and words of English, German, Spanish, Portuguese, French and Swedish.
    """
    facts = _Known()
    for value in known:
        facts.add(value)
    plain = _plain(text)
    quoted = list(_quoted_names(plain))
    said = _claims(_without(plain, [span for span in quoted if facts.covers(span.claim)]))
    every = [*(span.claim for span in quoted), *said]
    return tuple(dict.fromkeys(claim.token for claim in every if not facts.covers(claim)))


def _plain_character(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Nd":
        return str(unicodedata.decimal(character))
    if category == "Zs":
        return " "
    return "" if category in {"Cf", "Cs"} else character


def _plain(text: str) -> str:
    """Return the text with ASCII digits, plain spaces and quotes, and nothing invisible that could part a figure."""
    normal = unicodedata.normalize("NFKC", text)
    return "".join(map(_plain_character, normal)).translate(str.maketrans("’−–—", "'---"))  # noqa: RUF001  # look-alikes


_QUOTED: Final = re.compile(
    r"[\"“„«»”]\s?([^\"“”„«»\n]{2,60}?)\s?[\"”“»«]|(?<!\w)['‘]([^'‘\n]{2,60})'(?!\w)|`([^`\n]{2,60})`"  # noqa: RUF001  # quotation marks
)


class _Span(NamedTuple):
    start: int
    end: int
    claim: _Claim


_ANSWERS: Final = frozenset(fold(word) for word in (*words.YES.split("|"), *words.NO.split("|")))


def _quoted_names(text: str) -> Iterator[_Span]:
    """Find what is quoted and begins like a name, with a capital, and is no plain answer word."""
    for match in _QUOTED.finditer(text):
        name = "".join(match.groups("")).strip(" .,!?")
        if name[:1].isupper() and fold(name) not in _ANSWERS:
            yield _Span(match.start(), match.end(), _Claim(name))


def _without(text: str, spans: Iterable[_Span]) -> str:
    for span in spans:
        text = text[: span.start] + "|" * (span.end - span.start) + text[span.end :]
    return text


def _claims(text: str) -> list[_Claim]:
    """Return what a text claims; each reader takes its own out of the text before the next one reads."""
    rest = _TOLERATED.sub(_blank, _without_list_numbers(text))
    found: list[_Span] = []
    for read in _READERS:
        spans = list(read(rest))
        rest = _without(rest, spans)
        found += spans
    return [span.claim for span in sorted(found, key=lambda span: span.start)]


_TOLERATED: Final = re.compile(
    r"(?<![\w.,])(?:24 ?/ ?7|18 ?\+|2FA|3D|1st|2nd|3rd|(?:two|2|zwei)[- ](?:factor|faktor))(?![\w.,]\w)", re.IGNORECASE
)
_LIST_NUMBER: Final = re.compile(r"^(\s*)(\d{1,2})(?=[.)]\s)", re.MULTILINE)


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
_DAY_MONTH: Final = re.compile(
    r"(?<![\d.,])(?P<d>\d\d?)(?:\.|st|nd|rd|th|er|:e)?\s(?:of |de )?(?P<m>[^\W\d_]{3,12})(?!\w)"
    r"|(?<!\w)(?P<m2>[^\W\d_]{3,12})\s(?P<d2>\d\d?)(?:st|nd|rd|th)?(?!\w|[.,]\d)"
)
_TIME: Final = re.compile(r"(?<![\d:])(\d\d?:\d\d)(?::\d\d)?(?:\.\d+)?(?![\d:])")
_MONTH_WORD: Final = 3  # a longer word for a month is one; "may", "out" and "mar" are only with a capital


def _addresses(text: str) -> Iterator[_Span]:
    for match in _ADDRESS.finditer(text):
        token = match.group().rstrip(".,;:!?")
        yield _Span(match.start(), match.start() + len(token), _Claim(token))


def _full_dates(text: str) -> Iterator[_Span]:
    for spoken in dates(text):
        days = {(d.year, d.month, d.day) for d in (spoken.value, spoken.ambiguous_with) if d is not None}
        yield _Span(spoken.start, spoken.end, _Claim(text[spoken.start : spoken.end], days=frozenset(days)))


def _days(text: str) -> Iterator[_Span]:
    for match in _DAY_MONTH.finditer(text):
        word = match["m"] or match["m2"]
        month = MONTH_OF.get(fold(word))
        if month is not None and (len(word) > _MONTH_WORD or word[0].isupper()):
            day = (None, month, int(match["d"] or match["d2"]))
            yield _Span(match.start(), match.end(), _Claim(match.group(), days=frozenset({day})))


def _times(text: str) -> Iterator[_Span]:
    for match in _TIME.finditer(text):
        yield _Span(match.start(), match.end(), _Claim(match.group(1)))


_TOKEN: Final = re.compile(r"(?<!\w)\w[\w-]*\w")
_MEASURE: Final = re.compile(rf"(?:x|{any_of(words.CURRENCIES)})?\d+(?:-?[^\W\d_]+)*(?:-\d+)?", re.IGNORECASE)


def _names(text: str) -> Iterator[_Span]:
    """Find words with an underscore, or of letters and digits that are no figure with its unit: `VIP_50`, `HIGH30`."""
    for match in _TOKEN.finditer(text):
        token = match.group()
        mixed = any(c.isalpha() for c in token) and any(c.isdigit() for c in token)
        if "_" in token or (mixed and _MEASURE.fullmatch(token) is None):
            yield _Span(match.start(), match.end(), _Claim(token))


def _count(figure: Figure) -> _Span:
    return _Span(figure.start, figure.end, _Claim(figure.token, figure.values, currencies=figure.currencies))


def _digits(text: str) -> Iterator[_Span]:
    yield from map(_count, in_digits(text))


def _number_words(text: str) -> Iterator[_Span]:
    yield from map(_count, in_words(text))


_Reader = Callable[[str], Iterator[_Span]]
_READERS: Final[tuple[_Reader, ...]] = (_addresses, _full_dates, _days, _times, _names, _digits, _number_words)

_NO_LETTER_BEFORE: Final = r"(?<![\w'-])"
_PROMISES: Final = {
    language: re.compile(_NO_LETTER_BEFORE + f"(?:{pattern.replace('~', fold(words.DEEDS[language]))})(?!\\w)")
    for language, pattern in words.CLAIMS.items()
}
_DENIALS: Final = {
    language: re.compile(rf"{_NO_LETTER_BEFORE}{any_of(denials.split('|'))}(?![\w'])")
    for language, denials in words.UNCLAIMED.items()
}
_CONDITION: Final = re.compile(rf"\W*{any_of(words.CONDITIONS.split('|'))}\s")
_CLAUSE_BREAK: Final = re.compile(rf"[,;:]|\b{any_of(words.CLAUSE_BREAKS.split('|'))}\b")
_SENTENCE: Final = re.compile(r"(?:[^.!?\n]|[.!?](?=\S))+[.!?]?")


def promises_effect(text: str) -> bool:
    """Tell whether a text says that something was, is being or is about to be done for the player.

    "I've added", "has been credited", "wurde gutgeschrieben", "he añadido" in six languages. Questions, conditions
    ("once it has been credited") and denials ("has not been credited") promise nothing. Whether a promise is true
    the caller decides by the state of the ticket.
    """
    sentences = [sentence for sentence in _SENTENCE.findall(fold(text)) if not sentence.endswith("?")]
    return any(_promises(sentence, language) for sentence in sentences for language in _PROMISES)


def _promises(sentence: str, language: str) -> bool:
    if _CONDITION.match(sentence):
        return False
    for match in _PROMISES[language].finditer(sentence):
        clause_start = max((found.end() for found in _CLAUSE_BREAK.finditer(sentence, 0, match.start())), default=0)
        if not _DENIALS[language].search(sentence, clause_start, match.end()):
            return True
    return False
