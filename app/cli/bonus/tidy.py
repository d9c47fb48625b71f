"""`croupier bonus format`: one spelling for all conditions and expressions."""

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from agent.bonus.files import is_folder, named, read_catalogue, read_text, yaml_files
from app.cli.bonus.writing import write_files
from app.cli.exits import Exit, Stopped
from app.cli.screen import people, write_json
from casino.bonus.files.house_form import in_house_form
from casino.loaded import DocumentError


@click.command("format")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--check", is_flag=True, help="Write nothing; exit with 1 where a file would change.")
@click.option("--json", "as_json", is_flag=True, help="Write JSON for a machine.")
def tidy(files: tuple[Path, ...], *, check: bool, as_json: bool) -> None:
    """Write the conditions of configurations, and the expressions of a fields.yaml, in the one form of the house.

    Comments, order and layout stay as they are, and so does what the file means. A folder is read with all its YAML
    files. Every file is read before the first is written: exit 3 and nothing changed where one cannot be taken.
    """
    changed = _changed(files)
    if not check:
        write_files(changed)
    if as_json:
        write_json({"changed": [named(file) for file in changed], "written": not check})
    else:
        _tell(changed, check=check)
    if check and changed:
        sys.exit(Exit.FINDINGS)


def _tell(changed: dict[Path, str], *, check: bool) -> None:
    told = people(as_json=False)
    for file in changed:
        told.print(f"{named(file)}: {'would change' if check else 'rewritten'}", soft_wrap=True)
    if not changed:
        told.print("All in the form of the house.")


def _changed(paths: tuple[Path, ...]) -> dict[Path, str]:
    """Return the new text of every file that is to change."""
    base = read_catalogue(())
    found: dict[Path, str] = {}
    try:
        for file in (file for path in paths for file in _files(path)):
            before = read_text(file)
            after = in_house_form(before, name=named(file), base=base)
            if after != before:
                found[file] = after
    except DocumentError as error:
        raise Stopped(str(error), Exit.INVALID_FILE) from error
    return found


def _files(path: Path) -> Iterator[Path]:
    if not is_folder(path):
        yield path
        return
    yield from yaml_files(path)
