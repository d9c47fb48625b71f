"""Tables of players that cannot be used, and the types that a CSV file is read with."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from casino.bonus.configuration import Configuration
from casino.bonus.law.jurisdictions import CURRENCY_PATH, PLACE_PATHS
from casino.facts import SAFETY_AGE, SAFETY_FLAGS
from casino.fields.catalogue import Catalogue
from casino.fields.field_type import FieldType
from casino.money import Money
from casino.population.part import sections, tier_conditions
from casino.population.sheet import UNAVAILABLE, reads
from casino.rules.condition import TAKES_LIST, Condition, Operator, Relative


class BadPlayers(ValueError):  # noqa: N818  # named by what is wrong
    """The table of players cannot be used: what, why, and how to mend it."""


MONEY: Final = "MONEY"  # texts such as 900 EUR, which become an amount and a currency
NUMBER: Final = "NUMBER"  # left to the file; where that finds text, its first cell that is no number is told

_TYPES: Mapping[FieldType, str] = MappingProxyType(
    {
        FieldType.TEXT: "VARCHAR",
        FieldType.BOOLEAN: "BOOLEAN",
        FieldType.DATE: "VARCHAR",
        FieldType.MOMENT: "VARCHAR",
        FieldType.TEXT_LIST: "VARCHAR[]",
        FieldType.NUMBER_LIST: "DECIMAL(38,6)[]",
        FieldType.NUMBER: NUMBER,
        FieldType.MONEY: MONEY,
    }
)


def csv_types(configurations: Sequence[Configuration], catalogue: Catalogue) -> dict[str, str]:
    """Return the types of the columns whose type does not show in a CSV file, by name: DuckDB's, MONEY or NUMBER.

    The catalogue says it, else the rules do: what is compared with texts is text, however much it looks like a number.
    Numbers are left to the file, so that 12.50 keeps its places and a word among them is seen before the run.
    """
    found: dict[str, str] = {UNAVAILABLE: "VARCHAR[]", "player.id": "VARCHAR"}
    found |= dict.fromkeys((*PLACE_PATHS, CURRENCY_PATH), "VARCHAR")
    found |= {f"safety.{flag}": "BOOLEAN" for flag in SAFETY_FLAGS}
    found[f"safety.{SAFETY_AGE}"] = NUMBER
    for configuration in configurations:
        stages = (*sections(configuration).values(), *(tier_conditions(tier) for tier in configuration.tiers))
        for condition in (one for listed in stages for _, one in listed):
            for path, type_ in _types(condition, configuration, catalogue):
                found.setdefault(path, type_)
    return found


def _types(condition: Condition, configuration: Configuration, catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    """Yield the types of what a condition reads, of money also where it reads only the amount."""
    computed = configuration.computed.get(condition.path)
    for path in (condition.path,) if computed is None else sorted(reads(computed)):
        type_ = _by_catalogue(catalogue, path) or (_by_rule(condition) if computed is None else None)
        if type_ is not None:
            yield path, type_
        above = path.rpartition(".")[0]
        if _by_catalogue(catalogue, above) == MONEY:
            yield above, MONEY


def _by_catalogue(catalogue: Catalogue, path: str) -> str | None:
    field = catalogue.field(path)
    return None if field is None else _TYPES.get(field.type)


def _by_rule(condition: Condition) -> str | None:
    if condition.measure is not None:
        return "VARCHAR"
    expected = condition.expected
    if isinstance(expected, Money):
        return MONEY
    if condition.path.startswith("counters.") and isinstance(expected, int | Decimal):
        return NUMBER
    items = expected if isinstance(expected, list) else [expected]
    if not any(isinstance(item, str | Relative) for item in items):
        return None
    lists = condition.operator is Operator.CONTAINS or condition.operator in TAKES_LIST - {Operator.IS_IN}
    return "VARCHAR[]" if lists else "VARCHAR"
