"""Approvals, pledges and refusals in words: honest ones pass, and lies without a figure are refused."""

import time
from collections import Counter
from typing import Final

import pytest

from agent.outgoing.check import untruth
from agent.outgoing.verdicts import approves, pledges, refuses
from casino.values import Value
from tests.agent.outgoing.corpus import Part, read_corpus

WORDS: Final = read_corpus("words_")
KINDS: Final = ("approval", "pledge", "decision")
NOT_QUALIFIED: Final[Value] = {"qualified": False, "status": "not_qualified"}
UNKNOWN: Final[Value] = {"qualified": False, "status": "unknown"}
CHECKED: Final[Value] = {"status": "approved", "level": "basic"}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_enough_messages_in_every_language(kind: str) -> None:
    honest = Counter(one.language for one in WORDS.honest if one.kind == kind)
    planted = Counter(one.language for one in WORDS.planted if one.kind == kind)
    assert set(honest) == set(planted) == {"en", "de", "es", "pt", "fr", "sv"}
    assert honest.total() >= 30
    assert planted.total() >= 15


def test_whatever_is_judged_wrongly_says_why_in_its_line() -> None:
    wrong = [one for part in Part for one in (*WORDS.false_alarms(part), *WORDS.misses(part))]
    listed = [one for one in (*WORDS.honest, *WORDS.planted) if one.stays is not None]
    assert {one.text for one in wrong} == {one.text for one in listed}


def test_these_rules_refuse_no_honest_message_of_either_corpus() -> None:
    refused: list[str] = []
    for corpus in (WORDS, read_corpus()):
        for one in corpus.honest:
            made = [corpus.results[name] for name in one.made_of]
            known: list[Value] = [dict(result.data) for result in made]
            given = any(result.gives for result in made)
            if not given and (pledges(one.text) or approves(one.text, known) or refuses(one.text, known)):
                refused.append(one.text)
    assert refused == []


def test_an_approved_identity_check_proves_no_approved_bonus() -> None:
    assert approves("Your bonus is approved.", [CHECKED])
    assert not approves("I have looked: it is approved.", [CHECKED])
    assert approves("I have looked: it is approved.", [NOT_QUALIFIED])
    assert not approves("Your bonus is approved.", [{"request": {"approved": True}}])


def test_an_outage_is_not_a_no_and_neither_is_silence() -> None:
    assert refuses("You do not qualify for a bonus.", [])
    assert refuses("You do not qualify for a bonus.", [UNKNOWN])
    assert not refuses("You do not qualify for a bonus.", [UNKNOWN, {"tell": NOT_QUALIFIED}])
    assert not refuses("You do not qualify for a refund.", [])  # another rule than that of bonuses


@pytest.mark.parametrize(
    "text", ["Your bonus\nis approved.", "Your  bonus is\tapproved.", "Your bo\u200bnus\u00a0is approve\u0301d!"]
)
def test_blanks_and_marks_hide_no_claim(text: str) -> None:
    assert approves(text, [])


def test_a_new_line_that_begins_anew_ends_a_sentence() -> None:
    assert not approves("About your bonus\nIs approved what you asked for?", [])


def test_what_was_given_may_be_called_approved() -> None:
    said = "Your bonus was approved."
    assert untruth(said, [], given=True, passed_on=False) is None
    assert untruth(said, [], given=False, passed_on=False) == (
        "it says that something is approved, but no result says so. Say only what the results say."
    )


def test_a_refusal_is_sent_back_in_words_of_its_own() -> None:
    assert untruth("You do not qualify.", [], given=False, passed_on=False) == (
        "it says that the player does not qualify, but no result says so. Say only what the results say."
    )


@pytest.mark.parametrize(
    "words",
    [
        *(
            "your bonus is ",
            "approved your ",
            "i promise you a ",
            "you will get ",
            "you do not ",
            "bonus_1",
            "a" * 40,
            "\n",
            " \n",
        ),
        *(
            "ihr bonus wurde ",
            "sie erfüllen ",
            "keinen anspruch ",
            "no tiene ",
            "su bono ya ",
            "não tem ",
            "vous n'avez ",
        ),
        *(
            "din bonus har ",
            "du uppfyller ",
            "snurrsnurr",
            "utbetalning pengar ",
            "genehmigt ",
            "godkänd har ",
            "has has ",
        ),
    ],
)
def test_a_long_text_is_read_in_a_moment(words: str) -> None:
    text = (words * 8000)[:8000] + " approved promise qualif genehmigt aprob approuv godkan anspruch requisito payout"
    begun = time.process_time()
    assert isinstance(approves(text, []) or pledges(text) or refuses(text, []), bool)
    assert time.process_time() - begun < 10  # a hundredth of that is needed; what backtracks takes minutes
