"""The quarantine: tickets that are shown and do not decide, each with an owner, a reason and a last day."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from casino.document import load_yaml
from casino.loaded import DocumentError, Loaded
from casino.shape import Shape, shape
from evals.gate.sample import GateError
from evals.gate.verdict import Held

Text = Annotated[str, Field(min_length=1, pattern=r"\S")]


class _Entry(Shape):
    ticket: Text
    owner: Text
    reason: Text
    expires: str


class _File(Shape):
    schema_: Literal["quarantine/1"] = Field(alias="schema")
    tickets: list[_Entry]


def read_quarantine(path: Path, *, today: date) -> Mapping[str, Held]:
    """Read the quarantined tickets, YAML or JSON. Raises `GateError` where an entry is not whole, or has expired."""
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        what = error.strerror if isinstance(error, OSError) else "not UTF-8 text"
        raise GateError(f"{path}: cannot be read ({what}); check the path") from error
    try:
        return _held(load_yaml(text, name=str(path)), today=today)
    except DocumentError as error:
        raise GateError(str(error)) from error


def _held(loaded: Loaded, *, today: date) -> dict[str, Held]:
    held: dict[str, Held] = {}
    for number, entry in enumerate(shape(_File, loaded).tickets):
        place = ("tickets", number)
        if entry.ticket in held:
            raise loaded.error((*place, "ticket"), f"`{entry.ticket}` stands here twice", "Keep one entry.")
        expires = _day(entry.expires)
        if expires is None:
            mend = "Write one such as 2026-12-31."
            raise loaded.error((*place, "expires"), f'"{entry.expires}" is no day', mend)
        if expires < today:
            raise loaded.error(
                (*place, "expires"),
                f"the quarantine of `{entry.ticket}` ended on {expires} ({entry.owner}: {entry.reason})",
                "Mend the ticket and remove the entry, or decide anew and write another day.",
            )
        held[entry.ticket] = Held(owner=entry.owner, reason=entry.reason, expires=expires)
    return held


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
