"""One ticket replayed, whole; and what a replay must not let pass."""

from dataclasses import replace
from pathlib import Path

import pytest

from agent.house import House, read_house
from agent.settings import read_settings
from evals.end_state import EndState
from evals.replay import players, replay
from evals.ticket import Read, read_ticket

DEMO = Path(__file__).parents[2] / "evals" / "tickets" / "demo"
ASKED = "To help you I need to find your account first. Please send me your e-mail address and your date of birth."


@pytest.fixture(scope="module")
def house() -> House:
    return read_house(read_settings({}))


@pytest.fixture
def issued() -> Read:
    return read_ticket(DEMO / "1-issued.json")


async def test_a_ticket_replays_whole(house: House) -> None:
    read = read_ticket(DEMO / "4-human.json")
    replayed = await replay(read, house)
    assert replayed.found == EndState(
        outcome="escalated",
        procedure="bonus-request",
        verified="",
        decision="",
        tier="",
        effects=("transfer_to_live_agent: done",),
        handoff="player_request",
        replies=(
            ASKED,
            "Of course. I am handing you over to a colleague, who will read everything we have written so far.",
        ),
    )
    assert replayed.path == (
        *("load", "triage", "verify", "check", "reply"),
        *("load", "triage", "verify", "effect:transfer_to_live_agent", "reply"),
    )
    assert replayed.granted == ()


async def test_a_ticket_replays_the_same_every_time(house: House, issued: Read) -> None:
    first, second = await replay(issued, house), await replay(issued, house)
    assert (first, first.found.effects, players(first.granted)) == (second, ("issue_bonus: done",), ("P1001",))


async def test_an_outage_in_the_world_of_a_ticket_is_no_grant(house: House, issued: Read) -> None:
    read = replace(issued, world={**issued.world, "faults": {"bonus": "error"}})
    found = (await replay(read, house)).found
    assert (found.outcome, found.handoff, found.effects) == (
        "escalated",
        "outcome_unknown",
        ("issue_bonus: unknown", "transfer_to_live_agent: done"),
    )
