"""`croupier ledger`: every effect on the world, what became of it, and the doubts."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import click
from rich.console import RenderableType
from rich.text import Text

from agent.deps import Deps
from agent.wiring import utc_now
from app.cli.approval_screen import gist, moment, row, to_whom
from app.cli.exits import Exit, Stopped, run_async
from app.cli.people import as_person, asking, reading
from app.cli.places import Place, at_data, gate_rules, places, reopened
from app.cli.screen import called, people, write_json
from casino.document import Writable, dump_json
from tools.approvals import About, Approval, ApprovalState
from tools.gate.roles import Permission
from tools.ledger import Effect, EffectState
from tools.record import Entry, Kind

STYLES = {EffectState.DONE: "green", EffectState.FAILED: "red", EffectState.SHADOWED: "dim"}
DOUBTFUL = (EffectState.PENDING, EffectState.UNKNOWN)
TOLD = (Kind.EFFECT_REFUSED, Kind.EFFECT_CLAIMED, Kind.EFFECT_SHADOWED, Kind.EFFECT_SETTLED)
MOST = 10_000  # effects that one call goes over
DECISION, ISSUE = "D-", "issue:"  # how the id of a decision begins, and the key of what carries it out

_as_json = click.option("--json", "as_json", is_flag=True, help="Write JSON to stdout.")


class Wanted(NamedTuple):
    """Which effects are looked for."""

    states: Sequence[EffectState]  # none: all
    ticket: str | None
    limit: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """One effect, where it lies, what the record tells of it, and the doubt about it that waits for a human."""

    effect: Effect
    place: Place
    entries: Sequence[Entry] = ()
    doubt: Approval | None = None
    was: EffectState | None = None  # before the other side was asked; None where it was not

    @property
    def settled(self) -> bool:
        """Say whether it is known what became of it."""
        return self.effect.state not in DOUBTFUL


@click.group("ledger")
def ledger() -> None:
    """Show the effects on the world, and settle the ones in doubt."""


@ledger.command("list")
@click.option(
    "--state", "states", multiple=True, type=click.Choice([one.value for one in EffectState]), help="Only these."
)
@click.option("--ticket", help="Only those of one ticket.")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, MOST), help="At most so many.")
@at_data
@as_person
@_as_json
def list_effects(
    states: tuple[str, ...], ticket: str | None, limit: int, data: Path | None, named: str | None, *, as_json: bool
) -> None:
    """List the effects of all tickets, the newest first."""
    reading(named, gate_rules())
    wanted = Wanted([EffectState(one) for one in states], ticket, limit)
    found = run_async(_list(wanted, data))
    if as_json:
        write_json({"effects": [_document(one) for one in found]})
        return
    console = people(as_json=False)
    for one in found:
        console.print(_line(one.effect), soft_wrap=True)
    if not found:
        console.print("There is no such effect.", style="dim")


@ledger.command("show")
@click.argument("key")
@at_data
@as_person
@_as_json
def show(key: str, data: Path | None, named: str | None, *, as_json: bool) -> None:
    """Show one effect: what was wanted, what became of it, and what the record tells of it."""
    reading(named, gate_rules())
    found = run_async(_find(key, data))
    if as_json:
        write_json(_document(found))
        return
    console = people(as_json=False)
    for line in _lines(found):
        console.print(line, soft_wrap=True)


@ledger.command("reconcile")
@click.argument("key", required=False)
@click.option(
    "--older-than", default=60, show_default=True, type=click.IntRange(0), metavar="SECONDS", help="Leave newer ones."
)
@at_data
@as_person
@_as_json
def reconcile(key: str | None, older_than: int, data: Path | None, named: str | None, *, as_json: bool) -> None:
    """Ask the back office what became of the effects in doubt, or of one. No grant is made again.

    What cannot be asked waits in the approvals inbox for a human. Exit code 0 where no doubt is left, 1 where one is,
    4 where the back office is not there.
    """
    asking(named, Permission.RECONCILE, gate_rules())
    age = timedelta(seconds=older_than)
    found = run_async(_reconciled(key, age, data))
    if as_json:
        write_json({"effects": [_document(one) for one in found]})
    console = people(as_json=as_json)
    for one in found:
        console.print(_became(one, age), soft_wrap=True)
    if not found:
        console.print("Nothing is in doubt.")
    raise SystemExit(Exit.OK if all(one.settled for one in found) else Exit.FINDINGS)


async def _list(wanted: Wanted, data: Path | None) -> list[Looked]:
    found: list[Looked] = []
    is_there = wanted.ticket is None
    for place in places(data):
        async with place.kept() as kept:
            if wanted.ticket is None:
                rows = await kept.ledger(states=wanted.states, limit=wanted.limit)
            else:
                rows = await kept.effects(wanted.ticket)
                is_there = is_there or bool(rows) or bool(await kept.entries(wanted.ticket))
        found += [Looked(effect=one, place=place) for one in rows if not wanted.states or one.state in wanted.states]
    if not is_there:
        message = f'there is no ticket "{wanted.ticket}"; `croupier tickets list` shows them'
        raise Stopped(message, Exit.USAGE)
    found.sort(key=lambda one: one.effect.at, reverse=True)
    return found[: wanted.limit]


async def _find(named: str, data: Path | None) -> Looked:
    """Find an effect by its key, or by the decision that it carries out."""
    keys = (named, f"{ISSUE}{named}") if named.startswith(DECISION) else (named,)
    for place in places(data):
        async with place.kept() as kept:
            for key in keys:
                if (effect := await kept.effect(key)) is not None:
                    told = await kept.entries(effect.ticket_id, kinds=TOLD)
                    doubt = await kept.approval_for(key, About.DOUBT)
                    mine = [one for one in told if one.body.get("key") == key]
                    return Looked(effect=effect, place=place, entries=mine, doubt=doubt)
    keyed = " and none under ".join(f'"{key}"' for key in keys)
    raise Stopped(f"there is no effect under the key {keyed}; `croupier ledger list` shows them", Exit.USAGE)


async def _reconciled(key: str | None, older_than: timedelta, data: Path | None) -> list[Looked]:
    """Settle what can be settled; of one that was named, tell how it stands even where there is nothing to ask."""
    doubtful = Wanted(DOUBTFUL, None, MOST)
    wanted = await _list(doubtful, data) if key is None else [await _find(key, data)]
    found: list[Looked] = []
    for place in dict.fromkeys(one.place for one in wanted):
        mine = [one for one in wanted if one.place == place]
        if any(_is_due(one, older_than) for one in mine):
            async with reopened(place) as deps:
                mine = [await _settled(one, deps) if _is_due(one, older_than) else one for one in mine]
        found += mine
    return found


def _is_due(one: Looked, older_than: timedelta) -> bool:
    return not one.settled and one.effect.at <= utc_now() - older_than


async def _settled(one: Looked, deps: Deps) -> Looked:
    """Ask the other side about one effect. A tool that this desk does not have is left to a human."""
    tool = deps.tools.get(one.effect.tool)
    effect = one.effect
    if tool is not None:
        effect = await deps.gate.reconcile(tool, effect, now=deps.clock())
    doubt = await deps.gate.approvals.approval_for(effect.key, About.DOUBT)
    return Looked(effect=effect, place=one.place, doubt=doubt, was=one.effect.state)


def _became(one: Looked, older_than: timedelta) -> Text:
    state, line = one.effect.state, Text.assemble((one.effect.key, "bold"), "  ")
    if one.was is None and not one.settled:
        young = f"newer than {older_than // timedelta(seconds=1)} seconds, so it may be on its way: ask again later"
        return line.append(f"{state}, and {young}")
    changed = one.was is not None and one.was is not state
    line.append(f"{one.was} → {state}" if changed else state, style=STYLES.get(state, "yellow"))
    return line if one.settled else line.append(_open(one.doubt))


def _open(doubt: Approval | None) -> str:
    """Say who settles a doubt that the other side has not settled."""
    if doubt is None or doubt.state is not ApprovalState.OPEN:
        return ", nothing is there yet; it may still be on its way: ask again later"
    ask = f"{called()} approvals show {doubt.approval_id}"
    return f", and still in doubt: ask again later, or let a human look there and say what is so: {ask}"


def _line(effect: Effect) -> Text:
    """Return an effect in one line. What anybody has written is shown by `show`."""
    short = "  ".join(words for words in (to_whom(effect.intent), gist(effect.intent)) if words)
    return Text.assemble(
        (f"{effect.state.value:<8}", STYLES.get(effect.state, "bold yellow")),
        f"  {moment(effect.at)}  {effect.tool}  ",
        (effect.key, "bold"),
        f"  ticket {effect.ticket_id}",
        (f"  {short}" if short else "", "dim"),
    )


def _lines(found: Looked) -> Iterator[RenderableType]:
    effect = found.effect
    yield Text.assemble((effect.key, "bold"), "  ", (effect.state.value, STYLES.get(effect.state, "bold yellow")))
    yield row("tool", f"{effect.tool}, ticket {effect.ticket_id}, {moment(effect.at)}")
    yield row("once per", effect.business_key)
    yield row("wanted", dump_json(effect.intent))
    yield row("became", dump_json(effect.outcome))
    if effect.decision_id is not None:
        yield row("decision", effect.decision_id)
    if effect.approval_id is not None:
        yield row("approval", effect.approval_id)
    if found.doubt is not None:
        yield row("doubt", f"{found.doubt.approval_id}, {found.doubt.standing(utc_now())}")
    for entry in found.entries:
        yield row("record", f"{entry.seq}  {_told(entry, entry.at)}")


def _told(entry: Entry, at: datetime) -> str:
    state, code = entry.body.get("state"), entry.body.get("code")
    return "  ".join([moment(at), entry.kind, *(str(word) for word in (state, code) if word is not None)])


def _document(found: Looked) -> dict[str, Writable]:
    effect = found.effect
    return {
        "key": effect.key,
        "business_key": effect.business_key,
        "ticket": effect.ticket_id,
        "tool": effect.tool,
        "state": effect.state.value,
        "was": None if found.was is None else found.was.value,
        "intent": effect.intent,
        "outcome": effect.outcome,
        "at": effect.at.isoformat(),
        "decision": effect.decision_id,
        "approval": effect.approval_id,
        "doubt": None if found.doubt is None else found.doubt.approval_id,
        "entries": [{"seq": one.seq, "kind": one.kind, "at": one.at.isoformat()} for one in found.entries],
        "data": found.place.shown,
    }
