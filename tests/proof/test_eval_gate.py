"""The gate over runs, simulated: how often it cries wolf, and what it finds. 5,000 runs a cell by `make proof`.

200 tickets, 4 repeats each, against 16 earlier ones; most tickets nearly always pass, some are shaky: 0.956 on average.
Two gates that are in use elsewhere stand beside it as controls: they must come out as badly as they are known to.
The floor lies low here, since what is asked is whether a change is seen. Figures are printed with `-s`.
"""

import os
from collections.abc import Callable, Sequence
from random import Random
from typing import NamedTuple, TypeAlias

import pytest

from evals.gate.baseline import Baseline, Passes
from evals.gate.judge import judge
from evals.gate.sample import Repeats, Sample
from evals.gate.statistics import Interval, wilson
from evals.gate.verdict import Answer, Rules
from evals.trial import Status
from tests.evals.gate.runs import header

FULL = os.environ.get("CROUPIER_PROOF") == "full"
ROUNDS = 5_000 if FULL else 80
TICKETS, REPEATS, BEFORE = 200, 4, 16
SHARES, RATES = (0.75, 0.15, 0.10), (0.995, 0.9, 0.75)  # 0.956 on average
RULES = Rules(floor=0.5)

Rates: TypeAlias = Sequence[float]
Counts: TypeAlias = Sequence[int]
Change: TypeAlias = Callable[[Random, Rates], Rates]
Gate: TypeAlias = Callable[[Counts, Counts], bool]  # passed now, passed before: is it red?


class Cell(NamedTuple):
    """A change, how often it must be red at least, and at most."""

    change: Change
    at_least: float
    at_most: float


def same(_: Random, rates: Rates) -> Rates:
    return rates


def one_broken(random: Random, rates: Rates) -> Rates:
    broken = random.randrange(len(rates))
    return [0 if number == broken else rate for number, rate in enumerate(rates)]


def twentieth_broken(random: Random, rates: Rates) -> Rates:
    broken = random.sample(range(len(rates)), len(rates) // 20)
    return [0 if number in broken else rate for number, rate in enumerate(rates)]


def lower_by(points: float) -> Change:
    return lambda _, rates: [max(0, rate - points) for rate in rates]


def shuffled(random: Random, rates: Rates) -> Rates:
    """Some shaky tickets become better and as many worse: nothing was lost, but not everything is as it was."""
    moved = list(rates)
    shaky = [number for number, rate in enumerate(rates) if rate == RATES[1]]
    for number in shaky:
        moved[number] += random.choice((-0.05, 0.05))
    return moved


def played(random: Random, rates: Rates, repeats: int) -> list[int]:
    """Return how many repeats of each ticket passed."""
    return [sum(random.random() < rate for _ in range(repeats)) for rate in rates]


def ours(now: Counts, before: Counts) -> bool:
    run = Sample(file="now.jsonl", header=header(repeat=REPEATS), tickets={str(n): ended(k) for n, k in enumerate(now)})
    known = Baseline(tickets={str(number): Passes(passed, BEFORE) for number, passed in enumerate(before)})
    answer = judge(run, known, RULES).answer
    assert answer in {Answer.RED, Answer.PASS}
    return answer is Answer.RED


def ended(passed: int) -> Repeats:
    return Repeats(statuses={n: Status.PASS if n <= passed else Status.FAIL for n in range(1, REPEATS + 1)})


def any_newly_red(now: Counts, before: Counts) -> bool:
    return any(passed < REPEATS and earlier == REPEATS for passed, earlier in zip(now, before, strict=True))


def mean_below(now: Counts, before: Counts) -> bool:
    return sum(now) < sum(before)


def red(gate: Gate, change: Change, *, earlier: int, rounds: int = ROUNDS) -> Interval:
    """Return how often a gate is red after a change."""
    random = Random(20261120)  # noqa: S311  # a simulation
    found = 0
    for _ in range(rounds):
        rates = random.choices(RATES, SHARES, k=TICKETS)
        before = played(random, rates, earlier)
        found += gate(played(random, change(random, rates), REPEATS), before)
    return wilson(found, rounds)


CELLS = {
    "nothing changed": Cell(same, 0, 0.05),
    "shaky tickets trade places": Cell(shuffled, 0, 0.08),
    "one ticket broken": Cell(one_broken, 0.75, 1),
    "a twentieth broken": Cell(twentieth_broken, 0.99, 1),
    "3 points less everywhere": Cell(lower_by(0.03), 0.85, 1),
    "10 points less everywhere": Cell(lower_by(0.1), 0.99, 1),
}


@pytest.mark.parametrize("name", CELLS)
def test_the_gate_sees_a_change_and_nothing_else(name: str) -> None:
    cell = CELLS[name]
    found = red(ours, cell.change, earlier=BEFORE)
    print(f"{name}: red in {found.estimate:.3f} [{found.low:.3f}, {found.high:.3f}] of {ROUNDS}")  # noqa: T201  # the figure
    assert cell.at_least <= found.estimate <= cell.at_most
    if FULL:  # then the whole interval has to lie there
        assert (found.low >= cell.at_least, found.high <= cell.at_most) == (True, True)


@pytest.mark.parametrize(("gate", "low", "high"), [(any_newly_red, 0.99, 1), (mean_below, 0.4, 0.55)])
def test_the_gates_of_others_cry_wolf(gate: Gate, low: float, high: float) -> None:
    found = red(gate, same, earlier=REPEATS, rounds=5 * ROUNDS)  # they are quickly asked
    print(f"{gate.__name__}: red in {found.estimate:.3f} though nothing changed")  # noqa: T201  # the figure
    assert low <= found.estimate <= high
