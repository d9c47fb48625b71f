"""Desks for tests: the shipped procedures and bonuses over a small world in memory."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache

from langgraph.checkpoint.memory import InMemorySaver

from agent.deps import Limits
from agent.graph import rebuilt
from agent.house import House, read_house
from agent.model.port import Model
from agent.model.scripted import Script, ScriptedModel
from agent.run import Handled, Message, handle
from agent.sandbox import Sandbox, sandbox_desk
from agent.settings import read_settings
from app.backoffice.seed import seed_world
from casino.values import Document, Value
from tools.gate.written import load_gate_rules
from tools.record import Entry
from tools.world import Hands

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


@cache
def shipped_house() -> House:
    """Return what ships; it is frozen, and reading it takes longer than most tests."""
    return read_house(read_settings({}))


def desk(
    *players: str,
    model: Model | None = None,
    script: Script | None = None,
    faults: Mapping[str, str] | None = None,
    limits: Limits | None = None,
    gate: str | None = None,
) -> Desk:
    """Open a desk; the policy model answers unless a model or a script is given, by the shipped gate or another."""
    clock = Clock()
    house = shipped_house()
    if gate is not None:
        house = replace(house, gate_rules=load_gate_rules(gate, name="gate.yaml"))
    chosen = ScriptedModel(script) if script is not None else model
    sandbox = sandbox_desk(
        world(*players, faults=faults), house, clock=clock, model=chosen, graph=rebuilt(InMemorySaver())
    )
    if limits is not None:
        sandbox = replace(sandbox, deps=replace(sandbox.deps, limits=limits))
    return Desk(sandbox, clock)


def with_hands(d: Desk, change: Callable[[Hands], Hands]) -> Desk:
    """Return the desk with other hands, and a world that reads from the same bonus system."""
    deps = d.sandbox.deps
    hands = change(deps.gate.hands)
    world = replace(deps.world, bonuses=hands.bonuses)
    changed = replace(deps, gate=replace(deps.gate, hands=hands), world=world)
    return replace(d, sandbox=replace(d.sandbox, deps=changed))


def tail(path: Iterable[str], count: int) -> list[str]:
    """Return the last nodes of a path."""
    return [*path][-count:]
