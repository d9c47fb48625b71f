"""Qualify at the desk: limits and the law of the place are weighed on what our own ledger and the platform say."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import pytest

from agent.bonus.files import read_packs
from casino.bonus.configuration import Configuration, load_set
from casino.document import load_yaml
from casino.values import Document
from tests.desks import NOON, desk
from tools.adapters.memory import MemoryBonusSystem, MemoryMessenger
from tools.adapters.memory_stores import MemoryStores
from tools.gate.door import Gate
from tools.gate.rules import GateRules, Mode, Policy
from tools.issue_bonus import ISSUE_BONUS, IssueBonusArguments, issue_bonus
from tools.ports import Unavailable
from tools.qualify_for_bonus import QualifyForBonusArguments, qualify_for_bonus
from tools.tool import Call, Fact, Intent, Result
from tools.world import VERIFIED, Hands, World

CASH = """
id: weekly-cash
name: Weekly Cash
priority: 10
status: published
limits: {limits}
tiers:
  - name: default
    priority: 1
    reward: {{type: cash, amount: 20, amountType: cash, name: Cash, description: 20 in cash, wager: 5}}
"""


class NoCounters:
    """A store that does not answer."""

    async def counters(
        self, player_id: str, *, brand: str, configurations: Sequence[Configuration], now: datetime
    ) -> Document:
        raise Unavailable(f"{player_id} {brand} {len(configurations)} {now}")


def call(*, player_id: str = "P1001", brand: str = "lucky-spin", limits: str = "{}") -> Call[World]:
    world: World = desk(player_id).sandbox.deps.world
    some = load_set([load_yaml(CASH.format(limits=limits), name="weekly-cash.yaml")])
    return on(replace(world, configurations=some), player_id, brand=brand)


def on(world: World, player_id: str, ticket: str = "t1", *, brand: str = "lucky-spin") -> Call[World]:
    return Call(
        ticket_id=ticket,
        brand=brand,
        call_id="c1",
        now=NOON,
        world=world,
        facts={VERIFIED: Fact(value={"player_id": player_id})},
        said=(),
        asked="",
        tried=(),
        named_fields=(),
        procedure="bonus-request",
    )


async def qualified(asked: Call[World]) -> Document:
    return (await qualify_for_bonus(QualifyForBonusArguments(), asked)).data


async def issued(asked: Call[World], decision_id: str) -> None:
    """Issue through the gate, so that the ledger has it."""
    stores = asked.world.decisions
    assert isinstance(stores, MemoryStores)
    intent = await issue_bonus(IssueBonusArguments(decision_id=decision_id), asked)
    assert isinstance(intent, Intent)
    bonuses = asked.world.bonuses
    assert isinstance(bonuses, MemoryBonusSystem)
    gate = Gate(
        hands=Hands(bonuses=bonuses, messenger=MemoryMessenger(world=bonuses.world), desk=stores),
        ledger=stores,
        approvals=stores,
        rules=GateRules(modes={"bonus-request": Mode.AUTOMATIC}, policies=(Policy(name="all", approvers=0),)),
        record=stores,
        new_id=asked.world.new_id,
    )
    result = await gate.admit(ISSUE_BONUS, intent, asked)
    assert isinstance(result, Result)
    assert result.status == "done"


async def codes(asked: Call[World], found: Document) -> list[object]:
    stored = await asked.world.decisions.decision(str(found["decisionId"]))
    assert stored is not None
    reasons = stored.record["reasons"]
    assert isinstance(reasons, list)
    return [reason["code"] for reason in reasons if isinstance(reason, dict)]


@pytest.mark.parametrize(
    "limits",
    [
        "{per_player: [{count: 1, period: week}]}",
        "{cool_off: 72 hours}",
        "{one_live_bonus: true}",
        "{campaign: {count: 1}}",
        "{campaign: {budget: 20 EUR}}",
    ],
)
async def test_what_was_issued_counts_against_the_limit_of_the_next(limits: str) -> None:
    asked = call(limits=limits)
    first = await qualified(asked)
    assert first["status"] == "qualified"
    await issued(asked, str(first["decisionId"]))
    later = on(asked.world, "P1001", "t2")
    second = await qualified(later)
    assert second["status"] == "not_qualified"
    assert await codes(later, second) == ["limit_reached"]


async def test_below_the_limit_a_second_one_is_granted() -> None:
    asked = call(limits="{per_player: [{count: 2, period: week}], campaign: {budget: 20.01 EUR}}")
    await issued(asked, str((await qualified(asked))["decisionId"]))
    assert (await qualified(on(asked.world, "P1001", "t2")))["status"] == "qualified"


@pytest.mark.parametrize(
    ("player_id", "brand", "status", "codes_"),
    [
        ("P1036", "royal-harbour", "vetoed", ["jurisdiction"]),  # Brazil: no bonus at all
        ("P1041", "royal-harbour", "qualified", []),  # Great Britain: wagering 5 times is lawful
    ],
)
async def test_the_law_of_the_players_place_is_weighed_at_the_desk(
    player_id: str, brand: str, status: str, codes_: list[str]
) -> None:
    asked = call(player_id=player_id, brand=brand)
    found = await qualified(asked)
    assert (found["status"], await codes(asked, found)) == (status, codes_)
    assert found["reasons"] == ([] if status == "qualified" else ["You do not qualify for a bonus at the moment."])


async def test_the_desk_requires_that_somebody_can_say_whose_law_holds() -> None:
    assert call().world.packs == replace(read_packs(), required=True)


async def test_a_ledger_that_cannot_be_read_is_an_outage_and_a_human_takes_over() -> None:
    asked = call(limits="{cool_off: 72 hours}")
    asked = on(replace(asked.world, counters=NoCounters()), "P1001")
    result = await qualify_for_bonus(QualifyForBonusArguments(), asked)
    assert (result.data["status"], result.owed) == ("unknown", "decision_unknown")
