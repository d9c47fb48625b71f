"""The ticket file, `ticket/1`: what the player says, the world it happens in, and the end state that is expected."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from hashlib import sha256
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
from evals.attack.planted import Attack
from evals.expect import Expected
from evals.migrations import NewerTicket, migrated
from evals.packs import PackError, Place, each_written, is_pack, place_from, ticket_files, written_at
from evals.recording import Recording, Source
from evals.shapes import Strict, Text
from evals.simulated.player import Player

LONGEST_QUOTED = 60
MOST_SHOWN = 50  # lines about what is wrong: a pack of thousands may be wrong on every one


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
    attack: Attack | None = None
    player: Player | None = None  # who plays at L4; left out: who the messages say


@dataclass(frozen=True, slots=True)
class Read:
    """A ticket, where it stands, and its world with exact numbers."""

    ticket: Ticket
    file: str  # in a pack with the line, such as `pack.jsonl:12`
    world: Document
    offset: int = 0  # where its line begins in a pack, in bytes
    written: str = field(default="", compare=False)  # the sha256 of its bytes


def read_ticket(path: Path) -> Read:
    """Read one ticket: a file, or a line of a pack as `pack.jsonl:12`. Raises `TicketError`."""
    return read_at(str(path))


def read_at(file: str, *, offset: int = 0) -> Read:
    """Read the ticket that stands at a place, as `Read.file` and `Read.offset` give it. Raises `TicketError`."""
    place = place_from(file, offset=offset)
    if not place.line and is_pack(place.file):
        wanted = f"{place.file}:1"
        raise TicketError(f'{place.file}: one ticket is wanted, and this is a pack; name the line, such as "{wanted}"')
    try:
        return _read(place, written_at(place))
    except PackError as error:
        raise TicketError(str(error)) from error


def each_ticket(path: Path) -> Iterator[Read]:
    """Yield the tickets of a file, a pack, a line of a pack, or all below a folder in the order of their names.

    One is held at a time. Once all are read, raises `TicketError` with whatever is wrong in any of them.
    """
    if place_from(str(path)).line:
        yield read_ticket(path)
        return
    wrong: list[str] = []
    first: dict[str, str] = {}
    for read in _each(path, wrong):
        other = first.setdefault(read.ticket.id, read.file)
        if other == read.file:
            yield read
        else:
            wrong.append(f"{read.file}: the id `{read.ticket.id}` is taken by {other}; give it another")
    if wrong:
        more = [f"… and {len(wrong) - MOST_SHOWN} more like these"] if len(wrong) > MOST_SHOWN else []
        raise TicketError("\n".join([*wrong[:MOST_SHOWN], *more]))


def read_tickets(path: Path) -> list[Read]:
    """Return all that `each_ticket` yields; for a few. Raises `TicketError`."""
    return [*each_ticket(path)]


def ticket_from(document: Document, *, name: str) -> Read:
    """Return the ticket that a document is. Raises `TicketError`; `name` says where it stands."""
    return _checked(Loaded(dict(document), {}, name))


def _each(path: Path, wrong: list[str]) -> Iterator[Read]:
    """Yield what can be read, and note what cannot."""
    try:
        files = ticket_files(path)
    except PackError as error:
        raise TicketError(str(error)) from error
    for file in files:
        try:
            for place, written in each_written(file):
                try:
                    yield _read(place, written)
                except TicketError as error:
                    wrong.append(str(error))
        except PackError as error:
            wrong.append(str(error))


def _read(place: Place, written: bytes) -> Read:
    try:
        text = written.decode()
    except UnicodeDecodeError as error:
        raise TicketError(f"{place.shown}: not UTF-8 text (byte {error.start}); save the ticket as UTF-8") from error
    try:
        loaded = load_json(text, name=place.shown)
    except DocumentError as error:
        raise TicketError(str(_in_pack(error, place))) from error
    return replace(_checked(loaded), offset=place.offset, written=sha256(written).hexdigest())


def _in_pack(error: DocumentError, place: Place) -> DocumentError:
    """Say the line of the pack: the text of a ticket has one line of its own, the first."""
    if not place.line:
        return error
    return DocumentError(error.message, name=str(place.file), line=place.line, column=error.column, mend=error.mend)


def _checked(loaded: Loaded) -> Read:
    if not isinstance(loaded.value, dict):
        place = f"{loaded.name}:1" if place_from(loaded.name).line else f"{loaded.name}:1:1"
        what = "a ticket is a JSON object with `schema`, `id`, `title`, `brand` and `says`"
        raise TicketError(f"{place}: {what}")
    try:
        value = dict(migrated(loaded.value))
    except NewerTicket as error:
        raise TicketError(f"{loaded.name}: schema: {error}") from error
    try:
        ticket = Ticket.model_validate(value)
    except ValidationError as error:
        raise TicketError(_problems(replace(loaded, value=value), error)) from error
    world = value.get("world", {})
    return Read(ticket, loaded.name, world if isinstance(world, dict) else {})


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
