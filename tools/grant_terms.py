"""The terms of a grant: the limits of its configuration, weighed by the store in the transaction of the claim."""

from dataclasses import dataclass

from casino.bonus.at_issue import broken_limit
from casino.bonus.configuration import Configuration
from casino.bonus.counters import Spent
from casino.values import Document
from tools.ledger import Denied


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantTerms:
    """What one grant must keep. It is a `tools.ledger.Terms`."""

    player_id: str
    brand: str
    configuration: Configuration
    cost: Spent | None  # None: its reward has no cost in money
    active_bonus: bool | None  # whether the platform says that a bonus is live; None: it did not say

    def broken(self, counters: Document) -> Denied | None:
        """Return which limit the grant would break; None: none."""
        found = broken_limit(self.configuration, counters, cost=self.cost, active_bonus=self.active_bonus)
        if found is None:
            return None
        if found.unknown:
            return Denied("limit_unknown", f"it is not known whether the limit on `{found.path}` is kept")
        return Denied("limit_reached", f"the limit on `{found.path}` is reached")
