"""What the analysis finds: what is wrong, where, how to mend it, and a player who shows it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final, Literal, TypeAlias

from casino.loaded import Loaded, Path, Place
from casino.values import Value

Severity: TypeAlias = Literal["error", "warning", "hint"]

TITLES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "B101": "A section that nobody can pass",
        "B102": "A tier that nobody can match",
        "B103": "A tier behind higher tiers that take all its players",
        "B104": "A configuration behind others that take all its players",
        "B105": "No tier for some players who qualify",
        "B106": "A condition that follows from the others",
        "B107": "A configuration inside another",
        "B108": "Two configurations for the same players",
        "B109": "More overlaps than are shown",
        "B110": "A missing field lets a player through an exclusion",
        "B111": "A budget beside a reward whose cost is not known",
        "B112": "A published configuration whose time is over",
        "B201": "A field that is in no catalogue",
        "B202": "A comparison that can never hold",
        "B203": "A rule on a tool that writes",
        "B204": "A value that the field never has",
        "B205": "A field that no rule reads",
        "B206": "A template that is not known",
        "B301": "Wagering above the cap of a place",
        "B302": "A bonus above the cap of a place",
        "B303": "A place that allows no bonus",
        "B304": "A rule of a place that a person has to weigh",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One finding. An error is certain; a warning wants a look; a hint may stay.

    `path` leads into the configuration's document, with a tier by its name: ("tiers", "vip", "when", 0). `witness` is
    a facts document that shows the finding when it is decided on at the moment `at`.
    """

    code: str
    severity: Severity
    message: str
    mend: str
    configuration: str | None  # None: it is about the whole set, or about the catalogue
    path: Path = ()
    witness: Mapping[str, Value] | None = None
    at: datetime | None = None


def place_of(finding: Finding, loaded: Loaded) -> Place | None:
    """Return where in its document a finding stands; None where the document kept no places."""
    return loaded.place(document_path(finding.path, loaded))


def document_path(path: Path, loaded: Loaded) -> Path:
    """Return a finding's path with the tier by its number, as the document has it."""
    if len(path) < len(("tiers", "name")) or path[0] != "tiers" or not isinstance(loaded.value, dict):
        return path
    tiers = loaded.value.get("tiers")
    for index, tier in enumerate(tiers if isinstance(tiers, list) else []):
        if isinstance(tier, dict) and tier.get("name") == path[1]:
            return ("tiers", index, *path[2:])
    return ("tiers",)
