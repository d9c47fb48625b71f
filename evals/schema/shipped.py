"""The JSON Schema of ticket files as it ships, for editors and for other programs."""

from pathlib import Path
from typing import Final

_FILE: Final = Path(__file__).with_name("ticket-1.json")


def schema_text() -> str:
    """Return the JSON Schema (draft 2020-12) of `ticket/1`, as it is to be written into a file."""
    return _FILE.read_text("utf-8")
