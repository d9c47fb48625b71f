"""Whole tickets recorded and played back: the same end, and which text of the house has made one stale."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from agent.house import House, read_house, vocabulary
from agent.model.policy import PolicyModel
from agent.model.port import Model
from agent.model.scripted import ScriptedModel
from agent.playbook.collection import load_library, read_folder
from agent.sandbox import sandbox_desk
from agent.settings import read_settings
from casino.document import dump_json, load_json
from evals.play import play
from evals.playback import PlaybackModel, tool_divergences
from evals.record import RecordingModel, record
from evals.recording import Desk, Final, Recording, Versions
from evals.replay import replay
from evals.ticket import Read, read_ticket
from evals.trial import Difference, Divergence
from tools.catalog import CATALOG
from tools.record import Entry

ROOT = Path(__file__).parents[2]
DEMO = ROOT / "evals" / "tickets" / "demo"
NATIVE = Desk()


@pytest.fixture(scope="module")
def house() -> House:
    return read_house(read_settings({}))


@pytest.fixture
def issued() -> Read:
    return read_ticket(DEMO / "1-issued.json")


def section(recording: RecordingModel) -> Recording:
    return Recording(
        versions=Versions(croupier="1", model=recording.name),
        segments=recording.texts,
        exchanges=tuple(recording.exchanges),
        final=Final(end={}),
    )


@pytest.mark.parametrize("name", ["1-issued", "2-not-qualified", "3-locked-out", "4-human", "6-vetoed"])
async def test_a_recorded_ticket_comes_to_the_same_end(house: House, name: str) -> None:
    read = read_ticket(DEMO / f"{name}.json")
    text = dump_json((await record(read, house)).document())
    model = PlaybackModel(recording=Recording.model_validate(load_json(text, name="x").value), prompts=house.prompts)
    assert await replay(read, house, model=model) == await replay(read, house)
    assert (model.divergences(), model.name, model.is_llm) == ((), "croupier-policy-1 (no LLM)", False)
    assert model.calls == len(model.recording.exchanges)


async def test_the_texts_of_the_house_are_named_that_a_replay_was_played_with(house: House, issued: Read) -> None:
    model = PlaybackModel(recording=await record(issued, house), prompts=house.prompts)
    await replay(issued, house, model=model)
    assert [*model.segments] == [
        "procedure/bonus-request",
        "procedure/bonus-request@2",
        "prompt/system",
        "tools/inform_player",
        "tools/issue_bonus",
        "tools/qualify_for_bonus",
        "tools/transfer_to_live_agent",
        "tools/verify_player_identity",
    ]


def changed_procedure(house: House, was: str, now: str) -> House:
    files = read_folder(ROOT / "procedures")
    changed = {name: text.replace(was, now) for name, text in files.items()}
    assert changed != files
    return replace(house, procedures=load_library(changed, vocabulary()))


SENTENCE = "Make sure who the player is with"
STALE = Divergence(
    exchange=1,
    kind=Difference.PROMPT,
    segment="procedure/bonus-request",
    pointer="/line/2",
    was="1. Make sure who the player is with `verify_player_identity` (Verify Player Identity).",
    now="1. Find out who the player is with `verify_player_identity` (Verify Player Identity).",
)


async def test_a_changed_sentence_makes_exactly_its_procedure_stale(house: House, issued: Read) -> None:
    model = PlaybackModel(recording=await record(issued, house), prompts=house.prompts)
    await replay(issued, changed_procedure(house, SENTENCE, "Find out who the player is with"), model=model)
    assert model.divergences() == (STALE,)


async def test_a_tolerant_replay_goes_on_and_is_stale_all_the_same(house: House, issued: Read) -> None:
    model = PlaybackModel(recording=await record(issued, house), prompts=house.prompts, match="tolerant")
    other = changed_procedure(house, SENTENCE, "Find out who the player is with")
    assert (await replay(issued, other, model=model)).found == (await replay(issued, house)).found
    assert model.divergences() == (STALE,)  # the line stands in two texts of the procedure, and is told once


async def test_another_procedure_leaves_a_ticket_as_it_is(house: House, issued: Read) -> None:
    model = PlaybackModel(recording=await record(issued, house), prompts=house.prompts)
    other = changed_procedure(house, "so that the team sees where the player stands", "so that the team can see it")
    await replay(issued, other, model=model)
    assert model.divergences() == ()


@pytest.mark.parametrize("json_mode", [False, True])
async def test_a_changed_description_makes_exactly_its_tool_stale(
    house: House, issued: Read, *, json_mode: bool
) -> None:
    desk = Desk(json_mode=json_mode)
    recording = await record(issued, house, desk=desk)
    model = PlaybackModel(recording=recording, prompts=house.prompts, match="tolerant")
    await played(house, issued, model, desk=desk, description="Give it.")
    first, *others = model.divergences()
    assert first == Divergence(
        exchange=1 if json_mode else 4,  # the head lists it from the beginning, else it is seen when it is legal
        kind=Difference.TOOL_SCHEMA,
        segment="tools/issue_bonus",
        pointer="/description",
        was=CATALOG["issue_bonus"].description,
        now="Give it.",
    )
    assert [(one.segment, one.pointer, one.now) for one in others] == (
        [("tools/issue_bonus", "/shown", "- issue_bonus(decision_id): Give it.")] if json_mode else []
    )


async def played(
    house: House, read: Read, model: Model, *, desk: Desk = NATIVE, description: str | None = None
) -> Sequence[Entry]:
    sandbox = sandbox_desk(read.world, house, clock=lambda: read.ticket.clock, model=model)
    tools = dict(sandbox.deps.tools)
    if description is not None:
        tools["issue_bonus"] = replace(tools["issue_bonus"], description=description)
    deps = replace(sandbox.deps, tools=tools, json_mode=desk.json_mode, hold_order=desk.hold_order)
    await play(read.ticket, deps, deps.world, ticket_id=read.ticket.id)
    return await sandbox.stores.entries(read.ticket.id)


async def test_other_words_of_the_player_are_history(house: House, issued: Read) -> None:
    model = PlaybackModel(recording=await record(issued, house), prompts=house.prompts)
    says = ("Hello, can I get a bonus?", *issued.ticket.says[1:])
    read = replace(issued, ticket=issued.ticket.model_copy(update={"says": says}))
    found = (await replay(read, house, model=model)).found
    assert model.divergences() == (
        Divergence(
            exchange=1,
            kind=Difference.HISTORY,
            segment="history",
            pointer="/0/text",
            was="Hi, can I get a bonus?",
            now="Hello, can I get a bonus?",
        ),
    )
    assert (found.outcome, found.handoff) == ("escalated", "model_failed")


async def test_another_result_of_a_tool_is_one(house: House, issued: Read) -> None:
    recording = await record(issued, house)
    model = PlaybackModel(recording=recording, prompts=house.prompts, match="tolerant")
    players = issued.world["players"]
    assert isinstance(players, list)
    player = players[0]
    assert isinstance(player, dict)
    read = replace(issued, world={**issued.world, "players": [{**player, "settings": {"want_bonus": False}}]})
    entries = await played(house, read, model)
    first, *others = model.divergences()
    assert first == Divergence(
        exchange=4, kind=Difference.TOOL_RESULT, segment="history", pointer="/6/data/qualified", was=True, now=False
    )
    assert {one.kind for one in others if one.exchange == 4} == {Difference.TOOL_RESULT}
    assert [(one.segment, one.pointer) for one in others if one.exchange == 4] == [
        ("history", "/6/data/reasons/0"),
        ("history", "/6/data/rewardType"),
        ("history", "/6/data/status"),
        ("history", "/6/data/templateName"),
        ("history", "/6/data/valuePerSpinDescription"),
        ("procedure/bonus-request", "/line/4"),  # what is shown follows from that
        ("procedure/bonus-request", "/line/5"),
        ("tools/issue_bonus", ""),
        ("offered", "/issue_bonus"),
        ("note", "/line/1"),
    ]
    assert tool_divergences(recording, entries)[0] == Divergence(
        exchange=3,
        kind=Difference.TOOL_RESULT,
        segment="results/qualify_for_bonus",
        pointer="/data/qualified",
        was=True,
        now=False,
    )


async def test_tools_that_answer_as_recorded_leave_no_trace(house: House, issued: Read) -> None:
    recording = await record(issued, house)
    entries = await played(house, issued, PlaybackModel(recording=recording, prompts=house.prompts))
    assert tool_divergences(recording, entries) == ()


async def test_a_call_of_a_tool_too_many_or_too_few_is_told(house: House, issued: Read) -> None:
    recording = await record(issued, house)
    entries = await played(house, issued, ScriptedModel([]))
    extra, *unused = tool_divergences(recording, entries)
    assert extra == Divergence(
        exchange=0, kind=Difference.EXTRA_CALL, segment="results/transfer_to_live_agent", pointer="", now={}
    )
    assert [(one.exchange, one.kind, one.segment) for one in unused] == [
        (2, Difference.UNUSED, "results/verify_player_identity"),
        (3, Difference.UNUSED, "results/qualify_for_bonus"),
        (4, Difference.UNUSED, "results/issue_bonus"),
    ]


def at_random(prefix: str) -> str:
    return f"{prefix}-0123456789abcdef"


async def test_the_ids_of_a_live_run_are_those_of_the_replay(house: House, issued: Read) -> None:
    """A desk numbers its decisions at random; a sandbox counts."""
    was = RecordingModel(model=PolicyModel(house.prompts), prompts=house.prompts)
    sandbox = sandbox_desk(issued.world, house, clock=lambda: issued.ticket.clock, model=was)
    world = replace(sandbox.deps.world, new_id=at_random)
    await play(issued.ticket, replace(sandbox.deps, world=world), world, ticket_id="live")
    text = dump_json(section(was).document())
    assert "0123456789abcdef" not in text
    model = PlaybackModel(recording=section(was), prompts=house.prompts)
    assert await replay(issued, house, model=model) == await replay(issued, house)
    assert model.divergences() == ()


async def test_a_desk_in_json_mode_that_holds_the_order_is_played_back_as_one(house: House, issued: Read) -> None:
    desk = Desk(json_mode=True, hold_order=True)
    recording = await record(issued, house, desk=desk)
    assert recording.desk == desk
    model = PlaybackModel(recording=recording, prompts=house.prompts)
    await played(house, issued, model, desk=recording.desk)
    assert model.divergences() == ()
