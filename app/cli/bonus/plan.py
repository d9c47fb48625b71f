"""`croupier bonus plan`, `apply` and `export`: between files and the store, all or nothing."""

import os
import sys
from collections.abc import Iterator, Mapping
from os import PathLike
from pathlib import Path

import click
from rich.console import Console
from rich.text import Text

from agent.bonus.changes import Prepared, exported, prepare
from agent.bonus.files import is_folder, store_address
from agent.bonus.store import Stock, read_files, read_stock
from app.cli.bonus.store import (
    as_json_option,
    ask,
    author_option,
    change_documents,
    change_line,
    now,
    opened,
    reason_option,
    required,
    settings,
    store_option,
    yes_option,
)
from app.cli.bonus.writing import write_files
from app.cli.exits import Exit, Stopped
from app.cli.screen import people, write_json
from casino.bonus.files.plan import Kind, Planned
from casino.values import Value
from tools.bonus_store import Snapshot, plan_again

_SIGNS: Mapping[Kind, tuple[str, str]] = {
    Kind.CREATED: ("+", "green"),
    Kind.CHANGED: ("~", "yellow"),
    Kind.ARCHIVED: ("-", "red"),
    Kind.UNCHANGED: ("=", "dim"),
}


class _Files(click.Path):
    """Files and folders; a store is another thing, and its address may hold a password."""

    def convert(self, value: str | PathLike[str], param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """Refuse the address, and take what click takes."""
        if store_address(Path(value)) is not None:
            self.fail("a store stands here. Name files and folders, and the store with --store.", param, ctx)
        return Path(os.fsdecode(super().convert(value, param, ctx)))


_paths = click.argument("paths", nargs=-1, required=True, type=_Files())
_prune = click.option("--prune", is_flag=True, help="Archive what the store has and the files have not.")


@click.command("plan")
@_paths
@store_option
@_prune
@click.option("--check", is_flag=True, help="Exit with 1 where something would change.")
@as_json_option
def plan(paths: tuple[Path, ...], address: str | None, *, prune: bool, check: bool, as_json: bool) -> None:
    """Show what `apply` would change in the store; a folder is read with all its YAML files.

    Nothing is written. Exit 0 whatever the plan, unless --check is given; 3 for a file that cannot be taken.
    """
    with opened(address) as store:
        prepared = _prepared(store.read(), paths, prune=prune)
    if as_json:
        write_json({"plan": _document(prepared)})
    else:
        told = people(as_json=False)
        _show(prepared, told)
        told.print(f"The store is at revision {prepared.expected}.")
    if check and not prepared.is_empty:
        sys.exit(Exit.FINDINGS)


@click.command("apply")
@_paths
@store_option
@author_option
@reason_option
@_prune
@click.option("--expect", type=int, metavar="REVISION", help="Refuse where the store is no longer at this revision.")
@yes_option
@as_json_option
def apply(
    paths: tuple[Path, ...], address: str | None, *, author: str, reason: str, expect: int | None, **flags: bool
) -> None:
    """Bring the store to what the files say: all of it in one transaction, or nothing.

    Refused, with nothing written: a file that cannot be taken, a tie of priorities (3), an error that the analysis
    finds, a store that somebody else wrote to meanwhile (1). With --expect meanwhile is since the plan or the export
    that named the revision, else since the store was read here.
    """
    name, why = required(author, "--author"), required(reason, "--reason")
    told = people(as_json=flags["as_json"])
    with opened(address) as store:
        snapshot = store.read()
        if expect is not None and snapshot.revision != expect:
            raise plan_again(expect, snapshot.revision)
        prepared = _prepared(snapshot, paths, prune=flags["prune"])
        _show(prepared, told)
        revision = prepared.expected
        if not prepared.is_empty:
            ask("Apply this?", yes=flags["yes"])
            done = store.write(prepared.news, author=name, reason=why, at=now(), expected=prepared.expected)
            revision = done.revision
            told.print(f"Applied; the store is at revision {revision}.")
    if flags["as_json"]:
        write_json({"applied": not prepared.is_empty, "revision": revision, "plan": _document(prepared)})


@click.command("export")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@store_option
@click.option("--published", is_flag=True, help="Write only what decides: the published versions, and no draft.")
@click.option("--replace", is_flag=True, help="Write over files of the same names.")
def export(folder: Path, address: str | None, *, published: bool, replace: bool) -> None:
    """Write the newest of everything that is not archived to FOLDER, one ID.yaml each, and fields.yaml.

    The files are in the house form: comments stay with whoever wrote them. `plan FOLDER` says "nothing to do". A draft
    beside a published version is written in its place; with --published it is the other way round.
    """
    with opened(address) as store:
        stock = read_stock(store.read())
        files = exported(stock, published=published)
    if published and stock.held and not stock.published.configurations:
        raise Stopped("Nothing in the store is published. Let a draft decide with: croupier bonus publish", Exit.USAGE)
    if not files:
        raise Stopped("The store holds nothing to export. Fill it with: croupier bonus apply", Exit.USAGE)
    _check_folder(folder, set(files), replace=replace)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Stopped(f"{folder}: this cannot be written ({error.strerror})", Exit.INVALID_FILE) from error
    write_files({folder / name: text for name, text in files.items()})
    told = people(as_json=True)
    for line in _not_written(stock, published=published):
        told.print(line, soft_wrap=True)
    count = f"{len(files)} {'file' if len(files) == 1 else 'files'}"
    told.print(f"{count} written to {folder}; the store is at revision {stock.snapshot.revision}.", soft_wrap=True)


def _not_written(stock: Stock, *, published: bool) -> Iterator[str]:
    """Say of what stands twice in the store, and of drafts that nobody asked for, what the files have not."""
    for id_, held in stock.held.items():
        if held.archived or held.draft is None:
            continue
        if published:
            yield f'"{id_}": its draft was not written.'
        elif held.live is not None:
            yield f'"{id_}": the draft was written; the published version beside it decides until it is published.'


def _prepared(snapshot: Snapshot, paths: tuple[Path, ...], *, prune: bool) -> Prepared:
    files = read_files(paths, snapshot, prune=prune, jurisdictions=settings().jurisdictions)
    return prepare(snapshot, files, prune=prune)


def _show(prepared: Prepared, told: Console) -> None:
    for item in prepared.items:
        if item.kind is not Kind.UNCHANGED:
            told.print(_line(item), soft_wrap=True)
            for change in item.changes:
                told.print(Text(f"    {change_line(change)}"), soft_wrap=True)
    told.print("Nothing to do." if prepared.is_empty else _summary(prepared))


def _line(item: Planned) -> Text:
    sign, style = _SIGNS[item.kind]
    line = Text.assemble((f"{sign} {item.id}", style), f"  {item.kind}")
    if item.kind is Kind.CREATED and item.writes:
        one = item.writes[-1]
        brands = ", ".join(one.brands) or "all brands"
        tiers = f"{len(one.tiers)} {'tier' if len(one.tiers) == 1 else 'tiers'}"
        line.append(f", {one.status}: {one.name}, priority {one.priority}, {brands}, {tiers}")
    elif item.kind is Kind.CHANGED and item.writes:
        line.append(f", {' and '.join(one.status for one in item.writes)}")
    return line


def _summary(prepared: Prepared) -> str:
    counts = {kind: sum(item.kind is kind for item in prepared.items) for kind in Kind}
    return ", ".join(f"{count} {kind}" for kind, count in counts.items() if count) + "."


def _document(prepared: Prepared) -> dict[str, Value]:
    return {
        "revision": prepared.expected,
        "empty": prepared.is_empty,
        "documents": [
            {
                "id": item.id,
                "kind": item.kind.value,
                "writes": [one.status.value for one in item.writes],
                "changes": change_documents(item.changes),
            }
            for item in prepared.items
        ],
    }


def _check_folder(folder: Path, names: set[str], *, replace: bool) -> None:
    """Refuse to mix what the store has with other files, and to write over an author's comments unasked."""
    there = {file.name for file in folder.glob("*.y*ml")} if is_folder(folder) else set[str]()
    if strange := sorted(there - names):
        why = f'"{strange[0]}" lies there and is not in the store'
        raise Stopped(f"{folder}: nothing was written: {why}. Name an empty folder.", Exit.USAGE)
    if there and not replace:
        why = f'"{min(there)}" lies there'
        raise Stopped(f"{folder}: nothing was written: {why}. Name an empty folder, or give --replace.", Exit.USAGE)
