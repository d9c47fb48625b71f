"""CPU of one issue through the gate, beside the bare HTTP call that the gate makes in the end, in one run.

The back office that ships runs in a process of its own and is not counted. The stores are a SQLite file with
`synchronous=FULL`. Run it with `python bench/gate.py`; it takes about fifteen seconds. Figures are the CPU time of this
process, all its threads, per issue: the median of the rounds. Exit code 1 where the gate costs more than its floor.
"""

import asyncio
import json
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median

import httpx

from app.backoffice.seed import seed_world
from app.backoffice.serve import running
from casino.bonus.configuration import ConfigurationSet, parse_configuration
from casino.document import load_json, load_yaml
from casino.values import Document
from tools.adapters.http_bonus import HttpBonusSystem
from tools.adapters.http_link import BackOfficeLink
from tools.adapters.http_platform import HttpPlatform
from tools.adapters.memory import MemoryMessenger, MemoryPlatform, world_from
from tools.adapters.sql.stores import SqlStores, open_stores
from tools.gate.door import Gate
from tools.gate.rules import GateRules, Mode, Policy
from tools.issue_bonus import ISSUE_BONUS, IssueBonusArguments, issue_bonus
from tools.ports import GrantOrder, PlayerPlatform, StoredDecision
from tools.tool import Call, Fact, Intent, Status
from tools.world import VERIFIED, Hands, World

ROUNDS, ISSUES = 9, 12
FLOOR_MS = 3.0
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
TOKEN, SECRET = "bench-token", "whsec_YmVuY2gtc2VjcmV0"  # of a back office that lives for seconds
RULES = GateRules(modes={"bench": Mode.AUTOMATIC}, policies=(Policy(name="all", approvers=0),))
DAILY = parse_configuration(
    load_yaml(
        "id: daily\nname: Daily\npriority: 1\nstatus: published\nlimits: {per_player: [{count: 1, period: day}]}\n"
        "tiers: [{name: t, priority: 1, reward: {type: standard, spinsCount: 5, gameProvider: G, wager: 5}}]\n",
        name="daily.yaml",
    )
)
REWARD: Document = {"rewardType": "standard", "spinsCount": 5, "game": None, "gameProvider": "G", "wager": 5}
PLAYER, BRAND = "P1001", "lucky-spin"


def _office(told: Connection) -> None:
    with running(token=TOKEN, webhook_secret=SECRET) as served:
        told.send(served.url)
        told.recv()


@contextmanager
def _back_office() -> Generator[str]:
    """Run the back office in a process of its own."""
    ours, theirs = get_context("spawn").Pipe()
    process = get_context("spawn").Process(target=_office, args=(theirs,), daemon=True)
    process.start()
    try:
        yield ours.recv()
    finally:
        ours.send("end")
        process.join(10)


def _decision(number: int) -> StoredDecision:
    """Return a decision of a day of its own: one bonus a day is what the limits and the business key allow."""
    at = NOON + timedelta(days=number)
    return StoredDecision(
        decision_id=f"D-{number}",
        ticket_id=f"t{number}",
        player_id=PLAYER,
        brand=BRAND,
        status="qualified",
        configuration="daily",
        configuration_hash=DAILY.hash,
        tier="t",
        reward=REWARD,
        record={},
        decided_at=at,
        expires_at=at + timedelta(minutes=15),
    )


async def _gated(
    stores: SqlStores, hands: Hands, platform: PlayerPlatform, number: int
) -> Callable[[], Awaitable[object]]:
    """Mint a decision, and return the issue of it: intent, recheck, claim, grant, outcome."""
    decision = _decision(number)
    await stores.mint(decision)
    world = World(
        platform=platform,
        bonuses=hands.bonuses,
        decisions=stores,
        counters=stores,
        attempts=stores,
        configurations=ConfigurationSet((DAILY,)),
        new_id=lambda prefix: f"{prefix}-{number}",
    )
    call = Call(
        ticket_id=decision.ticket_id,
        brand=BRAND,
        call_id="c1",
        now=decision.decided_at,
        world=world,
        facts={VERIFIED: Fact(value={"player_id": PLAYER})},
        said=(),
        asked="",
        tried=(),
        named_fields=(),
        procedure="bench",
    )
    gate = Gate(hands=hands, ledger=stores, approvals=stores, rules=RULES, record=stores, new_id=world.new_id)

    async def issue() -> object:
        intent = await issue_bonus(IssueBonusArguments(decision_id=decision.decision_id), call)
        assert isinstance(intent, Intent)
        result = await gate.admit(ISSUE_BONUS, intent, call)
        assert getattr(result, "status", None) is Status.DONE, result
        return result

    return issue


async def _cpu_ms(calls: list[Callable[[], Awaitable[object]]]) -> float:
    before = time.process_time()
    for call in calls:
        await call()
    return (time.process_time() - before) * 1000 / len(calls)


async def _measured(url: str, folder: Path) -> dict[str, float]:
    found: dict[str, list[float]] = {"bare": [], "gate": [], "whole": []}
    stores = open_stores(f"sqlite:///{folder / 'croupier.sqlite'}")
    await stores.create()
    seed = load_json(json.dumps(seed_world(), default=str), name="seed").value
    memory = world_from(seed if isinstance(seed, dict) else {})
    async with httpx.AsyncClient(trust_env=False) as client:
        link = BackOfficeLink(client=client, url=url, token=TOKEN, timeout_s=5)
        hands = Hands(bonuses=HttpBonusSystem(link=link), messenger=MemoryMessenger(world=memory), desk=stores)
        near = MemoryPlatform(world=memory, now=lambda: NOON)
        far = HttpPlatform(link=link, now=lambda: NOON)
        numbers = iter(range(1, 10_000))
        for _ in range(ROUNDS):
            orders = [GrantOrder(decision_id=f"B-{one}", player_id=PLAYER, brand=BRAND, reward=REWARD, reason="r")
                      for one in (next(numbers) for _ in range(ISSUES))]  # fmt: skip
            bare = [_bare(hands, order) for order in orders]
            gate = [await _gated(stores, hands, near, next(numbers)) for _ in range(ISSUES)]
            whole = [await _gated(stores, hands, far, next(numbers)) for _ in range(ISSUES)]
            for name, calls in (("bare", bare), ("gate", gate), ("whole", whole)):
                found[name].append(await _cpu_ms(calls))
    await stores.close()
    return {name: median(rounds[1:]) for name, rounds in found.items()}


def _bare(hands: Hands, order: GrantOrder) -> Callable[[], Awaitable[object]]:
    return lambda: hands.bonuses.grant(order, idempotency_key=f"bare:{order.decision_id}")


def main() -> int:
    """Measure, print, and hold the floor."""
    with _back_office() as url, tempfile.TemporaryDirectory() as folder:
        found = asyncio.run(_measured(url, Path(folder)))
    added = found["gate"] - found["bare"]
    print(f"bare HTTP call                      {found['bare']:6.2f} ms CPU")
    print(f"issue through the gate              {found['gate']:6.2f} ms CPU, {found['gate'] / found['bare']:.2f} times")
    print(f"  added by the gate                 {added:6.2f} ms CPU (floor: at most {FLOOR_MS})")
    print(
        f"with the vetoes read again by HTTP  {found['whole']:6.2f} ms CPU, {found['whole'] / found['bare']:.2f} times"
    )
    return 0 if added <= FLOOR_MS else 1


if __name__ == "__main__":
    sys.exit(main())
