"""A trial is graded again from its line, with the same result, and the line stays short."""

from dataclasses import replace
from pathlib import Path

import pytest

from agent.house import House, read_house
from agent.settings import read_settings
from casino.document import dump_json, load_json
from casino.values import Document
from evals.grading.grade import grade
from evals.kept import NotKept, seen_of
from evals.ticket import Read, read_ticket
from evals.trial import Trial, trial_from
from evals.trying import tried

TICKETS = Path(__file__).parents[2] / "evals" / "tickets"


@pytest.fixture(scope="module")
def house() -> House:
    return read_house(read_settings({}))


def written(trial: Trial) -> Trial:
    """Return a trial as it is read back from its line."""
    value = load_json(dump_json(trial.document()), name="line").value
    assert isinstance(value, dict)
    return trial_from(value)


@pytest.mark.parametrize("name", ["demo/1-issued", "demo/3-locked-out", "faults/issue-answer-lost-for-good"])
async def test_a_trial_is_graded_again_as_it_was(house: House, name: str) -> None:
    read = read_ticket(TICKETS / f"{name}.json")
    trial = await tried(read, house)
    assert grade(read.ticket.expect, seen_of(written(trial))) == trial.parts
    assert len(dump_json(dict(trial.kept))) < 4_000


async def test_another_expectation_is_graded_without_playing(house: House) -> None:
    read: Read = read_ticket(TICKETS / "demo/1-issued.json")
    trial = written(await tried(read, house))
    assert read.ticket.expect is not None
    stricter = read.ticket.expect.model_copy(update={"granted": (), "provenance": ("issue_bonus.reward == 1",)})
    again = {part.name: part.wrong for part in grade(stricter, seen_of(trial)) if part.wrong}
    assert again["state"] == ("granted: expected [], found ['P1001']",)
    assert len(again["provenance"]) == 1


async def test_what_was_not_kept_has_to_be_played_again(house: House) -> None:
    trial = await tried(read_ticket(TICKETS / "demo/1-issued.json"), house)
    broken: list[Document] = [{}, {**trial.kept, "effects": None}, {**trial.kept, "decisions": ["D-1"]}]
    for kept in broken:
        with pytest.raises(NotKept, match="play the ticket again"):
            seen_of(replace(trial, kept=kept))
