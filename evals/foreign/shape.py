"""What is wrong with arguments by their JSON Schema: names, types, closed lists; the tool itself sees to the rest."""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final, cast

from casino.values import Value

_IS: Final[Mapping[str, Callable[[Value], bool]]] = MappingProxyType(
    {
        "null": lambda value: value is None,
        "boolean": lambda value: isinstance(value, bool),
        "string": lambda value: isinstance(value, str),
        "array": lambda value: isinstance(value, list),
        "object": lambda value: isinstance(value, dict),
        "number": lambda value: isinstance(value, int | Decimal) and not isinstance(value, bool),
        "integer": lambda value: isinstance(value, int | Decimal) and not isinstance(value, bool) and value % 1 == 0,
    }
)


def problems(schema: Mapping[str, Any], value: Value, *, at: str = "arguments") -> Iterator[str]:
    """Yield what is wrong, each with its place.

    `type`, `enum`, `const`, `properties`, `required`, `additionalProperties: false` and `items` are looked at.
    """
    kinds = _kinds(schema)
    if kinds and not any(_IS[kind](value) for kind in kinds if kind in _IS):
        yield f"{at}: this must be {' or '.join(kinds)}"
        return
    allowed = schema["enum"] if "enum" in schema else [schema["const"]] if "const" in schema else None
    if allowed is not None and value not in allowed:
        yield f"{at}: this must be one of {', '.join(map(repr, allowed))}"
    if isinstance(value, dict):
        yield from _of_object(schema, value, at)
    if isinstance(value, list) and isinstance(items := schema.get("items"), Mapping):
        for number, one in enumerate(value):
            yield from problems(cast("Mapping[str, Any]", items), one, at=f"{at}.{number}")


def _kinds(schema: Mapping[str, Any]) -> list[str]:
    kind: str | list[str] = schema.get("type", [])
    return [kind] if isinstance(kind, str) else [*kind]


def _of_object(schema: Mapping[str, Any], value: Mapping[str, Value], at: str) -> Iterator[str]:
    known: Mapping[str, Any] = schema.get("properties", {})
    yield from (f"{at}.{name}: this is missing" for name in schema.get("required", ()) if name not in value)
    if schema.get("additionalProperties") is False:
        yield from (f"{at}.{name}: there is no such argument" for name in value if name not in known)
    for name, one in value.items():
        if isinstance(own := known.get(name), Mapping):
            yield from problems(cast("Mapping[str, Any]", own), one, at=f"{at}.{name}")
