from datetime import UTC, datetime
from decimal import Decimal

import pytest

from casino.bonus.configuration import ConfigurationSet, load_set
from casino.bonus.decide import NO_BONUS, Decision, Status, decide
from casino.bonus.reading import Reason
from casino.bonus.reward import Boosted, Premium, Standard
from casino.document import dump_json, load_yaml
from casino.facts import Facts
from casino.values import Value

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
CLEAR: dict[str, Value] = {
    "self_excluded": False,
    "cooling_off": False,
    "rg_closed": False,
    "blocked": False,
    "aml_hold": False,
    "strong_harm": False,
    "age_years": 34,
}
LOYALTY = """\
id: deposit-loyalty
name: VIP Loyalty Rewards
brands: []
priority: 10
status: published
segmentation: []
qualification:
  - player.ngr > 0
  - player.tags does not contain any of ['abuser', 'restricted']
tiers:
  - {name: vip, priority: 3, when: ["player.category == 'VIP'"],
     reward: {type: premium, templateName: VIP_50, valuePerSpinDescription: 1 EUR}}
  - {name: high, priority: 2, when: ["player.lastDeposit >= 500"],
     reward: {type: boosted, templateName: HIGH_30, valuePerSpinDescription: 0.5 EUR}}
  - {name: default, priority: 1, when: [],
     reward: {type: standard, spinsCount: 15, game: Elvis Frog, gameProvider: BGaming, wager: 35}}
"""


def configurations(*texts: str) -> ConfigurationSet:
    return load_set(load_yaml(text, name=f"{number}.yaml") for number, text in enumerate(texts))


def simple(name: str, priority: int, *, segment: str = "", qualify: str = "", more: str = "") -> str:
    """Write a configuration with one condition a section, and one default tier that names it."""
    head = f"id: {name}\nname: {name}\npriority: {priority}\nstatus: published\n{more}"
    sections = f'segmentation: ["{segment}"]\n' * bool(segment) + f'qualification: ["{qualify}"]\n' * bool(qualify)
    reward = f"{{type: boosted, templateName: {name.upper()}, valuePerSpinDescription: 1 EUR}}"
    return f"{head}{sections}tiers: [{{name: only, priority: 1, reward: {reward}}}]\n"


def player(**fields: Value) -> Facts:
    base: dict[str, Value] = {"ngr": Decimal("120.5"), "tags": [], "category": "Regular", "lastDeposit": 20}
    return Facts.of({"player": {**base, **fields}, "safety": CLEAR})


def decided(facts: Facts, *texts: str, brand: str = "lucky-spin") -> Decision:
    return decide(configurations(*(texts or (LOYALTY,))), facts, brand=brand, now=NOW)


@pytest.mark.parametrize(
    ("facts", "tier", "reward"),
    [
        (
            player(category="VIP", lastDeposit=900),
            "vip",
            Premium(template_name="VIP_50", value_per_spin_description="1 EUR"),
        ),
        (player(lastDeposit=500), "high", Boosted(template_name="HIGH_30", value_per_spin_description="0.5 EUR")),
        (
            player(lastDeposit=Decimal("499.99")),
            "default",
            Standard(spins_count=15, game="Elvis Frog", game_provider="BGaming", wager=35),
        ),
        (
            player(lastDeposit=None, category=None),
            "default",
            Standard(spins_count=15, game="Elvis Frog", game_provider="BGaming", wager=35),
        ),
    ],
)
def test_the_matching_tier_of_highest_priority_gives_the_reward(
    facts: Facts, tier: str, reward: Premium | Boosted | Standard
) -> None:
    decision = decided(facts)
    assert (decision.status, decision.configuration, decision.tier, decision.reward, decision.reasons) == (
        Status.QUALIFIED,
        "deposit-loyalty",
        tier,
        reward,
        (),
    )
    assert decision.configuration_hash == configurations(LOYALTY).configurations[0].hash


def test_the_result_carries_the_fields_of_the_reward_and_the_comment() -> None:
    assert decided(player(category="VIP"), LOYALTY + "comment: Be kind.\n").result() == {
        "qualified": True,
        "status": "qualified",
        "rewardType": "premium",
        "templateName": "VIP_50",
        "valuePerSpinDescription": "1 EUR",
        "comment": "Be kind.",
        "reasons": [],
    }


def test_a_no_carries_its_reasons_for_staff_and_one_neutral_text_for_the_player() -> None:
    decision = decided(player(ngr=-5, tags=["abuser"]), LOYALTY + "comment: Be kind.\n")
    assert decision.status is Status.NOT_QUALIFIED
    assert decision.reasons == (
        Reason(
            "condition_failed",
            "deposit-loyalty, qualification (otherwise continue): player.ngr > 0 (it is -5)",
            None,
            "player.ngr",
        ),
        Reason(
            "condition_failed",
            "deposit-loyalty, qualification (otherwise continue):"
            " player.tags does not contain any of ['abuser', 'restricted'] (it is ['abuser'])",
            None,
            "player.tags",
        ),
    )
    assert decision.result() == {
        "qualified": False,
        "status": "not_qualified",
        "rewardType": None,
        "reasons": [NO_BONUS],
    }
    assert decision.configuration is None
    assert decision.configuration_hash == configurations(LOYALTY + "comment: Be kind.\n").hash


def test_what_the_player_may_hear_is_said_only_where_the_condition_really_failed() -> None:
    condition = "{field: player.deposits, operator: '>=', value: 1, hear: player, say: Deposit first.}"
    text = simple("a", 1).replace("tiers:", f"qualification: [{condition}]\ntiers:")
    assert decided(player(deposits=0), text).told() == ["Deposit first."]
    assert decided(player(deposits=None), text).told() == [NO_BONUS]
    assert decided(player(deposits="0"), text).told() == [NO_BONUS]
    assert decided(player(), text).told() == [NO_BONUS]


def test_the_causes_are_told_apart_for_staff() -> None:
    text = simple("a", 1, qualify="player.x > 1")
    missing, null, wrong = decided(player(), text), decided(player(x=None), text), decided(player(x="2"), text)
    assert [decision.reasons[0].code for decision in (missing, null, wrong)] == [
        "field_missing",
        "field_null",
        "type_mismatch",
    ]
    where = "a, qualification (otherwise continue): player.x > 1"
    assert [decision.reasons[0].text for decision in (missing, null, wrong)] == [
        f"{where} (there is no such field)",
        f"{where} (it is null)",
        f"{where} ('2' is of another type)",
    ]


def test_the_first_configuration_whose_qualification_holds_wins() -> None:
    high = simple("high", 9, qualify="player.x == 1")
    low = simple("low", 1)
    assert decided(player(x=1), low, high).configuration == "high"
    assert decided(player(x=2), low, high).configuration == "low"
    assert decided(player(), low, high).configuration == "low"


def test_segmentation_decides_which_configurations_apply() -> None:
    segment = simple("vips", 9, segment="player.category == 'VIP'", more="on_unqualified: stop\n")
    assert decided(player(category="VIP"), segment, simple("rest", 1)).configuration == "vips"
    assert decided(player(), segment, simple("rest", 1)).configuration == "rest"


def test_stop_ends_the_search_for_those_who_were_in_the_segment() -> None:
    stop = simple("stop", 9, segment="player.category == 'VIP'", qualify="player.x == 1", more="on_unqualified: stop\n")
    decision = decided(player(category="VIP", x=2), stop, simple("rest", 1))
    assert (decision.status, decision.configuration) == (Status.NOT_QUALIFIED, "stop")
    assert [node.label for node in decision.trace.children] == ["safety", "stop"]
    assert decided(player(x=2), stop, simple("rest", 1)).configuration == "rest"


def test_no_matching_tier_is_a_no_and_the_search_ends() -> None:
    tierless = LOYALTY[: LOYALTY.index("  - {name: default")]
    decision = decided(player(), tierless, simple("rest", 1))
    assert (decision.status, decision.configuration, decision.tier) == (Status.NOT_QUALIFIED, "deposit-loyalty", None)
    assert [(reason.code, reason.text) for reason in decision.reasons] == [
        ("no_tier", "deposit-loyalty: no tier matches"),
        ("condition_failed", "deposit-loyalty, tier vip: player.category == 'VIP' (it is 'Regular')"),
        ("condition_failed", "deposit-loyalty, tier high: player.lastDeposit >= 500 (it is 20)"),
    ]


def test_a_configuration_without_tiers_gives_nothing() -> None:
    bare = "id: bare\nname: Bare\npriority: 5\nstatus: published\n"
    assert [reason.code for reason in decided(player(), bare).reasons] == ["no_tier"]


def test_only_configurations_of_the_brand_that_are_in_force_count() -> None:
    ours = simple("ours", 1, more="brands: [lucky-spin]\n")
    draft = simple("draft", 2).replace("published", "draft")
    later = simple("later", 3, more="effective_from: 2026-11-22T10:00:01Z\n")
    over = simple("over", 4, more="effective_until: 2026-11-22T10:00:00Z\n")
    assert decided(player(), ours, draft, later, over).configuration == "ours"
    elsewhere = decided(player(), ours, draft, later, over, brand="royal-harbour")
    assert elsewhere.status is Status.NOT_QUALIFIED
    assert elsewhere.reasons == (Reason("no_configuration", "no configuration of this brand is in force", None, None),)


@pytest.mark.parametrize("name", [*CLEAR])
def test_safety_vetoes_before_any_configuration_is_read(name: str) -> None:
    for value in (True, None, "x"):
        facts = Facts.of({"player": {"ngr": 100, "category": "VIP"}, "safety": {**CLEAR, name: value}})
        decision = decided(facts, simple("a", 1))
        assert (decision.status, decision.reward, decision.told()) == (Status.VETOED, None, [NO_BONUS])
        assert [node.kind for node in decision.trace.children] == ["safety"]


def test_a_veto_names_every_fact_to_staff_and_none_to_the_player() -> None:
    facts = Facts.of({"safety": {**CLEAR, "self_excluded": True, "aml_hold": None}, "player": {}})
    decision = decided(facts)
    assert decision.reasons == (
        Reason("self_excluded", "safety.self_excluded is true", None, "safety.self_excluded"),
        Reason("safety_unknown", "safety.aml_hold is null", None, "safety.aml_hold"),
    )
    assert decision.result() == {"qualified": False, "status": "vetoed", "rewardType": None, "reasons": [NO_BONUS]}


def test_a_higher_legal_age_is_passed_in() -> None:
    young = Facts.of({"player": {}, "safety": {**CLEAR, "age_years": 20}})
    one = configurations(simple("a", 1))
    assert decide(one, young, brand="x", now=NOW).status is Status.QUALIFIED
    assert decide(one, young, brand="x", now=NOW, legal_age=21).status is Status.VETOED


def test_now_carries_a_time_zone() -> None:
    with pytest.raises(ValueError, match="now must carry a time zone"):
        decide(configurations(LOYALTY), player(), brand="x", now=datetime(2026, 1, 1))  # noqa: DTZ001  # the mistake under test


def test_the_record_holds_every_resolved_value_and_the_whole_trace() -> None:
    decision = decided(player(category="VIP"))
    record = decision.record()
    only = configurations(LOYALTY).configurations[0]
    assert {key: record[key] for key in record if key != "trace"} == {
        "semantics": 1,
        "set": configurations(LOYALTY).hash,
        "in_force": [{"id": "deposit-loyalty", "hash": only.hash}],
        "packs": None,
        "read": {
            "values": {
                "player.category": "VIP",
                "player.lastDeposit": 20,
                "player.ngr": Decimal("120.5"),
                "player.tags": [],
                **{f"safety.{name}": value for name, value in CLEAR.items()},
            },
            "unavailable": [],
        },
        "configuration_hash": only.hash,
        "status": "qualified",
        "brand": "lucky-spin",
        "now": "2026-11-22T10:00:00+00:00",
        "legal_age": 18,
        "configuration": "deposit-loyalty",
        "tier": "vip",
        "reward": {"rewardType": "premium", "templateName": "VIP_50", "valuePerSpinDescription": "1 EUR"},
        "comment": None,
        "reasons": [],
        "values": {
            "player.category": "VIP",
            "player.ngr": Decimal("120.5"),
            "player.tags": [],
            **{f"safety.{name}": value for name, value in CLEAR.items()},
        },
        "unavailable": [],
    }
    assert [*decision.values] == sorted(decision.values)
    assert dump_json(record["trace"]).count('"kind": "condition"') == 7 + 2 + 1
