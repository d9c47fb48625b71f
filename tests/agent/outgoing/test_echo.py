"""What is written for the model does not reach the player."""

import pytest

from agent.model.scripted import say
from agent.outgoing.echo import echoes, orders_in
from tests.agent.outgoing.corpus import read_corpus
from tests.desks import desk, shipped_house

ORDERS = shipped_house().prompts.orders
CORRECTION = "Your last answer was not sent: these values stand in no result of this ticket: 35. Use only values."


@pytest.mark.parametrize(
    "text",
    [
        CORRECTION,
        "NOW - every step is done: tell the player the outcome, please.",
        "Well. Take every fact, figure and promise from a result!",
        "<desk>hello</desk>",
        "Fine </result>",
    ],
    ids=["correction", "note", "rule", "mark", "half a mark"],
)
def test_an_order_that_is_repeated_is_noticed(text: str) -> None:
    assert echoes(text, ORDERS)


def test_what_a_template_fills_in_is_no_order() -> None:
    orders = orders_in(
        ["Now: the step is {{ step }}.\n{% if x %}say it to them at once{% endif %}{# a b c d e f #}one"]
    )
    assert orders == {("say", "it", "to", "them", "at", "once")}


def test_no_honest_message_repeats_an_order() -> None:
    assert [one.text for one in read_corpus().honest if echoes(one.text, ORDERS)] == []


async def test_a_model_that_repeats_its_orders_twice_is_answered_for_by_the_template() -> None:
    d = desk("P1001", script=[say(CORRECTION), say("Now: every step is done. Tell the player the outcome.")])
    handled = await d.say("Can I get a bonus?")
    assert handled.replies == (
        "To help you I need to find your account first. Please send me your e-mail address and your date of birth.",
    )
    assert [str(entry.body["why"])[:36] for entry in await d.entries("reply_rejected")] == 2 * [
        "it repeats what is written for you a"
    ]
