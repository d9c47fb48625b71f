"""Facts are asked for once, only where they are read, and at the same time; an outage is never an absence."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from app.backoffice.seed import seed_world
from casino.bonus.configuration import Configuration, parse_configuration
from casino.bonus.law.jurisdictions import NO_PACKS, JurisdictionRule, Packs, Predicate
from casino.bonus.reads import is_read
from casino.document import load_yaml
from casino.facts import MISSING, UNAVAILABLE, Facts, Found
from casino.values import Document, Value
from tools.adapters.memory import Fault, MemoryPlatform, Operation, world_from
from tools.adapters.memory_stores import MemoryStores
from tools.catalog import CATALOG
from tools.fields import tool_fields
from tools.ledger import Effect, EffectState
from tools.player_facts import SOURCES, FactSources, Source, gather_safety
from tools.ports import Player, PlayerPlatform, ResponsibleGaming, Unavailable

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
FIRST_TIME = JurisdictionRule(
    id="SE-1",
    jurisdiction="SE",
    predicate=Predicate.FIRST_TIME_ONLY,
    value=None,
    effective_from=None,
    source="s",
    verified=True,
    text="t",
)


@dataclass(slots=True)
class Counting:
    """A platform and counters that note what they are asked, over the ones in memory. Answers wait for each other."""

    faults: dict[Operation, Fault] = field(default_factory=dict[Operation, Fault])
    asked: list[str] = field(default_factory=list[str])
    together: int = 0  # how many questions have to be open before any is answered
    all_asked: asyncio.Event = field(default_factory=asyncio.Event)
    stores: MemoryStores = field(default_factory=MemoryStores)
    counters_fail: bool = False
    changes: dict[str, Any] = field(default_factory=dict[str, Any])  # of the player who is answered

    @property
    def platform(self) -> MemoryPlatform:
        world = world_from(seed_world())
        world.faults.update(self.faults)
        return MemoryPlatform(world=world, now=lambda: NOON)

    async def _noted(self, name: str) -> None:
        self.asked.append(name)
        if len(self.asked) >= self.together:
            self.all_asked.set()
        async with asyncio.timeout(5):
            await self.all_asked.wait()

    async def find_by_email(self, email: str, *, brand: str) -> Player | None:
        await self._noted("players")
        return await self.platform.find_by_email(email, brand=brand)

    async def player(self, player_id: str) -> Player | None:
        await self._noted("player")
        player = await self.platform.player(player_id)
        return player if player is None else replace(player, **self.changes)

    async def responsible_gaming(self, player_id: str) -> ResponsibleGaming:
        await self._noted("responsible_gaming")
        return await self.platform.responsible_gaming(player_id)

    async def kyc(self, player_id: str) -> Document:
        await self._noted("kyc")
        return await self.platform.kyc(player_id)

    async def deposits(self, player_id: str) -> Sequence[Document]:
        await self._noted("deposits")
        return await self.platform.deposits(player_id)

    async def counters(
        self, player_id: str, *, brand: str, configurations: Sequence[Configuration], now: datetime
    ) -> Document:
        await self._noted("counters")
        if self.counters_fail:
            raise Unavailable("the store is down")
        return await self.stores.counters(player_id, brand=brand, configurations=configurations, now=now)


def configuration(*conditions: str, limits: str = "{}") -> Configuration:
    text = f"id: some\nname: Some\npriority: 1\nqualification: {[*conditions]}\nlimits: {limits}\n"
    return parse_configuration(load_yaml(text, name="some.yaml"))


async def gathered(
    counting: Counting,
    *configurations: Configuration,
    packs: Packs = NO_PACKS,
    player_id: str = "P1001",
    brand: str = "lucky-spin",
) -> Facts:
    sources = FactSources(platform=counting, counters=counting)
    return await sources.gather(player_id, brand=brand, now=NOON, configurations=configurations, packs=packs)


@pytest.mark.parametrize(
    ("conditions", "limits", "asked"),
    [
        ((), "{}", []),
        (("player.ngr > 0",), "{}", []),
        (("tools.kyc.status == 1", "tools.kyc.level == 2"), "{}", ["kyc"]),
        (("player.deposits contains 1",), "{}", ["deposits"]),
        ((), "{one_live_bonus: true}", ["counters"]),
        (("counters.lifetime_grants < 3",), "{}", ["counters"]),
        (
            ("tools.kyc.status == 1", "player.deposits contains 1"),
            "{one_live_bonus: true}",
            ["kyc", "deposits", "counters"],
        ),
    ],
)
async def test_only_what_is_read_is_asked_for_and_once(
    conditions: tuple[str, ...], limits: str, asked: list[str]
) -> None:
    counting = Counting()
    await gathered(counting, configuration(*conditions, limits=limits), configuration(*conditions))
    assert sorted(counting.asked) == sorted(["player", "responsible_gaming", *asked])


async def test_all_sources_are_asked_at_the_same_time() -> None:
    counting = Counting(together=5)
    both = configuration("tools.kyc.status == 1", "player.deposits contains 1", limits="{one_live_bonus: true}")
    facts = await gathered(counting, both)
    assert facts.unavailable == ()


async def test_a_law_of_the_first_time_asks_for_the_counters() -> None:
    counting = Counting()
    facts = await gathered(counting, packs=Packs((FIRST_TIME,)))
    assert "counters" in counting.asked
    assert facts.look("counters.lifetime_grants") == Found(0)


async def test_a_source_that_fails_is_unavailable_and_the_others_stand() -> None:
    faults: dict[Operation, Fault] = {"kyc": Fault.UNAVAILABLE, "deposits": Fault.ACCESS_REFUSED}
    counting = Counting(faults, counters_fail=True)
    some = configuration("tools.kyc.status == 1", "player.deposits contains 1", limits="{one_live_bonus: true}")
    facts = await gathered(counting, some)
    assert facts.unavailable == ("tools.kyc", "player.deposits", "counters")
    assert facts.look("tools.kyc.status") is UNAVAILABLE
    assert facts.look("player.deposits") is UNAVAILABLE
    assert facts.look("counters.live_bonuses") is UNAVAILABLE
    assert facts.look("player.country") == Found("DE")


async def test_safety_is_asked_for_whatever_is_read_and_an_outage_of_it_is_no_all_clear() -> None:
    facts = await gathered(Counting({"responsible_gaming": Fault.UNAVAILABLE}))
    assert facts.look("safety.self_excluded") is UNAVAILABLE
    assert facts.look("safety.blocked") == Found(value=False)
    facts = await gathered(Counting({"player": Fault.UNAVAILABLE}))
    assert facts.look("safety.blocked") is UNAVAILABLE
    assert facts.look("player.ngr") is UNAVAILABLE


async def test_a_player_who_is_not_there_is_an_outage_too() -> None:
    facts = await gathered(Counting(), player_id="P0000")
    assert facts.look("player.ngr") is UNAVAILABLE


async def test_the_deposits_are_all_there_the_newest_first() -> None:
    facts = await gathered(
        Counting(), configuration("player.deposits contains 1"), player_id="P1005", brand="royal-harbour"
    )
    look = facts.look("player.deposits")
    assert isinstance(look, Found)
    assert isinstance(look.value, list)
    assert [one["id"] for one in look.value if isinstance(one, dict)] == ["D100501", "D100502"]


async def test_what_is_not_read_is_not_there() -> None:
    facts = await gathered(Counting())
    assert facts.look("tools.kyc.status") is MISSING
    assert facts.look("player.deposits") is MISSING


@pytest.mark.parametrize(
    ("player_id", "state", "live"),
    [("P1001", EffectState.DONE, 0), ("P1001", EffectState.UNKNOWN, 1), ("P1019", EffectState.DONE, 1)],
)
async def test_a_bonus_lives_where_the_platform_says_so_or_one_is_on_its_way(
    player_id: str, state: EffectState, live: int
) -> None:
    counting = Counting()
    intent = {"player_id": player_id, "brand": "lucky-spin", "reason": "some/top"}
    effect = Effect(
        key="k",
        business_key="k",
        ticket_id="t",
        tool="issue_bonus",
        intent=intent,
        state=state,
        outcome={},
        at=NOON - timedelta(days=1),
    )
    await counting.stores.claim(effect)
    facts = await gathered(counting, configuration(limits="{one_live_bonus: true}"), player_id=player_id)
    assert facts.look("counters.live_bonuses") == Found(live)
    assert facts.look("counters.lifetime_grants") == Found(1)


async def test_where_the_platform_does_not_say_nobody_knows_how_many_bonuses_live() -> None:
    counting = Counting({"player": Fault.UNAVAILABLE})
    facts = await gathered(counting, configuration(limits="{one_live_bonus: true}"))
    assert facts.look("counters.live_bonuses") is MISSING
    assert facts.look("counters.lifetime_grants") == Found(0)


async def test_an_issue_asks_for_safety_alone() -> None:
    counting = Counting()
    facts = await gather_safety(counting, "P1001", brand="lucky-spin", now=NOON)
    assert sorted(counting.asked) == ["player", "responsible_gaming"]
    assert facts.look("safety.age_years") == Found(36)


async def test_another_program_brings_answers_of_its_own() -> None:
    async def status(_: PlayerPlatform, player_id: str) -> Value:
        return {"of": player_id}

    counting = Counting()
    sources = FactSources(platform=counting, counters=counting, answers=(Source("tools.crm.status", status),))
    some = configuration("tools.crm.status.of == 'P1001'")
    facts = await sources.gather("P1001", brand="lucky-spin", now=NOON, configurations=[some])
    assert facts.look("tools.crm.status.of") == Found("P1001")


def test_every_answer_that_a_tool_offers_to_rules_can_be_asked_for() -> None:
    offered = {one.path for tool in CATALOG.values() for one in tool_fields(tool)}
    assert [path for path in sorted(offered) if not any(is_read(one.path, [path]) for one in SOURCES)] == []


@pytest.mark.parametrize("changes", [{"id": "P1002"}, {"brand": "other"}, {"fields": {"x": 1.5}}, {"blocked": 0.0}])
async def test_an_answer_about_somebody_else_or_with_a_value_that_is_not_exact_is_none(changes: dict[str, Any]) -> None:
    facts = await gathered(Counting(changes=changes))
    assert facts.look("player.id") is UNAVAILABLE
    assert facts.look("safety.blocked") is UNAVAILABLE
    assert facts.look("safety.self_excluded") == Found(value=False)


async def test_a_field_never_stands_for_the_id() -> None:
    assert (await gathered(Counting(changes={"fields": {"id": "X"}}))).look("player.id") == Found("P1001")


async def test_a_source_whose_value_is_not_exact_is_unavailable() -> None:
    async def status(_: PlayerPlatform, player_id: str) -> Value:
        return {"of": player_id + "\ud800"}

    counting = Counting()
    sources = FactSources(platform=counting, counters=counting, answers=(Source("tools.crm.status", status),))
    some = configuration("tools.crm.status.of == 'P1001'")
    facts = await sources.gather("P1001", brand="lucky-spin", now=NOON, configurations=[some])
    assert facts.unavailable == ("tools.crm.status",)


async def test_nobody_comes_of_age_before_the_last_clocks_say_so() -> None:
    counting = Counting(changes={"date_of_birth": date(2008, 11, 22)})
    before = await gather_safety(counting, "P1001", brand="lucky-spin", now=NOON - timedelta(seconds=1))
    after = await gather_safety(counting, "P1001", brand="lucky-spin", now=NOON)
    assert [one.look("safety.age_years") for one in (before, after)] == [Found(17), Found(18)]


@pytest.mark.parametrize(
    ("currency", "kind", "known"),
    [("EUR", "cash", True), ("SEK", "cash", False), ("SEK", "free_spins", True)],
)
async def test_a_budget_is_unknown_for_a_player_whose_cash_is_in_another_currency(
    currency: str, kind: str, *, known: bool
) -> None:
    reward = f"{{type: cash, amount: 5, amountType: {kind}, name: n, description: d, wager: 1}}"
    text = "id: some\nname: Some\npriority: 1\nlimits: {campaign: {budget: 5000 EUR}}\n"
    text += f"tiers: [{{name: t, priority: 1, reward: {reward}}}]\n"
    some = parse_configuration(load_yaml(text, name="some.yaml"))
    facts = await gathered(Counting(changes={"currency": currency}), some)
    assert (facts.look("counters.some.spent") is not MISSING) == known
    assert facts.look("counters.some.campaign_grants") == Found(0)
