from types import MappingProxyType

import pytest

from casino.fields.catalogue import OPEN, Catalogue, Field, Origin
from casino.fields.field_type import FieldType
from casino.rules.condition import Condition, Operator
from casino.rules.flaws import Flaw
from casino.rules.parse import parse_condition

FIELDS = Catalogue(
    MappingProxyType({f"player.{kind}": Field(f"player.{kind}", kind, Origin.BUILT_IN, "") for kind in FieldType}),
    frozenset({"issue_bonus"}),
    closed=True,
)


@pytest.mark.parametrize(
    "rule",
    [
        "player.text == '2026-01-31'",
        "player.text is_in ['a', '2026-01-31']",
        "bucket 'a' of player.text < 5",
        "player.number >= 0.5",
        "player.number is_in [1, 2]",
        "player.boolean != true",
        "player.date < '2026-01-31'",
        "player.date == today - 7 days",
        "days since player.date > 7",
        "player.moment >= '2026-01-31T00:00:00Z'",
        "player.moment > now",
        "player.moment == now - 2 hours",
        "player.text != '2026-01-31T00:00:00Z'",
        "player.text_list contains '2026-01-31T00:00:00Z'",
        "days since player.moment > 7",
        "hours since player.moment > 7",
        "player.money >= 5 EUR",
        "player.money.amount >= 5",
        "player.money.currency == 'EUR'",
        "player.text_list contains 'vip'",
        "player.text_list does not contain any of ['vip', '2026-01-31']",
        "player.number_list contains any of [1, 2]",
    ],
)
def test_a_rule_that_fits_its_field_has_no_flaw(rule: str) -> None:
    assert FIELDS.flaw(parse_condition(rule)) is None


@pytest.mark.parametrize(
    ("rule", "message", "mend"),
    [
        (
            "player.text > 5",
            '">" does not go with "player.text", which is a text',
            "Write one of ==, !=, is_in.",
        ),
        (
            "player.text contains 'a'",
            '"contains" does not go with "player.text", which is a text',
            "Write one of ==, !=, is_in.",
        ),
        ("player.text == 5", '"player.text" is a text, and 5 is not', "Write a text in quotes, as 'gold'."),
        (
            "player.text_list == 'a'",
            '"==" does not go with "player.text_list", which is a list of texts',
            "Write one of contains, contains any of, contains all of, does not contain any of.",
        ),
        (
            "player.text_list contains 5",
            '"player.text_list" is a list of texts, and 5 is not in it',
            "Write texts in quotes, as ['vip', 'whale'].",
        ),
        (
            "player.number is_in [1, 'a']",
            "\"player.number\" is a number, and 'a' is not",
            "Write a bare number, as 500 or 0.5.",
        ),
        (
            "player.number == true",
            '"player.number" is a number, and true is not',
            "Write a bare number, as 500 or 0.5.",
        ),
        (
            "player.date > now",
            '"player.date" is a date, and now is not',
            "Write a date as '2026-01-31', or today - 30 days.",
        ),
        (
            "player.moment > '2026-01-31'",
            "\"player.moment\" is a moment, and '2026-01-31' is not",
            "Write a moment as '2026-01-31T00:00:00Z', or now - 30 days.",
        ),
        ("player.money > 5", '"player.money" is money, and 5 is not', "Write an amount with its currency, as 500 EUR."),
        (
            "player.record_list contains 'a'",
            '"contains" does not go with "player.record_list", which is a list of records',
            "Count or sum it up in a computed field, and compare that.",
        ),
        (
            "hours since player.date > 1",
            '"hours since" measures moments, and "player.date" is a date',
            "Name another field.",
        ),
        (
            "days since player.text > 1",
            '"days since" measures dates and moments, and "player.text" is a text',
            "Name another field.",
        ),
        (
            "bucket 'a' of player.number < 1",
            '"bucket" measures texts, and "player.number" is a number',
            "Name another field.",
        ),
        *(
            (
                f"player.moment {compared}",
                f'"{compared.split()[0]}" compares texts, and the same moment can be written as several',
                (
                    "Write >= and <, as player.moment >= '2026-01-31T00:00:00Z', or compare with now;"
                    " for a whole day compute day(player.moment)."
                ),
            )
            for compared in (
                "== '2026-01-31T00:00:00Z'",
                "!= '2026-01-31T00:00:00Z'",
                "is_in ['2026-01-31T00:00:00Z', '2026-02-01T00:00:00Z']",
            )
        ),
        ("player.txt == 'a'", 'there is no field "player.txt"', 'Did you mean "player.text"?'),
        (
            "player.qqqqqqqq == 'a'",
            'there is no field "player.qqqqqqqq"',
            "`croupier fields list` shows all fields; declare one of your own in fields.yaml.",
        ),
        (
            "tools.issue_bonus.id == 'a'",
            '"tools.issue_bonus.id" is the answer of a tool that writes, and nothing here calls such a tool',
            "Read the field of a READ tool; `croupier fields list` shows them.",
        ),
        (
            "player.money.minor == 1",
            'there is no field "player.money.minor"',
            'Did you mean "player.money"?',
        ),
    ],
)
def test_a_rule_that_can_never_hold_of_its_field_is_found(rule: str, message: str, mend: str) -> None:
    assert FIELDS.flaw(parse_condition(rule)) == Flaw(message, mend)


def test_nothing_in_a_list_is_null() -> None:
    found = FIELDS.flaw(Condition("player.number", Operator.IS_IN, [None]))
    assert found is not None
    assert found.message == '"player.number" is a number, and null is not'


def test_an_open_catalogue_checks_what_it_knows_and_refuses_what_writes() -> None:
    assert OPEN.flaw(parse_condition("player.anything == 1")) is None
    assert OPEN.flaw(parse_condition("tools.kyc.status == 1")) is None
    writing = Catalogue(MappingProxyType({}), frozenset({"issue_bonus"}), closed=False)
    assert writing.flaw(parse_condition("tools.issue_bonus.id == 1")) is not None
