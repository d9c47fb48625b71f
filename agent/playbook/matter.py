"""The front matter of a procedure file: which keys it has, and what is said about wrong ones."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Final, Literal, NamedTuple

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails

from agent.playbook.procedure import Finding, Place, ProcedureError
from agent.playbook.sheet import Line
from agent.playbook.vocabulary import did_you_mean
from casino.document import load_yaml
from casino.loaded import DocumentError, Loaded

_VERIFY = AliasChoices("verify_player", "require_player_authentication")
_FENCE = "---"

Word = Annotated[str, Field(min_length=1, max_length=200)]
Turns = Annotated[int, Field(ge=1, le=1000)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class OverrideMatter(_Strict):
    """What one brand does otherwise."""

    body: str | None = None
    verify_player: bool | None = Field(default=None, validation_alias=_VERIFY)
    active: bool | None = None
    max_turns: Turns | None = None
    tags: list[Word] | None = None
    triggers: list[Word] | None = None


class Matter(_Strict):
    """All keys that a procedure's front matter may have."""

    name: Word
    description: Annotated[str, Field(min_length=1)]
    utterances: list[Word] = []
    category: str = ""
    tags: list[Word] = []
    verify_player: bool = Field(default=False, validation_alias=_VERIFY)
    status: Literal["draft", "published"] = "draft"
    active: bool = True
    brands: list[Word] = []
    overrides: dict[Word, OverrideMatter] = {}
    triggers: Annotated[list[Word], Field(min_length=1)] = ["chat"]
    max_turns: Turns | None = None


class FrontMatter(NamedTuple):
    """The front matter, where its parts stand, and the index of the first line of the body."""

    matter: Matter
    loaded: Loaded
    body_start: int


def _keys(model: type[BaseModel]) -> list[str]:
    return [*model.model_fields, "require_player_authentication"]


_KEYS: Final[Mapping[int, list[str]]] = {1: _keys(Matter), 3: _keys(OverrideMatter)}  # by how deep a key stands
_EXAMPLES: Final[Mapping[str, str]] = {
    "name": 'Add "name: Opening hours".',
    "description": 'Add "description: The player wants …", in the player\'s words: the router reads it.',
    "status": 'Write "status: draft" or "status: published".',
    "verify_player": 'Write "verify_player: true" or "verify_player: false".',
    "active": 'Write "active: true" or "active: false".',
    "max_turns": 'Write a whole number of player turns, such as "max_turns: 12".',
    "triggers": 'Write a list with at least one word, such as "triggers: [chat]".',
}


def read_matter(lines: list[Line], *, file: str) -> FrontMatter:
    """Read the front matter between the two `---` lines; ProcedureError names all that is wrong with it."""
    end = _closing(lines, file)
    text = "".join(line.text + "\n" for line in lines[1:end])
    try:
        loaded = load_yaml(text, name=file, first_line=2)
    except DocumentError as error:
        raise ProcedureError((_document_finding(error, file),)) from error
    if not isinstance(loaded.value, dict):
        mend = 'Write keys with values, such as "name: Opening hours".'
        raise ProcedureError((Finding(file, 2, 1, "P002", "error", "The front matter holds no keys", mend),))
    _refuse_two_spellings(loaded, file)
    try:
        return FrontMatter(Matter.model_validate(loaded.value), loaded, end + 1)
    except ValidationError as error:
        raise ProcedureError(tuple(sorted(_findings(error, loaded, file)))) from error


def place_of(loaded: Loaded, path: tuple[str | int, ...]) -> Place:
    """Return where a key of the front matter stands, or its nearest parent."""
    place = loaded.place(path)
    return Place(place.line, place.column) if place is not None else Place(1, 1)


def _closing(lines: list[Line], file: str) -> int:
    if not lines or lines[0].text.lstrip("\ufeff").rstrip() != _FENCE:
        mend = 'Begin the file with a line "---", then "name: …" and "description: …", then a line "---".'
        raise ProcedureError((Finding(file, 1, 1, "P001", "error", "The file has no front matter", mend),))
    for index, line in enumerate(lines[1:], start=1):
        if line.text.rstrip() == _FENCE:
            return index
    mend = 'Write a line "---" between it and the instructions.'
    raise ProcedureError((Finding(file, 1, 1, "P001", "error", "The front matter is never closed", mend),))


def _document_finding(error: DocumentError, file: str) -> Finding:
    message = error.message[:1].upper() + error.message[1:]
    return Finding(file, error.line or 1, error.column or 1, "P002", "error", message, error.mend)


def _refuse_two_spellings(loaded: Loaded, file: str) -> None:
    for path in loaded.places:
        twin = (*path[:-1], "require_player_authentication")
        if path and path[-1] == "verify_player" and len(path) in _KEYS and twin in loaded.places:
            place = place_of(loaded, twin)
            message = '"require_player_authentication" and "verify_player" are the same key'
            mend = 'Keep "verify_player" only.'
            raise ProcedureError((Finding(file, place.line, place.column, "P004", "error", message, mend),))


def _findings(error: ValidationError, loaded: Loaded, file: str) -> Iterator[Finding]:
    for detail in error.errors(include_url=False, include_context=False):
        path = tuple(detail["loc"])
        place = place_of(loaded, path)
        code, message, mend = _said(detail, path)
        yield Finding(file, place.line, place.column, code, "error", message, mend)


def _said(detail: ErrorDetails, path: tuple[str | int, ...]) -> tuple[str, str, str]:
    key, dotted = str(path[-1]), ".".join(map(str, path))
    known = _KEYS.get(len(path), [])
    match detail["type"]:
        case "extra_forbidden":
            return "P003", f'Unknown key "{dotted}"', did_you_mean(key, known, otherwise=f"Known: {', '.join(known)}.")
        case "missing":
            return "P004", f'The key "{dotted}" is missing', _EXAMPLES.get(key, "Add it.")
        case _:
            return "P004", f'"{dotted}": {_plain(detail["msg"])}', _EXAMPLES.get(key, "Mend the value.")


def _plain(message: str) -> str:
    return message[:1].lower() + message[1:]
