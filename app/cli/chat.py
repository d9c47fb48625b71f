"""`croupier chat`: talk to the assistant."""

import secrets
import signal
import sys
from dataclasses import replace

import click
from rich.console import Console

from agent.run import Close, Message, handle
from app.cli.configured import known_procedure, settings
from app.cli.exits import run_async
from app.cli.opening import Opened, naming, opened
from app.cli.screen import people
from app.cli.story import say_model_down, say_record, talk
from tools.record import Kind
from tools.session import Identity, session_identity

SHOWN = (Kind.AGENT_MESSAGE, Kind.TRIAGE, Kind.TOOL_RESULT, Kind.REPLY_REJECTED, Kind.FAILURE)


@click.command("chat")
@click.option("--procedure", metavar="ID", help="Take this procedure instead of choosing one.")
@click.option("--brand", help="The brand that the player is on (CROUPIER_BRAND, else lucky-spin).")
@click.option("--as", "player", metavar="PLAYER", help="Talk as this player, signed in by the platform: P1001, say.")
def chat(procedure: str | None, brand: str | None, player: str | None) -> None:
    """Talk to the assistant; an empty line or Ctrl-D ends the chat."""
    run_async(_chat(procedure, brand, player))


async def _chat(procedure: str | None, brand: str | None, player: str | None) -> None:
    console, chosen = people(as_json=False), settings()
    async with opened(chosen, what="chat") as desk:
        known_procedure(desk.deps.procedures, procedure)
        identity = Identity({}, {})
        if player is not None:
            identity = await session_identity(player, desk.deps.world, now=desk.deps.clock())
        ticket_id = f"chat-{secrets.token_hex(3)}"
        console.print(desk.model_line(), style="bold", soft_wrap=True)
        hint = "An empty line ends the chat."
        if desk.own_backoffice and player is None and (brand or chosen.brand) == "lucky-spin":
            hint = f"A player to try: anna.keller@example.com, born 1990-04-12. {hint}"
        console.print(hint, style="dim", soft_wrap=True)
        with naming(ticket_id, desk):
            await _talk(desk, console, ticket_id, _first(ticket_id, brand or chosen.brand, procedure, identity))
            if not await desk.deps.record.entries(ticket_id):
                console.print("Nothing was said.", style="dim")
                return
            closed = await handle(Close(ticket_id=ticket_id), desk.deps)
        told = closed.outcome if closed.waiting is None else f"open; it waits for approval {closed.waiting}"
        console.print(f"Outcome: {told}", style="bold")
        say_record(console, ticket_id, desk.data)


def _first(ticket_id: str, brand: str, procedure: str | None, identity: Identity) -> Message:
    return Message(
        ticket_id=ticket_id,
        message_id="",
        brand=brand,
        text="",
        procedure=procedure,
        facts=identity.facts,
        fields=identity.fields,
    )


async def _talk(desk: Opened, console: Console, ticket_id: str, first: Message) -> None:
    """Take one line after the other until the player stops."""
    told = 0
    for number in range(1, 1 + desk.deps.limits.turns):
        try:
            text = _line(console)
        except EOFError:
            return
        if not text.strip():
            return
        handled = await handle(replace(first, message_id=f"m{number}", text=text), desk.deps)
        entries = await desk.deps.record.entries(ticket_id, kinds=SHOWN)
        for line in talk(entries[told:], {}):
            console.print(line)
        told = len(entries)
        if handled.silent and not handled.replies:
            console.print("A human has this ticket: nothing automatic is sent any more.", style="yellow")
        say_model_down(desk.model_down())


def _line(console: Console) -> str:
    """Read one line. Ctrl-C ends the chat at once: asyncio's own handler would wait for the line to end."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        line = console.input("[bold cyan]  player  [/]")
    finally:
        signal.signal(signal.SIGINT, before)
    if not sys.stdin.isatty():  # nobody has typed it: show it
        console.print(line, soft_wrap=True)
    return line
