"""`croupier run TICKET.json`: play a file of player messages and say how it ended."""

import secrets
from pathlib import Path

import click

from app.cli.configured import known_procedure, settings
from app.cli.exits import Exit, run_async
from app.cli.opening import Opened, back_office, naming, opened
from app.cli.played import Played, play_ticket
from app.cli.screen import people, write_json
from app.cli.story import say_model_down, say_record
from evals.ticket import Ticket, read_ticket


@click.command("run")
@click.argument("ticket", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Write the outcome as JSON to stdout.")
def run(ticket: Path, *, as_json: bool) -> None:
    """Play TICKET, a file of player messages, and print the outcome and the path through the states.

    Without CROUPIER_BACKOFFICE_URL it starts a fresh back office. Exit code 1 where the end state differs from what the
    file expects, 4 where the configured language model could not answer.
    """
    played, down = run_async(_run(ticket, as_json=as_json))
    if as_json:
        write_json({**played.document(), "model_down": down})
    say_model_down(down)
    if down:
        raise SystemExit(Exit.UPSTREAM_DOWN)
    raise SystemExit(Exit.FINDINGS if played.wrong else Exit.OK)


async def _run(path: Path, *, as_json: bool) -> tuple[Played, list[str]]:
    console = people(as_json=as_json)
    ticket = read_ticket(path).ticket
    async with opened(settings(), what="run") as desk:
        known_procedure(desk.deps.procedures, ticket.procedure, where=f"{path}: procedure: ")
        console.print(desk.model_line(), style="bold", soft_wrap=True)
        if ticket.world:
            told = "The ticket's `world` is for `eval run`; here it plays against the back office's own players."
            console.print(told, style="dim", soft_wrap=True)
        played = await _play(desk, ticket)
        console.print(played.story())
        say_record(console, played.ticket_id, desk.data)
        return played, desk.model_down()


async def _play(desk: Opened, ticket: Ticket) -> Played:
    """Play it under an id of its own; only our own back office tells which rows changed."""
    ticket_id = f"{ticket.id}-{secrets.token_hex(3)}"
    with naming(ticket_id, desk):
        if not desk.own_backoffice:
            return await play_ticket(desk, None, ticket, ticket_id=ticket_id)
        async with back_office(desk) as office:
            return await play_ticket(desk, office, ticket, ticket_id=ticket_id)
