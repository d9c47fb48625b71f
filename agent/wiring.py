"""The one composition root: settings in, a desk out. Nothing else imports adapters."""

import itertools
import logging
import secrets
from collections.abc import AsyncGenerator, Callable, Collection, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple, Protocol

import httpx
from langgraph.checkpoint.memory import InMemorySaver

from agent.bonus.files import named, read_text
from agent.bonus.store import read_desk_bonuses
from agent.checkpoints import open_states, states_granted
from agent.deps import Deps, Graph
from agent.erasure import Archive
from agent.graph import build, rebuilt
from agent.model.fallback import FallbackModel
from agent.model.policy import PolicyModel
from agent.model.port import Model
from agent.playbook.collection import Library, load_library, read_folder
from agent.playbook.parse import slug_of
from agent.playbook.procedure import ProcedureError
from agent.playbook.vocabulary import Vocabulary
from agent.prompts import Prompts, read_prompts
from agent.settings import ModelSettings, Settings, SettingsError, shipped
from agent.sub_procedures import sub_procedures
from agent.untraced import Untraced
from casino.bonus.configuration import ConfigurationSet
from casino.bonus.law.jurisdictions import Packs
from casino.fields.catalogue import OPEN, Catalogue
from casino.values import Document
from tools.adapters.http_bonus import HttpBonusSystem
from tools.adapters.http_link import WHOLE, BackOfficeLink
from tools.adapters.http_messenger import HttpMessenger, webhook
from tools.adapters.http_platform import HttpPlatform
from tools.adapters.memory import MemoryBonusSystem, MemoryMessenger, MemoryPlatform, MemoryWorld, world_from
from tools.adapters.memory_stores import MemoryStores
from tools.adapters.player_mapping import DAYS_SINCE_LAST_DEPOSIT, FIELDS
from tools.adapters.sql.roles import quoted, restricted
from tools.adapters.sql.stores import SqlStores, open_stores, open_stores_to_read
from tools.catalog import CATALOG
from tools.gate.door import Gate
from tools.gate.doubts import IN_FLIGHT
from tools.gate.roles import CROUPIER
from tools.gate.rules import GateRules
from tools.gate.written import load_gate_rules
from tools.grant_counters import GrantCounters
from tools.kept import Kept
from tools.ports import Desk, PlayerPlatform, UnusableStore
from tools.tool import Kind, Tool
from tools.transfer_to_live_agent import TRANSFER_TO_LIVE_AGENT
from tools.verify_player import VERIFY_PLAYER
from tools.world import Hands, World

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """Return the time, aware and in UTC."""
    return datetime.now(UTC)


def fresh_id(prefix: str) -> str:
    """Return an id that nobody can guess."""
    return f"{prefix}-{secrets.token_hex(8)}"


def vocabulary(tools: Mapping[str, Tool[Any]] = CATALOG) -> Vocabulary:
    """Return the names that a procedure may mention."""
    return Vocabulary(
        actions={name: tool.display_name for name, tool in tools.items() if tool.kind is not Kind.READ},
        contexts={name: tool.display_name for name, tool in tools.items() if tool.kind is Kind.READ},
        fields={name: name for name in (*FIELDS, DAYS_SINCE_LAST_DEPOSIT)},
    )


def read_library(folder: Path) -> Library:
    """Return the procedures of a folder. Raises `ProcedureError` with every finding."""
    near = folder.relative_to(Path.cwd()) if folder.is_absolute() and folder.is_relative_to(Path.cwd()) else folder
    files = {str(near.parent / name): text for name, text in read_folder(folder).items()}
    return load_library(files, vocabulary())


@asynccontextmanager
async def open_model(settings: ModelSettings | None, prompts: Prompts) -> AsyncGenerator[Model]:
    """Open the configured model with the policy model behind it, or the policy model alone."""
    policy = PolicyModel(prompts)
    if settings is None:
        yield policy
        return
    from openai import AsyncOpenAI, DefaultAioHttpClient  # noqa: PLC0415  # half a second that only an LLM desk pays

    from agent.model.openai import OpenAIModel  # noqa: PLC0415  # the same

    client = AsyncOpenAI(
        api_key=settings.api_key,
        base_url=settings.base_url,
        timeout=settings.timeout_s,
        max_retries=0,
        http_client=DefaultAioHttpClient(),
    )
    async with client:
        first = OpenAIModel(client=client, name=settings.name, tool_mode=settings.tool_mode, prompts=prompts)
        yield FallbackModel(first, policy)


@asynccontextmanager
async def live_desk(
    settings: Settings, *, clock: Clock = utc_now, house: "House | None" = None
) -> AsyncGenerator[Deps]:
    """Open the desk on the back office and the store that the settings name, and close both afterwards.

    `house` is what `read_house` returned for these settings, where somebody has read it already.
    """
    house = house or read_house(settings)
    _quiet()
    async with AsyncExitStack() as stack:
        stores = await _made(settings, stack)
        states = await stack.enter_async_context(open_states(settings.store_address))
        client = await stack.enter_async_context(httpx.AsyncClient())
        outside = _outside(settings, client, stores, clock)
        yield Deps(
            tools=house.tools,
            procedures=house.procedures,
            model=await stack.enter_async_context(open_model(settings.model, house.prompts)),
            prompts=house.prompts,
            record=stores,
            gate=replace(
                _gate(outside.hands, stores, house, fresh_id, clock),
                in_flight=_in_flight(settings.backoffice_timeout_s),
            ),
            leases=stores,
            graph=Untraced(build(states.saver)),
            world=_world(outside, stores, house, fresh_id),
            clock=clock,
            verifier=VERIFY_PLAYER.name,
            escalation=TRANSFER_TO_LIVE_AGENT.name,
            named=house.named,
            json_mode=settings.model is not None and settings.model.tool_mode == "json",
            hold_order=settings.hold_order,
            holder=fresh_id("desk"),
        )


def _quiet() -> None:
    """Keep libraries from logging what is nobody's business; what matters of it is in our own messages."""
    for name in ("httpx", "httpcore"):  # whole addresses, with what the player said in the query
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.getLogger("psycopg").setLevel(logging.CRITICAL)  # login and database, where a connection breaks


async def _made(settings: Settings, stack: AsyncExitStack) -> SqlStores:
    """Open the store, and make its tables where there are none."""
    if settings.store is None:
        settings.data.mkdir(parents=True, exist_ok=True)
    stores = open_stores(settings.store_address)
    stack.push_async_callback(stores.close)
    await stores.create()
    return stores


class Stores(Kept, GrantCounters, Protocol):
    """All that is kept, and the counters of the grants among it."""


class Outside(NamedTuple):
    """The systems that a desk works with: what its tools read, and what only its gate may touch."""

    platform: PlayerPlatform
    hands: Hands


def _outside(settings: Settings, client: httpx.AsyncClient, desk: Desk, clock: Clock) -> Outside:
    url = settings.backoffice_url or ""
    timeout_s = settings.backoffice_timeout_s
    link = BackOfficeLink(client=client, url=url, token=settings.backoffice_token, timeout_s=timeout_s)
    messenger = HttpMessenger(
        client=client,
        url=settings.messages_url or f"{url}/v1/messages",
        webhook=webhook(settings.webhook_secret),
        timeout_s=timeout_s,
        now=clock,
    )
    hands = Hands(bonuses=HttpBonusSystem(link=link), messenger=messenger, desk=desk)
    return Outside(HttpPlatform(link=link, now=clock), hands)


def _world(outside: Outside, stores: Stores, house: "House", new_id: Callable[[str], str]) -> World:
    return World(
        platform=outside.platform,
        bonuses=outside.hands.bonuses,
        decisions=stores,
        counters=stores,
        attempts=stores,
        configurations=house.configurations,
        packs=house.packs,
        new_id=new_id,
    )


def _names(configurations: ConfigurationSet) -> frozenset[str]:
    """Return the names of the bonuses, templates, games and providers that may be given."""
    rewards = [tier.reward.result_fields() for one in configurations.configurations for tier in one.tiers]
    found = (reward.get(key) for reward in rewards for key in ("templateName", "game", "gameProvider", "name"))
    return frozenset(name for name in found if isinstance(name, str))


def _in_flight(timeout_s: float) -> timedelta:
    """Return longer than a call to the back office may last, and never less than the gate's own measure."""
    return max(IN_FLIGHT, timedelta(seconds=(WHOLE + 1) * timeout_s))


def _gate(hands: Hands, stores: Stores, house: "House", new_id: Callable[[str], str], clock: Clock) -> Gate[Hands]:
    return Gate(
        clock=clock,
        hands=hands,
        ledger=stores,
        approvals=stores,
        rules=house.gate_rules,
        actor=CROUPIER,
        record=stores,
        new_id=new_id,
    )


@asynccontextmanager
async def open_kept(settings: Settings) -> AsyncGenerator[Kept]:
    """Open what is kept about tickets, to read it: the database itself refuses every write.

    Raises `UnusableStore` where there is no record.
    """
    _quiet()
    try:
        stores = open_stores_to_read(settings.store_address)
    except FileNotFoundError as error:
        raise UnusableStore(f"{settings.data}: there is no record here; play a ticket first") from error
    try:
        if not await stores.is_made():
            raise UnusableStore(f"{stores.database.shown}: there is no record here; play a ticket first")
        yield stores
    finally:
        await stores.close()


def writing_role(name: str) -> Sequence[str]:
    """Return the SQL of a PostgreSQL role that can do what a desk does; the owner of the tables runs it."""
    return [*restricted(name), *states_granted(quoted(name))]


@asynccontextmanager
async def open_archive(settings: Settings, *, clock: Clock = utc_now) -> AsyncGenerator[Archive]:
    """Open what is kept about tickets and their states, to erase from it."""
    _quiet()
    async with AsyncExitStack() as stack:
        stores = await _made(settings, stack)
        states = await stack.enter_async_context(open_states(settings.store_address))
        yield Archive(kept=stores, states=states, holder=fresh_id("archive"), clock=clock)


async def preflight(deps: Deps, brand: str) -> None:
    """Ask the back office something harmless. Raises `AccessRefused` or `Unavailable` before anything has begun."""
    await deps.world.platform.find_by_email("preflight@example.invalid", brand=brand)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sandbox:
    """A desk whose outside is a document: for replays and tests."""

    deps: Deps
    stores: MemoryStores
    world: MemoryWorld


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """What a desk works by: procedures, bonuses, the law of each place, prompts, and who must approve what."""

    procedures: Library
    configurations: ConfigurationSet
    packs: Packs
    prompts: Prompts
    gate_rules: GateRules
    tools: Mapping[str, Tool[Any]] = field(init=False, compare=False, repr=False)  # with one for each procedure
    named: frozenset[str] = field(init=False, compare=False, repr=False)  # what may be given, by all its names

    def __post_init__(self) -> None:
        """Work out once what every desk of this house needs."""
        tools = MappingProxyType({**CATALOG, **sub_procedures(self.procedures)})
        object.__setattr__(self, "tools", tools)
        object.__setattr__(self, "named", _names(self.configurations))


def read_house(settings: Settings) -> House:
    """Read all that the settings name. Raises `SettingsError`, and `DocumentError` and others for what is broken."""
    prompts = read_prompts(settings.prompts)
    if lacking := prompts.lacking():
        raise SettingsError(f"{settings.prompts}: the prompts folder lacks {', '.join(lacking)}; copy what ships")
    bonuses = read_desk_bonuses(settings)
    procedures = read_library(settings.procedures)
    return House(
        procedures=procedures,
        configurations=bonuses.configurations,
        packs=replace(bonuses.packs, required=True),
        prompts=prompts,
        gate_rules=read_gate(settings, catalogue=bonuses.catalogue, procedures=procedures.by_id),
    )


def read_gate(
    settings: Settings, *, catalogue: Catalogue = OPEN, procedures: Collection[str] | None = None
) -> GateRules:
    """Read who must approve what, which workflow may do what, and who is who. Raises `DocumentError`.

    The workflows that it names must be among `procedures`, by their ids; where none are given, among the files of the
    desk's folder, unless that cannot be read.
    """
    known = frozenset(_procedure_ids(settings.procedures) if procedures is None else procedures)
    if known and _is_shipped(settings.gate):  # it may stand beside other procedures than those that ship
        known |= _procedure_ids(shipped("procedures") / "support")
    text = read_text(settings.gate)
    return load_gate_rules(
        text, name=named(settings.gate), catalogue=catalogue, tools=CATALOG, procedures=known or None
    )


def _procedure_ids(folder: Path) -> frozenset[str]:
    """Return the ids of the procedures in a folder; none where it cannot be read."""
    try:
        return frozenset(slug_of(file) for file in read_folder(folder))
    except ProcedureError:
        return frozenset()


def _is_shipped(gate: Path) -> bool:
    return gate.resolve() == (shipped("procedures") / "gate.yaml").resolve()


def sandbox_desk(
    document: Document, house: House, *, clock: Clock, model: Model | None = None, graph: Graph | None = None
) -> Sandbox:
    """Return a desk over a world document; ids count up, so that a replay gives the same ones.

    `graph` is new for each desk; without one it is what a live desk runs, over states in memory.
    """
    stores, world = MemoryStores(), world_from(document)
    numbers = itertools.count(1)

    def new_id(prefix: str) -> str:
        return f"{prefix}-{next(numbers)}"

    hands = Hands(bonuses=MemoryBonusSystem(world=world), messenger=MemoryMessenger(world=world), desk=stores)
    outside = Outside(MemoryPlatform(world=world, now=clock), hands)
    deps = Deps(
        tools=house.tools,
        procedures=house.procedures,
        model=PolicyModel(house.prompts) if model is None else model,
        prompts=house.prompts,
        record=stores,
        gate=_gate(hands, stores, house, new_id, clock),
        leases=stores,
        graph=Untraced(rebuilt(InMemorySaver()) if graph is None else graph),
        world=_world(outside, stores, house, new_id),
        clock=clock,
        verifier=VERIFY_PLAYER.name,
        escalation=TRANSFER_TO_LIVE_AGENT.name,
        named=house.named,
    )
    return Sandbox(deps=deps, stores=stores, world=world)
