"""The outside in memory: a platform, a bonus system and a messenger that share one world.

They ship: recorded tickets are replayed against them. They obey the same contract tests as the HTTP adapters, and
refuse for the same reasons as the shipped back office.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Annotated, Literal, TypeAlias, get_args

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from casino.document import canonical_json
from casino.loaded import Loaded, Path
from casino.nearest import did_you_mean, nearest
from casino.shape import named
from casino.values import Document, Value
from tools.adapters.player_mapping import PlayerJson, documents, flag, gaming_from_json, player_from_json
from tools.ports import (
    AccessRefused,
    Delivered,
    ExternalMessage,
    Granted,
    GrantOrder,
    OutcomeUnknown,
    Player,
    Refused,
    ResponsibleGaming,
    Unavailable,
)

PROTECTIONS = ("self_excluded", "cooling_off", "rg_closed")
Operation: TypeAlias = Literal[
    "players", "player", "responsible_gaming", "kyc", "deposits", "bonus", "bonuses", "templates", "messages"
]


class Fault(StrEnum):
    """How an operation of this world fails."""

    ERROR = "error"  # a failure on the other side: for an effect, nobody knows
    DROP = "drop"  # the work is done and the answer is lost
    REFUSE = "refuse"  # understood and denied
    UNAVAILABLE = "unavailable"  # nothing is sent
    ACCESS_REFUSED = "access_refused"  # our credentials are not accepted


def _moment(value: object) -> object:
    """Refuse what the mapping of a player could not take the days since."""
    if value is None:
        return value
    with suppress(ValueError):
        if isinstance(value, str) and datetime.fromisoformat(value).tzinfo is not None:
            return value
    raise PydanticCustomError("moment", "a time with its zone")


class WorldKpi(BaseModel):
    """The figures of a player, of which one must be readable; the rules judge the others."""

    model_config = ConfigDict(extra="ignore", strict=True, hide_input_in_errors=True)

    last_deposit_at: Annotated[object, AfterValidator(_moment)] = None


class WorldPlayer(PlayerJson):
    """A player of a world. Flags may hold anything: what is neither true nor false counts as not said, and vetoes."""

    kpi: WorldKpi | None = None
    settings: dict[str, object] | None = None
    balances: dict[str, object] | None = None
    kyc: dict[str, object] | None = None
    responsible_gaming: dict[str, object] | None = None
    deposits: list[dict[str, object]] = Field(default_factory=list[dict[str, object]])


class WorldJson(BaseModel):
    """A world document. The players are as the platform answers them, with their parts inside."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    players: list[WorldPlayer] = Field(default_factory=list[WorldPlayer])
    templates: dict[str, list[str]] = Field(default_factory=dict[str, list[str]])
    faults: dict[Operation, Fault] = Field(default_factory=dict[Operation, Fault])


@dataclass(frozen=True, slots=True, kw_only=True)
class MemoryGrant:
    """A grant that was made."""

    grant_id: str
    idempotency_key: str
    order: GrantOrder


@dataclass(slots=True, kw_only=True)
class MemoryWorld:
    """What the three adapters share. `faults` may be changed while a test goes on."""

    players: dict[str, dict[str, Value]]
    templates: Mapping[str, Sequence[str]]
    faults: dict[Operation, Fault]
    grants: list[MemoryGrant] = field(default_factory=list[MemoryGrant])
    messages: list[tuple[str, ExternalMessage]] = field(default_factory=list[tuple[str, ExternalMessage]])

    def read(self, operation: Operation) -> None:
        """Raise what a read meets."""
        match self.faults.get(operation):
            case None:
                return
            case Fault.ACCESS_REFUSED:
                raise AccessRefused(f"{operation}: access is refused in this world")
            case _:
                raise Unavailable(f"{operation}: not available in this world")

    def before_effect(self, operation: Operation) -> Refused | None:
        """Raise or return what an effect meets before it is done."""
        match self.faults.get(operation):
            case Fault.REFUSE:
                return Refused("refused", "a fault is switched on: the order was refused")
            case Fault.ERROR:
                raise OutcomeUnknown(f"{operation}: failed in this world")
            case Fault.UNAVAILABLE | Fault.ACCESS_REFUSED:
                self.read(operation)
            case Fault.DROP | None:
                pass
        return None

    def after_effect(self, operation: Operation) -> None:
        """Raise what an effect meets when it is done."""
        if self.faults.get(operation) is Fault.DROP:
            raise OutcomeUnknown(f"{operation}: the answer was lost in this world")


def world_from(document: Document) -> MemoryWorld:
    """Build a world from its document, which stays as it is. Raises what `check_world` does."""
    world = check_world(document)
    by_id = {str(player["id"]): deepcopy(dict(player)) for player in documents(document.get("players", []))}
    return MemoryWorld(players=by_id, templates=world.templates, faults=world.faults)


def check_world(document: Document) -> WorldJson:
    """Raise ValueError where a document is no world.

    The message has a line for each problem, with its path, such as `world.players.0.date_of_birth`.
    """
    try:
        world = WorldJson.model_validate(dict(document))
    except ValidationError as error:
        loaded = Loaded(dict(document), {}, "world")
        raise _no_world([_problem(line, loaded) for line in error.errors()]) from None
    twice = _twice([player.id for player in world.players])
    if twice:
        raise _no_world(twice)
    return world


def _twice(ids: Sequence[str]) -> list[str]:
    first: dict[str, int] = {}
    return [
        f'`world.players.{number}.id`: "{id_}" is the id of `world.players.{first[id_]}` too. '
        "Give every player an id of its own."
        for number, id_ in enumerate(ids)
        if first.setdefault(id_, number) != number
    ]


def _no_world(problems: Sequence[str]) -> ValueError:
    return ValueError("this is not a world document: " + "\n    ".join(problems))


_WANTED: Mapping[str, str] = MappingProxyType(
    {
        "string_type": "text",
        "list_type": "a list",
        "dict_type": "an object",
        "model_type": "an object",
        "value_error": 'a date such as "1990-04-12"',
        "date_type": 'a date such as "1990-04-12"',
        "moment": 'a time with its zone such as "2026-11-20T18:30:00Z"',
    }
)


def _problem(detail: ErrorDetails, loaded: Loaded) -> str:
    """Say what is wrong at a place. The value itself is left out: it may be personal."""
    path: Path = tuple(step for step in detail["loc"] if step != "[key]")
    return f"`{'.'.join(str(step) for step in ('world', *path))}`: {_why(detail, path, loaded)}"


def _why(detail: ErrorDetails, path: Path, loaded: Loaded) -> str:
    last = str(path[-1])
    match detail["type"]:
        case "extra_forbidden":
            return f"there is no such field. {did_you_mean(last, WorldJson.model_fields)}"
        case "missing":
            beside = loaded.at(path[:-1])
            others = set(beside) - set(WorldPlayer.model_fields) if isinstance(beside, dict) else ()
            near = nearest(last, others)
            return "this field is missing. " + ("Add it." if near is None else f'Rename "{near}", or add it.')
        case "literal_error":
            return f"there is no such operation. {did_you_mean(last, get_args(Operation))}"
        case "enum":
            return f"there is no such fault. {did_you_mean(str(loaded.at(path)), [*Fault])}"
        case kind:
            value = loaded.at(path)
            found = "null" if value is None else named(value)
            wanted = _WANTED.get(kind, "something else")
            return f"{found} is written, {wanted} is expected. Change the value."


@dataclass(frozen=True, slots=True, kw_only=True)
class MemoryPlatform:
    """`PlayerPlatform` in memory."""

    world: MemoryWorld
    now: Callable[[], datetime]

    async def find_by_email(self, email: str, *, brand: str) -> Player | None:
        """Return the brand's player with this e-mail address."""
        self.world.read("players")
        address = email.strip().casefold()
        for document in self.world.players.values():
            if document.get("brand") == brand and str(document.get("email")).strip().casefold() == address:
                return player_from_json(document, now=self.now())
        return None

    async def player(self, player_id: str) -> Player | None:
        """Return one player."""
        self.world.read("player")
        document = self.world.players.get(player_id)
        return None if document is None else player_from_json(document, now=self.now())

    async def responsible_gaming(self, player_id: str) -> ResponsibleGaming:
        """Return the player-protection state."""
        self.world.read("responsible_gaming")
        return gaming_from_json(self._part(player_id, "responsible_gaming"))

    async def kyc(self, player_id: str) -> Document:
        """Return the state of the identity check."""
        self.world.read("kyc")
        return self._part(player_id, "kyc")

    async def deposits(self, player_id: str) -> Sequence[Document]:
        """Return the deposits, newest first."""
        self.world.read("deposits")
        deposits = documents(self._known(player_id).get("deposits", []))
        return sorted(deposits, key=lambda deposit: str(deposit.get("at")), reverse=True)

    def _known(self, player_id: str) -> dict[str, Value]:
        document = self.world.players.get(player_id)
        if document is None:
            raise Unavailable("there is no such player in this world")
        return document

    def _part(self, player_id: str, name: str) -> Document:
        part = self._known(player_id).get(name)
        return part if isinstance(part, dict) else {}


@dataclass(frozen=True, slots=True, kw_only=True)
class MemoryBonusSystem:
    """`BonusSystem` in memory."""

    world: MemoryWorld

    @property
    def grants(self) -> Sequence[MemoryGrant]:
        """Return what was granted, oldest first."""
        return tuple(self.world.grants)

    async def templates(self, *, brand: str) -> Sequence[str]:
        """Return the names of the brand's bonus templates."""
        self.world.read("templates")
        return sorted(self.world.templates.get(brand, ()))

    async def grant(self, order: GrantOrder, *, idempotency_key: str) -> Granted | Refused:
        """Grant once; a repeated key is answered with the first grant."""
        denied = self.world.before_effect("bonus")
        if denied is not None:
            return denied
        answer = self._granted(order, idempotency_key)
        self.world.after_effect("bonus")
        return answer

    async def find_grant(self, idempotency_key: str) -> Granted | None:
        """Return the grant made under this key."""
        self.world.read("bonuses")
        standing = self._standing(idempotency_key)
        return None if standing is None else Granted(standing.grant_id)

    def _standing(self, key: str) -> MemoryGrant | None:
        return next((grant for grant in self.world.grants if grant.idempotency_key == key), None)

    def _granted(self, order: GrantOrder, key: str) -> Granted | Refused:
        standing = self._standing(key)
        if standing is not None:
            if _request(standing.order) == _request(order):
                return Granted(standing.grant_id)
            return Refused("idempotency_key_reused", "this key was used for another order")
        refusal = _refusal(self.world, order)
        if refusal is not None:
            return refusal
        grant = MemoryGrant(grant_id=f"B{1001 + len(self.world.grants)}", idempotency_key=key, order=order)
        self.world.grants.append(grant)
        kpi = self.world.players[order.player_id].get("kpi")
        if isinstance(kpi, dict):
            kpi["active_bonus"] = True
        return Granted(grant.grant_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class MemoryMessenger:
    """`Messenger` in memory."""

    world: MemoryWorld

    @property
    def messages(self) -> Sequence[tuple[str, ExternalMessage]]:
        """Return what was received, each id once, oldest first."""
        return tuple(self.world.messages)

    async def send(self, message: ExternalMessage, *, message_id: str) -> Delivered | Refused:
        """Send one message; a repeated id is dropped."""
        denied = self.world.before_effect("messages")
        if denied is not None:
            return denied
        if all(known != message_id for known, _ in self.world.messages):
            self.world.messages.append((message_id, message))
        self.world.after_effect("messages")
        return Delivered(message_id)


def _request(order: GrantOrder) -> str:
    """Return one spelling of an order, to tell a repetition from another order."""
    return canonical_json([order.decision_id, order.player_id, order.brand, order.reward, order.reason])


def _refusal(world: MemoryWorld, order: GrantOrder) -> Refused | None:
    player = world.players.get(order.player_id)
    if player is None:
        return Refused("player_not_found", "there is no player with this id")
    gaming = player.get("responsible_gaming")
    for name in PROTECTIONS:
        if not isinstance(gaming, dict) or flag(gaming, name) is not False:
            return Refused(name, f"no bonus may be granted: `{name}` is not known to be false")
    if flag(player, "blocked") is not False:
        return Refused("blocked", "no bonus may be granted: `blocked` is not known to be false")
    if order.brand != player.get("brand"):
        return Refused("brand_mismatch", f"the player belongs to brand `{player.get('brand')}`, not `{order.brand}`")
    template = order.reward.get("templateName")
    if template is not None and template not in world.templates.get(order.brand, ()):
        message = f"brand `{order.brand}` has no template `{template}` (upper and lower case count)"
        return Refused("template_not_found", message)
    return None
