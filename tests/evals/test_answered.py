"""Level 2: a live model is answered as it was when the ticket was recorded, and the gate believes no recording."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from agent.house import House, read_house
from agent.model.policy import PolicyModel
from agent.model.port import Model, Proposal, ProposedCall, Request
from agent.settings import read_settings
from casino.values import Document, Value
from evals.controls import controls
from evals.record import record
from evals.recording import Recording
from evals.ticket import Read, read_ticket
from evals.trial import Difference, Level, Part, Status, Trial
from evals.trying import UNRECORDED, tried

TICKETS = Path(__file__).parents[2] / "evals" / "tickets"


@pytest.fixture(scope="module")
def house() -> House:
    return read_house(read_settings({}))


async def recorded(name: str, house: House) -> Read:
    read = read_ticket(TICKETS / f"{name}.json")
    return with_recording(read, await record(read, house))


def with_recording(read: Read, recording: Recording) -> Read:
    return replace(read, ticket=read.ticket.model_copy(update={"recording": recording}))


def recording_of(read: Read) -> Recording:
    assert read.ticket.recording is not None
    return read.ticket.recording


def with_player(read: Read, **changed: Value) -> Read:
    """Return a ticket whose first player is another one now."""
    players = read.world["players"]
    assert isinstance(players, list)
    first, *others = players
    assert isinstance(first, dict)
    return replace(read, world={**read.world, "players": [{**first, **changed}, *others]})


def part(trial: Trial) -> Part:
    return next(one for one in trial.parts if one.name == "recording")


def result(trial: Trial, tool: str) -> Document:
    """Return what a tool told the model."""
    found = next(one.body for one in trial.steps if one.kind == "tool_result" and one.body["name"] == tool)
    data = found["data"]
    assert isinstance(data, dict)
    return {**data, "told": found["status"]}


@dataclass(frozen=True, slots=True, kw_only=True)
class Hasty:
    """A model that makes one call of its own before it goes on as the other does."""

    model: Model
    call: ProposedCall
    when: Callable[[Request], bool]
    is_llm: bool = False
    name: str = "hasty"

    async def propose(self, request: Request) -> Proposal:
        if self.when(request) and not any(getattr(turn, "name", "") == self.call.name for turn in request.prompt.turns):
            return Proposal(model=self.name, calls=(self.call,))
        return await self.model.propose(request)

    async def choose(self, text: str, options: Mapping[str, str]) -> str | None:
        return await self.model.choose(text, options)


@pytest.mark.parametrize(
    "name",
    ["demo/1-issued", "demo/3-locked-out", "demo/5-external-message", "demo/6-vetoed", "conversation/asks-twice"],
)
async def test_the_model_that_was_recorded_is_answered_as_it_was(house: House, name: str) -> None:
    read = await recorded(name, house)
    trial = await tried(read, house, level=Level.MODEL, unknown="fail")
    assert (trial.status, trial.divergences, trial.level) == (Status.PASS, (), Level.MODEL)
    assert part(trial) == Part(name="recording")
    assert trial.end == (await tried(read, house)).end


async def test_a_ticket_without_a_recording_is_an_error_that_says_so(house: House) -> None:
    trial = await tried(read_ticket(TICKETS / "demo/1-issued.json"), house, level=Level.MODEL)
    assert (trial.status, trial.why, trial.steps) == (Status.ERROR, UNRECORDED, ())


async def test_another_way_is_judged_by_what_it_comes_to(house: House) -> None:
    read = await recorded("demo/1-issued", house)
    trial = await tried(read, house, level=Level.MODEL, model=controls()["do-nothing"](house))
    assert (trial.status, trial.divergences) == (Status.FAIL, ())
    assert part(trial).gates is False
    assert part(trial).wrong[1:] == (
        "`qualify_for_bonus` was recorded and not called: {}",
        '`issue_bonus` was recorded and not called: {"decision_id": "D#1"}',
    )


async def test_a_call_that_was_never_recorded_goes_to_the_sandbox_or_fails(house: House) -> None:
    read = await recorded("demo/1-issued", house)
    bare = recording_of(read).model_copy(update={"tools": recording_of(read).tools[1:]})
    unverified = with_recording(read, bare)
    trial = await tried(unverified, house, level=Level.MODEL)
    assert (trial.status, part(trial).gates) == (Status.PASS, False)
    assert part(trial).wrong[0].startswith("`verify_player_identity` was called and never recorded: ")
    strict = await tried(unverified, house, level=Level.MODEL, unknown="fail")
    assert (strict.status, part(strict).gates, strict.end["verified"]) == (Status.FAIL, True, "")
    assert result(strict, "verify_player_identity") == {
        "code": "not_recorded",
        "message": "this was never recorded",
        "told": "refused",
    }


async def test_an_effect_is_answered_by_the_gate_whatever_was_recorded(house: House) -> None:
    read = await recorded("demo/1-issued", house)
    issue = ProposedCall(name="issue_bonus", arguments={"decision_id": "D-1"})
    model = Hasty(model=PolicyModel(house.prompts), call=issue, when=lambda request: bool(request.prompt.turns))
    trial = await tried(read, house, level=Level.MODEL, model=model)
    assert result(trial, "issue_bonus")["code"] == "precondition"
    assert trial.status is Status.FAIL


async def test_a_tool_that_answers_otherwise_today_makes_it_stale_and_the_model_hears_the_old_answer(
    house: House,
) -> None:
    read = await recorded("demo/1-issued", house)
    other = await tried(with_player(read, category="Regular", vip_level=""), house, level=Level.MODEL)
    assert other.status is Status.STALE
    assert {(one.exchange, one.kind, one.segment) for one in other.divergences} == {
        (3, Difference.TOOL_RESULT, "results/qualify_for_bonus")
    }
    assert {one.pointer: (one.was, one.now) for one in other.divergences} == {
        "/data/game": (None, "Elvis Frog"),
        "/data/gameProvider": (None, "BGaming"),
        "/data/rewardType": ("premium", "standard"),
        "/data/spinsCount": (None, 15),
        "/data/templateName": ("VIP_50", None),
        "/data/valuePerSpinDescription": ("1 EUR", None),
        "/data/wager": (None, 35),
    }
    told = result(other, "qualify_for_bonus")
    assert (told["templateName"], told["decisionId"]) == ("VIP_50", "D-1")
    assert other.end["tier"] != "vip"


async def test_what_the_gate_goes_by_is_never_taken_from_a_recording(house: House) -> None:
    read = await recorded("demo/1-issued", house)
    trial = await tried(with_player(read, email="somebody@example.com"), house, level=Level.MODEL)
    assert (trial.status, trial.end["verified"], trial.end["decision"]) == (Status.STALE, "", "")
    assert (trial.divergences[0].pointer, trial.divergences[0].now) == ("/data/code", "no_match")
    assert result(trial, "verify_player_identity")["told"] == "refused"


async def test_once_the_model_goes_another_way_the_sandbox_knows_what_is_true(house: House) -> None:
    read = await recorded("demo/1-issued", house)
    verify, qualify, issue = recording_of(read).tools
    poorer = qualify.model_copy(update={"data": {**qualify.data, "templateName": "POOR_1"}})
    same_way = with_recording(read, recording_of(read).model_copy(update={"tools": (verify, poorer, issue)}))
    other_way = with_recording(read, recording_of(read).model_copy(update={"tools": (poorer, issue)}))
    old, new = [await tried(one, house, level=Level.MODEL) for one in (same_way, other_way)]
    assert (old.status, result(old, "qualify_for_bonus")["templateName"]) == (Status.STALE, "POOR_1")
    assert (new.status, result(new, "qualify_for_bonus")["templateName"]) == (Status.PASS, "VIP_50")
    assert any("came to something else at /data/templateName" in line for line in part(new).wrong)
