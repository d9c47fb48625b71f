"""The port for what has been granted so far. It knows bonus configurations, which the other ports do not need."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from casino.bonus.configuration import Configuration
from casino.values import Document


class GrantCounters(Protocol):
    """What has been granted so far, as limits are weighed on it (`casino.bonus.limits`).

    Read at the decision. Whoever issues weighs the limits again, atomically with the claim of the effect.
    """

    async def counters(
        self, player_id: str, *, brand: str, configurations: Sequence[Configuration], now: datetime
    ) -> Document:
        """Return the counters of these configurations for one player of a brand at a moment.

        Every grant counts that was made or may have been made. `live_bonuses` counts those that are not settled yet:
        whether a settled one still lives is known to the platform. May raise `tools.ports.Unavailable`.
        """
        ...
