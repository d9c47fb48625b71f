"""Which facts a set of configurations looks at."""

from casino.bonus.configuration import parse_configuration
from casino.bonus.reads import fields_read, is_read
from casino.document import load_yaml
from casino.fields.catalogue import OPEN, parse_catalogue

FIELDS = """
fields:
  - {path: player.deposits, type: record_list}
  - {path: player.depositSum, expression: "sum(player.deposits.amount)"}
  - {path: player.twice, expression: "player.depositSum * 2"}
"""
SOME = """
id: some
name: Some
priority: 1
segmentation: [player.category == 'VIP']
qualification: [tools.kyc.status == 'approved', player.twice > 5]
tiers:
  - name: one
    priority: 1
    when: ["days since player.lastDepositAt < 7"]
    reward: {type: boosted, templateName: T, valuePerSpinDescription: x}
limits: {per_player: [{count: 1, period: week}], one_live_bonus: true}
"""


def test_every_condition_limit_and_computed_field_is_a_read() -> None:
    catalogue = parse_catalogue(load_yaml(FIELDS, name="fields.yaml"), OPEN)
    assert fields_read([parse_configuration(load_yaml(SOME, name="some.yaml"), catalogue)]) >= {
        "player.category",
        "tools.kyc.status",
        "player.twice",
        "player.deposits",
        "player.lastDepositAt",
        "counters.some.grants_week",
        "counters.live_bonuses",
    }
    assert fields_read([]) == frozenset()


def test_a_source_is_read_by_what_stands_below_it_and_by_what_holds_it() -> None:
    assert is_read("tools.kyc", ["tools.kyc.status"])
    assert is_read("tools.kyc", ["tools.kyc"])
    assert is_read("tools.kyc", ["tools"])
    assert not is_read("tools.kyc", ["tools.kycs.status", "player.kyc", "tool"])
