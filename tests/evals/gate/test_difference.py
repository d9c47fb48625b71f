"""What changed between two runs: which ticket, which part, which step."""

from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest

from evals.gate.difference import Difference, PartChange, RunTold, StepChange, TicketChange, difference, run_told
from evals.gate.statistics import wilson
from evals.trial import Difference as Kind
from evals.trial import Divergence, Part, Trial
from tests.evals.gate.runs import header, trials

WRONG = "outcome: expected 'issued', found ''"


def told(run: str, tickets: Mapping[str, str], changed: Callable[[Trial], Trial] = lambda trial: trial) -> RunTold:
    return run_told(header(run), map(changed, trials(tickets)), file=f"{run}.jsonl")


def test_nothing_changed() -> None:
    was, now = told("a", {"x": "pf"}), told("b", {"x": "pf"})
    assert difference(was, now) == Difference(was=was, now=now, changes=(), gone=(), new=())


def test_a_ticket_that_broke_is_told_with_part_and_step() -> None:
    found = difference(told("a", {"x": "p", "y": "p"}), told("b", {"x": "f", "y": "p"}))
    assert found.changes == (
        TicketChange(
            ticket="x",
            was="pass",
            now="fail",
            worse=True,
            better=False,
            why="",
            parts=(PartChange(name="state", was=0, now=1, new=(WRONG,), gone=()),),
            step=StepChange(repeat=1, step=1, was="issue_bonus: pass", now="issue_bonus: fail"),
        ),
    )


def test_a_part_can_break_where_the_steps_stay() -> None:
    def quiet(trial: Trial) -> Trial:
        return replace(trial, steps=())

    (change,) = difference(told("a", {"x": "p"}, quiet), told("b", {"x": "f"}, quiet)).changes
    assert (change.worse, change.step) == (True, None)


def test_repeats_are_counted() -> None:
    (change,) = difference(told("a", {"x": "ppff"}), told("b", {"x": "pppf"})).changes
    assert (change.was, change.now, change.better) == ("2 pass, 2 fail", "3 pass, 1 fail", True)
    assert change.parts == (PartChange(name="state", was=2, now=1, new=(), gone=()),)
    assert change.step == StepChange(repeat=3, step=1, was="issue_bonus: fail", now="issue_bonus: pass")


@pytest.mark.parametrize(("was", "now"), [("p", "pppp"), ("ppp", "pp"), ("f", "ffff"), ("pf", "ppff"), ("s", "ss")])
def test_a_ticket_that_ends_alike_in_more_repeats_is_unchanged(was: str, now: str) -> None:
    assert difference(told("a", {"x": was}), told("b", {"x": now})).changes == ()


def test_more_repeats_show_what_one_did_not() -> None:
    (worse,) = difference(told("a", {"x": "p"}), told("b", {"x": "pppf"})).changes
    assert (worse.was, worse.now, worse.worse, worse.better) == ("pass", "3 pass, 1 fail", True, False)
    assert worse.parts == (PartChange(name="state", was=0, now=1, new=(WRONG,), gone=()),)
    (better,) = difference(told("a", {"x": "ff"}), told("b", {"x": "fp"})).changes
    assert (better.worse, better.better) == (False, True)


def test_another_wrong_line_is_a_change_among_more_repeats() -> None:
    def rude(trial: Trial) -> Trial:
        return replace(trial, parts=(Part(name="state", wrong=("reply: rude",)),))

    (change,) = difference(told("a", {"x": "f"}), told("b", {"x": "ff"}, rude)).changes
    assert (change.worse, change.better, change.step) == (False, False, None)
    assert change.parts == (PartChange(name="state", was=1, now=2, new=("reply: rude",), gone=(WRONG,)),)


def test_other_steps_to_the_same_end_are_told_of_what_is_played_once() -> None:
    def longer(trial: Trial) -> Trial:
        return replace(trial, steps=(*trial.steps, replace(trial.steps[0], title="reply")))

    (change,) = difference(told("a", {"x": "p"}), told("b", {"x": "p"}, longer)).changes
    assert (change.was, change.now, change.worse, change.better) == ("pass", "pass", False, False)
    assert change.step == StepChange(repeat=1, step=2, was="", now="reply")
    assert difference(told("a", {"x": "pp"}), told("b", {"x": "pp"}, longer)).changes == ()


def test_another_wrong_line_is_a_change() -> None:
    def rude(trial: Trial) -> Trial:
        return replace(trial, parts=(Part(name="state", wrong=("reply: rude",)), Part(name="text")))

    (change,) = difference(told("a", {"x": "f"}), told("b", {"x": "f"}, rude)).changes
    assert change.parts == (PartChange(name="state", was=1, now=1, new=("reply: rude",), gone=(WRONG,)),)


def test_why_it_ended_otherwise_is_told() -> None:
    def stale(trial: Trial) -> Trial:
        return replace(
            trial, divergences=(Divergence(exchange=1, kind=Kind.PROMPT, segment="procedure/x", pointer="/0"),)
        )

    (error,) = difference(told("a", {"x": "p"}), told("b", {"x": "e"})).changes
    (old,) = difference(told("a", {"x": "p"}), told("b", {"x": "s"}, stale)).changes
    assert (error.why, old.why) == ("ModelDown: no answer", "procedure/x/0 (prompt)")


def test_tickets_come_and_go_and_rates_are_over_tickets() -> None:
    found = difference(told("a", {"x": "pppf", "y": "pppp"}), told("b", {"y": "pppp", "z": "p"}))
    assert (found.gone, found.new, found.changes) == (("x",), ("z",), ())
    assert (found.was.rate, found.now.rate, told("c", {}).rate) == (wilson(1.75, 2), wilson(2, 2), None)


def test_what_was_not_judged_is_not_told_and_more_places_are_counted() -> None:
    places = tuple(Divergence(exchange=1, kind=Kind.PROMPT, segment="note", pointer=f"/line/{line}") for line in (2, 6))

    def stale(trial: Trial) -> Trial:
        return replace(trial, parts=(Part(name="state", wrong=(WRONG,)),), divergences=places)

    (change,) = difference(told("a", {"x": "p"}), told("b", {"x": "s"}, stale)).changes
    assert (change.parts, change.why) == ((), "note/line/2 (prompt) and 1 more")
