"""The search, against trying everything."""

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from casino.analysis.solve import Clause, Solved, solve

literals = st.tuples(st.integers(0, 3), st.integers(0, 7))
clauses = st.lists(st.lists(literals, min_size=1, max_size=3).map(tuple), max_size=7)


def _holds(choice: tuple[int, ...], clause: Clause) -> bool:
    return any(choice[variable] & choices for variable, choices in clause)


@given(clauses)
def test_the_search_finds_a_choice_where_there_is_one(asked: list[Clause]) -> None:
    possible = any(all(_holds(choice, clause) for clause in asked) for choice in product((1, 2, 4), repeat=4))
    found = solve([7, 7, 7, 7], asked)
    assert (found.state is not None, found.given_up) == (possible, False)
    if found.state is not None:
        first = tuple(left & -left for left in found.state)
        assert all(_holds(first, clause) for clause in asked)


def test_the_search_gives_up_and_says_so() -> None:
    hard: list[Clause] = [((0, 1), (1, 1)), ((0, 2), (1, 2))]
    assert solve([3, 3], hard, most_steps=1) == Solved(None, given_up=True)
    assert solve([3, 3], hard).state is not None


def test_a_literal_that_stands_twice_opens_no_second_way() -> None:
    assert solve([7, 7], [((1, 1), (1, 1)), ((1, 2), (1, 2))]) == Solved(None)
