"""The configurations that count for a brand at a moment: found once, compiled once, and kept beside their set."""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from hashlib import sha256

from casino.bonus.compiled.full_trace import FullTrace
from casino.bonus.compiled.program import Program
from casino.bonus.configuration import Configuration, ConfigurationSet, ConfigurationStatus
from casino.bonus.law.jurisdictions import NO_PACKS, Packs
from casino.bonus.snapshot import sources
from casino.bonus.story import LAW_READS
from casino.document import canonical_json
from casino.rules.condition import plain
from casino.values import Value


@dataclass(frozen=True)  # not slotted: what is worked out of it is worked out when first asked for
class InForce:
    """The configurations that are tried, the highest priority first, and the set that they stand in."""

    configurations: tuple[Configuration, ...]
    whole: ConfigurationSet
    recorded_hash: str | None = None  # of the whole set, where the configurations were taken from a record

    @cached_property
    def program(self) -> Program:
        """Return the compiled form."""
        return Program(self.configurations)

    @cached_property
    def full_trace(self) -> FullTrace:
        """Return what writes the trace of a decision at once."""
        return FullTrace(self.program)

    @cached_property
    def hashes(self) -> dict[str, str]:
        """Return the hash of each configuration by its id, in order."""
        return {configuration.id: configuration.hash for configuration in self.configurations}

    @cached_property
    def set_hash(self) -> str:
        """Return the hash of the whole set."""
        return self.whole.hash if self.recorded_hash is None else self.recorded_hash

    @cached_property
    def law_reads(self) -> tuple[str, ...]:
        """Return the paths that a platform supplies for the law of a place to be weighed."""
        read = (path for one in self.configurations for path in sources(LAW_READS, one.computed))
        return tuple(dict.fromkeys((*LAW_READS, *read)))

    def packs_hash(self, packs: Packs) -> str | None:
        """Return the sha256 over the packs, in whatever order they were read; None where there are none."""
        if packs == NO_PACKS:
            return None
        spelt = tuple(str(rule.value) for rule in packs.rules)  # 10 equals 10.0, and its hash is another one
        return self.whole.kept.once(str, (packs, spelt), lambda: _hash_of(packs))


def in_force(configurations: ConfigurationSet, *, brand: str, now: datetime) -> InForce:
    """Return what counts for a brand at an aware moment.

    Between two moments at which a configuration of the brand begins or ends, it is one and the same object.
    """
    calendar = configurations.kept.once(_Calendar, brand, lambda: _Calendar.of(configurations, brand))
    span = bisect_right(calendar.changes, now)
    return configurations.kept.once(
        InForce,
        (brand, span),
        lambda: InForce(configurations.in_force(brand=brand, now=now), configurations),
    )


@dataclass(frozen=True, slots=True)
class _Calendar:
    changes: tuple[datetime, ...]  # when what is in force changes for a brand

    @classmethod
    def of(cls, configurations: ConfigurationSet, brand: str) -> "_Calendar":
        changes: set[datetime] = set()
        for one in configurations.configurations:
            if one.status is ConfigurationStatus.PUBLISHED and (not one.brands or brand in one.brands):
                changes |= {moment for moment in (one.effective_from, one.effective_until) if moment is not None}
        return cls(tuple(sorted(changes)))


def _hash_of(packs: Packs) -> str:
    rules: list[Value] = [
        {
            "id": rule.id,
            "jurisdiction": rule.jurisdiction,
            "predicate": rule.predicate.value,
            "value": plain(rule.value),
            "effective_from": None if rule.effective_from is None else rule.effective_from.isoformat(),
            "source": rule.source,
            "verified": rule.verified,
            "text": rule.text,
        }
        for rule in sorted(packs.rules, key=lambda rule: rule.id)
    ]
    return sha256(canonical_json({"rules": rules, "required": packs.required}).encode()).hexdigest()
