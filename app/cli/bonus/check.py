"""`croupier bonus check`: find what is wrong with configurations before any player meets it."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import click

from agent.bonus.files import Bonuses, read_bonuses, read_text
from app.cli.exits import Exit, Stopped
from app.cli.sarif import Located, sarif
from app.cli.screen import write_json
from casino.analysis.analyse import analyse
from casino.analysis.finding import TITLES, Finding, place_of
from casino.document import Writable, dump_json
from casino.loaded import DocumentError, Place
from casino.rules.condition import iso_date, literal
from casino.values import Value

MOST_FIELDS = 8  # of a witness, in the text form


@dataclass(frozen=True, slots=True)
class _Shown:
    """A finding and where it stands."""

    finding: Finding
    file: str | None
    place: Place | None

    @property
    def where(self) -> str:
        parts = [self.file or "all configurations", *([self.place.line, self.place.column] if self.place else [])]
        return ":".join(str(part) for part in parts)


@click.command("check")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=click.Path(path_type=Path))
@click.option("--fields", type=click.Path(path_type=Path), help="A fields.yaml to read beside those in the folders.")
@click.option("--templates", metavar="FILE|A,B,C", help="The templates of the back office: a name a line, or a list.")
@click.option("--jurisdiction", "jurisdictions", multiple=True, metavar="XX", help="A place that they are meant for.")
@click.option("--on", metavar="DATE", help="The day on which the law is looked at; today without it.")
@click.option("--format", "form", type=click.Choice(["text", "json", "sarif"]), default="text", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
def check(  # noqa: PLR0913  # an option each
    paths: tuple[Path, ...],
    *,
    fields: Path | None,
    templates: str | None,
    jurisdictions: tuple[str, ...],
    on: str | None,
    form: Literal["text", "json", "sarif"],
    as_json: bool,
) -> None:
    """Find what is wrong before any player meets it: files and folders of configurations.

    Exit code 1 where there are errors or warnings; hints alone leave it at 0.
    """
    day = datetime.now(UTC).date() if on is None else iso_date(on)
    if day is None:
        raise click.UsageError(f'"{on}" is no date. Write it as 2026-01-31.')
    try:
        bonuses = read_bonuses(paths, fields=fields)
        found = analyse(
            bonuses.configurations,
            bonuses.catalogue,
            bonuses.packs,
            templates=_templates(templates),
            jurisdictions=jurisdictions,
            on=day,
        )
    except DocumentError as error:
        raise Stopped(str(error), Exit.INVALID_FILE) from error
    shown = [_located(finding, bonuses) for finding in found]
    _write(shown, bonuses, "json" if as_json else form)
    if any(finding.severity != "hint" for finding in found):
        sys.exit(Exit.FINDINGS)


def _templates(written: str | None) -> list[str] | None:
    """Return the names of a file, one a line, or those written with commas between them."""
    if written is None:
        return None
    names = read_text(Path(written)).splitlines() if Path(written).is_file() else written.split(",")
    return [name.strip() for name in names if name.strip()]


def _located(finding: Finding, bonuses: Bonuses) -> _Shown:
    loaded = bonuses.documents.get(finding.configuration or "")
    if loaded is None:
        return _Shown(finding, None, None)
    return _Shown(finding, loaded.name, place_of(finding, loaded))


def _write(shown: Sequence[_Shown], bonuses: Bonuses, form: Literal["text", "json", "sarif"]) -> None:
    match form:
        case "json":
            write_json({"files": len(bonuses.documents), "findings": [_document(one) for one in shown]})
        case "sarif":
            click.echo(dump_json(sarif((_sarif(one) for one in shown), TITLES)).encode())
        case "text":
            for one in shown:
                _say(one)
    counted = f"{len(shown)} finding{'' if len(shown) == 1 else 's'}"
    files = len(bonuses.documents)
    click.echo(f"{files} file{'' if files == 1 else 's'} read, {counted}.", err=True)


def _say(one: _Shown) -> None:
    finding = one.finding
    click.echo(f"{one.where}: {finding.code} {finding.severity}: {finding.message}. {finding.mend}".encode())
    if finding.witness is not None:
        fields = [f"{path} {literal(value)}" for path, value in _fields(finding.witness)]
        more = "" if len(fields) <= MOST_FIELDS else f" and {len(fields) - MOST_FIELDS} more fields"
        words = ", ".join(fields[:MOST_FIELDS]) or "nothing known of the player"
        click.echo(f"    for example: {words}{more}".encode())


def _fields(witness: Mapping[str, Value], path: str = "") -> Iterator[tuple[str, Value]]:
    """Yield what is said of a player; the safety facts let everybody pass and are left out."""
    for name, value in witness.items():
        where = f"{path}.{name}" if path else name
        if where == "safety":
            continue
        if isinstance(value, dict) and value.keys() != {"amount", "currency"}:
            yield from _fields(value, where)
        else:
            yield where, value


def _document(one: _Shown) -> dict[str, Writable]:
    finding = one.finding
    return {
        "file": one.file,
        "line": None if one.place is None else one.place.line,
        "column": None if one.place is None else one.place.column,
        "code": finding.code,
        "severity": finding.severity,
        "message": finding.message,
        "mend": finding.mend,
        "configuration": finding.configuration,
        "witness": finding.witness,
        "at": None if finding.at is None else finding.at.isoformat(),
    }


def _sarif(one: _Shown) -> Located:
    return Located(
        code=one.finding.code,
        severity=one.finding.severity,
        text=f"{one.finding.message}. {one.finding.mend}",
        file=one.file,
        line=None if one.place is None else one.place.line,
        column=None if one.place is None else one.place.column,
    )
