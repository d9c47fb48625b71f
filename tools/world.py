"""The casino's side of the world, as its tools see it: ports, policies, and nothing global."""

from collections.abc import Callable
from dataclasses import dataclass

from casino.bonus.configuration import ConfigurationSet
from casino.bonus.law.jurisdictions import NO_PACKS, Packs
from tools.grant_counters import GrantCounters
from tools.player_facts import SOURCES, FactSources, Source
from tools.ports import Attempts, BonusReads, BonusSystem, Decisions, Desk, Messenger, PlayerPlatform

VERIFIED = "verified_player"
DECISION = "decision"
GRANTED = "granted_decision"
GRANT = "grant"


@dataclass(frozen=True, slots=True, kw_only=True)
class VerificationPolicy:
    """How a player proves who they are. Durations in seconds."""

    attempts: int = 3
    expires_s: int = 1800
    lockout_s: int = 86_400
    region: str | None = None  # default region of phone numbers without a country code


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Everything that the casino's tools reach before the gate: they can read it, and change nothing outside."""

    platform: PlayerPlatform
    bonuses: BonusReads
    decisions: Decisions
    counters: GrantCounters
    attempts: Attempts
    configurations: ConfigurationSet
    new_id: Callable[[str], str]  # a prefix in, a fresh id out
    verification: VerificationPolicy = VerificationPolicy()
    decision_ttl_s: int = 900
    packs: Packs = NO_PACKS  # what the law of each place says about bonuses
    answers: tuple[Source, ...] = SOURCES  # the READ tools whose answers a rule may read

    @property
    def fact_sources(self) -> FactSources:
        """Return what a decision may read from."""
        return FactSources(platform=self.platform, counters=self.counters, answers=self.answers)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hands:
    """What changes the world. Only the gate holds it: `perform` and `reconcile` of a tool get it from there."""

    bonuses: BonusSystem
    messenger: Messenger
    desk: Desk
