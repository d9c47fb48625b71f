"""A kept trial graded again, without being played."""

from dataclasses import replace
from pathlib import Path

import pytest

from agent.house import House, read_house
from agent.settings import read_settings
from casino.document import dump_json, load_json
from casino.values import Document
from evals.grading.grade import NO_CRITERIA
from evals.regrade import CannotGrade, changed, regraded
from evals.ticket import Read, read_ticket, read_tickets
from evals.trial import Difference, Divergence, Level, Part, Status, Trial, trial_from
from evals.trying import down, tried

TICKETS = Path(__file__).parents[2] / "evals" / "tickets"


@pytest.fixture(scope="module")
def house() -> House:
    return read_house(read_settings({}))


@pytest.fixture
def issued() -> Read:
    return read_ticket(TICKETS / "demo" / "1-issued.json")


def kept(trial: Trial) -> Trial:
    """Return a trial as it is read from the results of a run."""
    document = load_json(dump_json(trial.document()), name="trial").value
    assert isinstance(document, dict)
    return trial_from(document)


def expecting(read: Read, **fields: object) -> Read:
    """Return a ticket that expects something else."""
    assert read.ticket.expect is not None
    other = read.ticket.expect.model_copy(update=fields)
    return replace(read, ticket=read.ticket.model_copy(update={"expect": other}))


@pytest.mark.parametrize("folder", ["demo", "faults"])
async def test_a_trial_has_the_same_grades_again(house: House, folder: str) -> None:
    for read in read_tickets(TICKETS / folder):
        for asked in (read, expecting(read, outcome="abandoned", said=("nothing like it",), language="sv")):
            trial = await tried(asked, house)
            assert regraded(kept(trial), asked.ticket.expect) == kept(trial)


async def test_another_expectation_gives_other_grades(house: House, issued: Read) -> None:
    before = kept(await tried(issued, house))
    after = regraded(before, expecting(issued, tier="high").ticket.expect)
    assert (before.status, after.status, changed(before, before)) == (Status.PASS, Status.FAIL, {})
    assert changed(before, after) == {
        "was": "pass",
        "now": "fail",
        "gone": [],
        "new": ["state: tier: expected 'high', found 'vip'"],
    }
    assert regraded(after, issued.ticket.expect) == before


async def test_a_ticket_that_expects_something_now_is_graded_and_one_that_no_more_does_is_an_error(
    house: House, issued: Read
) -> None:
    nothing = replace(issued, ticket=issued.ticket.model_copy(update={"expect": None}))
    before = kept(await tried(nothing, house))
    after = regraded(before, issued.ticket.expect)
    assert (before.status, after.status, after.why) == (Status.ERROR, Status.PASS, "")
    again = regraded(after, None)
    assert (again.status, again.why, again.parts) == (Status.ERROR, before.why, ())


async def test_a_stale_trial_stays_stale_and_a_judge_is_not_asked_again(house: House, issued: Read) -> None:
    played = kept(await tried(issued, house))
    judge = Part(name="judge", wrong=("rude",), gates=False)
    changed_there = Divergence(exchange=1, kind=Difference.PROMPT, segment="prompt/system", pointer="/line/1")
    stale = replace(played, status=Status.STALE, divergences=(changed_there,), parts=(*played.parts, judge))
    assert regraded(stale, issued.ticket.expect) == stale


async def test_what_was_never_played_stays_as_it_is(house: House, issued: Read) -> None:
    nothing: Document = {}
    broken = replace(await tried(issued, house), status=Status.ERROR, why="no model", parts=(), kept=nothing)
    assert regraded(broken, issued.ticket.expect) == broken


async def test_a_trial_without_its_rows_or_of_another_level_cannot_be_graded(house: House, issued: Read) -> None:
    trial = await tried(issued, house)
    nothing: Document = {}
    with pytest.raises(
        CannotGrade, match="this trial lacks the rows that it would be graded by; play the ticket again"
    ):
        regraded(replace(trial, kept=nothing), issued.ticket.expect)
    with pytest.raises(CannotGrade, match="trials of L5 are not graded by their tickets; play them again"):
        regraded(replace(trial, level=Level.ATTACK), issued.ticket.expect)


async def test_a_trial_without_a_verdict_gets_none_by_being_graded(house: House, issued: Read) -> None:
    played = kept(await tried(issued, house, level=Level.LIVE))
    assert (played.status, bool(played.kept)) == (Status.PASS, True)
    judge = Part(name="judge", wrong=("the judge is down: refused",))
    for one in (
        down(played, "endpoint refused"),
        replace(played, status=Status.ERROR, why="the judge is down: refused", parts=(*played.parts, judge)),
        replace(played, status=Status.NOT_RUN, why="interrupted"),
    ):
        assert regraded(one, issued.ticket.expect) == one


@pytest.mark.parametrize("name", ["recording", "judge", "player"])
@pytest.mark.parametrize("gates", [True, False])
async def test_a_part_that_grading_does_not_make_is_kept_and_gates_as_before(
    house: House, issued: Read, name: str, *, gates: bool
) -> None:
    played = kept(await tried(issued, house))
    other = Part(name=name, wrong=("not as recorded",), gates=gates)
    status = Status.FAIL if gates else Status.PASS
    before = replace(played, level=Level.MODEL, status=status, parts=(*played.parts, other))
    assert regraded(before, issued.ticket.expect) == before
    ungraded = replace(before, status=Status.ERROR, why=NO_CRITERIA, parts=(other,))
    assert regraded(ungraded, issued.ticket.expect) == before
    assert regraded(before, None) == ungraded


async def test_a_trial_with_an_attack_is_not_graded_by_what_its_ticket_expects(house: House, issued: Read) -> None:
    played = await tried(issued, house)
    attacked = replace(played, level=Level.LIVE, parts=(Part(name="attack"), Part(name="obeyed", gates=False)))
    with pytest.raises(CannotGrade, match="trials with an attack are not graded by their tickets; play them again"):
        regraded(attacked, issued.ticket.expect)
