from collections.abc import Callable, Sequence
from decimal import Decimal
from fractions import Fraction
from random import Random

import pytest

from casino.bonus.configuration import Configuration, ConfigurationStatus, Tier
from casino.bonus.reward import Boosted, Cash, Premium, Reward, Standard
from casino.bonus.story import Status
from casino.document import load_yaml
from casino.loaded import DocumentError
from casino.money import Money
from casino.population.cost import Cost, Draw, Grant, Unpriced, cost_of, grant_of
from casino.population.expected_cost import expected_cost
from casino.population.payouts import BUILT_IN, Payouts, Prize, Template, parse_payouts
from casino.population.plan import Ending
from casino.population.result import Counted, Counts

COIN = Payouts(
    name="coin", source="a fair coin", minimum_bet=Money(10, "EUR"), stake_share=Decimal("0.1"),
    prizes=(Prize(0, 1), Prize(200, 1)), templates={"T": Template(spins=2, value_per_spin=None, wager=0)},
)  # fmt: skip
PAPER = """
name: paper
source: made up
minimum_bet: "0.20 SEK"
stake_share: 0.05
prizes: [{pays: 0, weight: 3}, {pays: 3.8, weight: 1}]
templates: {VIP_50: {spins: 50, value_per_spin: "1 SEK", wager: 5}}
"""


def drawing(payouts: Payouts, seed: int = 1) -> Draw:
    random = Random(seed)  # noqa: S311  # a simulation
    outcomes = [prize.hundredths for prize in payouts.prizes]
    weights = [prize.weight for prize in payouts.prizes]
    return lambda spins: random.choices(outcomes, weights, k=spins)


def always(outcome: int) -> Draw:
    def draw(spins: int) -> Sequence[int]:
        return [outcome] * spins

    return draw


def cash(wager: int | Decimal, amount: int | Decimal = 20) -> Cash:
    return Cash(amount=amount, amount_type="cash", name="n", description="d", wager=wager)


def boosted(template: str = "T", value: str = "0.50 EUR") -> Boosted:
    return Boosted(template_name=template, value_per_spin_description=value)


def test_the_built_in_table_returns_what_it_says() -> None:
    assert BUILT_IN.return_to_player == Fraction(96, 100)
    hits = sum(prize.weight for prize in BUILT_IN.prizes if prize.hundredths)
    assert (hits, sum(prize.weight for prize in BUILT_IN.prizes)) == (24_544, 100_000)
    assert "RTP 96.00 %" in BUILT_IN.source


def test_cash_without_wagering_costs_its_amount() -> None:
    grant = grant_of(cash(0), COIN)
    assert grant == Grant(2_000, 0, 10, 0)
    exact = Decimal("20.00")
    assert cost_of(Grant(2_000, 0, 10, 0), COIN, always(0)) == Cost(exact, exact, exact, exact, "EUR", 0)


def test_what_a_reward_gives_depends_on_its_type() -> None:
    standard = Standard(spins_count=15, game=None, game_provider="G", wager=35)
    spins = Cash(amount=7, amount_type="free_spins", name="n", description="d", wager=1)
    assert grant_of(standard, COIN) == Grant(0, 15, 10, 35)
    assert grant_of(spins, COIN) == Grant(0, 7, 10, 1)
    assert grant_of(boosted(), COIN) == Grant(0, 2, 50, 0)
    unknown = Premium(template_name="t", value_per_spin_description="1 EUR")
    told = 'the pay table has no template "t", so its spins and wager are not known'
    assert grant_of(unknown, COIN) == Unpriced(told)
    assert grant_of(boosted(value="1 SEK"), COIN) == Unpriced('the value of a spin of "T" is not known in EUR')
    assert grant_of(boosted(value="a lot"), COIN) == Unpriced('the value of a spin of "T" is not known in EUR')


def test_spins_without_wagering_cost_what_they_win_on_average() -> None:
    found = cost_of(Grant(0, 10, 100, 0), COIN, drawing(COIN))
    assert (found.mean, found.low, found.high, found.textbook) == (Decimal("10.0000"),) * 4


def test_a_lost_balance_is_not_wagered_further() -> None:
    found = cost_of(Grant(1_000, 0, 10, 50), COIN, always(0))
    assert (found.mean, found.high) == (Decimal("0.0000"), Decimal("0.0000"))
    assert found.textbook == Decimal("10.0000")  # a fair coin has no edge


def test_wagering_costs_less_than_the_bonus_and_more_than_the_textbook_says() -> None:
    found = cost_of(Grant(2_000, 0, 10, 35), BUILT_IN, drawing(BUILT_IN))
    assert found.textbook == 0  # 1 - 35 x 4 % is below nothing; a balance is not
    assert 0 < found.low < found.mean < found.high < 20
    assert found.trials >= 400


def test_the_same_draws_give_the_same_cost() -> None:
    grant = Grant(0, 15, 10, 10)
    first, second = (cost_of(grant, BUILT_IN, drawing(BUILT_IN, 5)) for _ in range(2))
    assert first == second
    assert first.low < first.mean < first.high


def configuration(*rewards: Reward) -> Configuration:
    tiers = tuple(Tier(name=f"t{n}", priority=9 - n, when=(), reward=reward) for n, reward in enumerate(rewards))
    return Configuration(
        id="c", name="", brands=(), priority=1, status=ConfigurationStatus.PUBLISHED, segmentation=(),
        qualification=(), tiers=tiers, comment=None, on_unqualified="continue", effective_from=None,
        effective_until=None,
    )  # fmt: skip


def test_all_grants_are_priced_and_what_nobody_knows_stands_apart() -> None:
    endings = [Counted(Ending(Status.QUALIFIED, "c", f"t{n}"), 10 * (n + 1)) for n in range(3)]
    counts = Counts(70, (Counted(Ending(Status.NOT_QUALIFIED, None, None), 10), *endings))
    asked: list[str] = []

    def seeded(name: str) -> Draw:
        asked.append(name)
        return drawing(COIN)

    tried: Callable[[str], Draw] = seeded
    found = expected_cost(counts, [configuration(cash(0), boosted("no"), cash(0))], COIN, tried)
    assert [tier.players for tier in found.tiers] == [10, 20, 30]
    assert (found.unpriced, found.total.mean) == (20, Decimal("800.00"))
    assert len(asked) == 1  # the two that are alike are simulated once
    document = found.to_document()
    assert document["unpriced_players"] == 20
    assert document["payouts"] == "coin"


def test_a_pay_table_is_read_from_a_file() -> None:
    read = parse_payouts(load_yaml(PAPER, name="p.yaml"))
    assert (read.currency, read.return_to_player, read.stake_share) == ("SEK", Fraction(95, 100), Decimal("0.05"))
    assert read.templates == {"VIP_50": Template(spins=50, value_per_spin=Money(100, "SEK"), wager=5)}


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("0.05", "1.5", "p.yaml:5:1: a player cannot bet more than the balance. Write at most 1."),
        ('"0.20 SEK"', '"0 SEK"', '"minimum_bet" is no amount above 0'),
        ("3.8", "3.812", "a prize has at most two decimal places"),
        ("weight: 3", "weight: 0", '"prizes[0].weight" cannot be taken'),
        ('"1 SEK"', '"much"', '"templates.VIP_50.value_per_spin" is no amount above 0'),
        ("source: made up", "sauce: made up", 'unknown key "sauce"'),
    ],
)
def test_a_wrong_pay_table_is_refused_at_its_place(old: str, new: str, told: str) -> None:
    with pytest.raises(DocumentError, match=r"p\.yaml:") as caught:
        parse_payouts(load_yaml(PAPER.replace(old, new), name="p.yaml"))
    assert told in str(caught.value)


def test_a_template_may_leave_the_value_of_a_spin_to_the_reward() -> None:
    read = parse_payouts(load_yaml(PAPER.replace(', value_per_spin: "1 SEK"', ""), name="p.yaml"))
    assert read.templates["VIP_50"].value_per_spin is None
