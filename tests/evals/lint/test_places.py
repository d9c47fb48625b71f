"""Where the parts of a JSON text stand."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casino.loaded import Place
from evals.lint.places import START, path_of, place_of, places

TEXT = '{\n "a": [1, {"b.c": "x\\"y", "d": []}],\n  "e": {}, "f": null}\n'
WRITTEN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


def test_an_entry_stands_at_its_key_and_an_item_at_its_first_character() -> None:
    assert places(TEXT) == {
        (): Place(1, 1),
        ("a",): Place(2, 2),
        ("a", 0): Place(2, 8),
        ("a", 1): Place(2, 11),
        ("a", 1, "b.c"): Place(2, 12),
        ("a", 1, "d"): Place(2, 27),
        ("e",): Place(3, 3),
        ("f",): Place(3, 12),
    }


@pytest.mark.parametrize("text", ["", "{", '{"a": [1, ', '{"a" 1}', '{"a', "[1 2]", "nothing"])
def test_what_is_no_json_is_read_as_far_as_it_goes(text: str) -> None:
    assert places(text)[()] == START


def test_a_part_that_is_not_there_stands_where_it_would_stand_in() -> None:
    known = places(TEXT)
    assert place_of(("a", 1, "gone", 3), known) == Place(2, 11)
    assert place_of((), {}) == START


@pytest.mark.parametrize(
    ("dotted", "path"), [("a.1.d", ("a", 1, "d")), ("a.gone", ("a",)), ("gone", ()), ("a.0", ("a", 0))]
)
def test_a_path_with_dots_is_followed_as_far_as_it_goes(dotted: str, path: tuple[str | int, ...]) -> None:
    assert path_of(dotted, places(TEXT)) == path


@given(WRITTEN, st.sampled_from([None, 1]))
def test_every_part_of_a_text_has_a_place(value: object, indent: int | None) -> None:
    text = json.dumps(value, indent=indent)
    assert set(places(text)) == set(_paths(value, ()))


def _paths(value: object, path: tuple[str | int, ...]) -> list[tuple[str | int, ...]]:
    inner: list[tuple[str | int, object]] = []
    if isinstance(value, dict):
        inner = list(value.items())  # pyright: ignore[reportUnknownArgumentType]  # JSON
    elif isinstance(value, list):
        inner = list(enumerate(value))  # pyright: ignore[reportUnknownArgumentType]  # JSON
    return [path, *(found for step, one in inner for found in _paths(one, (*path, step)))]
