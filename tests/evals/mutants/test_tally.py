"""Mutants are counted by kind, and by what became of them."""

from dataclasses import replace
from decimal import Decimal

from casino.values import Value
from evals.mutants.tally import Row, Tally, Wrong, document
from evals.trial import Difference, Divergence, Level, Part, Status, Step, Trial


def trial(*mutants: tuple[str, str], status: Status = Status.PASS, why: str = "", wrong: tuple[str, ...] = ()) -> Trial:
    """Return a trial at L0 with these mutants, by kind and fate."""
    bodies: list[dict[str, Value]] = [{"kind": kind, "fate": fate} for kind, fate in mutants]
    return Trial(
        ticket="one",
        file="one.json",
        title="One",
        level=Level.LINT,
        repeat=1,
        seed=0,
        status=status,
        why=why,
        parts=(Part(name="mutants", wrong=wrong),),
        steps=tuple(Step(kind="mutant", at="2026-11-20T12:00:00Z", title="", body=body) for body in bodies),
    )


def test_every_mutant_is_counted_by_its_kind() -> None:
    tally = Tally()
    tally.add(trial(("swap", "caught"), ("drop", "caught"), ("drop", "explained")))
    tally.add(trial(("drop", "missed"), status=Status.FAIL, wrong=("drop a: not caught",)))
    assert tally.rows == (Row("drop", 3, 1, 1, 1), Row("swap", 1, 1, 0, 0))
    assert (tally.total, tally.caught) == (Row("all", 4, 2, 1, 1), Decimal("0.5"))
    assert tally.wrong == [Wrong("one", "one.json", Status.FAIL, ("mutants: drop a: not caught",))]
    assert document(tally)["total"] == {"kind": "all", "made": 4, "caught": 2, "explained": 1, "missed": 1}


def test_without_a_mutant_there_is_no_share() -> None:
    tally = Tally()
    tally.add(trial(status=Status.ERROR, why="broken"))
    assert (tally.caught, tally.wrong) == (None, [Wrong("one", "one.json", Status.ERROR, ("broken",))])


def test_a_stale_ticket_says_what_changed() -> None:
    changed = Divergence(exchange=2, kind=Difference.PROMPT, segment="procedure/a", pointer="/line/2")
    tally = Tally()
    stale = trial(status=Status.STALE)
    tally.add(replace(stale, divergences=(changed,)))
    assert tally.wrong[0].lines == ("stale: prompt procedure/a/line/2 at exchange 2",)
