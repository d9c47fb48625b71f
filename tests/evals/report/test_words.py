"""What a page or a terminal would obey is seen instead, and long texts are cut where they matter."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casino.document import load_json
from casino.values import Value
from evals.report.words import AROUND, Pair, clipped, in_line, indented, near_difference, plain, short_hash, shown


def test_what_would_be_obeyed_or_turn_a_line_around_is_seen() -> None:
    assert shown("a\x1b[31m\u202eb\x00\r\n\tc\ud800\ufffe") == "a\\x1b[31m\\u202eb\\x00\\x0d\n\tc\\ud800\\ufffe"


def test_letters_of_every_script_stay() -> None:
    assert shown("مكافأة 奖金 🎰 é") == "مكافأة 奖金 🎰 é"


@given(st.text())
def test_a_piece_of_a_line_has_no_end_of_line(text: str) -> None:
    assert len(in_line(text).splitlines()) <= 1


def test_a_long_text_is_cut_off_visibly() -> None:
    assert (clipped("abcdef", 6), clipped("abcdefg", 6)) == ("abcdef", "abcde…")


def test_a_sha256_is_shown_short_and_nothing_else_is() -> None:
    assert (short_hash("ab" * 32), short_hash("qwen-1.5b")) == ("abababababab…", "qwen-1.5b")


def test_numbers_are_shown_exactly() -> None:
    assert (plain("x"), plain(Decimal("25.00")), plain([1, None])) == ("x", "25.00", "[1, null]")


@pytest.mark.parametrize("value", [{}, [], {"a": [1, {"b": "ü\n"}], "c": {}}, "x", None, [[]]])
def test_what_is_indented_is_still_the_same_json(value: Value) -> None:
    assert load_json(indented(value), name="indented").value == value


def test_indented_json_has_one_entry_a_line() -> None:
    assert indented({"a": [1, 2]}) == '{\n  "a": [\n    1,\n    2\n  ]\n}'


def test_two_long_texts_are_shown_where_they_part() -> None:
    same = "s" * 1_000
    pair = near_difference(f"{same}old{same}", f"{same}new{same}")
    assert pair == Pair(f"…{'s' * AROUND}old{'s' * (AROUND - 3)}…", f"…{'s' * AROUND}new{'s' * (AROUND - 3)}…")


def test_short_texts_are_shown_whole() -> None:
    assert near_difference("abc", None) == Pair("abc", "null")
    assert near_difference("abc", "abcd") == Pair("abc", "abcd")
