"""A budget that cannot be added up."""

from collections.abc import Callable

import pytest

from casino.analysis.finding import Finding

CASH = "{type: cash, amount: 5, amountType: cash, name: n, description: d, wager: 1}"
SPINS = "{type: cash, amount: 5, amountType: free_spins, name: n, description: d, wager: 1}"
STANDARD = "{type: standard, spinsCount: 15, gameProvider: BGaming, wager: 5}"


@pytest.mark.parametrize(
    ("limits", "reward", "found"),
    [
        ("{campaign: {budget: 100 EUR}}", CASH, []),
        ("{campaign: {count: 100}}", STANDARD, []),
        ("{campaign: {budget: 100 EUR}}", SPINS, [("warning", ("tiers", "t", "reward"))]),
        ("{campaign: {budget: 100 EUR}}", STANDARD, [("warning", ("tiers", "t", "reward"))]),
    ],
)
def test_a_budget_wants_rewards_in_cash(
    analysed: Callable[..., list[Finding]], limits: str, reward: str, found: list[object]
) -> None:
    every = analysed(f"limits: {limits}\ntiers: [{{name: t, priority: 1, reward: {reward}}}]")
    assert [(one.severity, one.path) for one in every if one.code == "B111"] == found


def test_the_mend_does_not_ask_for_a_count_that_is_there(analysed: Callable[..., list[Finding]]) -> None:
    tier = f"tiers: [{{name: t, priority: 1, reward: {STANDARD}}}]"
    (found,) = analysed(f"limits: {{campaign: {{count: 5, budget: 100 EUR}}}}\n{tier}")
    assert found.mend.startswith("The count of grants limits the campaign already: take the budget out")
