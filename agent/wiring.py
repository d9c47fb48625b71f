"""The one composition root: settings in, a desk out. Nothing else imports adapters."""

import itertools
import logging
import secrets
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
from langgraph.checkpoint.memory import InMemorySaver

from agent.bonus.store import read_desk_bonuses
from agent.deps import Deps
from agent.graph import build
from agent.model.fallback import FallbackModel
from agent.model.policy import PolicyModel
from agent.model.port import Model
from agent.playbook.collection import Library, load_library, read_folder
from agent.playbook.vocabulary import Vocabulary
from agent.prompts import Prompts, read_prompts
from agent.settings import ModelSettings, Settings, SettingsError
from agent.sub_procedures import sub_procedures
from casino.bonus.configuration import ConfigurationSet
from casino.bonus.law.jurisdictions import Packs
from casino.values import Document
from tools.adapters.http_bonus import HttpBonusSystem
from tools.adapters.http_link import BackOfficeLink
from tools.adapters.http_messenger import HttpMessenger, webhook
from tools.adapters.http_platform import HttpPlatform
from tools.adapters.memory import MemoryBonusSystem, MemoryMessenger, MemoryPlatform, MemoryWorld, world_from
from tools.adapters.memory_stores import MemoryStores
from tools.adapters.player_mapping import DAYS_SINCE_LAST_DEPOSIT, FIELDS
from tools.adapters.sql_stores import SqlStores
from tools.adapters.sql_tables import open_engine
from tools.catalog import CATALOG
from tools.ports import Kept
from tools.tool import Kind, Tool
from tools.transfer_to_live_agent import TRANSFER_TO_LIVE_AGENT
from tools.verify_player import VERIFY_PLAYER
from tools.world import World

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
async def live_desk(settings: Settings, *, clock: Clock = utc_now) -> AsyncGenerator[Deps]:
    """Open the desk on the back office and the store that the settings name, and close both afterwards."""
    from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver  # noqa: PLC0415  # replays need no store

    house = read_house(settings)
    async with AsyncExitStack() as stack:
        settings.data.mkdir(parents=True, exist_ok=True)
        stores = SqlStores(open_engine(f"sqlite+aiosqlite:///{settings.data / 'croupier.sqlite'}"))
        stack.push_async_callback(stores.close)
        await stores.create()
        saver = await stack.enter_async_context(
            AsyncSqliteSaver.from_conn_string(str(settings.data / "checkpoints.sqlite"))
        )
        for name in ("httpx", "httpcore"):  # they log whole addresses, with what the player said in the query
            logging.getLogger(name).setLevel(logging.WARNING)
        client = await stack.enter_async_context(httpx.AsyncClient())
        yield Deps(
            tools={**CATALOG, **sub_procedures(house.procedures)},
            procedures=house.procedures,
            model=await stack.enter_async_context(open_model(settings.model, house.prompts)),
            prompts=house.prompts,
            record=stores,
            ledger=stores,
            graph=build(saver),
            world=_world(settings, client, stores, house, clock),
            clock=clock,
            verifier=VERIFY_PLAYER.name,
            escalation=TRANSFER_TO_LIVE_AGENT.name,
            json_mode=settings.model is not None and settings.model.tool_mode == "json",
            hold_order=settings.hold_order,
        )


def _world(settings: Settings, client: httpx.AsyncClient, stores: SqlStores, house: "House", clock: Clock) -> World:
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
    return World(
        platform=HttpPlatform(link=link, now=clock),
        bonuses=HttpBonusSystem(link=link),
        messenger=messenger,
        desk=stores,
        decisions=stores,
        counters=stores,
        attempts=stores,
        configurations=house.configurations,
        packs=house.packs,
        new_id=fresh_id,
    )


@asynccontextmanager
async def open_kept(folder: Path) -> AsyncGenerator[Kept]:
    """Open what a folder keeps about tickets, to read it."""
    stores = SqlStores(open_engine(f"sqlite+aiosqlite:///{folder / 'croupier.sqlite'}"))
    try:
        yield stores
    finally:
        await stores.close()


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
    """What a desk works by: procedures, bonuses, the law of each place, and prompts."""

    procedures: Library
    configurations: ConfigurationSet
    packs: Packs
    prompts: Prompts


def read_house(settings: Settings) -> House:
    """Read the procedures, bonuses and prompts that the settings name. Raises `SettingsError` and what they raise."""
    prompts = read_prompts(settings.prompts)
    if lacking := prompts.lacking():
        raise SettingsError(f"{settings.prompts}: the prompts folder lacks {', '.join(lacking)}; copy what ships")
    bonuses = read_desk_bonuses(settings)
    return House(
        procedures=read_library(settings.procedures),
        configurations=bonuses.configurations,
        packs=replace(bonuses.packs, required=True),
        prompts=prompts,
    )


def sandbox_desk(document: Document, house: House, *, clock: Clock, model: Model | None = None) -> Sandbox:
    """Return a desk over a world document; ids count up, so that a replay gives the same ones."""
    stores, world = MemoryStores(), world_from(document)
    numbers = itertools.count(1)
    deps = Deps(
        tools={**CATALOG, **sub_procedures(house.procedures)},
        procedures=house.procedures,
        model=PolicyModel(house.prompts) if model is None else model,
        prompts=house.prompts,
        record=stores,
        ledger=stores,
        graph=build(InMemorySaver()),
        world=World(
            platform=MemoryPlatform(world=world, now=clock),
            bonuses=MemoryBonusSystem(world=world),
            messenger=MemoryMessenger(world=world),
            desk=stores,
            decisions=stores,
            counters=stores,
            attempts=stores,
            configurations=house.configurations,
            packs=house.packs,
            new_id=lambda prefix: f"{prefix}-{next(numbers)}",
        ),
        clock=clock,
        verifier=VERIFY_PLAYER.name,
        escalation=TRANSFER_TO_LIVE_AGENT.name,
    )
    return Sandbox(deps=deps, stores=stores, world=world)
