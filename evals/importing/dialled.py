"""Phone numbers as phonenumbers finds them, without parsing what cannot be one. Importing it loads heavy metadata."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from phonenumbers import PhoneMetadata, PhoneNumberFormat, PhoneNumberMatch, PhoneNumberMatcher, format_number

from evals.importing.personal import Found, Kind

BEGINS: Final = re.compile(r"\+|\(?0|\(|\d{2,4}[ ./-]\d{2,4}[ ./-]\d")
# Where within a run of numbers one of them may begin so; phonenumbers takes a run apart at its signs, never in digits.
_BEGINS_WITHIN: Final = re.compile(r"[+(]|(?<!\d)0|\d{2,4}[ ./-]\d{2,4}[ ./-]\d")
_PLUS: Final = re.compile(r"[+\uff0b]")
_LEAST_DIGITS: Final = 4  # of the shortest number that any country has
_LEAST_ABROAD: Final = 7  # the same, dialled from abroad: `00`, the country's code, and the number
_DIGIT: Final = re.compile(r"\d")


def dialled(text: str, regions: Sequence[str]) -> Iterator[Found]:
    """Yield the valid phone numbers of a text: with their country, and those of a region that begin as one does."""
    abroad: dict[int, PhoneNumberMatch] = {}
    for match in _Matcher(text, None, abroad):
        abroad[match.start] = match
        yield _found(match)
    for region in regions:
        yield from (_found(match) for match in _Matcher(text, region, abroad) if BEGINS.match(match.raw_string))


def _found(match: PhoneNumberMatch) -> Found:
    return Found(Kind.PHONE, match.start, match.end, format_number(match.number, PhoneNumberFormat.E164))


class _Matcher(PhoneNumberMatcher):
    """The matcher of phonenumbers, which would parse every number of a text in every region.

    What it leaves out could not have been one: it has too few digits, begins otherwise than what is asked for, or has a
    plus and is the same number in every region, which `abroad` knows by the place where it begins.
    """

    def __init__(self, text: str, region: str | None, abroad: dict[int, PhoneNumberMatch]) -> None:
        super().__init__(text, region)
        self._begins = _PLUS if region is None else _BEGINS_WITHIN
        self._least = _least_digits(region)
        self._abroad = abroad

    def _extract_match(self, candidate: str, offset: int) -> PhoneNumberMatch | None:
        if self._begins.search(candidate) is None or len(_DIGIT.findall(candidate)) < self._least:
            return None
        same = self._abroad.get(offset)
        is_whole = same is not None and same.raw_string == candidate
        return same if is_whole else super()._extract_match(candidate, offset)

    def _parse_and_verify(self, candidate: str, offset: int) -> PhoneNumberMatch | None:
        if len(_DIGIT.findall(candidate)) < self._least:
            return None
        return super()._parse_and_verify(candidate, offset)


def _least_digits(region: str | None) -> int:
    """Return how many digits a number has at least that is dialled in a region."""
    metadata = None if region is None else PhoneMetadata.metadata_for_region(region)
    lengths = None if metadata is None else metadata.general_desc
    if metadata is None or lengths is None or metadata.national_prefix_transform_rule is not None:
        return _LEAST_DIGITS  # the rule may add digits
    return min(_LEAST_ABROAD, *lengths.possible_length)
