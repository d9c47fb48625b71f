"""The arithmetic of the gate: exact tests on counts of passed repeats, and intervals over tickets.

Nothing is drawn at random. Sources: R. A. Fisher 1935 (the exact test of a table), M. Zelen 1971 (over strata),
R. E. Tarone 1990 and P. B. Gilbert 2005 (tests that could never be significant do not count), Y. Benjamini and
Y. Hochberg 1995 (false discoveries), E. B. Wilson 1927 (the interval of a share), S. Yao et al. 2024 (pass^k).
"""

from collections.abc import Iterable, Sequence
from math import comb, sqrt
from typing import Final, NamedTuple

Z95: Final = 1.959963984540054  # the standard normal's 97.5th percentile: an interval of 95 %
NEGLIGIBLE: Final = 1e-18  # chance that is not carried along one by one; below, it counts against the null hypothesis


class Interval(NamedTuple):
    """An estimate and the 95 % interval around it, each from 0 to 1."""

    estimate: float
    low: float
    high: float


class Table(NamedTuple):
    """One ticket's repeats: how many passed now, and how many before."""

    passed: int
    runs: int
    passed_before: int
    runs_before: int


class Discovery(NamedTuple):
    """A table that is worse by more than chance."""

    at: int  # its place among the tables
    p: float  # of this table alone
    q: float  # adjusted for all that were tested


def chance(tables: Iterable[Table]) -> float:
    """Return the chance that so few or fewer pass now, were each ticket's repeats dealt at random to now and before.

    It is the exact permutation test paired by ticket: labels change places within a ticket only, and every way to deal
    them is counted. For one table it is Fisher's exact test, one-sided. Tables without repeats say nothing.
    """
    spare = 0  # how many more than the fewest possible passed
    dealt: list[list[float]] = []
    for table in tables:
        least, ways = _ways(table)
        if len(ways) > 1:
            spare += table.passed - least
            dealt.append(ways)
    return min(1.0, _tail(dealt, spare)) if dealt else 1.0


def least_chance(table: Table) -> float:
    """Return the smallest chance that a table with these margins could show."""
    return _ways(table)[1][0]


def _ways(table: Table) -> tuple[int, list[float]]:
    """Return the fewest that can pass now, and the chance of each number from there on (hypergeometric)."""
    passed, all_runs = table.passed + table.passed_before, table.runs + table.runs_before
    least, most = max(0, table.runs - (all_runs - passed)), min(table.runs, passed)
    of = comb(all_runs, table.runs)
    return least, [comb(passed, n) * comb(all_runs - passed, table.runs - n) / of for n in range(least, most + 1)]


def _tail(dealt: Iterable[list[float]], spare: int) -> float:
    """Return the chance that the sum of what was dealt is at most `spare`."""
    sums, first, forgotten = [1.0], 0, 0.0  # `sums[i]` is the chance of `first + i`
    for ways in dealt:
        sums = _added(sums, ways)[: spare - first + 1]
        kept = [at for at, mass in enumerate(sums) if mass > NEGLIGIBLE]
        begin, end = (kept[0], kept[-1] + 1) if kept else (len(sums), len(sums))
        forgotten += sum(sums[:begin]) + sum(sums[end:])
        sums, first = sums[begin:end], first + begin
    return forgotten + sum(sums)


def _added(left: list[float], right: list[float]) -> list[float]:
    """Return the chances of the sum of two independent numbers."""
    long, short = (left, right) if len(left) > len(right) else (right, left)
    total = [0.0] * (len(long) + len(short) - 1)
    for shift, weight in enumerate(short):
        end = shift + len(long)
        total[shift:end] = [sofar + weight * mass for sofar, mass in zip(total[shift:end], long, strict=True)]
    return total


def worse(tables: Sequence[Table], *, alpha: float) -> list[Discovery]:
    """Return the tables that are worse by more than chance, at a false discovery rate of at most `alpha`.

    Tables whose margins could never be significant, such as those in which everything always passed, are not counted.
    """
    count = _counted(tables, alpha=alpha)
    by_chance = sorted(
        (chance([table]), index) for index, table in enumerate(tables) if least_chance(table) <= alpha / count
    )
    adjusted: list[float] = []
    for rank in range(len(by_chance), 0, -1):
        q = by_chance[rank - 1][0] * len(by_chance) / rank
        adjusted.append(min(q, adjusted[-1] if adjusted else 1.0))
    found = zip(by_chance, reversed(adjusted), strict=True)
    return [Discovery(index, p, q) for (p, index), q in found if q <= alpha]


def _counted(tables: Sequence[Table], *, alpha: float) -> int:
    """Return the smallest m for which at most m tables could reach `alpha / m` (Tarone)."""
    least = [least_chance(table) for table in tables]
    count = 1
    while sum(one <= alpha / count for one in least) > count:
        count += 1
    return count


def wilson(successes: float, of: int) -> Interval:
    """Return Wilson's interval of a share; `successes` may be a sum of the shares of clusters, `of` their number."""
    if not 0 <= successes <= of or of == 0:
        raise ValueError(f"{successes} of {of} is no share")
    share = successes / of
    middle = (share + Z95**2 / (2 * of)) / (1 + Z95**2 / of)
    half = Z95 * sqrt(share * (1 - share) / of + Z95**2 / (4 * of**2)) / (1 + Z95**2 / of)
    # At 0 and at 1 the interval ends exactly there; rounding must not push it beyond.
    return Interval(share, max(0.0, middle - half), min(1.0, middle + half))


def best_low(of: int) -> float:
    """Return the lower end of Wilson's interval where every one of so many is a success."""
    return of / (of + Z95**2)


def pass_hat(passed: int, runs: int, k: int) -> float:
    """Return pass^k: the chance that k repeats drawn from these runs all passed. Raises ValueError where runs < k."""
    if not 0 <= passed <= runs:
        raise ValueError(f"{passed} of {runs} is no share")
    if not 1 <= k <= runs:
        raise ValueError(f"pass^{k} needs at least {k} runs and k from 1; there are {runs}")
    return comb(passed, k) / comb(runs, k)
