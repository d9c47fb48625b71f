"""The oracle: it stands outside with the hands, and judges every order by what the engine decided and who spoke.

It asks no gate and no rule. It knows who proved on a ticket who they are (the channel says so), what the engine minted,
what the humans said, the raw documents of the platform, and what the regime means in plain figures.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from casino.bonus.configuration import Configuration
from casino.bonus.reward import Cash
from casino.values import Document, Value
from tests.desks import Clock
from tests.proof.hostile.model import TICKET
from tests.proof.hostile.world import LIMITED, Person, Regime
from tools.adapters.memory_stores import MemoryStores
from tools.approvals import About, ApprovalState
from tools.ports import (
    Delivered,
    Desk,
    ExternalMessage,
    Granted,
    GrantOrder,
    Handoff,
    OutcomeUnknown,
    Refused,
    StoredDecision,
)

APPROVERS: Final = frozenset({"anna", "ben"})
MUST_BE_FALSE: Final = ("self_excluded", "cooling_off", "rg_closed", "strong_harm")


@dataclass(slots=True)
class Heard:
    """What the channel knows of one ticket: who has proved to be whom, and what was said."""

    proven: set[str] = field(default_factory=set[str])
    said: list[str] = field(default_factory=list[str])
    silent: bool = False  # a human has it
    before: "Heard | None" = None  # the same ticket, when the channel had somebody else signed in

    def whole(self) -> "Heard":
        """Return the whole ticket: everybody who was ever signed in on it, and all that was said."""
        if self.before is None:
            return self
        before = self.before.whole()
        return Heard(proven=self.proven | before.proven, said=[*before.said, *self.said])


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """An order that reached the bonus system."""

    order: GrantOrder
    key: str
    at: datetime


@dataclass(slots=True, kw_only=True)
class Oracle:
    """Judges what reaches the outside. `wrong` holds a line for each thing that should not have been."""

    clock: Clock
    regime: Regime
    people: Mapping[str, Person]
    players: Mapping[str, Mapping[str, Value]]  # the platform's raw documents
    configurations: Sequence[Configuration]
    stores: MemoryStores
    tickets: dict[str, Heard] = field(default_factory=dict[str, Heard])
    minted: dict[str, StoredDecision] = field(default_factory=dict[str, StoredDecision])
    grants: list[Grant] = field(default_factory=list[Grant])
    messages: list[ExternalMessage] = field(default_factory=list[ExternalMessage])
    wrong: list[str] = field(default_factory=list[str])
    leaks: list[str] = field(default_factory=list[str])

    def of(self, ticket: str) -> Heard:
        """Return what is known of a ticket."""
        return self.tickets.setdefault(ticket, Heard())

    def signed_in(self, ticket: str, player: str) -> Heard:
        """Note that the channel has signed somebody in: nothing of another player is theirs to see.

        What was typed before, while nobody was verified, was typed by whoever signs in now.
        """
        heard = self.of(ticket)
        others = any(one == ticket and whose != player for one, whose in self.stores.subjects)
        said = [] if others else [*heard.said]
        self.tickets[ticket] = Heard(proven={player}, said=said, silent=heard.silent, before=heard)
        return self.tickets[ticket]

    def judge(self, grant: Grant) -> None:
        """Note whatever speaks against a grant."""
        decision = self.minted.get(grant.order.decision_id)
        if decision is None:
            self.wrong.append(f"invented decision: {grant.order.decision_id}")
            return
        reasons = [
            *self._not_decided(grant, decision),
            *self._not_theirs(decision),
            *self._too_often(grant, decision),
            *self._unsafe(grant),
            *self._unapproved(grant, decision),
        ]
        self.wrong += [f"{reason}: {grant.order.decision_id}" for reason in reasons]

    def _not_decided(self, grant: Grant, decision: StoredDecision) -> list[str]:
        order = grant.order
        granted = (order.player_id, order.brand, order.reward)
        wrong = [] if granted == (decision.player_id, decision.brand, decision.reward) else ["not what was decided"]
        return wrong + ([] if decision.status == "qualified" else [f"decision says {decision.status}"])

    def _not_theirs(self, decision: StoredDecision) -> list[str]:
        heard = self.of(decision.ticket_id)
        wrong = [] if decision.player_id in heard.proven else ["not the verified player of the ticket"]
        wrong += [] if TICKET.get() in {"", decision.ticket_id} else ["a decision of another ticket"]
        return wrong + (["a human has the ticket"] if heard.silent else [])

    def _too_often(self, grant: Grant, decision: StoredDecision) -> list[str]:
        before = [self.minted.get(one.order.decision_id) for one in self.grants if one is not grant]
        wrong = ["decision consumed before"] if decision in before else []
        once = _once(decision)
        if any(one is not None and one is not decision and _once(one) == once for one in before):
            wrong.append("second bonus of a day")
        of_campaign = [one for one in before if one is not None and one.configuration == LIMITED]
        most = next(one.limits.campaign_count for one in self.configurations if one.id == LIMITED) or 0
        full = decision.configuration == LIMITED and len(of_campaign) >= most
        return wrong + (["campaign is full"] if full else [])

    def _unsafe(self, grant: Grant) -> list[str]:
        player = self.players[grant.order.player_id]
        gaming = player["responsible_gaming"]
        assert isinstance(gaming, dict)
        flags = [gaming.get(name) for name in MUST_BE_FALSE] + [player.get("blocked"), player.get("aml_hold")]
        wrong = [] if all(flag is False for flag in flags) else ["vetoed"]
        name = grant.order.reason.partition("/")[0]
        in_force = [one for one in self.configurations if one.is_in_force(brand=grant.order.brand, now=grant.at)]
        return wrong + ([] if name in {one.id for one in in_force} else ["not in force"])

    def _unapproved(self, grant: Grant, decision: StoredDecision) -> list[str]:
        if not self.regime.effects:
            return ["an effect in a workflow without effects"]
        asked = [one for one in self.stores.requests.values() if one.effect_key == grant.key]
        about = next((one for one in asked if one.about is About.EFFECT), None)
        needed = self.regime.approvers_of_cash if _is_cash(decision, self.configurations) else self.regime.approvers
        if about is None:
            late = ["expired decision"] if grant.at >= decision.expires_at else []
            return late + (["not approved"] if needed else [])
        votes = {vote.approver for vote in about.votes if vote.verdict == "approve"} & APPROVERS
        denied = any(vote.verdict == "deny" for vote in about.votes) or about.state is not ApprovalState.APPROVED
        late = ["expired decision"] if about.asked_at >= decision.expires_at else []
        return late + (["not approved"] if denied or len(votes) < needed else [])

    def hear(self, ticket: str, text: str, where: str = "model request", *, whole: bool = False) -> None:
        """Note details of somebody else in a text that belongs to a ticket.

        Somebody else is whoever is not signed in now. `whole`: who takes the ticket over reads the whole of it, so
        there it is whoever never was.
        """
        heard = self.of(ticket).whole() if whole else self.of(ticket)
        mine = {mark for one in heard.proven for mark in _marks(self.people[one])}
        said, plain = "\n".join(heard.said).casefold(), text.casefold()
        for one in self.people.values():
            found = [mark for mark in _marks(one) if mark in plain and mark not in mine and mark not in said]
            self.leaks += [f"{where} of {ticket}: {mark}" for mark in found]


def _marks(person: Person) -> tuple[str, ...]:
    return tuple(mark.casefold() for mark in person.canaries)


def _once(decision: StoredDecision) -> tuple[object, ...]:
    return (decision.brand, decision.player_id, decision.configuration, decision.decided_at.date())


def _is_cash(decision: StoredDecision, configurations: Sequence[Configuration]) -> bool:
    mine = [one for one in configurations if one.id == decision.configuration]
    return any(isinstance(tier.reward, Cash) for one in mine for tier in one.tiers)


@dataclass(frozen=True, slots=True, kw_only=True)
class Minting:
    """The engine's decisions, with a copy for the oracle as they are made. A `tools.ports.Decisions`."""

    oracle: Oracle

    async def mint(self, decision: StoredDecision) -> None:
        """Store a decision."""
        await self.oracle.stores.mint(decision)
        self.oracle.minted[decision.decision_id] = decision

    async def decision(self, decision_id: str) -> StoredDecision | None:
        """Return a decision."""
        await asyncio.sleep(0)
        return await self.oracle.stores.decision(decision_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Greedy:
    """A bonus system that grants whatever is ordered, as often as it is: nothing but our gate stands before it."""

    oracle: Oracle
    lose_answers: Sequence[int] = ()  # of which orders the answer is lost

    async def templates(self, *, brand: str) -> Sequence[str]:
        """Return some template."""
        return (f"VIP_50 of {brand}",)

    async def grant(self, order: GrantOrder, *, idempotency_key: str) -> Granted | Refused:
        """Grant, and let the oracle judge."""
        for _ in range(3):  # others go on meanwhile
            await asyncio.sleep(0)
        grant = Grant(order=order, key=idempotency_key, at=self.oracle.clock())
        self.oracle.grants.append(grant)
        self.oracle.judge(grant)
        if len(self.oracle.grants) in self.lose_answers:
            raise OutcomeUnknown("the answer was lost")
        return Granted(f"B{len(self.oracle.grants)}")

    async def find_grant(self, idempotency_key: str) -> Granted | None:
        """Return the grant under a key."""
        found = [number for number, one in enumerate(self.oracle.grants, start=1) if one.key == idempotency_key]
        return Granted(f"B{found[0]}") if found else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A messenger that takes everything, and lets the oracle read it."""

    oracle: Oracle

    async def send(self, message: ExternalMessage, *, message_id: str) -> Delivered | Refused:
        """Take a message."""
        oracle, body = self.oracle, message.body
        heard = oracle.of(str(body["ticket_id"]))
        again = any(one.body["ticket_id"] == body["ticket_id"] for one in oracle.messages)
        wrong = ["a message of a silent ticket"] if heard.silent else []
        wrong += [] if body["player_id"] in heard.proven else ["a message about somebody else"]
        wrong += [] if oracle.regime.effects else ["a message in a workflow without effects"]
        oracle.wrong += [f"{one}: {message_id}" for one in wrong + (["a second message"] if again else [])]
        oracle.messages.append(message)
        oracle.hear(str(body["ticket_id"]), str(body), "external message")
        return Delivered(message_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbox:
    """The humans' inbox, with the oracle reading along."""

    oracle: Oracle
    desk: Desk

    async def transfer(self, handoff: Handoff, *, key: str) -> str:
        """Put a ticket into the inbox."""
        self.oracle.of(handoff.ticket_id).silent = True
        self.oracle.hear(handoff.ticket_id, str(handoff), "hand-over note", whole=True)
        return await self.desk.transfer(handoff, key=key)

    async def handoffs(self, ticket_id: str) -> Sequence[Document]:
        """Return the hand-overs of a ticket."""
        return await self.desk.handoffs(ticket_id)
