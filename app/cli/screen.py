"""Where a command writes: words for people, one line of JSON for machines."""

import sys
from collections.abc import Mapping
from pathlib import Path

import click
from rich.console import Console

from casino.document import Writable, dump_json

SCHEMA_VERSION = 1  # of what `--json` writes


def people(*, as_json: bool) -> Console:
    """Return where people's output goes: stdout, or stderr where a machine reads stdout. Words are never markup."""
    return Console(stderr=as_json, highlight=False, markup=False, emoji=False)


def write_json(document: Mapping[str, Writable]) -> None:
    """Write a document for a machine to stdout: one line, UTF-8 whatever the terminal's encoding is."""
    click.echo(dump_json({"schema_version": SCHEMA_VERSION, **document}).encode())


def called() -> str:
    """Return how this command was called, so that what is printed can be typed."""
    path = Path(sys.argv[0])
    if path.name != "croupier":
        return "croupier"
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)
