"""A ticket recorded: what stands in the section, and what must never get into it."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest

from agent.house import House, read_house
from agent.model.port import Answered, Model, ModelDown, Proposal, ProposedCall, Request
from agent.model.scripted import ScriptedModel, say
from agent.prompts import read_prompts
from agent.settings import read_settings
from casino.document import dump_json
from casino.values import Document
from evals.end_state import EndState
from evals.playback import PlaybackModel
from evals.record import RecordingModel, broken, record, recording_of, without_credentials
from evals.recording import RecordedCall, Recording, Response, Versions
from evals.replay import replay
from evals.ticket import Read, read_ticket
from evals.whole import Whole
from tests.agent.model.builders import PROMPTS, request
from tools.record import ERASED, Entry, Kind

DEMO = Path(__file__).parents[2] / "evals" / "tickets" / "demo"
SECRET = "sk-this-key-stands-in-no-file"


@pytest.fixture(scope="module")
def house() -> House:
    return read_house(read_settings({}))


@pytest.fixture
def issued() -> Read:
    return read_ticket(DEMO / "1-issued.json")


def recording_model(model: Model) -> RecordingModel:
    return RecordingModel(model=model, prompts=PROMPTS)


async def test_a_ticket_is_recorded_whole(house: House, issued: Read) -> None:
    recording = await record(issued, house)
    assert [(one.n, one.turn, one.node, _answer(recording, one.n)) for one in recording.exchanges] == [
        (1, 1, "think", "text"),
        (2, 2, "think", "verify_player_identity"),
        (3, 2, "think", "qualify_for_bonus"),
        (4, 2, "think", "issue_bonus"),
        (5, 2, "think", "text"),
    ]
    assert [(one.n, one.exchange, one.name, one.arguments, one.status, one.at) for one in recording.tools] == [
        (
            *(1, 2, "verify_player_identity"),
            {"email": "anna.keller@example.com", "date_of_birth": "1990-04-12"},
            *("ok", "2026-11-20T12:00:00+00:00"),
        ),
        (2, 3, "qualify_for_bonus", {}, "ok", "2026-11-20T12:00:00+00:00"),
        (3, 4, "issue_bonus", {"decision_id": "D#1"}, "done", "2026-11-20T12:00:00+00:00"),
    ]
    assert recording.final.end["outcome"] == "issued"
    assert [(one["tool"], one["state"]) for one in recording.final.effects] == [("issue_bonus", "done")]
    assert (recording.final.granted, recording.final.replies[1:]) == (
        ("P1001",),
        ("Good news: the VIP_50 bonus at 1 EUR per spin is on your account now. Enjoy, and play responsibly.",),
    )
    procedure, _, sha256 = recording.versions.procedure.partition("@")
    assert (procedure, len(sha256), recording.versions.model) == ("bonus-request", 64, "croupier-policy-1 (no LLM)")


def _answer(recording: Recording, number: int) -> str:
    response = recording.exchanges[number - 1].response
    assert response is not None
    return ", ".join(one.name for one in response.calls) or "text"


async def test_a_ticket_is_recorded_the_same_every_time(house: House, issued: Read) -> None:
    assert dump_json((await record(issued, house)).document()) == dump_json((await record(issued, house)).document())


async def test_a_hand_over_by_code_belongs_to_no_question(house: House, issued: Read) -> None:
    recording = await record(issued, house, model=ScriptedModel([]))
    assert [(one.down, one.response) for one in recording.exchanges] == [
        ("the script of the scripted model has run out: add a proposal to it", None)
    ]
    assert [(one.exchange, one.name, one.status) for one in recording.tools] == [(0, "transfer_to_live_agent", "done")]


async def test_only_known_fields_reach_a_file() -> None:
    response: Document = {
        "id": "chatcmpl-1",
        "created": 1_790_000_000,
        "headers": {"authorization": SECRET},
        "usage": {"prompt_tokens": 3, "cost": SECRET, "total_tokens": {"secret": SECRET}},
        "model": {"secret": SECRET},
        "choices": [
            {
                "index": 0,
                "logprobs": SECRET,
                "message": {
                    "role": "assistant",
                    "provider": SECRET,
                    "tool_calls": [{"id": "c1", "function": {"name": "x", "arguments": "{}", "auth": SECRET}}],
                },
            }
        ],
    }
    parameters: Document = {
        "model": "small",
        "temperature": Decimal("0.0"),
        "api_key": SECRET,
        "extra_headers": {"authorization": SECRET},
        "tool_choice": {"authorization": SECRET},
    }
    answer = Proposal(
        model="small",
        text="Hello",
        attempts=("RateLimitError", f"HTTP 401: bad key {SECRET}"),
        parameters=parameters,
        response=response,
    )
    recorded = recording_model(ScriptedModel([answer]))
    assert await recorded.propose(request()) == answer
    (exchange,) = recorded.exchanges
    message = {"role": "assistant", "tool_calls": [{"id": "c1", "function": {"name": "x", "arguments": "{}"}}]}
    assert exchange.response == Response(
        model="small",
        text="Hello",
        attempts=("RateLimitError", "HTTP 401: bad key [hidden]"),
        parameters={"model": "small", "temperature": 0},
        response={
            "id": "chatcmpl-1",
            "created": 1_790_000_000,
            "model": None,
            "choices": [{"index": 0, "message": message}],
            "usage": {"prompt_tokens": 3, "total_tokens": None},
        },
    )
    assert SECRET not in str(exchange.model_dump())


async def test_a_key_in_the_message_of_a_failure_is_hidden() -> None:
    def down(_: Request) -> Proposal:
        raise ModelDown(f"http://me:pass@model.test refused {SECRET}")

    recorded = recording_model(ScriptedModel(down))
    with pytest.raises(ModelDown):
        await recorded.propose(request())
    assert recorded.exchanges[0].down == "http://[hidden]model.test refused [hidden]"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (
            "model `small` at http://model.test/v1/ cannot be reached",
            "model `small` at http://model.test/v1/ cannot be reached",
        ),
        ("Authorization: Bearer abc.def", "[hidden]"),
        ("https://model.test/v1?token=abc.def&user=x and more", "https://model.test/v1?[hidden] and more"),
        ('{"api_key": "abc"}', '{"[hidden]"}'),
        ("Bearer abc.def and more", "[hidden] and more"),
        ("Basic dXNlcjpwYXNz and more", "[hidden] and more"),
        ("the basic conditions of basic 50 EUR", "the basic conditions of basic 50 EUR"),
    ],
)
def test_what_looks_like_a_key_is_hidden(text: str, shown: str) -> None:
    assert without_credentials(text) == shown


async def test_a_key_in_the_words_of_a_model_is_hidden_and_the_recording_replays(house: House, issued: Read) -> None:
    call = ProposedCall(name="verify_player_identity", arguments={"email": SECRET, "date_of_birth": "1990-04-12"})
    words = say(f"My key is {SECRET}, and I am Bearer of.it.")
    model = ScriptedModel([words, Proposal(model="small", calls=(call,)), words], chosen="bonus-request")
    recording = await record(issued, house, model=model)
    assert SECRET not in dump_json(recording.document())
    first, second = (one.response for one in recording.exchanges[:2])
    assert (first and first.text, second and second.calls[0].arguments["email"]) == (
        "My key is [hidden], and I am [hidden]",
        "[hidden]",
    )
    playback = PlaybackModel(recording=recording, prompts=house.prompts)
    again = await replay(issued, house, model=playback)
    assert (playback.divergences(), again.found.replies) == ((), recording.final.replies)


async def test_a_recording_of_a_desk_that_broke_or_of_a_model_that_was_down_is_none(house: House, issued: Read) -> None:
    whole = await record(issued, house)
    end = {**whole.final.end, "handoff": "system_failure"}
    desk = whole.model_copy(update={"final": whole.final.model_copy(update={"end": end})})
    assert (broken(whole), broken(desk)) == (
        None,
        "something broke, and the desk handed the ticket over (system_failure)",
    )
    assert broken(await record(issued, house, model=Down())) == "the model was down"


@dataclass(frozen=True, slots=True)
class Down:
    """A model that is down."""

    name: str = "down"
    is_llm: bool = True

    async def propose(self, request: Request) -> Proposal:
        """Raise."""
        del request
        raise ModelDown("")

    async def choose(self, text: str, options: Mapping[str, str]) -> str | None:
        """Raise."""
        del text, options
        raise ModelDown("no choice")


async def test_choices_are_kept_with_the_message_that_they_belong_to() -> None:
    recorded = recording_model(ScriptedModel([say("Hello")], chosen="own"))
    assert await recorded.choose("Hi", {"own": "Our own."}) == "own"
    assert await recorded.choose("Hi", {"other": "Another."}) is None
    await recorded.propose(request())
    assert [(one.n, one.turn, one.node, one.chosen) for one in recorded.exchanges] == [
        (1, 1, "choose", "own"),
        (2, 1, "choose", None),
        (3, 1, "think", None),
    ]


async def test_a_model_that_is_down_is_kept_as_such() -> None:
    recorded = recording_model(Down())
    with pytest.raises(ModelDown, match="no choice"):
        await recorded.choose("Hi", {"own": "Our own."})
    with pytest.raises(ModelDown, match=r"^$"):
        await recorded.propose(request())
    assert [one.down for one in recorded.exchanges] == ["no choice", "the model was down"]
    assert (recorded.name, recorded.is_llm) == ("down", True)


async def test_ids_of_the_run_are_kept_by_their_position() -> None:
    call = ProposedCall(name="issue_bonus", arguments={"decision_id": "D-9"}, confidence=Decimal("0.5"))
    recorded = recording_model(ScriptedModel([Proposal(model="small", calls=(call,), text="D-9, but not D-8")]))
    await recorded.propose(request(Answered("c1", "decide", "ok", {"decisionId": "D-9"})))
    kept = RecordedCall(name="issue_bonus", arguments={"decision_id": "D#1"}, confidence=Decimal("0.5"))
    assert recorded.exchanges[0].response == Response(model="small", calls=(kept,), text="D#1, but not D-8")


def test_an_erased_ticket_cannot_be_recorded(issued: Read) -> None:
    erased = Entry(ticket_id="t", seq=1, kind=Kind.ERASED, at=issued.ticket.clock, body=ERASED)
    whole = Whole(ticket_id="t", entries=[erased], decisions={}, effects=[], handoffs=[])
    end = EndState(outcome="", procedure="", verified="", decision="", tier="", effects=(), handoff="", replies=())
    recorded = RecordingModel(model=Down(), prompts=read_prompts())
    with pytest.raises(ValueError, match=r"^the ticket was erased, so it cannot be recorded; play another$"):
        recording_of(recorded, whole, end=end, granted=(), versions=Versions(croupier="1", model="down"))
