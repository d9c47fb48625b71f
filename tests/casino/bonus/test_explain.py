from datetime import UTC, datetime

from casino.bonus.configuration import load_set
from casino.bonus.decide import NO_BONUS, NOT_KNOWN_YET, Decision, decide
from casino.bonus.explain import player_reasons, staff_text
from casino.document import Writable, load_yaml
from casino.facts import Facts

CONFIGURATIONS = """\
id: kind
name: Kind
priority: 2
status: published
segmentation: [player.category == 'Regular']
qualification:
  - player.tags does not contain any of ['abuser']
  - {field: player.depositCount, operator: ">=", value: 1, hear: player, say: You need at least one deposit first.}
tiers: [{name: all, priority: 1, reward: {type: boosted, templateName: HIGH_30, valuePerSpinDescription: 1 EUR}}]
---
id: rest
name: Rest
priority: 1
status: published
qualification:
  - {field: player.depositCount, operator: ">=", value: 1, hear: player, say: You need at least one deposit first.}
  - {field: tools.kyc.status, operator: "==", value: approved, hear: player, say: Your identity check comes first.}
tiers: [{name: all, priority: 1, reward: {type: premium, templateName: VIP_50, valuePerSpinDescription: 1 EUR}}]
"""
SAFE = {
    "self_excluded": False,
    "cooling_off": False,
    "rg_closed": False,
    "blocked": False,
    "aml_hold": False,
    "strong_harm": False,
    "age_years": 34,
}


def decided(document: dict[str, Writable]) -> Decision:
    loaded = [load_yaml(text, name="f.yaml") for text in CONFIGURATIONS.split("---\n")]
    facts = Facts.of({"safety": SAFE, **document})
    return decide(load_set(loaded), facts, brand="lucky-spin", now=datetime(2026, 11, 22, tzinfo=UTC))


def test_a_player_hears_every_released_reason_once_and_nothing_else() -> None:
    player: dict[str, Writable] = {"category": "Regular", "tags": ["abuser"], "depositCount": 0}
    decision = decided({"player": player, "tools": {"kyc": {"status": "pending"}}})
    assert player_reasons(decision) == ["You need at least one deposit first.", "Your identity check comes first."]


def test_a_veto_and_a_plain_no_sound_the_same() -> None:
    plain = decided({"player": {"category": "Regular", "tags": ["abuser"], "depositCount": None}, "tools": {}})
    vetoed = decided({"safety": {**SAFE, "self_excluded": True}})
    unread = decided({"unavailable": ["safety"]})
    assert player_reasons(plain) == player_reasons(vetoed) == player_reasons(unread) == [NO_BONUS]


def test_an_outage_is_told_as_one() -> None:
    decision = decided({"player": {"category": "VIP", "depositCount": 3}, "unavailable": ["tools.kyc"]})
    assert player_reasons(decision) == [NOT_KNOWN_YET]


def test_who_qualifies_is_given_no_reasons() -> None:
    player: dict[str, Writable] = {"category": "Regular", "tags": [], "depositCount": 3}
    assert player_reasons(decided({"player": player})) == []


def test_staff_read_the_whole_story() -> None:
    document: dict[str, Writable] = {"player": {"category": "VIP", "depositCount": 0}, "unavailable": ["tools.kyc"]}
    assert (
        staff_text(decided(document))
        == """\
not_qualified for lucky-spin at 2026-11-22T00:00:00+00:00
because kind, classification: player.category == 'Regular' (it is 'VIP') [condition_failed]
because rest, qualification (otherwise continue): player.depositCount >= 1 (it is 0) [condition_failed]
yes     safety
yes       safety.self_excluded == false: false
yes       safety.cooling_off == false: false
yes       safety.rg_closed == false: false
yes       safety.blocked == false: false
yes       safety.aml_hold == false: false
yes       safety.strong_harm == false: false
yes       safety.age_years >= 18: 34
no      configuration kind
no        classification
no          player.category == 'Regular': 'VIP'
no      configuration rest
yes       classification
no        qualification (otherwise continue)
no          player.depositCount >= 1: 0
unknown     tools.kyc.status == 'approved': unavailable"""
    )


def test_staff_read_the_reward_that_was_granted() -> None:
    player: dict[str, Writable] = {"category": "Regular", "tags": [], "depositCount": 3}
    assert staff_text(decided({"player": player})).splitlines()[0] == (
        "qualified for lucky-spin at 2026-11-22T00:00:00+00:00: kind, tier all:"
        " rewardType 'boosted', templateName 'HIGH_30', valuePerSpinDescription '1 EUR'"
    )


def test_staff_read_what_was_missing_or_of_another_type() -> None:
    lines = staff_text(decided({"player": {"category": "Regular", "tags": "x"}})).splitlines()
    assert "no          player.tags does not contain any of ['abuser']: 'x' (type mismatch)" in lines
    assert "no          player.depositCount >= 1: missing" in lines
