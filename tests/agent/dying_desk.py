"""A process that handles one message and may die at a marker. Run by test_death.py, never imported by it.

usage: dying_desk.py MARKER MESSAGE_ID TEXT     MARKER: none | claimed | sent | done | settled | voted
       dying_desk.py MARKER approve             says yes to what waits, and goes on with it
"""

import asyncio
import os
import signal
import sys
from dataclasses import dataclass, replace
from datetime import datetime

from agent.approvals import resume_all, vote
from agent.deps import Deps
from agent.leasing import LeaseTerms
from agent.run import Message, handle
from agent.settings import read_settings
from agent.wiring import live_desk
from casino.values import Document
from tools.approvals import Approval, Approvals, ApprovalState, Vote
from tools.ledger import Denied, Effect, EffectState, Ledger
from tools.ports import BonusSystem, Granted, GrantOrder, Refused
from tools.record import Kind


def die() -> None:
    """Die as a process dies that loses its power."""
    os.kill(os.getpid(), signal.SIGKILL)


@dataclass(frozen=True, slots=True)
class DyingBonuses:
    """The real bonus system, around which the process may die."""

    real: BonusSystem
    marker: str

    async def templates(self, *, brand: str) -> list[str]:
        """Ask the real one."""
        return [*await self.real.templates(brand=brand)]

    async def grant(self, order: GrantOrder, *, idempotency_key: str) -> Granted | Refused:
        """Die before it is asked, while it works, or after it has answered."""
        if self.marker == "claimed":
            die()
        if self.marker == "sent":
            asyncio.get_running_loop().call_later(0.002, die)
        granted = await self.real.grant(order, idempotency_key=idempotency_key)
        if self.marker in {"sent", "done"}:
            die()
        return granted

    async def find_grant(self, idempotency_key: str) -> Granted | None:
        """Ask the real one."""
        return await self.real.find_grant(idempotency_key)


@dataclass(frozen=True, slots=True)
class DyingLedger:
    """The real ledger; the process may die once it has settled an issue."""

    real: Ledger
    marker: str

    def __getattr__(self, name: str) -> object:
        """Hand everything else to the real one."""
        return getattr(self.real, name)

    async def settle(self, key: str, *, state: EffectState, outcome: Document, at: datetime) -> Effect:
        """Settle, and perhaps die."""
        settled = await self.real.settle(key, state=state, outcome=outcome, at=at)
        if self.marker == "settled" and key.startswith("issue:"):
            die()
        return settled


@dataclass(frozen=True, slots=True)
class DyingApprovals:
    """The real approvals; the process may die once somebody has voted."""

    real: Approvals
    marker: str

    def __getattr__(self, name: str) -> object:
        """Hand everything else to the real one."""
        return getattr(self.real, name)

    async def vote(self, approval_id: str, vote: Vote) -> Approval | Denied:
        """Take the vote, and perhaps die."""
        voted = await self.real.vote(approval_id, vote)
        if self.marker == "voted":
            die()
        return voted


async def approve(deps: Deps) -> None:
    """Say yes to what waits, go on with what was decided, and tell what the player was told."""
    for one in await deps.gate.approvals.approvals(states=(ApprovalState.OPEN,)):
        given = Vote(approver="anna", verdict="approve", reason="seen", at=deps.clock())
        await vote(one.approval_id, given, deps)
    await resume_all(deps)
    said = await deps.record.entries("t1", kinds=(Kind.AGENT_MESSAGE,))
    sys.stdout.write("\n".join(str(entry.body["text"]) for entry in said))


async def main(marker: str, message_id: str, text: str = "") -> None:
    """Handle one message on the ticket, or what waits for a human."""
    async with live_desk(read_settings(os.environ)) as deps:
        hands = replace(deps.gate.hands, bonuses=DyingBonuses(deps.gate.hands.bonuses, marker))
        gate = replace(deps.gate, hands=hands, ledger=DyingLedger(deps.gate.ledger, marker))
        gate = replace(gate, approvals=DyingApprovals(deps.gate.approvals, marker))
        dying = replace(deps, gate=gate, lease=LeaseTerms(hold_s=1))
        if message_id == "approve":
            await approve(dying)
            return
        message = Message(ticket_id="t1", message_id=message_id, brand="lucky-spin", text=text)
        handled = await handle(message, dying)
        sys.stdout.write("\n".join(handled.replies))


asyncio.run(main(*sys.argv[1:]))
