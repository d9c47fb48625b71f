"""The ticket file, `ticket/1`: what the player says, the world it happens in, and the end state that is expected."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails

from casino.document import load_json
from casino.loaded import DocumentError
from casino.nearest import did_you_mean
from casino.values import Document, Value

Text = Annotated[str, Field(min_length=1)]


def _written(value: object) -> datetime:
    """Read a time as people write it; a bare number or a date would be guessed at."""
    try:
        return datetime.fromisoformat(value if isinstance(value, str) else "")
    except ValueError:
        raise ValueError("write a time with its zone, such as 2026-11-20T12:00:00Z") from None


class TicketError(Exception):
    """A ticket file cannot be used; the message says where, why and how to mend it."""


class Strict(BaseModel):
    """Nothing unknown, nothing changed afterwards."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Expected(Strict):
    """The end state that must come about. What is left out is not compared; `outcome` and `effects` never are."""

    outcome: str
    effects: tuple[str, ...]  # `tool: state`, in order, such as `issue_bonus: done`
    procedure: str | None = None
    verified: str | None = None  # the player id, or "" for nobody
    decision: str | None = None  # qualified, not_qualified, vetoed, unknown, or "" for none
    tier: str | None = None
    handoff: str | None = None  # the reason code, or "" for none
    granted: tuple[str, ...] | None = None  # player ids of the rows in the bonus system
    said: tuple[Text, ...] = ()  # stands in some reply
    never_said: tuple[Text, ...] = ()  # stands in no reply


class Ticket(Strict):
    """One ticket as a file."""

    schema_: Literal["ticket/1"] = Field(alias="schema")
    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$")]
    title: Text
    brand: Text
    clock: Annotated[AwareDatetime, BeforeValidator(_written)] = datetime(2026, 11, 20, 12, tzinfo=UTC)
    procedure: str | None = None
    session: str | None = None  # the player id of a signed session
    says: Annotated[tuple[str, ...], Field(min_length=1)]
    world: dict[str, Any] = Field(default_factory=dict)
    expect: Expected | None = None


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
        value = load_json(text, name=str(path)).value
    except DocumentError as error:
        raise TicketError(str(error)) from error
    if not isinstance(value, dict):
        raise TicketError(f"{path}:1:1: a ticket is a JSON object with `schema`, `id`, `title`, `brand` and `says`")
    try:
        ticket = Ticket.model_validate(value)
    except ValidationError as error:
        raise TicketError(_problems(path, error)) from error
    world: Value = value.get("world", {})
    return Read(ticket, str(path), world if isinstance(world, dict) else {})


def read_tickets(path: Path) -> list[Read]:
    """Read a ticket file, or every `*.json` below a folder in the order of their names. Raises `TicketError`."""
    if path.is_file():
        return [read_ticket(path)]
    files = sorted(path.rglob("*.json"))
    if not files:
        raise TicketError(f"{path}: there is no ticket here; give a ticket file or a folder of them")
    read = [read_ticket(file) for file in files]
    seen: Mapping[str, str] = {}
    for one in read:
        if one.ticket.id in seen:
            raise TicketError(
                f"{one.file}: the id `{one.ticket.id}` is taken by {seen[one.ticket.id]}; give it another"
            )
        seen = {**seen, one.ticket.id: one.file}
    return read


def _problems(path: Path, error: ValidationError) -> str:
    lines = [f"{path}: {'.'.join(map(str, one['loc'])) or 'ticket'}: {_problem(one)}" for one in error.errors()]
    return "\n".join(lines)


def _problem(detail: ErrorDetails) -> str:
    """Say what is wrong with a field and how to mend it."""
    match detail["type"]:
        case "extra_forbidden":
            model = Expected if detail["loc"][0] == "expect" else Ticket
            return f"there is no such field. {did_you_mean(str(detail['loc'][-1]), _names(model))}"
        case "missing":
            return "this field is missing; add it"
        case "timezone_aware":
            return "the time has no zone; write one such as 2026-11-20T12:00:00Z"
        case _:
            return detail["msg"].removeprefix("Value error, ")


def _names(model: type[BaseModel]) -> list[str]:
    return [field.alias or name for name, field in model.model_fields.items()]
