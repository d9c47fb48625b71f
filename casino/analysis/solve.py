"""A small search for a choice for every variable so that every clause has something that holds.

A variable has a set of choices, written as the bits of a whole number. A literal says that the choice lies in a set,
a clause that at least one of its literals holds.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

Literal_: TypeAlias = tuple[int, int]  # the variable, and the set that its choice lies in
Clause: TypeAlias = tuple[Literal_, ...]
State: TypeAlias = list[int]  # for each variable the choices that are left

MOST_STEPS: Final = 2_000


@dataclass(frozen=True, slots=True)
class Solved:
    """How a search ended. With `state` there is a choice, without there is none; unless it was `given_up`."""

    state: State | None
    given_up: bool = False


def solve(state: State, clauses: Sequence[Clause], *, most_steps: int = MOST_STEPS) -> Solved:
    """Search; complete within its steps. In the state that is found any of the choices left will do."""
    waiting: list[tuple[State, list[Clause]]] = [(state, [*clauses])]
    steps = 0
    while waiting:
        steps += 1
        if steps > most_steps:
            return Solved(None, given_up=True)
        tried, left = waiting.pop()
        open_ = _settle(tried, left)
        if open_ is None:
            continue
        if not open_:
            return Solved(tried)
        waiting += [(one, open_) for one in reversed(_ways(tried, min(open_, key=len)))]
    return Solved(None)


def _settle(state: State, clauses: list[Clause]) -> list[Clause] | None:
    """Narrow the state by every clause that leaves one way; return the clauses still open, None if one cannot hold."""
    settled = False
    while not settled:
        settled = True
        open_: list[Clause] = []
        for clause in clauses:
            left = _left(state, clause)
            if left is None:
                continue
            if not left:
                return None
            if len(left) == 1:
                variable, choices = left[0]
                state[variable] &= choices
                settled = False
            else:
                open_.append(left)
        clauses = open_
    return clauses


def _left(state: State, clause: Clause) -> Clause | None:
    """Return the literals that may still come to hold; None where one holds already."""
    left: list[Literal_] = []
    for variable, choices in clause:
        common = state[variable] & choices
        if common == state[variable]:
            return None
        if common:
            left.append((variable, choices))
    return tuple(left)


def _ways(state: State, clause: Clause) -> list[State]:
    """Return the state split by which literal is the first to hold."""
    ways: list[State] = []
    rest = state
    for variable, choices in clause:
        if rest[variable] & choices == 0:  # an earlier literal of the variable has taken all that this one could
            continue
        way = rest.copy()
        way[variable] &= choices
        ways.append(way)
        rest = rest.copy()
        rest[variable] &= ~choices
        if rest[variable] == 0:
            break
    return ways
