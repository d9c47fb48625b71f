"""Everything that can be known of a set of configurations before any player is looked at."""

from collections.abc import Collection
from datetime import UTC, date, datetime, time
from typing import Final

from casino.analysis.between import overlaps, unreachable
from casino.analysis.budgets import budgets
from casino.analysis.finding import Finding
from casino.analysis.ground import Ground, lay_ground
from casino.analysis.law import asked, lawful
from casino.analysis.sections import inside
from casino.analysis.vocabulary import templates_of, unused, wording
from casino.analysis.window import windows
from casino.bonus.configuration import ConfigurationSet, ConfigurationStatus
from casino.bonus.law.jurisdictions import NO_PACKS, Packs
from casino.fields.catalogue import Catalogue

SOME_DAY: Final = date(2026, 1, 1)  # on which witnesses live where no day is given; no finding hangs on it


def analyse(
    configurations: ConfigurationSet,
    catalogue: Catalogue,
    packs: Packs = NO_PACKS,
    *,
    templates: Collection[str] | None = None,
    jurisdictions: Collection[str] = (),
    on: date | None = None,
) -> tuple[Finding, ...]:
    """Return the findings, configuration by configuration, then those of the set as a whole.

    Archived configurations are left out; a draft is looked at as if it were published. `templates` are those that the
    back office has (None: not known, nothing is said), `jurisdictions` the places that configurations are for though
    they do not name them, `on` the day on which the law is looked at (None: every rule counts) and the players of the
    witnesses live. An error never rests on a search that was given up, nor on a computed field taken for another.
    """
    kept = [one for one in configurations.configurations if one.status is not ConfigurationStatus.ARCHIVED]
    at = datetime.combine(on or SOME_DAY, time(12), tzinfo=UTC)
    ground = lay_ground(kept, catalogue, at=at, further=asked(kept, packs))
    found = [
        *(finding for read in ground.configurations for finding in inside(ground, read)),
        *unreachable(ground),
        *overlaps(ground),
        *(finding for one in kept for finding in budgets(one)),
        *(finding for one in kept for finding in windows(one, on=on)),
        *(finding for one in kept for finding in wording(one, catalogue)),
        *(finding for one in kept for finding in templates_of(one, templates or ()) if templates is not None),
        *lawful(ground, packs, on=on, jurisdictions=jurisdictions),
        *unused(kept, catalogue),
    ]
    return _sorted(found, ground)


def _sorted(found: Collection[Finding], ground: Ground) -> tuple[Finding, ...]:
    """Return the findings in the order of the configurations, those of the set at the end."""
    number = {read.id: number for number, read in enumerate(ground.configurations)}
    return tuple(sorted(found, key=lambda one: number.get(one.configuration or "", len(number))))
