"""Writes as a multiset: missing, extra, and asked for again."""

from hypothesis import given
from hypothesis import strategies as st

from evals.foreign.writes import Asked, Difference, difference, repeats


def done(key: str) -> Asked:
    return Asked(key, done=True, tool=key[0], told=key)


def refused(key: str) -> Asked:
    return Asked(key, done=False, tool=key[0], told=key)


WRITES = st.lists(st.builds(Asked, st.sampled_from("ab"), st.booleans(), st.just("t"), st.just("told")), max_size=8)


@given(WRITES)
def test_the_same_writes_never_differ(writes: list[Asked]) -> None:
    assert difference(writes, writes, "in_order") == Difference((), (), (), ())


@given(WRITES, st.integers(0, 7))
def test_a_write_made_twice_is_always_found(writes: list[Asked], at: int) -> None:
    if at < len(writes):
        twice = [*writes[: at + 1], *writes[at:]]
        assert difference(twice, writes, "any").repeated == ("told",)


def test_what_was_refused_may_be_asked_for_again_once_something_has_changed() -> None:
    assert [*repeats([refused("a"), done("b"), done("a")])] == []
    assert [*repeats([refused("a"), refused("a")])] == ["a"]


def test_missing_and_extra_writes_are_told() -> None:
    assert difference([done("a2")], [done("a1")], "same") == Difference(("a1",), ("a2",), (), ())
    assert difference([done("a2")], [done("a1")], "as_many") == Difference((), (), (), ())
    assert difference([], [done("a1")], "as_many") == Difference(("a",), (), (), ())
    assert difference([], [done("a1")], "any") == Difference((), (), (), ())


def test_gold_that_repeats_itself_allows_as_much() -> None:
    assert difference([done("a"), done("a")], [done("a"), done("a")], "same") == Difference((), (), (), ())
