"""What a player wants by their newest words: a bonus, none, or only to know. Nothing else is taken for a no."""

import time
from pathlib import Path

import pytest

from evals.ticket import read_tickets
from tools.catalog import CATALOG
from tools.declined import Wish, can_be_declined, newest_wish

HERE = Path(__file__).parent / "declining"
TICKETS = Path(__file__).parents[2] / "evals" / "tickets"
Phrase = tuple[str, str]  # what it says, and the words


def phrases(name: str) -> list[Phrase]:
    lines = (HERE / name).read_text(encoding="utf-8").splitlines()
    each = (line.split(" ", 2) for line in lines if line and not line.startswith("#"))
    return [(kind, text) for kind, _, text in each]


def read_as(text: str) -> str:
    wish = newest_wish([text])
    return "open" if wish is None or wish is Wish.HAVE else wish.value


@pytest.mark.parametrize(("kind", "text"), phrases("tuned.txt"))
def test_a_no_is_heard_and_nothing_else_is_taken_for_one(kind: str, text: str) -> None:
    assert read_as(text) == kind


def test_phrases_that_were_not_looked_at_are_read_as_well() -> None:
    kept = phrases("held_out.txt")
    wrong = [(kind, text) for kind, text in kept if read_as(text) != kind]
    assert len([kind for kind, _ in kept if kind != "open"]) == 28
    assert [text for kind, text in wrong if kind == "open"] == []
    assert len(wrong) <= 1  # 27 of 28 at the first look


def test_no_message_of_a_shipped_ticket_is_taken_for_a_no_but_of_those_that_change_their_mind() -> None:
    declining = [
        one.ticket
        for one in read_tickets(TICKETS)
        if any(newest_wish([text]) in {Wish.NONE, Wish.KNOW} for text in one.ticket.says)
    ]
    assert [one.id for one in declining if "changes-mind" not in one.tags] == []
    assert "changes-mind-before-details" in {one.id for one in declining}


@pytest.mark.parametrize(
    ("said", "wish"),
    [
        ([], None),
        (["Hello"], None),
        (["Can I get a bonus?"], Wish.HAVE),
        (["Can I get a bonus?", "Stop. I do not want a bonus.", "anna@example.com, 12 April 1990"], Wish.NONE),
        (["I do not want a bonus.", "What would the bonus have been?"], Wish.NONE),
        (["I do not want a bonus.", "Why is the bonus so small?"], Wish.NONE),
        (["I do not want a bonus.", "yes"], Wish.NONE),
        (["I do not want a bonus.", "I want to ask about the bonus"], Wish.NONE),
        (["I do not want a bonus.", "I have a question on the bonus, I need it explained"], Wish.NONE),
        (["I do not want a bonus.", "Can I get information about the bonus?"], Wish.NONE),
        (["I do not want a bonus.", "I want the bonus cancelled"], Wish.NONE),
        (["I do not want a bonus.", "Send it to my mail, your answer about the bonus"], Wish.NONE),
        (["I do not want a bonus.", "Kann ich erfahren, was der Bonus wäre?"], Wish.NONE),
        (["I do not want a bonus.", "I'll take the bonus after all"], Wish.HAVE),
        (["I do not want a bonus.", "Sorry, please give me the free spins now"], Wish.HAVE),
        (["Ich will keinen Bonus.", "Kann ich den Bonus doch noch bekommen?"], Wish.HAVE),
        (["Ich will keinen Bonus.", "Ich möchte ihn doch haben"], Wish.HAVE),
        (["Je ne veux pas de bonus.", "Puis-je avoir le bonus quand même ?"], Wish.HAVE),
        (["No quiero el bono.", "¿Puedo recibir el bono ahora?"], Wish.HAVE),
        (["Não quero o bónus.", "Posso receber o bónus?"], Wish.HAVE),
        (["Non voglio il bonus.", "Posso avere il bonus?"], Wish.HAVE),
        (["I do not want a bonus.", "OK then, I want the bonus"], Wish.HAVE),
        (["I do not want a bonus.", "I want the bonus."], Wish.HAVE),
        (["I do not want a bonus.", "Can I get one after all?"], Wish.HAVE),
        (["Ich will keinen Bonus.", "Doch, bitte geben Sie mir den Bonus"], Wish.HAVE),
        (["Je ne veux pas de bonus.", "Donnez-moi le bonus"], Wish.HAVE),
        (["No quiero el bono.", "Quiero el bono"], Wish.HAVE),
        (["Não quero o bónus.", "Quero o bónus"], Wish.HAVE),
        (["Non voglio il bonus.", "Voglio il bonus"], Wish.HAVE),
        (["Do not issue a bonus.", "I just want to know if I qualify"], Wish.KNOW),
        (["Do not issue a bonus yet. Could I get one?"], Wish.KNOW),
        (["I only want to know whether I qualify.", "yes please"], Wish.HAVE),
        (["I only want to know whether I qualify.", "Yes, that is my e-mail address"], Wish.KNOW),
        (["Cancel the spins and please give me the cash bonus"], Wish.HAVE),
        (["I don't want anything, just the bonus"], None),
        (["Never mind. Can I get a bonus?"], Wish.HAVE),
        (["Can I get a bonus? No, I don't want one"], Wish.NONE),
        (["I don't want the spins, I want the cash bonus"], Wish.HAVE),
    ],
)
def test_the_newest_wish_counts_until_other_words_replace_it(said: list[str], wish: Wish | None) -> None:
    assert newest_wish(said) is wish


def test_only_what_was_granted_before_can_be_declined() -> None:
    assert [name for name, tool in CATALOG.items() if can_be_declined(tool)] == ["issue_bonus"]


@pytest.mark.parametrize(
    "words", ["but ", "please no ", "i don't want the any ", "can i give ", "je ne veux pas de la "]
)
def test_a_long_message_is_read_in_a_moment(words: str) -> None:
    begin = time.process_time()
    newest_wish([(words * 4000)[:8000]])
    assert time.process_time() - begin < 10  # a hundredth of that is needed; what backtracks takes minutes
