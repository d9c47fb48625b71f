"""Rows of which something could not be read: decided from the ends that are left open, as `casino.bonus.decide` does.

Every configuration leaves ends (a tier, nothing, or several of them) and says whether the next may have its turn. One
single end decides; several that all give nothing are a no; several of which one gives something are unknown, and hang
on the first configuration that left one.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from casino.population import sql
from casino.population.part import Part
from casino.population.sheet import Weighed

_NONE: Final = 0  # no end
_MAY_GIVE: Final = -1  # several ends, one of them a tier
_GIVE_NOTHING: Final = -2  # several ends, none of them a tier
_NO_ONE: Final = 1  # the ending "not qualified" of no configuration


@dataclass(frozen=True, slots=True)
class OpenPart:
    """The columns of one configuration for rows with something unknown."""

    part: Part
    number: int  # from 1, in the order in which configurations are tried
    prefix: str

    def named(self, letter: str) -> str:
        """Return a column name."""
        return f"{self.prefix}{letter}{self.number}"

    def verdicts(self) -> Iterable[tuple[str, str]]:
        """Yield segmentation and qualification as TRUE, FALSE or NULL, and where the tiers end."""
        yield self.named("s"), _ternary(self.part.segmentation)
        yield self.named("q"), _ternary(self.part.qualification)
        branches: list[tuple[str, str]] = []
        for index, tier in enumerate(self.part.tiers):
            verdict = _ternary(tier)
            branches += [(verdict, str(self.part.tier(index))), (f"({verdict}) IS NULL", str(_MAY_GIVE))]
        yield self.named("t"), sql.first_of(branches, str(self.part.nothing))

    def ends(self) -> Iterable[tuple[str, str]]:
        """Yield the end or ends that the configuration leaves, and whether it goes on to the next."""
        s, q, t, part = self.named("s"), self.named("q"), self.named("t"), self.part
        failed = str(part.nothing if part.stops else _NONE)
        besides = sql.first_of([(f"{t} = {part.nothing}", str(_GIVE_NOTHING))], str(_MAY_GIVE)) if part.stops else t
        yield (
            self.named("e"),
            sql.first_of([(f"NOT {s}", str(_NONE)), (f"NOT {q}", failed), (f"{q} IS NULL", besides)], t),
        )
        yield self.named("g"), f"({s if part.stops else f'{s} AND {q}'}) IS NOT TRUE"

    @property
    def gives(self) -> str:
        """Return where one of the ends is a tier."""
        return f"({self.named('e')} = {_MAY_GIVE} OR {self.named('e')} >= {self.part.tier(0)})"


def open_layers(parts: Sequence[OpenPart], open_: str, prefix: str) -> list[tuple[str, ...]]:
    """Return the layers that end in the column `ended`; for rows in which all is known they work nothing out."""
    last = len(parts) + 1
    only = [f"CASE WHEN {open_} THEN {written} END AS {name}" for part in parts for name, written in part.verdicts()]
    ends = [f"CASE WHEN {open_} THEN {written} END AS {name}" for part in parts for name, written in part.ends()]
    until, first = f"{prefix}until", f"{prefix}first"
    stop = sql.first_of([(f"NOT {part.named('g')}", str(part.number)) for part in parts], str(last))
    begin = sql.first_of([(f"{part.named('e')} <> {_NONE}", str(part.number)) for part in parts], str(last))
    walked = (f"CASE WHEN {open_} THEN {stop} END AS {until}", f"CASE WHEN {open_} THEN {begin} END AS {first}")
    ended = f"CASE WHEN {open_} THEN {_ended(parts, until, first)} END AS {prefix}ended"
    return [tuple(layer) for layer in (only, ends) if layer] + [walked, (ended,)]


def _ended(parts: Sequence[OpenPart], until: str, first: str) -> str:
    gives = sql.any_of(f"({until} >= {part.number} AND {part.gives})" for part in parts)
    branches = [(f"{first} = {len(parts) + 1}", str(_NO_ONE))]
    single = [
        (f"{first} = {part.number} AND {until} = {part.number} AND {part.named('e')} > 0", part.named("e"))
        for part in parts
    ]
    hangs = sql.first_of([(f"{first} = {part.number}", str(part.part.unknown)) for part in parts], str(_NO_ONE))
    return sql.first_of([*branches, *single, (gives, hangs)], str(_NO_ONE))


def _ternary(weighed: Iterable[Weighed]) -> str:
    return sql.all_of(one.ternary for one in weighed)
