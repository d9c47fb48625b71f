"""How a command ends: exit codes, and one clear message for what can go wrong."""

import asyncio
from collections.abc import Coroutine
from enum import IntEnum
from typing import IO, Any, TypeVar

import click

from app.cli.words import escaped

T = TypeVar("T")


class Exit(IntEnum):
    """The exit codes of every command."""

    OK = 0
    FINDINGS = 1
    USAGE = 2
    INVALID_FILE = 3
    UPSTREAM_DOWN = 4
    NOT_PERMITTED = 5
    INTERRUPTED = 130


class Stopped(click.ClickException):
    """A command cannot go on; the message says where, why and how to mend it."""

    def __init__(self, message: str, exit_code: Exit) -> None:
        super().__init__(message)
        self.exit_code: int = exit_code  # pyright: ignore[reportIncompatibleVariableOverride]  # click sets it per instance too

    def show(self, file: IO[Any] | None = None) -> None:
        """Write the message to stderr, without a usage text in front."""
        click.echo(escaped(self.format_message()), file=file, err=True)


def run_async(work: Coroutine[Any, Any, T]) -> T:
    """Run a command's work and turn what it may meet into one message and an exit code."""
    # Imported here: `--help` must not wait for them.
    from agent.playbook.procedure import ProcedureError  # noqa: PLC0415  # the reason stands above
    from agent.settings import SettingsError  # noqa: PLC0415  # the same
    from casino.loaded import DocumentError  # noqa: PLC0415  # the same
    from evals.ticket import TicketError  # noqa: PLC0415  # the same
    from tools.ports import (  # noqa: PLC0415  # the same
        AccessRefused,
        Unavailable,
        UnusableStore,  # the same
    )
    from tools.session import UnknownPlayer  # noqa: PLC0415  # the same

    try:
        return asyncio.run(work)
    except (ProcedureError, DocumentError, TicketError, UnusableStore) as error:
        raise Stopped(str(error), Exit.INVALID_FILE) from error
    except (SettingsError, UnknownPlayer) as error:
        raise Stopped(str(error), Exit.USAGE) from error
    except AccessRefused as error:
        raise Stopped(str(error), Exit.NOT_PERMITTED) from error
    except Unavailable as error:
        raise Stopped(str(error), Exit.UPSTREAM_DOWN) from error
