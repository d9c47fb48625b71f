"""What `croupier bonus test` tries: configurations as if all were published, for a brand, at a moment."""

from dataclasses import dataclass
from datetime import datetime

from agent.bonus.files import Bonuses
from app.cli.exits import Exit, Stopped
from casino.bonus.configuration import ConfigurationSet, ConfigurationStatus
from casino.bonus.decide import Decision, decide
from casino.bonus.law.jurisdictions import PLACE_PATHS
from casino.bonus.law.places import is_place
from casino.bonus.reads import fields_read
from casino.bonus.snapshot import sources
from casino.facts import Facts
from casino.rules.condition import Condition
from casino.values import Document


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What is tried: configurations as if all were published, for a brand, at a moment."""

    bonuses: Bonuses
    configurations: ConfigurationSet
    brand: str
    now: datetime
    jurisdiction: str | None = None  # whose law holds, whatever the facts say

    def decide(self, document: Document) -> Decision:
        """Decide on a facts document."""
        facts = Facts.of(self.placed(document))
        return decide(self.configurations, facts, brand=self.brand, now=self.now, packs=self.bonuses.packs)

    def placed(self, document: Document) -> Document:
        """Return a facts document with the place that was asked for, if any was."""
        if self.jurisdiction is None:
            return document
        player, unavailable = document.get("player"), document.get("unavailable")
        unread = [path for path in unavailable if path != PLACE_PATHS[0]] if isinstance(unavailable, list) else []
        placed = {**(player if isinstance(player, dict) else {}), "jurisdiction": self.jurisdiction}
        return {**document, "player": placed, "unavailable": unread}

    def limits(self) -> list[Condition]:
        """Return what the limits of these configurations compare."""
        return [condition for one in self.configurations.configurations for condition in one.limits.conditions(one.id)]

    def reads(self) -> frozenset[str]:
        """Return the paths that a platform supplies for these configurations, and for the law of a place."""
        in_force = self.configurations.in_force(brand=self.brand, now=self.now)
        wanted = (sources(fields_read([one]), one.computed) for one in in_force)
        asked = self.bonuses.packs.rules and self.jurisdiction is None
        return frozenset(PLACE_PATHS if asked else ()).union(*wanted)

    def notes(self) -> list[str]:
        """Say which configurations are tried although they are drafts, and which are not in force."""
        files = self.bonuses.configurations.configurations
        in_force = {one.id for one in self.configurations.in_force(brand=self.brand, now=self.now)}
        drafts = [one.id for one in files if one.status is ConfigurationStatus.DRAFT and one.id in in_force]
        out = [one.id for one in files if one.id not in in_force]
        said = [f"tried as if published: {', '.join(drafts)}"] if drafts else []
        away = f"not in force for {self.brand} at {self.now.isoformat()}: {', '.join(out)}"
        return [*said, *([away] if out else [])]


def known_place(jurisdiction: str | None) -> str | None:
    """Return what `--jurisdiction` names, if anything; Stopped where it is no ISO 3166 code."""
    if jurisdiction is None or is_place(jurisdiction):
        return jurisdiction
    raise Stopped(f'--jurisdiction is "{jurisdiction}"; write an ISO 3166 code, as GB or CA-ON', Exit.USAGE)


@dataclass(frozen=True, slots=True)
class Tried:
    """A player who was tried, and what there is to say about where the facts are from."""

    document: Document
    read: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
