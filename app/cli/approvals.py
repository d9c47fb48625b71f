"""`croupier approvals`: what waits for a human's yes or no."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal, NamedTuple

import click
from rich.text import Text

from agent.approvals import resume_all, vote
from agent.deps import Deps
from agent.wiring import utc_now
from app.cli.approval_screen import approval_document, approval_line, approval_lines, decided, row
from app.cli.exits import Exit, Stopped, run_async
from app.cli.people import as_person, asking, reading, say_unanswered
from app.cli.places import Place, at_data, gate_rules, places, reopened
from app.cli.screen import people, write_json
from casino.document import Writable
from tools.approvals import About, Approval, ApprovalState, Vote
from tools.gate.roles import Actor, Permission
from tools.ledger import Denied, Effect, EffectState
from tools.ports import StoredDecision
from tools.record import Kind

WHY = {  # a refused vote, and how to mend it
    "own_request": "who asks for something cannot approve it: somebody else has to",
    "voted_before": "you have voted on this before; it takes the vote of somebody else",
    "expired": "it has expired; `croupier approvals resume` tells the player so",
}
OPEN = (ApprovalState.OPEN,)
UNSETTLED = frozenset({EffectState.PENDING, EffectState.UNKNOWN})
MOST = 10_000  # requests that one call goes over

_as_json = click.option("--json", "as_json", is_flag=True, help="Write JSON to stdout.")
_reason = click.option("--reason", required=True, metavar="TEXT", help="Why; it stays on the record.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One request, where it lies, and the decision and the effect that it is about."""

    approval: Approval
    place: Place
    decision: StoredDecision | None = None
    effect: Effect | None = None
    told: tuple[str, ...] = ()  # what the player heard of it

    def document(self) -> dict[str, Writable]:
        """Return it for a machine."""
        told = approval_document(self.approval, now=utc_now(), data=self.place.shown)
        effect = None if self.effect is None else self.effect.state.value
        return {**told, "effect": effect, "told": list(self.told)}


@click.group("approvals")
def approvals() -> None:
    """Say yes or no to what waits for a human."""


@approvals.command("list")
@click.option("--all", "every", is_flag=True, help="The decided ones too.")
@at_data
@as_person
@_as_json
def list_approvals(data: Path | None, named: str | None, *, every: bool, as_json: bool) -> None:
    """List what waits for a human, the newest first."""
    known = gate_rules()
    reading(named, known)
    found = run_async(_list(data, every=every))
    if as_json:
        write_json({"approvals": [one.document() for one in found]})
        return
    console = people(as_json=False)
    for one in found:
        console.print(approval_line(one.approval, now=utc_now()), soft_wrap=True)
    if any(one.approval.standing(utc_now()) is ApprovalState.OPEN for one in found):
        say_unanswered(known)
    if not found:
        console.print("Nothing waits for a human." if not every else "Nobody has been asked anything.", style="dim")


@approvals.command("show")
@click.argument("approval_id", metavar="ID")
@at_data
@as_person
@_as_json
def show(approval_id: str, data: Path | None, named: str | None, *, as_json: bool) -> None:
    """Show one request: what, for whom, how much, why by policy, the decision behind it, votes and expiry."""
    reading(named, gate_rules())
    _tell(run_async(_find(approval_id, data)), as_json=as_json)


@approvals.command("approve")
@click.argument("approval_id", metavar="ID")
@_reason
@at_data
@as_person
@_as_json
def approve(approval_id: str, reason: str, data: Path | None, named: str | None, *, as_json: bool) -> None:
    """Say yes, or of a doubt that it did take effect. Where nothing else is needed, the ticket goes on."""
    _vote(approval_id, Said("approve", reason), data=data, named=named, as_json=as_json)


@approvals.command("deny")
@click.argument("approval_id", metavar="ID")
@_reason
@at_data
@as_person
@_as_json
def deny(approval_id: str, reason: str, data: Path | None, named: str | None, *, as_json: bool) -> None:
    """Say no, or of a doubt that it certainly did not take effect. The ticket goes on, and the player is told."""
    _vote(approval_id, Said("deny", reason), data=data, named=named, as_json=as_json)


@approvals.command("resume")
@at_data
@as_person
@_as_json
def resume(data: Path | None, named: str | None, *, as_json: bool) -> None:
    """Go on with the tickets whose approval was decided, or is out of time, and that still wait."""
    asking(named, Permission.APPROVE, gate_rules())
    count = run_async(_resumed(data))
    if as_json:
        write_json({"resumed": count})
    else:
        click.echo(f"{count} ticket{'' if count == 1 else 's'} went on.")


class Said(NamedTuple):
    """What somebody says to a request."""

    verdict: Literal["approve", "deny"]
    reason: str


def _vote(approval_id: str, said: Said, *, data: Path | None, named: str | None, as_json: bool) -> None:
    if not said.reason.strip():
        raise click.UsageError("--reason is empty: say why, it stays on the record")
    actor = asking(named, Permission.APPROVE, gate_rules())
    _tell(run_async(_voted(approval_id, said, actor, data)), as_json=as_json)


async def _voted(approval_id: str, said: Said, actor: Actor, data: Path | None) -> Found:
    place = (await _find(approval_id, data)).place
    async with reopened(place) as deps:
        given = Vote(approver=actor.name, verdict=said.verdict, reason=said.reason.strip(), at=deps.clock())
        answer = await vote(approval_id, given, deps)
        if isinstance(answer, Denied):
            raise Stopped(f"{approval_id}: {await _why(answer, approval_id, deps)}", Exit.NOT_PERMITTED)
        effect = await deps.gate.ledger.effect(answer.effect_key)
        told = await _told(answer.ticket_id, deps, since=given.at)
        return Found(approval=answer, place=place, effect=effect, told=told)


async def _why(denied: Denied, approval_id: str, deps: Deps) -> str:
    """Say why a vote does not count."""
    stands = await deps.gate.approvals.approval(approval_id) if denied.code == "not_open" else None
    return WHY.get(denied.code, denied.message) if stands is None else decided(stands)


async def _told(ticket_id: str, deps: Deps, *, since: datetime) -> tuple[str, ...]:
    """Return what the player was told on a ticket since a moment."""
    said = await deps.record.entries(ticket_id, kinds=(Kind.AGENT_MESSAGE,))
    return tuple(str(entry.body["text"]) for entry in said if entry.at >= since)


async def _resumed(data: Path | None) -> int:
    count = 0
    for place in [one for one in places(data) if await _has_some(one)]:
        async with reopened(place) as deps:
            count += len(await resume_all(deps))
    return count


async def _has_some(place: Place) -> bool:
    """Say whether anything was ever asked there: only then its desk has to be opened."""
    async with place.kept() as kept:
        return bool(await kept.approvals(limit=1))


async def _list(data: Path | None, *, every: bool) -> list[Found]:
    found: list[Found] = []
    for place in places(data):
        async with place.kept() as kept:
            rows = await kept.approvals(states=() if every else OPEN, limit=MOST)
            found += [Found(approval=one, place=place) for one in rows]
    found.sort(key=lambda one: one.approval.asked_at, reverse=True)
    now = utc_now()
    return [one for one in found if every or one.approval.standing(now) is ApprovalState.OPEN]


async def _find(approval_id: str, data: Path | None) -> Found:
    for place in places(data):
        async with place.kept() as kept:
            approval = await kept.approval(approval_id)
            if approval is not None:
                decision_id = approval.intent.get("decision_id")
                decision = None if decision_id is None else await kept.decision(str(decision_id))
                effect = await kept.effect(approval.effect_key)
                return Found(approval=approval, place=place, decision=decision, effect=effect)
    shown = "`croupier approvals list` shows what waits, and with --all what was decided too"
    raise Stopped(f'there is no approval "{approval_id}"; {shown}', Exit.USAGE)


def _where(effect: Effect, approval: Approval) -> str:
    """Say where an effect stands; a no to a doubt counts once no order can arrive any more."""
    waits = approval.about is About.DOUBT and approval.state is ApprovalState.DENIED and effect.state in UNSETTLED
    later = ": your no counts once no order can arrive (`croupier approvals resume`)"
    return f"{effect.state.value}{later if waits else ''}"


def _tell(found: Found, *, as_json: bool) -> None:
    if as_json:
        write_json(found.document())
        return
    console = people(as_json=False)
    for line in approval_lines(found.approval, found.decision, now=utc_now()):
        console.print(line, soft_wrap=isinstance(line, Text))
    if found.effect is not None:
        console.print(row("effect", _where(found.effect, found.approval)))
    for text in found.told:
        console.print(row("told", text), soft_wrap=True)
