"""One process of a crowd: so many workers at one gate. Run by test_gate_crowd.py, never imported by it.

It reads tasks from stdin, a line of JSON each. To each it writes `ready`, waits for a line, and writes how it ended.
"""

import asyncio
import json
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

import httpx

from casino.bonus.configuration import Configuration, parse_configuration
from casino.bonus.counters import Spent
from casino.document import load_yaml
from tests.proof.gate_bench import AUTOMATIC, BRAND, NOON, PLAYER, OnlyBonuses, bonuses, call, intent, issue
from tools.adapters.sql.stores import open_stores
from tools.gate.door import Gate
from tools.grant_terms import GrantTerms
from tools.tool import Call, Grounds, Intent, Recheck, Result

CONNECTIONS = 20
PATIENCE_S = 30.0  # this is about crowds, not about a slow machine


@dataclass(frozen=True, slots=True, kw_only=True)
class Crowd:
    """What one process is to do."""

    what: str  # keys | business | campaign | unguarded
    address: str
    office: str
    process: int
    workers: int
    keys: int
    limits: str | None  # of the campaign, as a configuration spells them

    def names(self, worker: int) -> list[str]:
        """Return the decisions that a worker brings to the gate, in an order of its own."""
        mine = [f"{number}" for number in range(self.keys)]
        if self.what in {"business", "campaign"}:
            mine = [f"{self.process}.{worker}.{name}" for name in mine]
        Random(f"{self.process}.{worker}").shuffle(mine)  # noqa: S311  # reproducible, and no secret
        return mine

    def once_per(self, name: str) -> str | None:
        """Return the business key: of the last part of a name where other keys ask for the same bonus."""
        return f"grant:{name.rpartition('.')[2]}" if self.what == "business" else None


def recheck(crowd: Crowd) -> Recheck[Any] | None:
    """Return what gives the claim its terms: the campaign's limits, where there are any."""
    if crowd.limits is None:
        return None
    campaign = configuration(crowd.limits)

    async def grounds(_: Intent, __: Call[Any]) -> Grounds:
        cost = Spent(1, 5, "EUR")
        mine = GrantTerms(player_id=PLAYER, brand=BRAND, configuration=campaign, cost=cost, active_bonus=False)
        return Grounds(terms=mine)

    return grounds


def configuration(limits: str) -> Configuration:
    """Return a campaign with these limits."""
    reward = "{type: cash, amount: 5, amountType: cash, name: C, description: C, wager: 1}"
    tier = f"{{name: default, priority: 1, reward: {reward}}}"
    text = f"id: campaign\nname: Campaign\npriority: 1\nstatus: published\nlimits: {limits}\ntiers:\n  - {tier}\n"
    return parse_configuration(load_yaml(text, name="campaign.yaml"))


async def crowd_at(crowd: Crowd) -> Counter[str]:
    """Let all workers of this process go through their decisions, and count how each ended."""
    stores = open_stores(crowd.address)
    limits = httpx.Limits(max_connections=CONNECTIONS)
    async with httpx.AsyncClient(trust_env=False, limits=limits) as client:
        hands = OnlyBonuses(bonuses=bonuses(client, crowd.office, timeout_s=PATIENCE_S))
        gate = Gate(hands=hands, ledger=stores, approvals=stores, rules=AUTOMATIC, record=stores, new_id=ids(crowd))
        tool, ended = issue(recheck(crowd)), Counter[str]()

        async def work(worker: int) -> None:
            for name in crowd.names(worker):
                wanted = intent(name, once_per=crowd.once_per(name), reason="campaign/default")
                if crowd.what == "unguarded":
                    assert tool.perform is not None
                    await tool.perform(wanted, hands)
                    continue
                result = await gate.admit(tool, wanted, call(NOON, ticket=f"t{name}"))
                ended[
                    f"{result.status}:{result.data.get('code', '')}" if isinstance(result, Result) else "waiting"
                ] += 1

        await asyncio.gather(*(work(worker) for worker in range(crowd.workers)))
    await stores.close()
    return ended


def ids(crowd: Crowd) -> Callable[[str], str]:
    """Return a source of ids that no other process uses."""
    drawing = Random(crowd.process)  # noqa: S311  # reproducible, and no secret

    def fresh(prefix: str) -> str:
        return f"{prefix}-{crowd.process}-{drawing.getrandbits(64):x}"

    return fresh


async def message(environment: dict[str, str], message_id: str, text: str) -> list[str]:
    """Handle one message on the one ticket, and return the answers."""
    # Imported here: a crowd at the gate needs no desk.
    from agent.run import Message, handle  # noqa: PLC0415  # the reason stands above
    from agent.settings import read_settings  # noqa: PLC0415  # the same
    from agent.wiring import live_desk  # noqa: PLC0415  # the same

    async with live_desk(read_settings(environment)) as deps:
        await started()
        said = Message(ticket_id="t1", message_id=message_id, brand=BRAND, text=text)
        return [*(await handle(said, deps)).replies]


async def started() -> None:
    """Say that everything is open, and wait for the others."""
    print("ready", flush=True)  # noqa: T201  # the test reads it
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)


async def done(task: dict[str, Any]) -> object:
    """Do one task and return how it ended."""
    if "message" in task:
        return await message(**task["message"])
    await started()
    return await crowd_at(Crowd(**task))


if __name__ == "__main__":
    for line in sys.stdin:
        print(json.dumps(asyncio.run(done(json.loads(line)))), flush=True)  # noqa: T201  # the test reads it
