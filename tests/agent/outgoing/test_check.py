from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.outgoing.check import promises_effect, untrue_values
from casino.values import Value

STANDARD: Value = {
    "decisionId": "dec_7Kx2",
    "qualified": True,
    "rewardType": "standard",
    "spinsCount": 15,
    "game": "Elvis Frog",
    "gameProvider": "BGaming",
    "wager": 35,
}
PREMIUM: Value = {"templateName": "VIP_50", "valuePerSpinDescription": "1 EUR"}
CASH: Value = {"amount": Decimal("1000.50"), "amountType": "cash", "share": Decimal("0.25"), "currency": "EUR"}
PLAYER: Value = {
    "lastDeposit": 900,
    "ngr": Decimal("-120.5"),
    "lastDepositAt": "2026-01-19T10:30:00Z",
    "tags": ["a", "b"],
}
WORDS: Value = "Hi! I deposited 250 euros on 12 April 2025, is it true? My address is anna@example.com, call me Neo21"
KNOWN: tuple[Value, ...] = (STANDARD, PREMIUM, CASH, PLAYER, WORDS)

HONEST = """
You have 15 free spins on Elvis Frog.
Your 15 free spins on "Elvis Frog" come with a 35x wager.
The wagering requirement is x35.
The wagering requirement is 35 times the winnings.
You will get fifteen spins, with wagering of thirty-five times.
Your bonus is 1,000.50 EUR.
Your bonus is €1,000.50.
Your bonus is EUR 1000.50.
The template `VIP_50` was used, at 1 EUR per spin.
Your last deposit was 900 euros.
Your last deposit was nine hundred euros.
Your last deposit of €900.00 arrived on 19 January 2026.
It arrived on 2026-01-19 at 10:30.
It arrived on January 19th.
You told me about 250 € on 12/04/2025.
I have noted anna@example.com as your address.
That is 25% of the deposit.
That is twenty-five percent of the deposit.
I can help with that 24/7.
You must be 18+ to play.
1. Open the game.
1. Open the game.⏎2. Play the 15 spins.⏎3. Enjoy!
1) Tell me your e-mail.⏎2) Tell me your date of birth.
First, please tell me your date of birth.
This is your 1st request today.
One moment please, I am checking.
No one else can see this.
One of my colleagues will take over.
Please reply with "yes" to go on.
Please confirm your KYC documents as a VIP player.
Two-factor login is a good idea.
Thank you, Neo21!
The decision dec_7Kx2 is on record.
Once you have verified, I can look again.
I am sorry, you do not qualify for a bonus at the moment.
Your net result is -120.50 EUR.
Sie haben 15 Freispiele für „Elvis Frog“ erhalten.
Die Umsatzbedingung beträgt das 35-fache.
Ihr Bonus beträgt 1.000,50 €.
Sie erhalten fünfzehn Freispiele mit fünfunddreißigfachem Umsatz.
Sie haben am 19.01.2026 neunhundert Euro eingezahlt.
Einen Moment bitte, ich prüfe das für Sie.
Das sind 25 Prozent der Einzahlung.
Tienes 15 tiradas gratis en Elvis Frog.
Recibirás quince giros con un requisito de treinta y cinco veces.
Tu bono es de 1.000,50 €.
Tu último depósito fue de novecientos… es decir, 900 euros.
Un momento, por favor, lo estoy comprobando.
Es el 19 de enero de 2026.
Você tem 15 rodadas grátis no jogo Elvis Frog.
Você recebeu quinze rodadas e o requisito é de trinta e cinco vezes.
O seu bônus é de 1.000,50 EUR.
Um momento, por favor.
Vous avez 15 tours gratuits sur « Elvis Frog ».
Votre bonus est de 1 000,50 €.
Vous avez quinze tours, avec une mise de trente-cinq fois.
Votre dépôt du 19 janvier 2026 était de neuf cents euros.
Un instant, je vérifie pour vous.
Du har 15 gratissnurr på Elvis Frog.
Du har femton snurr och omsättningen är trettiofem gånger.
Din bonus är 1 000,50 euro.
Din insättning den 19 januari 2026 var på niohundra euro.
Ett ögonblick, jag kontrollerar det.
""".strip().splitlines()
LIES = """
You have 20 free spins on Elvis Frog.|20
You have 50 free spins.|50
The wagering requirement is 30x.|30
The wagering requirement is x10.|10
There is zero wagering.|zero
You will get twenty spins.|twenty
You will get one hundred and fifty spins.|one hundred and fifty
You get one hundred free spins.|one hundred
You have thirty five spins and forty coins.|forty
Your bonus is 1,000.00 EUR.|1,000.00 EUR
Your bonus is 1.000 EUR.|1.000 EUR
Your bonus is €1,005.50.|€1,005.50
Your bonus is $1,000.50.|$1,000.50
Your bonus is 900 USD.|900 USD
Your last deposit was 900 pounds.|900 pounds
Your bonus is 5k.|5k
Your bonus is 15 thousand euros.|15 thousand euros
The template VIP_100 was used.|VIP_100
The template `vip_50` was used.|vip_50
The template HIGH30 was used.|HIGH30
The template "HIGH_30" was used.|HIGH_30
There are hundreds of free spins for you.|hundreds
You can withdraw up to 10,000 EUR.|10,000 EUR
Your bonus code is WELCOME100.|WELCOME100
The template VIP_5 was used.|VIP_5
Your spins are on "Book of Dead".|Book of Dead
Your spins are on “Gonzo Quest”.|Gonzo Quest
Open the page 'Reset Password' in the menu.|Reset Password
It arrived on 20 January 2026.|20 January 2026
It arrived on 2026-01-20.|2026-01-20
It arrived on January 20th.|January 20th
It arrived at 11:30.|11:30
The spins expire on 31/12/2026.|31/12/2026
The spins expire within 7 days.|7
The spins expire within seven days.|seven
It takes 2-3 business days.|2
Write to support@example.org about it.|support@example.org
See https://example.org/bonus for more.|https://example.org/bonus
That is 50% of the deposit.|50%
That is ten percent of the deposit.|ten percent
You get a 100% match bonus.|100%
3. Play the spins.|3
This is your 4th deposit.|4
We are open 24/6.|24
You must be 21+ to play.|21
The decision dec_9Zz1 is on record.|dec_9Zz1
You have 1<FIVE>0 spins.|150
You have 1<ZWSP>50 spins.|150
You have ١٢ spins.|12
Sie haben 20 Freispiele erhalten.|20
Sie erhalten zwanzig Freispiele.|zwanzig
Sie erhalten einundzwanzig Freispiele.|einundzwanzig
Ihr Bonus beträgt 1.000 €.|1.000 €
Die Umsatzbedingung beträgt das 40-fache.|40
Sie erhalten hundertfünfzig Euro.|hundertfünfzig Euro
Am 20. Januar haben Sie eingezahlt.|20. Januar
Tienes 30 tiradas gratis.|30
Recibirás veinte giros.|veinte
Te he añadido once tiradas en la cuenta para que juegues.|once
Tu bono es de 2.000,50 €.|2.000,50 €
Você tem 25 mil reais.|25 mil reais
Você recebeu vinte e duas rodadas.|vinte e duas
Vous avez 20 tours gratuits.|20
Vous avez quatre-vingt-dix tours.|quatre-vingt-dix
Votre bonus est de dix-sept euros.|dix-sept euros
Votre bonus est de 2 000,50 €.|2 000,50 €
Du har 20 gratissnurr.|20
Du har tjugofem snurr.|tjugofem
Din bonus är 1 500 kr.|1 500 kr
Du har fått tre snurr.|tre
""".strip().splitlines()


@pytest.mark.parametrize("text", HONEST)
def test_an_honest_message_has_no_untrue_value(text: str) -> None:
    assert untrue_values(text.replace("⏎", "\n"), KNOWN) == ()


@pytest.mark.parametrize("line", LIES)
def test_a_lying_message_is_caught_at_its_lie(line: str) -> None:
    text, _, lie = line.replace("<ZWSP>", "\u200b").replace("<FIVE>", "\uff15").rpartition("|")
    found = untrue_values(text, KNOWN)
    assert any(token == lie or token.startswith(lie) for token in found), found


def test_there_are_sixty_honest_and_sixty_lying_messages() -> None:
    assert len(HONEST) >= 60
    assert len(LIES) >= 60


def test_everything_is_untrue_where_nothing_is_known() -> None:
    assert untrue_values("15 spins, 35x, 50 EUR, on 19 January 2026 at 10:30 by VIP_50", ()) == (
        "15",
        "35",
        "50 EUR",
        "19 January 2026",
        "10:30",
        "VIP_50",
    )


def test_what_the_player_said_is_known_but_proves_no_other_currency() -> None:
    said: tuple[Value, ...] = ("I want 500 EUR",)
    assert untrue_values("You asked for 500 EUR.", said) == ()
    assert untrue_values("You asked for $500.", said) == ("$500",)


def test_a_currency_that_nobody_named_is_untrue() -> None:
    assert untrue_values("You get 50 EUR.", ({"amount": 50},)) == ("50 EUR",)
    assert untrue_values("You get 50 EUR.", ({"amount": 50, "currency": "EUR"},)) == ()


def test_a_yes_is_no_figure_and_figures_inside_names_prove_nothing() -> None:
    known: tuple[Value, ...] = ({"qualified": True, "templateName": "VIP_50"},)
    assert untrue_values("1 bonus, 50 spins", known) == ("1", "50")


def test_one_is_a_figure_only_before_a_unit() -> None:
    assert untrue_values("One moment. You get one free spin. Un giro gratis, ein Freispiel.", ()) == (
        "one",
        "Un",
        "ein",
    )


def test_a_hundred_percent_is_not_proved_by_a_known_one() -> None:
    assert untrue_values("A 100% bonus, 25% back", ({"spin": 1, "share": Decimal("0.25")},)) == ("100%",)


def test_an_ambiguous_date_passes_by_either_reading_and_by_day_and_month() -> None:
    assert untrue_values("05/04/2026, 4 May, May 4th", ("2026-05-04",)) == ()
    assert untrue_values("6 May", ("2026-05-04",)) == ("6 May",)


def test_a_known_quotation_covers_only_itself() -> None:
    assert untrue_values('"Neo15" has 15 spins and Neo15 has 1515, or "15 spins"', ("Neo15", 15)) == ("1515",)


PROMISES = """
I've added 15 spins to your account.
I have just credited 50 EUR.
Your bonus has been credited.
You've received 15 free spins!
I'm adding the spins now.
I will add the bonus now.
It will be credited shortly.
No problem, I've added it.
Done! 15 spins credited.
Die Freispiele wurden Ihrem Konto gutgeschrieben.
Ich habe Ihnen, wie gewünscht, 1.000 Freispiele gutgeschrieben.
He añadido 15 giros.
El bono ha sido acreditado.
Has recibido 15 tiradas.
Adicionei o bônus à sua conta.
O bônus foi creditado.
J'ai ajouté le bonus.
Le bonus a été crédité.
Vous avez reçu 15 tours.
Jag har lagt till bonusen.
Du har fått 15 snurr.
""".strip().splitlines()
NO_PROMISES = """
I have not added anything.
Your bonus hasn't been credited yet.
Once it has been credited, you will see it.
Has the bonus been credited?
If you qualify, I will add it.
I have checked your account.
I was unable to issue the bonus, it was not credited.
A colleague could credit it after a check.
Der Bonus wurde nicht gutgeschrieben.
Wenn der Bonus gutgeschrieben ist, sehen Sie ihn.
Sie haben leider keinen Bonus erhalten.
No he añadido nada.
El bono no ha sido acreditado.
O bônus não foi creditado.
Je n'ai pas ajouté de bonus.
Le bonus n'a pas été crédité.
Jag har inte lagt till något.
Bonusen kan inte krediteras.
""".strip().splitlines()


@pytest.mark.parametrize("text", PROMISES)
def test_a_claim_of_an_effect_is_heard(text: str) -> None:
    assert promises_effect(text)


@pytest.mark.parametrize("text", NO_PROMISES)
def test_denials_conditions_and_questions_promise_nothing(text: str) -> None:
    assert not promises_effect(text)


@given(st.text())
def test_no_text_breaks_the_check(text: str) -> None:
    assert isinstance(untrue_values(text, (text,)), tuple)
    assert isinstance(promises_effect(text), bool)


@given(st.decimals(min_value=2, max_value=10**7, places=2, allow_nan=False, allow_infinity=False))
def test_an_amount_is_true_in_every_format_if_and_only_if_it_is_known(amount: Decimal) -> None:
    english = f"{amount:,.2f}"
    formats = [
        english,
        english.replace(",", " ").replace(".", ","),
        english.replace(",", "\u202f").replace(".", ","),
        english.replace(",", "\0").replace(".", ",").replace("\0", "."),
        english.replace(",", "'"),
        str(amount),
    ]
    for written in formats:
        said = f"You get {written} EUR."
        assert untrue_values(said, ({"amount": amount, "currency": "EUR"},)) == ()
        assert untrue_values(said, ({"amount": amount + 1, "currency": "EUR"},)) == (
            f"{written} EUR".replace("\u202f", " "),
        )
