"""Plain values go to the record exactly and come back as the package writes them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.foreign.exact import NotPlain, document, exact, loose, spelled, written

PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.text()
    | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(PLAIN)
def test_a_value_comes_back_equal(value: object) -> None:
    assert loose(exact(value)) == value


def test_numbers_are_spelled_one_way() -> None:
    assert spelled([25, 25.0, Decimal("25.00"), 46.66]) == "[25,25,25,46.66]"
    assert spelled([Decimal("2.50"), Decimal("-0.10"), Decimal(f"{'9' * 40}.10")]) == f"[2.5,-0.1,{'9' * 40}.1]"
    assert spelled({"b": (1,), "a": True}) == '{"a":true,"b":[1]}'


def test_a_result_that_is_no_object_stands_under_a_name() -> None:
    assert document("yes") == {"result": "yes"}
    assert document({"a": 0.5}) == {"a": Decimal("0.5")}


@pytest.mark.parametrize("value", [float("nan"), float("inf"), b"x", {1: 2}, {1, 2}, object()])
def test_what_json_cannot_say_is_refused(value: object) -> None:
    with pytest.raises(NotPlain):
        exact(value)


def test_a_state_that_cannot_be_written_says_how_to_mend_it() -> None:
    with pytest.raises(NotPlain, match=r"give `compare\.view` to show it as plain JSON"):
        written({"set": {1}})
