"""A player without a model: says the facts of the role in order, some at a time, and leaves when all are said.

The seed decides how much is said at once, and nothing else does: the same seed gives the same chat.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

from evals.judging.talk import Line
from evals.simulated.acting import End, Move
from evals.simulated.player import Role

_MOST_AT_ONCE: Final = 3  # facts in one message


@dataclass(frozen=True, slots=True)
class ScriptedPlayer:
    """Keeps nothing between two moves: how far the chat has come is how often the player has spoken."""

    async def move(self, role: Role, talk: Sequence[Line], *, seed: int) -> Move:
        """Return the next message, or leave without a word once everything is said."""
        planned = messages(role, seed=seed)
        said = sum(line.role == "player" for line in talk)
        if said >= len(planned):
            return Move(end=End.DONE)
        return Move(text=planned[said])


def messages(role: Role, *, seed: int) -> tuple[str, ...]:
    """Return all that a role is going to say: the goal first, then the facts in order."""
    draw = Random(seed)  # noqa: S311  # to vary a test, nothing is kept secret by it
    facts = [fact for fact in role.facts if fact != role.goal]
    planned: list[str] = [role.goal]
    while facts:
        count = draw.randint(1, min(_MOST_AT_ONCE, len(facts)))
        planned.append("\n".join(facts[:count]))
        facts = facts[count:]
    return tuple(planned)
