"""Gather what a decision may read about one player. A source that fails makes its facts unavailable, never absent.

Safety is always asked for. Of the other sources only those are asked that the configurations in force read, each once,
all at the same time.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple, TypeVar

from casino.bonus.configuration import Configuration
from casino.bonus.law.jurisdictions import LIFETIME_PATH, NO_PACKS, Packs, Predicate
from casino.bonus.reads import fields_read, is_read
from casino.clock import age_years
from casino.facts import Facts
from casino.values import Document, Value
from tools.grant_counters import GrantCounters
from tools.ports import Player, PlayerPlatform, ResponsibleGaming, Unavailable

T = TypeVar("T")
ACCOUNT = ("safety.blocked", "safety.aml_hold", "safety.age_years")  # what the player's own account says
GAMING = ("safety.self_excluded", "safety.cooling_off", "safety.rg_closed", "safety.strong_harm")
COUNTERS = "counters"


@dataclass(frozen=True, slots=True)
class Source:
    """A READ tool's answer as rules see it: where it stands in the facts, and how it is asked for."""

    path: str
    ask: Callable[[PlayerPlatform, str], Awaitable[Value]]


async def _kyc(platform: PlayerPlatform, player_id: str) -> Value:
    return dict(await platform.kyc(player_id))


async def _deposits(platform: PlayerPlatform, player_id: str) -> Value:
    return [dict(one) for one in await platform.deposits(player_id)]


KYC = Source("tools.kyc", _kyc)
DEPOSITS = Source("player.deposits", _deposits)  # all of them: a sum over the newest ones would be another figure
SOURCES = (KYC, DEPOSITS)


@dataclass(frozen=True, slots=True, kw_only=True)
class FactSources:
    """Where facts come from. Nothing in here can change anything."""

    platform: PlayerPlatform
    counters: GrantCounters
    answers: tuple[Source, ...] = SOURCES

    async def gather(
        self,
        player_id: str,
        *,
        brand: str,
        now: datetime,
        configurations: Sequence[Configuration],
        packs: Packs = NO_PACKS,
    ) -> Facts:
        """Ask every source that these configurations read, at once, and return the facts document of the engine."""
        reads = _reads(configurations, packs)
        wanted = [source for source in self.answers if is_read(source.path, reads)]
        counted = (
            self.counters.counters(player_id, brand=brand, configurations=configurations, now=now)
            if is_read(COUNTERS, reads)
            else _nothing()
        )
        safety, answers, counters = await asyncio.gather(
            _safety_of(self.platform, player_id),
            asyncio.gather(*(_or_none(source.ask(self.platform, player_id)) for source in wanted)),
            _or_none(counted),
        )
        found = {source.path: answer for source, answer in zip(wanted, answers, strict=True)}
        found[COUNTERS] = None if counters is None else _with_the_live_one(counters, safety.player)
        return _facts(safety, found, now.date())


async def gather_safety(platform: PlayerPlatform, player_id: str, *, today: date) -> Facts:
    """Ask for the player and the safety facts only: what an issue looks at again."""
    return _facts(await _safety_of(platform, player_id), {}, today)


def _reads(configurations: Sequence[Configuration], packs: Packs) -> frozenset[str]:
    reads = fields_read(configurations)
    by_law = any(rule.predicate is Predicate.FIRST_TIME_ONLY for rule in packs.rules)
    return reads | {LIFETIME_PATH} if by_law else reads


class _Safety(NamedTuple):
    player: Player | None
    gaming: ResponsibleGaming | None


async def _safety_of(platform: PlayerPlatform, player_id: str) -> _Safety:
    return _Safety(
        *await asyncio.gather(_or_none(platform.player(player_id)), _or_none(platform.responsible_gaming(player_id)))
    )


async def _nothing() -> Document:
    return {}


async def _or_none(asked: Awaitable[T]) -> T | None:
    try:
        return await asked
    except Unavailable:
        return None


def _with_the_live_one(counters: Document, player: Player | None) -> Value:
    """Add the bonus that the platform says is live. Where it does not say, nobody knows how many there are."""
    active = None if player is None else player.fields.get("activeBonus")
    unsettled = counters.get("live_bonuses")
    known = {name: value for name, value in counters.items() if name != "live_bonuses"}
    if isinstance(active, bool) and isinstance(unsettled, int):
        known["live_bonuses"] = unsettled + active
    return known


def _facts(safety: _Safety, found: Mapping[str, Value], today: date) -> Facts:
    player, gaming = safety
    tree: dict[str, Value] = {
        "player": {} if player is None else {"id": player.id, **player.fields},
        "safety": _safety(player, gaming, today),
    }
    for path, value in found.items():
        _put(tree, path, value)
    sources = (("player", player), *((path, player) for path in ACCOUNT), *((path, gaming) for path in GAMING))
    gone: list[Value] = [path for path, answer in (*sources, *found.items()) if answer is None]
    return Facts.of({**tree, "unavailable": gone})


def _put(tree: dict[str, Value], path: str, value: Value) -> None:
    """Put an answer where rules look for it; what could not be read is left out."""
    first, _, rest = path.partition(".")
    if not rest:
        tree[first] = {} if value is None else value
        return
    branch = tree.setdefault(first, {})
    if isinstance(branch, dict) and value is not None:
        _put(branch, rest, value)


def _safety(player: Player | None, gaming: ResponsibleGaming | None, today: date) -> dict[str, Value]:
    """Return the safety facts that are known; the engine vetoes on each that is not."""
    known: dict[str, Value] = {}
    if gaming is not None:
        known |= {
            "self_excluded": gaming.self_excluded,
            "cooling_off": gaming.cooling_off,
            "rg_closed": gaming.rg_closed,
            "strong_harm": gaming.strong_harm,
        }
    if player is not None:
        age = None if player.date_of_birth is None else age_years(player.date_of_birth, today)
        known |= {"blocked": player.blocked, "aml_hold": player.aml_hold, "age_years": age}
    return known
