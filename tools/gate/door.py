"""The door: the only way from an intent to an effect.

Whoever asks, the same steps in the same order: what stands under this key; may this actor and this workflow do it now;
does everything that it rests on still hold; does a human have to say yes; claim the key; perform; write down what came
of it. An effect is `pending` before it is tried. A lost answer is `unknown`: it is settled by asking the other side,
and where that cannot tell, by a human; never by trying blindly.

Two callers that hold one key at the same moment are kept apart by the ticket's lease, and at the other side by the key.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar

from casino.values import Document
from tools.approvals import About, Approval, ApprovalState
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
    found,
    held_intent,
    kept,
    not_approved,
    repeats,
    stopped,
    unclaimed,
)
from tools.gate.doubts import OPEN, Doubts
from tools.gate.roles import Permission, may
from tools.gate.rules import Mode, Policy, policy_facts
from tools.ledger import GONE, Denied, Effect, EffectState
from tools.ports import OutcomeUnknown, Refused, Unavailable
from tools.record import Kind as Told
from tools.tool import Call, Grounds, Intent, Kind, Result, Status, Tool

HandsT = TypeVar("HandsT")


@dataclass(frozen=True, slots=True)
class Waiting:
    """A human has to decide first; the call goes on with `Gate.go_on`."""

    approval_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate(Doubts[HandsT]):
    """One desk's gate. It alone holds the hands that reach what changes the world."""

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

        But what the other side takes once, and a way to a human, is sent again under its key: no human has to be asked.
        What nobody can tell goes to the approvals inbox. While a request may still be on its way, only a yes settles
        it: a no could be overtaken.
        """
        row = await self._row(effect.key)
        young = self._is_young(row, now)
        if row.state not in OPEN or (repeats(tool, row) and young and row.state is EffectState.PENDING):
            return row
        try:
            given = await self._asked(tool, row)
        except (Unavailable, OutcomeUnknown):
            if row.state is EffectState.UNKNOWN or not young:
                await self._doubted(tool, row, now)
            return await self._row(row.key)
        if given is not None:
            await self._settle(row, EffectState.DONE, given, now)
        elif repeats(tool, row):
            await self._repeated(tool, row, now)
        elif not young:
            await self.ledger.fail(row, outcome=ABSENT, at=now)
        return await self._without_doubt(row, now)

    async def _before_asking(self, tool: Tool[Any], intent: Intent, call: Call[Any]) -> Result | None:
        """Return what this key has come to already, or why nothing may be brought about now; None: go on."""
        if tool.perform is None:
            raise TypeError(f"tool `{tool.name}` gave an intent but declares no `perform`")
        row = await self.ledger.effect(intent.key)
        if row is not None and row.state not in GONE:
            return await self._standing(tool, row, intent, call)
        if row is not None and "denied_by" in row.outcome and not repeats(tool, row):
            return await self._refused(tool, intent, call, BY_HAND)
        shut = self._shut(tool, call)
        return None if shut is None else await self._refused(tool, intent, call, shut)

    async def _standing(self, tool: Tool[Any], row: Effect, intent: Intent, call: Call[Any]) -> Result:
        """Return what the effect that stands in the way means for this one."""
        if row.key != intent.key and row.state is EffectState.DONE:
            return await self._refused(tool, intent, call, DONE_BEFORE)
        if row.key != intent.key:
            return IN_DOUBT
        return await self._settle_doubt(tool, row, intent, call) if row.state in OPEN else found(tool, row)

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
            at=self._now(call.now),
            decision_id=intent.decision_id,
            approval_id=approval_id,
        )
        match await self.ledger.claim(row, terms=grounds.terms):
            case None:
                return SHADOWED if shadow else await self._try(tool, row, intent, call)
            case Denied() as denied:
                return await self._refused(tool, intent, call, unclaimed(denied))
            case Effect() as standing:
                return await self._standing(tool, standing, intent, call)

    async def _try(self, tool: Tool[Any], row: Effect, intent: Intent, call: Call[Any]) -> Result:
        """Perform a claimed effect and write down what came of it."""
        try:
            given = await self._acted(tool, row)
        except Unavailable as error:
            data: Document = {"code": "unavailable", "message": str(error)}
            await self._settle(row, EffectState.FAILED, data, self._now(call.now))
            return Result(status=Status.UNAVAILABLE, data=data, escalate="system_unavailable")
        except OutcomeUnknown:
            standing = await self._settle(row, EffectState.UNKNOWN, IN_DOUBT.data, self._now(call.now))
            return await self._standing(tool, standing, intent, call)
        except Exception:  # the gate's effect: whatever broke may have acted before it did
            await self._noted(tool, row, self._now(call.now))
            raise
        return await self._settled(tool, row, given, self._now(call.now))

    async def _acted(self, tool: Tool[Any], row: Effect) -> Document | Refused:
        if tool.perform is None:
            raise TypeError(f"tool `{tool.name}` declares no `perform`")
        return await tool.perform(claimed_intent(row), self.hands)

    async def _acted_again(self, tool: Tool[Any], row: Effect, now: datetime) -> Document | Refused | None:
        """Perform an effect once more under its renewed claim; None where nobody knows what came of it."""
        try:
            return await self._acted(tool, row)
        except (Unavailable, OutcomeUnknown):
            return None
        except Exception:  # as at the first time
            await self._noted(tool, row, self._now(now))
            raise

    async def _settle_doubt(self, tool: Tool[Any], row: Effect, intent: Intent, call: Call[Any]) -> Result:
        """Ask the other side what became of a claimed effect; go on once more only where it is certainly absent."""
        try:
            given = await self._asked(tool, row)
        except (Unavailable, OutcomeUnknown):
            return await self._in_doubt(tool, row, call)
        if given is None:
            return await self._again(tool, row, intent, call)
        result = await self._settled(tool, row, given, self._now(call.now))
        await self._without_doubt(row, call.now)
        return result

    async def _again(self, tool: Tool[Any], row: Effect, intent: Intent, call: Call[Any]) -> Result:
        """Order an effect once more under its claim, unless what it rests on has gone meanwhile.

        The order is on the record before it is sent, so that nobody who asks while it is on its way takes a no for the
        end of it. While the first one may still arrive, no refusal is the end of it either.
        """
        barred = self._shut(tool, call) or (READ_ONLY if self._is_shadow(tool, call) else None)
        grounds = barred or await self._still(tool, row, intent, call)
        if isinstance(grounds, Result):
            return await self._given_up(tool, row, call, grounds)
        now = self._now(call.now)
        match await self.ledger.renew(row, at=now, terms=grounds.terms):
            case Denied() as denied:
                return await self._given_up(tool, row, call, unclaimed(denied))
            case Effect() as standing:
                return found(tool, standing)
            case None:
                ordered = replace(row, state=EffectState.PENDING, at=now)
        given = await self._acted_again(tool, ordered, now)
        if given is None or (isinstance(given, Refused) and self._may_arrive(tool, row, call)):
            return await self._in_doubt(tool, ordered, call)
        result = await self._settled(tool, ordered, given, self._now(call.now))
        await self._without_doubt(row, call.now)
        return result

    async def _still(self, tool: Tool[Any], row: Effect, intent: Intent, call: Call[Any]) -> Grounds | Result:
        """Read again what a claim that was left open rests on. An approval that was asked for in time outlives it."""
        grounds = await _grounds(tool, claimed_intent(row), call)
        if isinstance(grounds, Result):
            return grounds
        ends = intent.expires_at if grounds.expires_at is None else grounds.expires_at
        if ends is None or call.now < ends:
            return grounds
        by = None if row.approval_id is None else await self.approvals.approval(row.approval_id)
        if by is None or (by.about, by.effect_key, by.state) != (About.EFFECT, row.key, ApprovalState.APPROVED):
            return EXPIRED
        return grounds if by.asked_at < ends else EXPIRED

    async def _given_up(self, tool: Tool[Any], row: Effect, call: Call[Any], why: Result) -> Result:
        """Refuse to order an effect again; leave it in doubt while it may have arrived."""
        if self._may_arrive(tool, row, call):
            return await self._in_doubt(tool, row, call)
        standing = await self.ledger.fail(row, outcome=why.data, at=self._now(call.now))
        if (standing.state, standing.outcome) != (EffectState.FAILED, why.data):
            return found(tool, standing)
        await self._without_doubt(row, call.now)
        return await self._refused(tool, claimed_intent(row), call, why)

    def _may_arrive(self, tool: Tool[Any], row: Effect, call: Call[Any]) -> bool:
        return repeats(tool, row) or self._is_young(row, call.now)

    async def _repeated(self, tool: Tool[Any], row: Effect, now: datetime) -> None:
        """Send again what the other side takes once."""
        at = self._now(now)
        if await self.ledger.renew(row, at=at) is not None:  # somebody else has it
            return
        ordered = replace(row, state=EffectState.PENDING, at=at)
        given = await self._acted_again(tool, ordered, at)
        if given is None or isinstance(given, Refused):
            await self._doubted(tool, ordered, self._now(at))
        else:
            await self._settled(tool, ordered, given, self._now(at))


async def _grounds(tool: Tool[Any], intent: Intent, call: Call[Any]) -> Grounds | Result:
    return Grounds() if tool.recheck is None else await tool.recheck(intent, call)
