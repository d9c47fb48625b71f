"""Gather what a decision may read about one player. A source that fails makes its facts unavailable, never absent."""

import asyncio
from collections.abc import Awaitable
from datetime import date
from typing import TypeVar

from casino.clock import age_years
from casino.facts import Facts
from casino.values import Value
from tools.ports import Player, PlayerPlatform, ResponsibleGaming, Unavailable

T = TypeVar("T")
ACCOUNT = ("safety.blocked", "safety.aml_hold", "safety.age_years")  # what the player's own account says
GAMING = ("safety.self_excluded", "safety.cooling_off", "safety.rg_closed", "safety.strong_harm")


async def gather_facts(platform: PlayerPlatform, player_id: str, *, today: date) -> Facts:
    """Ask every source at once and return the facts document of the engine."""
    player, gaming, kyc = await asyncio.gather(
        _or_none(platform.player(player_id)),
        _or_none(platform.responsible_gaming(player_id)),
        _or_none(platform.kyc(player_id)),
    )
    sources = (("player", player), *((path, player) for path in ACCOUNT), *((path, gaming) for path in GAMING))
    gone: list[Value] = [path for path, found in (*sources, ("tools.kyc", kyc)) if found is None]
    return Facts.of(
        {
            "player": {} if player is None else {"id": player.id, **player.fields},
            "tools": {"kyc": {} if kyc is None else dict(kyc)},
            "safety": _safety(player, gaming, today),
            "unavailable": gone,
        }
    )


async def _or_none(asked: Awaitable[T]) -> T | None:
    try:
        return await asked
    except Unavailable:
        return None


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
