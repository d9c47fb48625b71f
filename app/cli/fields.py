"""`croupier fields`: what a rule may read."""

from collections.abc import Sequence
from pathlib import Path

import click
from rich.padding import Padding
from rich.text import Text

from agent.bonus.files import read_catalogue
from app.cli.exits import Exit, Stopped
from app.cli.screen import people, write_json
from casino.document import Writable
from casino.fields.catalogue import Catalogue, Field
from casino.loaded import DocumentError
from tools.catalog import CATALOG
from tools.fields import counters_of_each, tool_of

fields_option = click.option(
    "--fields", "file", metavar="FILE", type=click.Path(path_type=Path), help="A catalogue of your own, as fields.yaml."
)
json_option = click.option("--json", "as_json", is_flag=True, help="Write JSON to stdout.")


@click.group("fields")
def fields() -> None:
    """List and search what a rule may read."""


@fields.command("list")
@fields_option
@json_option
def list_fields(file: Path | None, *, as_json: bool) -> None:
    """List every field with its type and where it comes from.

    A tool that changes something is not listed: a rule never reads its answer.
    """
    catalogue = _catalogue(file)
    known = [catalogue.fields[path] for path in sorted(catalogue.fields)]
    if as_json:
        each: list[Writable] = [_document(field) for field in counters_of_each()]
        write_json({"fields": [_document(field) for field in known], "counters_of_each_configuration": each})
    else:
        _show([*known, *counters_of_each()], as_json=False)


@fields.command("search")
@click.argument("text")
@fields_option
@json_option
def search_fields(text: str, file: Path | None, *, as_json: bool) -> None:
    """Find the fields whose path or description holds every word of TEXT.

    Exit code 1 where there is none.
    """
    found = _catalogue(file).search(text)
    _show(found, as_json=as_json)
    if not found:
        click.echo(f'no field says "{text}"; `croupier fields list` shows all', err=True)
        raise SystemExit(Exit.FINDINGS)


def _catalogue(file: Path | None) -> Catalogue:
    try:
        return read_catalogue([] if file is None else [file])
    except DocumentError as error:
        raise Stopped(str(error), Exit.INVALID_FILE) from error


def _show(found: Sequence[Field], *, as_json: bool) -> None:
    if as_json:
        write_json({"fields": [_document(field) for field in found]})
        return
    console = people(as_json=False)
    for field in found:
        tool = tool_of(field.path, CATALOG)
        origin = field.origin.value.replace("_", " ") if tool is None else f"tool {tool}"
        console.print(
            Text.assemble((field.path, "bold"), f"  {field.type.value.replace('_', ' ')}", (f"  {origin}", "dim"))
        )
        lines = [field.description] if field.description else []
        if field.expression is not None:
            lines.append(f"= {field.expression.text}")
        if field.values:
            lines.append(f"one of {', '.join(map(str, field.values))}")
        for line in lines:
            console.print(Padding(Text(line), (0, 0, 0, 4), expand=False))


def _document(field: Field) -> dict[str, Writable]:
    return {
        "path": field.path,
        "type": field.type.value,
        "origin": field.origin.value,
        "description": field.description,
        "expression": None if field.expression is None else field.expression.text,
        "values": list(field.values),
        "integer": field.integer,
        "tool": tool_of(field.path, CATALOG),
    }
