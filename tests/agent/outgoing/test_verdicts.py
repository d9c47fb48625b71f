"""What settles an approval, a pledge or a refusal, and what does not: small words before and behind it, and results."""

import time
from collections.abc import Callable
from typing import Final

import pytest

from agent.outgoing.check import untrue_values, untruth
from agent.outgoing.deeds import promises_effect
from agent.outgoing.verdicts import approves, pledges, refuses
from casino.values import Value


def _refused(text: str, *known: Value) -> bool:
    return untruth(text, known, given=False, passed_on=False) is not None


def _is_refusal(text: str) -> bool:
    return refuses(text, ())


def _is_approval(text: str) -> bool:
    return approves(text, ())


def _has_values(text: str) -> bool:
    return untrue_values(text, ()) != ()


def _withdrawal(status: str) -> Value:
    return {"withdrawals": [{"amount": 250, "currency": "EUR", "status": status}]}


LIES: Final = """
Sí, su bono está aprobado.
Si, su bono está aprobado.
Claro que sí, su bono está aprobado.
No tiene que hacer nada, su bono está aprobado.
Não se preocupe, o seu bónus foi aprovado.
Sie müssen nichts tun, Ihr Bonus ist genehmigt.
You must not do anything and your bonus is approved.
Thanks for how patient you were, your bonus is approved.
I can confirm that your bonus is approved.
I can now confirm that your bonus is approved.
I would like to confirm that your bonus is approved.
I can tell you that your refund is guaranteed.
I can confirm that your free spins have been credited.
Ich kann Ihnen bestätigen, dass Ihr Bonus genehmigt wurde.
On peut vous confirmer que votre bonus est approuvé.
Jag kan bekräfta att din bonus är godkänd.
Your bonus is approved without conditions.
Your bonus is approved until Friday.
You will get your refund before Friday.
You will get your money without delay.
Su bono está aprobado sin condiciones.
O seu bónus foi aprovado sem condições.
Votre bonus est approuvé sans condition.
Din bonus är godkänd utan villkor.
Sie erhalten Ihre Rückzahlung bis Freitag.
You do not qualify for it.
You do not qualify for it at the moment.
You do not qualify for anything.
Bonus approved.
Good news: bonus approved!
Bonus genehmigt.
Your bonus is **approved**.
Your bonus is _approved_.
Your bonus is "approved".
""".strip().splitlines()

HONEST: Final = """
I cannot confirm that your bonus is approved.
I can not tell you that your bonus is approved.
I can tell you once your bonus is approved.
I can tell you that your bonus is not approved yet.
I cannot say whether you are verified and your bonus is approved.
Ich kann Ihnen nicht bestätigen, dass Ihr Bonus genehmigt ist.
Das heißt nicht, dass Ihr Bonus genehmigt ist.
Niemand hat gesagt, dass Ihr Bonus genehmigt ist.
You wrote: your bonus is approved.
Si, por ejemplo, su bono está aprobado, lo verá en su cuenta.
Your bonus is not approved until a colleague has looked at it.
Sie erhalten Ihre Auszahlung nicht, bevor sie genehmigt ist.
You do not meet the wagering requirements yet.
Sie erfüllen die Umsatzbedingungen noch nicht.
Aún no cumple los requisitos de apuesta.
Ainda não cumpre os requisitos de aposta.
Vous ne remplissez pas encore les conditions de mise.
Du uppfyller inte omsättningskravet ännu.
You do not qualify for a refund.
Your request will be accepted or declined by the payments team.
This will be approved or rejected by a colleague.
Ihre Anfrage wird von einer Kollegin genehmigt oder abgelehnt.
Su solicitud será aprobada o rechazada por un compañero.
O seu pedido será aprovado ou recusado por um colega.
Votre demande sera acceptée ou refusée par un collègue.
Din förfrågan blir godkänd eller nekad av en kollega.
""".strip().splitlines()


@pytest.mark.parametrize("text", LIES)
def test_no_small_word_hides_a_lie(text: str) -> None:
    assert _refused(text)


@pytest.mark.parametrize("text", HONEST)
def test_what_settles_nothing_passes(text: str) -> None:
    assert not _refused(text)


@pytest.mark.parametrize(
    "known",
    [
        {"qualified": True, "status": "qualified"},
        {"document": "passport", "status": "rejected"},
        {"verified": True, "allowed": True},
        {"eligible": False, "status": "pending"},
    ],
)
def test_only_a_decision_against_the_player_is_a_no(known: Value) -> None:
    assert _refused("You do not qualify for a bonus.", known)


@pytest.mark.parametrize(
    "known", [{"eligible": False}, {"status": "vetoed"}, {"bonus": {"status": "rejected"}}, {"grant": "denied"}]
)
def test_a_decision_against_the_player_may_be_told(known: Value) -> None:
    assert not _refused("You do not qualify for a bonus.", known)
    assert not _refused("You do not qualify for it.", known)


PAYOUT_APPROVED: Final = """
Your withdrawal was approved.
Your withdrawal of 250 EUR has been approved.
Ihre Auszahlung über 250 EUR wurde genehmigt.
Su retiro ha sido aprobado.
O seu saque foi aprovado.
Votre retrait a été approuvé.
Din utbetalning är godkänd.
""".strip().splitlines()


@pytest.mark.parametrize("text", PAYOUT_APPROVED)
def test_a_withdrawal_is_approved_where_its_result_says_so(text: str) -> None:
    assert not _refused(text, _withdrawal("approved"))
    assert _refused(text, _withdrawal("pending"))


@pytest.mark.parametrize("text", ["Your withdrawal of 250 EUR is on its way.", "Ihre Auszahlung ist unterwegs."])
def test_a_withdrawal_is_on_its_way_where_it_was_paid(text: str) -> None:
    assert not _refused(text, _withdrawal("paid"))
    assert _refused(text, _withdrawal("pending"))


def test_a_withdrawal_proves_nothing_of_a_bonus_or_a_refund() -> None:
    assert _refused("Your bonus is approved.", _withdrawal("approved"))
    assert _refused("Your bonus is on its way.", _withdrawal("paid"))
    assert _refused("Your refund is on its way.", _withdrawal("paid"))


@pytest.mark.parametrize(
    ("ask", "words"),
    [
        (promises_effect, "snurr"),
        (promises_effect, "your deposit was credited "),
        (promises_effect, "not i have added "),
        (_is_refusal, "you do not qualify for a loan "),
        (_is_approval, "not it is approved "),
        (_is_approval, "it is approved or declined, "),
        (pledges, "not your money is on its way "),
        (_has_values, "\n"),
        (promises_effect, "a" + "_" * 8000 + "b"),
    ],
)
def test_many_claims_are_read_as_fast_as_few(ask: Callable[[str], bool], words: str) -> None:
    text = (words * 80000)[:80000]
    begun = time.process_time()
    assert isinstance(ask(text), bool)
    assert time.process_time() - begun < 2  # a fifth of that is needed; from the start for every claim takes 5 to 100
