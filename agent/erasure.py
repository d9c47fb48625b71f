"""Erase a person: nothing that was said or known about them can be read afterwards, and the log still holds."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from agent.leasing import Holder, leased
from tools.approvals import About, ApprovalState
from tools.kept import Kept


class Forgetful(Protocol):
    """Where the states of tickets are kept."""

    async def forget(self, ticket_id: str) -> None:
        """Delete everything about a ticket; nothing where there is nothing."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """All that is kept about tickets, opened without a desk."""

    kept: Kept
    states: Forgetful
    holder: str  # this process, as leases name it
    clock: Callable[[], datetime]


async def erase_player(player_id: str, archive: Archive, *, by: str, reason: str) -> int:
    """Erase all tickets of a player; return how many were erased by this call.

    It may be called again where it was cut off, or raised `Unavailable` because somebody was reading. Each ticket is
    erased while nobody works on it. What waited for a human's yes is withdrawn: nothing may be done any more on behalf
    of somebody whom we no longer know. A doubt stays open, whether something was done: that is a question of money.
    """
    return await erase_tickets(await archive.kept.tickets_of(player_id), archive, by=by, reason=reason)


async def erase_tickets(tickets: Sequence[str], archive: Archive, *, by: str, reason: str) -> int:
    """Erase tickets, whosever they are: on one where nobody was verified a person may have said much too."""
    erased = 0
    for ticket_id in tickets:
        holder = Holder(leases=archive.kept, name=archive.holder, clock=archive.clock)
        async with leased(ticket_id, holder):
            erased += await _erase(ticket_id, archive, by=by, reason=reason)
    return erased


async def _erase(ticket_id: str, archive: Archive, *, by: str, reason: str) -> bool:
    """Erase one ticket: what is open first, then the record, then the state that the record could bring back."""
    now = archive.clock()
    for one in await archive.kept.approvals(states=(ApprovalState.OPEN,), ticket_id=ticket_id):
        if one.about is About.EFFECT:  # a doubt is one of money: the books still need a human's answer to it
            await archive.kept.withdraw(one.approval_id, at=now, why="the player's data was erased")
    try:
        return await archive.kept.erase(ticket_id, by=by, reason=reason, at=now)
    finally:
        await archive.states.forget(ticket_id)
