"""The `recording` of a ticket: every question to the model with its answer, every call of a tool, and the end."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from itertools import chain
from typing import Annotated, Any, Literal, Self, cast

from pydantic import AfterValidator, BeforeValidator, Field, NonNegativeInt, PositiveInt, model_validator
from pydantic_core import PydanticCustomError

from casino.values import Value
from evals.segments import HISTORY, Node, key_of, links, sha256_of
from evals.shapes import Strict, Text


def _exact(value: object) -> object:
    """Refuse a number that is not exact, however deep it stands."""
    if isinstance(value, str | int | Decimal | None):  # what is usual first: every part of every recording comes here
        return value
    if isinstance(value, float):
        raise PydanticCustomError("not_exact", "an exact number")
    within = cast("Mapping[str, object]", value).values() if isinstance(value, Mapping) else value
    if isinstance(within, Iterable):
        for one in cast("Iterable[object]", within):
            _exact(one)
    return cast("object", value)


def _decimal(value: object) -> object:
    """Take a whole number as well; a text or a float would be guessed at."""
    if isinstance(value, int) and not isinstance(value, bool):
        return Decimal(value)
    if isinstance(value, Decimal):
        return value
    raise PydanticCustomError("not_exact", "an exact number")


def _moment(value: str) -> str:
    try:
        if datetime.fromisoformat(value).tzinfo is not None:
            return value
    except ValueError:
        pass
    raise PydanticCustomError("moment", "a time with its zone")


Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Json = Annotated[dict[str, Any], BeforeValidator(_exact)]
Moment = Annotated[str, AfterValidator(_moment)]
Share = Annotated[Decimal, BeforeValidator(_decimal), Field(ge=0, le=1)]


class Redaction(Strict):
    """How a ticket was made impersonal."""

    version: Text
    counts: dict[str, NonNegativeInt] = Field(default_factory=dict[str, int])  # by kind, such as `email`


class Source(Strict):
    """Where a ticket comes from."""

    kind: Literal["authored", "production", "synthetic", "attack", "model"]
    by: Text  # the author, or the name of the model
    redaction: Redaction | None = None


class Versions(Strict):
    """What a ticket was recorded with."""

    croupier: Text
    procedure: str = ""  # its id and the sha256 of its file, as `id@sha256`; "" where none ran
    model: Text


class Desk(Strict):
    """How the desk asked, where it differs from the usual: a replay must ask in the same way."""

    json_mode: bool = False  # one JSON action a step instead of native calls of tools
    hold_order: bool = False  # only the step that is due is offered


class RecordedCall(Strict):
    """A call that the model proposed. Ids of the run stand as their position in the conversation, such as `D#1`."""

    name: str
    arguments: Json
    confidence: Share | None = None


class Response(Strict):
    """What the model answered."""

    model: Text
    calls: tuple[RecordedCall, ...] = ()
    text: str | None = None
    tokens_in: NonNegativeInt = 0
    tokens_out: NonNegativeInt = 0
    attempts: tuple[str, ...] = ()  # what went wrong before this answer came
    parameters: Json = Field(default_factory=dict[str, Any])
    response: Json = Field(default_factory=dict[str, Any])  # as it came, in its known fields


class Exchange(Strict):
    """One question to the model and what came of it: an answer, a choice (or none), or that the model was down."""

    n: PositiveInt
    turn: NonNegativeInt  # the player's message that it belongs to, from 1
    node: Node
    segments: dict[str, Sha256]
    key: Sha256
    response: Response | None = None
    chosen: str | None = None
    down: Text | None = None

    @model_validator(mode="after")
    def _has_one_answer(self) -> Self:
        answers = [self.response is not None, self.chosen is not None, self.down is not None]
        if sum(answers) > 1 or (self.node == "think" and (self.chosen is not None or not any(answers))):
            raise PydanticCustomError("one_answer", "one of `response`, `chosen` and `down`, as its node has it")
        if self.node == "choose" and self.response is not None:
            raise PydanticCustomError("one_answer", "`chosen` or `down`: this node gives no `response`")
        if self.key != key_of(self.node, self.segments):
            raise PydanticCustomError("wrong_key", "the key of these segments")
        return self


class ToolExchange(Strict):
    """One call of a tool and what it came to."""

    n: PositiveInt
    exchange: NonNegativeInt  # the question to the model that it was proposed in; 0: code wanted it
    name: Text
    arguments: Json
    status: Text
    data: Json
    at: Moment


class Final(Strict):
    """How it ended."""

    end: Json  # the end state
    effects: tuple[Json, ...] = ()  # `tool`, `state`, `intent` and `outcome` of each, in order
    granted: tuple[str, ...] = ()  # player ids of the rows in the bonus system
    replies: tuple[str, ...] = ()


class Recording(Strict):
    """The optional section `recording` of a ticket. Each text stands in it once, under its sha256."""

    versions: Versions
    desk: Desk = Desk()
    segments: dict[Sha256, str]
    exchanges: tuple[Exchange, ...]
    tools: tuple[ToolExchange, ...] = ()
    final: Final

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        for sha256, text in self.segments.items():
            if sha256_of(text) != sha256:
                raise PydanticCustomError("changed_text", "texts under their own sha256")
        if [one.n for one in self.exchanges] != sorted({one.n for one in self.exchanges}):
            raise PydanticCustomError("out_of_order", "exchanges in the order of their numbers")
        for one in self.exchanges:
            _check_texts(one, self.segments)
        return self

    def document(self) -> dict[str, Value]:
        """Return the section as it stands in a file; what is left at its default is left out."""
        return _plain(self.model_dump(by_alias=True, exclude_defaults=True))


def _check_texts(exchange: Exchange, texts: Mapping[str, str]) -> None:
    try:
        named = (texts[sha256] for name, sha256 in exchange.segments.items() if name != HISTORY)
        turns = links(exchange.segments[HISTORY], texts) if HISTORY in exchange.segments else ()
        for _ in chain(named, turns):
            pass
    except KeyError:
        raise PydanticCustomError("missing_text", "every text that an exchange names") from None


def _plain(value: Any) -> Any:  # noqa: ANN401  # what pydantic dumps: JSON, but for tuples
    match value:
        case dict():
            return {name: _plain(one) for name, one in value.items()}  # pyright: ignore[reportUnknownVariableType]  # JSON
        case list() | tuple():
            return [_plain(one) for one in value]  # pyright: ignore[reportUnknownVariableType]  # JSON
        case _:
            return value
