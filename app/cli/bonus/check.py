"""`croupier bonus check`: find what is wrong with configurations before any player meets it."""

import os
import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from textwrap import wrap
from types import MappingProxyType
from typing import Final, Literal, TypeAlias

import click

from agent.bonus.files import Bonuses, is_file, is_folder, read_text
from agent.bonus.store import read_bonuses
from agent.settings import read_settings
from app.cli.bonus.trial import known_place
from app.cli.exits import Exit, Stopped
from app.cli.sarif import Located, sarif
from app.cli.screen import people, write_json
from casino.analysis.analyse import analyse
from casino.analysis.finding import TITLES, Finding, Severity, place_of
from casino.bonus.law.jurisdictions import Packs
from casino.bonus.law.places import within
from casino.document import Writable, dump_json
from casino.loaded import DocumentError, Place
from casino.rules.condition import iso_date, literal
from casino.values import Value

MOST_FIELDS: Final = 8  # of a witness, in the text form
NOTHING_TO_DO: Final = "B303"
TEMPLATE_FILES: Final = (".txt", ".csv", ".json", ".yaml", ".yml")  # no template is named so: a file is meant
RANKS: Final[Mapping[Severity, int]] = MappingProxyType({"error": 0, "warning": 1, "hint": 2})

Form: TypeAlias = Literal["text", "json", "sarif"]


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

    @property
    def rank(self) -> tuple[int, bool, str, int, int]:
        """What to look at first: errors, then warnings, then hints, each by file and line."""
        line, column = (0, 0) if self.place is None else (self.place.line, self.place.column)
        return RANKS[self.finding.severity], self.file is None, self.file or "", line, column


@click.command("check")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=click.Path(path_type=Path))
@click.option("--fields", type=click.Path(path_type=Path), help="A fields.yaml to read beside those in the folders.")
@click.option("--templates", metavar="FILE|A,B,C", help="The templates of the back office: a name a line, or a list.")
@click.option("--jurisdiction", "jurisdictions", multiple=True, metavar="XX", help="A place that they are for.")
@click.option("--on", metavar="DATE", help="The day on which the law is looked at; today without it.")
@click.option("--format", "form", type=click.Choice(["text", "json", "sarif"]), default="text", show_default=True)
@click.option("--all", "everything", is_flag=True, help="Also name the places that allow no bonus at all.")
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
def check(  # noqa: PLR0913  # an option each
    paths: tuple[Path, ...],
    *,
    fields: Path | None,
    templates: str | None,
    jurisdictions: tuple[str, ...],
    on: str | None,
    form: Form,
    everything: bool,
    as_json: bool,
) -> None:
    """Find what is wrong before any player meets it: files and folders of configurations.

    With --jurisdiction only the law of those places is told. Exit code 1 where there are errors or warnings; hints
    alone leave it at 0.
    """
    day = datetime.now(UTC).date() if on is None else iso_date(on)
    if day is None:
        raise click.UsageError(f'"{on}" is no date. Write it as 2026-01-31.')
    for place in jurisdictions:
        known_place(place)
    try:
        bonuses = read_bonuses(paths, fields=fields, jurisdictions=read_settings(os.environ).jurisdictions)
        packs = _of_places(bonuses.packs, jurisdictions)
        found = analyse(
            bonuses.configurations,
            bonuses.catalogue,
            packs,
            templates=_templates(templates),
            jurisdictions={rule.jurisdiction for rule in packs.rules} if jurisdictions else (),
            on=day,
        )
    except DocumentError as error:
        raise Stopped(str(error), Exit.INVALID_FILE) from error
    shown = sorted((_located(finding, bonuses) for finding in found), key=lambda one: one.rank)
    _write(shown, bonuses, "json" if as_json else form, everything=everything)
    if any(finding.severity != "hint" for finding in found):
        sys.exit(Exit.FINDINGS)


def _of_places(packs: Packs, places: Collection[str]) -> Packs:
    """Return the law of these places, that of a country for its parts too; of all places where none is named."""
    if not places:
        return packs
    rules = tuple(rule for rule in packs.rules if any(within(place, rule.jurisdiction) for place in places))
    for place in places:
        if not any(within(place, rule.jurisdiction) for rule in rules):
            click.echo(f"no rule of {place} is known here, so nothing is said of its law", err=True)
    return replace(packs, rules=rules)


def _templates(written: str | None) -> list[str] | None:
    """Return the names of a file, one a line, or those written with commas between them."""
    if written is None:
        return None
    file = Path(written)
    if is_folder(file):
        raise Stopped(f"--templates: {written} is a folder; name a file in it", Exit.INVALID_FILE)
    if is_file(file):
        names = read_text(file).splitlines()
    elif file.suffix.lower() in TEMPLATE_FILES or os.sep in written:
        mend = "name one that is there, or write the templates themselves, as VIP_50,HIGH_30"
        raise Stopped(f"--templates: there is no file {written}; {mend}", Exit.INVALID_FILE)
    else:
        names = written.split(",")
    return [name.strip() for name in names if name.strip()]


def _located(finding: Finding, bonuses: Bonuses) -> _Shown:
    loaded = bonuses.documents.get(finding.configuration or "")
    if loaded is None:
        return _Shown(finding, None, None)
    return _Shown(finding, loaded.name, place_of(finding, loaded))


def _write(shown: Sequence[_Shown], bonuses: Bonuses, form: Form, *, everything: bool) -> None:
    match form:
        case "json":
            write_json({"files": len(bonuses.documents), "findings": [_document(one) for one in shown]})
        case "sarif":
            click.echo(dump_json(sarif((_sarif(one) for one in shown), TITLES)).encode())
        case "text":
            _say_all(shown, everything=everything)
    counted = f"{len(shown)} finding{'' if len(shown) == 1 else 's'}"
    files = len(bonuses.documents)
    click.echo(f"{files} file{'' if files == 1 else 's'} read, {counted}.", err=True)


def _say_all(shown: Sequence[_Shown], *, everything: bool) -> None:
    """Write one finding a line, or for a terminal to its width; where nothing has to be done one line tells it all."""
    terminal = people(as_json=False)
    width = terminal.width if terminal.is_terminal else None
    short = [one for one in shown if _is_nothing(one.finding) and not everything]
    for line in (line for one in shown if one not in short for line in _lines(one)):
        _say(line, width)
    if short:
        said = "some places allow no bonus, whatever a configuration says. Nothing has to be done; --all names them."
        _say(f"{short[0].where}: {NOTHING_TO_DO} hint: {said}", width)


def _is_nothing(finding: Finding) -> bool:
    return finding.code == NOTHING_TO_DO and finding.severity == "hint"


def _say(line: str, width: int | None) -> None:
    margin = " " * (len(line) - len(line.lstrip()))
    further = f"{margin}    "
    lines = [line]
    if width is not None:  # paths and names stay whole, so that they can be copied
        lines = wrap(line, width, subsequent_indent=further, break_long_words=False, break_on_hyphens=False)
    for one in lines:
        click.echo(one.encode())


def _lines(one: _Shown) -> Iterator[str]:
    finding = one.finding
    yield f"{one.where}: {finding.code} {finding.severity}: {finding.message}. {finding.mend}"
    if finding.witness is not None:
        fields = [f"{path} {literal(value)}" for path, value in _fields(finding.witness)]
        more = "" if len(fields) <= MOST_FIELDS else f" and {len(fields) - MOST_FIELDS} more fields"
        words = ", ".join(fields[:MOST_FIELDS]) or "nothing known of the player"
        yield f"    for example: {words}{more}"


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
