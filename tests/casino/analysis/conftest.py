"""A set of configurations as an author writes it, analysed."""

from collections.abc import Callable, Collection
from datetime import date
from types import MappingProxyType
from typing import Protocol

import pytest

from casino.analysis.analyse import analyse
from casino.analysis.finding import Finding
from casino.bonus.configuration import load_set
from casino.bonus.law.jurisdictions import NO_PACKS, Packs
from casino.document import load_yaml
from casino.fields.catalogue import OPEN, Catalogue, Field, Origin
from casino.fields.field_type import FieldType
from casino.values import Value

REWARD = "{type: standard, spinsCount: 15, gameProvider: BGaming, wager: 5}"


class Analysed(Protocol):
    """Analyse configurations, each the lines that differ from a plain one."""

    def __call__(
        self,
        *written: str,
        catalogue: Catalogue = OPEN,
        packs: Packs = NO_PACKS,
        templates: Collection[str] | None = None,
        jurisdictions: Collection[str] = (),
        on: date | None = None,
    ) -> list[Finding]: ...


@pytest.fixture
def analysed() -> Analysed:
    def run(
        *written: str,
        catalogue: Catalogue = OPEN,
        packs: Packs = NO_PACKS,
        templates: Collection[str] | None = None,
        jurisdictions: Collection[str] = (),
        on: date | None = None,
    ) -> list[Finding]:
        texts = (_whole(number, text) for number, text in enumerate(written))
        configurations = load_set(load_yaml(text, name=f"{number}.yaml") for number, text in enumerate(texts))
        found = analyse(configurations, catalogue, packs, templates=templates, jurisdictions=jurisdictions, on=on)
        return [*found]

    return run


def _whole(number: int, text: str) -> str:
    """Complete a configuration: the first is `a` with priority 9, the next `b` with 8; with a default tier."""
    lines = {
        "id": f"id: {chr(ord('a') + number)}",
        "name": "name: Bonus",
        "priority": f"priority: {9 - number}",
        "status": "status: published",
        "tiers": f"tiers: [{{name: default, priority: 1, reward: {REWARD}}}]",
    }
    given = {line.split(":")[0] for line in text.splitlines() if not line.startswith((" ", "-"))}
    return "\n".join([*(line for key, line in lines.items() if key not in given), text])


@pytest.fixture
def catalogue() -> Callable[..., Catalogue]:
    """Make a catalogue: `catalogue(count=("number", {"integer": True}))`; each field is `player.<name>`."""

    def make(*, closed: bool = False, writes: Collection[str] = (), **fields: str | Field) -> Catalogue:
        made = {
            f"player.{name}": _field(name, field) if isinstance(field, str) else field for name, field in fields.items()
        }
        return Catalogue(MappingProxyType(made), frozenset(writes), closed)

    return make


def _field(name: str, written: str) -> Field:
    """Read "number", "number whole", or "text gold silver": the type, then its known values."""
    type_, *values = written.split()
    known: tuple[Value, ...] = () if values == ["whole"] else tuple(values)
    return Field(f"player.{name}", FieldType(type_), Origin.CUSTOM, name, None, known, values == ["whole"])
