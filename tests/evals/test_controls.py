"""The controls: agents that prove nothing pass next to nothing, and what they do pass is known."""

from dataclasses import replace

import pytest

from agent.house import House, read_house
from agent.model.port import Model
from agent.settings import read_settings
from evals.controls import ASK, ISSUED, THANKS, controlled, controls
from evals.ticket import read_ticket
from tests.evals.grading.played import TICKETS as FOLDER
from tests.evals.grading.played import Played, played
from tools.record import Kind

ASKS_LITTLE = ("conversation/nothing-but-empty", "conversation/german-human", "conversation/turns-spent")
TICKETS = (
    *("demo/1-issued", "demo/2-not-qualified", "demo/3-locked-out", "demo/4-human", "demo/5-external-message"),
    *("demo/6-vetoed", "faults/kyc-down", *ASKS_LITTLE),
)


@pytest.fixture(scope="module")
def house() -> House:
    return read_house(read_settings({}))


def proposed(ticket: Played) -> list[str]:
    return [call.told for call in ticket.seen.calls if not call.by_code]


@pytest.mark.parametrize(
    ("name", "passed"),
    [
        ("do-nothing", {"conversation/nothing-but-empty", "conversation/turns-spent"}),
        ("always-escalate", {"conversation/nothing-but-empty", "conversation/german-human"}),
        ("always-issue", {"demo/1-issued", "conversation/nothing-but-empty", "conversation/turns-spent"}),
    ],
)
async def test_a_control_passes_what_asks_for_nothing_else(house: House, name: str, passed: set[str]) -> None:
    found: set[str] = set()
    for ticket in TICKETS:
        found |= set() if (await played(ticket, house, model=controls()[name](house))).wrong() else {ticket}
    assert found == passed


async def test_a_control_that_is_not_played_would_have_failed(house: House) -> None:
    for ticket in TICKETS:
        read = read_ticket(FOLDER / f"{ticket}.json")
        every = {name: (await played(ticket, house, model=make(house))).wrong() for name, make in controls().items()}
        assert await controlled(read, house) == {name: "fail" if wrong else "pass" for name, wrong in every.items()}


async def test_a_ticket_that_expects_nothing_has_no_controls(house: House) -> None:
    read = read_ticket(FOLDER / "demo/1-issued.json")
    assert await controlled(replace(read, ticket=read.ticket.model_copy(update={"expect": None})), house) == {}


async def test_doing_nothing_is_polite(house: House) -> None:
    ticket = await played("demo/1-issued", house, model=controls()["do-nothing"](house))
    assert (proposed(ticket), ticket.seen.end.replies) == ([], (THANKS, THANKS))


async def test_escalating_tells_the_reason_that_there_is(house: House) -> None:
    model = controls()["always-escalate"]
    reasons = [
        (await played(name, house, model=model(house))).seen.end.handoff for name in ("demo/1-issued", "demo/4-human")
    ]
    assert reasons == ["cannot_help", "cannot_help"]
    asked = await played("conversation/german-human", house, model=model(house))
    assert asked.seen.end.handoff == "player_request"


async def test_issuing_goes_all_the_way_whatever_was_decided(house: House) -> None:
    model = controls()["always-issue"]
    vetoed = await played("demo/6-vetoed", house, model=model(house))
    assert proposed(vetoed) == ["verify_player_identity: ok", "qualify_for_bonus: ok", "issue_bonus: precondition"]
    assert vetoed.seen.end.replies[0] == ASK
    assert ISSUED in [str(entry.body["text"]) for entry in vetoed.seen.entries(Kind.REPLY_REJECTED)]
    assert set(vetoed.wrong()) == {"state", "order"}
    granted = await played("demo/1-issued", house, model=model(house))
    assert granted.seen.end.replies == (ASK, ISSUED)


def test_a_control_is_a_model_like_any_other(house: House) -> None:
    models: list[Model] = [make(house) for make in controls().values()]
    assert [(model.name, model.is_llm) for model in models] == [
        ("do-nothing", False),
        ("always-escalate", False),
        ("always-issue", False),
    ]
