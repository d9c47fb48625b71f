"""Every place at which a text differs from the one that was recorded, the first of them first."""

from collections import Counter
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casino.values import Value
from evals.differing import Place, differing

Found = list[tuple[str, Value, Value]]
SAID: dict[str, Value] = {"role": "player", "text": "Hi"}


def called(number: int, name: str) -> dict[str, Value]:
    return {"call": number, "name": name, "arguments": {}}


def answered(number: int, name: str, *, found: Value = True) -> dict[str, Value]:
    return {"call": number, "name": name, "status": "ok", "data": {"found": found}}


FIRST: list[tuple[str, Value, Value, tuple[str, Value, Value]]] = [
    ("note", "a\nb\nc", "a\nB\nc", ("/line/2", "b", "B")),
    ("note", "a", "a\nb", ("/line/2", None, "b")),
    ("note", None, "a", ("", None, "a")),
    ("tools/x", {"a/b": [1, {"c": 2}]}, {"a/b": [1, {"c": 3}]}, ("/a~1b/1/c", 2, 3)),
    ("tools/x", {"a": 1}, {"a": 1, "b": None}, ("/b", None, None)),
    ("history", [1], [1, 2], ("/1", None, 2)),
    ("history", ["a\nb"], ["a\nc"], ("/0", "a\nb", "a\nc")),
    ("offered", {"a": {}}, {"a": {}}, ("", {"a": {}}, {"a": {}})),
]


@pytest.mark.parametrize(("name", "was", "now", "place"), FIRST)
def test_a_difference_has_a_pointer(name: str, was: Value, now: Value, place: tuple[str, Value, Value]) -> None:
    assert differing(name, was, now) == (place,)


LINES: list[tuple[str, str, Found]] = [
    ("a\nb\nc\nd", "A\nb\nc\nD", [("/line/1", "a", "A"), ("/line/4", "d", "D")]),
    ("a\nb\nc\nd", "A\nb\nd", [("/line/1", "a", "A"), ("/line/3", "c", None)]),
    ("a\nb\nc", "new\na\nb\nC", [("/line/1", None, "new"), ("/line/4", "c", "C")]),
    ("a\nb\nc\nd", "c\nd", [("/line/1", "a", None), ("/line/2", "b", None)]),
    ("1. a\n2. b\n3. c\n4. d", "1. a\n2. c\n3. D", [("/line/2", "2. b", None), ("/line/3", "4. d", "3. D")]),
    ("1. a\n2. b", "1. a\n3. b", [("/line/2", "2. b", "3. b")]),
    ("1. a\n2. b\n  3. c", "1. a\n2. c", [("/line/2", "2. b", None), ("/line/2", "  3. c", "2. c")]),
    ("a\nUp to 25. b\nc", "x\na\nUp to 50. b\nc", [("/line/1", None, "x"), ("/line/3", "Up to 25. b", "Up to 50. b")]),
    ("- same\n- same", "- same", [("/line/2", "- same", None)]),
]


@pytest.mark.parametrize(("was", "now", "found"), LINES)
def test_each_line_that_changed_came_or_went_is_a_place(was: str, now: str, found: Found) -> None:
    assert [*differing("procedure/x", was, now)] == found


VALUES: list[tuple[str, Value, Value, Found]] = [
    ("tools/x", {"a": 1, "b": [1, 2], "c": 3}, {"a": 2, "b": [1], "c": 3}, [("/a", 1, 2), ("/b/1", 2, None)]),
    ("tools/x", {"enum": ["a", "b", "c"]}, {"enum": ["b", "d"]}, [("/enum/0", "a", None), ("/enum/1", "c", "d")]),
    ("tools/x", {"a": True, "b": 0}, {"a": 1, "b": False}, [("/a", True, 1), ("/b", 0, False)]),
    ("tools/x", {"a": {"b": 1}}, {"a": [1]}, [("/a", {"b": 1}, [1])]),
    (
        "history",
        [SAID, SAID],
        [{**SAID, "text": "Ho"}, {**SAID, "text": "Hu"}],
        [("/0/text", "Hi", "Ho"), ("/1/text", "Hi", "Hu")],
    ),
    (
        "history",
        [SAID, called(1, "a"), answered(1, "a"), called(2, "b"), answered(2, "b")],
        [SAID, called(1, "b"), answered(1, "b", found=False)],
        [
            ("/1", called(1, "a"), None),
            ("/2", answered(1, "a"), None),
            ("/2/data/found", True, False),
        ],
    ),
    ("history", [SAID, called(1, "a")], [SAID, SAID], [("/1", called(1, "a"), SAID)]),
    ("history", [called(1, "a")], [called(2, "a")], [("/0/call", 1, 2)]),
]


@pytest.mark.parametrize(("name", "was", "now", "found"), VALUES)
def test_each_value_and_each_turn_that_changed_came_or_went_is_a_place(
    name: str, was: Value, now: Value, found: Found
) -> None:
    assert [*differing(name, was, now)] == found


TEXTS = st.lists(st.sampled_from(["", "a", "b", "  b", "c", "If x:", "- d"]), max_size=12).map("\n".join)


@given(TEXTS, TEXTS)
def test_no_line_comes_or_goes_unseen_and_the_first_difference_stands_first(was: str, now: str) -> None:
    found = differing("procedure/x", was, now)
    old, new = was.split("\n"), now.split("\n")
    gone, come = Counter(old) - Counter(new), Counter(new) - Counter(old)
    assert gone <= Counter(one.was for one in found if isinstance(one.was, str))
    assert come <= Counter(one.now for one in found if isinstance(one.now, str))
    first = next((at for at in range(max(len(old), len(new))) if old[at : at + 1] != new[at : at + 1]), None)
    assert found[0].pointer == ("" if first is None else f"/line/{first + 1}")
    assert all(one.was != one.now for one in found) is (was != now)


@given(st.lists(st.integers(0, 3)), st.lists(st.integers(0, 3)))
def test_no_value_of_a_list_comes_or_goes_unseen(was: list[Value], now: list[Value]) -> None:
    found = differing("tools/x", was, now)
    if was == now:
        assert found == (Place("", was, now),)
    else:
        assert Counter(was) - Counter(now) <= Counter(one.was for one in found)
        assert Counter(now) - Counter(was) <= Counter(one.now for one in found)


def test_a_text_too_long_to_be_paired_is_compared_line_by_line_and_soon() -> None:
    long = [str(at * 7 % 5) for at in range(20_000)]
    began = process_time()
    inserted = differing("procedure/x", "\n".join(long), "\n".join(["new", *long]))
    changed = differing("procedure/x", "\n".join(["a", *long, "b"]), "\n".join(["A", *long, "B"]))
    assert process_time() - began < 5
    assert inserted == (Place("/line/1", None, "new"),)
    assert [one.pointer for one in changed] == ["/line/1", "/line/20002"]
