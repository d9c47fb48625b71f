"""What a ticket says is on the screen; a CI runner that reads the screen must not obey it."""

import os
from contextlib import AbstractContextManager
from functools import partial
from secrets import token_hex

import click

from evals.report.github import muted


def unobeyed(*, as_json: bool) -> AbstractContextManager[None]:
    """Let GitHub Actions take nothing for a command that is printed meanwhile; elsewhere nothing happens."""
    return muted(os.environ, partial(click.echo, nl=False, err=as_json), token=token_hex(16))
