"""The network fails in every way it can, in front of a real back office: nothing is lost, nothing is done twice.

Rounds in full by `make proof` (CROUPIER_PROOF=full).
"""

import asyncio
import os
import re
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Coroutine, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Any

import httpx
import pytest

from app.backoffice.serve import running
from tests.fault_proxy import Fault, FaultProxy, proxied
from tests.proof.gate_bench import (
    AUTOMATIC,
    SECRET,
    TOKEN,
    Bench,
    Clock,
    OnlyBonuses,
    bonuses,
    call,
    consistent,
    intent,
    issue,
    numbered,
)
from tools.adapters.sql.stores import open_stores
from tools.approvals import About, Vote
from tools.gate.door import Gate
from tools.ledger import EffectState
from tools.legal import refusal
from tools.tool import Call, Grounds, Intent, Recheck, Result, Status

FULL = os.environ.get("CROUPIER_PROOF") == "full"
ROUNDS = 2_000 if FULL else 15
AT_ONCE = 20  # rounds
PATIENCE_S = 2.0  # to connect and be answered too, also on a busy machine: what is too late there has met no fault
HASTE_S = 0.2  # of the random rounds, which take it as it comes
ORDER = b"POST "
FAULTS = [fault for fault in Fault if fault is not Fault.NONE]
ON_ASKING = (Fault.NONE, Fault.ERROR, Fault.BLACK_HOLE)


@dataclass(slots=True)
class Schedule:
    """Which faults the exchanges about a key meet, orders and questions apart; the last one lasts."""

    orders: list[Fault]
    questions: list[Fault]

    def next(self, head: bytes) -> Fault:
        """Return the fault of the next exchange."""
        left = self.orders if head.startswith(ORDER) else self.questions
        return left.pop(0) if len(left) > 1 else left[0]


def by_key(schedules: Mapping[str, Schedule]) -> Callable[[bytes], Fault]:
    """Choose the fault of an exchange by the key that stands in its head."""

    def choose(head: bytes) -> Fault:
        found = re.search(rb"issue(?::|%3A|%253A)([A-Za-z0-9_.-]+)", head)
        schedule = None if found is None else schedules.get(found[1].decode())
        return Fault.NONE if schedule is None else schedule.next(head)

    return choose


@asynccontextmanager
async def bench(
    folder: Path, *, idempotent: bool, patience_s: float = PATIENCE_S
) -> AsyncGenerator[tuple[Bench, FaultProxy]]:
    with running(token=TOKEN, webhook_secret=SECRET, idempotent=idempotent) as office:
        async with proxied(office.url) as proxy, httpx.AsyncClient(trust_env=False) as client:
            proxy.latency_s, proxy.drip_s = 1.5 * patience_s, patience_s / 20
            kept = open_stores(f"sqlite:///{folder / 'gate.sqlite'}")
            await kept.create()
            gate = Gate(
                hands=OnlyBonuses(bonuses=bonuses(client, proxy.url, timeout_s=patience_s)),
                ledger=kept,
                approvals=kept,
                rules=AUTOMATIC,
                record=kept,
                new_id=numbered(),
            )
            yield Bench(gate=gate, kept=kept, client=client, office_url=office.url), proxy
            await kept.close()


async def admitted(on: Bench, name: str) -> Status:
    result = await on.gate.admit(issue(), intent(name), call(on.clock(), ticket=name))
    assert isinstance(result, Result)
    return result.status


async def refuse_once(on: Bench) -> None:
    """Have the back office refuse its next order; nothing is done then."""
    switch, headers = {"kind": "refuse", "times": 1}, {"Authorization": f"Bearer {TOKEN}"}
    await on.client.put(f"{on.office_url}/v1/faults/bonus", json=switch, headers=headers)


async def assert_true(on: Bench, name: str) -> None:
    row, granted, doubt = await on.row(name), await on.granted(name), await on.doubt(name)
    assert consistent(row, granted, doubt), (name, row.state, granted, doubt)


async def reconciled(on: Bench, name: str) -> EffectState:
    on.clock.later(minutes=3)
    return (await on.gate.reconcile(issue(), await on.row(name), now=on.clock())).state


async def looked_up_by_a_human(on: Bench, name: str) -> EffectState:
    """Let a human look into the back office and answer the question in the inbox."""
    asked = await on.kept.approval_for(f"issue:{name}", About.DOUBT)
    assert asked is not None
    verdict = "approve" if await on.granted(name) else "deny"
    said = Vote(approver="anna", verdict=verdict, reason="looked into the back office", at=on.clock())
    await on.kept.vote(asked.approval_id, said)
    return (await on.gate.answer(asked, on.clock())).state


async def settled(on: Bench, proxy: FaultProxy, name: str) -> None:
    """What the other side can tell is known, and a human settles the rest."""
    await proxy.settled()
    if await reconciled(on, name) is EffectState.UNKNOWN:
        await looked_up_by_a_human(on, name)
    await assert_true(on, name)
    assert (await on.row(name)).state in {EffectState.DONE, EffectState.FAILED}


async def ends_well(on: Bench, proxy: FaultProxy, name: str) -> None:
    """Once the network is well again all is settled, and so it is after the message came once more.

    What failed is ordered anew then, and on a busy machine that may outlast our patience: one more doubt to settle.
    """
    await settled(on, proxy, name)
    await admitted(on, name)
    await assert_true(on, name)
    assert await on.granted(name) <= 1
    if (await on.row(name)).state is EffectState.UNKNOWN:
        await settled(on, proxy, name)


@pytest.mark.parametrize("idempotent", [True, False], ids=["keys", "no-keys"])
async def test_after_each_fault_the_ledger_knows_or_a_human_is_asked(tmp_path: Path, idempotent: bool) -> None:
    async with bench(tmp_path, idempotent=idempotent) as (on, proxy):
        cases = {f"{order}.{ask}": Schedule([order, Fault.NONE], [ask]) for order in FAULTS for ask in ON_ASKING}

        async def one(name: str) -> Status:
            mine = replace(on, clock=Clock())
            status = await admitted(mine, name)
            await proxy.settled()
            await assert_true(mine, name)
            cases[name] = Schedule([Fault.NONE], [Fault.NONE])
            await ends_well(mine, proxy, name)
            return status

        proxy.choose = by_key(cases)
        ended = Counter(await asyncio.gather(*(one(name) for name in list(cases))))
    assert set(proxy.met) == set(FAULTS)
    in_doubt = len(FAULTS) * (len(ON_ASKING) - idempotent)
    assert ended == {Status.UNKNOWN: in_doubt} | ({Status.DONE: len(FAULTS)} if idempotent else {})


async def test_a_doubt_after_a_refusal_is_settled_like_the_first(tmp_path: Path) -> None:
    async with bench(tmp_path, idempotent=False) as (on, proxy):
        await refuse_once(on)
        assert await admitted(on, "again") is Status.REFUSED
        assert (await on.row("again")).state is EffectState.FAILED
        proxy.strike(Fault.DROP, on=ORDER)
        assert await admitted(on, "again") is Status.UNKNOWN
        await assert_true(on, "again")
        await settled(on, proxy, "again")
        assert ((await on.row("again")).state, await on.granted("again")) == (EffectState.DONE, 1)


def drawn(drawing: Random, faults: Sequence[Fault]) -> list[Fault]:
    """Draw what the next exchanges meet."""
    return [drawing.choice((Fault.NONE, *faults)) for _ in range(drawing.randint(1, 5))]


@pytest.mark.parametrize("idempotent", [True, False], ids=["keys", "no-keys"])
async def test_whatever_fails_in_whatever_order_nothing_is_lost_or_doubled(tmp_path: Path, idempotent: bool) -> None:
    drawing = Random(20261122)  # noqa: S311  # reproducible, and no secret
    async with bench(tmp_path, idempotent=idempotent, patience_s=HASTE_S) as (on, proxy):
        schedules: dict[str, Schedule] = {}
        room = asyncio.Semaphore(AT_ONCE)

        async def one(name: str, tries: int, pauses: Sequence[bool]) -> None:
            mine = replace(on, clock=Clock())
            async with room:
                for pause in pauses[:tries]:  # the message is delivered again; now and then somebody reconciles
                    await admitted(mine, name)
                    if pause:
                        await proxy.settled()
                        await reconciled(mine, name)
                    assert await mine.granted(name) <= 1, name
                schedules[name] = Schedule([Fault.NONE], [Fault.NONE])
                await ends_well(mine, proxy, name)

        proxy.choose = by_key(schedules)
        rounds: list[Coroutine[None, None, None]] = []
        for number in range(ROUNDS):
            schedules[f"R{number}."] = Schedule(drawn(drawing, FAULTS), drawn(drawing, ON_ASKING))
            pauses = [drawing.random() < 0.3 for _ in range(4)]
            rounds.append(one(f"R{number}.", drawing.randint(1, 4), pauses))
        await asyncio.gather(*rounds)
        rows = await on.kept.ledger(limit=ROUNDS + 1)
    assert len(rows) == ROUNDS
    assert {row.state for row in rows} <= {EffectState.DONE, EffectState.FAILED}


async def never_there(_: Intent, __: object) -> None:
    """Say without asking that an effect is certainly not there."""


async def test_a_doubt_that_is_guessed_at_instead_of_asked_about_is_granted_twice(tmp_path: Path) -> None:
    async with bench(tmp_path, idempotent=False) as (on, proxy):
        proxy.strike(Fault.DROP, on=ORDER)
        await on.gate.admit(replace(issue(), reconcile=never_there), intent("guessed"), call(on.clock()))
        assert await on.granted("guessed") == 2


async def let_through(_: Intent, __: Call[Any]) -> Grounds:
    """Find nothing in the way."""
    return Grounds()


async def refused_now(_: Intent, __: Call[Any]) -> Result:
    """Refuse, as a recheck does where a veto has come up, or where the platform does not answer."""
    return refusal("vetoed", "it cannot be issued now")


async def test_a_refusal_does_not_settle_a_doubt_while_the_first_order_may_still_arrive(tmp_path: Path) -> None:
    async with bench(tmp_path, idempotent=True) as (on, proxy):
        proxy.strike(Fault.LATENCY, on=ORDER)
        grounds: list[Recheck[Any]] = [let_through, refused_now]

        async def recheck(wanted: Intent, its_call: Call[Any]) -> Grounds | Result:
            return await grounds.pop(0)(wanted, its_call)

        await on.gate.admit(issue(recheck), intent("late"), call(on.clock()))
        await proxy.settled()
        await assert_true(on, "late")


async def test_another_answer_to_a_second_order_does_not_settle_the_first_which_may_still_arrive(
    tmp_path: Path,
) -> None:
    async with bench(tmp_path, idempotent=True) as (on, proxy):
        proxy.latency_s = 4 * PATIENCE_S
        proxy.strike(Fault.LATENCY, on=ORDER)
        await refuse_once(on)
        await admitted(on, "late")
        await proxy.settled()
        await assert_true(on, "late")
