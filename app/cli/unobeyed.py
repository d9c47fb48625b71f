"""What a ticket says is on the screen; a CI runner that reads the screen must not obey it."""

import os
import stat
import sys
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from functools import partial
from secrets import token_hex
from typing import IO, Any, Final

import click

_PART: Final = "app.cli.unobeyed"  # where click's context keeps the part that is muted


@contextmanager
def unobeyed(*, as_json: bool) -> Generator[None]:
    """Let GitHub Actions take nothing for a command that is printed meanwhile; elsewhere nothing happens.

    Within another such part nothing happens either. All lines that mute go to one stream, since a runner keeps the
    order of each stream only: to stdout, or to stderr where stdout belongs to a machine or goes to a file.
    """
    context = click.get_current_context(silent=True)
    meta: dict[str, Any] = {} if context is None else context.meta
    if "GITHUB_ACTIONS" not in os.environ or _PART in meta:
        yield
        return
    with _Part(err=as_json or _is_file(sys.stdout)) as part:
        meta[_PART] = part
        try:
            yield
        finally:
            del meta[_PART]


@contextmanager
def obeyed() -> Generator[None]:
    """Have commands of our own obeyed that are printed within a muted part."""
    context = click.get_current_context(silent=True)
    part = None if context is None else context.meta.get(_PART)
    if not isinstance(part, _Part):
        yield
        return
    part.close()
    try:
        yield
    finally:
        part.begin()


class _Part(ExitStack):
    """A part of the output that is muted. Each time by another token: the last one stands in the log by then."""

    def __init__(self, *, err: bool) -> None:
        super().__init__()
        self._write = partial(click.echo, nl=False, err=err)
        self.begin()

    def begin(self) -> None:
        """Mute what comes, up to `close`."""
        # Imported here: a command that runs elsewhere must not wait for it.
        from evals.report.github import muted  # noqa: PLC0415  # the reason stands above

        self.enter_context(muted(os.environ, self._write, token=token_hex(16)))


def _is_file(stream: IO[str]) -> bool:
    try:
        return stat.S_ISREG(os.fstat(stream.fileno()).st_mode)
    except OSError:  # it is none of the system's streams
        return False
