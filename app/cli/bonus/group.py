"""`croupier bonus`: the commands of the Bonus Engine."""

import click

from app.cli.exits import Exit, Stopped
from app.cli.lazy import LazyGroup

COMMANDS = {
    "decide": ("app.cli.bonus.decide:decide", "Decide for one player."),
    "test": ("app.cli.bonus.panel:panel", "Try configurations on a recorded, given or made-up player."),
    "explain": ("app.cli.bonus.explain:explain", "Say why a ticket's decision came out as it did."),
    "check": ("app.cli.bonus.check:check", "Find what is wrong before any player meets it."),
    "format": ("app.cli.bonus.tidy:tidy", "Write configurations in the one form of the house."),
    "population": ("app.cli.bonus.population:population", "Run configurations over a table of players."),
    "plan": ("app.cli.bonus.plan:plan", "Show what `apply` would change in the store."),
    "apply": ("app.cli.bonus.plan:apply", "Bring the store to what the files say, all or nothing."),
    "export": ("app.cli.bonus.plan:export", "Write the store's configurations as files."),
    "list": ("app.cli.bonus.stored:list_", "List the store's configurations."),
    "show": ("app.cli.bonus.stored:show", "Show a configuration and its history."),
    "publish": ("app.cli.bonus.stored:publish", "Let a draft decide from now on."),
    "archive": ("app.cli.bonus.stored:archive", "Take a configuration out; nothing is lost."),
    "restore": ("app.cli.bonus.stored:restore", "Bring an archived configuration back."),
}


class BonusGroup(LazyGroup):
    """What every command may meet: a setting that cannot be used, and a store whose database does not answer."""

    def invoke(self, ctx: click.Context) -> object:
        """Run a command; what it may meet is one message, and an exit code."""
        # Imported here: `--help` must not wait for it.
        from agent.settings import SettingsError  # noqa: PLC0415  # the reason stands above
        from tools.ports import AccessRefused, Unavailable  # noqa: PLC0415  # the same

        try:
            return super().invoke(ctx)
        except SettingsError as error:
            raise Stopped(str(error), Exit.USAGE) from error
        except Unavailable as error:
            refused = isinstance(error, AccessRefused)
            raise Stopped(str(error), Exit.NOT_PERMITTED if refused else Exit.UPSTREAM_DOWN) from error


@click.group("bonus", cls=BonusGroup, table=COMMANDS)
def bonus() -> None:
    """Write, check, try, publish and explain bonus configurations."""
