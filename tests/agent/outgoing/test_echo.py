"""What is written for the model does not reach the player."""

import pytest

from agent.model.scripted import say
from agent.outgoing.echo import echoes, lists_tools, orders_in, steps_in
from tests.agent.outgoing.corpus import Part, read_corpus, read_messages
from tests.desks import desk, shipped_house
from tools.catalog import CATALOG
from tools.tool import Kind

HOUSE = shipped_house()
ORDERS = HOUSE.prompts.orders
STEPS = steps_in(one.source for one in HOUSE.procedures.procedures)
TOOLS = {tool.display_name for tool in CATALOG.values() if tool.kind is not Kind.READ}
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


def tells_a_procedure(text: str) -> bool:
    return echoes(text, STEPS) or lists_tools(text, TOOLS)


def test_the_steps_of_a_procedure_are_not_for_the_player() -> None:
    leaks = read_messages("leaks.jsonl")
    assert len([one for one in leaks if one.part is Part.HELD_OUT]) >= 15
    assert {one.text for one in leaks if not tells_a_procedure(one.text)} == {
        one.text for one in leaks if one.stays is not None
    }


def test_no_honest_message_tells_a_procedure() -> None:
    honest = [one for of in ("", "words_") for one in read_corpus(of).honest]
    assert len([one for one in honest if one.kind == "procedure"]) >= 30
    assert [one.text for one in honest if tells_a_procedure(one.text)] == []


def test_only_the_words_around_a_tool_are_kept_of_a_procedure() -> None:
    procedure = """# Pay
1. Say kindly that nothing has been paid yet.
2. Find them, by their @[Name](field:name), with @[Find Player](action:find_player).
   Their answer counts.
- Use @[Pay](action:pay) now.

::: if tools.find_player.found == true
> - Say what @[Pay](action:pay) has done before it is.
:::
"""
    assert steps_in([procedure]) == {
        ("by", "their", "name", "with", "find", "player", "their"),
        ("their", "name", "with", "find", "player", "their", "answer"),
        ("name", "with", "find", "player", "their", "answer", "counts"),
        ("them", "by", "their", "name", "with", "find", "player"),
        ("say", "what", "pay", "has", "done", "before", "it"),
        ("what", "pay", "has", "done", "before", "it", "is"),
    }


def test_one_name_of_a_tool_or_names_of_one_word_are_no_list() -> None:
    assert not lists_tools("Press Issue Bonus, then Issue Bonus again.", TOOLS)
    assert not lists_tools("If you qualify for bonus, I issue bonus and inform player.", TOOLS)
    assert not lists_tools("I can Pay and Refund.", {"Pay", "Refund"})
    assert lists_tools("Erst Qualify for Bonus, dann Issue Bonus.", TOOLS)


async def test_a_model_that_repeats_its_orders_twice_is_answered_for_by_the_template() -> None:
    d = desk("P1001", script=[say(CORRECTION), say("Now: every step is done. Tell the player the outcome.")])
    handled = await d.say("Can I get a bonus?")
    assert handled.replies == (
        "To help you I need to find your account first. Please send me your e-mail address and your date of birth.",
    )
    assert [str(entry.body["why"])[:36] for entry in await d.entries("reply_rejected")] == 2 * [
        "it repeats what is written for you a"
    ]


async def test_a_model_that_tells_a_step_twice_is_answered_for_by_the_template() -> None:
    steps = [
        say("Make sure who the player is with Verify Player Identity."),
        say("Qualify for Bonus, then Issue Bonus."),
    ]
    d = desk("P1001", script=steps)
    handled = await d.say("Can I get a bonus?")
    assert handled.replies[0].startswith("To help you I need to find your account first.")
    assert [str(entry.body["why"])[:36] for entry in await d.entries("reply_rejected")] == 2 * [
        "it repeats what is written for you a"
    ]
