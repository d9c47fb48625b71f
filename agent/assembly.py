"""A desk out of its parts: the same for a live one and for one whose outside is a document."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from agent.deps import Clock, Deps, Graph
from agent.house import House
from agent.model.port import Model
from tools.gate.door import Gate
from tools.gate.roles import CROUPIER
from tools.grant_counters import GrantCounters
from tools.kept import Kept
from tools.ports import PlayerPlatform
from tools.transfer_to_live_agent import TRANSFER_TO_LIVE_AGENT
from tools.verify_player import VERIFY_PLAYER
from tools.world import Hands, World


class Stores(Kept, GrantCounters, Protocol):
    """All that is kept, and the counters of the grants among it."""


class Outside(NamedTuple):
    """The systems that a desk works with: what its tools read, and what only its gate may touch."""

    platform: PlayerPlatform
    hands: Hands


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What a desk is made of."""

    house: House
    outside: Outside
    stores: Stores
    model: Model
    graph: Graph
    clock: Clock
    new_id: Callable[[str], str]  # of a prefix, such as `D`


def assembled(parts: Parts) -> Deps:
    """Return the desk."""
    house, stores = parts.house, parts.stores
    return Deps(
        tools=house.tools,
        procedures=house.procedures,
        model=parts.model,
        prompts=house.prompts,
        record=stores,
        gate=Gate(
            clock=parts.clock,
            hands=parts.outside.hands,
            ledger=stores,
            approvals=stores,
            rules=house.gate_rules,
            actor=CROUPIER,
            record=stores,
            new_id=parts.new_id,
        ),
        leases=stores,
        graph=parts.graph,
        world=World(
            platform=parts.outside.platform,
            bonuses=parts.outside.hands.bonuses,
            decisions=stores,
            counters=stores,
            attempts=stores,
            configurations=house.configurations,
            packs=house.packs,
            new_id=parts.new_id,
        ),
        clock=parts.clock,
        verifier=VERIFY_PLAYER.name,
        escalation=TRANSFER_TO_LIVE_AGENT.name,
        named=house.named,
        steps=house.steps,
    )
