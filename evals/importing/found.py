"""What can be found of a person: its kinds, one of them at its place, and what looks for some."""

from collections.abc import Callable, Iterator
from enum import StrEnum
from typing import NamedTuple, TypeAlias


class Kind(StrEnum):
    """The kinds of what is personal; the first of those that meet at one place counts."""

    EMAIL = "email"
    IBAN = "iban"
    CARD = "card"
    BIRTH = "date_of_birth"
    PHONE = "phone"
    PLAYER = "player"
    NAME = "name"


class Found(NamedTuple):
    """A personal datum at `text[start:end]`; `value` is its one spelling, the same however it is written."""

    kind: Kind
    start: int
    end: int
    value: str


Look: TypeAlias = Callable[[str], Iterator[Found]]
