"""The model port: one situation in, one proposal out. Whoever answers, code disposes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Protocol, TypeAlias

from casino.values import Document, Value
from tools.tool import Fact, Tool


class ModelDown(Exception):  # noqa: N818  # named by what happens next
    """The model gave no usable answer after every retry; the message says why and how to mend it."""


@dataclass(frozen=True, slots=True)
class Said:
    """Words in the conversation."""

    role: str  # "player" or "agent"
    text: str


@dataclass(frozen=True, slots=True)
class Called:
    """A call that was made."""

    id: str
    name: str
    arguments: Document


@dataclass(frozen=True, slots=True)
class Answered:
    """What a call came to."""

    id: str
    name: str
    status: str
    data: Document


Turn: TypeAlias = Said | Called | Answered


@dataclass(frozen=True, slots=True)
class Action:
    """A tool as it is offered: name, description and the JSON schema of its arguments, narrowed to what is legal."""

    name: str
    description: str
    schema: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Shown:
    """A procedure as the head of a prompt shows it."""

    id: str
    title: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """What a language model reads: the stable head first, then the conversation, then where things stand."""

    head: str
    turns: tuple[Turn, ...]
    note: str
    actions: tuple[Action, ...]  # legal now
    may_reply: bool
    procedure: Shown | None = None  # the part of the head that is the procedure's
    bound: tuple[Action, ...] = ()  # what the procedure may ever use, not narrowed; the head may list them


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """Where the ticket stands, for a model that reads structure instead of prose."""

    brand: str
    category: str
    steps: bool  # whether the procedure asks for any action
    phase: str  # "verify" or "converse"
    next_action: str | None  # the step that is due and possible
    asked_for_human: bool  # in the player's newest words
    missing: tuple[str, ...]  # details that the verifier still needs from the player
    verifier: str | None
    escalation: str | None
    legal: Mapping[str, Tool[Any]]
    facts: Mapping[str, Fact]
    today: date
    turns: tuple[Turn, ...]
    this_turn: tuple[Turn, ...]  # since the player's newest message, which it starts with


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One question to a model."""

    prompt: Prompt
    situation: Situation


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedCall:
    """A call that the model wants."""

    name: str
    arguments: dict[str, Value]
    confidence: Decimal | None = None  # 0 to 1, where the model says how sure it is; policies of the gate may ask


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What the model wants: calls, or a text for the player."""

    model: str
    calls: tuple[ProposedCall, ...] = ()
    text: str | None = None
    tokens_in: int = 0
    tokens_out: int = 0
    attempts: tuple[str, ...] = ()  # what went wrong before this answer came
    parameters: Document = field(default_factory=dict[str, Value])  # that it was asked with, for the record
    response: Document = field(default_factory=dict[str, Value])  # as it came, for the record


class Model(Protocol):
    """Whoever proposes."""

    @property
    def name(self) -> str:
        """The name on the record."""
        ...

    @property
    def is_llm(self) -> bool:
        """Whether a language model answers."""
        ...

    async def propose(self, request: Request) -> Proposal:
        """Return a proposal; raise `ModelDown` where there is none to be had."""
        ...

    async def choose(self, text: str, options: Mapping[str, str]) -> str | None:
        """Return the option (a name, from name to description) that the player's text is about, or None."""
        ...
