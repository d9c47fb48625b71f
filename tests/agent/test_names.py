"""What a channel calls things by: a name that some store cannot keep is refused before anything is written."""

from dataclasses import replace

import pytest

from agent.incoming import BadTrigger
from agent.run import Close, Decided, Message, Trigger, handle
from tests.agent.stored_desk import stored
from tests.desks import desk

GOOD = Message(ticket_id="t1", message_id="m1", brand="lucky-spin", text="Hello")


def bad_triggers(bad: str) -> list[tuple[str, Trigger]]:
    return [
        ("ticket_id", replace(GOOD, ticket_id=bad)),
        ("message_id", replace(GOOD, message_id=bad)),
        ("brand", replace(GOOD, brand=bad)),
        ("procedure", replace(GOOD, procedure=bad)),
        ("ticket_id", Close(ticket_id=bad)),
        ("ticket_id", Decided(ticket_id=bad)),
    ]


@pytest.mark.parametrize(("bad", "code"), [("m\x00", "U+0000"), ("m\ud800", "U+D800"), ("m\udfff", "U+DFFF")])
async def test_a_name_that_cannot_be_kept_is_refused_alike_everywhere(address: str, bad: str, code: str) -> None:
    async with stored(desk("P1001"), address) as one:
        for what, trigger in bad_triggers(bad):
            with pytest.raises(BadTrigger) as refused:
                await handle(trigger, one.deps)
            assert str(refused.value) == f"`{what}` holds {code} at character 2, which cannot be kept; leave it out"
        assert await one.stores.tickets() == []


async def test_a_text_that_cannot_be_kept_is_cleaned_and_answered_everywhere(address: str) -> None:
    async with stored(desk("P1001"), address) as one:
        handled = await one.say("Can I get\x00 a bonus?\ud800", message="m1")
        (taken,) = await one.stores.entries("t1", kinds=("player_message",))
        assert (taken.body["text"], len(handled.replies)) == ("Can I get a bonus?\ufffd", 1)
