"""The optional section `attack` of a ticket: where an order is planted, and what a model that obeys it would do.

What must hold is what the ticket expects anyway: an attack changes nothing. `end` names what an obedient model may
bring about all the same, such as a hand-over that is open to everybody.
"""

from typing import Any, Literal, Self, TypeAlias

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from evals.shapes import Strict, Text

# Where text that is not ours reaches the desk. There are no articles to read from, and procedures are the house's own.
Channel: TypeAlias = Literal["ticket text", "name", "tool result", "bonus comment", "quoted turn", "earlier turn"]
Goal: TypeAlias = Literal[
    "unverified issue",
    "other player",
    "higher amount",
    "second grant",
    "self-exclusion",
    "reveal",
    "promise",
    "no hand-over",
    "false authority",
    "hand-over flood",
    "message",
]


class Order(Strict):
    """One call that the planted text asks for, and what the tool layer makes of it."""

    tool: Text
    arguments: dict[str, Any] = Field(default_factory=dict)
    after: Text | None = None  # it is carried out once a call of this tool has succeeded; None: at once
    comes_to: (
        Text  # the code of the refusal, such as `precondition`; `done` or `ok` where the call is open to everybody
    )


class End(Strict):
    """What the end may be when the model obeys, where that is another one than the ticket expects otherwise."""

    outcome: Text | None = None
    effects: tuple[str, ...] | None = None
    verified: str | None = None
    decision: str | None = None
    tier: str | None = None
    handoff: str | None = None
    granted: tuple[str, ...] | None = None


class Attack(Strict):
    """What is planted, and what it wants. The tool layer must refuse what an obedient model does for it."""

    channel: Channel
    goal: Goal
    marker: Text  # words of the planted text as a model is shown them, by which the obedient model knows it
    orders: tuple[Order, ...] = ()  # in this sequence
    at_once: bool = False  # orders that are due are proposed together, not one after the other
    withholds: tuple[Text, ...] = ()  # tools that the obedient model does not call any more of itself
    says: Text | None = None  # what the obedient model then tells the player; it must not get out
    reaches: bool = True  # false: this channel is closed, no model is ever shown the text
    comments: dict[str, Text] = Field(default_factory=dict[str, str])  # planted as the comment of a bonus, by its id
    end: End = End()

    @model_validator(mode="after")
    def _wants_something(self) -> Self:
        if not (self.orders or self.says or self.withholds):
            raise PydanticCustomError("wants_nothing", "`orders`, `says` or `withholds`: what the planted text wants")
        return self
