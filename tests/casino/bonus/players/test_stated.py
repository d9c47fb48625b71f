"""Values that a sentence states of a field, and what may stand in place of a value."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from casino.bonus.players.candidates import bad_values
from casino.bonus.players.described import mock_player
from casino.facts import Facts
from casino.values import Value

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def seen(sentence: str, path: str) -> object:
    return Facts.of(mock_player(sentence, now=NOW).document).look(path).value


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("900 EUR", {"amount": 900, "currency": "EUR"}),
        ("0.5 EUR", {"amount": Decimal("0.50"), "currency": "EUR"}),
        ("[1.5, 2]", [Decimal("1.5"), 2]),
        ("['a, b', 'c]']", ["a, b", "c]"]),
        ("[vip, whale]", ["vip", "whale"]),
        ("2026-11-20T18:30:00Z", "2026-11-20T18:30:00Z"),
        ("now", "now"),
    ],
)
def test_a_field_takes_every_literal_of_the_rule_language(written: str, value: Value) -> None:
    sentence = f"player.biggestWin = {written}, vip"
    assert (seen(sentence, "player.biggestWin"), seen(sentence, "player.category")) == (value, "VIP")


def test_money_is_told_as_it_was_written() -> None:
    assert mock_player("player.biggestWin = 900 EUR", now=NOW).read == (
        '"player.biggestWin = 900 EUR": player.biggestWin 900 EUR',
    )


@pytest.mark.parametrize("sentence", ["last deposit 3 days ago", "last deposit was 3 days ago"])
def test_a_last_deposit_may_be_said_by_its_day_alone(sentence: str) -> None:
    at = "2026-11-19T12:00:00Z"
    assert mock_player(sentence, now=NOW).read == (
        f'"{sentence}": player.daysSinceLastDeposit 3',
        f"\"{sentence}\": player.lastDepositAt '{at}'",
    )


def test_what_stands_in_place_of_money_is_written_as_rules_write() -> None:
    assert (
        bad_values({"amount": Decimal("19999.99"), "currency": "EUR"})[2] == "{'amount': 19999.99, 'currency': 'EUR'}"
    )
