"""A process that dies before one of its writes, in memory: what it has written is there, the rest is not."""

# ruff: noqa: ANN401  # it stands in front of methods of any shape

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from langgraph.checkpoint.memory import InMemorySaver

from agent.deps import Deps
from agent.graph import build
from tests.desks import Desk


class Died(BaseException):
    """The process is gone: nothing catches it."""


@dataclass(slots=True)
class Life:
    """How many writes are left before the process dies; each write is counted."""

    left: int
    written: int = 0

    def write(self) -> None:
        """Count a write, or die before it."""
        self.written += 1
        if self.written > self.left:
            raise Died


WRITES = frozenset(
    {
        "append",
        "ask",
        "belongs",
        "claim",
        "hold",
        "keep",
        "mint",
        "release",
        "settle",
        "take",
        "transfer",
        "vote",
        "withdraw",
    }
)


@dataclass(slots=True)
class DyingStores:
    """The real stores, which a dying process writes to."""

    real: Any
    life: Life
    writes: frozenset[str] = WRITES

    def __getattr__(self, name: str) -> Callable[..., Any]:
        """Count the writes and hand everything to the real stores."""
        method = getattr(self.real, name)
        if name not in self.writes:
            return method

        async def counted(*given: Any, **named: Any) -> Any:
            self.life.write()
            return await method(*given, **named)

        return counted


class DyingSaver(InMemorySaver):
    """A saver of states that a dying process writes to."""

    life: Life = Life(10_000)

    async def aput(self, *given: Any, **named: Any) -> Any:
        """Count the write."""
        self.life.write()
        return await super().aput(*given, **named)

    async def aput_writes(self, *given: Any, **named: Any) -> None:
        """Count the write."""
        self.life.write()
        await super().aput_writes(*given, **named)


def with_life(d: Desk, saver: DyingSaver, life: Life) -> Deps:
    """Return the desk's parts as a process has them that writes as often as its life allows."""
    saver.life = life
    stores = DyingStores(d.sandbox.stores, life)
    deps = d.sandbox.deps
    world = replace(deps.world, decisions=stores, attempts=stores)
    hands = replace(deps.gate.hands, desk=stores)
    gate = replace(deps.gate, hands=hands, ledger=stores, approvals=stores, record=stores)
    return replace(deps, record=stores, gate=gate, leases=stores, world=world, graph=build(saver))
