"""The ticket file, `ticket/1`: what the player says, the world it happens in, and the end state that is expected."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Literal, get_args

from pydantic import (
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    Field,
    ValidationError,
)
from pydantic_core import ErrorDetails

from casino.document import dump_json, load_json
from casino.loaded import DocumentError, Loaded
from casino.loaded import Path as Steps
from casino.nearest import did_you_mean
from casino.shape import named
from casino.values import Document
from evals.expect import Expected
from evals.recording import Recording, Source
from evals.shapes import Strict, Text

LONGEST_QUOTED = 60


def _time(value: object) -> datetime:
    """Read a time as people write it; a bare number or a date would be guessed at."""
    try:
        return datetime.fromisoformat(value if isinstance(value, str) else "")
    except ValueError:
        raise ValueError("a time with its zone") from None


class TicketError(Exception):
    """A ticket file cannot be used; the message says where, why and how to mend it."""


class Ticket(Strict):
    """One ticket as a file."""

    schema_: Literal["ticket/1"] = Field(alias="schema")
    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$")]
    title: Text
    brand: Text
    clock: Annotated[AwareDatetime, BeforeValidator(_time)] = datetime(2026, 11, 20, 12, tzinfo=UTC)
    procedure: str | None = None
    session: str | None = None  # the player id of a signed session
    says: Annotated[tuple[str, ...], Field(min_length=1)]
    world: dict[str, Any] = Field(default_factory=dict)
    expect: Expected | None = None
    tags: tuple[Text, ...] = ()
    source: Source | None = None  # where it comes from; None: it was written by hand
    seed: int = 0
    recording: Recording | None = None


@dataclass(frozen=True, slots=True)
class Read:
    """A ticket, the file that it stands in, and its world with exact numbers."""

    ticket: Ticket
    file: str
    world: Document


def read_ticket(path: Path) -> Read:
    """Read one ticket file. Raises `TicketError`."""
    try:
        text = path.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise TicketError(f"{path}: not UTF-8 text (byte {error.start}); save the ticket as UTF-8") from error
    except OSError as error:
        raise TicketError(f"{path}: cannot be read ({error.strerror}); check the path") from error
    try:
        loaded = load_json(text, name=str(path))
    except DocumentError as error:
        raise TicketError(str(error)) from error
    value = loaded.value
    if not isinstance(value, dict):
        raise TicketError(f"{path}:1:1: a ticket is a JSON object with `schema`, `id`, `title`, `brand` and `says`")
    try:
        ticket = Ticket.model_validate(value)
    except ValidationError as error:
        raise TicketError(_problems(loaded, error)) from error
    world = value.get("world", {})
    return Read(ticket, str(path), world if isinstance(world, dict) else {})


def read_tickets(path: Path) -> list[Read]:
    """Read a ticket file, or every `*.json` below a folder in the order of their names.

    Raises `TicketError` with all that is wrong in any of them.
    """
    if path.is_file():
        return [read_ticket(path)]
    if not path.exists():
        raise TicketError(f"{path}: there is no such file or folder; check the path")
    files = sorted(path.rglob("*.json"))
    if not files:
        raise TicketError(f"{path}: there is no ticket here; give a ticket file or a folder of them")
    read: list[Read] = []
    wrong: list[str] = []
    for file in files:
        try:
            read.append(read_ticket(file))
        except TicketError as error:
            wrong.append(str(error))
    wrong += _twice(read)
    if wrong:
        raise TicketError("\n".join(wrong))
    return read


def _twice(read: Sequence[Read]) -> list[str]:
    """Say which files take the id of another."""
    first: dict[str, str] = {}
    return [
        f"{one.file}: the id `{one.ticket.id}` is taken by {first[one.ticket.id]}; give it another"
        for one in read
        if first.setdefault(one.ticket.id, one.file) != one.file
    ]


# By pydantic's word for the problem: what is expected, and how to mend it.
_WANTED: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "literal_error": ('"ticket/1"', "Write it so: there is no other form yet."),
        "string_pattern_mismatch": (
            "an id of small letters, digits and hyphens",
            'Write one such as "issued-2"; it begins with a letter or a digit.',
        ),
        "string_too_short": ("text that is not empty", "Write it."),
        "string_type": ("text", "Put it in double quotes."),
        "too_short": ("a list with at least one item", "Add what the player says."),
        "tuple_type": ("a list", "Put it in [ ]."),
        "dict_type": ("an object", "Put it in { }."),
        "model_type": ("an object", "Put it in { }."),
        "value_error": ("a time with its zone", 'Write one such as "2026-11-20T12:00:00Z".'),
        "timezone_aware": ("a time with its zone", 'Write one such as "2026-11-20T12:00:00Z".'),
    }
)


def _problems(loaded: Loaded, error: ValidationError) -> str:
    """Write one line for each problem: file, field, what is written, what is expected, and how to mend it."""
    return "\n".join(
        f"{loaded.name}: {'.'.join(map(str, one['loc']))}: {_problem(one, loaded)}" for one in error.errors()
    )


def _problem(detail: ErrorDetails, loaded: Loaded) -> str:
    path = detail["loc"]
    match detail["type"]:
        case "extra_forbidden":
            return f"there is no such field. {did_you_mean(str(path[-1]), _names(_model_at(path[:-1])))}"
        case "missing":
            return "this field is missing; add it"
        case "unknown_word":
            words = [word for word in detail.get("ctx", {}).get("known", ()) if word]
            return (
                f"{_written(loaded, path)} is no word that is known here. {did_you_mean(str(loaded.at(path)), words)}"
            )
        case kind:
            expected, mend = _WANTED.get(kind, (detail["msg"], "Change it."))
            return f"{_written(loaded, path)} is written, {expected} is expected. {mend}"


def _written(loaded: Loaded, path: Steps) -> str:
    """Quote what stands at a place where it is short, else name its type."""
    value = loaded.at(path)
    if isinstance(value, list | dict):
        return named(value) if value else f"an empty {named(value).removeprefix('a ')}"
    quoted = dump_json(value)
    return quoted if len(quoted) <= LONGEST_QUOTED else f"long {named(value)}"


def _model_at(path: Steps) -> type[BaseModel]:
    """Return the model that describes what stands at a place of a ticket."""
    model: type[BaseModel] = Ticket
    for step in path:
        if isinstance(step, str) and step in (known := _fields(model)):
            model = next(iter(_models(known[step])), model)
    return model


def _fields(model: type[BaseModel]) -> dict[str, object]:
    return {field.alias or name: field.annotation for name, field in model.model_fields.items()}


def _models(annotation: object) -> Iterator[type[BaseModel]]:
    """Yield the models that an annotation names: `Expected | None` names one."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _models(inner)


def _names(model: type[BaseModel]) -> list[str]:
    return [field.alias or name for name, field in model.model_fields.items()]
