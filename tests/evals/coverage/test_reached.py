"""What some tickets reach of the procedures and of the house."""

from dataclasses import replace
from pathlib import Path

import pytest

from agent.house import House, read_house
from agent.settings import read_settings
from evals.coverage.reached import Coverage
from evals.record import record
from evals.ticket import read_ticket

DEMO = Path(__file__).parents[3] / "evals" / "tickets" / "demo"


@pytest.fixture(scope="module")
def house() -> House:
    return read_house(read_settings({}))


async def covered(house: House, *names: str) -> Coverage:
    """Play some tickets of the demo."""
    found = Coverage(house)
    for name in names:
        await found.add(read_ticket(DEMO / f"{name}.json"))
    return found


async def test_a_branch_is_reached_where_it_was_shown_and_a_step_where_its_call_succeeded(house: House) -> None:
    found = await covered(house, "1-issued", "2-not-qualified", "3-locked-out")
    assert {one.point.line: one.tickets for one in found.reached("bonus-request")} == {
        16: 2,  # verify: the third was never verified
        17: 2,
        19: 1,  # qualified
        20: 1,
        21: 1,
        22: 1,  # not qualified
        23: 1,
        24: 0,  # unknown
        25: 0,
    }
    assert {one.tickets for one in found.reached("bonus-inquiry")} == {0}


async def test_what_comes_up_is_counted_once_a_ticket_with_what_never_does(house: House) -> None:
    counted = (await covered(house, "1-issued", "3-locked-out")).counted()
    assert {name: {word: count for word, count in counts.items() if count} for name, counts in counted.items()} == {
        "outcomes": {"issued": 1, "escalated": 1},
        "hand-overs": {"verification_failed": 1},
        "decisions": {"qualified": 1},
        "reasons": {},
        "tiers": {"deposit-loyalty/vip": 1},
        "rewards": {"premium": 1},
        "verification": {"date_of_birth": 1, "no_match": 1},
        "tools": {"verify_player_identity": 1, "qualify_for_bonus": 1, "issue_bonus": 1},
        "faults": {},
        "languages": {"en": 2},
        "refusals": {"verify_player_identity: no_match": 1},
    }
    assert list(counted["decisions"].items())[1:] == [("not_qualified", 0), ("unknown", 0), ("vetoed", 0)]


async def test_a_fault_at_a_read_means_that_no_answer_comes(house: House) -> None:
    read = read_ticket(DEMO / "1-issued.json")
    found = Coverage(house)
    await found.add(replace(read, world={**read.world, "faults": {"kyc": "drop", "messages": "drop"}}))
    assert [word for word, count in found.counted()["faults"].items() if count] == [
        "messages: drop",
        "kyc: unavailable",
    ]


async def test_a_recorded_ticket_is_played_by_its_recording(house: House) -> None:
    read = read_ticket(DEMO / "1-issued.json")
    recording = await record(read, house)
    found = Coverage(house)
    await found.add(replace(read, ticket=read.ticket.model_copy(update={"recording": recording})))
    policy = await covered(house, "1-issued")
    assert (found.points, found.words) == (policy.points, policy.words)
    assert 0 < found.share < 1
