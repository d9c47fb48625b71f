from datetime import UTC, datetime, time, timedelta
from decimal import Decimal

import pytest

from casino.bonus.configuration import Configuration, ConfigurationSet, ConfigurationStatus, Tier, load_set
from casino.bonus.configuration import parse_configuration as parse
from casino.bonus.limits import NO_LIMITS, Limits, Period, PlayerLimit
from casino.bonus.reward import Boosted, Cash, Premium, Standard
from casino.document import load_yaml
from casino.fields.catalogue import OPEN, parse_catalogue
from casino.loaded import DocumentError
from casino.money import Money
from casino.rules.condition import Bucket, Condition, Operator, Relative, Since

GOLDEN = """\
id: deposit-loyalty
name: VIP Loyalty Rewards
brands: [royal-harbour, lucky-spin]
priority: 10
status: published
segmentation: []
qualification:
  - player.ngr > 0
  - {field: player.depositCount, operator: ">=", value: 1, on_missing: pass, hear: player, say: Deposit first.}
tiers:
  - {name: default, priority: 1, reward: {type: standard, spinsCount: 15, gameProvider: BGaming, wager: 35}}
  - {name: vip, priority: 4, when: ["player.category == 'VIP'"],
     reward: {type: premium, templateName: VIP_50, valuePerSpinDescription: 1 EUR}}
  - {name: high, priority: 3, reward: {type: boosted, templateName: HIGH_30, valuePerSpinDescription: 0.5 EUR}}
  - {name: cash, priority: 2,
     reward: {type: cash, amount: 20.50, amountType: cash, name: Thanks, description: Cash, wager: 0}}
comment: Be kind.
on_unqualified: stop
effective_from: 2026-01-01T01:00:00+01:00
effective_until: 2027-01-01T00:00:00Z
"""


def read(text: str, name: str = "f.yaml") -> Configuration:
    return parse(load_yaml(text, name=name))


def small(name: str = "a", *, priority: int = 1, brands: str = "[]", status: str = "published") -> str:
    return f"id: {name}\nname: {name}\npriority: {priority}\nbrands: {brands}\nstatus: {status}\n"


def test_a_configuration_is_read_whole() -> None:
    assert read(GOLDEN) == Configuration(
        id="deposit-loyalty",
        name="VIP Loyalty Rewards",
        brands=("lucky-spin", "royal-harbour"),
        priority=10,
        status=ConfigurationStatus.PUBLISHED,
        segmentation=(),
        qualification=(
            Condition("player.ngr", Operator.GREATER, 0),
            Condition("player.depositCount", Operator.GREATER_OR_EQUAL, 1, "pass", "player", "Deposit first."),
        ),
        tiers=(
            Tier(
                name="vip",
                priority=4,
                when=(Condition("player.category", Operator.EQUAL, "VIP"),),
                reward=Premium(template_name="VIP_50", value_per_spin_description="1 EUR"),
            ),
            Tier(
                name="high",
                priority=3,
                when=(),
                reward=Boosted(template_name="HIGH_30", value_per_spin_description="0.5 EUR"),
            ),
            Tier(
                name="cash",
                priority=2,
                when=(),
                reward=Cash(amount=Decimal("20.50"), amount_type="cash", name="Thanks", description="Cash", wager=0),
            ),
            Tier(
                name="default",
                priority=1,
                when=(),
                reward=Standard(spins_count=15, game=None, game_provider="BGaming", wager=35),
            ),
        ),
        comment="Be kind.",
        on_unqualified="stop",
        effective_from=datetime(2026, 1, 1, tzinfo=UTC),
        effective_until=datetime(2027, 1, 1, tzinfo=UTC),
    )


def test_each_reward_type_carries_the_fields_of_the_manual() -> None:
    assert [tier.reward.result_fields() for tier in read(GOLDEN).tiers] == [
        {"rewardType": "premium", "templateName": "VIP_50", "valuePerSpinDescription": "1 EUR"},
        {"rewardType": "boosted", "templateName": "HIGH_30", "valuePerSpinDescription": "0.5 EUR"},
        {
            "rewardType": "cash",
            "amount": Decimal("20.50"),
            "amountType": "cash",
            "name": "Thanks",
            "description": "Cash",
            "wager": 0,
        },
        {"rewardType": "standard", "spinsCount": 15, "game": None, "gameProvider": "BGaming", "wager": 35},
    ]


def test_what_is_left_out_is_a_draft_for_everyone() -> None:
    configuration = read("id: a\nname: A\npriority: 1\n")
    assert configuration.status is ConfigurationStatus.DRAFT
    assert configuration.brands == configuration.segmentation == configuration.qualification == ()
    assert (configuration.on_unqualified, configuration.comment) == ("continue", None)


def test_the_hash_is_of_the_content_and_not_of_the_spelling_or_the_status() -> None:
    same = GOLDEN.replace("player.ngr > 0", '{field: player.ngr, operator: ">", value: 0}').replace(
        "[royal-harbour, lucky-spin]", "['lucky-spin', \"royal-harbour\"]  # both"
    )
    assert read(same).hash == read(GOLDEN).hash
    assert read(GOLDEN.replace("published", "draft")).hash == read(GOLDEN).hash
    assert len(read(GOLDEN).hash) == 64


FULL = """\
id: autumn
name: Autumn
priority: 1
time_zone: Europe/Malta
day_begins: "06:00"
effective_from: 2026-03-01
effective_until: 2026-03-29T12:00
qualification:
  - days since player.lastDepositAt <= 7
  - {field: player.id, bucket: autumn, operator: ">=", value: 1000}
  - {field: player.lastDepositAt, measure: hours since, operator: "<", value: 48}
  - {field: player.lastDeposit, operator: ">=", value: {amount: 500, currency: EUR}}
  - {field: player.expiresAt, operator: ">", value: {now: {hours: -12}}}
  - {field: player.registeredOn, operator: "<", value: {today: {}}}
  - {field: player.registeredOn, operator: "!=", value: {today: {days: 0}}}
limits:
  per_player: [{count: 3, period: lifetime}, {count: 1, period: week}]
  campaign: {count: 10000, budget: 5000 EUR}
  cool_off: 72 hours
  one_live_bonus: true
"""


def test_time_money_measures_and_limits_are_read() -> None:
    autumn = read(FULL)
    assert (autumn.time_zone, autumn.day_begins) == ("Europe/Malta", time(6))
    assert autumn.effective_from == datetime(2026, 3, 1, 5, tzinfo=UTC)
    assert autumn.effective_until == datetime(2026, 3, 29, 10, tzinfo=UTC)
    assert autumn.qualification == (
        Condition("player.lastDepositAt", Operator.LESS_OR_EQUAL, 7, measure=Since("days")),
        Condition("player.id", Operator.GREATER_OR_EQUAL, 1000, measure=Bucket("autumn")),
        Condition("player.lastDepositAt", Operator.LESS, 48, measure=Since("hours")),
        Condition("player.lastDeposit", Operator.GREATER_OR_EQUAL, Money(50_000, "EUR")),
        Condition("player.expiresAt", Operator.GREATER, Relative("now", -12, "hours")),
        Condition("player.registeredOn", Operator.LESS, Relative("today")),
        Condition("player.registeredOn", Operator.NOT_EQUAL, Relative("today")),
    )
    assert autumn.limits == Limits(
        per_player=(PlayerLimit(1, Period.WEEK), PlayerLimit(3, Period.LIFETIME)),
        campaign_count=10_000,
        campaign_budget=Money(500_000, "EUR"),
        cool_off=timedelta(hours=72),
        one_live_bonus=True,
    )


def test_what_is_not_written_is_not_limited_and_in_utc() -> None:
    plain = read("id: a\nname: A\npriority: 1\nlimits:\n")
    assert (plain.limits, plain.time_zone, plain.day_begins, plain.computed) == (NO_LIMITS, "UTC", time(0), {})
    assert read("id: a\nname: A\npriority: 1\nlimits: {campaign: {count: 5}}\n").limits == Limits(campaign_count=5)


FIELDS = """\
fields:
  - {path: player.total, type: number}
  - {path: player.half, expression: player.total / 2}
  - {path: player.quarter, expression: player.half / 2}
  - {path: player.unread, expression: "1"}
"""


def test_a_configuration_carries_the_computed_fields_that_it_reads() -> None:
    catalogue = parse_catalogue(load_yaml(FIELDS, name="fields.yaml"), OPEN)
    text = "id: a\nname: A\npriority: 1\nsegmentation: [player.quarter > 1]\n"
    configuration = parse(load_yaml(text, name="f.yaml"), catalogue)
    assert [*configuration.computed] == ["player.half", "player.quarter"]
    assert load_set([load_yaml(text, name="f.yaml")], catalogue).configurations == (configuration,)
    other = parse_catalogue(load_yaml(FIELDS.replace("total / 2", "total / 3"), name="fields.yaml"), OPEN)
    assert parse(load_yaml(text, name="f.yaml"), other).hash != configuration.hash


def test_the_hash_knows_the_types_that_a_computed_field_is_read_over() -> None:
    text = "id: a\nname: A\npriority: 1\nsegmentation: [player.last == '2026-01-31']\n"
    last = (
        "fields:\n  - {path: player.deposits, type: record_list}\n"
        "  - {path: player.last, expression: max(player.deposits.at), type: KIND}\n"
    )
    hashes = {
        parse(load_yaml(text, name="f"), parse_catalogue(load_yaml(last.replace("KIND", kind), name="f"), OPEN)).hash
        for kind in ("text", "date")
    }
    assert len(hashes) == 2


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Europe/Malta", "Europe/Rome"),
        ("06:00", "05:00"),
        ("days since", "hours since"),
        ("bucket: autumn", "bucket: spring"),
        ("amount: 500", "amount: 501"),
        ("hours: -12", "hours: -11"),
        ("budget: 5000 EUR", "budget: 5000 SEK"),
        ("count: 1,", "count: 2,"),
        ("period: week", "period: month"),
        ("72 hours", "73 hours"),
        ("one_live_bonus: true", "one_live_bonus: false"),
    ],
)
def test_the_hash_changes_with_every_time_measure_and_limit(old: str, new: str) -> None:
    assert read(FULL.replace(old, new)).hash != read(FULL).hash


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("ngr > 0", "ngr > 1"),
        ("VIP_50", "VIP_51"),
        ("Deposit first.", "Deposit."),
        ("on_missing: pass", "on_missing: fail"),
        ("stop", "continue"),
        ("2027", "2028"),
        ("Be kind.", "Be brief."),
    ],
)
def test_the_hash_changes_with_every_rule(old: str, new: str) -> None:
    assert read(GOLDEN.replace(old, new)).hash != read(GOLDEN).hash


def load(*texts: str) -> ConfigurationSet:
    return load_set(load_yaml(text, name=f"{number}.yaml") for number, text in enumerate(texts))


def test_a_set_stands_by_descending_priority() -> None:
    configurations = load(small("a", priority=1), small("c", priority=3), small("b", priority=2)).configurations
    assert [configuration.id for configuration in configurations] == ["c", "b", "a"]


@pytest.mark.parametrize(("first", "second"), [("[]", "[]"), ("[x]", "[]"), ("[]", "[x]"), ("[x, y]", "[y, z]")])
def test_a_tie_on_priority_is_refused_where_a_brand_has_both(first: str, second: str) -> None:
    with pytest.raises(DocumentError) as caught:
        load(small("a", brands=first), small("b", brands=second, status="draft"))
    assert str(caught.value) == (
        '1.yaml:3:1: the priority 1 is that of "a" in 0.yaml too, and a brand has both.'
        " Choose another number; the higher one is tried first."
    )


def test_a_tie_is_no_tie_between_brands_or_with_the_archive() -> None:
    assert len(load(small("a", brands="[x]"), small("b", brands="[y]")).configurations) == 2
    assert len(load(small("a"), small("b", status="archived")).configurations) == 2


def test_an_id_stands_once() -> None:
    with pytest.raises(DocumentError) as caught:
        load(small("a", priority=1), small("a", priority=2, status="archived"))
    assert str(caught.value) == (
        '1.yaml:1:1: the id "a" is used in 0.yaml too. Give each configuration an id of its own.'
    )


def test_only_what_is_published_effective_and_of_the_brand_is_in_force() -> None:
    window = "effective_from: 2026-01-01T00:00:00Z\neffective_until: 2026-02-01T00:00:00Z\n"
    configurations = load(
        small("all", priority=1),
        small("ours", priority=2, brands="[x]"),
        small("theirs", priority=3, brands="[y]"),
        small("draft", priority=4, status="draft"),
        small("old", priority=5, status="archived"),
        small("window", priority=6) + window,
    )

    def in_force(moment: str) -> list[str]:
        found = configurations.in_force(brand="x", now=datetime.fromisoformat(moment))
        return [configuration.id for configuration in found]

    assert in_force("2025-12-31T23:59:59Z") == ["ours", "all"]
    assert in_force("2026-01-01T00:00:00Z") == ["window", "ours", "all"]
    assert in_force("2026-01-31T23:59:59Z") == ["window", "ours", "all"]
    assert in_force("2026-02-01T00:00:00Z") == ["ours", "all"]


def test_the_hash_of_a_set_knows_what_is_published() -> None:
    one, other = load(small("a")), load(small("a", status="draft"))
    assert one.configurations[0].hash == other.configurations[0].hash
    assert one.hash != other.hash
