from itertools import pairwise
from types import MappingProxyType

import pytest

from casino.bonus.configuration import parse_configuration
from casino.document import load_yaml
from casino.fields.catalogue import Catalogue, Field, Origin
from casino.fields.field_type import FieldType
from casino.loaded import DocumentError


def error(text: str) -> str:
    with pytest.raises(DocumentError) as caught:
        parse_configuration(load_yaml(text, name="f.yaml"))
    return str(caught.value)


_KEYS_OF = (
    "f.yaml:{}: the document must be a mapping, but is {}. Its keys are id, name, brands, priority,"
    " status, segmentation, qualification, tiers, comment, on_unqualified, effective_from, effective_until, time_zone,"
    " day_begins, limits."
)
START = "id: a\nname: A\npriority: 1\n"
MALTA = START + "time_zone: Europe/Malta\n"
SECTION = START + "qualification:\n  - "
BOOSTED = "reward: {type: boosted, templateName: X, valuePerSpinDescription: y}}"
TIER = START + "tiers:\n  - {name: t, priority: 1, reward: "


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "",
            _KEYS_OF.format("1:1", "empty"),
        ),
        (
            START + "segmentaton: []",
            'f.yaml:4:1: unknown key "segmentaton" in the document. Did you mean "segmentation"?',
        ),
        ("id: a\nnam: A\npriority: 1", 'f.yaml:2:1: unknown key "nam" in the document. Did you mean "name"?'),
        ("id: a\nname: A", 'f.yaml:1:1: the document needs the key "priority". Add it.'),
        ("id: a\nname: 5\npriority: 1", 'f.yaml:2:1: "name" must be text, but is a number. Put it in quotes.'),
        (
            "id: a\nname: A\npriority: high",
            'f.yaml:3:1: "priority" must be a whole number, but is text. Write a whole number.',
        ),
        (
            "id: a\nname: A\npriority: true",
            'f.yaml:3:1: "priority" must be a whole number, but is true or false. Write a whole number.',
        ),
        (
            START + "status: live",
            (
                'f.yaml:4:1: "status" is none of the words that are known here.'
                " Write 'draft', 'published' or 'archived'."
            ),
        ),
        ("- a", _KEYS_OF.format("1:1", "a list")),
        ("a", _KEYS_OF.format("1:1", "text")),
        ("5", _KEYS_OF.format("1:1", "a number")),
        ("true", _KEYS_OF.format("1:1", "true or false")),
        (START + "comment: {a: b}", 'f.yaml:4:1: "comment" must be text, but is a mapping. Write text.'),
        (START + "brands: lucky-spin", 'f.yaml:4:1: "brands" must be a list, but is text. Write a list.'),
        (START + "brands: [a, a]", "f.yaml:4:1: a brand stands twice. Name every brand once."),
        (
            START + "effective_from: 2026-01-01",
            (
                'f.yaml:4:1: "2026-01-01" is not a moment.'
                " Write it with its offset, as 2026-01-31T00:00:00Z, or add time_zone."
            ),
        ),
        (
            START + "effective_from: 2026-01-01T00:00",
            'f.yaml:4:1: "2026-01-01T00:00" is not a moment. Write it with its offset, as 2026-01-31T00:00:00Z.',
        ),
        (
            MALTA + "effective_from: 2026-02-30",
            'f.yaml:5:1: there is no day "2026-02-30". Write a day that the calendar has.',
        ),
        (
            MALTA + "effective_from: soon",
            'f.yaml:5:1: "soon" is not a moment. Write it with its offset, as 2026-01-31T00:00:00Z.',
        ),
        (
            MALTA + "effective_from: 2026-01-31T25:00",
            'f.yaml:5:1: "2026-01-31T25:00" is not a moment. Write it with its offset, as 2026-01-31T00:00:00Z.',
        ),
        (
            MALTA + "effective_until: 2026-03-29T02:30",
            (
                'f.yaml:5:1: the clocks of Europe/Malta change at "2026-03-29T02:30", so it is not one moment.'
                " Write it with its offset, as 2026-01-31T00:00:00Z."
            ),
        ),
        (
            MALTA + "effective_until: 2026-10-25T02:30:00",
            (
                'f.yaml:5:1: the clocks of Europe/Malta change at "2026-10-25T02:30:00", so it is not one moment.'
                " Write it with its offset, as 2026-01-31T00:00:00Z."
            ),
        ),
        (
            START + "time_zone: Europe/Maltta",
            'f.yaml:4:1: "Europe/Maltta" is not a time zone. Did you mean "Europe/Malta"?',
        ),
        (
            START + "time_zone: '+01:00'",
            'f.yaml:4:1: "+01:00" is not a time zone. Write its IANA name, as Europe/Malta.',
        ),
        (START + "day_begins: 6am", 'f.yaml:4:1: "6am" is not a time of day. Write it as "06:00".'),
        (START + "day_begins: '24:00'", 'f.yaml:4:1: "24:00" is not a time of day. Write it as "06:00".'),
        (
            START + "limits: 5",
            (
                'f.yaml:4:1: "limits" must be a mapping, but is a number.'
                " Its keys are per_player, campaign, cool_off, one_live_bonus."
            ),
        ),
        (
            START + "limits: {perplayer: []}",
            'f.yaml:4:10: unknown key "perplayer" in "limits". Did you mean "per_player"?',
        ),
        (
            START + "limits: {per_player: [{count: 1, period: weekly}]}",
            'f.yaml:4:34: "weekly" is not a period. Did you mean "week"?',
        ),
        (
            START + "limits: {per_player: [{count: 0, period: week}]}",
            (
                'f.yaml:4:24: "limits.per_player[0].count" cannot be taken: input should be greater than or equal to 1.'
                " Change the value."
            ),
        ),
        (
            START + "limits: {per_player: [{count: 1, period: week}, {count: 2, period: week}]}",
            "f.yaml:4:60: two limits count by the week. Keep the smaller one.",
        ),
        (
            START + "limits: {campaign: {budget: 5000}}",
            (
                'f.yaml:4:21: "limits.campaign.budget" must be money, but is a number. '
                "Write an amount and its currency, as 5000 EUR."
            ),
        ),
        (
            START + "limits: {campaign: {budget: 5000 eur}}",
            'f.yaml:4:21: "eur" is not a currency. Did you mean "5000 EUR"?',
        ),
        (
            START + "limits: {campaign: {budget: 0 EUR}}",
            'f.yaml:4:21: "0 EUR" is not an amount of money above 0. Write an amount and its currency, as 5000 EUR.',
        ),
        (
            START + "limits: {campaign: {budget: 5000 EUR more}}",
            (
                'f.yaml:4:21: "5000 EUR more" is not an amount of money above 0.'
                " Write an amount and its currency, as 5000 EUR."
            ),
        ),
        (
            START + "limits: {campaign: {budget: '5000'}}",
            'f.yaml:4:21: "5000" is not an amount of money above 0. Write an amount and its currency, as 5000 EUR.',
        ),
        (
            START + "limits: {cool_off: 72 hour}",
            'f.yaml:4:10: "limits.cool_off" is not a duration: "72 hour". Did you mean "72 hours"?',
        ),
        (
            START + "limits: {cool_off: 0 days}",
            'f.yaml:4:10: "limits.cool_off" is not a duration: "0 days". Write it as 72 hours or 3 days.',
        ),
        (
            START + "limits: {cool_off: 36526 days}",
            (
                'f.yaml:4:10: "limits.cool_off" is longer than 100 years: "36526 days".'
                " Limit the grants per lifetime, if there is to be one and no more."
            ),
        ),
        (
            START + "limits: {cool_off: a while}",
            'f.yaml:4:10: "limits.cool_off" is not a duration: "a while". Write it as 72 hours or 3 days.',
        ),
        (
            SECTION + "{field: player.x, measure: days, operator: '>', value: 1}",
            (
                'f.yaml:5:23: "qualification[0].measure" is none of the words that are known here.'
                " Write 'days since' or 'hours since'."
            ),
        ),
        (
            SECTION + "{field: player.x, measure: days since, bucket: a, operator: '>', value: 1}",
            'f.yaml:5:44: one condition measures one thing, and here are two. Take "measure" or "bucket" out.',
        ),
        (
            SECTION + "{field: player.x, operator: '>', value: {amount: 5}}",
            (
                "f.yaml:5:38: money is an amount and its currency, and nothing else."
                " Write it as {amount: 500, currency: EUR}."
            ),
        ),
        (
            SECTION + "{field: player.x, operator: '>', value: {amount: 5, currency: eur}}",
            "f.yaml:5:57: a currency has three capital letters. Write it as {amount: 500, currency: EUR}.",
        ),
        (
            SECTION + "{field: player.x, operator: '>', value: {amount: 5.005, currency: EUR}}",
            "f.yaml:5:46: 5.005 EUR has more than 2 decimal places. Write it as {amount: 500, currency: EUR}.",
        ),
        (
            SECTION + "{field: player.x, operator: '>', value: {now: {days: 1, hours: 1}}}",
            (
                'f.yaml:5:38: "now" takes one unit and nothing else.'
                " Write it as {now: {}}, {now: {hours: -12}} or {today: {days: -30}}."
            ),
        ),
        (
            SECTION + "{field: player.x, operator: '>', value: {today: {days: 1.5}}}",
            (
                "f.yaml:5:46: the shift is a whole number of minutes, hours or days."
                " Write it as {now: {}}, {now: {hours: -12}} or {today: {days: -30}}."
            ),
        ),
        (
            SECTION + "{field: player.x, operator: '==', value: {days: 1}}",
            (
                "f.yaml:5:5: this mapping is no value of the rule language. A mapping is money,"
                " {amount: 500, currency: EUR}, or {now: {days: -30}} or {today: {days: -7}}."
            ),
        ),
        (
            START + "effective_from: 2026-01-01T00:00:00Z\neffective_until: 2026-01-01T00:00:00Z",
            "f.yaml:5:1: the configuration ends before it begins. Let it end later than it begins.",
        ),
        (SECTION + "player.ngr = 0", 'f.yaml:5:16: "=" is not an operator. Did you mean "=="?'),
        (
            SECTION + "\"player.ngr == 'a' or\"",
            (
                'f.yaml:5:24: there is no "or" in a rule.'
                " Write a second configuration with its own priority, or another branch, for the other case."
            ),
        ),
        (
            SECTION + "5",
            'f.yaml:5:5: "qualification[0]" must be a condition, but is a number. Write it as in: player.ngr > 0',
        ),
        (
            SECTION + "{field: player.ngr, operator: in, value: 1}",
            'f.yaml:5:25: "in" is not an operator. Did you mean "is_in"?',
        ),
        (
            SECTION + "{field: ngr, operator: '>', value: 1}",
            (
                'f.yaml:5:5: "ngr" is not a field path.'
                ' Write the field with its root, as "player.ngr" or "tools.kyc.status".'
            ),
        ),
        (
            SECTION + "{field: player.ngr, operator: '>', valeu: 1}",
            'f.yaml:5:40: unknown key "valeu" in "qualification[0]". Did you mean "value"?',
        ),
        (
            SECTION + "{field: player.ngr, operator: '>', value: 1, say: No.}",
            'f.yaml:5:5: there is a text for the player, but "hear" is staff. Add "hear: player".',
        ),
        (
            SECTION + "{field: player.ngr, operator: '>', value: 1, hear: player}",
            'f.yaml:5:5: the player may hear this reason, but there is no text for it. Add "say".',
        ),
        (
            SECTION + "{field: safety.blocked, operator: ==, value: false, hear: player, say: No.}",
            'f.yaml:5:5: a player never hears about a safety fact. Take "say" and "hear" out.',
        ),
        (
            START + "qualification:\n" + "  - player.ngr > 0\n" * 201,
            'f.yaml:4:1: "qualification" has 201 conditions, more than 200. Compute a field, and compare that.',
        ),
        (
            TIER + "{type: gold}}",
            'f.yaml:5:37: "gold" is not a reward type. Known are "boosted", "cash", "premium", "standard".',
        ),
        (TIER + "{type: standart}}", 'f.yaml:5:37: "standart" is not a reward type. Did you mean "standard"?'),
        (
            TIER + "{}}",
            'f.yaml:5:28: "tiers[0].reward" needs the key "type". Write one of standard, boosted, premium, cash.',
        ),
        (
            TIER + "VIP_50}",
            (
                'f.yaml:5:28: "tiers[0].reward" must be a mapping, but is text.'
                " Write the type and its fields, as {type: premium, templateName: …}."
            ),
        ),
        (
            TIER + "{type: premium, templatename: X, valuePerSpinDescription: y}}",
            'f.yaml:5:52: unknown key "templatename" in "tiers[0].reward". Did you mean "templateName"?',
        ),
        (
            TIER + "{type: standard, spinsCount: 0, gameProvider: B, wager: 1}}",
            (
                'f.yaml:5:53: "tiers[0].reward.spinsCount" cannot be taken: input should be greater than 0.'
                " Change the value."
            ),
        ),
        (
            TIER + "{type: standard, spinsCount: 1, gameProvider: B}}",
            'f.yaml:5:28: "tiers[0].reward" needs the key "wager". Add it.',
        ),
        (
            TIER + "{type: standard, spinsCount: 1, gameProvider: B, wager: 35x}}",
            'f.yaml:5:85: "tiers[0].reward.wager" must be a number, but is text. Write a number.',
        ),
        (
            TIER + "{type: standard, spinsCount: 1, gameProvider: B, wager: -1}}",
            'f.yaml:5:85: "tiers[0].reward.wager" cannot be taken: it must be 0 or more. Change the value.',
        ),
        (
            TIER + "{type: cash, amount: 0, amountType: cash, name: n, description: d, wager: 1}}",
            'f.yaml:5:49: "tiers[0].reward.amount" cannot be taken: it must be more than 0. Change the value.',
        ),
        (
            TIER + "{type: cash, amount: 2.5, amountType: free_spins, name: n, description: d, wager: 1}}",
            "f.yaml:5:49: free spins are counted in whole numbers. Write a whole number.",
        ),
        (
            START + "tiers:\n  - {name: a, priority: 1, " + BOOSTED + "\n" + "  - {name: b, priority: 1, " + BOOSTED,
            "f.yaml:6:15: two tiers have the priority 1. The higher number is tried first; choose one.",
        ),
        (
            START + "tiers:\n  - {name: a, priority: 1, " + BOOSTED + "\n" + "  - {name: a, priority: 2, " + BOOSTED,
            'f.yaml:6:6: the tier name "a" stands twice. Give each tier a name of its own.',
        ),
    ],
)
def test_a_mistake_is_named_with_its_place_and_how_to_mend_it(text: str, message: str) -> None:
    assert error(text) == message


FIELDS = Catalogue(
    MappingProxyType({"player.ngr": Field("player.ngr", FieldType.NUMBER, Origin.BUILT_IN, "")}),
    frozenset({"issue_bonus"}),
    closed=True,
)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            SECTION + "player.ngr == 'a'",
            "5:5: \"player.ngr\" is a number, and 'a' is not. Write a bare number, as 500 or 0.5.",
        ),
        (
            SECTION + "days since player.nge > 1",
            '5:16: there is no field "player.nge". Did you mean "player.ngr"?',
        ),
        (
            START + "segmentation: [{field: tools.issue_bonus.id, operator: ==, value: a}]",
            (
                '4:17: "tools.issue_bonus.id" is the answer of a tool that writes, and nothing here calls such a tool.'
                " Read the field of a READ tool; `croupier fields list` shows them."
            ),
        ),
        (
            START + "tiers:\n  - name: a\n    priority: 1\n    when:\n      - player.ngr contains 1\n    reward: {}",
            (
                '8:9: "contains" does not go with "player.ngr", which is a number.'
                " Write one of ==, !=, >, >=, <, <=, is_in."
            ),
        ),
    ],
)
def test_a_rule_that_does_not_go_with_the_catalogue_is_refused_at_its_place(text: str, message: str) -> None:
    with pytest.raises(DocumentError) as caught:
        parse_configuration(load_yaml(text, name="f.yaml"), FIELDS)
    assert str(caught.value) == f"f.yaml:{message}"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            SECTION + " and ".join(["player.ngr > 0"] * 10_000),
            "f.yaml:5:50005: the rule has 189995 characters, more than 50000. Split it.",
        ),
        (
            SECTION + f"player.x is_in [{', '.join(['1'] * 10_000)}]",
            "f.yaml:5:20: the list has 10000 values, more than 1000. Put the membership into a field of the player.",
        ),
        (
            START + "comment: " + "x" * 5_000_000,
            "f.yaml:1:1: the document has 5000035 characters, more than 500000. Split it.",
        ),
        (
            START
            + "a: &a [1, 2, 3, 4, 5, 6, 7, 8]\n"
            + "".join(f"{name}: &{name} [{', '.join([f'*{before}'] * 8)}]\n" for before, name in pairwise("abcdefgh")),
            "f.yaml:9:8: the document has more than 50000 parts, aliases written out. Split it, or use fewer aliases.",
        ),
    ],
    ids=["long rule", "long list", "5 MB", "anchor bomb"],
)
def test_what_is_too_large_is_refused_at_once(text: str, message: str) -> None:
    assert error(text) == message


@pytest.mark.parametrize("name", ["A", "a b", "-a", "a-", "a--b", "é", "a" * 65, ""])
def test_an_id_is_a_slug(name: str) -> None:
    assert 'f.yaml:1:1: "id" cannot be taken' in error(f"id: '{name}'\nname: A\npriority: 1")
