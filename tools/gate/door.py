"""The door: claim the key, record the intent, perform, record the outcome.

An effect is `pending` before it is tried. A time-out is `unknown` and is settled by asking, never by trying blindly.
"""

from dataclasses import dataclass
from typing import Any

from tenacity import AsyncRetrying, retry_if_exception_type, stop_after_attempt, wait_exponential_jitter

from casino.values import Document
from tools.legal import refusal
from tools.ports import Effect, EffectState, Ledger, OutcomeUnknown, Refused, Unavailable
from tools.tool import Call, Fact, Intent, Perform, Result, Status, Tool

ASK_TIMES = 3
IN_DOUBT = Result(
    status=Status.UNKNOWN,
    data={"code": "outcome_unknown", "message": "it is not known whether this took effect; a human will check"},
    escalate="outcome_unknown",
)


@dataclass(frozen=True, slots=True)
class Gate:
    """One intent on its way through: the tool, the call that it came from, and the ledger."""

    tool: Tool[Any]
    call: Call[Any]
    ledger: Ledger
    do: Perform[Any]

    async def pass_through(self, intent: Intent) -> Result:
        """Bring an intent about at most once and return what became of it.

        The same key again returns the recorded outcome. Another key with the same business key is refused.
        """
        standing = await self.ledger.claim(self._pending(intent))
        if standing is None:
            return await self._try(intent)
        if standing.key != intent.key and standing.state is EffectState.DONE:
            return refusal("done_before", "this has been done before, under another key")
        if standing.key != intent.key:
            return IN_DOUBT
        if standing.state is EffectState.DONE:
            return self._done(standing.outcome)
        return await self._settle_doubt(intent)

    def _pending(self, intent: Intent) -> Effect:
        return Effect(
            key=intent.key,
            business_key=intent.business_key,
            ticket_id=self.call.ticket_id,
            tool=self.tool.name,
            intent=intent.body,
            state=EffectState.PENDING,
            outcome={},
            at=self.call.now,
        )

    async def _try(self, intent: Intent) -> Result:
        """Perform a claimed effect and write down its outcome."""
        try:
            return await self._settled(intent, await self.do(intent, self.call.world))
        except Unavailable as error:
            data: Document = {"code": "unavailable", "message": str(error)}
            await self._settle(intent, EffectState.FAILED, data)
            return Result(status=Status.UNAVAILABLE, data=data, escalate="system_unavailable")
        except OutcomeUnknown:
            await self._settle(intent, EffectState.UNKNOWN, {})
            return await self._settle_doubt(intent)

    async def _settle_doubt(self, intent: Intent) -> Result:
        """Ask the other side what became of the effect; try once more only where it is certainly absent."""
        try:
            given = await self._asked(intent)
            return await self._settled(intent, await self.do(intent, self.call.world) if given is None else given)
        except (Unavailable, OutcomeUnknown):
            await self._settle(intent, EffectState.UNKNOWN, IN_DOUBT.data)
            return IN_DOUBT

    async def _asked(self, intent: Intent) -> Document | None:
        """Ask with back-off, a few times. A tool that cannot ask leaves the doubt standing."""
        if self.tool.reconcile is None:
            raise OutcomeUnknown
        async for attempt in AsyncRetrying(
            retry=retry_if_exception_type(Unavailable),
            stop=stop_after_attempt(ASK_TIMES),
            wait=wait_exponential_jitter(multiplier=0.05, max=1, jitter=0.05),
            reraise=True,
        ):
            with attempt:
                return await self.tool.reconcile(intent, self.call.world)
        raise OutcomeUnknown

    async def _settled(self, intent: Intent, given: Document | Refused) -> Result:
        """Record a definite answer."""
        if isinstance(given, Refused):
            data: Document = {"code": given.code, "message": given.message}
            await self._settle(intent, EffectState.FAILED, data)
            return Result(status=Status.REFUSED, data=data, escalate="effect_refused")
        await self._settle(intent, EffectState.DONE, given)
        return self._done(given)

    async def _settle(self, intent: Intent, state: EffectState, outcome: Document) -> None:
        await self.ledger.settle(intent.key, state=state, outcome=outcome, at=self.call.now)

    def _done(self, given: Document) -> Result:
        established = {name: Fact(value=given) for name in self.tool.establishes[:1]}
        return Result(
            status=Status.DONE,
            data=given,
            establishes=established,
            spends=self.tool.spends,
            outcome=self.tool.outcome,
        )


async def perform(tool: Tool[Any], intent: Intent, call: Call[Any], ledger: Ledger) -> Result:
    """Let one intent through the gate."""
    if tool.perform is None:
        raise TypeError(f"tool `{tool.name}` gave an intent but declares no `perform`")
    return await Gate(tool, call, ledger, tool.perform).pass_through(intent)
