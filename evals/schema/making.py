"""How the JSON Schema of tickets is made: from the models, with the words of the page about tickets.

`python -m evals.schema.making` writes it anew once a model or the page has changed; a test says when that is due.
"""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, cast

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core.core_schema import DecimalSchema

from evals.expect import DECISIONS, HANDOFFS, OUTCOMES
from evals.grading.language import LANGUAGES
from evals.ticket import Ticket

DRAFT: Final = "https://json-schema.org/draft/2020-12/schema"
_ROOT: Final = Path(__file__).resolve().parents[2]
_EXPECTED, _BUDGET, _TICKET = "Expected", "Budget", "Ticket"
_ORDER: Final = "evals__expect__Order"  # there is another one, of an attack
_WORDS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {"outcome": OUTCOMES, "decision": DECISIONS, "handoff": HANDOFFS, "language": LANGUAGES}
)
# The page's tables, by what stands above their first column.
_TABLES: Final[Mapping[str, str]] = MappingProxyType(
    {_TICKET: "ticket key", _EXPECTED: "expect key", _ORDER: "order key", _BUDGET: "budget key"}
)
_TEXT: Final[JsonSchemaValue] = {"type": "string"}
_TIME: Final = r"^\d{4}-?\d{2}-?\d{2}.\d{2}.*(Z|[+-]\d{2}(:?\d{2}(:?\d{2})?)?)$"  # with its zone
_DAY: Final = r"^\d{4}-\d{2}-\d{2}$"


class _Exact(GenerateJsonSchema):
    """A number that is exact is a number in a file, never a text."""

    def decimal_schema(self, schema: DecimalSchema) -> JsonSchemaValue:
        limits = {"minimum": schema.get("ge"), "maximum": schema.get("le")}
        return {"type": "number", **{name: int(limit) for name, limit in limits.items() if limit is not None}}


def made(page: str) -> str:
    """Return the schema; `page` is the Markdown text of the page about tickets."""
    schema = Ticket.model_json_schema(by_alias=True, schema_generator=_Exact)
    models: dict[str, Any] = {_TICKET: schema, **schema["$defs"]}
    for model, heading in _TABLES.items():
        _describe(models[model]["properties"], described(page, heading))
    for name, words in _WORDS.items():
        _texts_of(models[_EXPECTED]["properties"][name])["enum"] = [*words]
    for model in (_BUDGET, _ORDER):
        _not_below_0(models[model]["properties"])
    models[_ORDER]["properties"]["before"]["items"]["minItems"] = 2
    models[_EXPECTED]["properties"]["provenance"]["items"]["pattern"] = "^[^=]+ == .+$"
    models[_TICKET]["properties"]["clock"]["pattern"] = _TIME
    models[_TICKET]["properties"]["world"] |= _world(page)
    head = {"$schema": DRAFT, "$id": "urn:croupier:ticket:1", "title": "A ticket of Croupier"}
    return json.dumps({**head, **_plain(schema)}, indent=2, ensure_ascii=False) + "\n"


def described(page: str, heading: str) -> dict[str, str]:
    """Return what the table with this heading says of each word: the last column, as plain text."""
    table = page.split(f"\n| {heading} |")[1].split("\n\n", maxsplit=1)[0]
    rows = re.findall(r"^\| `(\w+)` \|.*?([^|]+) \|$", table, re.MULTILINE)
    return {word: told.strip().replace("`", "").removesuffix(" (see below)") for word, told in rows}


def _describe(properties: dict[str, Any], told: Mapping[str, str]) -> None:
    for name, words in told.items():
        properties[name]["description"] = words


def _texts_of(schema: dict[str, Any]) -> dict[str, Any]:
    """Return the part of a schema that is about texts: the text may be one of several choices."""
    choices: list[dict[str, Any]] = schema.get("anyOf", [schema])
    return next(one for one in choices if one.get("type") == "string")


def _not_below_0(node: object) -> None:
    match node:
        case dict():
            within = cast("dict[str, object]", node)
            if within.get("type") in {"integer", "number"}:
                within["minimum"] = 0
            for one in within.values():
                _not_below_0(one)
        case list():
            for one in cast("list[object]", node):
                _not_below_0(one)
        case _:
            return


def _world(page: str) -> JsonSchemaValue:
    """Return the schema of a world. Its model is an adapter's, which nothing here may import; a test compares them."""
    told = described(page, "world key")
    players = {"type": "array", "items": _PLAYER, "description": told["players"]}
    names = {"type": "array", "items": _TEXT}
    faults = {"enum": [*described(page, "fault")]}
    by_operation = {name: {**faults, "description": what} for name, what in described(page, "operation").items()}
    return {
        "additionalProperties": False,
        "properties": {
            "players": players,
            "templates": {"type": "object", "additionalProperties": names, "description": told["templates"]},
            "faults": {
                "type": "object",
                "additionalProperties": False,
                "properties": by_operation,
                "description": told["faults"],
            },
        },
    }


def _or_null(schema: JsonSchemaValue) -> JsonSchemaValue:
    return {"anyOf": [schema, {"type": "null"}]}


_OBJECT: Final[JsonSchemaValue] = {"type": "object"}
_PLAYER: Final[JsonSchemaValue] = {
    "type": "object",
    "required": ["id", "brand", "email", "country", "currency"],
    "properties": {
        **dict.fromkeys(("id", "brand", "email", "country", "currency"), _TEXT),
        "phone": _or_null(_TEXT),
        "first_name": _or_null(_TEXT),
        "date_of_birth": _or_null({"type": "string", "pattern": _DAY}),
        **{name: _or_null(_OBJECT) for name in ("kpi", "settings", "balances", "kyc", "responsible_gaming")},
        "deposits": {"type": "array", "items": _OBJECT},
    },
}


def _plain(schema: JsonSchemaValue) -> JsonSchemaValue:
    """Leave out the titles that pydantic makes up, and that nothing is what stands where nothing is written."""
    return {
        name: _plain_within(one, is_named=name in {"properties", "$defs"})
        for name, one in schema.items()
        if not (name == "title" and isinstance(one, str)) and not (name == "default" and one in (None, {}))
    }


def _plain_within(value: object, *, is_named: bool) -> object:
    match value:
        case dict() if is_named:
            named = cast("dict[str, JsonSchemaValue]", value)
            return {name: _plain(one) for name, one in named.items()}
        case dict():
            return _plain(cast("JsonSchemaValue", value))
        case list():
            return [_plain_within(one, is_named=False) for one in cast("list[object]", value)]
        case _:
            return value


def main() -> None:
    """Write the schema into its place in the tree."""
    page = (_ROOT / "docs" / "tickets.md").read_text("utf-8")
    (_ROOT / "evals" / "schema" / "ticket-1.json").write_text(made(page), "utf-8")


if __name__ == "__main__":
    main()
