"""What a gate is made of, and what it does about an effect of which nobody knows whether it is there."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Generic, TypeVar

from tenacity import AsyncRetrying, retry_if_exception_type, stop_after_attempt, wait_exponential, wait_random

from casino.values import Document, Value
from tools.approvals import About, Approval, Approvals, ApprovalState
from tools.gate.answers import BY_NAME, IN_DOUBT, claimed_intent, done, found, kept, repeats, stopped
from tools.gate.roles import CROUPIER, Actor
from tools.gate.rules import GateRules
from tools.ledger import Effect, EffectState, Ledger
from tools.ports import OutcomeUnknown, Refused, Unavailable
from tools.record import Erased, Record
from tools.record import Kind as Told
from tools.tool import Call, Intent, Result, Tool

HandsT = TypeVar("HandsT")

ASK_TIMES: Final = 3
IN_FLIGHT: Final = timedelta(minutes=2)  # a request that is younger than this may still arrive
DOUBT_STANDS: Final = timedelta(days=36_500)  # waiting settles no doubt
OPEN: Final = frozenset({EffectState.PENDING, EffectState.UNKNOWN})


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubts(Generic[HandsT]):
    """All that a gate works with, and how it settles doubts. It never acts: that is the door's alone."""

    hands: HandsT
    ledger: Ledger
    approvals: Approvals
    rules: GateRules
    record: Record
    new_id: Callable[[str], str]  # a prefix in, a fresh id out
    actor: Actor = CROUPIER  # who asks for effects, and is never their approver
    clock: Callable[[], datetime] | None = None  # tells when an order is sent; None: the time of its call
    in_flight: timedelta = IN_FLIGHT  # longer than any request to the other side may last

    async def answer(self, approval: Approval, now: datetime) -> Effect:
        """Apply to the ledger what humans have decided about a doubt; while it is open nothing changes.

        A no waits until no order can arrive any more: somebody who has looked and found nothing may have looked too
        early. Meanwhile the business key stays taken.
        """
        known = await self.approvals.approval(approval.approval_id)
        if known is None or known.about is not About.DOUBT:
            raise KeyError(approval.approval_id)
        row = await self._row(known.effect_key)
        by: list[Value] = [vote.approver for vote in known.votes]
        under_way = self._is_young(row, now)
        if row.state in OPEN and known.state is ApprovalState.APPROVED:
            await self._settle(row, EffectState.DONE, {BY_NAME: by}, now)
        elif row.state in OPEN and known.state is ApprovalState.DENIED and not under_way:
            await self.ledger.fail(row, outcome={"code": "denied", "denied_by": by}, at=now)
        return await self._row(row.key)

    def _now(self, known: datetime) -> datetime:
        """Return the time: reading what an effect rests on may have taken a while since the call began."""
        return known if self.clock is None else max(known, self.clock())

    def _is_young(self, row: Effect, now: datetime) -> bool:
        """Say whether the newest order may still be on its way."""
        return now - row.at < self.in_flight

    async def _asked(self, tool: Tool[Any], row: Effect) -> Document | None:
        """Ask what became of an effect; None: it is not there, or may simply be done once more."""
        if tool.repeatable and repeats(tool, row):
            return None
        try:
            return await self._ask(tool, claimed_intent(row))
        except (Unavailable, OutcomeUnknown):
            if repeats(tool, row):
                return None
            raise

    async def _ask(self, tool: Tool[Any], intent: Intent) -> Document | None:
        """Ask with back-off, a few times. A tool that cannot ask leaves the doubt standing."""
        if tool.reconcile is None:
            raise OutcomeUnknown
        async for attempt in AsyncRetrying(
            retry=retry_if_exception_type(Unavailable),
            stop=stop_after_attempt(ASK_TIMES),
            wait=wait_exponential(multiplier=0.05, max=1) + wait_random(0, 0.05),
            reraise=True,
        ):
            with attempt:
                return await tool.reconcile(intent, self.hands)
        raise OutcomeUnknown

    async def _in_doubt(self, tool: Tool[Any], row: Effect, call: Call[Any]) -> Result:
        """Leave a doubt to a human; where one has settled it already, that counts."""
        await self._doubted(tool, row, self._now(call.now))
        now_there = await self._row(row.key)
        return found(tool, now_there) if now_there.state is EffectState.DONE else IN_DOUBT

    async def _noted(self, tool: Tool[Any], row: Effect, now: datetime) -> None:
        """Note a doubt on the way out; where the store fails, the effect stays pending, which is a doubt as well."""
        with suppress(Unavailable, KeyError):
            await self._doubted(tool, row, now)

    async def _doubted(self, tool: Tool[Any], row: Effect, now: datetime) -> None:
        """Note that nobody knows, and put the question into the approvals inbox, unless it may simply be done again."""
        unknown = row.state is EffectState.UNKNOWN
        standing = await (self._row(row.key) if unknown else self._settle(row, EffectState.UNKNOWN, IN_DOUBT.data, now))
        if repeats(tool, row) or standing.state not in OPEN:
            return
        asked = await self.approvals.approval_for(row.key, About.DOUBT)
        if asked is None or asked.state is ApprovalState.WITHDRAWN:
            asked = await self.approvals.ask(self._question(row, now))
        if asked.state is not ApprovalState.OPEN:  # a dead process had not applied it
            await self.answer(asked, now)

    def _question(self, row: Effect, now: datetime, *, why: str = "outcome unknown") -> Approval:
        return Approval(
            approval_id=self.new_id("A"),
            about=About.DOUBT,
            effect_key=row.key,
            ticket_id=row.ticket_id,
            tool=row.tool,
            policy=why,
            needed=1,
            requester=self.actor.name,
            intent=kept(claimed_intent(row)),
            asked_at=now,
            expires_at=now + DOUBT_STANDS,
        )

    async def _without_doubt(self, row: Effect, now: datetime) -> Effect:
        """Take the question back where the other side has answered it; return how the effect stands."""
        standing = await self._row(row.key)
        if standing.state in OPEN:
            return standing
        asked = await self.approvals.approval_for(row.key, About.DOUBT)
        if asked is not None and asked.state is ApprovalState.OPEN:
            await self.approvals.withdraw(asked.approval_id, at=now, why="the other side has answered")
        return standing

    async def _settled(self, tool: Tool[Any], row: Effect, given: Document | Refused, now: datetime) -> Result:
        """Record a definite answer. What is there is there, whatever the ledger was told meanwhile."""
        if isinstance(given, Refused):
            standing = await self._settle(row, EffectState.FAILED, {"code": given.code, "message": given.message}, now)
            return found(tool, standing) if standing.state is EffectState.DONE else stopped(given.code, given.message)
        if (await self._settle(row, EffectState.DONE, given, now)).state is not EffectState.DONE:
            await self._contradicted(row, given, now)
        return done(tool, given)

    async def _contradicted(self, row: Effect, given: Document, now: datetime) -> None:
        """Tell a human of an effect that came about after it had failed, when another had taken its place already."""
        body: Document = {"what": "effect", "why": "done_after_failed", "key": row.key, "given": dict(given)}
        with suppress(Erased):
            once = f"contradicted:{row.key}"
            await self.record.append(row.ticket_id, Told.FAILURE, body, at=now, once=once)
        await self.approvals.ask(self._question(row, now, why="done after it had failed, and another was done too"))

    async def _settle(self, row: Effect, state: EffectState, outcome: Document, now: datetime) -> Effect:
        return await self.ledger.settle(row.key, state=state, outcome=outcome, at=now)

    async def _row(self, key: str) -> Effect:
        row = await self.ledger.effect(key)
        if row is None:
            raise KeyError(key)
        return row
