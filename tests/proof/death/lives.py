"""What one process does: it serves a ticket until it dies, or takes up again what others have left."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

from agent.approvals import resume_all, vote
from agent.deps import Deps
from agent.leasing import LeaseTerms
from agent.run import Handled, Message, handle
from agent.settings import read_settings
from agent.wiring import live_desk, utc_now
from tests.proof.death.mortal import End, Marker, mortal, with_gate
from tools.adapters.sql.stores import SqlStores
from tools.approvals import About, ApprovalState, Vote
from tools.ledger import EffectState

BRAND = "lucky-spin"
APPROVER = "anna"
OLD = timedelta(seconds=60)  # effects that are younger are left alone, as `croupier ledger reconcile` does
PASSES = 6  # until nothing is left to do

Said = tuple[str, str, str]  # ticket, message id, text


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """What a process is to do, as it is handed over: all of it plain."""

    environment: dict[str, str]
    office: str  # the back office's own database
    serves: Sequence[Said] = ()  # messages; where one comes to wait for a human, the human says yes
    takes_up: Sequence[Said] = ()  # what the channel delivers again
    recovers: bool = False
    operator_first: bool = False  # the doubts are asked about before the channel delivers again
    verdicts: dict[str, Literal["approve", "deny"]] | None = None  # what a human has found out about doubts
    later_s: float = 0  # by how much the clock has moved on since the first processes
    marker: str | None = None
    stays: bool = False  # at the marker it stops and stays, for somebody else to kill
    gate: str = "shipped"
    lease_s: float = 60

    @property
    def clock(self) -> Callable[[], datetime]:
        """The clock of the process."""
        later = timedelta(seconds=self.later_s)
        return lambda: utc_now() + later


async def lived(life: Life, *, say: Callable[[str], object], reached: Callable[[], object]) -> list[list[str]]:
    """Do what a life is for; return what was answered to each message that it served.

    say: tells the world outside how far it is. reached: what happens at its marker.
    """
    settings = read_settings(life.environment)
    async with live_desk(settings, clock=life.clock) as opened:
        deps = replace(opened, lease=LeaseTerms(hold_s=life.lease_s))
        if life.marker is not None:
            deps = mortal(deps, End(marker=Marker(life.marker), reached=reached, office=Path(life.office)))
        deps = with_gate(deps, life.gate)
        if not life.stays:
            say("ready")
        answers = [await _served(said, deps, say) for said in life.serves]
        for approval_id, verdict in (life.verdicts or {}).items():
            given = Vote(approver=APPROVER, verdict=verdict, reason="looked into the back office", at=deps.clock())
            await vote(approval_id, given, deps)
        if life.recovers:
            await _recovered(life, deps)
        return answers


async def _served(said: Said, deps: Deps, say: Callable[[str], object]) -> list[str]:
    """Handle a message as a channel hands it in, and where a human has to approve, do."""
    handled = await _told(said, deps)
    say("acknowledged")
    if handled.waiting is not None:
        await _approved(handled.waiting, deps)
        handled = await _told(said, deps)
    return [*handled.replies]


async def _told(said: Said, deps: Deps) -> Handled:
    ticket_id, message_id, text = said
    return await handle(Message(ticket_id=ticket_id, message_id=message_id, brand=BRAND, text=text), deps)


async def _approved(approval_id: str, deps: Deps) -> None:
    await vote(approval_id, Vote(approver=APPROVER, verdict="approve", reason="a good player", at=deps.clock()), deps)


async def _recovered(life: Life, deps: Deps) -> None:
    """Do what a channel, an operator and an approver do after a failure, until the log stands still."""
    assert isinstance(deps.record, SqlStores)
    steps = [_delivered_again, _reconciled] if not life.operator_first else [_reconciled, _delivered_again]
    for _ in range(PASSES):
        before = await deps.record.last()
        for step in steps:
            await step(life, deps)
        if await deps.record.last() == before:
            return
    raise RuntimeError(f"after {PASSES} passes there is still something to do")


async def _delivered_again(life: Life, deps: Deps) -> None:
    """Deliver again what was not acknowledged, go on with what was decided, and approve what is asked."""
    for said in life.takes_up:
        await _told(said, deps)
    await resume_all(deps)
    for one in await deps.gate.approvals.approvals(states=(ApprovalState.OPEN,), limit=1_000):
        if one.about is About.EFFECT:
            await _approved(one.approval_id, deps)


async def _reconciled(_: Life, deps: Deps) -> None:
    """Ask about every doubt that is old enough, as `croupier ledger reconcile` does."""
    doubtful, old = (EffectState.PENDING, EffectState.UNKNOWN), deps.clock() - OLD
    for effect in await deps.gate.ledger.ledger(states=doubtful, before=old, limit=1_000):
        await deps.gate.reconcile(deps.tools[effect.tool], effect, now=deps.clock())
