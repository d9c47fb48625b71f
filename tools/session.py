"""Identity from a signed session of the chat platform: stronger than anything a player can type."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from casino.values import Value
from tools.tool import Fact
from tools.verify_player import STRONG, verified
from tools.world import VERIFIED, World


class UnknownPlayer(Exception):  # noqa: N818  # named by what happens next: nobody is verified
    """The session names a player that the platform does not know."""


class Identity(NamedTuple):
    """Who the session says the player is, and the fields that procedures may branch on."""

    facts: Mapping[str, Fact]
    fields: Mapping[str, Value]


async def session_identity(player_id: str, world: World, *, now: datetime) -> Identity:
    """Return who a trusted channel has signed in. May raise `Unavailable` or `UnknownPlayer`."""
    player = await world.platform.player(player_id)
    if player is None:
        raise UnknownPlayer(f'there is no player "{player_id}"; check the id')
    fact = verified(player, level=STRONG, now=now, policy=world.verification)
    return Identity({VERIFIED: fact}, {"player": dict(player.fields)})
