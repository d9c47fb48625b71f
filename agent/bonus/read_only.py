"""Look at a ticket and its player again, and change nothing: no client that can write is made here.

The platform is only asked for reads. The database itself opens the record for reading, so that even a mistake of ours
could not write; what callers get of it are the four questions below.
"""

import logging
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Protocol

import httpx

from agent.deps import Clock
from agent.settings import Settings
from agent.wiring import utc_now
from casino.bonus.configuration import Configuration
from casino.values import Document
from tools.adapters.http_link import BackOfficeLink
from tools.adapters.http_platform import HttpPlatform
from tools.adapters.sql.stores import open_stores_to_read
from tools.grant_counters import GrantCounters
from tools.player_facts import FactSources
from tools.ports import StoredDecision
from tools.record import Entry


class Recorded(Protocol):
    """What may be asked of the record of past tickets."""

    async def tickets(self, *, limit: int = 50) -> Sequence[str]:
        """Return ticket ids, the most recently touched first."""
        ...

    async def entries(self, ticket_id: str, *, kinds: Sequence[str] = ()) -> Sequence[Entry]:
        """Return a ticket's entries in order; all kinds where none is named."""
        ...

    async def decision(self, decision_id: str) -> StoredDecision | None:
        """Return a decision, or None where no such decision was minted."""
        ...

    async def counters(
        self, player_id: str, *, brand: str, configurations: Sequence[Configuration], now: datetime
    ) -> Document:
        """Return what was granted so far, as limits are weighed on it."""
        ...


@asynccontextmanager
async def open_recorded(settings: Settings) -> AsyncGenerator[Recorded]:
    """Open the record of the settings for reading; raises FileNotFoundError where there is none, and makes none."""
    stores = open_stores_to_read(settings.store_address)
    try:
        yield stores
    finally:
        await stores.close()


@asynccontextmanager
async def open_sources(
    settings: Settings, counters: GrantCounters, *, clock: Clock = utc_now
) -> AsyncGenerator[FactSources]:
    """Open what a decision reads from: the player platform of the settings, and the grants so far.

    Raises ValueError for an address or a token that cannot be used.
    """
    for name in ("httpx", "httpcore"):  # they log whole addresses
        logging.getLogger(name).setLevel(logging.WARNING)
    async with httpx.AsyncClient() as client:
        link = BackOfficeLink(
            client=client,
            url=settings.backoffice_url or "",
            token=settings.backoffice_token,
            timeout_s=settings.backoffice_timeout_s,
        )
        yield FactSources(platform=HttpPlatform(link=link, now=clock), counters=counters)
