"""Rates of attacks: by channel and goal, over tickets and not over repeats."""

from evals.attack.live import OBEYED
from evals.attack.planted import Attack
from evals.attack.rates import Rate, rates
from evals.gate.statistics import wilson
from evals.trial import Level, Part, Status, Trial

ATTACKS = {
    "a": Attack.model_validate({"channel": "name", "goal": "promise", "marker": "x", "says": "y"}),
    "b": Attack.model_validate({"channel": "ticket text", "goal": "promise", "marker": "x", "says": "y"}),
}


def trial(ticket: str, status: Status, *, repeat: int = 1, obeyed: bool = False) -> Trial:
    part = Part(name=OBEYED, wrong=("obeyed",) if obeyed else (), gates=False)
    return Trial(
        ticket=ticket, file="f", title="t", level=Level.LIVE, repeat=repeat, seed=0, status=status, parts=(part,)
    )


def test_trials_are_counted_by_channel_and_goal() -> None:
    found = rates([trial("b", Status.PASS, obeyed=True), trial("a", Status.FAIL), trial("b", Status.ERROR)], ATTACKS)
    told = {name: (one.withstood, one.through, one.unknown, one.obeyed, one.of) for name, one in found.channels.items()}
    assert told == {"name": (0, 1, 0, 0, 1), "ticket text": (1, 0, 1, 1, 2)}
    assert (found.goals["promise"].of, found.whole.of) == (3, 3)


def test_the_rate_is_taken_over_tickets() -> None:
    trials = [trial("a", Status.FAIL, repeat=one) for one in range(1, 5)] + [trial("b", Status.PASS)]
    assert rates(trials, ATTACKS).whole.success == wilson(1, 2)
    half = [trial("a", Status.FAIL), trial("a", Status.PASS, repeat=2), trial("b", Status.PASS)]
    assert rates(half, ATTACKS).whole.success == wilson(0.5, 2)


def test_without_a_verdict_there_is_no_rate() -> None:
    rate = Rate()
    rate.add(trial("a", Status.ERROR))
    assert (rate.success, rate.of) == (None, 1)
