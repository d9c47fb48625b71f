"""What a tool is: a name, typed arguments, what it needs, what it establishes, and a function.

A tool is declared, not registered: `catalog.py` lists them, and another program brings its own list.
The agent reads these declarations and nothing else, so it knows no business.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final, Generic, Literal, TypeAlias, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from casino.values import Document, Value
from tools.ledger import Terms
from tools.ports import Refused

WorldT = TypeVar("WorldT")


class Arguments(BaseModel):
    """The base of every tool's arguments: nothing unknown, nothing changed afterwards."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def spoken(kind: Literal["email", "date", "birth_date", "phone"], description: str, *, default: Any = ...) -> Any:  # noqa: ANN401  # pydantic's own Field is typed so
    """Declare an argument that counts only where the player's own words contain it."""
    return Field(default, description=description, json_schema_extra={"x-spoken": kind})


def from_fact(path: str, description: str) -> Any:  # noqa: ANN401  # pydantic's own Field is typed so
    """Declare an argument that has one legal value: a fact of the ticket, as `fact.key`."""
    return Field(description=description, json_schema_extra={"x-fact": path})


class Kind(StrEnum):
    """What a call may do to the world."""

    READ = "read"  # looks something up
    DECIDE = "decide"  # decides or establishes something, changes nothing outside
    WRITE = "write"  # changes the world, through the gate
    TERMINAL = "terminal"  # changes the world and ends what we may do on the ticket


EFFECTS = frozenset({Kind.WRITE, Kind.TERMINAL})


class Status(StrEnum):
    """How a call ended."""

    OK = "ok"  # read or decided
    DONE = "done"  # the effect is there
    REFUSED = "refused"  # understood and denied; nothing has changed
    UNAVAILABLE = "unavailable"  # the other side did not answer; nothing has changed
    UNKNOWN = "unknown"  # it may have taken effect; a human must look
    SHADOWED = "shadowed"  # written down instead of done; nothing has changed, and nothing may be promised


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """Something that holds on a ticket until it expires or is spent."""

    value: Document
    level: int = 1
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """A fact that a tool requires, at least at this level."""

    fact: str
    level: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptLimit:
    """After so many refusals the tool is locked on the ticket and a human takes over."""

    count: int
    reason_code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What a call came to. `data` is what the model may read; the rest is for the state."""

    status: Status
    data: Document
    establishes: Mapping[str, Fact] = field(default_factory=dict[str, Fact])
    spends: tuple[str, ...] = ()
    outcome: str | None = None
    fields: Mapping[str, Value] = field(default_factory=dict[str, Value])  # for conditionals: `{"player": {…}}`
    switch_to: str | None = None  # the procedure that goes on from here
    escalate: str | None = None  # a reason code: a human must take over now, whatever the model thinks
    owed: str | None = None  # a reason code: the procedure may go on, but a human takes over before the player hears


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """An effect that a tool wants. Only the gate performs it, once per key and once per business key."""

    key: str
    business_key: str
    body: Document
    decision_id: str | None = None  # the decision that it consumes
    expires_at: datetime | None = None  # the gate refuses it afterwards, unless an approval was asked for in time


@dataclass(frozen=True, slots=True, kw_only=True)
class Grounds:
    """What an effect stands on, read fresh just before its claim."""

    facts: Document = field(default_factory=dict[str, Value])  # what approval policies are weighed on
    terms: Terms | None = None  # limits that the claim must keep
    expires_at: datetime | None = (
        None  # of what it stands on: afterwards a claim that was left open is not gone on with
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Call(Generic[WorldT]):
    """One call on one ticket: everything that a tool function may look at."""

    ticket_id: str
    brand: str
    call_id: str
    now: datetime
    world: WorldT
    facts: Mapping[str, Fact]
    said: Sequence[str]  # the player's own words, oldest first
    asked: str  # the words that brought the ticket to its procedure
    tried: Sequence[str]  # what was done on this ticket so far, one line each
    named_fields: Sequence[str]  # the player fields that the procedure names: all that a model may see
    escalation: str | None = None  # the reason code, where code and not the model wants this call
    procedure: str = ""  # the workflow that it is made in: the mode of the gate goes by it
    confidence: Decimal | None = None  # of the model in its proposal, 0 to 1, where it gave one
    silent: bool = False  # a human has the ticket


Run: TypeAlias = Callable[[Any, Call[WorldT]], Awaitable[Result | Intent]]
Recheck: TypeAlias = Callable[[Intent, Call[WorldT]], Awaitable[Grounds | Result]]
Perform: TypeAlias = Callable[[Intent, Any], Awaitable[Document | Refused]]
Reconcile: TypeAlias = Callable[[Intent, Any], Awaitable[Document | None]]
Confirmed: TypeAlias = Callable[[Intent], Document]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tool(Generic[WorldT]):
    """One thing that can be done.

    `run` gives a `Result` (read, decide) or an `Intent` (write, terminal), and sees a world that it can only read.
    For an intent the gate first calls `recheck`: a `Result` of it is a refusal. Then it calls `perform` with its hands,
    which reach what changes the world. It may raise `Unavailable` or `OutcomeUnknown`; in doubt the gate calls
    `reconcile`: what the effect gave if it is there, None if it is certainly not and nothing under this key is on its
    way any more, `OutcomeUnknown` where nobody can tell. When it is done, what it gave becomes the first fact of
    `establishes`.
    """

    name: str
    display_name: str
    kind: Kind
    description: str  # read by the model: when to use it, when not, what the answer means
    arguments: type[Arguments]
    run: Run[WorldT]
    perform: Perform | None = None
    reconcile: Reconcile | None = None
    confirmed: Confirmed | None = None  # what it gave, where nobody but a human has seen that it is there
    repeatable: bool = False  # the other side takes a key once, so what is in doubt is simply performed again
    recheck: Recheck[WorldT] | None = None  # what must still hold when an effect goes through
    needs: tuple[Need, ...] = ()
    establishes: tuple[str, ...] = ()  # not offered while the first of these holds
    spends: tuple[str, ...] = ()  # facts that are gone once the effect is done
    outcome: str | None = None  # what the ticket has come to once this is done
    attempts: AttemptLimit | None = None
    subject: str | None = None  # the key of its first established fact that names whose ticket it is
    gives: bool = True  # once an effect of it is done, the player has received something
    built_in: bool = False  # offered without being mentioned
    response: type[BaseModel] | None = None  # of a READ tool: the shape of its answer, for those who read single fields
    facts_as: str | None = None  # where rules find the answer, as `tools.kyc`; None: no rule reads it
    whole_schema: Mapping[str, Any] = field(init=False, repr=False, compare=False)  # of the arguments, made once

    def __post_init__(self) -> None:
        """Refuse a declaration that the gate could not honour."""
        if self.kind in EFFECTS and self.perform is None:
            raise TypeError(f"tool `{self.name}` changes the world, so it needs `perform`: the gate calls it")
        if self.kind is Kind.TERMINAL and self.outcome is None:
            raise TypeError(f"tool `{self.name}` makes the ticket silent, so it needs an `outcome`: what it came to")
        if self.facts_as is not None and (self.kind is not Kind.READ or self.response is None):
            raise TypeError(
                f"rules are to read tool `{self.name}`, so it must be a READ tool and declare its `response`"
            )
        object.__setattr__(self, "whole_schema", self.arguments.model_json_schema())


_NOT_SHOWN: Final = frozenset({"title", "x-spoken", "x-fact"})


def schema(tool: Tool[Any], facts: Mapping[str, Fact]) -> dict[str, Any]:
    """Return the JSON schema of a tool's arguments, narrowed to the values that the facts allow.

    What lies deeper than the arguments is the tool's own, and not to be changed.
    """
    properties = {name: _shown(prop, facts) for name, prop in hints(tool).items()}
    whole = {name: value for name, value in tool.whole_schema.items() if name not in {"title", "description"}}
    return {**whole, "properties": properties} if "properties" in whole else whole


def _shown(prop: Mapping[str, Any], facts: Mapping[str, Fact]) -> dict[str, Any]:
    """Return the schema of one argument as a model sees it."""
    shown = {key: value for key, value in prop.items() if key not in _NOT_SHOWN}
    path = prop.get("x-fact")
    value = None if path is None else fact_value(facts, path)
    return shown if value is None else {**shown, "enum": [value]}


def fact_value(facts: Mapping[str, Fact], path: str) -> Any:  # noqa: ANN401  # a JSON value
    """Return the value at `fact.key`, or None."""
    name, _, key = path.partition(".")
    fact = facts.get(name)
    return None if fact is None else fact.value.get(key)


def required(tool: Tool[Any]) -> list[str]:
    """Return the names of the arguments that must be given."""
    return [*tool.whole_schema.get("required", [])]


def hints(tool: Tool[Any]) -> dict[str, dict[str, Any]]:
    """Return the argument properties with their `x-spoken` and `x-fact` hints, by argument name."""
    return dict(tool.whole_schema.get("properties", {}))
