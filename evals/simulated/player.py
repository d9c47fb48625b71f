"""Who the simulated player is: what they want, what they know, and how long they have patience."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Final

from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

from evals.grading.language import LANGUAGES
from evals.shapes import Strict, Text, one_of

PATIENCE: Final = 8  # messages
MOST: Final = 30


def _messages(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= MOST:
        raise PydanticCustomError("messages", "a whole number from 1 to {most}", {"most": MOST})
    return value


class Player(Strict):
    """The section `player` of a ticket: who plays at L4. What is left out is told by what the ticket `says`."""

    goal: Text | None = None  # what they want, in a sentence; left out: the first message of the ticket
    facts: tuple[Text, ...] | None = None  # what they know and may say; left out: all messages of the ticket
    unknown: tuple[Text, ...] = ()  # what they do not know, however often they are asked
    manner: Text | None = None  # such as `impatient, writes in fragments`
    language: Annotated[str, one_of(*LANGUAGES)] | None = None  # that they write
    messages: Annotated[int, BeforeValidator(_messages)] = PATIENCE  # the most that they write


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """The player that is played."""

    goal: str
    facts: tuple[str, ...]  # in the order in which they would come up
    unknown: tuple[str, ...] = ()
    manner: str = ""
    language: str | None = None
    messages: int = PATIENCE


def role_of(says: Sequence[str], told: Player | None) -> Role:
    """Return who is played on a ticket that `says` this; `told` is its section `player`."""
    told = told or Player()
    spoken = [text for text in says if text.strip()] or [""]
    return Role(
        goal=told.goal or spoken[0],
        facts=tuple(spoken) if told.facts is None else told.facts,
        unknown=told.unknown,
        manner=told.manner or "",
        language=told.language,
        messages=told.messages,
    )
