"""The arithmetic of the gate against hand-worked figures, enumeration, and properties."""

from fractions import Fraction
from itertools import combinations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.gate.statistics import Discovery, Table, best_low, chance, least_chance, pass_hat, wilson, worse

EXACT = 1e-12


@st.composite
def tables(draw: st.DrawFn, most: int = 5) -> Table:
    runs, before = draw(st.integers(0, most)), draw(st.integers(0, most))
    return Table(draw(st.integers(0, runs)), runs, draw(st.integers(0, before)), before)


def enumerated(several: list[Table]) -> Fraction:
    """Deal every ticket's repeats in every possible way, and count those with so few passed now."""
    dealt: list[list[int]] = []
    for table in several:
        outcomes = [True] * (table.passed + table.passed_before)
        outcomes += [False] * (table.runs + table.runs_before - len(outcomes))
        dealt.append([sum(outcomes[i] for i in now) for now in combinations(range(len(outcomes)), table.runs)])
    seen = sum(table.passed for table in several)
    ways = [sum(way) for way in product(*dealt)]
    return Fraction(sum(way <= seen for way in ways), len(ways))


@pytest.mark.parametrize(
    ("table", "p"),
    [
        (Table(1, 4, 3, 4), Fraction(17, 70)),  # the lady tasting tea, the other way round
        (Table(0, 4, 16, 16), Fraction(1, 4845)),
        (Table(1, 4, 16, 16), Fraction(4, 1140)),
        (Table(4, 4, 16, 16), Fraction(1)),
        (Table(0, 1, 16, 16), Fraction(1, 17)),
        (Table(0, 0, 16, 16), Fraction(1)),
    ],
)
def test_one_table_is_fishers_exact_test(table: Table, p: Fraction) -> None:
    assert chance([table]) == pytest.approx(float(p), abs=EXACT)


@given(tables())
def test_fisher_is_what_enumeration_says(table: Table) -> None:
    assert chance([table]) == pytest.approx(float(enumerated([table])), abs=EXACT)


@given(st.lists(tables(most=3), min_size=1, max_size=3))
def test_the_paired_test_is_what_enumeration_says(several: list[Table]) -> None:
    assert chance(several) == pytest.approx(float(enumerated(several)), abs=EXACT)


@given(st.lists(tables(), min_size=1, max_size=6))
def test_one_more_pass_is_never_more_suspicious(several: list[Table]) -> None:
    first = several[0]
    if first.passed < first.runs and first.passed_before:
        better = [first._replace(passed=first.passed + 1, passed_before=first.passed_before - 1), *several[1:]]
        assert chance(better) >= chance(several) - EXACT


def test_chance_of_nothing_is_one() -> None:
    assert (chance([]), chance([Table(4, 4, 16, 16)] * 3)) == (1.0, 1.0)


def test_very_many_tables_keep_their_chance() -> None:
    fair = [Table(1, 2, 1, 2)] * 10_000
    assert chance(fair) == pytest.approx(0.5, abs=0.01)
    assert chance([Table(0, 2, 2, 2)] * 300 + fair) < 1e-6


@given(tables())
def test_the_least_chance_is_what_the_worst_table_shows(table: Table) -> None:
    passed = table.passed + table.passed_before
    fewest = max(0, passed - table.runs_before)
    worst = table._replace(passed=fewest, passed_before=passed - fewest)
    assert least_chance(table) == pytest.approx(chance([worst]), abs=EXACT)


def test_one_broken_ticket_of_200_is_discovered() -> None:
    whole = [Table(4, 4, 16, 16)] * 199
    (found,) = worse([*whole[:7], Table(0, 4, 16, 16), *whole[7:]], alpha=0.02)
    assert found == Discovery(7, chance([Table(0, 4, 16, 16)]), chance([Table(0, 4, 16, 16)]))


def test_discoveries_are_adjusted_for_those_that_could_be_significant() -> None:
    broken, shaky = Table(0, 4, 16, 16), Table(2, 4, 14, 16)
    found = worse([shaky, broken, shaky, broken], alpha=0.05)
    assert [(one.at, round(one.q, 6)) for one in found] == [
        (1, round(4 / 2 / 4845, 6)),
        (3, round(4 / 2 / 4845, 6)),
    ]


def test_what_is_chance_is_no_discovery() -> None:
    assert worse([Table(3, 4, 15, 16), Table(4, 4, 16, 16), Table(3, 4, 14, 16)], alpha=0.05) == []
    assert worse([], alpha=0.05) == []


@given(st.lists(tables(), max_size=8), st.floats(0.001, 0.2))
def test_discoveries_are_those_of_benjamini_and_hochberg(several: list[Table], alpha: float) -> None:
    found = worse(several, alpha=alpha)
    assert all(one.p <= one.q <= alpha for one in found)
    assert [one.q for one in found] == sorted(one.q for one in found)
    assert all(one.p == pytest.approx(chance([several[one.at]])) for one in found)


@pytest.mark.parametrize(
    ("successes", "of", "low"),
    [(100, 100, 0.963), (95, 100, 0.888), (50, 50, 0.929), (300, 300, 0.987), (0, 10, 0.0)],
)
def test_wilsons_lower_end_is_as_published(successes: int, of: int, low: float) -> None:
    assert round(wilson(successes, of).low, 3) == low


@given(st.integers(1, 500).flatmap(lambda of: st.tuples(st.floats(0, of), st.just(of))))
def test_wilsons_interval_holds_its_estimate_and_mirrors(share: tuple[float, int]) -> None:
    successes, of = share
    here, mirrored = wilson(successes, of), wilson(of - successes, of)
    assert 0 <= here.low <= here.estimate + EXACT <= here.high + 2 * EXACT <= 1 + 2 * EXACT
    assert here.low == pytest.approx(1 - mirrored.high, abs=1e-9)
    assert here.low <= best_low(of) + EXACT


@pytest.mark.parametrize(("successes", "of"), [(1, 0), (0, 0), (-1, 4), (5, 4)])
def test_what_is_no_share_has_no_interval(successes: int, of: int) -> None:
    with pytest.raises(ValueError, match="no share"):
        wilson(successes, of)


def test_pass_hat_is_the_share_of_draws_that_all_passed() -> None:
    assert [pass_hat(3, 4, k) for k in (1, 2, 3, 4)] == [0.75, 0.5, 0.25, 0.0]
    assert (pass_hat(4, 4, 4), pass_hat(0, 4, 1)) == (1.0, 0.0)


@pytest.mark.parametrize(("passed", "runs", "k"), [(3, 3, 4), (1, 1, 0), (5, 4, 1), (-1, 4, 1)])
def test_pass_hat_needs_enough_runs(passed: int, runs: int, k: int) -> None:
    with pytest.raises(ValueError, match=r"needs at least|no share"):
        pass_hat(passed, runs, k)
