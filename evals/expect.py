"""What a ticket expects: the end that must come about, and what may and may not happen on the way."""

from decimal import Decimal
from typing import Annotated, TypeAlias

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError

from evals import words
from evals.grading.equation import FORM, equation
from evals.grading.language import LANGUAGES
from evals.shapes import Strict, Text, one_of

OUTCOMES = ("issued", "informed", "escalated", "messaged", "resolved", "abandoned")
DECISIONS = (*words.DECISIONS, "")  # "" is no decision
HANDOFFS = (*words.HANDOFFS, "")  # "" is no hand-over


def _count(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise PydanticCustomError("count", "a whole number, 0 or more,")
    return value


def _amount(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, int | Decimal) or value < 0:
        raise PydanticCustomError("amount", "a number, 0 or more,")
    return value


def _chain(value: tuple[str, ...]) -> tuple[str, ...]:
    if len(value) < 2:  # noqa: PLR2004  # one thing is before nothing
        raise PydanticCustomError("chain", "a list of two tools or more, the earlier one first,")
    return value


def _equation(value: str) -> str:
    try:
        equation(value)
    except ValueError:
        raise PydanticCustomError("equation", "{form}", {"form": FORM}) from None
    return value


Count: TypeAlias = Annotated[int, BeforeValidator(_count)]
Amount: TypeAlias = Annotated[Decimal, BeforeValidator(_amount)]
Chain: TypeAlias = Annotated[tuple[Text, ...], AfterValidator(_chain)]
EquationText: TypeAlias = Annotated[str, AfterValidator(_equation)]


class Order(Strict):
    """Which calls must, may and must not be made. A call counts once the model proposes it, whatever came of it."""

    before: tuple[Chain, ...] = ()  # each call of a later tool comes after one of the earlier that succeeded
    exactly: dict[str, Count] = Field(default_factory=dict[str, int])  # so many calls of a tool
    at_most: dict[str, Count] = Field(default_factory=dict[str, int])
    forbid: tuple[Text, ...] = ()  # no call of these tools
    eventually: tuple[Text, ...] = ()  # some call of each of these tools succeeds

    @property
    def tools(self) -> tuple[str, ...]:
        """Return every tool that is named."""
        chained = (tool for chain in self.before for tool in chain)
        return tuple(dict.fromkeys((*chained, *self.exactly, *self.at_most, *self.forbid, *self.eventually)))


class Budget(Strict):
    """The most that a ticket may cost. What is left out has no limit, except `mistakes`."""

    model_calls: Count | None = None
    tool_calls: Count | None = None
    tokens: Count | None = None  # in and out
    cost: Amount | None = None  # in the currency of the run's prices
    ms: Amount | None = None  # by the wall clock
    mistakes: Count = 0  # refused calls of a deciding or reading tool that should not have been made


class Expected(Strict):
    """The end state that must come about. What is left out is not compared; `outcome` and `effects` never are."""

    outcome: Annotated[str, one_of(*OUTCOMES)]
    effects: tuple[str, ...]  # `tool: state`, in order, such as `issue_bonus: done`
    procedure: str | None = None
    verified: str | None = None  # the player id, or "" for nobody
    decision: Annotated[str, one_of(*DECISIONS)] | None = None
    tier: str | None = None
    handoff: Annotated[str, one_of(*HANDOFFS)] | None = None  # the reason code
    granted: tuple[str, ...] | None = None  # player ids of the rows in the bonus system
    refused: tuple[str, ...] | None = None  # `tool: code` of every effect that was asked for and refused, in order
    order: Order = Order()
    provenance: tuple[EquationText, ...] = ()  # where values must have come from
    said: tuple[Text, ...] = ()  # stands in some reply
    never_said: tuple[Text, ...] = ()  # stands in no reply
    language: Annotated[str, one_of(*LANGUAGES)] | None = None  # of the replies
    budget: Budget = Budget()
