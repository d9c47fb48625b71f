"""One process at a time works on a ticket: a lease that is prolonged while it works and given back at the end."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from tools.leases import Leases
from tools.ports import Unavailable


class TicketBusy(Exception):  # noqa: N818  # named by what is so
    """Another process works on the ticket and does not come to an end; nothing was taken, so send it again later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaseTerms:
    """How long a process holds a ticket without a sign of life, and how long another waits for it. In seconds."""

    hold_s: float = 60
    wait_s: float = 90
    poll_s: float = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """This process, as it holds tickets. `name` is its own and nobody else's."""

    leases: Leases
    name: str
    clock: Callable[[], datetime]
    terms: LeaseTerms = LeaseTerms()


@asynccontextmanager
async def leased(ticket_id: str, holder: Holder) -> AsyncGenerator[None]:
    """Hold the ticket's lease. Raises `TicketBusy` where it is not to be had in time.

    Where this process is stopped for longer than the lease lasts, another may go on with the ticket. No effect happens
    twice by that, since the ledger takes a key once.
    """
    if not await _held(ticket_id, holder):
        raise TicketBusy(f"ticket `{ticket_id}` is being worked on elsewhere; nothing was taken, send it again later")
    keeping = asyncio.create_task(_prolonged(ticket_id, holder))
    try:
        yield
    finally:
        keeping.cancel()
        await asyncio.gather(keeping, return_exceptions=True)
        with suppress(Unavailable):  # it runs out by itself
            await holder.leases.release(ticket_id, holder=holder.name)


async def _held(ticket_id: str, holder: Holder) -> bool:
    """Take the lease, and wait for another holder; False where that takes too long."""
    loop = asyncio.get_running_loop()
    end = loop.time() + holder.terms.wait_s
    while not await _hold(ticket_id, holder):
        if loop.time() >= end:
            return False
        await asyncio.sleep(holder.terms.poll_s)
    return True


async def _prolonged(ticket_id: str, holder: Holder) -> None:
    """Prolong the lease well before it runs out, for as long as the work goes on."""
    while True:
        await asyncio.sleep(holder.terms.hold_s / 4)
        with suppress(Unavailable):  # there is time for another try
            await _hold(ticket_id, holder)


async def _hold(ticket_id: str, holder: Holder) -> bool:
    now = holder.clock()
    until = now + timedelta(seconds=holder.terms.hold_s)
    return await holder.leases.hold(ticket_id, holder=holder.name, now=now, until=until)
