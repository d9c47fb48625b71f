"""Whether a player asks for a person: what is asked for is heard, and honest talk of people is not taken for it."""

import time
from pathlib import Path

import pytest

from evals.ticket import read_tickets
from tools.spoken import wants_human

HERE = Path(__file__).parent / "asking"
TICKETS = Path(__file__).parents[2] / "evals" / "tickets"

# Known, and left: whether a person or the desk itself is meant, a person meant by "one", and a wish that has passed.
MISHEARD = {
    "hi can i speak to customer support",
    "Gibt es hier auch echte Menschen? Ich will mit einem reden.",
    "Koppla mig till kundtjänst tack",
    "I wanted to talk to an agent before, but now I just need my bonus",
    "can somebody real answer me",
}


def phrases(name: str) -> list[tuple[str, str, str]]:
    """Return what each phrase says, its language, and the words."""
    lines = (HERE / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    each = (line.split(" ", 2) for line in lines if line and not line.startswith("#"))
    return [(kind, language, text.replace("\\n", "\n")) for kind, language, text in each]


def figures(name: str) -> tuple[int, int, int]:
    """Return how many phrases ask for a human, how many do not, and in how many languages."""
    kept = phrases(name)
    asking = sum(kind == "human" for kind, _, _ in kept)
    return asking, len(kept) - asking, len({language for _, language, _ in kept})


@pytest.mark.parametrize("name", ["tuned", "held_out", "second", "third"])
def test_who_asks_is_heard_and_nobody_else(name: str) -> None:
    wrong = {text for kind, _, text in phrases(name) if wants_human(text) != (kind == "human")}
    assert wrong == {text for _, _, text in phrases(name) if text in MISHEARD}


def test_the_phrases_are_many_and_of_many_languages() -> None:
    """At the first look: 44 of 50 heard and 1 of 76 taken for a wish, then 18 of 30 and none of 45."""
    assert [figures(name) for name in ("tuned", "held_out", "second")] == [(48, 79, 12), (50, 76, 12), (30, 45, 12)]
    assert figures("third") == (45, 37, 8)


def test_of_the_shipped_tickets_only_those_are_heard_that_end_with_a_human_at_the_players_wish() -> None:
    asking = [one.ticket for one in read_tickets(TICKETS) if any(map(wants_human, one.ticket.says))]
    assert len(asking) > 5
    ends = {one.id: one.expect.handoff for one in asking if one.expect is not None}
    assert {name: end for name, end in ends.items() if end != "player_request"} == {}


@pytest.mark.parametrize(
    "text",
    [
        'Your bot wrote "please talk to an agent". Why?',
        "It says “contact a live agent” on the page",
        "Da steht „mit einem Mitarbeiter sprechen“, aber ich will nur den Bonus",
        "Le site dit « parler à un conseiller »",
        "> I want to speak to a human\nThat was my husband, it is solved.",
    ],
)
def test_what_is_quoted_is_not_asked_for(text: str) -> None:
    assert not wants_human(text)


@pytest.mark.parametrize(
    "text",
    [
        '"I want to speak to a human"',
        'I want to "speak to a human"!',
        'I want a "real person"',
        'You said "one moment". I want a human.',
        "> One moment, please.\nNo. Human!",
    ],
)
def test_own_words_count_though_something_is_quoted(text: str) -> None:
    assert wants_human(text)


@pytest.mark.parametrize(
    "text",
    [
        "Muss ich mit einem Mitarbeiter sprechen, um den Bonus zu bekommen?",
        "Do I need to talk to an agent first?",
        "Jag vill prata om min bonus",
        "Will a person check my documents?",
        "Is there a human reading this?",
        "I prefer human dealers",
    ],
)
def test_a_question_about_people_is_no_wish(text: str) -> None:
    assert not wants_human(text)


@pytest.mark.parametrize(
    "words",
    [
        "talk to ",
        "talk to my ",
        '"',
        '"a" ',
        'I want to "a" ',
        "“a ",
        "> a\n",
        "is there a real ",
        "have a ",
        "no no ",
        "not talk to a human ",
        "do i talk to a human ",
    ],
)
def test_a_long_message_is_read_in_a_moment(words: str) -> None:
    begin = time.process_time()
    wants_human((words * 8000)[:8000])
    assert time.process_time() - begin < 5  # a hundredth of that is needed; what backtracks takes minutes
