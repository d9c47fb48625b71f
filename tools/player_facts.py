"""Gather what a decision may read about one player. A source that fails makes its facts unavailable, never absent.

Safety is always asked for. Of the other sources only those are asked that the configurations in force read, each once,
all at the same time.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, TypeVar

from casino.bonus.configuration import Configuration
from casino.bonus.law.jurisdictions import LIFETIME_PATH, NO_PACKS, Packs, Predicate
from casino.bonus.reads import fields_read, is_read
from casino.bonus.reward import Cash
from casino.clock import age_years, earliest_day
from casino.exact import NotExact
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
            _safety_of(self.platform, player_id, brand),
            asyncio.gather(*(_exact_or_none(source.ask(self.platform, player_id)) for source in wanted)),
            _or_none(counted),
        )
        found = {source.path: answer for source, answer in zip(wanted, answers, strict=True)}
        if counters is not None:
            counters = _in_their_currency(_with_the_live_one(counters, safety.player), safety.player, configurations)
        found[COUNTERS] = None if counters is None else {**counters}
        return _facts(safety, found, now)


async def gather_safety(platform: PlayerPlatform, player_id: str, *, brand: str, now: datetime) -> Facts:
    """Ask for the player and the safety facts only: what an issue looks at again."""
    return _facts(await _safety_of(platform, player_id, brand), {}, now)


def _reads(configurations: Sequence[Configuration], packs: Packs) -> frozenset[str]:
    reads = fields_read(configurations)
    by_law = any(rule.predicate is Predicate.FIRST_TIME_ONLY for rule in packs.rules)
    return reads | {LIFETIME_PATH} if by_law else reads


class _Safety(NamedTuple):
    player: Player | None
    gaming: ResponsibleGaming | None


async def _safety_of(platform: PlayerPlatform, player_id: str, brand: str) -> _Safety:
    player, gaming = await asyncio.gather(
        _or_none(_the_player(platform, player_id, brand)), _or_none(platform.responsible_gaming(player_id))
    )
    return _Safety(
        player if player is not None and _is_exact({**player.fields, **_account(player)}) else None,
        gaming if gaming is not None and _is_exact(_protection(gaming)) else None,
    )


async def _the_player(platform: PlayerPlatform, player_id: str, brand: str) -> Player | None:
    """Ask for a player, and take no other one for an answer: a decision must not rest on somebody else's facts."""
    player = await platform.player(player_id)
    if player is not None and (player.id, player.brand) != (player_id, brand):
        raise Unavailable("the platform answered about another player than was asked for")
    return player


async def _nothing() -> Document:
    return {}


async def _or_none(asked: Awaitable[T]) -> T | None:
    try:
        return await asked
    except Unavailable:
        return None


async def _exact_or_none(asked: Awaitable[Value]) -> Value:
    answer = await _or_none(asked)
    return answer if _is_exact({"answer": answer}) else None


def _is_exact(answer: Document) -> bool:
    """Tell whether an answer can be kept as it is: one value that cannot spoils what its source says, and no more."""
    try:
        Facts.of({"answer": answer})
    except NotExact:
        return False
    return True


def _with_the_live_one(counters: Document, player: Player | None) -> Document:
    """Add the bonus that the platform says is live. Where it does not say, nobody knows how many there are."""
    active = None if player is None else player.fields.get("activeBonus")
    unsettled = counters.get("live_bonuses")
    known = {name: value for name, value in counters.items() if name != "live_bonuses"}
    if isinstance(active, bool) and isinstance(unsettled, int):
        known["live_bonuses"] = unsettled + active
    return known


def _in_their_currency(counters: Document, player: Player | None, configurations: Sequence[Configuration]) -> Document:
    """Leave out what was spent of a budget in another currency than the player's cash: nobody knows what it costs."""
    known = {**counters}
    for one in configurations:
        budget, counted = one.limits.campaign_budget, known.get(one.id)
        pays = any(isinstance(tier.reward, Cash) and tier.reward.amount_type == "cash" for tier in one.tiers)
        if budget is None or not pays or not isinstance(counted, dict):
            continue
        if player is None or player.currency != budget.currency:
            known[one.id] = {name: value for name, value in counted.items() if name != "spent"}
    return known


def _facts(safety: _Safety, found: Mapping[str, Value], now: datetime) -> Facts:
    player, gaming = safety
    tree: dict[str, Value] = {
        "player": {} if player is None else {**player.fields, "id": player.id},
        "safety": _safety(player, gaming, now),
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


def _safety(player: Player | None, gaming: ResponsibleGaming | None, now: datetime) -> dict[str, Value]:
    """Return the safety facts that are known; the engine vetoes on each that is not.

    The age is the one on the earliest day that it still is anywhere: the platform does not say on which clocks the
    player lives, and nobody gets a bonus on the eve of a birthday.
    """
    known: dict[str, Value] = {}
    if gaming is not None:
        known |= _protection(gaming)
    if player is not None:
        age = None if player.date_of_birth is None else age_years(player.date_of_birth, earliest_day(now))
        known |= {**_account(player), "age_years": age}
    return known


def _protection(gaming: ResponsibleGaming) -> dict[str, Value]:
    return {
        "self_excluded": gaming.self_excluded,
        "cooling_off": gaming.cooling_off,
        "rg_closed": gaming.rg_closed,
        "strong_harm": gaming.strong_harm,
    }


def _account(player: Player) -> dict[str, Value]:
    return {"blocked": player.blocked, "aml_hold": player.aml_hold}
