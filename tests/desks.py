"""Desks for tests: the shipped procedures and bonuses over a small world in memory."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from agent.deps import Limits
from agent.model.port import Model
from agent.model.scripted import Script, ScriptedModel
from agent.run import Handled, Message, handle
from agent.settings import read_settings
from agent.wiring import Sandbox, read_house, sandbox_desk
from app.backoffice.seed import seed_world
from casino.values import Document, Value
from tools.ports import Entry

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
ANNA = "anna.keller@example.com, born 12 April 1990"


@dataclass(slots=True)
class Clock:
    """A clock that a test sets."""

    now: datetime = NOON

    def __call__(self) -> datetime:
        """Return the time."""
        return self.now

    def later(self, **by: float) -> None:
        """Move on."""
        self.now += timedelta(**by)


@dataclass(frozen=True, slots=True)
class Desk:
    """An open sandbox with a clock, and a short way to talk to it."""

    sandbox: Sandbox
    clock: Clock

    async def say(self, text: str, *, ticket: str = "t1", message: str = "", brand: str = "lucky-spin") -> Handled:
        """Say something on a ticket; messages are numbered unless they are named."""
        count = len(await self.entries("player_message", ticket=ticket))
        return await handle(
            Message(ticket_id=ticket, message_id=message or f"m{count + 1}", brand=brand, text=text), self.sandbox.deps
        )

    async def entries(self, *kinds: str, ticket: str = "t1") -> list[Entry]:
        """Return what is on the record."""
        return [*await self.sandbox.stores.entries(ticket, kinds=kinds)]

    async def results(self, ticket: str = "t1") -> list[tuple[str, str, str]]:
        """Return name, status and code of every tool result."""
        return [_result(entry.body) for entry in await self.entries("tool_result", ticket=ticket)]

    @property
    def granted(self) -> list[str]:
        """The players who have been granted something, in order."""
        return [grant.order.player_id for grant in self.sandbox.world.grants]


def _result(body: Document) -> tuple[str, str, str]:
    data = body["data"]
    code = data.get("code", "") if isinstance(data, dict) else ""
    return str(body["name"]), str(body["status"]), str(code)


def world(*players: str, faults: Mapping[str, str] | None = None) -> Document:
    """Return a world with some of the shipped players, all of them where none is named."""
    seed = seed_world()
    known = seed["players"]
    assert isinstance(known, list)
    some: list[Value] = [one for one in known if isinstance(one, dict) and (not players or one["id"] in players)]
    return {"templates": seed["templates"], "players": some, "faults": dict(faults or {})}


def desk(
    *players: str,
    model: Model | None = None,
    script: Script | None = None,
    faults: Mapping[str, str] | None = None,
    limits: Limits | None = None,
) -> Desk:
    """Open a desk; the policy model answers unless a model or a script is given."""
    clock = Clock()
    house = read_house(read_settings({}))
    chosen = ScriptedModel(script) if script is not None else model
    sandbox = sandbox_desk(world(*players, faults=faults), house, clock=clock, model=chosen)
    if limits is not None:
        sandbox = replace(sandbox, deps=replace(sandbox.deps, limits=limits))
    return Desk(sandbox, clock)


def tail(path: Iterable[str], count: int) -> list[str]:
    """Return the last nodes of a path."""
    return [*path][-count:]
