"""One outside, twice: in memory, and over HTTP against the running back office. Every contract runs on both."""

import socket
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Literal, Protocol, TypeAlias, cast

import httpx

from app.backoffice.seed import seed_world
from casino.document import load_json
from casino.values import Document, Value
from tools.adapters.http_bonus import HttpBonusSystem
from tools.adapters.http_link import BackOfficeLink
from tools.adapters.http_messenger import HttpMessenger, webhook
from tools.adapters.http_platform import HttpPlatform
from tools.adapters.memory import (
    Fault,
    MemoryBonusSystem,
    MemoryMessenger,
    MemoryPlatform,
    MemoryWorld,
    Operation,
    world_from,
)
from tools.adapters.player_mapping import documents
from tools.ports import BonusSystem, Messenger, PlayerPlatform

TOKEN = "contract-token"
SECRET = "whsec_Y29udHJhY3Qtc2VjcmV0"
OTHER_SECRET = "whsec_YW5vdGhlci1zZWNyZXQ="
TIMEOUT_S = 0.3
SLOW_MS = 700
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
Kind: TypeAlias = Literal["error", "drop", "refuse", "unavailable", "access_refused", "slow"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """The three ports that the back office stands behind."""

    platform: PlayerPlatform
    bonuses: BonusSystem
    messenger: Messenger


class Outside(Protocol):
    """An outside that works, can be made to fail, and lets a test look behind it."""

    @property
    def works(self) -> Ports:
        """The ports without a fault; they clear what `failing` has switched on in the back office."""
        ...

    async def failing(self, operation: Operation, kind: Kind) -> Ports:
        """Return the ports with one fault."""
        ...

    async def heal(self) -> None:
        """Switch every fault off."""
        ...

    async def rewards_of(self, player_id: str) -> Sequence[tuple[str, Document]]:
        """Return a player's grants: id and reward."""
        ...

    async def received(self, message_id: str) -> Sequence[tuple[str, Document]]:
        """Return what was received under an id: topic and body."""
        ...


def now() -> datetime:
    return datetime.now(UTC)  # a signature must be fresh by the receiver's clock


@dataclass(frozen=True, slots=True)
class InMemory:
    """The adapters in memory, on the back office's own seed."""

    world: MemoryWorld

    @property
    def works(self) -> Ports:
        return _in_memory(self.world)

    async def failing(self, operation: Operation, kind: Kind) -> Ports:
        # Nothing waits in memory: an answer that comes too late is an answer that is lost.
        fault = Fault.DROP if kind == "slow" else Fault(kind)
        return _in_memory(replace(self.world, faults={operation: fault}))

    async def heal(self) -> None:
        """Do nothing: the fault is in the ports that `failing` gave."""

    async def rewards_of(self, player_id: str) -> Sequence[tuple[str, Document]]:
        grants = MemoryBonusSystem(world=self.world).grants
        return [(grant.grant_id, grant.order.reward) for grant in grants if grant.order.player_id == player_id]

    async def received(self, message_id: str) -> Sequence[tuple[str, Document]]:
        messages = MemoryMessenger(world=self.world).messages
        return [(message.topic, message.body) for known, message in messages if known == message_id]


def in_memory() -> InMemory:
    return InMemory(world_from(cast("Document", seed_world())))  # both sides spell a JSON value in the same types


def _in_memory(world: MemoryWorld) -> Ports:
    return Ports(
        platform=MemoryPlatform(world=world, now=lambda: NOON),
        bonuses=MemoryBonusSystem(world=world),
        messenger=MemoryMessenger(world=world),
    )


@dataclass(frozen=True, slots=True)
class OverHttp:
    """The HTTP adapters against a running back office."""

    client: httpx.AsyncClient
    url: str

    @property
    def works(self) -> Ports:
        return over_http(self.client, self.url)

    async def failing(self, operation: Operation, kind: Kind) -> Ports:
        if kind == "unavailable":
            return over_http(self.client, f"http://127.0.0.1:{closed_port()}")
        if kind == "access_refused":
            return over_http(self.client, self.url, token="another-token", secret=OTHER_SECRET)
        fault = {"kind": "latency", "latency_ms": SLOW_MS} if kind == "slow" else {"kind": kind}
        await self._control("PUT", f"/v1/faults/{operation}", json=fault)
        return self.works

    async def heal(self) -> None:
        await self._control("DELETE", "/v1/faults")

    async def rewards_of(self, player_id: str) -> Sequence[tuple[str, Document]]:
        answer = await self._control("GET", f"/v1/bonuses?player_id={player_id}")
        return [(str(bonus["id"]), _document(bonus["reward"])) for bonus in documents(answer["bonuses"])]

    async def received(self, message_id: str) -> Sequence[tuple[str, Document]]:
        answer = await self._control("GET", "/v1/messages")
        kept = [message for message in documents(answer["messages"]) if message["id"] == message_id]
        return [(str(message["topic"]), _document(message["body"])) for message in kept]

    async def _control(self, method: str, path: str, *, json: object = None) -> Document:
        headers = {"Authorization": f"Bearer {TOKEN}"}
        response = await self.client.request(method, self.url + path, json=json, headers=headers)
        assert response.is_success, response.text
        return _document(load_json(response.text, name=path).value)


def over_http(client: httpx.AsyncClient, url: str, *, token: str = TOKEN, secret: str = SECRET) -> Ports:
    link = BackOfficeLink(client=client, url=url, token=token, timeout_s=TIMEOUT_S)
    return Ports(
        platform=HttpPlatform(link=link, now=lambda: NOON),
        bonuses=HttpBonusSystem(link=link),
        messenger=HttpMessenger(
            client=client, url=f"{url}/v1/messages", webhook=webhook(secret), timeout_s=TIMEOUT_S, now=now
        ),
    )


def closed_port() -> int:
    """Return a port of this machine on which nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
        return port


def _document(value: Value) -> Document:
    assert isinstance(value, dict)
    return value
