"""Where a command writes: words for people, one line of JSON for machines."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import click
from rich.console import Console, ConsoleOptions, ConsoleRenderable, RenderableType, RenderHook, RenderResult
from rich.segment import Segment

from app.cli.words import escaped
from casino.document import Writable, dump_json

SCHEMA_VERSION = 1  # of what `--json` writes


def people(*, as_json: bool) -> Console:
    """Return where people's output goes: stdout, or stderr where a machine reads stdout.

    Words are never markup, and never commands to the terminal: control characters are shown, not obeyed.
    """
    console = Console(stderr=as_json, highlight=False, markup=False, emoji=False)
    console.push_render_hook(_Harmless())
    return console


class _Harmless(RenderHook):
    """Let everything that a console prints go through `_Escaped`."""

    def process_renderables(self, renderables: list[ConsoleRenderable]) -> list[ConsoleRenderable]:
        return [_Escaped(one) for one in renderables]


@dataclass(frozen=True, slots=True)
class _Escaped:
    """What is printed, with the control characters in its text escaped; those of the console itself stay."""

    inner: RenderableType

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for segment in console.render(self.inner, options):
            yield segment if segment.control else Segment(escaped(segment.text), segment.style)


def write_json(document: Mapping[str, Writable]) -> None:
    """Write a document for a machine to stdout: one line, UTF-8 whatever the terminal's encoding is."""
    click.echo(dump_json({"schema_version": SCHEMA_VERSION, **document}).encode())


def called() -> str:
    """Return how this command was called, so that what is printed can be typed."""
    path = Path(sys.argv[0])
    if path.name != "croupier":
        return "croupier"
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)
