"""The decision for every row of a table: the same as `casino.bonus.decide` gives for each player, written as SQL.

A decision is a whole number, the place of its ending in `Plan.endings`. Where everything is known, it is one CASE: the
first configuration whose sections hold, and in it the first tier. Where a field of a row could not be read, the row is
decided as the engine does: from the ends that each configuration leaves open.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple

from casino.bonus.configuration import Configuration
from casino.bonus.law.jurisdictions import NO_PACKS, Packs
from casino.bonus.story import Status
from casino.clock import CasinoTime
from casino.facts import SAFETY_AGE, SAFETY_FLAGS
from casino.population import sql
from casino.population.law import Law, law_layers
from casino.population.open_rows import OpenPart, open_layers
from casino.population.part import Part, Step, parts_of
from casino.population.sheet import NEVER, Need, Sheet, Weighed
from casino.rules.condition import Condition, Operator
from casino.safety import LOWEST_LEGAL_AGE

VETOED: Final = 0
NOBODY: Final = 1  # not qualified, and no one configuration decided so


class Ending(NamedTuple):
    """How decisions can end; `configuration` and `tier` as in a Decision."""

    status: Status
    configuration: str | None
    tier: str | None


@dataclass(frozen=True, slots=True)
class Funnel:
    """Where players fall in one configuration: code 0 passed all, k fell at step k, the last code is unknown."""

    configuration: str
    steps: tuple[Step, ...]
    column: str

    @property
    def unknown(self) -> int:
        """Return the code of the players for whom nothing failed, and something could not be read."""
        return len(self.steps) + 1


@dataclass(frozen=True, slots=True)
class Plan:
    """The SQL of one set of configurations over a sheet: layers of columns, the last of which holds the decision."""

    endings: tuple[Ending, ...]
    layers: tuple[tuple[str, ...], ...]
    code: str  # the column of the decision
    funnels: tuple[Funnel, ...]

    def over(self, relation: str) -> str:
        """Return the query that adds the layers to a relation."""
        query = relation
        for layer in self.layers:
            query = sql.select(["*", *layer], f"({query})")
        return query


def plan(  # noqa: PLR0913  # what a decision depends on, and how much is asked
    sheet: Sheet,
    configurations: Sequence[Configuration],
    *,
    now: datetime,
    legal_age: int = LOWEST_LEGAL_AGE,
    funnel: bool = False,
    packs: Packs = NO_PACKS,
    prefix: str = "d_",
) -> Plan:
    """Write the decision of the configurations in force (by descending priority) as SQL; the sheet collects columns."""
    parts = parts_of(sheet, configurations, now, base=NOBODY + 1)
    opens = sorted({one.open for part in parts for one in part.weighed} - {NEVER})
    funnels = [Funnel(part.configuration.id, part.steps, f"{prefix}f{number}") for number, part in enumerate(parts)]
    asked = funnels if funnel else []
    safe, layers = sql.all_of(_safe(sheet, CasinoTime(now), legal_age)), list[tuple[str, ...]]()
    if opens or asked:
        layers.append((f"({safe}) IS TRUE AS {prefix}safe", f"{sql.any_of(opens)} AS {prefix}open"))
        safe = f"{prefix}safe"
    if asked:
        layers.append(tuple(f"{_fallen(*both, safe)} AS {both[1].column}" for both in zip(parts, asked, strict=True)))
    if opens:
        numbered = [OpenPart(part, number, prefix) for number, part in enumerate(parts, 1)]
        layers += open_layers(numbered, f"{prefix}open", prefix)
    branches = [(f"{prefix}open", f"{prefix}ended")] if opens else []
    for part, one in zip(parts, funnels, strict=True):
        branches += _branches(part, one if funnel else None)
    # Only whom safety lets through is asked anything at all.
    decided = sql.first_of([(safe, sql.first_of(branches, str(NOBODY)))], str(VETOED))
    endings = _endings(parts)
    layers.append((f"CAST({decided} AS {unsigned(len(endings))}) AS {prefix}granted",))
    layers += law_layers(Law(packs, sheet, CasinoTime(now)), parts, f"{prefix}granted", f"{prefix}code")
    return Plan(endings, tuple(layers), f"{prefix}code", tuple(asked))


def _safe(sheet: Sheet, at: CasinoTime, legal_age: int) -> list[str]:
    """Weigh what stands before every benefit; what is not known there vetoes too."""
    flags = [Condition(f"safety.{flag}", Operator.EQUAL, expected=False) for flag in SAFETY_FLAGS]
    conditions = [*flags, Condition(f"safety.{SAFETY_AGE}", Operator.GREATER_OR_EQUAL, legal_age)]
    weighed = [sheet.weigh(condition, at, Need(condition.path, None, ())) for condition in conditions]
    return [one.holds if one.open == NEVER else f"({one.holds} AND NOT {one.open})" for one in weighed]


def _held(weighed: Iterable[Weighed]) -> list[str]:
    return [one.holds for one in weighed]


def _branches(part: Part, funnel: Funnel | None) -> list[tuple[str, str]]:
    """Return the branches of one configuration, for a row in which everything is known."""
    tiers = [(sql.all_of(_held(tier)), str(part.tier(index))) for index, tier in enumerate(part.tiers)]
    given = sql.first_of(tiers, str(part.nothing))
    if funnel is not None:
        stopped = [(f"{funnel.column} > {len(part.segmentation)}", str(part.nothing))] if part.stops else []
        return [(f"{funnel.column} = 0", given), *stopped]
    if not part.stops:
        return [(sql.all_of(_held((*part.segmentation, *part.qualification))), given)]
    qualified = sql.first_of([(sql.all_of(_held(part.qualification)), given)], str(part.nothing))
    return [(sql.all_of(_held(part.segmentation)), qualified)]


def _fallen(part: Part, funnel: Funnel, safe: str) -> str:
    """Return the code of the first condition that fails. Players whom safety keeps out fall at the first one."""
    weighed = (*part.segmentation, *part.qualification)
    opens = sorted({one.open for one in weighed} - {NEVER})
    written = sql.first_of([(sql.any_of(opens), str(funnel.unknown))] if opens else [], "0")
    for number in range(len(weighed), 0, -1):
        # Each condition is asked only of those who are still there.
        one = weighed[number - 1]
        goes_on = sql.any_of(where for where in (one.holds, one.open) if where != NEVER)
        if number == 1:
            goes_on = sql.all_of([safe, goes_on])
        written = str(number) if goes_on == NEVER else f"CASE WHEN {goes_on} THEN {written} ELSE {number} END"
    return f"CAST({written} AS {unsigned(funnel.unknown + 1)})"


def unsigned(codes: int) -> str:
    """Return the smallest type that holds so many codes from 0 on: grouping by it is cheaper."""
    return next(name for name, bits in (("UTINYINT", 8), ("USMALLINT", 16), ("UINTEGER", 32)) if codes <= 2**bits)


def _endings(parts: Sequence[Part]) -> tuple[Ending, ...]:
    endings = [Ending(Status.VETOED, None, None), Ending(Status.NOT_QUALIFIED, None, None)]
    for part in parts:
        name = part.configuration.id
        endings += [Ending(Status.UNKNOWN, name, None), Ending(Status.NOT_QUALIFIED, name, None)]
        endings += [Ending(Status.QUALIFIED, name, tier.name) for tier in part.configuration.tiers]
        endings.append(Ending(Status.VETOED, name, None))  # by the law of the place
    return tuple(endings)
