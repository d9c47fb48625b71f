"""Operations of RFC 6902 are told as what was added, removed and changed."""

from casino.values import Value
from evals.report.changes import Change, changes


def test_each_operation_is_told() -> None:
    operations: list[Value] = [
        {"op": "add", "path": "/a", "value": {"b": 1}},
        {"op": "remove", "path": "/b"},
        {"op": "replace", "path": "/c", "value": None},
        {"op": "move", "path": "/d", "from": "/e"},
        {"op": "copy", "path": "/f", "from": "/g"},
        {"op": "dance", "path": "/h", "value": "x"},
    ]
    assert [*changes(operations)] == [
        Change("added", "/a", '{"b": 1}'),
        Change("removed", "/b", ""),
        Change("changed", "/c", "null"),
        Change("moved", "/d", "from /e"),
        Change("copied", "/f", "from /g"),
        Change("dance", "/h", "x"),
    ]


def test_a_test_before_an_operation_tells_what_was_there() -> None:
    operations: list[Value] = [
        {"op": "test", "path": "/a", "value": 10},
        {"op": "replace", "path": "/a", "value": 35},
        {"op": "test", "path": "/b", "value": "gone"},
        {"op": "remove", "path": "/b"},
        {"op": "test", "path": "/c", "value": 1},
    ]
    assert [*changes(operations)] == [Change("changed", "/a", "10 → 35"), Change("removed", "/b", "gone")]


def test_what_is_no_operation_is_shown_as_it_is() -> None:
    assert [*changes(["x", {}])] == [Change("unknown", "", "x"), Change("", "", "null")]
