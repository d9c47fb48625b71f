"""What is wrong with the words of a rule."""

from collections.abc import Callable
from types import MappingProxyType

import pytest

from casino.analysis.finding import Finding
from casino.document import load_yaml
from casino.fields.catalogue import OPEN, Catalogue, parse_catalogue

Analysed = Callable[..., list[Finding]]
Made = Callable[..., Catalogue]


def when(*conditions: str) -> str:
    return "\n".join(["qualification:", *(f'  - "{one}"' for one in conditions)])


def told(found: list[Finding]) -> list[tuple[str, str, str, str]]:
    return [(one.code, one.severity, one.message, one.mend) for one in found]


def test_an_unknown_field_is_a_warning_with_the_nearest_name(analysed: Analysed, catalogue: Made) -> None:
    known = catalogue(lastDeposit="number")
    assert told(analysed(when("player.lastDeposit > 1", "player.lastDeposits > 0"), catalogue=known)) == [
        (
            "B201",
            "warning",
            '"player.lastDeposits" is in no catalogue',
            'Did you mean "player.lastDeposit"? Else declare it in fields.yaml, so that it is checked.',
        )
    ]
    found = analysed(when("player.lastDeposit > 1", "tools.own.thing > 0"), catalogue=known)
    assert [one.mend for one in found] == ["Declare it in fields.yaml, so that it is checked."]


def test_an_unknown_field_is_an_error_where_the_catalogue_is_closed(analysed: Analysed, catalogue: Made) -> None:
    found = analysed(when("player.lastDepositt > 0"), catalogue=catalogue(lastDeposit="number", closed=True))
    assert [one[:2] for one in told(found)] == [("B201", "error"), ("B205", "hint")]


def test_a_comparison_that_never_fits_its_type_is_an_error(analysed: Analysed, catalogue: Made) -> None:
    found = analysed("tiers:\n  - {name: t, priority: 1, when: [player.a contains 'x'], reward: REWARD}".replace(
        "REWARD", "{type: standard, spinsCount: 1, gameProvider: B, wager: 1}"
    ), catalogue=catalogue(a="number"))  # fmt: skip
    assert ("B202", "error", ("tiers", "t", "when", 0)) in [(one.code, one.severity, one.path) for one in found]


def test_a_rule_on_a_tool_that_writes_is_an_error(analysed: Analysed, catalogue: Made) -> None:
    found = analysed(when("tools.issue_bonus.status == 'done'"), catalogue=catalogue(writes=["issue_bonus"]))
    assert [one[:2] for one in told(found)] == [("B203", "error")]


def test_a_value_that_the_field_never_has_is_a_warning(analysed: Analysed, catalogue: Made) -> None:
    known = catalogue(tags="text_list vip whale abuser", s="text gold silver")
    found = analysed(
        when("player.tags does not contain any of ['abusr', 'vip']", "player.s == 'Gold'"), catalogue=known
    )
    assert told(found) == [
        (
            "B204",
            "warning",
            "\"player.tags\" is never 'abusr', as far as the catalogue knows",
            'Did you mean "abuser"?',
        ),
        ("B204", "warning", "\"player.s\" is never 'Gold', as far as the catalogue knows", 'Did you mean "gold"?'),
    ]


@pytest.mark.parametrize(
    ("condition", "warned"),
    [
        ("{field: player.tags, operator: does not contain any of, value: [x], on_missing: pass}", True),
        ("{field: player.status, operator: '!=', value: banned, on_missing: pass}", True),
        ("{field: player.restrictions, operator: contains, value: none, on_missing: pass}", True),
        ("{field: player.ngr, operator: '>', value: 0, on_missing: pass}", False),
    ],
)
def test_a_missing_field_that_lets_a_player_through_an_exclusion_is_a_warning(
    analysed: Analysed, condition: str, warned: bool
) -> None:
    found = analysed(f"qualification:\n  - {condition}")
    assert [(one.code, one.severity) for one in found] == ([("B110", "warning")] if warned else [])


def test_a_template_that_the_back_office_does_not_have_is_an_error(analysed: Analysed) -> None:
    reward = "{type: premium, templateName: vip_50, valuePerSpinDescription: 1 EUR}"
    text = f"tiers:\n  - {{name: vip, priority: 2, when: [player.a == 1], reward: {reward}}}\n" + (
        "  - {name: rest, priority: 1, reward: {type: boosted, templateName: HIGH_30, valuePerSpinDescription: 1}}"
    ).replace("Description: 1}", "Description: '1'}")
    found = analysed(text, templates=["VIP_50", "HIGH_30"])
    message = 'there is no template "vip_50"; the names are case-sensitive'
    assert told(found) == [("B206", "error", message, 'Did you mean "VIP_50"?')]
    assert found[0].path == ("tiers", "vip", "reward", "templateName")
    assert [one.mend for one in analysed(text, templates=[])] == ["No template is known."] * 2
    assert analysed(text) == []


def test_a_declared_field_that_no_rule_reads_is_a_hint(analysed: Analysed) -> None:
    written = """fields:
  - {path: player.used, type: number, description: Used.}
  - {path: player.idle, type: number, description: Idle.}
  - {path: player.through, type: number, description: Read by a computed field.}
  - {path: player.rate, expression: player.through * 2, description: Used.}
  - {path: player.spare, expression: player.idle * 2, description: Not used.}
"""
    known = parse_catalogue(load_yaml(written, name="fields.yaml"), OPEN)
    found = analysed(when("player.used > 1", "player.rate > 1"), catalogue=known)
    assert [(one.code, one.severity, one.configuration, one.message) for one in found] == [
        ("B205", "hint", None, 'no configuration reads the custom field "player.idle"'),
        ("B205", "hint", None, 'no configuration reads the computed field "player.spare"'),
    ]


def test_a_closed_catalogue_of_nothing_knows_no_field(analysed: Analysed) -> None:
    nothing = Catalogue(MappingProxyType({}), frozenset(), closed=True)
    assert [one.code for one in analysed(when("player.a > 1"), catalogue=nothing)] == ["B201"]


def test_what_is_compared_with_the_place_and_is_no_place_is_a_warning(analysed: Analysed) -> None:
    found = analysed(when("player.country is_in ['Malta', 'MT', 'CA-ON']", "player.jurisdiction != 'UK'"))
    mend = 'Write the code in capitals, as "MT", "GB" or "CA-ON".'
    assert told(found) == [
        ("B204", "warning", "'Malta' is no ISO 3166 code, so no player has this place", mend),
        ("B204", "warning", "'UK' is no ISO 3166 code, so no player has this place", mend),
    ]
