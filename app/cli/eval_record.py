"""`croupier eval record`: play tickets once and keep what the model was asked and answered."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from tempfile import NamedTemporaryFile

import click

from agent.settings import Settings
from agent.wiring import open_model, read_house
from app.cli.exits import Exit, Stopped, run_async
from app.cli.opening import settings, with_folders
from casino.document import dump_json, load_json
from evals.record import record
from evals.recording import Desk, Recording
from evals.ticket import Read, read_tickets


@click.command("record")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--out", required=True, type=click.Path(path_type=Path, file_okay=False), help="Write the tickets here.")
def record_(path: Path, *, out: Path) -> None:
    """Play the ticket at PATH, or every ticket below it, and write each with its recording into the folder OUT.

    The model that is configured answers; with none, the built-in policy model.
    """
    for file in run_async(_recorded(path, out)):
        click.echo(file)


async def _recorded(path: Path, out: Path) -> Sequence[Path]:
    chosen = with_folders(settings())
    house = read_house(chosen)
    reads = await asyncio.to_thread(read_tickets, path)
    written: list[Path] = []
    async with open_model(chosen.model, house.prompts) as model:
        for read in reads:
            recording = await record(read, house, model=model, desk=_desk(chosen))
            written.append(_written(read, recording, _target(Path(read.file), path, out)))
    return written


def _desk(chosen: Settings) -> Desk:
    in_json = chosen.model is not None and chosen.model.tool_mode == "json"
    return Desk(json_mode=in_json, hold_order=chosen.hold_order)


def _target(file: Path, path: Path, out: Path) -> Path:
    return out / (file.name if file == path else file.relative_to(path))


def _written(read: Read, recording: Recording, target: Path) -> Path:
    """Write the ticket as it was, with its recording; whole or not at all."""
    ticket = load_json(Path(read.file).read_text("utf-8"), name=read.file).value
    document = {**(ticket if isinstance(ticket, dict) else {}), "recording": recording.document()}
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile("w", dir=target.parent, delete=False, encoding="utf-8") as file:
            file.write(dump_json(document) + "\n")
        Path(file.name).replace(target)
    except OSError as error:
        raise Stopped(f"{target}: cannot be written ({error.strerror}); give another folder", Exit.USAGE) from error
    return target
