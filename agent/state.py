"""The state of a ticket: small, plain and versioned. Messages live in the record, not here."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import NotRequired, TypedDict

from casino.values import Document, Value
from tools.tool import Fact

VERSION = 2  # 2: `waiting`


class PendingCall(TypedDict):
    """A call that was proposed and not yet carried out."""

    id: str
    name: str
    arguments: dict[str, Value]
    node: str  # "act", or "effect" where the tool changes the world
    confidence: NotRequired[str | None]  # of the model in its proposal, an exact number


class StoredFact(TypedDict):
    """A fact as the checkpoint keeps it."""

    value: dict[str, Value]
    level: int
    expires_at: str | None


class Left(TypedDict):
    """A procedure that was left for another, and what had been done under it."""

    procedure: str
    done: list[str]


class Spent(TypedDict):
    """What the ticket has used of its budgets."""

    calls: int
    tokens: int


class State(TypedDict):
    """Where a ticket stands. The second half is of the current turn only."""

    version: int
    ticket_id: str
    brand: str
    procedure: str | None
    stack: list[Left]
    facts: dict[str, StoredFact]
    fields: dict[str, Value]  # what procedures may branch on, beside the results
    results: dict[str, dict[str, Value]]  # the newest result of each tool
    done: list[str]  # tools that have succeeded under the current procedure
    locked: list[str]
    failures: dict[str, int]
    tried: list[str]
    spent: Spent
    turn: int
    since: int  # the record counts from here: what was said before an identity ended is not this player's
    hidden: NotRequired[int]  # and behind the message at `since` + 1, from here: till then it was done for another
    asked: str  # the words that chose the procedure
    outcome: str | None
    silent: bool

    message_id: str
    message_seq: int
    path: list[str]
    steps: int
    pending: list[PendingCall]
    reply: str | None
    notice: str | None
    correction: str | None
    escalate: str | None  # a human must take over now, for this reason
    owed: str | None  # a human must take over before the player hears anything, for this reason
    waiting: NotRequired[str | None]  # the approval that the first pending call waits for; not in states of version 1


def first_state(ticket_id: str, brand: str) -> State:
    """Return the state of a ticket on which nothing has happened."""
    return State(
        version=VERSION,
        ticket_id=ticket_id,
        brand=brand,
        procedure=None,
        stack=[],
        facts={},
        fields={},
        results={},
        done=[],
        locked=[],
        failures={},
        tried=[],
        spent=Spent(calls=0, tokens=0),
        turn=0,
        since=0,
        asked="",
        outcome=None,
        silent=False,
        message_id="",
        message_seq=0,
        path=[],
        steps=0,
        pending=[],
        reply=None,
        notice=None,
        correction=None,
        escalate=None,
        owed=None,
        waiting=None,
    )


def waiting_for(state: State) -> str | None:
    """Return the approval that the ticket waits for."""
    return state.get("waiting")


def confidence_of(pending: PendingCall) -> Decimal | None:
    """Return how sure the model was of a call, where it said so."""
    text = pending.get("confidence")
    return None if text is None else Decimal(text)


def stored(facts: Mapping[str, Fact]) -> dict[str, StoredFact]:
    """Return facts as the checkpoint keeps them."""
    return {
        name: StoredFact(
            value=dict(fact.value),
            level=fact.level,
            expires_at=None if fact.expires_at is None else fact.expires_at.isoformat(),
        )
        for name, fact in facts.items()
    }


def facts_of(state: State) -> dict[str, Fact]:
    """Return the ticket's facts, expired ones included."""
    return {
        name: Fact(
            value=kept["value"],
            level=kept["level"],
            expires_at=None if kept["expires_at"] is None else datetime.fromisoformat(kept["expires_at"]),
        )
        for name, kept in state["facts"].items()
    }


def document_of(state: State) -> Document:
    """Return what a procedure's conditionals may read: `player.…`, `tools.<name>.…` and `ticket.…`."""
    tools: dict[str, Value] = {name: dict(result) for name, result in state["results"].items()}
    return {**state["fields"], "tools": tools, "ticket": {"brand": state["brand"], "turn": state["turn"]}}
