"""Issue by decision id: what is not this ticket's own granted, living decision is refused, whoever asks, and again."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from casino.bonus.configuration import Configuration, ConfigurationSet, ConfigurationStatus, parse_configuration
from casino.bonus.counters import Spent
from casino.document import load_yaml
from casino.values import Document
from tests.desks import desk
from tools.adapters.memory import Fault, MemoryBonusSystem, MemoryMessenger, MemoryWorld
from tools.adapters.memory_stores import MemoryStores
from tools.approvals import Vote
from tools.gate.door import Gate, Waiting
from tools.gate.rules import GateRules, Mode, Policy
from tools.grant_terms import GrantTerms
from tools.issue_bonus import ISSUE_BONUS, IssueBonusArguments, issue_bonus, recheck
from tools.ledger import Denied, EffectState
from tools.ports import StoredDecision
from tools.tool import Call, Fact, Grounds, Intent, Result, Status
from tools.world import VERIFIED, Hands, World

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
CASH: Document = {"rewardType": "cash", "amount": 20, "amountType": "cash", "name": "C", "description": "d", "wager": 5}
SPINS: Document = {"rewardType": "standard", "spinsCount": 10, "game": None, "gameProvider": "B", "wager": 35}
AUTOMATIC = GateRules(modes={"bonus-request": Mode.AUTOMATIC}, policies=(Policy(name="all", approvers=0),))
ONE = GateRules(modes={"bonus-request": Mode.AUTOMATIC}, policies=(Policy(name="all", approvers=1),))
WRITTEN = """\
id: vip
name: VIP
priority: 1
brands: [lucky-spin]
status: published
time_zone: Europe/Malta
day_begins: "06:00"
limits:
  campaign: {budget: 50 EUR}
tiers:
  - name: top
    priority: 1
    reward: {type: cash, amount: 20, amountType: cash, name: C, description: d, wager: 5}
"""
VIP = parse_configuration(load_yaml(WRITTEN, name="vip.yaml"))
GRANTED = StoredDecision(
    decision_id="D-1",
    ticket_id="t1",
    player_id="P1001",
    brand="lucky-spin",
    status="qualified",
    configuration="vip",
    configuration_hash=VIP.hash,
    tier="top",
    reward=CASH,
    record={},
    decided_at=NOON,
    expires_at=NOON + timedelta(minutes=15),
)
INTENT = Intent(
    key="issue:D-1",
    business_key="grant:lucky-spin:P1001:vip:2026-11-20",
    body={
        "decision_id": "D-1",
        "player_id": "P1001",
        "brand": "lucky-spin",
        "reward": dict(CASH),
        "currency": "EUR",
        "reason": "vip/top",
    },
    decision_id="D-1",
    expires_at=NOON + timedelta(minutes=15),
)


@dataclass(frozen=True, slots=True)
class Place:
    """A casino with one configuration and one player."""

    world: World
    outside: MemoryWorld
    stores: MemoryStores

    def gate(self, rules: GateRules = AUTOMATIC) -> Gate[Hands]:
        """Return its gate."""
        stores = self.stores
        hands = Hands(
            bonuses=MemoryBonusSystem(world=self.outside), messenger=MemoryMessenger(world=self.outside), desk=stores
        )
        return Gate(
            hands=hands,
            ledger=stores,
            approvals=stores,
            rules=rules,
            record=stores,
            new_id=lambda prefix: f"{prefix}-1",
        )

    def call(self, *, now: datetime = NOON, ticket_id: str = "t1") -> Call[World]:
        """Return a call on a ticket of the verified player."""
        return Call(
            ticket_id=ticket_id,
            brand="lucky-spin",
            call_id="c1",
            now=now,
            world=self.world,
            facts={VERIFIED: Fact(value={"player_id": "P1001"})},
            said=(),
            asked="",
            tried=(),
            named_fields=(),
            procedure="bonus-request",
        )

    def with_rules(self, *configurations: Configuration) -> "Place":
        """Return the same casino under other rules."""
        world = replace(self.world, configurations=ConfigurationSet(configurations))
        return replace(self, world=world)

    def player(self, **changes: Any) -> None:  # noqa: ANN401  # JSON of the platform
        """Change what the platform says about the player."""
        self.outside.players["P1001"].update(changes)


async def place(*decisions: StoredDecision) -> Place:
    """Return a casino in which these decisions were made."""
    sandbox = desk("P1001").sandbox
    world: World = sandbox.deps.world
    for decision in decisions or (GRANTED,):
        await sandbox.stores.mint(decision)
    return Place(replace(world, configurations=ConfigurationSet((VIP,))), sandbox.world, sandbox.stores)


async def asked(here: Place, decision_id: str = "D-1", *, now: datetime = NOON) -> Result | Intent:
    return await issue_bonus(IssueBonusArguments(decision_id=decision_id), here.call(now=now))


async def test_a_granted_decision_becomes_an_intent_that_holds_all_that_is_decided() -> None:
    assert await asked(await place()) == INTENT


@pytest.mark.parametrize(
    ("decision", "code"),
    [
        (replace(GRANTED, ticket_id="t2"), "not_your_decision"),
        (replace(GRANTED, player_id="P1002"), "not_your_decision"),
        (replace(GRANTED, brand="royal-harbour"), "not_your_decision"),
        (replace(GRANTED, status="not_qualified"), "not_granted"),
        (replace(GRANTED, reward=None), "not_granted"),
    ],
)
async def test_every_other_decision_is_refused(decision: StoredDecision, code: str) -> None:
    given = await asked(await place(decision))
    assert isinstance(given, Result)
    assert given.data["code"] == code


async def test_an_invented_decision_is_refused() -> None:
    given = await asked(await place(), "D-2")
    assert isinstance(given, Result)
    assert given.data["code"] == "not_your_decision"


@pytest.mark.parametrize(
    ("decided_at", "day"),
    [
        (datetime(2026, 11, 20, 4, 59, tzinfo=UTC), "2026-11-19"),  # 05:59 in Malta
        (datetime(2026, 11, 20, 5, 0, tzinfo=UTC), "2026-11-20"),
        (datetime(2026, 11, 21, 4, 59, tzinfo=UTC), "2026-11-20"),
    ],
)
async def test_the_business_key_is_of_the_casino_day_of_the_decision(decided_at: datetime, day: str) -> None:
    given = await asked(await place(replace(GRANTED, decided_at=decided_at)), now=NOON + timedelta(days=3))
    assert isinstance(given, Intent)
    assert given.business_key == f"grant:lucky-spin:P1001:vip:{day}"


async def test_spins_cost_nothing_in_money_so_nobody_asks_for_the_currency() -> None:
    here = await place(replace(GRANTED, reward=SPINS))
    here.outside.faults["player"] = Fault.UNAVAILABLE
    given = await asked(here)
    assert isinstance(given, Intent)
    assert given.body["currency"] is None


# What is read again.


async def again(here: Place, intent: Intent = INTENT, *, now: datetime = NOON, ticket_id: str = "t1") -> str:
    """Return the code that the recheck refuses with, or nothing."""
    found = await recheck(intent, here.call(now=now, ticket_id=ticket_id))
    return "" if isinstance(found, Grounds) else str(found.data["code"])


async def test_the_recheck_says_what_policies_weigh_and_which_limits_hold() -> None:
    here = await place()
    here.player(category="VIP")
    found = await recheck(INTENT, here.call())
    assert isinstance(found, Grounds)
    player = found.facts["player"]
    assert isinstance(player, dict)
    assert player["category"] == "VIP"
    assert found.facts["effect"] == {
        "rewardType": "cash",
        "amount": 20,
        "amountType": "cash",
        "configuration": "vip",
        "tier": "top",
        "currency": "EUR",
    }
    assert found.terms == GrantTerms(
        player_id="P1001", brand="lucky-spin", configuration=VIP, cost=Spent(1, 20, "EUR"), active_bonus=False
    )


@pytest.mark.parametrize(
    "other",
    [
        replace(VIP, status=ConfigurationStatus.ARCHIVED),
        replace(VIP, status=ConfigurationStatus.DRAFT),
        replace(VIP, brands=("royal-harbour",)),
        replace(VIP, effective_until=NOON),
        replace(VIP, comment="other content"),
        replace(VIP, id="other"),
    ],
)
async def test_a_configuration_that_is_not_in_force_as_it_was_decided_on_grants_nothing(other: Configuration) -> None:
    here = await place()
    assert await again(here) == ""
    assert await again(here.with_rules(other)) == "configuration_changed"
    assert await again(here.with_rules()) == "configuration_changed"


async def test_a_veto_stands_before_everything_else_and_is_read_fresh() -> None:
    here = await place()
    here.player(blocked=True)
    assert await again(here.with_rules()) == "vetoed"


async def test_an_outage_is_not_safe_and_not_a_no() -> None:
    here = await place()
    here.outside.faults["player"] = Fault.UNAVAILABLE
    found = await recheck(INTENT, here.call())
    assert isinstance(found, Result)
    assert (found.data["code"], found.escalate) == ("vetoed", "decision_unknown")


@pytest.mark.parametrize(
    "decision",
    [
        replace(GRANTED, reward={**CASH, "amount": 21}),
        replace(GRANTED, player_id="P1002"),
        replace(GRANTED, brand="royal-harbour"),
        replace(GRANTED, status="not_qualified"),
        replace(GRANTED, ticket_id="t2"),
        replace(GRANTED, decision_id="D-2"),
    ],
)
async def test_an_intent_that_is_not_what_its_stored_decision_grants_is_refused(decision: StoredDecision) -> None:
    assert await again(await place(decision)) == "decision_changed"


async def test_an_intent_of_another_ticket_is_refused() -> None:
    assert await again(await place(), ticket_id="t2") == "decision_changed"


# Through the gate.


async def granted(here: Place) -> list[str]:
    """Return the decisions that were carried out outside."""
    return [grant.order.decision_id for grant in here.outside.grants]


async def test_a_decision_is_issued_once_and_spent() -> None:
    here = await place()
    for _ in range(2):
        result = await here.gate().admit(ISSUE_BONUS, INTENT, here.call())
        assert isinstance(result, Result)
        assert (result.status, result.data["issued"]) == (Status.DONE, True)
    assert await granted(here) == ["D-1"]
    spent = await here.gate().admit(ISSUE_BONUS, replace(INTENT, key="other", business_key="other"), here.call())
    assert isinstance(spent, Result)
    assert (spent.data["code"], await granted(here)) == ("decision_spent", ["D-1"])


async def test_two_decisions_of_one_casino_day_are_one_bonus() -> None:
    here = await place(GRANTED, replace(GRANTED, decision_id="D-2"))
    codes: list[object] = []
    for decision_id in ("D-1", "D-2"):
        given = await asked(here, decision_id)
        assert isinstance(given, Intent)
        result = await here.gate().admit(ISSUE_BONUS, given, here.call())
        assert isinstance(result, Result)
        codes.append(result.data.get("code"))
    assert (codes, await granted(here)) == ([None, "done_before"], ["D-1"])


async def test_a_budget_has_to_have_room_for_the_whole_grant() -> None:
    decisions = [
        replace(GRANTED, decision_id=f"D-{day}", decided_at=NOON + timedelta(days=day), expires_at=NOON + timedelta(30))
        for day in range(3)
    ]
    here = await place(*decisions)
    codes: list[object] = []
    for decision in decisions:
        given = await asked(here, decision.decision_id)
        assert isinstance(given, Intent)
        result = await here.gate().admit(ISSUE_BONUS, given, here.call())
        assert isinstance(result, Result)
        codes.append(result.data.get("code"))
    assert codes == [None, None, "limit_reached"]  # 20 and 20 of 50: something is left, and not enough
    assert await granted(here) == ["D-0", "D-1"]


async def test_an_expired_decision_is_refused_by_the_gate() -> None:
    here = await place()
    result = await here.gate().admit(ISSUE_BONUS, INTENT, here.call(now=GRANTED.expires_at))
    assert isinstance(result, Result)
    assert (result.data["code"], await granted(here)) == ("decision_expired", [])


async def test_an_approved_issue_is_carried_out_after_everything_has_expired() -> None:
    here, later = await place(), NOON + timedelta(hours=20)
    assert await here.gate(ONE).admit(ISSUE_BONUS, INTENT, here.call()) == Waiting("A-1")
    approval = await here.stores.vote("A-1", Vote(approver="anna", verdict="approve", reason="fine", at=later))
    assert not isinstance(approval, Denied)
    call = replace(here.call(now=later), facts={})  # the verified player of the ticket has expired too
    result = await here.gate(ONE).go_on(ISSUE_BONUS, approval, call)
    assert isinstance(result, Result)
    assert (result.status, await granted(here)) == (Status.DONE, ["D-1"])


@pytest.mark.parametrize("change", ["veto", "configuration", "limit"])
async def test_an_approval_does_not_stand_above_what_must_hold_now(change: str) -> None:
    here = await place()
    await here.gate(ONE).admit(ISSUE_BONUS, INTENT, here.call())
    approval = await here.stores.vote("A-1", Vote(approver="anna", verdict="approve", reason="fine", at=NOON))
    assert not isinstance(approval, Denied)
    if change == "veto":
        here.player(blocked=True)
    if change == "configuration":
        here = here.with_rules(replace(VIP, comment="other content"))
    if change == "limit":
        body: Document = {**INTENT.body, "reward": {**CASH, "amount": Decimal(45)}}
        other = replace(INTENT, key="x", business_key="x", body=body, decision_id=None)
        await here.gate().admit(replace(ISSUE_BONUS, recheck=None), replace(other, expires_at=None), here.call())
    result = await here.gate(ONE).go_on(ISSUE_BONUS, approval, here.call())
    assert isinstance(result, Result)
    codes = {"veto": "vetoed", "configuration": "configuration_changed", "limit": "limit_reached"}
    assert (result.status, result.data["code"]) == (Status.REFUSED, codes[change])
    assert await here.stores.effect("issue:D-1") is None


async def test_a_shadowed_issue_grants_nothing_and_spends_no_decision() -> None:
    here = await place()
    shadow = GateRules(modes={"bonus-request": Mode.SHADOW})
    result = await here.gate(shadow).admit(ISSUE_BONUS, INTENT, here.call())
    assert isinstance(result, Result)
    row = await here.stores.effect("issue:D-1")
    assert row is not None
    assert (result.status, row.state, await granted(here)) == (Status.SHADOWED, EffectState.SHADOWED, [])
    issued = await here.gate().admit(ISSUE_BONUS, INTENT, here.call())
    assert isinstance(issued, Result)
    assert issued.status is Status.DONE
