"""Arguments against the schema that the package gives."""

from decimal import Decimal
from typing import Any

import pytest

from casino.values import Value
from evals.foreign.shape import problems

SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "order": {"type": "string"},
        "items": {"type": "array", "items": {"type": "integer"}},
        "reason": {"enum": ["late", "lost"]},
        "at": {"type": ["string", "null"]},
        "price": {"type": "number"},
        "now": {"const": True},
        "to": {"type": "object", "properties": {"zip": {"type": "string"}}, "required": ["zip"]},
        "gift": {"type": "boolean"},
        "any": True,
    },
    "required": ["order"],
    "additionalProperties": False,
}


@pytest.mark.parametrize(
    ("arguments", "wrong"),
    [
        ({"order": "A"}, []),
        ({"order": "A", "items": [1, Decimal(2)], "at": None, "price": Decimal("1.5"), "now": True, "any": [1]}, []),
        ({}, ["arguments.order: this is missing"]),
        ({"order": "A", "colour": 1}, ["arguments.colour: there is no such argument"]),
        ({"order": 1}, ["arguments.order: this must be string"]),
        (
            {"order": "A", "items": [1, "2", True]},
            [
                "arguments.items.1: this must be integer",
                "arguments.items.2: this must be integer",
            ],
        ),
        ({"order": "A", "reason": "x"}, ["arguments.reason: this must be one of 'late', 'lost'"]),
        ({"order": "A", "now": False}, ["arguments.now: this must be one of True"]),
        ({"order": "A", "at": 1}, ["arguments.at: this must be string or null"]),
        ({"order": "A", "to": {}}, ["arguments.to.zip: this is missing"]),
        ({"order": "A", "price": True}, ["arguments.price: this must be number"]),
        ({"order": "A", "gift": 1}, ["arguments.gift: this must be boolean"]),
    ],
)
def test_what_is_wrong_is_told_with_its_place(arguments: dict[str, Value], wrong: list[str]) -> None:
    assert [*problems(SCHEMA, arguments)] == wrong
