"""Mutants that no grading could tell from the gold, each explained: `equivalent.yaml` beside the tickets.

An explanation that is not needed is an error: it would hide the mutant that is missed next.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Final, Literal, NamedTuple

from pydantic import Field

from casino.document import load_yaml
from casino.loaded import DocumentError
from casino.shape import Shape, shape
from evals.words import EQUIVALENT

KINDS: Final = ("drop", "repeat", "swap", "change", "drop verification", "drop hand-over", "drop reads")
Text = Annotated[str, Field(min_length=1, pattern=r"\S")]


class Name(NamedTuple):
    """One mutant of a ticket."""

    kind: str
    what: str
    number: int = 1  # of those with this kind and what

    def __str__(self) -> str:
        return f"{self.kind} {self.what}" + (f" ({self.number})" if self.number > 1 else "")


class _Entry(Shape):
    ticket: Text
    kind: Literal["drop", "repeat", "swap", "change", "drop verification", "drop hand-over", "drop reads"]
    what: Text
    number: Annotated[int, Field(ge=1)] = 1
    why: Text


class _File(Shape):
    schema_: Literal["equivalent/1"] = Field(alias="schema")
    mutants: list[_Entry]


def explained_beside(file: Path) -> Mapping[str, Mapping[Name, str]]:
    """Return why mutants may pass, by ticket and mutant, from the folder of a ticket file. Raises `DocumentError`."""
    path = file.parent / EQUIVALENT
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        what = error.strerror if isinstance(error, OSError) else "not UTF-8 text"
        raise DocumentError(
            f"cannot be read ({what})", name=str(path), line=None, column=None, mend="Mend the file, or remove it."
        ) from error
    loaded = load_yaml(text, name=str(path))
    found: dict[str, dict[Name, str]] = {}
    for at, entry in enumerate(shape(_File, loaded).mutants):
        name = Name(entry.kind, entry.what, entry.number)
        own = found.setdefault(entry.ticket, {})
        if name in own:
            raise loaded.error(("mutants", at), f"`{name}` of `{entry.ticket}` stands here twice", "Keep one of them.")
        own[name] = entry.why
    return found
