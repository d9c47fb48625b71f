"""Players drawn at random so that the conditions of given configurations are hit on both sides, at their boundaries.

Of ten players about five meet all conditions of one configuration and one of its tiers, two miss exactly one of them,
one has a field that nobody could read, and two are drawn freely: values missing, null, of another type, a safety fact
against them.
The same seed gives the same players.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Final, Literal, TypeAlias, TypeVar

from casino.bonus.configuration import Configuration
from casino.bonus.players.candidates import ON_LISTS, bad_values, candidates, fails, holds, of_type
from casino.bonus.players.described import ordinary_player, put
from casino.clock import CasinoTime
from casino.facts import SAFETY_FLAGS, Absent, Facts
from casino.fields.catalogue import OPEN, Catalogue
from casino.fields.field_type import FieldType
from casino.rules.condition import Condition, Operator, plain
from casino.rules.evaluate import check
from casino.values import Document, Value
from casino.verdict import Verdict

T = TypeVar("T")
Mode: TypeAlias = Literal["meets", "misses", "unread", "free"]
_MODES: Final[tuple[Mode, ...]] = (
    *("meets", "meets", "meets", "meets", "meets"),
    *("misses", "misses"),
    *("unread", "free", "free"),
)
_TRIES: Final = 12  # for fields that are computed, whose values cannot be set


@dataclass(slots=True)
class Dice:
    """A sequence of numbers that a seed determines, the same on every machine."""

    seed: str
    thrown: int = 0

    def below(self, count: int) -> int:
        """Return a number from 0 to `count` - 1."""
        self.thrown += 1
        return int.from_bytes(sha256(f"{self.seed}/{self.thrown}".encode()).digest()[:8]) % count

    def pick(self, some: Sequence[T]) -> T:
        """Return one of some; there must be one."""
        return some[self.below(len(some))]

    def one_in(self, count: int) -> bool:
        """Return true once in `count` throws."""
        return self.below(count) == 0


def random_players(
    configurations: Sequence[Configuration],
    count: int,
    *,
    seed: int,
    now: datetime,
    catalogue: Catalogue = OPEN,
    places: Sequence[str] = (),
) -> Iterator[Document]:
    """Yield facts documents. `places` are jurisdictions, one of which every second player lives in."""
    for number in range(count):
        dice = Dice(f"{seed}/{number}")
        aim = dice.pick(configurations)
        drawing = _Drawing(dice, configurations, aim, CasinoTime(now, aim.time_zone, aim.day_begins), catalogue)
        yield drawing.player(f"R{seed}-{number}", places)


def conditions_of(configuration: Configuration) -> tuple[Condition, ...]:
    """Return all conditions of a configuration, those of its limits and of every tier included."""
    tiers = (condition for tier in configuration.tiers for condition in tier.when)
    limits = configuration.limits.conditions(configuration.id)
    return (*configuration.segmentation, *configuration.qualification, *limits, *tiers)


@dataclass(frozen=True, slots=True)
class _Drawing:
    """One player in the making: aimed at a configuration, at the moment of the decision."""

    dice: Dice
    all: Sequence[Configuration]
    aim: Configuration
    at: CasinoTime
    catalogue: Catalogue

    def player(self, player_id: str, places: Sequence[str]) -> Document:
        mode = self.dice.pick(_MODES)
        wanted = self._wanted()
        missed = self.dice.pick(wanted) if mode == "misses" and wanted else None
        document: Document = {}
        for _ in range(_TRIES):
            document = self._document(player_id, self._values(mode, wanted, missed), mode, places)
            if mode in {"unread", "free"} or self._computed_as_wanted(document, wanted, missed):
                break
        return document

    def _wanted(self) -> tuple[Condition, ...]:
        """Return what the player is to meet: segmentation, qualification, limits, and one tier."""
        aim = self.aim
        tier = self.dice.pick(aim.tiers).when if aim.tiers else ()
        return (*aim.segmentation, *aim.qualification, *aim.limits.conditions(aim.id), *tier)

    def _values(self, mode: Mode, wanted: tuple[Condition, ...], missed: Condition | None) -> dict[str, Value | Absent]:
        values: dict[str, Value | Absent] = {}
        for path, conditions in self._by_path().items():
            asked = [condition for condition in wanted if condition.path == path]
            pool = [value for condition in conditions for value in candidates(condition, self.at)]
            pool += [self._joined(asked)] if any(condition.operator in ON_LISTS for condition in asked) else []
            chosen = self._of_pool(pool, asked, missed if missed in asked else None, free=mode == "free")
            values[path] = chosen
        return {**values, **self._inputs()}

    def _by_path(self) -> Mapping[str, list[Condition]]:
        found: dict[str, list[Condition]] = {}
        for configuration in self.all:
            for condition in conditions_of(configuration):
                if condition.path not in configuration.computed:
                    found.setdefault(condition.path, []).append(condition)
        return found

    def _joined(self, asked: Sequence[Condition]) -> Value:
        """Return all values that conditions on a list ask for, together."""
        listed = [one.expected for one in asked if one.operator in ON_LISTS - {Operator.CONTAINS_NONE}]
        return [value for one in listed for value in (one if isinstance(one, list) else [plain(one)])]

    def _of_pool(
        self, pool: list[Value], asked: Sequence[Condition], missed: Condition | None, *, free: bool
    ) -> Value | Absent:
        if free and self.dice.one_in(4):
            return self.dice.pick(bad_values(self.dice.pick(pool)))
        if free or not asked:
            return self.dice.pick(pool)
        others = [condition for condition in asked if condition is not missed]
        fitting = [value for value in pool if all(holds(condition, value, self.at) for condition in others)]
        if missed is not None:
            fitting = [value for value in fitting if fails(missed, value, self.at)]
        return self.dice.pick(fitting or pool)

    def _inputs(self) -> dict[str, Value | Absent]:
        """Return values for the fields that computed ones are worked out from."""
        inputs = {
            path
            for configuration in self.all
            for computed in configuration.computed.values()
            for path in computed.reads
            if path not in configuration.computed
        }
        compared = self._by_path().keys()
        return {path: self.dice.pick(of_type(self._type(path), self.at)) for path in sorted(inputs - compared)}

    def _type(self, path: str) -> FieldType:
        field = self.catalogue.field(path)
        return FieldType.NUMBER if field is None else field.type

    def _document(
        self, player_id: str, values: Mapping[str, Value | Absent], mode: Mode, places: Sequence[str]
    ) -> Document:
        given = {path: value for path, value in values.items() if not isinstance(value, Absent)}
        ordinary: dict[str, Value] = {**ordinary_player({}, now=self.at.at), "player.id": player_id}
        document: dict[str, Value] = {"player": {}, "tools": {}, "safety": {}, "counters": {}}
        everything = {**ordinary, **self._place(places), **given, **self._safety(mode)}
        for path, value in everything.items():
            if path in given or path not in values:
                put(document, path, value)
        unread: list[Value] = [self.dice.pick(sorted(values))] if mode == "unread" and values else []
        return {**document, "unavailable": unread}

    def _place(self, places: Sequence[str]) -> dict[str, Value]:
        if not places or self.dice.one_in(2):
            return {}
        place = self.dice.pick(places)
        return {"player.country": place[:2], "player.jurisdiction": place}

    def _safety(self, mode: Mode) -> dict[str, Value]:
        if mode != "free" or not self.dice.one_in(3):
            return {}
        fact = self.dice.pick((*SAFETY_FLAGS, "age_years"))
        return {f"safety.{fact}": self.dice.pick((17, None)) if fact == "age_years" else self.dice.pick((True, None))}

    def _computed_as_wanted(self, document: Document, wanted: Sequence[Condition], missed: Condition | None) -> bool:
        """Tell whether the conditions on computed fields came out as they should."""
        facts = Facts.of(document).seen(at=self.at, computed=self.aim.computed)
        weighed = [one for one in wanted if one.path in self.aim.computed]
        return all((check(one, facts).verdict is Verdict.YES) is (one is not missed) for one in weighed)
