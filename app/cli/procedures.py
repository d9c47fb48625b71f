"""`croupier procedures`: list, show, lint and format AI Procedures."""

import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from shutil import copymode
from typing import Final, NoReturn

import click
from rich.console import Console, RenderableType
from rich.panel import Panel
from rich.table import Column, Table
from rich.text import Text

from agent.playbook.bind import bind
from agent.playbook.collection import Library, clashes, load_library, read_folder, with_procedures
from agent.playbook.format import format_procedure
from agent.playbook.lint import lint
from agent.playbook.parse import parse_procedure
from agent.playbook.procedure import Finding, Procedure, ProcedureError
from agent.playbook.resolve import for_brand, render
from agent.playbook.vocabulary import Vocabulary, did_you_mean
from agent.settings import shipped
from app.cli.screen import write_json
from casino.document import Writable
from casino.facts import Facts

FINDINGS, INVALID = 1, 3  # exit codes; 2 is click's own, for wrong usage
_VARIABLE: Final = "CROUPIER_PROCEDURES"

_as_json = click.option("--json", "as_json", is_flag=True, help="Write JSON to stdout.")
_folder = click.option(
    "--folder",
    type=click.Path(exists=True, path_type=Path),
    envvar=_VARIABLE,
    show_envvar=True,
    help="Where the procedures are; without it, those that ship.",
)
_paths = click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))


@click.group()
def procedures() -> None:
    """Read, check and tidy AI Procedures."""


@procedures.command("list")
@_folder
@_as_json
def list_procedures(folder: Path | None, *, as_json: bool) -> None:
    """List the procedures with what they may do."""
    library = _library(folder, as_json=as_json)
    if as_json:
        write_json({"procedures": [_summary(procedure) for procedure in library.procedures]})
        return

    ids, mentions = Column("id", no_wrap=True), Column("mentions", overflow="fold")  # both can be typed off the screen
    table = Table(ids, "name", "status", "brands", "triggers", mentions, title="AI Procedures")
    for procedure in library.procedures:
        status = procedure.status if procedure.active else f"{procedure.status}, inactive"
        brands, triggers = ", ".join(procedure.brands) or "all", ", ".join(procedure.triggers)
        table.add_row(procedure.id, procedure.name, status, brands, triggers, "\n".join(_mentioned(procedure)))
    _say(table)


@procedures.command("show")
@click.argument("id_", metavar="ID")
@click.option("--brand", default="", help="Show the procedure as this brand has it.")
@_folder
@_as_json
def show_procedure(id_: str, brand: str, folder: Path | None, *, as_json: bool) -> None:
    """Show one procedure as a model reads it before anything is known."""
    library = _library(folder, as_json=as_json)
    if id_ not in library.by_id:
        known = f"Known: {', '.join(library.by_id)}."
        raise click.UsageError(f'There is no procedure "{id_}". {did_you_mean(id_, library.by_id, otherwise=known)}')
    procedure = _forced(for_brand(library.by_id[id_], brand))
    instructions = render(procedure, brand, Facts.of({}))
    if as_json:
        write_json({"procedure": {**_summary(procedure), "instructions": instructions}})
        return

    _say(Panel(Text(instructions), title=procedure.name, subtitle=procedure.file))
    _say(Text(procedure.description))


@procedures.command("lint")
@_paths
@_as_json
def lint_procedures(paths: tuple[Path, ...], *, as_json: bool) -> None:
    """Check procedures; without PATHS, those in CROUPIER_PROCEDURES, or those that ship where it is not set."""
    paths = paths or (_configured(),)
    files = _read(paths, as_json=as_json)
    known = with_procedures(_vocabulary(), {**_neighbours(paths), **files})
    parsed: list[Procedure] = []
    broken: list[Finding] = []
    for file, text in files.items():
        try:
            parsed.append(parse_procedure(text, file=file, vocabulary=known))
        except ProcedureError as error:
            broken += error.findings
    broken += clashes(parsed)
    order = _must_follow()
    found = [*broken, *(finding for one in parsed for finding in lint(_forced(one), must_follow=order))]
    _report(sorted(found), len(files), as_json=as_json)
    if broken:
        sys.exit(INVALID)
    if any(finding.severity != "notice" for finding in found):
        sys.exit(FINDINGS)


@procedures.command("format")
@_paths
@click.option("--check", is_flag=True, help="Change nothing; say which files would change, and exit with 1.")
def format_procedures(paths: tuple[Path, ...], *, check: bool) -> None:
    """Rewrite typed mentions to chips, and nothing else.

    --check without PATHS looks at those in CROUPIER_PROCEDURES, or at those that ship where it is not set. Nothing is
    rewritten that is not named.
    """
    if not paths and not check:
        raise click.UsageError("Name the files or folders to format, or give --check.")
    paths = paths or (_configured(),)
    files = _read(paths, as_json=False)
    known = with_procedures(_vocabulary(), {**_neighbours(paths), **files})
    try:
        formatted = {file: format_procedure(text, known, file=file) for file, text in files.items()}
    except ProcedureError as error:
        _refuse(error.findings, as_json=False)
    changed = [file for file, text in formatted.items() if text != files[file]]
    for file in changed:
        click.echo(f"{'would change' if check else 'changed'}: {file}", err=True)
        if not check:
            _replace(Path(file), formatted[file])
    if check and changed:
        sys.exit(FINDINGS)


def _vocabulary() -> Vocabulary:
    # Imported here: it brings the whole desk along, and `--help` must not wait for it.
    from agent.house import vocabulary  # noqa: PLC0415  # the reason stands above

    return vocabulary()


def _forced(procedure: Procedure) -> Procedure:
    """Return the procedure as it will run: verification forced on, with a notice, where a mention needs it."""
    from tools.catalog import CATALOG  # noqa: PLC0415  # as above
    from tools.legal import needing  # noqa: PLC0415  # as above
    from tools.world import VERIFIED  # noqa: PLC0415  # as above

    return bind(procedure, needing(CATALOG, VERIFIED)).procedure


def _must_follow() -> Mapping[str, str]:
    """Return which action has to come before which: the one that establishes what the other needs.

    The verifier is left out: `verify_player: true` calls it without a mention.
    """
    from tools.catalog import CATALOG  # noqa: PLC0415  # as above
    from tools.verify_player import VERIFY_PLAYER  # noqa: PLC0415  # as above

    others = [tool for tool in CATALOG.values() if tool.name != VERIFY_PLAYER.name]
    source = {fact: tool.name for tool in others for fact in tool.establishes}
    return {tool.name: source[need.fact] for tool in others for need in tool.needs if need.fact in source}


def _library(folder: Path | None, *, as_json: bool) -> Library:
    try:
        return load_library(_read((folder or _configured(),), as_json=as_json), _vocabulary())
    except ProcedureError as error:
        _refuse(error.findings, as_json=as_json)


def _configured() -> Path:
    """Return where the procedures are that a desk would follow: the configured folder, else what ships."""
    chosen = os.environ.get(_VARIABLE)
    if not chosen:
        return _near(shipped("procedures") / "support")
    try:
        Path(chosen).stat()
    except OSError as error:
        mend = "mend it, or unset it for those that ship"
        message = f'{_VARIABLE} is "{chosen}", which cannot be looked at ({error.strerror}): {mend}'
        raise click.UsageError(message) from error
    return Path(chosen)


def _read(paths: Sequence[Path], *, as_json: bool) -> Mapping[str, str]:
    """Read procedure files under the names that the caller used."""
    try:
        return {str(root.parent / name): text for root in paths for name, text in read_folder(root).items()}
    except ProcedureError as error:
        _refuse(error.findings, as_json=as_json)


def _neighbours(paths: Sequence[Path]) -> Mapping[str, str]:
    """Read the procedures beside single files, which these may mention; a broken one is not their fault."""
    try:
        folders = {path.parent for path in paths if path.is_file()}
        return {name: text for folder in sorted(folders) for name, text in read_folder(folder).items()}
    except ProcedureError:
        return {}


def _near(path: Path) -> Path:
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


def _replace(path: Path, text: str) -> None:
    """Write beside the file and move over it, so that an interruption leaves the old or the new text."""
    target = path.resolve()
    beside = target.with_name(f".{target.name}.new")
    beside.write_bytes(text.encode())
    copymode(target, beside)
    beside.replace(target)


def _refuse(findings: Iterable[Finding], *, as_json: bool) -> NoReturn:
    found = list(findings)
    _report(found, len({finding.file for finding in found}), as_json=as_json)
    sys.exit(INVALID)


def _report(findings: Sequence[Finding], files: int, *, as_json: bool) -> None:
    if as_json:
        write_json({"files": files, "findings": [_finding(finding) for finding in findings]})
    for finding in findings:
        click.echo(f"{finding.text()} [{finding.severity}]", err=True)
    counted = f"{len(findings)} finding{'' if len(findings) == 1 else 's'}"
    click.echo(f"{files} file{'' if files == 1 else 's'} read, {counted}.", err=True)


def _finding(finding: Finding) -> dict[str, Writable]:
    return {
        "file": finding.file,
        "line": finding.line,
        "column": finding.column,
        "code": finding.code,
        "severity": finding.severity,
        "message": finding.message,
        "mend": finding.mend,
    }


def _summary(procedure: Procedure) -> dict[str, Writable]:
    return {
        "id": procedure.id,
        "name": procedure.name,
        "description": procedure.description,
        "utterances": procedure.utterances,
        "category": procedure.category,
        "tags": procedure.tags,
        "verify_player": procedure.verify_player,
        "status": procedure.status,
        "active": procedure.active,
        "brands": procedure.brands,
        "triggers": procedure.triggers,
        "max_turns": procedure.max_turns,
        "mentions": _mentioned(procedure),
        "file": procedure.file,
    }


def _mentioned(procedure: Procedure) -> list[str]:
    return list(dict.fromkeys(f"{mention.kind}:{mention.id}" for mention in procedure.mentions))


def _say(what: RenderableType) -> None:
    Console().print(what)
