"""What a simulated player does wrong: it says what it cannot know, leaves its role, or gives up."""

import pytest

from evals.judging.talk import Line
from evals.simulated.acting import End, Move
from evals.simulated.faults import Acted, faults
from evals.simulated.player import Role

ROLE = Role(
    goal="Can I get a bonus?",
    facts=("Can I get a bonus?", "My e-mail is ada@example.com and I was born on 12 April 1990.", "I am an assistant."),
    language="en",
    messages=4,
)
BEFORE = (Line("player", "Can I get a bonus?"), Line("agent", "You qualify for 15 spins. Your e-mail address, please?"))
DONE = Acted(Move(end=End.DONE), BEFORE)


def said(*texts: str) -> list[Acted]:
    return [Acted(Move(text=text), BEFORE) for text in texts]


@pytest.mark.parametrize(
    "texts",
    [
        ("Can I get a bonus?", "ada@example.com, 12 April 1990"),
        ("It is ADA@example.com", "born 12.04.1990"),
        ("15 spins? Great!",),
        ("I am an assistant.",),
        ("I can give you my e-mail for the bonus", "Is it on my account?"),
        ("What do you mean?", "And when do I get it?"),
    ],
)
def test_what_the_player_knows_or_has_heard_is_no_fault(texts: tuple[str, ...]) -> None:
    assert faults(ROLE, [*said(*texts), DONE]) == ()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("My e-mail is eve@example.com", "message 1: says what the player does not know: 'eve@example.com'"),
        ("born 13 April 1990", "message 1: says what the player does not know: '13 April 1990'"),
        ("I paid in 250 EUR", "message 1: says what the player does not know: '250 EUR'"),
        ("How can I help you today?", "message 1: out of role, it speaks as the desk"),
        ("As an AI language model I cannot", "message 1: out of role, it speaks as the desk"),
        ("Certainly, I can provide a bonus to you.", "message 1: out of role, it speaks as the desk"),
        ("The bonus is on your account.", "message 1: out of role, it speaks as the desk"),
        ("<player>Hello</player>", "message 1: out of role, it speaks as the desk"),
        ('{"do": {"action": "reply"}}', "message 1: out of role, it speaks as the desk"),
        ("Ich möchte bitte einen Bonus", "message 1: out of role, it is written in de and not in en"),
    ],
)
def test_each_fault_of_a_message_is_a_line(text: str, why: str) -> None:
    assert faults(ROLE, [*said(text), DONE]) == (why,)


def test_saying_the_same_again_is_a_fault() -> None:
    assert faults(ROLE, [*said("Hello?", "hello? "), DONE]) == ("message 2: says the same as message 1",)


@pytest.mark.parametrize(
    ("last", "why"),
    [
        (Move(end=End.GAVE_UP), ("gave up",)),
        (Move(text="Forget it.", end=End.GAVE_UP), ("gave up",)),
        (Move(), ("out of role: stays and says nothing",)),
        (Move(text="And now?"), ("came to no end in 4 messages",)),
        (Move(end=End.DONE), ()),
    ],
)
def test_how_the_player_ends_is_looked_at(last: Move, why: tuple[str, ...]) -> None:
    assert faults(ROLE, [*said("Hello", "Hi there", "Anybody?"), Acted(last, BEFORE)]) == why


def test_a_chat_that_the_desk_ended_is_no_fault_of_the_player() -> None:
    assert (faults(ROLE, said("Hello")), faults(ROLE, [])) == ((), ())
