"""Texts written to files: all of them whole, or none."""

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from agent.bonus.files import named
from app.cli.exits import Exit, Stopped


def write_files(texts: Mapping[Path, str]) -> None:
    """Write files, first all of them beside their places, then each into its place in one step.

    So a disk that is full is met before any file has changed, and nobody meets half of one. Where a link stands, what
    it leads to is written. Stopped, with nothing left beside, where a file cannot be written.
    """
    staged: dict[Path, Path] = {}  # by its place: two names may lead to one
    file = Path()
    try:
        for file, text in texts.items():
            place = Path(os.path.realpath(file))
            beside = place.with_name(f".{place.name}.new")
            staged[place] = beside
            _write(beside, text)
            if place.exists():
                beside.chmod(place.stat().st_mode)
        for file, beside in staged.items():
            beside.replace(file)
    except OSError as error:
        raise Stopped(f"{named(file)}: it cannot be written ({error.strerror}).", Exit.INVALID_FILE) from error
    finally:
        for beside in staged.values():
            with suppress(OSError):
                beside.unlink(missing_ok=True)


def _write(file: Path, text: str) -> None:
    """Write a text and wait for the disk to have it, so that a full one says so here."""
    with file.open("wb") as opened:
        opened.write(text.encode())
        opened.flush()
        os.fsync(opened.fileno())
