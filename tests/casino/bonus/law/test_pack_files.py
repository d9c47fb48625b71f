"""Packs as files: every rule with its source and its date, and a message where one is wrong."""

from datetime import date
from pathlib import Path

import pytest

from casino.bonus.law.jurisdictions import JurisdictionRule, Packs, Predicate
from casino.bonus.law.pack_files import load_packs
from casino.document import load_yaml
from casino.loaded import DocumentError
from casino.money import Money

FOLDER = Path(__file__).parents[4] / "procedures" / "jurisdictions"
RULE = "{id: GB-1, predicate: max_wager, value: 10, effective_from: 2026-01-19, verified: true, source: s, text: t}"


def pack(rule: str = RULE, *, jurisdiction: str = "GB") -> Packs:
    text = f"jurisdiction: {jurisdiction}\nname: Great Britain\nrules:\n  - {rule}\n"
    return load_packs([load_yaml(text, name="gb.yaml")])


def test_a_pack_is_read() -> None:
    expected = JurisdictionRule(
        id="GB-1",
        jurisdiction="GB",
        predicate=Predicate.MAX_WAGER,
        value=10,
        effective_from=date(2026, 1, 19),
        source="s",
        verified=True,
        text="t",
    )
    assert pack() == Packs((expected,), required=False)


def test_money_is_read_with_its_currency() -> None:
    (rule,) = pack("{id: DK-1, predicate: max_value, value: 1000 DKK, verified: true, source: s, text: t}").rules
    assert (rule.value, rule.effective_from) == (Money(100_000, "DKK"), None)


@pytest.mark.parametrize(
    ("written", "message"),
    [
        (
            RULE.replace("max_wager", "max_wagr"),
            'gb.yaml:4:16: "max_wagr" is nothing that a rule can demand. Did you mean "max_wager"?',
        ),
        (
            RULE.replace("2026-01-19", "19.1.2026"),
            'gb.yaml:4:49: "19.1.2026" is not a date. Write it as 2026-01-19.',
        ),
        (
            RULE.replace("value: 10, ", ""),
            'gb.yaml:4:5: "max_wager" needs a value. It takes a number of times, as 10.',
        ),
        (
            RULE.replace("value: 10", "value: true"),
            'gb.yaml:4:38: "max_wager" does not take true or false. It takes a number of times, as 10.',
        ),
        (
            RULE.replace("max_wager", "no_bonus"),
            'gb.yaml:4:37: "no_bonus" does not take a number. It takes no value.',
        ),
        (
            RULE.replace("max_wager, value: 10", "max_value, value: 1000DKK"),
            (
                'gb.yaml:4:38: "1000DKK" is not an amount: write digits and a point, as 1.50. '
                "Write an amount and its currency, as 1000 DKK."
            ),
        ),
        (RULE.replace("source: s, ", ""), 'gb.yaml:4:5: "rules[0]" needs the key "source". Add it.'),
        (
            RULE.replace("verified", "verifed"),
            'gb.yaml:4:77: unknown key "verifed" in "rules[0]". Did you mean "verified"?',
        ),
    ],
)
def test_a_rule_that_cannot_be_taken_is_named_with_its_place(written: str, message: str) -> None:
    with pytest.raises(DocumentError) as refused:
        pack(written)
    assert str(refused.value) == message


def test_a_place_is_an_iso_code() -> None:
    with pytest.raises(DocumentError) as refused:
        pack(jurisdiction="UK")
    assert str(refused.value) == (
        'gb.yaml:1:1: "UK" is no country or part of one. Write its ISO 3166 code, as GB or CA-ON.'
    )


def test_an_id_stands_once_in_all_packs() -> None:
    text = f"jurisdiction: GB\nname: n\nrules: [{RULE}]"
    with pytest.raises(DocumentError) as refused:
        load_packs([load_yaml(text, name="a.yaml"), load_yaml(text, name="b.yaml")])
    assert str(refused.value) == ('b.yaml:3:10: the id "GB-1" is used in a.yaml too. Give each rule an id of its own.')


def test_what_ships_is_sourced_and_what_is_not_verified_says_so() -> None:
    packs = load_packs(load_yaml(file.read_text("utf-8"), name=file.name) for file in sorted(FOLDER.glob("*.yaml")))
    assert [rule.id for rule in packs.rules if not rule.verified] == ["BE-1", "DE-3", "DK-4", "IT-1", "NL-4"]
    assert {
        rule.id: (rule.predicate.value, rule.value) for rule in packs.rules if rule.predicate is not Predicate.REVIEW
    } == {
        "BE-1": ("no_bonus", None),
        "BR-1": ("no_bonus", None),
        "DE-3": ("max_value", Money(10_000, "EUR")),
        "DK-1": ("max_value", Money(100_000, "DKK")),
        "DK-4": ("max_wager", 10),
        "GB-1": ("max_wager", 10),
        "NL-1": ("min_age", 24),
        "NL-4": ("max_value", Money(25_000, "EUR")),
        "SE-1": ("first_time_only", None),
    }
    assert [rule.id for rule in packs.rules if rule.effective_from is None and rule.verified] == [
        "ES-1",
        "NL-2",
        "US-NV-1",
    ]
    assert all(rule.id.startswith(rule.jurisdiction) for rule in packs.rules)
