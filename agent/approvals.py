"""A human's word on what waits for one: it is written down, and the ticket goes on."""

import logging
from collections.abc import Sequence
from contextlib import suppress
from typing import Final

from agent.deps import Deps
from agent.leasing import TicketBusy
from agent.run import Decided, Handled, handle
from casino.values import Document
from tools.approvals import About, Approval, ApprovalState, Vote
from tools.gate.roles import Permission, may
from tools.ledger import Denied, EffectState
from tools.ports import Unavailable, UnusableStore
from tools.record import Erased, Kind

DECIDED: Final = (ApprovalState.APPROVED, ApprovalState.DENIED, ApprovalState.EXPIRED)
DOUBTFUL: Final = (EffectState.PENDING, EffectState.UNKNOWN)
LOG: Final = logging.getLogger(__name__)
MOST: Final = 10_000  # requests of a state that one call goes over, the newest


async def vote(approval_id: str, given: Vote, deps: Deps) -> Approval | Denied:
    """Add a vote; where it decides, go on with what waited for it.

    Denied, and nothing has changed: `not_permitted` where the rules of the gate do not let this person approve, and
    what `Approvals.vote` denies. What cannot be carried out at once is carried out by `resume_all`.
    """
    if not may(deps.gate.rules.actor(given.approver), Permission.APPROVE):
        return Denied("not_permitted", f"`{given.approver}` may not approve")
    answer = await deps.gate.approvals.vote(approval_id, given)
    if isinstance(answer, Approval) and answer.state in DECIDED:
        await _go_on(answer, deps)
    return answer


async def resume_all(deps: Deps) -> Sequence[Handled]:
    """Go on with everything whose request was decided or is out of time; return the tickets that went on.

    A ticket on which something breaks is reported and left as it is, for the next call; the others go on.
    """
    now = deps.clock()
    decided = await deps.gate.approvals.approvals(states=DECIDED, limit=MOST)
    opened = await deps.gate.approvals.approvals(states=(ApprovalState.OPEN,), limit=MOST)
    late = [one for one in opened if one.standing(now) is ApprovalState.EXPIRED]
    handled = [await _isolated(one, deps) for one in [*reversed(decided), *reversed(late)]]
    return [one for one in handled if one is not None and not one.repeated]


async def _isolated(approval: Approval, deps: Deps) -> Handled | None:
    """Go on with one, and report what breaks by its type alone: what it says may be personal."""
    try:
        return None if await _is_over(approval, deps) else await _go_on(approval, deps)
    except Exception as error:  # noqa: BLE001  # the edge of one ticket: it may not keep the others from going on
        why = type(error).__name__
        LOG.warning("ticket %s did not go on (%s): %s", approval.ticket_id, approval.approval_id, why)
        body: Document = {"what": "resume", "why": why}
        once = f"failure:resume:{approval.approval_id}:{why}"
        with suppress(Erased, Unavailable, UnusableStore):  # then the log has it
            await deps.record.append(approval.ticket_id, Kind.FAILURE, body, at=deps.clock(), once=once)
        return None


async def _is_over(approval: Approval, deps: Deps) -> bool:
    """Say whether the record tells that the turn which waited has come to its end: then no state is read."""
    if approval.about is not About.EFFECT:
        return False
    turns = [turn.body for turn in await deps.record.entries(approval.ticket_id, kinds=(Kind.TURN,))]
    asked = [turn.get("message") for turn in turns if turn.get("waiting") == approval.approval_id]
    newest = {turn.get("message"): turn.get("waiting") for turn in turns}
    return any(newest[message] is None for message in asked)


async def _go_on(approval: Approval, deps: Deps) -> Handled | None:
    """Settle a doubt as a human has found it, or let the ticket go on; None where nothing is left to do."""
    match approval.about:
        case About.DOUBT:
            effect = await deps.gate.ledger.effect(approval.effect_key)
            if effect is not None and effect.state in DOUBTFUL and approval.state in DECIDED:
                await deps.gate.answer(approval, deps.clock())
            return None
        case About.EFFECT:
            snapshot = await deps.graph.stands(approval.ticket_id)
            if not snapshot.tasks:  # it neither waits, nor was it cut off as it went on
                return None
            with suppress(TicketBusy):  # whoever works on it goes on with it, or else the next call does
                return await handle(Decided(ticket_id=approval.ticket_id), deps)
            return None
