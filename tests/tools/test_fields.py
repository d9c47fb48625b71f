"""The field catalogue of a desk: what READ tools answer is offered, what changes something never is."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Literal

import pytest
from pydantic import BaseModel, Field

from casino.bonus.configuration import parse_configuration
from casino.document import load_yaml
from casino.facts import SAFETY_AGE, SAFETY_FLAGS
from casino.fields.catalogue import Origin
from casino.fields.field_type import FieldType
from casino.loaded import DocumentError
from casino.rules.parse import parse_condition
from tools.adapters.player_mapping import DAYS_SINCE_LAST_DEPOSIT
from tools.adapters.player_mapping import FIELDS as MAPPED
from tools.catalog import CATALOG
from tools.fields import PLAYER, SAFETY, built_in_catalogue, tool_fields, tool_of
from tools.player_context import KYC_STATUS
from tools.qualify_for_bonus import QUALIFY_FOR_BONUS
from tools.tool import Tool

DESK = built_in_catalogue(CATALOG)


class Level(StrEnum):
    LOW = "low"
    HIGH = "high"


class Address(BaseModel):
    city: str


class Line(BaseModel):
    amount: Decimal


class Answer(BaseModel):
    known: bool
    visits: int = Field(description="how often the player came")
    theo: Decimal | None = None
    note: str | None = None
    since: date
    seen_at: datetime = Field(alias="seenAt")
    level: Level
    state: Literal["open", "closed"]
    flags: list[str]
    scores: list[Decimal]
    lines: list[Line]
    rows: list[dict[str, str]]
    home: Address | None = None
    either: str | int
    anything: dict[str, str]
    pairs: list[list[str]]
    moments: list[datetime]
    sequence: Sequence[str]


def answering() -> Tool[Any]:
    return replace(KYC_STATUS, response=Answer, facts_as="tools.crm")


def test_the_fields_of_a_tool_are_those_of_its_response_with_their_types() -> None:
    found = {field.path: (field.type.value, field.values, field.integer) for field in tool_fields(answering())}
    assert found == {
        "tools.crm.known": ("boolean", (), False),
        "tools.crm.visits": ("number", (), True),
        "tools.crm.theo": ("number", (), False),
        "tools.crm.note": ("text", (), False),
        "tools.crm.since": ("date", (), False),
        "tools.crm.seenAt": ("moment", (), False),
        "tools.crm.level": ("text", ("low", "high"), False),
        "tools.crm.state": ("text", ("open", "closed"), False),
        "tools.crm.flags": ("text_list", (), False),
        "tools.crm.scores": ("number_list", (), False),
        "tools.crm.lines": ("record_list", (), False),
        "tools.crm.rows": ("record_list", (), False),
        "tools.crm.home.city": ("text", (), False),
    }


def test_a_field_says_what_its_tool_says_of_it() -> None:
    described = {field.path: field.description for field in tool_fields(answering())}
    assert described["tools.crm.visits"] == "how often the player came"
    assert described["tools.crm.note"] == "note"


def test_a_tool_that_names_no_place_for_its_answer_offers_nothing() -> None:
    assert tool_fields(replace(KYC_STATUS, facts_as=None)) == ()
    assert tool_fields(QUALIFY_FOR_BONUS) == ()


def test_only_a_read_tool_with_a_response_may_be_read_by_rules() -> None:
    with pytest.raises(TypeError, match="it must be a READ tool and declare its `response`"):
        replace(KYC_STATUS, response=None)
    with pytest.raises(TypeError, match="it must be a READ tool and declare its `response`"):
        replace(QUALIFY_FOR_BONUS, response=Answer, facts_as="tools.q")


def test_the_desk_offers_the_answers_of_its_tools() -> None:
    offered = {path: field.type for path, field in DESK.fields.items() if field.origin is Origin.TOOL}
    assert offered == {
        "player.deposits": FieldType.RECORD_LIST,
        "tools.kyc.level": FieldType.TEXT,
        "tools.kyc.status": FieldType.TEXT,
    }
    assert [tool_of(path, CATALOG) for path in (*offered, "player.ngr")] == [
        "deposit_history",
        "kyc_status",
        "kyc_status",
        None,
    ]


def test_every_field_that_a_platform_maps_and_every_safety_fact_is_in_the_catalogue() -> None:
    assert set(PLAYER) == {"id", DAYS_SINCE_LAST_DEPOSIT, *MAPPED}
    assert set(SAFETY) == {*SAFETY_FLAGS, SAFETY_AGE}


@pytest.mark.parametrize(
    "name", ["issue_bonus", "send_external_message", "transfer_to_live_agent", "qualify_for_bonus"]
)
def test_a_rule_on_a_tool_that_changes_something_is_refused(name: str) -> None:
    text = f"id: some\nname: Some\npriority: 1\nqualification:\n  - tools.{name}.issued == true\n"
    with pytest.raises(DocumentError) as refused:
        parse_configuration(load_yaml(text, name="some.yaml"), DESK)
    assert (refused.value.line, refused.value.column) == (5, 5)
    assert f'"tools.{name}.issued" is the answer of a tool that writes' in str(refused.value)


def test_a_field_that_nobody_declared_may_be_read_for_the_catalogue_is_open() -> None:
    text = "id: some\nname: Some\npriority: 1\nqualification:\n  - player.shoeSize > 40\n"
    assert parse_configuration(load_yaml(text, name="some.yaml"), DESK).qualification[0].path == "player.shoeSize"


@pytest.mark.parametrize(
    "compared", ["== '2026-01-31T00:00:00Z'", "!= '2026-01-31T00:00:00Z'", "is_in ['2026-01-31T00:00:00Z']"]
)
def test_no_rule_compares_a_built_in_moment_as_a_text(compared: str) -> None:
    moments = [path for path, field in DESK.fields.items() if field.type is FieldType.MOMENT]
    assert "player.lastDepositAt" in moments
    for path in moments:
        assert DESK.flaw(parse_condition(f"{path} {compared}")) is not None
        assert DESK.flaw(parse_condition(f"{path} == now")) is None
