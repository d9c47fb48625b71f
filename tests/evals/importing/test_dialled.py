"""Phone numbers are found as phonenumbers finds them, and much less is parsed."""

import re
from collections.abc import Iterator

import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from phonenumbers import phonenumbermatcher

from casino.values import Value
from evals.importing.dialled import BEGINS, dialled
from evals.importing.found import Kind
from evals.importing.leftovers import Leftover, leftovers
from evals.importing.personal import REGIONS

GROUPS = " ".join(f"{number:04}" for number in range(0, 8_000, 5))  # 8,000 characters of digits in fours
LONG = "I had 50 spins at 12 of 2026, order 12345678; VIP 50 and 1250 EUR: where are they? " * 100


def _by_hand(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield what is found where every number is tried in every region."""
    for region in (None, *REGIONS):
        for match in phonenumbers.PhoneNumberMatcher(text, region):
            if region is None or BEGINS.match(match.raw_string):
                number = phonenumbers.format_number(match.number, phonenumbers.PhoneNumberFormat.E164)
                yield match.start, match.end, number


def _found(text: str) -> set[tuple[int, int, str]]:
    return {(one.start, one.end, one.value) for one in dialled(REGIONS)(text)}


def _examples() -> list[str]:
    """Return a number of each region as it is written there, with its country, and from abroad."""
    numbers = [(region, phonenumbers.example_number(region)) for region in (*REGIONS, "AR", "LU", "UY")]
    return [
        written
        for region, number in numbers
        if number is not None
        for written in (
            *(phonenumbers.format_number(number, form) for form in range(3)),
            phonenumbers.format_out_of_country_calling_number(number, "US" if region == "DE" else "DE"),
        )
    ]


_WRITTEN = st.one_of(
    st.sampled_from(_examples()),
    st.integers(0, 10**12).map(str),
    st.integers(0, 10**11).map(lambda number: f"0{number}"),
    st.text("0123456789 ()-/+.", max_size=20),
    st.sampled_from(["hello", "TX", "%", "EUR"]),
)
_TEXTS = st.lists(
    st.tuples(
        _WRITTEN, st.sampled_from([" ", ", ", " / ", "/", "-", " - ", ".", "(", " x", " ext. 12 ", "\n", "", "|"])
    ),
    max_size=8,
).map(lambda parts: "".join(piece for part in parts for piece in part))


@settings(max_examples=150, deadline=None, derandomize=True)
@given(_TEXTS)
def test_nothing_is_found_less_than_where_every_number_is_tried_in_every_region(text: str) -> None:
    assert set(_by_hand(text)) <= _found(text)


def test_a_number_of_each_region_is_found() -> None:
    for written in _examples():
        assert _found(f"call {written}, please") >= set(_by_hand(f"call {written}, please"))
    assert len({value for written in _examples() for _, _, value in _found(written)}) >= len(REGIONS)


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return what phonenumbers parses from now on."""
    candidates: list[str] = []
    parse = phonenumbers.parse

    def counted(number: str, region: str | None = None, *, keep_raw_input: bool = False) -> phonenumbers.PhoneNumber:
        candidates.append(number)
        return parse(number, region, keep_raw_input=keep_raw_input)

    monkeypatch.setattr(phonenumbermatcher, "parse", counted)
    return candidates


def test_what_cannot_be_a_number_is_not_parsed(parsed: list[str]) -> None:
    assert (_found(LONG), parsed) == (set(), [])
    assert ([*_by_hand(LONG)], len(parsed) > 10_000) == ([], True)


def test_a_number_with_its_country_is_parsed_once_for_all_regions(parsed: list[str]) -> None:
    assert {value for _, _, value in _found("call +49 171 3920011, please")} == {"+491713920011"}
    assert [re.sub(r"\D", "", one) for one in parsed] == ["491713920011"]


def test_of_digits_in_groups_only_what_may_be_a_number_of_the_region_is_parsed(parsed: list[str]) -> None:
    assert _found(GROUPS) == {*_by_hand(GROUPS)}
    by_hand = len(parsed)
    parsed.clear()
    _found(GROUPS)
    assert (by_hand > 20_000, len(parsed) < by_hand / 20) == (True, True)


def test_a_refused_text_is_looked_at_until_the_first_number_and_once_in_a_ticket(parsed: list[str]) -> None:
    said: list[Value] = ["call 0171 5550123, " * 200] * 5
    assert [*leftovers({"says": said})] == [Leftover(Kind.PHONE, f"/says/{at}") for at in range(5)]
    assert [re.sub(r"\D", "", one) for one in parsed] == ["01715550123"]
