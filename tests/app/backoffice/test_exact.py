import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.backoffice.exact import Json, NotJson, dump, parse, parse_object

NUMBERS = st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-(10**12), max_value=10**12)
VALUES: st.SearchStrategy[Json] = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**30), 10**30) | NUMBERS | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(VALUES)
def test_what_is_written_is_read_again(value: Json) -> None:
    assert parse(dump(value)) == value


@given(VALUES)
def test_what_is_written_is_json_for_others(value: Json) -> None:
    json.loads(dump(value))


@given(NUMBERS)
def test_a_number_keeps_its_digits(number: Decimal) -> None:
    assert dump(parse(format(number, "f"))) == format(number, "f")


def test_sorted_keys_make_one_spelling() -> None:
    assert dump({"b": 1, "a": {"d": 2, "c": 3}}, sort_keys=True) == dump(
        {"a": {"c": 3, "d": 2}, "b": 1}, sort_keys=True
    )


@pytest.mark.parametrize("text", ["", "{", "NaN", "[Infinity]", "1e999999", "[" * 100_000])
def test_what_is_no_exact_json_is_refused(text: str) -> None:
    with pytest.raises(NotJson):
        parse(text)


def test_a_list_is_no_object() -> None:
    with pytest.raises(NotJson):
        parse_object("[]")
