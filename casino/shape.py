"""From a loaded document to a pydantic model, with errors that point into the text."""

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Annotated, TypeAlias, TypeVar

from pydantic import BaseModel, ConfigDict, PlainValidator, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from casino.loaded import DocumentError, Loaded, Path
from casino.nearest import did_you_mean
from casino.values import Value


class Shape(BaseModel):
    """What an author may write: exactly these keys, and no conversion of types."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


ShapeT = TypeVar("ShapeT", bound=Shape)


def _number(value: object) -> int | Decimal:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise PydanticCustomError("number_type", "a number")
    return value


def _at_least_zero(value: object) -> int | Decimal:
    number = _number(value)
    if number < 0:
        raise PydanticCustomError("too_small", "it must be 0 or more")
    return number


def _above_zero(value: object) -> int | Decimal:
    number = _number(value)
    if number <= 0:
        raise PydanticCustomError("too_small", "it must be more than 0")
    return number


AtLeastZero: TypeAlias = Annotated[int | Decimal, PlainValidator(_at_least_zero)]
AboveZero: TypeAlias = Annotated[int | Decimal, PlainValidator(_above_zero)]

_WANTED: Mapping[str, str] = MappingProxyType(
    {
        "string_type": "text",
        "int_type": "a whole number",
        "bool_type": "true or false",
        "list_type": "a list",
        "dict_type": "a mapping",
        "number_type": "a number",
    }
)


def shape(model: type[ShapeT], loaded: Loaded, path: Path = ()) -> ShapeT:
    """Read the mapping at a path as a model; raises DocumentError with the first thing that is wrong."""
    value = loaded.at(path)
    if not isinstance(value, dict):
        keys = ", ".join(_keys(model))
        raise loaded.error(path, f"{spelt(path)} must be a mapping, but is {named(value)}", f"Its keys are {keys}.")
    try:
        return model.model_validate(value)
    except ValidationError as error:
        # A misspelt key first: the key that is "missing" beside it is mended by the same stroke.
        details = sorted(error.errors(include_url=False), key=lambda detail: detail["type"] != "extra_forbidden")
        raise _pointed(details[0], model, loaded, path) from error


def spelt(path: Path) -> str:
    """Write a path for people: tiers[0].reward.wager."""
    steps = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return f'"{steps.removeprefix(".")}"' if steps else "the document"


def named(value: Value) -> str:
    """Name the type of a value for people, without repeating the value."""
    match value:
        case None:
            return "empty"
        case bool():
            return "true or false"
        case int() | Decimal():
            return "a number"
        case str():
            return "text"
        case list():
            return "a list"
        case dict():
            return "a mapping"


def _keys(model: type[Shape]) -> list[str]:
    return [field.alias or name for name, field in model.model_fields.items()]


def _pointed(detail: ErrorDetails, model: type[Shape], loaded: Loaded, path: Path) -> DocumentError:
    where = (*path, *detail["loc"])
    key = str(detail["loc"][-1])
    kind = detail["type"]
    if kind == "extra_forbidden":
        return loaded.error(where, f'unknown key "{key}" in {spelt(where[:-1])}', did_you_mean(key, _keys(model)))
    if kind == "missing":
        return loaded.error(where[:-1], f'{spelt(where[:-1])} needs the key "{key}"', "Add it.")
    if kind == "literal_error":
        expected = str(detail.get("ctx", {}).get("expected", ""))
        return loaded.error(where, f"{spelt(where)} is none of the words that are known here", f"Write {expected}.")
    if kind in _WANTED:
        found = named(loaded.at(where))
        mend = "Put it in quotes." if kind == "string_type" and found == "a number" else f"Write {_WANTED[kind]}."
        return loaded.error(where, f"{spelt(where)} must be {_WANTED[kind]}, but is {found}", mend)
    return loaded.error(where, f"{spelt(where)} cannot be taken: {_lower(detail['msg'])}", "Change the value.")


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
