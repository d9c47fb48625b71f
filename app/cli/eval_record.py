"""`croupier eval record`: play tickets once and keep what the model was asked and answered."""

from collections import deque
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeAlias

import click

from agent.house import read_house
from agent.model.opening import open_model
from agent.settings import Settings
from app.cli.configured import settings, with_folders
from app.cli.eval_gate import EvalExit
from app.cli.exits import Exit, Stopped, run_async
from app.cli.words import escaped
from casino.document import load_json
from casino.values import Document, Value
from evals.judging.asking import itself
from evals.migrations import migrated
from evals.packs import PackError, PackWriter, is_pack, new_pack, place_from, write_ticket, written_at
from evals.record import broken, record
from evals.recording import Desk, Recording
from evals.report.words import in_line
from evals.stale import stale_of
from evals.ticket import Read, each_ticket

Put: TypeAlias = Callable[[Read, Document], str]


@click.command("record")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--out", required=True, type=click.Path(path_type=Path), help="Write here: a folder, or a pack.jsonl.")
@click.option("--stale", is_flag=True, help="Record only the tickets whose recording no longer fits.")
def record_(path: Path, *, out: Path, stale: bool) -> None:
    """Play the ticket or the pack at PATH, or every ticket below it, and write each with its recording to OUT.

    OUT is a folder of one file for each ticket, or a pack where its name ends in .jsonl. The model that is configured
    answers, and nobody in its place; with none, the built-in policy model. With --stale the others are left as they
    are: files where they stand, lines of a pack as they were.

    Exit code 0: all are recorded; 2: usage; 3: a file cannot be used, or a ticket was not recorded, since the model was
    down or the desk broke. It is said why, and the others are written; a pack keeps its other name then.
    """
    run_async(_record(path, out, stale=stale))


async def _record(path: Path, out: Path, *, stale: bool) -> None:
    chosen = with_folders(settings())
    house = read_house(chosen)
    deque(each_ticket(path), maxlen=0)  # whatever cannot be read is said before a model is paid
    with _written_to(out, path) as put:
        async with open_model(chosen.model, house.prompts) as model:
            failed = 0
            for read in each_ticket(path):
                if stale and not await stale_of(read, house):
                    if is_pack(out):  # it holds the fresh ones too
                        put(read, _written(read))
                    continue
                recording = await record(read, house, model=itself(model), desk=_desk(chosen))
                why = broken(recording)
                if why is None:
                    click.echo(put(read, _with(recording, read)))
                else:
                    failed += 1
                    click.echo(escaped(f"{read.file}: {in_line(read.ticket.id)} is not recorded: {why}"), err=True)
        if failed:
            raise SystemExit(EvalExit.BROKEN)  # in here: a pack that lacks tickets must not replace a whole one


def _desk(chosen: Settings) -> Desk:
    in_json = chosen.model is not None and chosen.model.tool_mode == "json"
    return Desk(json_mode=in_json, hold_order=chosen.hold_order)


def _with(recording: Recording, read: Read) -> dict[str, Value]:
    """Return the ticket as it was written, with its recording."""
    return {**_written(read), "recording": recording.document()}


def _written(read: Read) -> Document:
    written = written_at(place_from(read.file, offset=read.offset)).decode()
    ticket = load_json(written, name=read.file).value
    return migrated(ticket) if isinstance(ticket, dict) else {}


@contextmanager
def _written_to(out: Path, path: Path) -> Generator[Put]:
    """Give what writes a ticket to OUT and says where it stands now."""
    try:
        if not is_pack(out):
            yield lambda read, ticket: _into(out, path, read, ticket)
            return
        if out.exists() and out != place_from(str(path)).file:
            raise Stopped(f"{out}: there is a pack already; give another name, or record that pack itself", Exit.USAGE)
        with new_pack(out) as pack, _kept(pack):
            yield lambda _, ticket: pack.add(ticket)
    except PackError as error:
        raise Stopped(str(error), Exit.USAGE) from error


@contextmanager
def _kept(pack: PackWriter) -> Generator[None]:
    """Say where the first tickets of a pack are that was broken off: their answers may have cost money."""
    try:
        yield
    except BaseException:
        if pack.written:
            click.echo(f"{pack.part} has the {pack.written} recorded so far; rename it to use it", err=True)
        raise


def _into(out: Path, path: Path, read: Read, ticket: Document) -> str:
    """Write a ticket into a file of its own; one of a pack has its id for a name."""
    place = place_from(read.file)
    file = place.file.with_name(f"{read.ticket.id}.json") if place.line else place.file
    below = file.relative_to(path) if path.is_dir() else Path(file.name)
    write_ticket(out / below, ticket)
    return str(out / below)
