"""Which recordings no longer fit, by what changed."""

from dataclasses import replace
from pathlib import Path

import pytest

from agent.house import House, read_house, vocabulary
from agent.playbook.collection import load_library, read_folder
from agent.settings import read_settings
from evals.differing import Place
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
        ("procedure/bonus-request", "/line/6"),  # it stands on line 4 in a later question, and is the same
    ]


async def test_a_line_that_was_deleted_beside_a_harmless_change_is_told(house: House) -> None:
    once = changed(house, "Make sure who", "Find out who")
    never = "> - Deny a reward because it has no amount: only cash has one.\n"
    files = {one.file: one.source.replace(never, "") for one in once.procedures.procedures}
    twice = replace(house, procedures=load_library(files, vocabulary()))
    read = await recorded("1-issued", house)
    found = await stale_of(read, twice)
    assert [(one.segment, one.pointer, one.now) for one in found[1:]] == [("procedure/bonus-request", "/line/16", None)]
    assert found[1].was == "- Deny a reward because it has no amount: only cash has one."
    assert (await tried(read, twice)).divergences == found  # both answer so at the first question already


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


def test_two_places_of_a_ticket_that_read_the_same_are_two_changes_and_an_indent_makes_none() -> None:
    def line(at: int, was: str) -> Divergence:
        return Divergence(exchange=1, kind=Difference.PROMPT, segment="procedure/x", pointer=f"/line/{at}", was=was)

    both, one = (
        Stale("both", "1", (line(2, "- a"), line(10, "- a"), line(3, "- b"))),
        Stale("one", "2", (line(7, "  - a"),)),
    )
    assert [(change.pointer, change.was, change.tickets) for change in grouped([both, one])] == [
        ("/line/2", "- a", ("both", "one")),
        ("/line/10", "- a", ("both",)),
        ("/line/3", "- b", ("both",)),
    ]


def test_a_change_of_the_conversation_names_where_else_it_differs() -> None:
    def turn(pointer: str, now: str) -> Divergence:
        return Divergence(exchange=1, kind=Difference.HISTORY, segment="history", pointer=pointer, was="a", now=now)

    first, second = Stale("one", "1", (turn("/0", "b"), turn("/2", "c"))), Stale("two", "2", (turn("/0", "d"),))
    assert grouped([first, second, first]) == (
        Changed(
            kind=Difference.HISTORY,
            segment="history",
            pointer="/0",
            was="a",
            now="b",
            tickets=("one", "two"),
            others=(Place("/2", "a", "c"), Place("/0", "a", "d")),
        ),
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
