"""`croupier`: the commands, loaded only when they are called."""

import os
import signal
import sys
from contextlib import suppress
from io import TextIOWrapper

import click

from app.cli.exits import Exit, Stopped
from app.cli.lazy import LazyGroup
from app.cli.words import not_text

COMMANDS = {
    "demo": ("app.cli.demo:demo", "Play six tickets against a real back office."),
    "chat": ("app.cli.chat:chat", "Talk to the assistant."),
    "run": ("app.cli.run:run", "Play a file of player messages."),
    "tickets": ("app.cli.tickets:tickets", "Show the whole record of a ticket."),
    "procedures": ("app.cli.procedures:procedures", "List, show, lint and format AI Procedures."),
    "bonus": ("app.cli.bonus.group:bonus", "Write, check, try, publish and explain bonus configurations."),
    "approvals": ("app.cli.approvals:approvals", "Say yes or no to what waits for a human."),
    "ledger": ("app.cli.ledger:ledger", "Show the effects on the world, and settle the ones in doubt."),
    "fields": ("app.cli.fields:fields", "List and search what a rule may read."),
    "tools": ("app.cli.tools:tools", "List what can be done."),
    "eval": ("app.cli.eval:eval_", "Replay recorded tickets and compare their end states."),
    "audit": ("app.cli.audit:audit_", "Verify, export and sign the log; evidence and erasure for a player."),
    "backoffice": ("app.cli.backoffice:backoffice", "Run the back office that ships."),
}


@click.group(cls=LazyGroup, table=COMMANDS)
@click.version_option(package_name="croupier")
def croupier() -> None:
    """AI Procedures for regulated support desks: the model talks and proposes, code disposes.

    Exit codes: 0 ok, 1 findings, 2 usage, 3 invalid file, 4 upstream down, 5 not permitted, 130 interrupted.
    """


def main() -> None:
    """Run the command line and leave with its exit code."""
    _take_any_text()
    try:
        _take_text_only(sys.argv[1:])
        croupier.main(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        _ignore_more()
        click.echo("interrupted", err=True)
        sys.exit(Exit.INTERRUPTED)
    except SystemExit as ended:
        if ended.code == Exit.INTERRUPTED:
            _ignore_more()
        raise


def _ignore_more() -> None:
    """Let no further Ctrl-C disturb a process that only ends."""
    with suppress(ValueError):  # only the main thread may
        signal.signal(signal.SIGINT, signal.SIG_IGN)


def _take_text_only(words: list[str]) -> None:
    """Refuse bytes on the command line that are no text, in names of files too: no record could hold them."""
    name = not_text(words, os.environ)
    if name is not None:
        raise Stopped(f"{name} holds bytes that are no UTF-8 text; write it as UTF-8, or rename the file", Exit.USAGE)


def _take_any_text() -> None:
    """Let no byte that is typed and no letter that is shown end a command, whatever the terminal's encoding is."""
    for stream, errors in ((sys.stdin, "surrogateescape"), (sys.stdout, "backslashreplace")):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors=errors)
