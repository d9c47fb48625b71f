"""What the analysis stands on: the configurations of a set, read section by section into one logic."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from casino.analysis.logic import Logic, Section
from casino.analysis.term import Term
from casino.analysis.witness import Claims, player
from casino.bonus.configuration import Configuration, ConfigurationStatus, Tier
from casino.clock import CasinoTime
from casino.fields.catalogue import Catalogue
from casino.loaded import Path
from casino.rules.condition import Condition, text
from casino.values import Value


@dataclass(frozen=True, slots=True)
class Stage:
    """One section of a configuration: as a whole, and each condition on its own."""

    path: Path  # in the configuration's document
    whole: Section
    each: tuple[Section, ...]

    def path_of(self, index: int) -> Path:
        """Return where one condition stands; a limit stands for itself in the limits."""
        return self.path if self.path == ("limits",) else (*self.path, index)


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """One configuration in the terms of the logic."""

    configuration: Configuration
    segmentation: Stage
    qualification: Stage
    limits: Stage
    tiers: tuple[tuple[Tier, Stage], ...]
    qualified: Section  # segmentation and qualification
    taken: Section  # who does not go on from here to the next configuration

    @property
    def id(self) -> str:
        """Return the configuration's id."""
        return self.configuration.id

    @property
    def before_tiers(self) -> tuple[Stage, ...]:
        """Return the stages that a player passes before the tiers."""
        return (self.segmentation, self.qualification, self.limits)


@dataclass(slots=True)
class Ground:
    """A set of configurations that can be asked questions."""

    logic: Logic
    catalogue: Catalogue
    at: datetime
    configurations: tuple[Read, ...]  # by descending priority, without archived ones
    impossible: set[str] = field(default_factory=set[str])  # ids of those whose sections nobody passes
    unreachable: set[str] = field(default_factory=set[str])  # ids of those that stand behind others

    def witness(self, every: Sequence[Section], unless: Sequence[Section] = ()) -> Mapping[str, Value] | None:
        """Return a player who passes every section and none of the others; None where none was found."""
        return player(self.logic, self.catalogue, self.logic.find(every, unless), Claims(every, unless))

    def section(self, configuration: Configuration, conditions: Iterable[Condition]) -> Section:
        """Compile conditions that were announced when the ground was laid."""
        return self.logic.section(_terms(configuration, conditions, self.at))


def lay_ground(
    configurations: Iterable[Configuration], catalogue: Catalogue, *, at: datetime, further: Collection[Condition] = ()
) -> Ground:
    """Read the configurations that are not archived; `further` are conditions that will be asked about too."""
    kept = [one for one in configurations if one.status is not ConfigurationStatus.ARCHIVED]
    terms = [term for one in kept for term in _terms(one, [*_all(one), *further], at)]
    logic = Logic(terms, catalogue)
    return Ground(logic, catalogue, at, tuple(_read(one, logic, at) for one in kept))


def _all(configuration: Configuration) -> Iterator[Condition]:
    yield from configuration.segmentation
    yield from configuration.qualification
    yield from configuration.limits.conditions(configuration.id)
    for tier in configuration.tiers:
        yield from tier.when


def _terms(configuration: Configuration, conditions: Iterable[Condition], at: datetime) -> list[Term]:
    clock = CasinoTime(at, configuration.time_zone, configuration.day_begins)
    return [Term(condition, clock) for condition in conditions]


def _read(configuration: Configuration, logic: Logic, at: datetime) -> Read:
    def stage(path: Path, conditions: Iterable[Condition]) -> Stage:
        terms = _terms(configuration, conditions, at)
        return Stage(path, logic.section(terms), tuple(logic.section([term]) for term in terms))

    segmentation = stage(("segmentation",), configuration.segmentation)
    qualification = stage(("qualification",), configuration.qualification)
    limits = stage(("limits",), configuration.limits.conditions(configuration.id))
    qualified = (*segmentation.whole.terms, *qualification.whole.terms)
    stops = configuration.on_unqualified == "stop"
    return Read(
        configuration=configuration,
        segmentation=segmentation,
        qualification=qualification,
        limits=limits,
        tiers=tuple((tier, stage(("tiers", tier.name, "when"), tier.when)) for tier in configuration.tiers),
        qualified=logic.section(qualified),
        taken=segmentation.whole if stops else logic.section((*qualified, *limits.whole.terms)),
    )


def said(section: Section) -> str:
    """Write a section's conditions for people."""
    return " and ".join(text(term.condition) for term in section.terms)
