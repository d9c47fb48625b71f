"""One configuration, weighed on a table: its sections and tiers as SQL, and the codes of its endings."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from casino.bonus.configuration import Configuration, Tier
from casino.clock import CasinoTime
from casino.loaded import Path
from casino.population.sheet import Need, Sheet, Weighed
from casino.rules.condition import Condition, text


@dataclass(frozen=True, slots=True)
class Step:
    """One condition of a configuration before its tiers, in the order in which the funnel asks."""

    stage: str
    text: str


@dataclass(frozen=True, slots=True)
class Part:
    """One configuration, weighed: its sections, its tiers, and where its endings begin."""

    configuration: Configuration
    segmentation: tuple[Weighed, ...]
    qualification: tuple[Weighed, ...]  # limits among them: they count like qualification
    tiers: tuple[tuple[Weighed, ...], ...]
    steps: tuple[Step, ...]
    base: int

    @property
    def unknown(self) -> int:
        """Return the code of a decision that hangs on this configuration."""
        return self.base

    @property
    def nothing(self) -> int:
        """Return the code of a decision that ends here and gives nothing."""
        return self.base + 1

    def tier(self, index: int) -> int:
        """Return the code of a grant."""
        return self.base + 2 + index

    @property
    def against(self) -> int:
        """Return the code of a grant of this configuration that the law of the place vetoes."""
        return self.base + 2 + len(self.tiers)

    @property
    def stops(self) -> bool:
        """Tell whether a player who fails qualification is done."""
        return self.configuration.on_unqualified == "stop"

    @property
    def weighed(self) -> tuple[Weighed, ...]:
        """Return all conditions."""
        return (*self.segmentation, *self.qualification, *(one for tier in self.tiers for one in tier))


def parts_of(sheet: Sheet, configurations: Sequence[Configuration], now: datetime, *, base: int) -> list[Part]:
    """Weigh the configurations in force, by descending priority; the codes of their endings begin at `base`."""
    parts: list[Part] = []
    for configuration in configurations:
        parts.append(_part(sheet, configuration, now, base))
        base = parts[-1].against + 1
    return parts


def _part(sheet: Sheet, configuration: Configuration, now: datetime, base: int) -> Part:
    at = CasinoTime(now, configuration.time_zone, configuration.day_begins)

    def weigh(place: Path, condition: Condition) -> Weighed:
        if condition.path in configuration.computed:
            return sheet.computed(condition, configuration, place)
        return sheet.weigh(condition, at, Need(condition.path, configuration.id, place))

    stages = sections(configuration)
    weighed = {stage: tuple(weigh(place, one) for place, one in listed) for stage, listed in stages.items()}
    tiers = tuple(tuple(weigh(place, one) for place, one in tier_conditions(tier)) for tier in configuration.tiers)
    return Part(
        configuration=configuration,
        segmentation=weighed["classification"],
        qualification=(*weighed["qualification"], *weighed["limits"]),
        tiers=tiers,
        steps=tuple(Step(stage, text(one)) for stage, listed in stages.items() for _, one in listed),
        base=base,
    )


def sections(configuration: Configuration) -> dict[str, tuple[tuple[Path, Condition], ...]]:
    """Return the conditions before the tiers, by stage, each with its place in the configuration."""
    limits = configuration.limits.conditions(configuration.id)
    return {
        "classification": tuple((("segmentation", index), one) for index, one in enumerate(configuration.segmentation)),
        "qualification": tuple(
            (("qualification", index), one) for index, one in enumerate(configuration.qualification)
        ),
        "limits": tuple((("limits", index), one) for index, one in enumerate(limits)),
    }


def tier_conditions(tier: Tier) -> tuple[tuple[Path, Condition], ...]:
    """Return the conditions of a tier with their places; a tier stands under its name, for it has been sorted."""
    return tuple((("tiers", tier.name, "when", index), one) for index, one in enumerate(tier.when))
