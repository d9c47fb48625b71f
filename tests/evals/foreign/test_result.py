"""Differences of two states, by their places."""

from evals.foreign.result import Change, changes


def test_every_place_that_differs_is_named() -> None:
    was = {"a": {"b/c": [1, 2, 3]}, "gone": 1, "same": [1.0]}
    now = {"a": {"b/c": [1, 5]}, "new": None, "same": [1]}
    assert changes(was, now) == (
        Change("/a/b~1c/1", 2, 5),
        Change("/a/b~1c/2", 3, None),
        Change("/gone", 1, None),
        Change("/new", None, None),
    )


def test_true_is_not_one() -> None:
    assert changes({"renewed": True}, {"renewed": 1}) == (Change("/renewed", True, 1),)
    assert changes([1], (1,)) == ()


def test_a_change_is_told_in_a_line() -> None:
    assert Change("", "a", None).told == '/: "a" -> null'
