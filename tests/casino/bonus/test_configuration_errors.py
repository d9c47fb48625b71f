import pytest

from casino.bonus.configuration import parse_configuration
from casino.document import load_yaml
from casino.loaded import DocumentError


def error(text: str) -> str:
    with pytest.raises(DocumentError) as caught:
        parse_configuration(load_yaml(text, name="f.yaml"))
    return str(caught.value)


_KEYS_OF = (
    "f.yaml:{}: the document must be a mapping, but is {}. Its keys are id, name, brands, priority,"
    " status, segmentation, qualification, tiers, comment, on_unqualified, effective_from, effective_until."
)
START = "id: a\nname: A\npriority: 1\n"
SECTION = START + "qualification:\n  - "
BOOSTED = "reward: {type: boosted, templateName: X, valuePerSpinDescription: y}}"
TIER = START + "tiers:\n  - {name: t, priority: 1, reward: "


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "",
            (
                "f.yaml:1:1: the document must be a mapping, but is empty. Its keys are id, name, brands, priority,"
                " status, segmentation, qualification, tiers, comment, on_unqualified, effective_from, effective_until."
            ),
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
            'f.yaml:4:1: "2026-01-01" is not a moment. Write it with its offset, as 2026-01-31T00:00:00Z.',
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
    ids=lambda text: str(text)[-32:],
)
def test_a_mistake_is_named_with_its_place_and_how_to_mend_it(text: str, message: str) -> None:
    assert error(text) == message


@pytest.mark.parametrize("name", ["A", "a b", "-a", "a-", "a--b", "é", "a" * 65, ""])
def test_an_id_is_a_slug(name: str) -> None:
    assert 'f.yaml:1:1: "id" cannot be taken' in error(f"id: '{name}'\nname: A\npriority: 1")
