"""A ticket tried: graded in every part, and stale where its recording no longer fits."""

from dataclasses import replace
from pathlib import Path

import pytest

from agent.house import House, read_house, vocabulary
from agent.playbook.collection import load_library, read_folder
from agent.settings import read_settings
from evals.record import record
from evals.ticket import Read, read_ticket
from evals.trial import Difference, Status
from evals.trying import tried

DEMO = Path(__file__).parents[2] / "evals" / "tickets" / "demo"


@pytest.fixture(scope="module")
def house() -> House:
    return read_house(read_settings({}))


@pytest.fixture
def issued() -> Read:
    return read_ticket(DEMO / "1-issued.json")


async def recorded(read: Read, house: House) -> Read:
    """Return a ticket with its recording."""
    recording = await record(read, house)
    return replace(read, ticket=read.ticket.model_copy(update={"recording": recording}))


async def test_every_part_of_a_ticket_is_graded(house: House, issued: Read) -> None:
    trial = await tried(issued, house)
    assert (trial.status, trial.wrong, trial.end["outcome"]) == (Status.PASS, (), "issued")
    assert [part.name for part in trial.parts] == ["state", "order", "provenance", "text", "budget"]
    assert trial.usage.model_calls == 5
    assert trial.steps[0].title == "Hi, can I get a bonus?"
    changed = {step.title: [one["path"] for one in step.changes if isinstance(one, dict)] for step in trial.steps}
    assert changed["issue_bonus: done"] == ["/ledger/issue:D-1", "/granted/0"]


async def test_the_time_line_reads_as_what_was_done(house: House, issued: Read) -> None:
    trial = await tried(issued, house)
    assert [step.title for step in trial.steps[6:13]] == [
        "My e-mail is anna.keller@example.com and I was born on 12 April 1990.",
        "Now: the player has given what verify_player_identity needs. Call it.",
        "calls verify_player_identity",
        "verify_player_identity",
        "verify_player_identity: ok",
        "P1001",
        "Now: the next step of the procedure is qualify_for_bonus.",
    ]


async def test_a_wrong_expectation_fails(house: House, issued: Read) -> None:
    assert issued.ticket.expect is not None
    wrong = issued.ticket.expect.model_copy(update={"outcome": "informed", "granted": ()})
    read = replace(issued, ticket=issued.ticket.model_copy(update={"expect": wrong}))
    trial = await tried(read, house)
    assert (trial.status, trial.wrong) == (
        Status.FAIL,
        ("outcome: expected 'informed', found 'issued'", "granted: expected [], found ['P1001']"),
    )


async def test_a_ticket_without_expectations_is_an_error(house: House, issued: Read) -> None:
    trial = await tried(replace(issued, ticket=issued.ticket.model_copy(update={"expect": None})), house)
    assert (trial.status, trial.why) == (Status.ERROR, "expect: missing; a ticket without criteria proves nothing")


async def test_a_recorded_ticket_passes_from_its_recording(house: House, issued: Read) -> None:
    trial = await tried(await recorded(issued, house), house)
    assert (trial.status, trial.divergences, trial.end["outcome"]) == (Status.PASS, (), "issued")
    assert "procedure/bonus-request" in trial.segments


async def test_a_changed_sentence_of_its_procedure_makes_a_recording_stale(house: House, issued: Read) -> None:
    read = await recorded(issued, house)
    files = read_folder(Path(__file__).parents[2] / "procedures")
    changed = {
        name: text.replace("Make sure who the player is", "Find out who the player is") for name, text in files.items()
    }
    trial = await tried(read, replace(house, procedures=load_library(changed, vocabulary())))
    assert trial.status is Status.STALE
    assert {(one.kind, one.segment) for one in trial.divergences} == {(Difference.PROMPT, "procedure/bonus-request")}


async def test_the_controls_are_played_beside_the_first_repeat(house: House, issued: Read) -> None:
    beside = await tried(issued, house, controls=True)
    assert beside.controls == {"do-nothing": "fail", "always-escalate": "fail", "always-issue": "pass"}
    assert (await tried(issued, house, repeat=2, controls=True)).controls == {}
    assert (await tried(issued, house)).controls == {}
