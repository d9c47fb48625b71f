"""Conditions on computed fields: the engine's own expressions work them out, row by row, before the count."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from casino.bonus.configuration import Configuration
from casino.clock import CasinoTime
from casino.facts import Facts
from casino.population.column import Schema
from casino.population.part import sections, tier_conditions
from casino.population.sheet import UNAVAILABLE, Asked, reads
from casino.rules.condition import Condition
from casino.rules.evaluate import check
from casino.verdict import Verdict

_TERNARY: Final = {Verdict.YES: True, Verdict.NO: False, Verdict.UNKNOWN: None}


@dataclass(frozen=True, slots=True)
class Question:
    """One condition on a computed field."""

    asked: Asked
    configuration: Configuration
    condition: Condition

    def verdict(self, facts: Facts, now: datetime) -> bool | None:
        """Weigh it on one player; None: unknown."""
        own = self.configuration
        seen = facts.seen(at=CasinoTime(now, own.time_zone, own.day_begins), computed=own.computed)
        return _TERNARY[check(self.condition, seen).verdict]


def questions(configurations: Sequence[Configuration]) -> tuple[Question, ...]:
    """Return every condition on a computed field."""
    return tuple(
        Question(Asked(configuration.id, place), configuration, condition)
        for configuration in configurations
        for listed in (*sections(configuration).values(), *(tier_conditions(tier) for tier in configuration.tiers))
        for place, condition in listed
        if condition.path in configuration.computed
    )


def columns_read(asked: Sequence[Question], schema: Schema) -> tuple[str, ...]:
    """Return the columns that have to be fetched to answer them."""
    paths = {path for one in asked for definition in one.configuration.computed.values() for path in reads(definition)}
    found = {column for path in paths if (column := schema.column_of(path)) is not None}
    return tuple(sorted(found | ({UNAVAILABLE} & schema.columns.keys())))
