"""What this process is configured with, and the refusal of what is not there."""

import os
from pathlib import Path

from agent.playbook.collection import Library
from agent.settings import Settings, SettingsError, read_settings
from app.cli.exits import Exit, Stopped
from casino.nearest import did_you_mean


def settings() -> Settings:
    """Return the settings of this process."""
    return read_settings(os.environ)


def with_folders(chosen: Settings) -> Settings:
    """Refuse a folder that is not there: a desk without bonuses would deny them to everybody."""
    folders = {
        "CROUPIER_PROCEDURES": chosen.procedures,
        "CROUPIER_BONUSES": chosen.bonuses,
        "CROUPIER_PROMPTS": chosen.prompts,
        "CROUPIER_GATE": chosen.gate,
    }
    for name, folder in folders.items():
        if isinstance(folder, Path) and not _is_there(name, folder):
            kind = "file" if name == "CROUPIER_GATE" else "folder"
            raise SettingsError(
                f"{name} {_is_set(folder)}; there is no such {kind}: mend it, or unset it for what ships"
            )
    return chosen


def _is_there(name: str, place: Path) -> bool:
    """Tell whether a place is there. Raises SettingsError where it cannot be looked at."""
    try:
        place.stat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as error:
        why = f"it cannot be looked at ({error.strerror})"
        raise SettingsError(f"{name} {_is_set(place)}; {why}: mend it, or unset it for what ships") from error
    return True


def _is_set(place: Path) -> str:
    return "is set" if _may_be_secret(str(place)) else f'is "{place}"'


def _may_be_secret(place: str) -> bool:
    """Tell whether a place looks like an address with a password, which no message repeats."""
    return "@" in place or "password" in place.lower()


def known_procedure(library: Library, procedure: str | None, *, where: str = "") -> None:
    """Refuse a procedure that is not there."""
    if procedure is not None and procedure not in library.by_id:
        message = f'{where}there is no procedure "{procedure}". {did_you_mean(procedure, library.by_id)}'
        raise Stopped(message, Exit.INVALID_FILE if where else Exit.USAGE)
