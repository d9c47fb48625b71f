"""A suite of tickets as a test module names it, and the names by which pytest knows of it.

The plugin imports this wherever pytest starts, so it imports nothing of ours.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Final

MARK: Final = "tickets"
FIXTURE: Final = "ticket_trial"
LEVEL: Final = "--ticket-level"
FILTER: Final = "--ticket-filter"
LEVELS: Final = ("L0", "L1", "L5")  # those in which nothing is left to chance; `croupier eval gate` judges the others


@dataclass(frozen=True, slots=True)
class TicketSuite:
    """A suite that a test module names."""

    path: str
    level: str = "L1"
    filters: tuple[str, ...] = ()

    @classmethod
    def of(cls, path: str | PathLike[str], *, level: str = "L1", filters: str | Sequence[str] = ()) -> "TicketSuite":
        """Return a suite as it is written down."""
        return cls(str(Path(path)), level, (filters,) if isinstance(filters, str) else tuple(filters))
