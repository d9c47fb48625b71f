"""Grade: all parts, always; no pass without criteria; a judge that does not gate."""

from dataclasses import replace

import pytest

from agent.house import House
from evals.grading.grade import NoCriteria, grade
from evals.ticket import read_tickets
from evals.trial import Part
from tests.evals.grading.played import TICKETS, Played, play_read

PARTS = tuple(Part(name=name) for name in ("state", "order", "provenance", "text", "budget"))


def test_every_part_is_reported(issued: Played) -> None:
    assert grade(issued.expected, issued.seen) == PARTS


def test_a_judge_is_heard_and_does_not_gate(issued: Played) -> None:
    rude = grade(issued.expected, replace(issued.seen, judged=("it is rude",)))
    assert rude == (*PARTS, Part(name="judge", wrong=("it is rude",), gates=False))


def test_a_ticket_without_criteria_is_an_error(issued: Played) -> None:
    with pytest.raises(NoCriteria, match="expect: missing; a ticket without criteria proves nothing"):
        grade(None, issued.seen)


@pytest.mark.parametrize("folder", ["demo", "faults"])
async def test_tickets_of_every_end_pass_in_every_part(house: House, folder: str) -> None:
    wrong: dict[str, dict[str, tuple[str, ...]]] = {}
    for read in read_tickets(TICKETS / folder):
        ticket = await play_read(read, house)
        wrong |= {read.ticket.id: found} if (found := ticket.wrong()) else {}
    assert wrong == {}
