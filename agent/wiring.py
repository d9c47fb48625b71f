"""A live desk: settings in, a desk on a back office and a database out; and what is kept, opened without one."""

import logging
import secrets
from collections.abc import AsyncGenerator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import httpx

from agent.assembly import Outside, Parts, assembled
from agent.checkpoints import open_states, states_granted
from agent.deps import Clock, Deps
from agent.erasure import Archive
from agent.graph import build
from agent.house import House, read_house
from agent.model.opening import open_model
from agent.settings import Settings
from tools.adapters.http_bonus import HttpBonusSystem
from tools.adapters.http_link import WHOLE, BackOfficeLink
from tools.adapters.http_messenger import HttpMessenger, webhook
from tools.adapters.http_platform import HttpPlatform
from tools.adapters.sql.roles import quoted, restricted
from tools.adapters.sql.stores import SqlStores, open_stores, open_stores_to_read
from tools.gate.doubts import IN_FLIGHT
from tools.kept import Kept
from tools.ports import Desk, UnusableStore
from tools.world import Hands


def utc_now() -> datetime:
    """Return the time, aware and in UTC."""
    return datetime.now(UTC)


def fresh_id(prefix: str) -> str:
    """Return an id that nobody can guess."""
    return f"{prefix}-{secrets.token_hex(8)}"


@asynccontextmanager
async def live_desk(settings: Settings, *, clock: Clock = utc_now, house: House | None = None) -> AsyncGenerator[Deps]:
    """Open the desk on the back office and the store that the settings name, and close both afterwards.

    `house` is what `read_house` returned for these settings, where somebody has read it already.
    """
    house = house or read_house(settings)
    _quiet()
    async with AsyncExitStack() as stack:
        stores = await _made(settings, stack)
        states = await stack.enter_async_context(open_states(settings.store_address))
        client = await stack.enter_async_context(httpx.AsyncClient())
        parts = Parts(
            house=house,
            outside=_outside(settings, client, stores, clock),
            stores=stores,
            model=await stack.enter_async_context(open_model(settings.model, house.prompts)),
            graph=build(states.saver),
            clock=clock,
            new_id=fresh_id,
        )
        deps = assembled(parts)
        yield replace(
            deps,
            gate=replace(deps.gate, in_flight=_in_flight(settings.backoffice_timeout_s)),
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


def _in_flight(timeout_s: float) -> timedelta:
    """Return longer than a call to the back office may last, and never less than the gate's own measure."""
    return max(IN_FLIGHT, timedelta(seconds=(WHOLE + 1) * timeout_s))


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
