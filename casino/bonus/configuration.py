"""Bonus configurations: the files that authors write, read into what the engine decides on."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time
from enum import StrEnum
from hashlib import sha256
from typing import Literal, NamedTuple

from casino.bonus.files.written import ConfigurationShape, TierShape, condition_at
from casino.bonus.files.written_limits import limits_at
from casino.bonus.files.written_times import clock_at, moment_at, zone_at
from casino.bonus.limits import NO_LIMITS, Limits
from casino.bonus.reward import Reward, parse_reward
from casino.document import canonical_json
from casino.facts import NO_COMPUTED, Computed
from casino.fields.catalogue import OPEN, Catalogue
from casino.fields.expression import Expression
from casino.loaded import Loaded, Path
from casino.memo import Memo
from casino.rules.condition import Condition
from casino.rules.evaluate import SEMANTICS
from casino.shape import shape, spelt
from casino.values import Value

MOST_CONDITIONS = 200  # in one section


class ConfigurationStatus(StrEnum):
    """Only what is published decides."""

    DRAFT = "draft"
    PUBLISHED = "published"
    ARCHIVED = "archived"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tier:
    """A reward, and the conditions under which it is the one; no conditions make it the default."""

    name: str
    priority: int
    when: tuple[Condition, ...]
    reward: Reward

    def to_document(self) -> dict[str, Value]:
        """Return what the hash is taken of."""
        return {
            "name": self.name,
            "priority": self.priority,
            "when": [condition.to_document() for condition in self.when],
            "reward": self.reward.result_fields(),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """Who a bonus is for, who qualifies, and which reward; tiers stand in descending priority."""

    id: str
    name: str
    brands: tuple[str, ...]  # empty: all
    priority: int
    status: ConfigurationStatus
    segmentation: tuple[Condition, ...]  # empty: everyone
    qualification: tuple[Condition, ...]
    tiers: tuple[Tier, ...]
    comment: str | None
    on_unqualified: Literal["continue", "stop"]
    effective_from: datetime | None
    effective_until: datetime | None  # not included
    limits: Limits = NO_LIMITS
    time_zone: str = "UTC"  # IANA name: in which `today` and the casino day are meant
    day_begins: time = time(0)  # when the casino day begins there
    computed: Mapping[str, Computed] = field(default_factory=lambda: NO_COMPUTED)  # what the conditions read, by path

    @property
    def hash(self) -> str:
        """Return the sha256 of the content. Not of the status: publishing a reviewed draft changes no rule."""
        return _sha256(self.to_document())

    def to_document(self) -> dict[str, Value]:
        """Return the content as a plain document, in one spelling however it was written."""
        return {
            "semantics": SEMANTICS,
            "id": self.id,
            "name": self.name,
            "brands": [*self.brands],
            "priority": self.priority,
            "segmentation": [condition.to_document() for condition in self.segmentation],
            "qualification": [condition.to_document() for condition in self.qualification],
            "tiers": [tier.to_document() for tier in self.tiers],
            "comment": self.comment,
            "on_unqualified": self.on_unqualified,
            "effective_from": None if self.effective_from is None else self.effective_from.isoformat(),
            "effective_until": None if self.effective_until is None else self.effective_until.isoformat(),
            "limits": self.limits.to_document(),
            "time_zone": self.time_zone,
            "day_begins": self.day_begins.isoformat("minutes"),
            "computed": {path: self.computed[path].text for path in sorted(self.computed)},
            "computed_over": {path: _over(self.computed[path]) for path in sorted(self.computed)},
        }

    def is_in_force(self, *, brand: str, now: datetime) -> bool:
        """Tell whether this configuration counts for a brand at a moment; the window is [from, until)."""
        return (
            self.status is ConfigurationStatus.PUBLISHED
            and (not self.brands or brand in self.brands)
            and (self.effective_from is None or self.effective_from <= now)
            and (self.effective_until is None or now < self.effective_until)
        )

    def shares_a_brand_with(self, other: "Configuration") -> bool:
        """Tell whether some player could meet both."""
        return not self.brands or not other.brands or not set(self.brands).isdisjoint(other.brands)


@dataclass(frozen=True, slots=True)
class ConfigurationSet:
    """All configurations, by descending priority."""

    configurations: tuple[Configuration, ...]
    # What was worked out of it: compiled functions. Not to be given: `replace` must not hand it to another set.
    kept: Memo = field(default_factory=Memo, init=False, compare=False, repr=False)

    @property
    def hash(self) -> str:
        """Return the sha256 over the configurations' hashes and statuses."""
        return _sha256([[item.id, item.hash, item.status.value] for item in self.configurations])

    def in_force(self, *, brand: str, now: datetime) -> tuple[Configuration, ...]:
        """Return what counts for a brand at a moment, the highest priority first."""
        return tuple(item for item in self.configurations if item.is_in_force(brand=brand, now=now))


def parse_configuration(loaded: Loaded, catalogue: Catalogue = OPEN) -> Configuration:
    """Read one configuration file; raises DocumentError at the place of the first thing that is wrong."""
    read = shape(ConfigurationShape, loaded)
    if len(set(read.brands)) != len(read.brands):
        raise loaded.error(("brands",), "a brand stands twice", "Name every brand once.")
    segmentation = _section(loaded, ("segmentation",), len(read.segmentation), catalogue)
    qualification = _section(loaded, ("qualification",), len(read.qualification), catalogue)
    tiers = _tiers(loaded, len(read.tiers), catalogue)
    conditions = (*segmentation, *qualification, *(condition for tier in tiers for condition in tier.when))
    times = _times(read, loaded)
    return Configuration(
        id=read.id,
        name=read.name,
        brands=tuple(sorted(read.brands)),
        priority=read.priority,
        status=ConfigurationStatus(read.status),
        segmentation=segmentation,
        qualification=qualification,
        tiers=tiers,
        comment=read.comment,
        on_unqualified=read.on_unqualified,
        effective_from=times.starts,
        effective_until=times.ends,
        limits=NO_LIMITS if read.limits is None else limits_at(loaded, ("limits",)),
        time_zone=times.zone,
        day_begins=times.day_begins,
        computed=catalogue.computed_for(condition.path for condition in conditions),
    )


class _Times(NamedTuple):
    zone: str
    day_begins: time
    starts: datetime | None
    ends: datetime | None


def _times(read: ConfigurationShape, loaded: Loaded) -> _Times:
    zone = zone_at(loaded, "time_zone", read.time_zone)
    day_begins = clock_at(loaded, "day_begins", read.day_begins)
    local = None if read.time_zone is None else zone
    starts = moment_at(loaded, "effective_from", read.effective_from, zone=local, day_begins=day_begins)
    ends = moment_at(loaded, "effective_until", read.effective_until, zone=local, day_begins=day_begins)
    if starts is not None and ends is not None and starts >= ends:
        mend = "Let it end later than it begins."
        raise loaded.error(("effective_until",), "the configuration ends before it begins", mend)
    return _Times(zone, day_begins, starts, ends)


def load_set(documents: Iterable[Loaded], catalogue: Catalogue = OPEN) -> ConfigurationSet:
    """Read a set of configuration files; an id used twice and a tie on priority are refused (DocumentError)."""
    taken: list[tuple[Configuration, Loaded]] = []
    for loaded in documents:
        configuration = parse_configuration(loaded, catalogue)
        for other, where in taken:
            _check_pair(configuration, other, loaded=loaded, other_file=where.name)
        taken.append((configuration, loaded))
    ordered = sorted((item for item, _ in taken), key=lambda item: (-item.priority, item.id))
    return ConfigurationSet(tuple(ordered))


def _check_pair(configuration: Configuration, other: Configuration, *, loaded: Loaded, other_file: str) -> None:
    if configuration.id == other.id:
        message = f'the id "{other.id}" is used in {other_file} too'
        raise loaded.error(("id",), message, "Give each configuration an id of its own.")
    archived = ConfigurationStatus.ARCHIVED in {configuration.status, other.status}
    if archived or configuration.priority != other.priority or not configuration.shares_a_brand_with(other):
        return
    message = f'the priority {other.priority} is that of "{other.id}" in {other_file} too, and a brand has both'
    raise loaded.error(("priority",), message, "Choose another number; the higher one is tried first.")


def _section(loaded: Loaded, path: Path, length: int, catalogue: Catalogue) -> tuple[Condition, ...]:
    if length > MOST_CONDITIONS:
        message = f"{spelt(path)} has {length} conditions, more than {MOST_CONDITIONS}"
        raise loaded.error(path, message, "Compute a field, and compare that.")
    return tuple(condition_at(loaded, (*path, index), catalogue) for index in range(length))


def _tiers(loaded: Loaded, length: int, catalogue: Catalogue) -> tuple[Tier, ...]:
    tiers = [_tier(loaded, ("tiers", index), catalogue) for index in range(length)]
    for index, tier in enumerate(tiers):
        before = tiers[:index]
        if tier.name in {other.name for other in before}:
            message = f'the tier name "{tier.name}" stands twice'
            raise loaded.error(("tiers", index, "name"), message, "Give each tier a name of its own.")
        if tier.priority in {other.priority for other in before}:
            message = f"two tiers have the priority {tier.priority}"
            raise loaded.error(("tiers", index, "priority"), message, "The higher number is tried first; choose one.")
    return tuple(sorted(tiers, key=lambda tier: -tier.priority))


def _tier(loaded: Loaded, path: Path, catalogue: Catalogue) -> Tier:
    read = shape(TierShape, loaded, path)
    return Tier(
        name=read.name,
        priority=read.priority,
        when=_section(loaded, (*path, "when"), len(read.when), catalogue),
        reward=parse_reward(loaded, (*path, "reward")),
    )


def _over(computed: Computed) -> Value:
    """Return what else decides what a computed field gives: one text means another thing over fields of other types."""
    return [computed.type.value, *sorted(computed.reads)] if isinstance(computed, Expression) else []


def _sha256(content: Value) -> str:
    return sha256(canonical_json(content).encode()).hexdigest()
