from decimal import Decimal

import pytest

from agent.outgoing.check import denies_effect, promises_effect, says_passed_on, untrue_values, untruth
from agent.outgoing.figures import in_digits, in_words
from agent.outgoing.roles import Role, agree, role_in, role_of_key
from casino.values import Value

STANDARD: Value = {"rewardType": "standard", "spinsCount": 15, "game": "Elvis Frog", "wager": 35}
PREMIUM: Value = {"rewardType": "premium", "templateName": "VIP_50", "valuePerSpinDescription": "1 EUR"}
SPINS: Value = {
    "rewardType": "cash",
    "amount": 40,
    "amountType": "free_spins",
    "name": "Weekend",
    "description": "40 spins",
}
DEPOSITS: Value = {"deposits": [{"amount": 900, "currency": "EUR"}]}
BALANCE: Value = {"balance": Decimal("482.50"), "currency": "EUR"}


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("15 free spins", Role.SPINS),
        ("Free spins: 15", Role.SPINS),
        ("15 Freispiele", Role.SPINS),
        ("15 rodadas grátis", Role.SPINS),
        ("35x", Role.WAGER),
        ("x35", Role.WAGER),
        ("35-fachem Umsatz", Role.WAGER),
        ("The wagering requirement is 35", Role.WAGER),
        ("una apuesta de 35 veces", Role.WAGER),
        ("omsätts 35 gånger", Role.WAGER),
        ("1 EUR per spin", Role.PER_SPIN),
        ("chaque tour vaut 1 €", Role.PER_SPIN),
        ("your balance is 5 EUR", Role.BALANCE),
        ("a bonus of 5 EUR", Role.BONUS),
        ("5 EUR deposit", Role.DEPOSIT),
        ("that makes 5 EUR", Role.MONEY),
        ("5 %", Role.PERCENT),
        ("within 30 days", Role.DAYS),
        ("dans les 24 heures", Role.HOURS),
        ("It is 5. Free spins are fun", None),
    ],
)
def test_the_words_around_a_figure_say_what_it_counts(text: str, role: Role | None) -> None:
    assert [role_in(text, figure) for figure in in_digits(text)] == [role]


@pytest.mark.parametrize("text", ["fünfmal", "fünffachem", "fivefold"])
def test_a_number_may_be_one_word_with_its_times(text: str) -> None:
    assert [(figure.values, figure.times) for figure in in_words(text)] == [(frozenset({Decimal(5)}), True)]


def test_einmal_and_einfach_are_no_numbers_and_a_half_is_added() -> None:
    assert list(in_words("einmal, ganz einfach")) == []
    assert [figure.values for figure in in_words("two and a half")] == [frozenset({Decimal("2.5")})]


@pytest.mark.parametrize(
    ("key", "role"),
    [
        ("spinsCount", Role.SPINS),
        ("wager", Role.WAGER),
        ("valuePerSpinDescription", Role.PER_SPIN),
        ("balance", Role.BALANCE),
        ("lastDeposit", Role.DEPOSIT),
        ("minimumDeposit", Role.DEPOSIT),
        ("depositCount", Role.ANY),
        ("daysSinceLastDeposit", Role.DAYS),
        ("cashbackPercent", Role.PERCENT),
        ("points", Role.ANY),
    ],
)
def test_the_key_of_a_result_says_what_its_number_counts(key: str, role: Role) -> None:
    assert role_of_key(key) is role


def test_roles_agree_with_themselves_with_any_and_money_with_whosever_money_it_is() -> None:
    assert agree(None, Role.SPINS)
    assert agree(Role.SPINS, Role.ANY)
    assert agree(Role.MONEY, Role.DEPOSIT)
    assert agree(Role.DEPOSIT, Role.MONEY)
    assert not agree(Role.MONEY, Role.PER_SPIN)
    assert not agree(Role.BALANCE, Role.DEPOSIT)
    assert not agree(Role.WAGER, Role.SPINS)


@pytest.mark.parametrize(
    ("text", "known", "untrue"),
    [
        ("Withdraw a bonus of 1 EUR.", PREMIUM, ("1 EUR",)),
        ("The wagering is 15x.", STANDARD, ("15",)),
        ("You get 35 spins.", STANDARD, ("35",)),
        ("That is 40 EUR.", SPINS, ("40 EUR",)),
        ("You get 40 spins.", SPINS, ()),
        ("A bonus of 900 EUR.", DEPOSITS, ("900 EUR",)),
        ("Weekend gives you 900 EUR.", DEPOSITS, ()),
        ("Your balance is 482.50 EUR.", BALANCE, ()),
        ("It is valid for 15 days.", STANDARD, ("15",)),
        ("There is no wagering.", STANDARD, ("no wagering",)),
        ("You get double.", STANDARD, ("double",)),
        ("15O spins", STANDARD, ("150",)),
        ("1\ufe0f\u20e35\ufe0f\u20e3 spins", STANDARD, ()),
        ("1\u03365\u03360 spins", STANDARD, ("150",)),
    ],
)
def test_a_figure_must_count_what_the_known_one_counts(text: str, known: Value, untrue: tuple[str, ...]) -> None:
    assert untrue_values(text, (known,)) == untrue


def test_behind_the_name_of_a_reward_stands_a_bonus() -> None:
    cash: Value = {"rewardType": "cash", "amount": 20, "amountType": "cash", "name": "Weekend", "description": "20 EUR"}
    assert untrue_values("Weekend gives you 900 EUR.", (cash, DEPOSITS)) == ("900 EUR",)


def test_a_value_of_a_tool_that_nobody_knows_is_compared_by_value() -> None:
    assert untrue_values("15x, 15 spins, 15 days", ({"points": 15},)) == ()


def test_a_name_that_the_house_has_and_the_ticket_has_not_is_untrue() -> None:
    named = ("Elvis Frog", "Book of Dead", "Starburst")
    assert untrue_values("Play book of dead, or Starburst!", (STANDARD,), named) == ("Book of Dead", "Starburst")
    assert untrue_values("Elvis Frog, a starburst of colours", (STANDARD,), named) == ()


DENIALS = """
No bonus was added.
The bonus has not been credited.
I could not issue it.
Der Bonus wurde nicht gutgeschrieben.
No se ha añadido nada.
O bônus não foi creditado.
Le bonus n'a pas été crédité.
Bonusen har inte lagts till.
""".strip().splitlines()
NO_DENIALS = """
I cannot add another bonus.
Your bonus is on your account.
If it was not credited, tell me.
Was no bonus added?
Ich kann keinen weiteren Bonus geben.
""".strip().splitlines()
PASSED = """
I have forwarded your report.
Ich habe das an das Team weitergeleitet.
He enviado el informe al equipo.
Encaminhei o relato à equipe.
J'ai transmis votre demande au service.
Jag har skickat ärendet till teamet.
""".strip().splitlines()


@pytest.mark.parametrize("text", DENIALS)
def test_a_denial_is_heard(text: str) -> None:
    assert denies_effect(text)


@pytest.mark.parametrize("text", NO_DENIALS)
def test_another_bonus_a_condition_and_a_question_deny_nothing(text: str) -> None:
    assert not denies_effect(text)


@pytest.mark.parametrize("text", PASSED)
def test_what_is_passed_on_to_people_is_heard_and_is_no_gift(text: str) -> None:
    assert says_passed_on(text)
    assert not promises_effect(text)


@pytest.mark.parametrize(
    "text",
    [
        "I've sent 15 spins.",
        "I popped it in.",
        "The bonus is now on your account.",
        "Your free spins are ready.",
        "I will add it.",
        "Ich buche die Freispiele auf Ihr Konto.",
        "Voy a acreditarle el bono.",
        "Vou adicionar as rodadas.",
        "Je vous ajoute les tours.",
        "Dina gratissnurr väntar på dig.",
    ],
)
def test_whatever_gives_is_a_promise(text: str) -> None:
    assert promises_effect(text)


@pytest.mark.parametrize(
    "text",
    [
        "A colleague will look at it.",
        "Your deposit was credited.",
        "We have received your documents.",
        "Ein Kollege sieht sich das an.",
        "Your bonus is waiting for approval.",
    ],
)
def test_what_comes_from_elsewhere_or_waits_is_no_promise(text: str) -> None:
    assert not promises_effect(text)


def test_a_text_is_refused_by_the_state_of_the_ticket_with_words_that_a_model_can_act_on() -> None:
    added, none, sent = "I've added 15 spins.", "No bonus was added.", "I have forwarded your report."
    values = untruth("You get 50 spins.", (STANDARD,), given=False, passed_on=False)
    assert values == "these values stand in no result of this ticket: 50. Use only values from results."
    assert (untruth(added, (STANDARD,), given=False, passed_on=False) or "").startswith("it says that something was or")
    assert untruth(added, (STANDARD,), given=True, passed_on=False) is None
    assert (untruth(none, (), given=True, passed_on=True) or "").startswith("it says that nothing was given")
    assert untruth(none, (), given=False, passed_on=False) is None
    assert (untruth(sent, (), given=False, passed_on=False) or "").startswith("it says that something was passed on")
    assert untruth(sent, (), given=False, passed_on=True) is None
