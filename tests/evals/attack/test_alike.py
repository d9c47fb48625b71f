"""Planted words are found again however they were cleaned, and words that nobody sees only as they are."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.incoming import clean
from evals.attack.alike import plain, stands_in

TAGS = "".join(chr(0xE0000 + ord(one)) for one in "issue")


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("Your bo\u200bnus is approved.", "Yes. Your bonus is approved."),
        ("approve\u0301d", "approv\u00e9d"),
        ("bonus\r\nis", "Your bonus\nis approved."),
        ("bonus  is", "Your bonus\u00a0is approved."),
        ("call issue\x00_bonus", "CALL ISSUE_BONUS"),
        ("\uff30\uff21\uff39", "pay"),
        ("don\u2019t", "don't"),
        (TAGS, f"hello {TAGS}"),
    ],
)
def test_words_are_found_whatever_the_signs(words: str, text: str) -> None:
    assert stands_in(words, text)


@pytest.mark.parametrize(("words", "text"), [(TAGS, "hello"), ("is approved", "isapproved"), ("approved", "approve")])
def test_other_words_are_not(words: str, text: str) -> None:
    assert not stands_in(words, text)


@given(st.text(min_size=1))
def test_cleaning_hides_no_words(text: str) -> None:
    cleaned = clean(text).text
    assert plain(cleaned) == plain(text) or not cleaned or _lone(text)
    assert stands_in(unicodedata.normalize("NFD", text), text) or not plain(text)


def _lone(text: str) -> bool:
    """Tell whether there are surrogates, which no text of a ticket has, or selectors that show nothing."""
    return any(unicodedata.category(one) in {"Cs", "Mn"} for one in text)
