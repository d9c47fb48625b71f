"""Who asks for a human gets one, whatever the model does: it has the first chance, and code has the last word."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from langgraph.checkpoint.memory import InMemorySaver

from agent.deps import Deps, Graph
from agent.graph import build
from agent.model.port import Answered, Proposal, ProposedCall, Request
from agent.model.scripted import Script, call, say
from agent.run import Handled, Message, handle
from agent.stepping import SteppingGraph
from tests.agent.deaths import Died, DyingSaver, Life, with_life
from tests.agent.nodes.test_escalate import LATER, closed_desk
from tests.agent.test_going_on import LastMoment, with_approvals, yes
from tests.agent.test_waiting import GATE, TO_A_HUMAN, decided, reasons, say_so, state_of, told
from tests.desks import ANNA, Desk, desk
from tools.approvals import ApprovalState
from tools.ledger import Denied

TRANSFER = "transfer_to_live_agent"
ASKS = "I want to speak to a human."
VERIFY = call("verify_player_identity", email="anna.keller@example.com", date_of_birth="1990-04-12")
ISSUE = [VERIFY, call("qualify_for_bonus"), call("issue_bonus", decision_id="D-1")]
WITHHOLDS = say("Nobody is on duty. How can I help you?")


def stepping() -> Graph:
    """Return the graph that replays step through."""
    return SteppingGraph()


def langgraph() -> Graph:
    """Return the graph of a live desk."""
    return build(InMemorySaver())


@pytest.fixture(params=[stepping, langgraph])
def graph(request: pytest.FixtureRequest) -> Callable[[], Graph]:
    """Run a test on both graphs."""
    return request.param


def scripted(graph: Callable[[], Graph], *script: Proposal, gate: str | None = None) -> Desk:
    """Return a desk of which the model does what it is told, on a graph."""
    d = desk("P1001", script=script, gate=gate)
    return replace(d, sandbox=replace(d.sandbox, deps=replace(d.sandbox.deps, graph=graph())))


async def called(d: Desk) -> list[tuple[str, object]]:
    """Return the calls on record, and who made them where it was not the model."""
    return [(str(one.body["name"]), one.body.get("by")) for one in await d.entries("tool_call")]


async def ends_with_a_human(d: Desk, handled: Handled) -> None:
    """Assert that a human has the ticket because the player asked, and that this is all that the player was told."""
    assert (handled.replies, handled.outcome, handled.silent) == ((TO_A_HUMAN,), "escalated", True)
    assert await reasons(d) == ["player_request"]


@pytest.mark.parametrize("text", [ASKS, "Ich möchte mit einem Mitarbeiter sprechen", "operator please"])
async def test_a_model_that_withholds_a_human_keeps_nobody_from_one(graph: Callable[[], Graph], text: str) -> None:
    d = scripted(graph, WITHHOLDS)
    handled = await d.say(text)
    await ends_with_a_human(d, handled)
    assert (handled.path[-2:], await told(d)) == (("escalate", "reply"), [TO_A_HUMAN])
    assert await called(d) == [(TRANSFER, "code")]


async def test_a_ticket_that_was_handed_over_so_is_silent(graph: Callable[[], Graph]) -> None:
    d = scripted(graph, WITHHOLDS, WITHHOLDS)
    await d.say(ASKS)
    again = await d.say("I said a human!")
    assert (again.replies, again.silent, await reasons(d)) == ((), True, ["player_request"])
    assert len(await d.entries("model_request")) == 1


@pytest.mark.parametrize("before", [[], [VERIFY], [VERIFY, call("qualify_for_bonus")]])
async def test_a_model_that_hands_over_itself_is_left_to_it(before: list[Proposal]) -> None:
    d = desk("P1001", script=[*before, call(TRANSFER, reason_code="procedure", asked="a bonus")])
    handled = await d.say(f"{ASKS} It is about a bonus: {ANNA}")
    assert (handled.silent, await reasons(d)) == (True, ["procedure"])
    assert (await called(d))[-1] == (TRANSFER, None)


async def test_a_hand_over_that_was_called_wrongly_is_made_by_code(graph: Callable[[], Graph]) -> None:
    d = scripted(graph, call(TRANSFER, reason_code="no_one_there"), WITHHOLDS)
    await ends_with_a_human(d, await d.say(ASKS))
    assert await called(d) == [(TRANSFER, None), (TRANSFER, "code")]


async def test_what_the_model_has_begun_is_brought_to_its_end_first(graph: Callable[[], Graph]) -> None:
    d = scripted(graph, *ISSUE, say("The bonus is on your account."))
    await ends_with_a_human(d, await d.say(f"Can I get a bonus? {ANNA}. And {ASKS}"))
    assert d.granted == ["P1001"]
    (handed,) = await d.sandbox.stores.handoffs("t1")
    assert "issue_bonus: done" in str(handed["tried"])


async def test_an_effect_that_would_wait_for_a_yes_does_not_keep_the_player_waiting(graph: Callable[[], Graph]) -> None:
    d = scripted(graph, *ISSUE, gate=GATE)
    handled = await d.say(f"Can I get a bonus? {ANNA}. And {ASKS}")
    await ends_with_a_human(d, handled)
    (asked,) = await d.sandbox.stores.approvals()
    assert (asked.state, handled.waiting, (await decided(d)).repeated) == (ApprovalState.WITHDRAWN, None, True)
    late = await say_so(d, asked.approval_id)
    assert isinstance(late, Denied)
    assert (late.code, d.granted, await told(d)) == ("not_open", [], [TO_A_HUMAN])


async def test_where_nobody_can_take_over_the_ticket_goes_on_and_waits_for_nothing() -> None:
    d, inbox = closed_desk([*ISSUE, WITHHOLDS, WITHHOLDS])
    gate = desk("P1001", gate=GATE).sandbox.deps.gate.rules
    deps = replace(d.sandbox.deps, gate=replace(d.sandbox.deps.gate, rules=gate))
    d = replace(d, sandbox=replace(d.sandbox, deps=deps))
    handled = await d.say(f"Can I get a bonus? {ANNA}. And {ASKS}")
    assert (handled.replies, handled.silent, handled.waiting) == ((LATER,), False, None)
    assert (await state_of(d)).get("waiting") is None
    assert (await d.say("Hello?")).replies == ("Nobody is on duty. How can I help you?",)
    inbox.open = True
    assert (await d.say(ASKS)).replies == (TO_A_HUMAN,)


async def test_what_was_approved_while_nobody_could_take_over_is_refused_on_the_record() -> None:
    d, _ = closed_desk([*ISSUE, WITHHOLDS])
    gate = desk("P1001", gate=GATE).sandbox.deps.gate.rules
    d = replace(
        d, sandbox=replace(d.sandbox, deps=replace(d.sandbox.deps, gate=replace(d.sandbox.deps.gate, rules=gate)))
    )
    d = with_approvals(d, LastMoment(d.sandbox.stores, yes(d)))
    handled = await d.say(f"Can I get a bonus? {ANNA}. And {ASKS}")
    assert (handled.replies, handled.silent, handled.waiting, d.granted) == ((LATER,), False, None, [])
    (refused,) = await d.entries("effect_refused")
    assert (refused.body["tool"], refused.body["code"]) == ("issue_bonus", "not_handed_over")


async def test_a_hand_over_that_nobody_took_does_not_stand_in_the_way_of_the_next_answer() -> None:
    d, _ = closed_desk()  # the policy model speaks from templates, of what there is
    await d.say(f"Can I get a bonus? {ANNA}")
    assert (await d.say(ASKS)).replies == (LATER,)
    handled = await d.say("Hello?")
    assert handled.replies[0].startswith(
        "Your bonus from this chat, the VIP_50 bonus at 1 EUR per spin, is on your account"
    )
    assert await d.entries("failure") == []


async def test_only_the_newest_message_counts() -> None:
    d, inbox = closed_desk([WITHHOLDS, say("Please tell me your e-mail address.")])
    assert (await d.say(ASKS)).replies == (LATER,)
    inbox.open = True
    handled = await d.say("Can I get a bonus?")
    assert (handled.replies, handled.silent) == (("Please tell me your e-mail address.",), False)


@pytest.mark.parametrize(
    "text",
    [
        "I don't want a human",
        "no need for an agent",
        "Are you a human?",
        "The agent promised me 20 free spins.",
        'Your site says "talk to an agent", why?',
    ],
)
async def test_whoever_asks_for_none_hears_the_model(text: str) -> None:
    d = desk("P1001", script=[say("How can I help you?")])
    handled = await d.say(text)
    assert (handled.replies, handled.silent) == (("How can I help you?",), False)


async def test_words_of_the_desk_are_no_wish_of_the_player() -> None:
    d = desk("P1001", script=[say("Do you want to talk to a human agent?"), say("How can I help you?")])
    await d.say("Hello")
    assert (await d.say("No, thanks")).replies == ("How can I help you?",)


async def test_a_desk_without_a_way_to_a_human_answers() -> None:
    d = desk("P1001", script=[say("I am all there is here.")])
    deps = replace(d.sandbox.deps, escalation=None)
    d = replace(d, sandbox=replace(d.sandbox, deps=deps))
    assert (await d.say(ASKS)).replies == ("I am all there is here.",)


async def test_harm_goes_before_a_wish_for_a_human() -> None:
    d = desk("P1001", script=[WITHHOLDS])
    await d.say(f"{ASKS} I have a gambling problem.")
    assert await reasons(d) == ["player_protection"]


async def test_calls_without_an_end_come_to_a_human_by_the_budget() -> None:
    def reads(_: object) -> Proposal:
        return Proposal(model="scripted", calls=(ProposedCall(name="inform_player", arguments={}),))

    d = desk("P1001", script=reads)
    assert ((await d.say(ASKS)).silent, await reasons(d)) == (True, ["budget_spent"])


async def tell(deps: Deps, message_id: str, text: str) -> Handled:
    return await handle(Message(ticket_id="t1", message_id=message_id, brand="lucky-spin", text=text), deps)


def talks(_: Request) -> Proposal:
    """Withhold a human."""
    return WITHHOLDS


def issues(request: Request) -> Proposal:
    """Take the next step to a bonus, however often it is begun anew."""
    results = {turn.name: turn.data for turn in request.prompt.turns if isinstance(turn, Answered)}
    decision = results.get("qualify_for_bonus", {}).get("decisionId", "")
    steps = [*ISSUE[:-1], call("issue_bonus", decision_id=decision)]
    return next((one for one in steps if one.calls[0].name not in results), WITHHOLDS)


@pytest.mark.parametrize(
    ("script", "gate", "text"), [(talks, None, ASKS), (issues, GATE, f"Can I get a bonus? {ANNA}. And {ASKS}")]
)
async def test_a_hand_over_that_dies_before_any_of_its_writes_is_finished_after_a_restart(
    script: Script, gate: str | None, text: str
) -> None:
    life = Life(10_000)
    await tell(with_life(desk("P1001", script=script, gate=gate), DyingSaver(), life), "a", text)
    assert life.written > 10
    for left in range(life.written):
        d, saver = desk("P1001", script=script, gate=gate), DyingSaver()
        with pytest.raises(Died):
            await tell(with_life(d, saver, Life(left)), "a", text)
        handled = await tell(with_life(d, saver, Life(10_000)), "a", text)
        assert (handled.silent, handled.replies, d.granted) == (True, (TO_A_HUMAN,), []), left
        assert await reasons(d) == ["player_request"], left


async def test_a_wish_that_a_dead_process_left_behind_counts_though_the_player_has_written_again() -> None:
    d, saver, life = desk("P1001", script=talks), DyingSaver(), Life(10_000)
    await tell(with_life(d, saver, life), "a", "Hello")
    with pytest.raises(Died):
        await tell(with_life(d, saver, Life(8)), "b", ASKS)
    handled = await tell(with_life(d, saver, Life(10_000)), "c", "Is anybody there?")
    assert (handled.silent, await reasons(d)) == (True, ["player_request"])
