"""What was said on a ticket, as somebody reads it who takes no part: in lines, and as data in a prompt."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from agent.incoming import as_data

Role = Literal["player", "agent", "result"]


@dataclass(frozen=True, slots=True)
class Line:
    """What the player or the agent said, or what a tool came to."""

    role: Role
    text: str


def as_text(talk: Sequence[Line]) -> str:
    """Return a talk for a prompt: each line is data, whatever it says."""
    return "\n".join(as_data(line.text, tag=line.role) for line in talk)
