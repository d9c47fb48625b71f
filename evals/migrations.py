"""Tickets of other versions: an older one is brought up to date in memory, a newer one is refused.

A migration is a pure function from a ticket of one version to the same ticket in the next. `ticket/1` is the first
form that was ever written, so the table has none yet: it gets one in the same change that makes `ticket/2`.
"""

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final, TypeAlias

from casino.values import Document, Value

CURRENT: Final = 1
Migration: TypeAlias = Callable[[Document], dict[str, Value]]
# By the version that it starts from.
MIGRATIONS: Final[Mapping[int, Migration]] = MappingProxyType({})
_SCHEMA: Final = re.compile(r"ticket/(0|[1-9][0-9]{0,5})")


class NewerTicket(ValueError):  # noqa: N818  # named by what is met
    """The ticket is of a version that this Croupier does not know."""


def migrated(ticket: Document, *, current: int = CURRENT, migrations: Mapping[int, Migration] = MIGRATIONS) -> Document:
    """Return a ticket in the current form. Raises `NewerTicket`.

    What names no version of a ticket, or one that no migration starts from, comes back as it is: the model of the
    ticket refuses it with the field's name.
    """
    version = _version(ticket)
    if version is None or version == current:
        return ticket
    if version > current:
        raise NewerTicket(
            f'"ticket/{version}" is of a newer Croupier; this one reads "ticket/{current}". Update Croupier.'
        )
    if any(number not in migrations for number in range(version, current)):
        return ticket
    for number in range(version, current):
        ticket = {**migrations[number](ticket), "schema": f"ticket/{number + 1}"}
    return ticket


def _version(ticket: Document) -> int | None:
    schema = ticket.get("schema")
    found = _SCHEMA.fullmatch(schema) if isinstance(schema, str) else None
    return None if found is None else int(found[1])
