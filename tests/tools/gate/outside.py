"""An outside for the gate: it does and answers what a test says, and nobody writes to it without a claim."""

import itertools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Literal

from casino.values import Document
from tools.adapters.memory_stores import MemoryStores
from tools.approvals import Approval, Vote
from tools.gate.door import Gate
from tools.gate.roles import CROUPIER, Actor
from tools.gate.rules import GateRules, Mode, Policy
from tools.ledger import Denied, Effect, EffectState, Ledger, Terms
from tools.ports import Refused, Unavailable
from tools.record import Kind as Told
from tools.tool import Arguments, Call, Grounds, Intent, Kind, Result, Tool

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
LATER = NOON + timedelta(hours=1)
Step = Document | Refused | Exception
AUTOMATIC = GateRules(modes={"sales": Mode.AUTOMATIC}, policies=(Policy(name="all", approvers=0),))


@dataclass(slots=True)
class Outside:
    """The other side: what it does when it is asked to act, and when it is asked what became of it.

    It holds the run-time half of "one door": whoever acts without an open row in the ledger is caught.
    """

    acts: Iterator[Step]
    answers: Iterator[Document | Exception | None] = field(default_factory=lambda: iter([None]))
    stores: MemoryStores = field(default_factory=MemoryStores)
    acted: int = 0
    asked: int = 0
    bodies: list[Document] = field(default_factory=list[Document])


def outside(*acts: Step, answers: Iterable[Document | Exception | None] = (None,)) -> Outside:
    """Return an outside that does these things in turn."""
    return Outside(iter(acts), iter(answers))


async def _run(_: Arguments, __: Call[None]) -> Intent:
    return intent()


async def _perform(wanted: Intent, hands: Outside) -> Document | Refused:
    row = await hands.stores.effect(wanted.key)
    assert row is not None, "an effect that nobody has claimed"
    assert row.state in {EffectState.PENDING, EffectState.UNKNOWN}, "an effect whose claim is settled"
    hands.acted += 1
    hands.bodies.append(wanted.body)
    step = next(hands.acts)
    if isinstance(step, Exception):
        raise step
    return step


async def _reconcile(_: Intent, hands: Outside) -> Document | None:
    hands.asked += 1
    answer = next(hands.answers)
    if isinstance(answer, Exception):
        raise answer
    return answer


PAY: Tool[None] = Tool(
    name="pay",
    display_name="Pay",
    kind=Kind.WRITE,
    description="Pay.",
    arguments=Arguments,
    run=_run,
    perform=_perform,
    reconcile=_reconcile,
    establishes=("paid",),
    spends=("due",),
    outcome="paid",
)


def checked(*found: Grounds | Result) -> Tool[None]:
    """Return the tool with a recheck that finds these things in turn, the last one for ever."""
    turns = itertools.chain(found, itertools.repeat(found[-1]))

    async def recheck(_: Intent, __: Call[None]) -> Grounds | Result:
        return next(turns)

    return replace(PAY, recheck=recheck)


def intent(
    key: str = "pay:1",
    business_key: str = "pay:player:today",
    *,
    amount: int = 5,
    decision_id: str | None = None,
    expires_at: datetime | None = None,
) -> Intent:
    """Return what the tool wants."""
    body: Document = {"amount": amount}
    return Intent(key=key, business_key=business_key, body=body, decision_id=decision_id, expires_at=expires_at)


def call(
    *,
    now: datetime = NOON,
    procedure: str = "sales",
    silent: bool = False,
    escalation: str | None = None,
    call_id: str = "c1",
    ticket_id: str = "t1",
) -> Call[None]:
    """Return a call of the tool."""
    return Call(
        ticket_id=ticket_id,
        brand="b",
        call_id=call_id,
        now=now,
        world=None,
        facts={},
        said=(),
        asked="",
        tried=(),
        named_fields=(),
        procedure=procedure,
        silent=silent,
        escalation=escalation,
    )


def gate(
    hands: Outside, rules: GateRules = AUTOMATIC, *, actor: Actor = CROUPIER, ledger: Ledger | None = None
) -> Gate[Outside]:
    """Return a gate over an outside and its stores."""
    stores, numbers = hands.stores, itertools.count(1)
    return Gate(
        hands=hands,
        ledger=stores if ledger is None else ledger,
        approvals=stores,
        rules=rules,
        record=stores,
        new_id=lambda prefix: f"{prefix}-{next(numbers)}",
        actor=actor,
    )


def in_mode(mode: Mode, *, approvers: Literal[0, 1, 2] = 0) -> GateRules:
    """Return rules with one workflow and one policy."""
    return GateRules(modes={"sales": mode}, policies=(Policy(name="all", approvers=approvers),))


async def vote(
    hands: Outside, approval_id: str, verdict: Literal["approve", "deny"], *, by: str = "anna", at: datetime = NOON
) -> Approval:
    """Vote on a request."""
    voted = await hands.stores.vote(approval_id, Vote(approver=by, verdict=verdict, reason="seen", at=at))
    assert isinstance(voted, Approval)
    return voted


async def told(hands: Outside, *kinds: Told) -> list[str]:
    """Return the kinds on the record, with the code or the state of each."""
    entries = await hands.stores.entries("t1", kinds=kinds)
    return [f"{one.kind} {one.body.get('code') or one.body.get('state') or ''}".rstrip() for one in entries]


async def state(hands: Outside, key: str = "pay:1") -> EffectState | None:
    """Return where an effect stands."""
    row = await hands.stores.effect(key)
    return None if row is None else row.state


class Forgetful(MemoryStores):
    """A ledger that says that it has claimed, and has not: the negative control of the outside."""

    async def claim(self, effect: Effect, *, terms: Terms | None = None) -> Effect | Denied | None:
        """Claim nothing."""


class Lost(MemoryStores):
    """A ledger that is away when an outcome is to be written."""

    async def settle(self, key: str, *, state: EffectState, outcome: Document, at: datetime) -> Effect:
        """Fail."""
        raise Unavailable(f"nobody writes {state} under {key} at {at}: {outcome}")
