"""Words of harm in a message that is too long to read: the end of it counts as much as its beginning."""

from collections.abc import Mapping
from time import process_time

import pytest

from agent.deps import Deps
from agent.incoming import Incoming, clean
from agent.model.port import Proposal, Request
from agent.run import Handled, Message, handle
from tests.agent.deaths import Died, DyingSaver, Life, with_life
from tests.agent.nodes.test_escalate import LATER, closed_desk
from tests.agent.test_waiting import STILL, reasons, waiting_desk
from tests.desks import ANNA, Desk, desk
from tools.approvals import ApprovalState
from tools.harm import speaks_of_harm

TAKEN_OVER = (
    "Thank you for telling me. I will not offer you anything. A colleague who can help with this takes over now."
)
TOO_LONG = "Your message is too long for me to read. Please tell me in a few sentences what you need."
STORY = "I want a bonus with my withdrawal, and my VIP manager has promised one. " * 400


def at_the_end(words: str, *, length: int = 20_000) -> str:
    """Return a message of a length that ends in these words."""
    return STORY[: length - len(words) - 1] + " " + words


class Unasked:
    """A model that may not be asked anything."""

    name = "unasked"
    is_llm = True

    async def propose(self, request: Request) -> Proposal:
        """Raise."""
        raise AssertionError(f"it was asked for a proposal: {request.prompt.note}")

    async def choose(self, text: str, options: Mapping[str, str]) -> str | None:
        """Raise."""
        raise AssertionError(f"it was asked to choose among {sorted(options)} for {len(text)} characters")


async def ends_with_a_human(d: Desk, handled: Handled) -> None:
    """Assert that a human has the ticket for protection, that the player was told so, and that nothing was given."""
    assert (handled.replies, handled.outcome, handled.silent) == ((TAKEN_OVER,), "escalated", True)
    assert (await reasons(d), d.granted) == (["player_protection"], [])


async def test_harm_in_a_short_message_that_several_procedures_fit_reaches_no_model() -> None:
    d = desk("P1001", model=Unasked())
    handled = await d.say("I want a bonus with my withdrawal, and self-exclude me please")
    await ends_with_a_human(d, handled)
    assert handled.path == ("load", "escalate", "reply")


@pytest.mark.parametrize(
    "words",
    ["I can't stop gambling.", "Bitte sperren Sie mich!", "soy lud\u00f3pata", "ban me", "gam\u200bbling problem"],
)
async def test_harm_at_the_end_of_a_long_first_message_gets_a_human_and_no_model_is_asked(words: str) -> None:
    d = desk("P1001", model=Unasked())
    await ends_with_a_human(d, await d.say(at_the_end(words)))
    assert await d.entries("model_request", "model_reply", "triage", "failure") == []


async def test_harm_in_the_middle_of_a_long_message_is_heard_too() -> None:
    d = desk("P1001", model=Unasked())
    await ends_with_a_human(d, await d.say(at_the_end("I gambled away my rent") + STORY))


async def test_harm_at_the_end_of_a_long_later_message_gets_a_human_at_once() -> None:
    d = desk("P1001")
    await d.say("Can I get a bonus?")
    asked = len(await d.entries("model_request"))
    await ends_with_a_human(d, await d.say(at_the_end(f"{ANNA}. Please exclude me.")))
    assert len(await d.entries("model_request")) == asked
    silent = await d.say(at_the_end("Please exclude me."))
    assert (silent.replies, silent.silent, await reasons(d)) == ((), True, ["player_protection"])


async def test_a_long_message_goes_on_record_with_what_was_heard_and_the_same_one_again_is_answered_the_same() -> None:
    d = desk("P1001")
    text = at_the_end("I have a gambling problem")
    first = await d.say(text, message="m1")
    again = await d.say(text, message="m1")
    assert (again.replies, again.silent, again.repeated) == (first.replies, True, True)
    (taken,) = await d.entries("player_message")
    kept = await d.sandbox.stores.text(str(taken.body["as_sent"]), ticket_id="t1")
    assert (taken.body["notice"], taken.body["speaks_of_harm"], kept) == ("too_long", True, text)
    assert "gambling problem" not in str(taken.body)
    assert [turn.body["outcome"] for turn in await d.entries("turn")] == ["escalated"]


async def test_other_long_messages_are_told_to_be_too_long_and_nothing_is_noted() -> None:
    d = desk("P1001", model=Unasked())
    handled = await d.say(at_the_end("Why am I excluded from the bonus?"))
    assert (handled.replies, handled.path, handled.silent) == ((TOO_LONG,), ("load", "reply"), False)
    (taken,) = await d.entries("player_message")
    assert "speaks_of_harm" not in taken.body


async def test_harm_at_the_end_of_a_long_message_while_the_ticket_waits_withdraws_what_was_asked_for() -> None:
    d, _ = await waiting_desk()
    await ends_with_a_human(d, await d.say(at_the_end("I am addicted to gambling")))
    (asked,) = await d.sandbox.stores.approvals()
    assert asked.state is ApprovalState.WITHDRAWN


async def test_another_long_message_while_the_ticket_waits_leaves_it_waiting() -> None:
    d, _ = await waiting_desk()
    handled = await d.say(at_the_end("When?"))
    assert (handled.replies, handled.silent, await reasons(d)) == ((STILL,), False, [])


async def test_where_nobody_can_take_over_the_player_is_told_so_and_gets_a_human_with_the_next_long_message() -> None:
    d, inbox = closed_desk()
    handled = await d.say(at_the_end("ban me"))
    assert (handled.replies, handled.outcome, handled.silent) == ((LATER,), None, False)
    inbox.open = True
    await ends_with_a_human(d, await d.say(at_the_end("I said: ban me")))


async def tell(deps: Deps, message_id: str, text: str) -> Handled:
    return await handle(Message(ticket_id="t1", message_id=message_id, brand="lucky-spin", text=text), deps)


async def test_a_hand_over_that_dies_before_any_of_its_writes_is_finished_after_a_restart() -> None:
    text, life = at_the_end("I gambled away my rent"), Life(10_000)
    await tell(with_life(desk("P1001"), DyingSaver(), life), "a", text)
    assert life.written > 10
    for left in range(life.written):
        d, saver = desk("P1001"), DyingSaver()
        with pytest.raises(Died):
            await tell(with_life(d, saver, Life(left)), "a", text)
        await ends_with_a_human(d, await tell(with_life(d, saver, Life(10_000)), "a", text))


async def test_a_turn_that_was_cut_off_gives_nothing_once_a_long_message_behind_it_speaks_of_harm() -> None:
    d, saver = desk("P1001"), DyingSaver()
    await tell(with_life(d, saver, Life(10_000)), "a", "Can I get a bonus?")
    with pytest.raises(Died):
        await tell(with_life(d, saver, Life(8)), "b", ANNA)
    handled = await tell(with_life(d, saver, Life(10_000)), "c", at_the_end("Please exclude me."))
    assert (handled.silent, await reasons(d), d.granted) == (True, ["player_protection"], [])


@pytest.mark.parametrize(
    "text",
    ["play " * 200_000, "m\u00f6chte \u0441\u043f\u0430\u0441\u0438\u0431\u043e " * 65_000, "\ufdfa" * 1_000_000],
)
def test_a_megabyte_is_looked_at_to_its_end_in_little_time(text: str) -> None:
    began = process_time()
    assert not speaks_of_harm(text)
    assert speaks_of_harm(f"{text[:990_000]} ban me")
    assert process_time() - began < 10


def test_of_more_than_a_million_characters_the_beginning_and_the_end_are_looked_at() -> None:
    filler = "play " * 400_000
    assert speaks_of_harm(f"ban me {filler}")
    assert speaks_of_harm(f"{filler} ban me")
    assert not speaks_of_harm(filler[:499_996] + "ban " + filler + "me " + filler[:499_997])


def test_marks_piled_up_on_one_letter_take_no_time() -> None:
    began = process_time()
    cleaned = clean("a" + "\u0301\u0327" * 250_000 + " ban me")
    assert cleaned == Incoming("\u00e1" + "\u0327" * 15 + "\u0301" * 14 + " ban me", None, ("normalised",))
    assert process_time() - began < 10
