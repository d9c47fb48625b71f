"""Words of harm from gambling are heard in many languages; everyday words of a support chat are not."""

import pytest

from agent.model.scripted import call, say
from tests.agent.outgoing.corpus import read_corpus
from tests.desks import ANNA, desk
from tools.harm import speaks_of_harm


@pytest.mark.parametrize(
    "text",
    [
        "I want to close my account, I have a gambling problem.",
        "I can\u2019t  stop\ngambling",
        "PLEASE EXCLUDE ME FROM YOUR SITE",
        "I gambled away my rent",
        "Ich bin spielsüchtig.",
        "Bitte sperren Sie mich!",
        "soy ludópata",
        "Quiero autoexcluirme",
        "sou viciado em jogo",
        "je suis accro au jeu",
        "Jag är spelberoende",
        "jeg er ludoman",
        "jeg er spilleavhengig",
        "ho una dipendenza dal gioco",
        "Ik heb een gokverslaving",
        "jestem uzależniony od hazardu",
        "Minulla on peliriippuvuus",
    ],
)
def test_harm_is_heard(text: str) -> None:
    assert speaks_of_harm(text)


@pytest.mark.parametrize(
    "text",
    [
        "I have a problem with my bonus",
        "Why am I excluded from the bonus?",
        "The game stopped, can't you stop the spinning wheel?",
        "I am banned from chat, why?",
        "Ich spiele gern Slots",
        "me gusta el juego",
        "j'ai un problème avec le jeu Book of Dead",
        "I play too little to get a bonus?",
    ],
)
def test_other_words_are_not_taken_for_it(text: str) -> None:
    assert not speaks_of_harm(text)


def test_no_message_of_the_desk_speaks_of_harm() -> None:
    assert [one.text for one in read_corpus().honest if speaks_of_harm(one.text)] == []


async def test_a_model_that_would_go_on_is_not_asked() -> None:
    d = desk("P1001", script=[call("qualify_for_bonus"), say("Here is your bonus!")])
    handled = await d.say(f"Please exclude me. And a bonus: {ANNA}")
    assert (handled.outcome, handled.silent) == ("escalated", True)
    assert handled.replies == (
        "Thank you for telling me. I will not offer you anything. A colleague who can help with this takes over now.",
    )
    assert (await d.sandbox.stores.handoffs("t1"))[0]["reason_code"] == "player_protection"
    assert (await d.entries("model_request"), d.granted) == ([], [])
