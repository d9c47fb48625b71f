"""`croupier demo`: six tickets, one real back office, and the truth about how each ended."""

from dataclasses import replace
from typing import NamedTuple

import click

from agent.settings import ROOT
from app.cli.configured import settings
from app.cli.exits import Exit, Stopped, run_async
from app.cli.opening import back_office, opened
from app.cli.played import Played, play_ticket
from app.cli.screen import people, write_json
from app.cli.story import say_model_down, say_record
from evals.ticket import read_tickets

TICKETS = ROOT / "evals" / "tickets" / "demo"
KINDS = ("error", "drop", "refuse", "latency")


@click.command("demo")
@click.option("--fault", metavar="OPERATION:KIND", help="Make the back office fail, such as issue:error or kyc:error.")
@click.option("--json", "as_json", is_flag=True, help="Write the end states as JSON to stdout.")
def demo(fault: str | None, *, as_json: bool) -> None:
    """Start the back office, play six tickets, and show each as a story.

    Exit code 0 only where every end state is as expected.
    """
    played = run_async(_demo(None if fault is None else _read_fault(fault), as_json=as_json))
    if as_json:
        write_json({"tickets": [one.document() for one in played]})
    wrong = [one for one in played if one.wrong]
    raise SystemExit(Exit.FINDINGS if wrong else Exit.OK)


class Fault(NamedTuple):
    """What the back office is to fail at, and how."""

    operation: str
    kind: str


async def _demo(fault: Fault | None, *, as_json: bool) -> list[Played]:
    console = people(as_json=as_json)
    # A back office of its own, whatever is configured: a demo must not grant bonuses or break things elsewhere.
    chosen = replace(settings(), backoffice_url=None, messages_url=None)
    async with opened(chosen, what="demo") as desk:
        async with back_office(desk) as office:
            if fault is not None:
                await office.switch(fault.operation, fault.kind)
            console.print(f"Back office: {office.url}, its data and ours in {desk.data}", style="dim", soft_wrap=True)
            console.print(desk.model_line(), style="bold", soft_wrap=True)
            played: list[Played] = []
            for read in read_tickets(TICKETS):
                played.append(await play_ticket(desk, office, read.ticket, ticket_id=read.ticket.id))
                console.print(played[-1].story())
        say_model_down(desk.model_down())
    as_expected = sum(not one.wrong for one in played)
    style = "bold green" if as_expected == len(played) else "bold red"
    console.print(f"{as_expected} of {len(played)} tickets ended as expected.", style=style)
    say_record(console, played[0].ticket_id, desk.data)
    return played


def _read_fault(text: str) -> Fault:
    """Read `OPERATION:KIND`; the back office knows its operations."""
    operation, _, kind = text.partition(":")
    if not operation or kind not in KINDS:
        raise Stopped(f'--fault is "{text}"; it must be OPERATION:KIND with KIND one of {", ".join(KINDS)}', Exit.USAGE)
    return Fault(operation, kind)
