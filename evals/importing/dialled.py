"""Phone numbers as phonenumbers finds them, without parsing what cannot be one. Importing it loads heavy metadata."""

import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from phonenumbers import PhoneNumberFormat, PhoneNumberMatch, PhoneNumberMatcher, format_number

from evals.importing.found import Found, Kind, Look
from evals.importing.numbering import LEAST_DIGITS, Plan, plan_of

BEGINS: Final = re.compile(r"\+|\(?0|\(|\d{2,4}[ ./-]\d{2,4}[ ./-]\d")
# Where within a run of numbers one of them may begin so; phonenumbers takes a run apart at its signs, never in digits.
_BEGINS_WITHIN: Final = re.compile(r"[+(]|(?<!\d)0|\d{2,4}[ ./-]\d{2,4}[ ./-]\d")
_PLUS: Final = re.compile(r"[+\uff0b]")
_DIGIT: Final = re.compile(r"\d")
_PLAIN: Final = re.compile(r"[0-9 ()./-]*")  # digits and gaps: no plus and no extension


class _Piece(NamedTuple):
    """What phonenumbers tries of a run of numbers."""

    text: str
    at: int  # where it begins
    digits: str
    is_plain: bool


class _Known(NamedTuple):
    """What is the same in every region: numbers with a plus by their place, and how a run of numbers is taken apart."""

    abroad: dict[int, PhoneNumberMatch]
    pieces: dict[str, list[_Piece]]


def dialled(regions: Sequence[str]) -> Look:
    """Return what looks for valid phone numbers: with their country, and those of a region that begin as one does."""
    abroad, *plans = [plan_of(region) for region in (None, *regions)]

    def look(text: str) -> Iterator[Found]:
        known = _Known({}, {})
        for match in _Matcher(text, abroad, known):
            known.abroad[match.start] = match
            yield _found(match)
        for plan in plans:
            yield from (_found(match) for match in _Matcher(text, plan, known) if BEGINS.match(match.raw_string))

    return look


def _found(match: PhoneNumberMatch) -> Found:
    return Found(Kind.PHONE, match.start, match.end, format_number(match.number, PhoneNumberFormat.E164))


class _Matcher(PhoneNumberMatcher):
    """The matcher of phonenumbers, which would parse every piece of every run of numbers in every region.

    What it leaves out could not have been one: it has digits as no number of the region has, begins otherwise than what
    is asked for, or has a plus and is the same number in every region.
    """

    def __init__(self, text: str, plan: Plan, known: _Known) -> None:
        super().__init__(text, plan.region)
        self._begins = _PLUS if plan.region is None else _BEGINS_WITHIN
        self._plan = plan
        self._known = known

    def _extract_match(self, candidate: str, offset: int) -> PhoneNumberMatch | None:
        if self._begins.search(candidate) is None:
            return None
        same = self._known.abroad.get(offset)
        is_whole = same is not None and same.raw_string == candidate
        return same if is_whole else super()._extract_match(candidate, offset)

    def _extract_inner_match(self, candidate: str, offset: int) -> PhoneNumberMatch | None:
        pieces = self._known.pieces
        if candidate not in pieces:
            pieces[candidate] = _TakingApart(candidate).pieces()
        return next(filter(None, (self._parsed(one, offset + one.at) for one in pieces[candidate])), None)

    def _parse_and_verify(self, candidate: str, offset: int) -> PhoneNumberMatch | None:
        return self._parsed(_piece(candidate, offset), offset)

    def _parsed(self, piece: _Piece, offset: int) -> PhoneNumberMatch | None:
        may_be = self._plan.may_be(piece.digits, is_plain=piece.is_plain)
        return super()._parse_and_verify(piece.text, offset) if may_be else None


class _TakingApart(PhoneNumberMatcher):
    """Takes a run of numbers apart as phonenumbers does, and finds nothing."""

    def __init__(self, run: str) -> None:
        super().__init__(run, None)
        self._pieces: list[_Piece] = []

    def pieces(self) -> list[_Piece]:
        """Return what is tried after the run itself, in its order, without what is too short in every country."""
        self._extract_inner_match(self.text, 0)
        return self._pieces

    def _parse_and_verify(self, candidate: str, offset: int) -> None:
        piece = _piece(candidate, offset)
        if len(piece.digits) >= LEAST_DIGITS:
            self._pieces.append(piece)


def _piece(text: str, at: int) -> _Piece:
    return _Piece(text, at, "".join(_DIGIT.findall(text)), _PLAIN.fullmatch(text) is not None)
