"""`croupier eval lint`: check ticket files without playing them."""

import os
from pathlib import Path

import click

from agent.settings import SettingsError, read_settings
from app.cli.exits import Exit, Stopped
from app.cli.words import escaped
from evals.lint.check import Linted, read_procedures
from evals.lint.check import lint as linted


@click.command("lint")
@click.argument("path", required=False, type=click.Path(path_type=Path))
@click.option("--schema", is_flag=True, help="Write the JSON Schema of a ticket file to stdout, and check nothing.")
@click.option("--json", "as_json", is_flag=True, help="Write the findings as JSON to stdout.")
def lint(path: Path | None, *, schema: bool, as_json: bool) -> None:
    """Check the ticket file or the pack at PATH, or every ticket below it, without playing it.

    Exit code 0: no error; 1: an expectation names nothing or can never hold; 2: usage; 3: a file is no ticket.
    """
    if schema:
        # Imported here: a lint need not wait for it.
        from evals.schema.shipped import schema_text  # noqa: PLC0415  # the reason stands above

        click.echo(schema_text(), nl=False)
        return
    if path is None:
        raise Stopped(
            "Name the tickets: croupier eval lint PATH. For their form: croupier eval lint --schema", Exit.USAGE
        )
    found = linted(path, _procedures())
    if as_json:
        # Imported here: it takes a good part of the time that a lint has.
        from app.cli.screen import write_json  # noqa: PLC0415  # the reason stands above

        write_json({"tickets": found.tickets, "findings": [one.document() for one in found.findings]})
    _show(found, err=as_json)
    raise SystemExit(_code(found))


def _procedures() -> dict[str, str]:
    try:
        folder = read_settings(os.environ).procedures
    except SettingsError as error:
        raise Stopped(str(error), Exit.USAGE) from error
    known = read_procedures(folder)
    if not known:
        mend = "mend CROUPIER_PROCEDURES, or unset it for what ships"
        raise Stopped(f"{folder}: there is no procedure here, so no name can be checked; {mend}", Exit.USAGE)
    return known


def _show(found: Linted, *, err: bool) -> None:
    for finding in found.findings:
        click.secho(escaped(finding.text()), err=err, fg="red" if finding.level == "error" else "yellow")
    warnings = len(found.findings) - found.errors
    told = f"{found.tickets} tickets: {_counted(found.errors, 'error')}, {_counted(warnings, 'warning')}"
    click.secho(told, err=err, bold=True)


def _counted(count: int, what: str) -> str:
    return f"{count or 'no'} {what}{'' if count == 1 else 's'}"


def _code(found: Linted) -> int:
    if found.unusable:
        return Exit.INVALID_FILE
    return Exit.FINDINGS if found.errors else Exit.OK
