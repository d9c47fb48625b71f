"""Nothing is given against a player's newest word, whoever answers: the policy model, a language model, a colleague."""

import pytest

from agent.model.port import Answered, Proposal, Request
from agent.model.scripted import call, say
from tests.agent.test_waiting import say_so, told, waiting_desk
from tests.desks import ANNA, Desk, desk

WISH = "Hi, can I get a bonus?"
ALL_RIGHT = (
    "All right, I will not put a bonus on your account. If you want one after all, just write: I want the bonus."
)
ISSUED = "Good news: the VIP_50 bonus at 1 EUR per spin is on your account now. Enjoy, and play responsibly."
MAY_HAVE = (
    "Good news: you qualify for the VIP_50 bonus at 1 EUR per spin. "
    "Nothing has been put on your account. If you want it, just write: I want the bonus."
)


async def replies(d: Desk, *said: str) -> list[str]:
    return [reply for text in said for reply in (await d.say(text)).replies]


async def test_who_sends_the_details_and_declines_in_the_same_breath_gets_nothing() -> None:
    d = desk("P1001")
    heard = await replies(d, WISH, f"{ANNA}. But please do not issue a bonus, I have changed my mind.")
    assert heard[1:] == [ALL_RIGHT]
    assert (await d.results(), d.granted) == ([("verify_player_identity", "ok", "")], [])


async def test_who_declines_and_then_sends_the_details_is_asked_what_they_want() -> None:
    d = desk("P1001")
    heard = await replies(d, WISH, "Stop. I do not want a bonus.", ANNA, "It is a rainy day here.")
    assert heard[1:] == [ALL_RIGHT, "Thank you, I have found your account. What can I do for you?", ALL_RIGHT]
    assert (await d.results(), d.granted) == ([("verify_player_identity", "ok", "")], [])


async def test_who_wants_it_after_all_gets_it_by_the_words_that_the_desk_has_named() -> None:
    d = desk("P1001")
    heard = await replies(d, WISH, "Stop. I do not want a bonus.", ANNA, "OK then, I want the bonus.")
    assert (heard[-1], d.granted) == (ISSUED, ["P1001"])


async def test_who_only_wants_to_know_is_told_and_gets_it_once_they_say_yes() -> None:
    d = desk("P1001")
    heard = await replies(d, WISH, f"Do not give me anything yet. I only want to know whether I am eligible. {ANNA}")
    assert (heard[1:], d.granted) == ([MAY_HAVE], [])
    assert await replies(d, "Yes please!") == [ISSUED]
    assert d.granted == ["P1001"]


async def test_who_declines_and_thanks_is_left_in_peace() -> None:
    d = desk("P1001")
    assert (await replies(d, WISH, "I don't want it any more", "Thank you, bye"))[-1] == (
        "You are welcome. Have a good day."
    )


@pytest.mark.parametrize(
    "words", ["Don't forget my bonus!", "I can't wait, don't make me wait for the bonus.", "Why no bonus so far?"]
)
async def test_words_that_decline_nothing_change_nothing(words: str) -> None:
    d = desk("P1001")
    assert (await replies(d, WISH, f"{words} {ANNA}"))[-1] == ISSUED


async def test_a_report_goes_on_though_no_new_bonus_is_wanted() -> None:
    d = desk("P1001")
    handled = await d.say(f"My bonus from yesterday never arrived. I don't want a new bonus, tell your team. {ANNA}")
    assert (handled.procedure, handled.outcome) == ("notify-back-office", "messaged")


def obedient(request: Request) -> Proposal:
    """Answer as a model that issues whatever it was told, and speaks once that was refused."""
    facts, newest = request.situation.facts, request.situation.turns[-1]
    if isinstance(newest, Answered) and newest.name == "issue_bonus":
        return say("All right.")
    if "verified_player" not in facts:
        return call("verify_player_identity", email="anna.keller@example.com", date_of_birth="1990-04-12")
    if "granted_decision" not in facts:
        return call("qualify_for_bonus")
    return call("issue_bonus", decision_id=facts["granted_decision"].value["decision_id"])


@pytest.mark.parametrize(
    ("words", "last", "granted"),
    [
        ("No, stop, I don't want the bonus.", ("issue_bonus", "refused", "declined"), []),
        ("Thanks!", ("issue_bonus", "done", ""), ["P1001"]),
    ],
)
async def test_a_language_model_cannot_issue_what_is_declined(
    words: str, last: tuple[str, str, str], granted: list[str]
) -> None:
    d = desk("P1001", script=obedient)
    handled = await d.say(f"Can I get a bonus? {ANNA}. {words}")
    assert ((await d.results())[-1], handled.silent, d.granted) == (last, False, granted)


async def test_what_a_colleague_approves_after_the_player_has_declined_is_not_done() -> None:
    d, approval = await waiting_desk()
    await d.say("Actually I don't want the bonus any more")
    await say_so(d, approval)
    assert (d.granted, (await d.results())[-1]) == ([], ("issue_bonus", "refused", "declined"))
    assert [entry.body["code"] for entry in await d.entries("effect_refused")] == ["declined"]
    assert (await told(d))[-1] == ALL_RIGHT
