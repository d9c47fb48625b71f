"""The door: the only way from an intent to an effect.

Whoever asks, the same steps in the same order: what stands under this key; may this actor and this workflow do it now;
does everything that it rests on still hold; does a human have to say yes; claim the key; perform; write down what came
of it. An effect is `pending` before it is tried. A lost answer is `unknown`: it is settled by asking the other side,
and where that cannot tell, by a human; never by trying blindly.

Two callers that hold one key at the same moment are kept apart by the ticket's lease, and at the other side by the key.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final, Generic, TypeVar

from tenacity import AsyncRetrying, retry_if_exception_type, stop_after_attempt, wait_exponential, wait_random

from casino.values import Document, Value
from tools.approvals import About, Approval, Approvals, ApprovalState
from tools.gate.answers import (
    ABSENT,
    BY_HAND,
    DONE_BEFORE,
    EXPIRED,
    IN_DOUBT,
    NOT_YOURS,
    READ_ONLY,
    SHADOWED,
    SILENT,
    claimed_intent,
    done,
    held_intent,
    kept,
    not_approved,
    stopped,
    unclaimed,
)
from tools.gate.roles import CROUPIER, Actor, Permission, may
from tools.gate.rules import GateRules, Mode, Policy, policy_facts
from tools.ledger import GONE, Denied, Effect, EffectState, Ledger
from tools.ports import OutcomeUnknown, Refused, Unavailable
from tools.record import Kind as Told
from tools.record import Record
from tools.tool import Call, Grounds, Intent, Kind, Result, Status, Tool

HandsT = TypeVar("HandsT")

ASK_TIMES: Final = 3
IN_FLIGHT: Final = timedelta(minutes=2)  # a request that is younger than this may still arrive
DOUBT_STANDS: Final = timedelta(days=36_500)  # waiting settles no doubt
OPEN: Final = frozenset({EffectState.PENDING, EffectState.UNKNOWN})


@dataclass(frozen=True, slots=True)
class Waiting:
    """A human has to decide first; the call goes on with `Gate.go_on`."""

    approval_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate(Generic[HandsT]):
    """One desk's gate. It alone holds the hands that reach what changes the world."""

    hands: HandsT
    ledger: Ledger
    approvals: Approvals
    rules: GateRules
    record: Record
    new_id: Callable[[str], str]  # a prefix in, a fresh id out
    actor: Actor = CROUPIER  # who asks for effects, and is never their approver

    async def admit(self, tool: Tool[Any], intent: Intent, call: Call[Any]) -> Result | Waiting:
        """Bring an intent about at most once; return what became of it, or the approval that it waits for.

        The same key again gives the recorded outcome. Another key with the same business key is refused.
        """
        if (result := await self._before_asking(tool, intent, call)) is not None:
            return result
        approval = await self._asked_before(tool, intent, call)
        if approval is not None:
            return await self._by_approval(tool, approval, call)
        if intent.expires_at is not None and call.now >= intent.expires_at:
            return await self._refused(tool, intent, call, EXPIRED)
        return await self._weighed(tool, intent, call)

    async def go_on(self, tool: Tool[Any], approval: Approval, call: Call[Any]) -> Result | Waiting:
        """Go on with the intent that an approval holds. What the store says of it counts, not what is handed in."""
        known = await self.approvals.approval(approval.approval_id)
        intent = held_intent(approval if known is None else known)
        if known is None or (known.about, known.tool, known.ticket_id) != (About.EFFECT, tool.name, call.ticket_id):
            return await self._refused(tool, intent, call, NOT_YOURS)
        if (result := await self._before_asking(tool, intent, call)) is not None:
            return result
        return await self._by_approval(tool, known, call)

    async def reconcile(self, tool: Tool[Any], effect: Effect, *, now: datetime) -> Effect:
        """Ask the other side what became of a pending or unknown effect, and settle it. Nothing is done again.

        What nobody can tell goes to the approvals inbox. While a request may still be on its way, only a yes settles
        it: a no could be overtaken.
        """
        row = await self._row(effect.key)
        if row.state not in OPEN:
            return row
        young = now - row.at < IN_FLIGHT
        try:
            given = await self._ask(tool, claimed_intent(row))
        except (Unavailable, OutcomeUnknown):
            if row.state is EffectState.UNKNOWN or not young:
                await self._doubted(row, now)
            return await self._row(row.key)
        if given is None and young:
            return row
        settled = (EffectState.FAILED, ABSENT) if given is None else (EffectState.DONE, given)
        await self._settle(row, *settled, now)
        await self._without_doubt(row, now)
        return await self._row(row.key)

    async def answer(self, approval: Approval, now: datetime) -> Effect:
        """Apply to the ledger what humans have decided about a doubt; while it is open nothing changes."""
        known = await self.approvals.approval(approval.approval_id)
        if known is None or known.about is not About.DOUBT:
            raise KeyError(approval.approval_id)
        row = await self._row(known.effect_key)
        by: list[Value] = [vote.approver for vote in known.votes]
        if row.state in OPEN and known.state is ApprovalState.APPROVED:
            await self._settle(row, EffectState.DONE, {"confirmed_by": by}, now)
        elif row.state in OPEN and known.state is ApprovalState.DENIED:
            await self._settle(row, EffectState.FAILED, {"code": "denied", "denied_by": by}, now)
        return await self._row(row.key)

    async def _before_asking(self, tool: Tool[Any], intent: Intent, call: Call[Any]) -> Result | None:
        """Return what this key has come to already, or why nothing may be brought about now; None: go on."""
        if tool.perform is None:
            raise TypeError(f"tool `{tool.name}` gave an intent but declares no `perform`")
        row = await self.ledger.effect(intent.key)
        if row is not None and row.state not in GONE:
            return await self._standing(tool, row, intent, call)
        if row is not None and "denied_by" in row.outcome:
            return await self._refused(tool, intent, call, BY_HAND)
        shut = self._shut(tool, call)
        return None if shut is None else await self._refused(tool, intent, call, shut)

    async def _standing(self, tool: Tool[Any], row: Effect, intent: Intent, call: Call[Any]) -> Result:
        """Return what the effect that stands in the way means for this one."""
        if row.key != intent.key and row.state is EffectState.DONE:
            return await self._refused(tool, intent, call, DONE_BEFORE)
        if row.key != intent.key:
            return IN_DOUBT
        return done(tool, row.outcome) if row.state is EffectState.DONE else await self._settle_doubt(tool, row, call)

    def _shut(self, tool: Tool[Any], call: Call[Any]) -> Result | None:
        """Say why this actor, workflow or ticket brings nothing about now. A way to a human is never closed."""
        if not may(self.actor, Permission.REQUEST_EFFECT):
            return stopped("not_permitted", f"the roles of `{self.actor.name}` allow no effects")
        if tool.kind is Kind.TERMINAL:
            return None
        if call.silent and call.escalation is None:
            return SILENT
        return READ_ONLY if self.rules.mode(call.procedure) is Mode.READ_ONLY else None

    def _is_shadow(self, tool: Tool[Any], call: Call[Any]) -> bool:
        return tool.kind is not Kind.TERMINAL and self.rules.mode(call.procedure) is Mode.SHADOW

    async def _asked_before(self, tool: Tool[Any], intent: Intent, call: Call[Any]) -> Approval | None:
        """Return the approval that decides about this intent, where it was asked for while the intent was valid."""
        if tool.kind is Kind.TERMINAL or self._is_shadow(tool, call):
            return None
        asked = await self.approvals.approval_for(intent.key, About.EFFECT)
        if asked is None or asked.state is ApprovalState.WITHDRAWN:
            return None
        return asked if intent.expires_at is None or asked.asked_at < intent.expires_at else None

    async def _weighed(self, tool: Tool[Any], intent: Intent, call: Call[Any]) -> Result | Waiting:
        """Read again what the effect rests on, then let it through or ask a human."""
        grounds = await _grounds(tool, intent, call)
        if isinstance(grounds, Result):
            return await self._refused(tool, intent, call, grounds)
        policy = self._policy(tool, call, grounds)
        if policy is None:
            return await self._claimed(tool, intent, call, grounds)
        approval = await self.approvals.ask(self._request(tool, intent, call, policy))
        return await self._by_approval(tool, approval, call)

    def _policy(self, tool: Tool[Any], call: Call[Any], grounds: Grounds) -> Policy | None:
        """Return the policy that wants approvers; None where nobody has to be asked."""
        if tool.kind is Kind.TERMINAL or self._is_shadow(tool, call):
            return None
        policy = self.rules.policy(policy_facts(tool, call, grounds.facts))
        if policy.approvers == 0 and self.rules.mode(call.procedure) is Mode.APPROVAL:
            return replace(policy, name=f"{policy.name} (mode approval)", approvers=1)
        return policy if policy.approvers > 0 else None

    async def _by_approval(self, tool: Tool[Any], approval: Approval, call: Call[Any]) -> Result | Waiting:
        """Do as the humans have said. What they saw is what is done: the intent comes from the approval."""
        state, intent = approval.standing(call.now), held_intent(approval)
        if state is ApprovalState.OPEN:
            return Waiting(approval.approval_id)
        if state is not ApprovalState.APPROVED:
            return await self._refused(tool, intent, call, not_approved(state))
        grounds = await _grounds(tool, intent, call)
        if isinstance(grounds, Result):
            return await self._refused(tool, intent, call, grounds)
        return await self._claimed(tool, intent, call, grounds, approval_id=approval.approval_id)

    def _request(self, tool: Tool[Any], intent: Intent, call: Call[Any], policy: Policy) -> Approval:
        return Approval(
            approval_id=self.new_id("A"),
            about=About.EFFECT,
            effect_key=intent.key,
            ticket_id=call.ticket_id,
            tool=tool.name,
            policy=policy.name,
            needed=policy.approvers,
            requester=self.actor.name,
            intent=kept(intent),
            asked_at=call.now,
            expires_at=call.now + policy.expires,
        )

    async def _refused(self, tool: Tool[Any], intent: Intent, call: Call[Any], why: Result) -> Result:
        """Put a refusal of the gate on the record, once for each call and reason."""
        code = str(why.data.get("code"))
        body: Document = {
            "call": call.call_id,
            "tool": tool.name,
            "key": intent.key,
            "decision_id": intent.decision_id,
            "mode": self.rules.mode(call.procedure).value,
            "code": code,
        }
        once = f"refused:{call.call_id}:{intent.key}:{code}"
        await self.record.append(call.ticket_id, Told.EFFECT_REFUSED, body, at=call.now, once=once)
        return why

    async def _claimed(
        self, tool: Tool[Any], intent: Intent, call: Call[Any], grounds: Grounds, *, approval_id: str | None = None
    ) -> Result:
        """Claim the key, in one transaction with the limits, and only then act."""
        shadow = self._is_shadow(tool, call)
        row = Effect(
            key=intent.key,
            business_key=intent.business_key,
            ticket_id=call.ticket_id,
            tool=tool.name,
            intent=intent.body,
            state=EffectState.SHADOWED if shadow else EffectState.PENDING,
            outcome={},
            at=call.now,
            decision_id=intent.decision_id,
            approval_id=approval_id,
        )
        match await self.ledger.claim(row, terms=grounds.terms):
            case None:
                return SHADOWED if shadow else await self._try(tool, row, call)
            case Denied() as denied:
                return await self._refused(tool, intent, call, unclaimed(denied))
            case Effect() as standing:
                return await self._standing(tool, standing, intent, call)

    async def _try(self, tool: Tool[Any], row: Effect, call: Call[Any]) -> Result:
        """Perform a claimed effect and write down what came of it."""
        try:
            given = await self._performed(tool, row, call.now)
        except Unavailable as error:
            data: Document = {"code": "unavailable", "message": str(error)}
            await self._settle(row, EffectState.FAILED, data, call.now)
            return Result(status=Status.UNAVAILABLE, data=data, escalate="system_unavailable")
        except OutcomeUnknown:
            await self._settle(row, EffectState.UNKNOWN, IN_DOUBT.data, call.now)
            return await self._settle_doubt(tool, replace(row, state=EffectState.UNKNOWN), call)
        return await self._settled(tool, row, given, call.now)

    async def _performed(self, tool: Tool[Any], row: Effect, now: datetime) -> Document | Refused:
        if tool.perform is None:
            raise TypeError(f"tool `{tool.name}` declares no `perform`")
        try:
            return await tool.perform(claimed_intent(row), self.hands)
        except (Unavailable, OutcomeUnknown):
            raise
        except Exception:  # the gate's effect: whatever broke may have acted before it did
            await self._doubted(row, now)
            raise

    async def _settle_doubt(self, tool: Tool[Any], row: Effect, call: Call[Any]) -> Result:
        """Ask the other side what became of a claimed effect; go on once more only where it is certainly absent."""
        try:
            given = None if tool.repeatable else await self._ask(tool, claimed_intent(row))
        except (Unavailable, OutcomeUnknown):
            return await self._in_doubt(tool, row, call)
        if given is None:
            return await self._again(tool, row, call)
        result = await self._settled(tool, row, given, call.now)
        await self._without_doubt(row, call.now)
        return result

    async def _again(self, tool: Tool[Any], row: Effect, call: Call[Any]) -> Result:
        """Perform an effect once more under its claim, unless what it rests on has gone meanwhile.

        While the first request may still be on its way, no refusal is the end of it: it could arrive after all.
        """
        intent = claimed_intent(row)
        barred = self._shut(tool, call) or (READ_ONLY if self._is_shadow(tool, call) else None)
        grounds = barred or await _grounds(tool, intent, call)
        may_arrive = tool.repeatable or call.now - row.at < IN_FLIGHT
        if isinstance(grounds, Result) and not may_arrive:
            await self._settle(row, EffectState.FAILED, grounds.data, call.now)
            return await self._refused(tool, intent, call, grounds)
        if isinstance(grounds, Result):
            return await self._in_doubt(tool, row, call)
        try:
            given = await self._performed(tool, row, call.now)
        except (Unavailable, OutcomeUnknown):
            return await self._in_doubt(tool, row, call)
        if isinstance(given, Refused) and may_arrive:
            return await self._in_doubt(tool, row, call)
        result = await self._settled(tool, row, given, call.now)
        await self._without_doubt(row, call.now)
        return result

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
        await self._doubted(row, call.now)
        now_there = await self._row(row.key)
        return done(tool, now_there.outcome) if now_there.state is EffectState.DONE else IN_DOUBT

    async def _doubted(self, row: Effect, now: datetime) -> None:
        """Note that nobody knows, and put the question into the approvals inbox."""
        if row.state is not EffectState.UNKNOWN:
            await self._settle(row, EffectState.UNKNOWN, IN_DOUBT.data, now)
        asked = await self.approvals.approval_for(row.key, About.DOUBT)
        if asked is None or asked.state is ApprovalState.WITHDRAWN:
            asked = await self.approvals.ask(self._question(row, now))
        if asked.state is not ApprovalState.OPEN:  # a dead process had not applied it
            await self.answer(asked, now)

    def _question(self, row: Effect, now: datetime) -> Approval:
        return Approval(
            approval_id=self.new_id("A"),
            about=About.DOUBT,
            effect_key=row.key,
            ticket_id=row.ticket_id,
            tool=row.tool,
            policy="outcome unknown",
            needed=1,
            requester=self.actor.name,
            intent=kept(claimed_intent(row)),
            asked_at=now,
            expires_at=now + DOUBT_STANDS,
        )

    async def _without_doubt(self, row: Effect, now: datetime) -> None:
        """Take the question back: the other side has answered it."""
        asked = await self.approvals.approval_for(row.key, About.DOUBT)
        if asked is not None and asked.state is ApprovalState.OPEN:
            await self.approvals.withdraw(asked.approval_id, at=now, why="the other side has answered")

    async def _settled(self, tool: Tool[Any], row: Effect, given: Document | Refused, now: datetime) -> Result:
        """Record a definite answer."""
        if isinstance(given, Refused):
            await self._settle(row, EffectState.FAILED, {"code": given.code, "message": given.message}, now)
            return stopped(given.code, given.message)
        await self._settle(row, EffectState.DONE, given, now)
        return done(tool, given)

    async def _settle(self, row: Effect, state: EffectState, outcome: Document, now: datetime) -> None:
        await self.ledger.settle(row.key, state=state, outcome=outcome, at=now)

    async def _row(self, key: str) -> Effect:
        row = await self.ledger.effect(key)
        if row is None:
            raise KeyError(key)
        return row


async def _grounds(tool: Tool[Any], intent: Intent, call: Call[Any]) -> Grounds | Result:
    return Grounds() if tool.recheck is None else await tool.recheck(intent, call)
