"""A process that handles one message and may die at a marker. Run by test_death.py, never imported by it.

usage: dying_desk.py MARKER MESSAGE_ID TEXT     MARKER: none | claimed | sent | done | settled
"""

import asyncio
import os
import signal
import sys
from dataclasses import dataclass, replace
from datetime import datetime

from agent.run import Message, handle
from agent.settings import read_settings
from agent.wiring import live_desk
from casino.values import Document
from tools.ports import BonusSystem, EffectState, Granted, GrantOrder, Ledger, Refused


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

    async def settle(self, key: str, *, state: EffectState, outcome: Document, at: datetime) -> None:
        """Settle, and perhaps die."""
        await self.real.settle(key, state=state, outcome=outcome, at=at)
        if self.marker == "settled" and key.startswith("issue:"):
            die()


async def main(marker: str, message_id: str, text: str) -> None:
    """Handle one message on the ticket."""
    async with live_desk(read_settings(os.environ)) as deps:
        world = replace(deps.world, bonuses=DyingBonuses(deps.world.bonuses, marker))
        dying = replace(deps, world=world, ledger=DyingLedger(deps.ledger, marker))
        message = Message(ticket_id="t1", message_id=message_id, brand="lucky-spin", text=text)
        handled = await handle(message, dying)
        sys.stdout.write("\n".join(handled.replies))


asyncio.run(main(*sys.argv[1:]))
