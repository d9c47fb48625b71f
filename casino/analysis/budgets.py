"""Findings about budgets: what cannot be added up."""

from collections.abc import Iterator

from casino.analysis.finding import Finding
from casino.bonus.configuration import Configuration
from casino.bonus.reward import Cash


def budgets(configuration: Configuration) -> Iterator[Finding]:
    """Yield the tiers whose reward has no cost that is known, where the configuration has a budget."""
    if configuration.limits.campaign_budget is None:
        return
    for tier in configuration.tiers:
        if isinstance(tier.reward, Cash) and tier.reward.amount_type == "cash":
            continue
        yield Finding(
            code="B111",
            severity="warning",
            message=f'nobody knows what the reward of "{tier.name}" costs: after one grant of it the budget is unknown',
            mend=_mend(configuration),
            configuration=configuration.id,
            path=("tiers", tier.name, "reward"),
        )


def _mend(configuration: Configuration) -> str:
    if configuration.limits.campaign_count is not None:
        return (
            "The count of grants limits the campaign already: take the budget out, or give the tier a reward in cash."
        )
    return "Limit the campaign by a count of grants in place of the budget, or give the tier a reward in cash."
