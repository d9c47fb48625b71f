"""Which recordings no longer fit, by what changed."""

from dataclasses import replace
from pathlib import Path

import pytest

from agent.house import House, read_house, vocabulary
from agent.playbook.collection import load_library, read_folder
from agent.settings import read_settings
from evals.record import record
from evals.stale import Changed, Stale, grouped, stale_of
from evals.ticket import Read, read_ticket
from evals.trial import Difference, Divergence, Status
from evals.trying import tried

ROOT = Path(__file__).parents[2]
DEMO = ROOT / "evals" / "tickets" / "demo"


@pytest.fixture(scope="module")
def house() -> House:
    return read_house(read_settings({}))


def changed(house: House, before: str, after: str) -> House:
    """Return the house with other words in its procedures."""
    files = {name: text.replace(before, after) for name, text in read_folder(ROOT / "procedures" / "support").items()}
    return replace(house, procedures=load_library(files, vocabulary()))


async def recorded(name: str, house: House) -> Read:
    """Return a ticket of the demo with its recording."""
    read = read_ticket(DEMO / f"{name}.json")
    return replace(read, ticket=read.ticket.model_copy(update={"recording": await record(read, house)}))


async def test_a_recording_of_this_house_fits(house: House) -> None:
    assert await stale_of(await recorded("1-issued", house), house) == ()


async def test_a_ticket_without_a_recording_is_never_stale(house: House) -> None:
    other = changed(house, "Make sure who", "Find out who")
    assert await stale_of(read_ticket(DEMO / "1-issued.json"), other) == ()


async def test_a_changed_sentence_makes_those_stale_that_saw_it(house: House) -> None:
    other = changed(house, "Give it with", "Hand it out with")
    found: list[Stale] = []
    for name in ("1-issued", "5-external-message"):
        found.append(Stale(name, name, await stale_of(await recorded(name, house), other)))  # noqa: PERF401  # awaits
    (one,) = grouped(found)
    assert (one.kind, one.segment, one.pointer, one.tickets) == (
        Difference.PROMPT,
        "procedure/bonus-request",
        "/line/6",
        ("1-issued",),
    )
    assert (str(one.was).strip()[:15], str(one.now).strip()[:19]) == ("3. Give it with", "3. Hand it out with")


async def test_every_change_is_found_and_not_the_first_alone(house: House) -> None:
    once = changed(house, "Make sure who", "Find out who")
    files = {one.file: one.source.replace("Give it with", "Hand it out with") for one in once.procedures.procedures}
    twice = replace(house, procedures=load_library(files, vocabulary()))
    found = await stale_of(await recorded("1-issued", house), twice)
    assert [(one.segment, one.pointer) for one in found] == [
        ("procedure/bonus-request", "/line/2"),
    ]


def test_causes_come_first_and_what_follows_is_one_group() -> None:
    def divergence(kind: Difference, segment: str, now: str) -> Divergence:
        return Divergence(exchange=1, kind=kind, segment=segment, pointer="/line/1", was="a", now=now)

    history = [divergence(Difference.HISTORY, "history", now) for now in ("b", "c")]
    prompt = divergence(Difference.PROMPT, "procedure/x", "b")
    schema = divergence(Difference.TOOL_SCHEMA, "tools/y", "b")
    found = grouped([Stale("one", "1", (history[0], prompt)), Stale("two", "2", (history[1], schema, schema))])
    assert [(one.kind, one.segment, one.tickets) for one in found] == [
        (Difference.PROMPT, "procedure/x", ("one",)),
        (Difference.TOOL_SCHEMA, "tools/y", ("two",)),
        (Difference.HISTORY, "history", ("one", "two")),
    ]
    assert found[0] == Changed(
        kind=Difference.PROMPT, segment="procedure/x", pointer="/line/1", was="a", now="b", tickets=("one",)
    )


@pytest.mark.parametrize(
    ("parameters", "found"),
    [
        ({"model": "another", "temperature": 0, "max_tokens": 400, "tool_mode": "native", "seed": 3}, []),
        ({}, []),
        ({"temperature": 2}, [("parameters", "parameters", "/temperature", 2, 0)]),
        ({"max_tokens": 1, "tool_mode": "native"}, [("parameters", "parameters", "/max_tokens", 1, 400)]),
        ({"tool_mode": "json"}, [("parameters", "parameters", "/tool_mode", "json", "native")]),
    ],
)
async def test_a_model_that_would_be_asked_otherwise_today_makes_a_recording_stale(
    house: House, parameters: dict[str, object], found: list[tuple[object, ...]]
) -> None:
    read = await recorded("1-issued", house)
    recording = read.ticket.recording
    assert recording is not None
    first = next(one for one in recording.exchanges if one.response is not None)
    assert first.response is not None
    other = first.model_copy(update={"response": first.response.model_copy(update={"parameters": parameters})})
    exchanges = tuple(other if one is first else one for one in recording.exchanges)
    changed_there = recording.model_copy(update={"exchanges": exchanges})
    read = replace(read, ticket=read.ticket.model_copy(update={"recording": changed_there}))
    said = [(one.kind.value, one.segment, one.pointer, one.was, one.now) for one in await stale_of(read, house)]
    assert said == found
    assert (await tried(read, house, match="tolerant")).status is (Status.STALE if found else Status.PASS)
