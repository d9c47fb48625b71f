"""An equation of `expect.provenance`: where a value must have come from."""

import re
from collections.abc import Mapping
from typing import Final, NamedTuple, TypeAlias

from casino.document import load_json
from casino.loaded import DocumentError
from casino.values import Value

FORM: Final = "two values joined by ==, such as issue_bonus.reward == qualify_for_bonus.reward"
_PATH: Final = re.compile(r"\w+(?:\.\w+)+")


class Place(NamedTuple):
    """A value of a call: `issue_bonus.reward.amount` is the tool `issue_bonus` and the keys below what it came to."""

    tool: str
    keys: tuple[str, ...]

    def __str__(self) -> str:
        return ".".join((self.tool, *self.keys))


class Literal(NamedTuple):
    """A value that is written into the equation, as JSON."""

    value: Value


Side: TypeAlias = Place | Literal


class Equation(NamedTuple):
    """Each value on the left equals the newest on the right before it."""

    left: Place
    right: Side


def equation(text: str) -> Equation:
    """Read an equation: a path of a tool on the left, a path or a JSON value on the right. Raises ValueError."""
    left, sign, right = (part.strip() for part in text.partition("=="))
    if not sign or _PATH.fullmatch(left) is None:
        raise ValueError(FORM)
    return Equation(_place(left), _place(right) if _PATH.fullmatch(right) and not _number(right) else _literal(right))


def value_at(document: Mapping[str, Value], keys: tuple[str, ...]) -> Value:
    """Return what stands below some keys, one after the other. Raises KeyError where there is nothing."""
    found: Value = {**document}
    for key in keys:
        if not isinstance(found, dict):
            raise KeyError(key)
        found = found[key]
    return found


def _place(text: str) -> Place:
    tool, *keys = text.split(".")
    return Place(tool, tuple(keys))


def _number(text: str) -> bool:
    return text.replace(".", "", 1).isdecimal()


def _literal(text: str) -> Literal:
    try:
        return Literal(load_json(text, name="equation").value)
    except DocumentError as error:
        raise ValueError(FORM) from error
