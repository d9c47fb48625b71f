"""The language of replies: what is told, what is not, and how often it is told wrongly."""

from collections import Counter

import pytest

from evals.grading.language import LANGUAGES, languages_of, weights
from tests.agent.outgoing.corpus import read_corpus


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The bonus is on your account now.", "en"),
        ("Der Bonus ist jetzt auf Ihrem Konto.", "de"),
        ("El bono ya está en tu cuenta.", "es"),
        ("O bônus já está na sua conta.", "pt"),
        ("Le bonus est maintenant sur votre compte.", "fr"),
        ("Bonusen finns nu på ditt konto.", "sv"),
    ],
)
def test_a_plain_sentence_is_read_in_its_language(text: str, language: str) -> None:
    assert languages_of(text) == (language,)


def test_names_figures_and_addresses_say_nothing() -> None:
    assert languages_of("VIP_50: 1 EUR, the@die.el") == ()
    assert set(weights("")) == set(LANGUAGES)


def test_the_corpus_is_read_as_the_page_on_tickets_says() -> None:
    corpus = read_corpus()
    messages = (*corpus.honest, *corpus.planted)
    found = Counter[str]()
    for message in messages:
        told = languages_of(message.text)
        found[str(len(told) == 1) if message.language in told else "none" if not told else "wrong"] += 1
    assert (len(messages), found) == (833, {"True": 800, "False": 28, "none": 1, "wrong": 4})
