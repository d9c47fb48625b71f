"""Tables of players that cannot be used, and the types that a CSV file is read with."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from casino.bonus.configuration import Configuration
from casino.bonus.law.jurisdictions import CURRENCY_PATH, PLACE_PATHS
from casino.facts import SAFETY_AGE, SAFETY_FLAGS
from casino.fields.catalogue import Catalogue
from casino.fields.field_type import FieldType
from casino.population.part import sections, tier_conditions
from casino.population.sheet import UNAVAILABLE
from casino.rules.condition import TAKES_LIST, Condition, Operator, Relative


class BadPlayers(ValueError):  # noqa: N818  # named by what is wrong
    """The table of players cannot be used: what, why, and how to mend it."""


_TYPES: Mapping[FieldType, str] = MappingProxyType(
    {
        FieldType.TEXT: "VARCHAR",
        FieldType.BOOLEAN: "BOOLEAN",
        FieldType.DATE: "VARCHAR",
        FieldType.MOMENT: "VARCHAR",
        FieldType.TEXT_LIST: "VARCHAR[]",
        FieldType.NUMBER_LIST: "DECIMAL(38,6)[]",
    }
)


def csv_types(configurations: Sequence[Configuration], catalogue: Catalogue) -> dict[str, str]:
    """Return the DuckDB types of the columns whose type does not show in a CSV file, by name.

    The catalogue says it, else the rules do: what is compared with texts is text, however much it looks like a number.
    Numbers are left to the file, so that 12.50 keeps its places and a word among them is seen before the run.
    """
    found: dict[str, str] = {UNAVAILABLE: "VARCHAR[]", "player.id": "VARCHAR"}
    found |= dict.fromkeys((*PLACE_PATHS, CURRENCY_PATH), "VARCHAR")
    found |= {f"safety.{flag}": "BOOLEAN" for flag in SAFETY_FLAGS}
    for configuration in configurations:
        stages = (*sections(configuration).values(), *(tier_conditions(tier) for tier in configuration.tiers))
        for condition in (one for listed in stages for _, one in listed):
            type_ = _by_catalogue(catalogue, condition.path) or _by_rule(condition)
            if type_ is not None:
                found.setdefault(condition.path, type_)
    found.pop(f"safety.{SAFETY_AGE}", None)
    return found


def _by_catalogue(catalogue: Catalogue, path: str) -> str | None:
    field = catalogue.field(path)
    return None if field is None else _TYPES.get(field.type)


def _by_rule(condition: Condition) -> str | None:
    if condition.measure is not None:
        return "VARCHAR"
    expected = condition.expected
    items = expected if isinstance(expected, list) else [expected]
    if not any(isinstance(item, str | Relative) for item in items):
        return None
    lists = condition.operator is Operator.CONTAINS or condition.operator in TAKES_LIST - {Operator.IS_IN}
    return "VARCHAR[]" if lists else "VARCHAR"
