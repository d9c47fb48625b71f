"""The JSON Schema that ships is the models', takes every ticket that ships, and refuses what the models refuse."""

import json
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from evals.packs import each_written, ticket_files
from evals.schema.making import DRAFT, described, made
from evals.schema.shipped import schema_text
from evals.ticket import Ticket, TicketError, ticket_from
from tools.adapters.memory import Fault, Operation, PlayerJson, WorldJson, WorldPlayer

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "tickets.md").read_text("utf-8")
SCHEMA: dict[str, Any] = json.loads(schema_text())
VALIDATOR: Any = jsonschema.Draft202012Validator(SCHEMA)
WORLD: dict[str, Any] = SCHEMA["properties"]["world"]
ISSUED: dict[str, Any] = json.loads((ROOT / "evals" / "tickets" / "demo" / "1-issued.json").read_text("utf-8"))
Change = Callable[[dict[str, Any]], object]


def test_what_ships_is_made_of_the_models_and_the_page() -> None:
    assert made(PAGE) == schema_text(), "write it anew: python -m evals.schema.making"


def test_it_is_a_schema_of_its_draft() -> None:
    assert SCHEMA["$schema"] == DRAFT
    VALIDATOR.check_schema(SCHEMA)


def test_every_ticket_that_ships_is_valid_by_it() -> None:
    wrong = [
        f"{place.shown}: {error.message}"
        for file in ticket_files(ROOT / "evals" / "tickets")
        for place, written in each_written(file)
        for error in VALIDATOR.iter_errors(json.loads(written))
    ]
    assert wrong == []


def test_every_field_has_its_description_from_the_page() -> None:
    names = {field.alias or name for name, field in Ticket.model_fields.items()}
    assert {name for name in names if SCHEMA["properties"][name].get("description")} == names
    assert described(PAGE, "budget key")["mistakes"].startswith("calls that should not have been made")


def test_the_world_is_the_adapters() -> None:
    player = WORLD["properties"]["players"]["items"]
    assert set(WORLD["properties"]) == set(WorldJson.model_fields)
    assert set(WORLD["properties"]["faults"]["properties"]) == set(Operation.__args__)
    assert {tuple(one["enum"]) for one in WORLD["properties"]["faults"]["properties"].values()} == {tuple(Fault)}
    assert set(player["properties"]) == set(WorldPlayer.model_fields)
    assert set(player["required"]) == {name for name, one in PlayerJson.model_fields.items() if one.is_required()}


def _with(**fields: object) -> Change:
    return lambda ticket: ticket.update(fields)


def _without(name: str) -> Change:
    return lambda ticket: ticket.pop(name)


def _expecting(**fields: object) -> Change:
    return lambda ticket: ticket["expect"].update(fields)


BROKEN: dict[str, Change] = {
    "no id": _without("id"),
    "no schema": _without("schema"),
    "no words of the player": _without("says"),
    "another version": _with(schema="ticket/2"),
    "an id with a space": _with(id="own ticket"),
    "an empty title": _with(title=""),
    "a number for a title": _with(title=5),
    "nothing said": _with(says=[]),
    "a message that is a number": _with(says=[1]),
    "a field that is not known": _with(sessoin="P1"),
    "a time without a zone": _with(clock="2026-11-20T12:00:00"),
    "a clock that is no time": _with(clock="noon"),
    "a world that is a list": _with(world=[]),
    "another source": _with(source={"kind": "dreamt", "by": "us"}),
    "no effects": _with(expect={"outcome": "issued"}),
    "another outcome": _expecting(outcome="isued"),
    "another decision": _expecting(decision="no"),
    "another hand-over": _expecting(handoff="player_requested"),
    "another language": _expecting(language="la"),
    "a field of `expect` that is not known": _expecting(sad=[]),
    "a chain of one": _expecting(order={"before": [["issue_bonus"]]}),
    "a count below 0": _expecting(order={"exactly": {"issue_bonus": -1}}),
    "an amount that is text": _expecting(budget={"cost": "5"}),
    "no equation": _expecting(provenance=["issue_bonus.reward"]),
    "a recording without its end": _with(
        recording={"versions": {"croupier": "1", "model": "m"}, "segments": {}, "exchanges": []}
    ),
}


@pytest.mark.parametrize("change", BROKEN.values(), ids=BROKEN)
def test_a_broken_ticket_is_valid_by_neither_schema_nor_models(change: Change) -> None:
    ticket = deepcopy(ISSUED)
    change(ticket)
    assert not VALIDATOR.is_valid(ticket)
    with pytest.raises(TicketError):
        ticket_from(ticket, name="broken.json")


@pytest.mark.parametrize(
    "world",
    [{"plyers": []}, {"players": [{"id": "P1"}]}, {"faults": {"bonus": "slow"}}, {"faults": {"bonsu": "drop"}}],
)
def test_a_world_that_is_none_is_not_valid(world: dict[str, Any]) -> None:
    assert not VALIDATOR.is_valid({**ISSUED, "world": world})
