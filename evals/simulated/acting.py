"""The seam of L4: whoever plays the player reads the chat so far and says what they write next."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from evals.judging.talk import Line
from evals.simulated.player import Role


class End(StrEnum):
    """Whether the player stays in the chat."""

    STAYS = "stays"
    DONE = "done"  # they have what they came for, or a clear answer
    GAVE_UP = "gave_up"  # they have not, and no longer try


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """What the player does: writes a message, leaves, or both."""

    text: str = ""
    end: End = End.STAYS
    tokens_in: int = 0
    tokens_out: int = 0
    calls: int = 0  # to a model


class Actor(Protocol):
    """Whoever plays the player."""

    async def move(self, role: Role, talk: Sequence[Line], *, seed: int) -> Move:
        """Return the next move; `talk` ends with what the agent said. May raise `ModelDown`."""
        ...
