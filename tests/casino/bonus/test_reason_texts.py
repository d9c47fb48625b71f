"""What a reason says was found, for staff."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from casino.bonus.configuration import load_set
from casino.bonus.decide import decide
from casino.document import load_yaml
from casino.facts import SAFETY_FLAGS, Facts
from casino.values import Value

NOW = datetime(2026, 11, 22, tzinfo=UTC)
SAFE: dict[str, Value] = {**dict.fromkeys(SAFETY_FLAGS, False), "age_years": 30}


def reason(rest: str, value: Value) -> str:
    text = f"id: a\nname: A\npriority: 1\nstatus: published\n{rest}\n"
    configurations = load_set([load_yaml(text, name="a.yaml")])
    facts = Facts.of({"player": {"x": value}, "safety": SAFE})
    return decide(configurations, facts, brand="b", now=NOW).reasons[0].text


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (900, '(900 is of another type; money is {"amount": 900, "currency": "EUR"})'),
        ({"amount": 900, "currency": "USD"}, "; only EUR is compared with EUR)"),
        ({"amount": 5, "currency": "EUR"}, "(it is {'amount': 5, 'currency': 'EUR'})"),
    ],
)
def test_what_is_no_money_is_told_with_the_form_of_money(value: Value, words: str) -> None:
    assert reason("qualification: [player.x >= 500 EUR]", value).endswith(words)


@pytest.mark.parametrize(
    ("value", "words"),
    [(Decimal("13.333333333300"), "(it is 13.3333333333)"), (Decimal("4.00"), "(it is 4)"), (40, "(it is 40)")],
)
def test_zeros_at_the_end_of_a_number_are_not_told(value: Value, words: str) -> None:
    assert reason("qualification: [player.x > 100]", value).endswith(words)


def test_a_counter_that_is_not_there_was_supplied_by_nobody() -> None:
    limits = "limits: {per_player: [{count: 1, period: week}]}"
    assert reason(f"{limits}\ntiers: [{{name: t, priority: 1, reward: {SPINS}}}]", 1).endswith("(nobody supplied it)")


SPINS = "{type: standard, spinsCount: 5, gameProvider: B, wager: 1}"
