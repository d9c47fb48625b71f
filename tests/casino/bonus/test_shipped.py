"""The configurations that ship, on the players they were written for."""

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from casino.bonus.configuration import ConfigurationSet, ConfigurationStatus, load_set
from casino.bonus.decide import NO_BONUS, NOT_KNOWN_YET, Decision, decide
from casino.bonus.reward import Cash, Standard
from casino.document import Writable, load_yaml
from casino.facts import Facts

FOLDER = Path(__file__).parents[3] / "procedures" / "bonus"
SAFE = {
    "self_excluded": False,
    "cooling_off": False,
    "rg_closed": False,
    "blocked": False,
    "aml_hold": False,
    "strong_harm": False,
    "age_years": 34,
}
BASE = {
    "ngr": Decimal("120.5"),
    "tags": [],
    "badges": ["verified", "depositor"],
    "restrictions": [],
    "category": "Regular",
    "vipLevel": None,
    "status": "active",
    "lastDeposit": 20,
    "totalDeposits": 900,
    "depositCount": 12,
    "wantsBonus": True,
    "activeBonus": False,
    "currency": "EUR",
}


def shipped() -> ConfigurationSet:
    return load_set(load_yaml(path.read_text("utf-8"), name=path.name) for path in sorted(FOLDER.glob("*.yaml")))


def decided(
    brand: str, fields: dict[str, Writable] | None = None, *, kyc: str = "approved", unavailable: tuple[str, ...] = ()
) -> Decision:
    facts = Facts.of(
        {
            "player": {**BASE, **(fields or {})},
            "tools": {"kyc": {"status": kyc}},
            "safety": SAFE,
            "unavailable": unavailable,
        }
    )
    return decide(shipped(), facts, brand=brand, now=datetime(2026, 11, 22, 10, tzinfo=UTC))


@pytest.mark.parametrize(
    ("brand", "fields", "configuration", "tier"),
    [
        ("lucky-spin", {"category": "VIP"}, "deposit-loyalty", "vip"),
        ("lucky-spin", {"lastDeposit": 900}, "deposit-loyalty", "high"),
        ("lucky-spin", {"lastDeposit": 900, "currency": "JPY"}, "deposit-loyalty", "default"),
        ("lucky-spin", {}, "deposit-loyalty", "default"),
        ("lucky-spin", {"category": "New", "depositCount": 1}, "first-deposit-welcome", "welcome"),
        ("lucky-spin", {"category": "New", "depositCount": 2}, "deposit-loyalty", "default"),
        ("royal-harbour", {"category": "VIP", "vipLevel": "platinum"}, "harbour-vip", "top"),
        ("royal-harbour", {"category": "VIP", "vipLevel": "gold"}, "harbour-vip", "default"),
        ("royal-harbour", {"category": "VIP"}, "harbour-vip", "default"),
        ("royal-harbour", {}, "harbour-cash", "default"),
        ("royal-harbour", {"currency": "PLN"}, "deposit-loyalty", "default"),
    ],
)
def test_players_get_the_bonus_that_was_meant_for_them(
    brand: str, fields: dict[str, Writable], configuration: str, tier: str
) -> None:
    decision = decided(brand, fields)
    assert (decision.status.value, decision.configuration, decision.tier) == ("qualified", configuration, tier)


@pytest.mark.parametrize(
    ("brand", "fields", "told"),
    [
        ("lucky-spin", {"ngr": -340}, [NO_BONUS]),
        ("lucky-spin", {"tags": ["abuser"]}, [NO_BONUS]),
        ("lucky-spin", {"tags": None}, [NO_BONUS]),
        ("lucky-spin", {"category": "New", "depositCount": 0, "ngr": 0}, ["You need at least one deposit first."]),
        ("lucky-spin", {"activeBonus": True}, ["You already have an active bonus. It has to be finished first."]),
        ("royal-harbour", {"wantsBonus": False}, ["Bonuses are switched off in your account settings."]),
        ("royal-harbour", {"category": "VIP", "restrictions": ["no_bonus"]}, [NO_BONUS]),
    ],
)
def test_players_who_get_nothing_hear_what_they_may(brand: str, fields: dict[str, Writable], told: list[str]) -> None:
    decision = decided(brand, fields)
    assert (decision.status.value, decision.told()) == ("not_qualified", told)


def test_cash_waits_for_the_identity_check_and_an_outage_of_it_is_not_a_no() -> None:
    assert decided("royal-harbour", kyc="pending").configuration == "deposit-loyalty"
    outage = decided("royal-harbour", unavailable=("tools.kyc",))
    assert (outage.status.value, outage.configuration, outage.told()) == ("unknown", "harbour-cash", [NOT_KNOWN_YET])


def test_the_rewards_stay_within_what_the_back_office_has() -> None:
    configurations = shipped().configurations
    fields = [tier.reward.result_fields() for item in configurations for tier in item.tiers]
    templates = {str(field["templateName"]) for field in fields if "templateName" in field}
    assert templates == {"VIP_50", "HIGH_30", "WELCOME_20"}
    wagers = [
        tier.reward.wager for item in configurations for tier in item.tiers if isinstance(tier.reward, Standard | Cash)
    ]
    assert max(wagers) == 35


def test_the_draft_is_no_more_than_a_draft() -> None:
    drafts = [item.id for item in shipped().configurations if item.status is ConfigurationStatus.DRAFT]
    assert drafts == ["weekend-spins"]
