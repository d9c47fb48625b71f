"""`croupier`: the commands, loaded only when they are called."""

import importlib
import sys
from io import TextIOWrapper

import click

from app.cli.exits import Exit

COMMANDS = {
    "demo": ("app.cli.demo:demo", "Play six tickets against a real back office."),
    "chat": ("app.cli.chat:chat", "Talk to the assistant."),
    "run": ("app.cli.run:run", "Play a file of player messages."),
    "tickets": ("app.cli.tickets:tickets", "Show the whole record of a ticket."),
    "procedures": ("app.cli.procedures:procedures", "List, show, lint and format AI Procedures."),
    "tools": ("app.cli.tools:tools", "List what can be done."),
    "eval": ("app.cli.eval:eval_", "Replay recorded tickets and compare their end states."),
    "backoffice": ("app.cli.backoffice:backoffice", "Run the back office that ships."),
}


class LazyGroup(click.Group):
    """A group that knows its commands by name and imports one only to run it."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order of the table."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one command."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name][0].partition(":")
        command = getattr(importlib.import_module(module), name)
        return command if isinstance(command, click.Command) else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the table without importing anything."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])


@click.group(cls=LazyGroup)
@click.version_option(package_name="croupier")
def croupier() -> None:
    """AI Procedures for regulated support desks: the model talks and proposes, code disposes.

    Exit codes: 0 ok, 1 findings, 2 usage, 3 invalid file, 4 upstream down, 5 not permitted, 130 interrupted.
    """


def main() -> None:
    """Run the command line and leave with its exit code."""
    _take_any_text()
    try:
        croupier.main(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted", err=True)
        sys.exit(Exit.INTERRUPTED)


def _take_any_text() -> None:
    """Let no byte that is typed and no letter that is shown end a command, whatever the terminal's encoding is."""
    for stream, errors in ((sys.stdin, "surrogateescape"), (sys.stdout, "backslashreplace")):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors=errors)
