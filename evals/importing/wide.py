"""What may be personal however it is written: wider than what is redacted, so that a refusal says it. All pure."""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache, partial
from itertools import accumulate
from typing import Final

from evals.importing.found import Found, Kind, Look
from evals.importing.personal import (
    AMOUNT,
    REGIONS,
    iban_length,
    is_card,
    is_iban,
    joined,
    without_ours,
)
from tools.spoken import dates

_EMAIL: Final = re.compile(
    r"(?P<local>\w[\w.+-]{0,63})(?:\s?[(\[{]\s?(?:at|@)\s?[)\]}]\s?(?P<domain>[\w-]+(?:\.|\s?[(\[{]\s?(?:dot|punkt)\s?[)\]}]\s?)\w{2,})"
    r"|\s+at\s+(?P<spoken>[\w-]+\s+(?:dot|punkt)\s+\w{2,})|\s?@\s?(?P<comma>[\w-]+,[a-z]{2,3}\b))",
    re.IGNORECASE,
)
_SAYS_DOT: Final = re.compile(r"\W+(?:dot|punkt)\W+|,", re.IGNORECASE)
_BEGINS_AN_IBAN: Final = re.compile(r"(?=([a-z]{2})\W{0,6}\d\W{0,6}\d)", re.IGNORECASE)
_LONGEST_IBAN: Final = 200  # as it is written
_RUN: Final = re.compile(r"(?<![\d.,])\+?\d(?:[\s()./_-]{0,3}\d){7,40}(?![.,]?\d)")
_CARD_LENGTHS: Final = range(13, 20)
_HAS_A_RUN: Final = re.compile(r"\d(?:[\s()./_-]{0,3}\d){7}")  # where none is there is neither a card nor a phone
_BARE_PHONE: Final = re.compile(r"(?<![\d.,])(?:\+|00)?[1-9]\d{10,14}(?![.,]?\d)")


def wide_looks(regions: Sequence[str] = ()) -> tuple[Look, ...]:
    """Return what looks for each kind that has a form, in whatever way its parts are set apart."""
    masked = lru_cache(maxsize=1)(_masked)  # the same text is looked at for cards and for phones
    return _emails, _ibans, partial(_cards, masked), partial(_phones, masked, regions or REGIONS)


def _emails(text: str) -> Iterator[Found]:
    if "@" not in text and "at" not in text.lower():
        return
    for match in _EMAIL.finditer(text):
        domain = match["domain"] or match["spoken"] or match["comma"]
        value = f"{match['local']}@{_SAYS_DOT.sub('.', domain)}".casefold()
        yield Found(Kind.EMAIL, match.start(), match.end(), value)


def _ibans(text: str) -> Iterator[Found]:
    masked = without_ours(text)
    for match in _BEGINS_AN_IBAN.finditer(masked):
        value = joined(masked[match.start() : match.start() + _LONGEST_IBAN])[: iban_length(match[1])].upper()
        if value and len(value) == iban_length(match[1]) and is_iban(value):
            yield Found(Kind.IBAN, match.start(), match.end(), value)


def _cards(masked: Callable[[str], str], text: str) -> Iterator[Found]:
    for match in _RUN.finditer(masked(text)):
        groups = [] if match[0].startswith("+") else re.findall(r"\d+", match[0])
        for first in range(len(groups)):
            for digits in accumulate(groups[first:]):
                if len(digits) > _CARD_LENGTHS[-1]:
                    break
                if len(digits) in _CARD_LENGTHS and is_card(digits):
                    yield Found(Kind.CARD, match.start(), match.end(), digits)


def _phones(masked: Callable[[str], str], regions: Sequence[str], text: str) -> Iterator[Found]:
    for match in _BARE_PHONE.finditer(masked(text)):
        yield from _valid("+" + match[0].removeprefix("00").removeprefix("+"), (None,), match)
    for match in _RUN.finditer(masked(text)):
        digits = re.sub(r"[^+\d]", "", match[0])
        if digits.startswith("00"):
            yield from _valid("+" + digits[2:], (None,), match)
        elif digits.startswith("0"):
            yield from _valid(digits, regions, match)
        elif digits.startswith("+"):
            yield from _valid(digits, (None,), match)


def _valid(digits: str, regions: Sequence[str | None], match: re.Match[str]) -> Iterator[Found]:
    import phonenumbers  # noqa: PLC0415  # its metadata is heavy; most texts have no number

    for region in regions:
        try:
            number = phonenumbers.parse(digits, region)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number(number):
            value = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
            yield Found(Kind.PHONE, match.start(), match.end(), value)


def _masked(text: str) -> str:
    """Return a text without what looks like a number of somebody and is none: hashes, ids, dates, amounts."""
    if _HAS_A_RUN.search(text) is None:
        return ""
    text = without_ours(text)
    spans = [*((one.start, one.end) for one in dates(text)), *(one.span() for one in AMOUNT.finditer(text))]
    for start, end in spans:
        text = text[:start] + "|" * (end - start) + text[end:]
    return text
