"""`croupier audit evidence` and `erase`: answer for a ticket or a person, and forget a person."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import click

from agent.erasure import erase_tickets
from agent.leasing import TicketBusy
from agent.wiring import open_archive, utc_now
from app.cli.audit_place import as_json_option, audited_place, key_option, private_key, written
from app.cli.configured import settings
from app.cli.exits import Exit, Stopped, run_async
from app.cli.people import as_person, asking
from app.cli.places import at_data, gate_rules
from app.cli.screen import write_json
from casino.bonus.told.explain import Style, explain
from casino.document import dump_json
from casino.values import Document
from tools.audit.evidence import Pack
from tools.audit.evidence import evidence as evidence_of
from tools.audit.files import write_private
from tools.audit.heads import sign
from tools.audit.store import gathered
from tools.gate.roles import Permission
from tools.kept import Kept
from tools.ports import StoredDecision
from tools.record import ERASED

STAYS = {  # after an erasure, and why
    "ids, amounts, currency, configuration and times of grants": "the books, and the limits that count grants",
    "the lines of the log, sealed, whose keys are gone": "the chain, which shows that nothing else was taken out",
    "who erased it, when and why": "whoever asks later",
}


@click.command("evidence")
@click.option("--ticket", metavar="ID", help="Of one ticket.")
@click.option("--player", metavar="ID", help="Of all tickets of one player.")
@click.option("--out", required=True, metavar="FILE", type=click.Path(path_type=Path), help="Where to.")
@key_option
@at_data
@as_person
@as_json_option
def evidence(  # noqa: PLR0913  # one option each
    ticket: str | None,
    player: str | None,
    out: Path,
    key_file: Path | None,
    data: Path | None,
    named: str | None,
    *,
    as_json: bool,
) -> None:
    """Write all that is kept about a ticket or a player into one file, which says what each part of it proves.

    What was said is readable in it: only you may read the file. With a key the head of the log is signed into it.
    """
    actor = asking(named, Permission.EXPORT_AUDIT, gate_rules())
    tickets, sha256 = run_async(_evidence(_about(ticket, player), out, key_file, data, by=actor.name))
    if as_json:
        write_json({"file": str(out), "sha256": sha256, "tickets": [*tickets]})
    else:
        click.echo(f"{out}: {', '.join(tickets)}\nsha256 {sha256}")


async def _evidence(
    about: Document, out: Path, key_file: Path | None, data: Path | None, *, by: str
) -> tuple[Sequence[str], str]:
    place = audited_place(data)
    signs = key_file is not None or settings().audit_key is not None
    key = private_key(key_file) if signs else None
    async with place.kept() as kept:
        tickets = await _tickets(kept, about, place.shown)
        log, links = await gathered(kept, tickets)
        now = utc_now()
        head = None if key is None or log.last is None or not log.holds else sign(log.last, key, at=now)
        pack = Pack(kept=kept, tickets=tickets, links=links, log=log, head=head, told=_told)
        text = dump_json(await evidence_of(pack, about=about, by=by, at=now)) + "\n"
    with written(out):
        write_private(out, text)
    return tickets, hashlib.sha256(text.encode()).hexdigest()


def _about(ticket: str | None, player: str | None) -> Document:
    if (ticket is None) == (player is None):
        raise Stopped("name either --ticket ID or --player ID", Exit.USAGE)
    return {"ticket": ticket} if player is None else {"player": player}


async def _tickets(kept: Kept, about: Document, where: str) -> Sequence[str]:
    if (player := about.get("player")) is not None:
        return await _tickets_of(kept, str(player), where)
    ticket = str(about["ticket"])
    if not await kept.entries(ticket):
        raise Stopped(f'{where}: there is no ticket "{ticket}"; `croupier tickets list` shows them', Exit.USAGE)
    return [ticket]


async def _tickets_of(kept: Kept, player: str, where: str) -> Sequence[str]:
    tickets = await kept.tickets_of(player)
    if not tickets:
        known = "a ticket is a player's once they are verified on it, or signed in by the channel"
        known = f"{known}; `croupier tickets list` shows all tickets, and --ticket takes one"
        raise Stopped(f'{where}: no ticket is noted as player "{player}"\'s; {known}', Exit.USAGE)
    return tickets


def _told(decision: StoredDecision) -> Sequence[str]:
    """Put a decision into words; one that was erased has none."""
    if decision.record == ERASED:
        return ()
    return explain(decision.record, Style.ENGINEERING).text.splitlines()


@click.command("erase")
@click.option("--player", metavar="ID", help="All tickets of one player.")
@click.option("--ticket", metavar="ID", help="One ticket, also where nobody was verified on it.")
@click.option("--reason", required=True, metavar="TEXT", help="Why; it stays on the record for ever.")
@at_data
@as_person
@as_json_option
def erase(
    player: str | None, ticket: str | None, reason: str, data: Path | None, named: str | None, *, as_json: bool
) -> None:
    """Make unreadable for good what was said and known on a player's tickets. The log still holds afterwards.

    This cannot be undone, and copies of the store elsewhere have to be erased as well.
    """
    actor = asking(named, Permission.ERASE, gate_rules())
    about = _about(ticket, player)
    tickets, erased = run_async(_erase(about, reason, data, by=actor.name))
    if as_json:
        write_json({**about, "tickets": [*tickets], "erased": erased, "kept": dict(STAYS)})
        return
    click.echo(f"{erased} of {len(tickets)} tickets erased: {', '.join(tickets)}")
    if erased < len(tickets):
        click.echo(f"{len(tickets) - erased} had been erased before.")
    for what, why in STAYS.items():
        click.echo(f"Kept: {what}, for {why}.")


async def _erase(about: Document, reason: str, data: Path | None, *, by: str) -> tuple[Sequence[str], int]:
    place = audited_place(data)
    async with open_archive(place.settings) as archive:
        tickets = await _tickets(archive.kept, about, place.shown)
        try:
            return tickets, await erase_tickets(tickets, archive, by=by, reason=reason)
        except TicketBusy as error:
            raise Stopped(
                f"{error}; what was not erased yet will be when you call this again", Exit.UPSTREAM_DOWN
            ) from error
