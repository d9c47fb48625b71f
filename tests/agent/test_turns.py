"""Chat turns through the whole graph, over tools that are live and a world in memory."""

import asyncio

from agent.deps import Limits
from agent.model.port import ModelDown, Proposal, ProposedCall, Request
from agent.model.scripted import call, say
from agent.run import Close, Message, handle
from casino.values import Value
from tests.desks import ANNA, desk, tail
from tools.ledger import EffectState
from tools.session import session_identity


async def test_a_verified_vip_is_issued_the_bonus_of_the_engine() -> None:
    d = desk("P1001")
    asked = await d.say("Can I get a bonus?")
    issued = await d.say(ANNA)
    assert asked.path == ("load", "triage", "verify", "check", "reply")
    assert issued.path == (
        "load",
        "triage",
        "verify",
        "act:verify_player_identity",
        "converse",
        "act:qualify_for_bonus",
        "converse",
        "effect:issue_bonus",
        "converse",
        "check",
        "reply",
    )
    assert (issued.outcome, issued.procedure, issued.silent) == ("issued", "bonus-request", False)
    assert "VIP_50" in issued.replies[0]
    assert d.granted == ["P1001"]


async def test_the_bonus_is_not_issued_twice_however_often_it_is_asked_for() -> None:
    d = desk("P1001")
    for text in ("Can I get a bonus?", ANNA, "One more bonus please", "again!"):
        await d.say(text)
    await d.say("Can I get a bonus?", ticket="t2")
    second = await d.say(ANNA, ticket="t2")
    assert d.granted == ["P1001"]
    assert second.outcome != "issued"


async def test_a_transferred_ticket_is_silent() -> None:
    d = desk("P1001")
    transferred = await d.say("I want to talk to a human")
    after = await d.say("Hello? Are you still there?")
    assert transferred.outcome == "escalated"
    assert (after.replies, after.silent, after.path) == ((), True, ("load",))
    assert len(await d.entries("player_message")) == 2


async def test_a_repeated_message_is_answered_with_the_first_answer_and_does_nothing() -> None:
    d = desk("P1001")
    await d.say("Can I get a bonus?", message="a")
    first = await d.say(ANNA, message="b")
    before = await d.entries()
    again = await d.say(ANNA, message="b")
    assert (again.replies, again.repeated) == (first.replies, True)
    assert await d.entries() == before
    assert d.granted == ["P1001"]


async def test_two_messages_at_once_are_answered_one_after_the_other() -> None:
    d = desk("P1001")
    await d.say("Can I get a bonus?")
    both = await asyncio.gather(d.say(ANNA, message="x"), d.say("and how much is it?", message="y"))
    assert all(one.replies for one in both)
    assert d.granted == ["P1001"]
    kinds = [entry.kind for entry in await d.entries("player_message", "turn")]
    assert kinds == ["player_message", "turn", "player_message", "turn", "player_message", "turn"]


async def test_the_third_wrong_attempt_locks_the_verification_on_this_ticket_and_the_next() -> None:
    d = desk("P1001")
    await d.say("Can I get a bonus? I am anna.keller@example.com, born 1 May 1991")
    await d.say("2 May 1991")
    locked = await d.say("3 May 1991")
    assert (locked.outcome, tail(locked.path, 3)) == (
        "escalated",
        ["act:verify_player_identity", "escalate", "reply"],
    )
    assert (await d.sandbox.stores.handoffs("t1"))[0]["reason_code"] == "verification_failed"
    await d.say("Can I get a bonus?", ticket="t2")
    elsewhere = await d.say(ANNA, ticket="t2")
    assert elsewhere.outcome == "escalated"
    assert (await d.results("t2"))[0] == ("verify_player_identity", "refused", "locked_out")
    d.clock.later(days=1, seconds=1)
    await d.say("Can I get a bonus?", ticket="t3")
    assert (await d.say(ANNA, ticket="t3")).outcome == "issued"


async def test_a_model_cannot_verify_with_details_that_the_player_has_not_said() -> None:
    guess = call("verify_player_identity", email="anna.keller@example.com", date_of_birth="1990-04-12")
    d = desk("P1001", script=[guess, say("Please tell me your date of birth.")])
    await d.say("Can I get a bonus? I am anna.keller@example.com")
    assert await d.results() == [("verify_player_identity", "refused", "not_said_by_player")]


async def test_a_model_cannot_issue_before_verification_nor_without_a_decision() -> None:
    script = [call("issue_bonus", decision_id="D-1"), call("qualify_for_bonus"), say("No.")]
    d = desk("P1001", script=script)
    await d.say("Can I get a bonus?")
    assert [code for _, _, code in await d.results()] == ["precondition", "precondition"]
    assert d.granted == []


async def test_a_model_cannot_issue_another_decision_nor_name_an_amount() -> None:
    verify = call("verify_player_identity", email="anna.keller@example.com", date_of_birth="1990-04-12")
    script = [
        verify,
        call("qualify_for_bonus"),
        call("issue_bonus", decision_id="D-999"),
        call("issue_bonus", decision_id="D-1", amount=5000),
        call("issue_bonus"),
        say("Sorry."),
    ]
    d = desk("P1001", script=script)
    await d.say(f"Can I get a bonus? {ANNA}")
    assert [code for _, _, code in await d.results()][2:] == ["not_a_fact", "invalid_arguments", "invalid_arguments"]
    assert d.granted == []


async def test_a_call_to_a_tool_that_the_procedure_does_not_mention_is_refused_with_what_is_offered() -> None:
    d = desk("P1001", script=[call("send_external_message"), call("drop_tables"), say("Sorry.")])
    await d.say("Can I get a bonus?")
    results = await d.entries("tool_result")
    told = [entry.body["data"] for entry in results]
    offered = "offered now: transfer_to_live_agent, verify_player_identity"
    assert told == [
        {"code": "unknown_tool", "message": f"there is no `send_external_message` here; {offered}"},
        {"code": "unknown_tool", "message": f"there is no `drop_tables` here; {offered}"},
    ]


async def test_a_decision_expires_and_cannot_be_issued_afterwards() -> None:
    d = desk("P1001")
    verify = call("verify_player_identity", email="anna.keller@example.com", date_of_birth="1990-04-12")
    script = iter(
        [verify, call("qualify_for_bonus"), say("You qualify."), call("issue_bonus", decision_id="D-1"), say("x")]
    )
    d = desk("P1001", script=script)
    await d.say(f"Can I get a bonus? {ANNA}")
    d.clock.later(minutes=16)
    await d.say("Give it to me")
    assert (await d.results())[-1] == ("issue_bonus", "refused", "precondition")
    assert d.granted == []


async def test_verification_expires() -> None:
    d = desk("P1001")
    await d.say(f"Am I eligible for any offers? {ANNA}")
    d.clock.later(minutes=31)
    again = await d.say("And now?")
    assert "verify" in again.path


async def test_a_model_that_never_stops_ends_in_a_hand_over() -> None:
    def loop(_: Request) -> Proposal:
        return call("transfer_to_nowhere")

    d = desk("P1001", script=loop, limits=Limits(steps=4))
    handled = await d.say("Can I get a bonus?")
    assert (handled.outcome, handled.silent) == ("escalated", True)
    assert (await d.sandbox.stores.handoffs("t1"))[0]["reason_code"] == "budget_spent"
    assert handled.replies


async def test_every_budget_ends_in_a_hand_over() -> None:
    for limits in (Limits(turns=1), Limits(calls=1), Limits(tokens=1)):
        proposals = [Proposal(model="m", calls=(ProposedCall(name="nothing", arguments={}),), tokens_in=5), say("Hm.")]
        d = desk("P1001", script=[*proposals, *proposals], limits=limits)
        await d.say("Can I get a bonus?")
        handled = await d.say("Hello?")
        assert handled.silent, limits


async def test_a_model_that_is_down_ends_in_a_hand_over_that_says_so() -> None:
    d = desk("P1001", script=[])
    handled = await d.say("Can I get a bonus?")
    assert handled.outcome == "escalated"
    assert (await d.sandbox.stores.handoffs("t1"))[0]["reason_code"] == "model_failed"


async def test_whatever_breaks_is_answered_and_handed_over() -> None:
    def broken(_: Request) -> Proposal:
        raise ZeroDivisionError("secret player data")

    d = desk("P1001", script=broken)
    handled = await d.say("Can I get a bonus?")
    assert (handled.outcome, handled.silent) == ("escalated", True)
    assert "not lost" in handled.replies[0]
    assert [entry.body for entry in await d.entries("failure")] == [{"what": "turn", "why": "ZeroDivisionError"}]
    assert (await d.sandbox.stores.handoffs("t1"))[0]["reason_code"] == "system_failure"
    assert (await d.say("Hello?")).replies == ()


async def test_an_outage_is_not_a_no() -> None:
    for operation in ("player", "kyc", "responsible_gaming", "players"):
        d = desk("P1005", faults={operation: "error"})
        await d.say("Can I get a bonus?", brand="royal-harbour")
        handled = await d.say("eva.lindqvist@example.com 17.06.1992", brand="royal-harbour")
        assert "This is not a no." in handled.replies[0], operation
        assert handled.outcome == "escalated"
        assert d.granted == []


async def test_an_effect_in_doubt_is_told_as_doubt_and_a_lost_answer_is_found_again() -> None:
    lost = desk("P1001", faults={"bonus": "drop"})
    await lost.say("Can I get a bonus?")
    found = await lost.say(ANNA)
    assert (found.outcome, lost.granted) == ("issued", ["P1001"])
    doubt = desk("P1001", faults={"bonus": "error"})
    await doubt.say("Can I get a bonus?")
    handed = await doubt.say(ANNA)
    assert (handed.outcome, doubt.granted) == ("escalated", [])
    effects = await doubt.sandbox.stores.effects("t1")
    assert {effect.tool: effect.state for effect in effects} == {
        "issue_bonus": EffectState.UNKNOWN,
        "transfer_to_live_agent": EffectState.DONE,
    }


async def test_a_reply_with_a_figure_that_no_result_has_goes_back_once_and_then_the_template_is_sent() -> None:
    verify = call("verify_player_identity", email="finn.obrien@example.com", date_of_birth="2001-02-28")
    lie = say("Good news, you get 500 EUR!")
    d = desk("P1006", script=[verify, call("qualify_for_bonus"), call("inform_player"), lie, lie])
    handled = await d.say("Can I get a bonus? finn.obrien@example.com 28.02.2001")
    assert "500" not in handled.replies[0]
    assert "deposit" in handled.replies[0]
    assert len(await d.entries("reply_rejected")) == 2


async def test_a_claim_that_something_was_done_is_not_sent_where_nothing_was_done() -> None:
    d = desk(
        "P1001", script=[say("I have added the bonus to your account."), say("Please tell me your e-mail address.")]
    )
    handled = await d.say("Can I get a bonus?")
    assert handled.replies == ("Please tell me your e-mail address.",)


async def test_messages_that_hold_nothing_or_too_much_are_answered_without_a_model_and_kept_whole() -> None:
    d = desk("P1001", script=[])
    for text in ("", " \u200b\n", "x" * 100_000):
        handled = await d.say(text)
        assert handled.replies, text[:10]
        assert handled.path == ("load", "reply")
    kept = (await d.entries("player_message"))[-1].body["as_sent"]
    assert await d.sandbox.stores.text(str(kept), ticket_id="t1") == "x" * 100_000


async def test_a_ticket_closes_as_abandoned_while_we_wait_and_as_resolved_after_thanks() -> None:
    d = desk("P1001")
    await d.say("Can I get a bonus?")
    assert (await handle(Close(ticket_id="t1"), d.sandbox.deps)).outcome == "abandoned"
    await d.say("Hello, is anybody there?", ticket="t2")
    await d.say("No, thank you!", ticket="t2")
    assert (await handle(Close(ticket_id="t2"), d.sandbox.deps)).outcome == "resolved"
    assert (await handle(Close(ticket_id="unknown"), d.sandbox.deps)).outcome == "abandoned"


async def test_a_ticket_on_the_fallback_finds_its_procedure_when_the_player_says_more() -> None:
    d = desk("P1001")
    hello = await d.say("Hello there")
    bonus = await d.say("Can I get a bonus?")
    assert (hello.procedure, bonus.procedure) == ("general-fallback", "bonus-request")


async def test_the_record_of_a_turn_names_the_model_the_head_and_what_was_legal() -> None:
    d = desk("P1001")
    await d.say("Can I get a bonus?")
    request = (await d.entries("model_request"))[0].body
    reply = (await d.entries("model_reply"))[0].body
    legal: list[Value] = ["transfer_to_live_agent"]
    assert (request["model"], request["legal"]) == ("croupier-policy-1 (no LLM)", legal)
    assert "Bonus request" in str(await d.sandbox.stores.text(str(request["head"])))
    assert str(reply["text"]).startswith("To help you I need to find your account first.")


async def test_a_model_down_in_the_middle_of_a_ticket_leaves_the_effects_that_were_done() -> None:
    verify = call("verify_player_identity", email="anna.keller@example.com", date_of_birth="1990-04-12")
    steps = iter([verify, call("qualify_for_bonus"), call("issue_bonus", decision_id="D-1")])

    def model(_: Request) -> Proposal:
        proposal = next(steps, None)
        if proposal is None:
            raise ModelDown("the endpoint is gone")
        return proposal

    d = desk("P1001", script=model)
    handled = await d.say(f"Can I get a bonus? {ANNA}")
    assert handled.outcome == "escalated"
    assert d.granted == ["P1001"]


async def test_after_verification_has_expired_another_player_hears_nothing_of_the_first() -> None:
    d = desk("P1001", "P1006")
    await d.say("Am I eligible for any offers?")
    first = await d.say(ANNA)
    d.clock.later(minutes=31)
    await d.say("Hello again, am I eligible?")
    second = await d.say("finn.obrien@example.com, 28.02.2001")
    assert "VIP_50" in first.replies[0]
    assert "VIP_50" not in second.replies[0]
    assert "deposit" in second.replies[0]


async def test_a_session_that_changes_hands_takes_nothing_along() -> None:
    d = desk("P1001", "P1006")
    deps = d.sandbox.deps
    for number, (player, text) in enumerate([("P1001", "Am I eligible for any offers?"), ("P1006", "And me?")]):
        identity = await session_identity(player, deps.world, now=deps.clock())
        message = Message(
            ticket_id="t1",
            message_id=str(number),
            brand="lucky-spin",
            text=text,
            facts=identity.facts,
            fields=identity.fields,
        )
        handled = await handle(message, deps)
        assert ("VIP_50" in handled.replies[0]) == (player == "P1001"), handled.replies


async def test_several_calls_in_one_proposal_are_judged_one_by_one() -> None:
    verify = {"email": "anna.keller@example.com", "date_of_birth": "1990-04-12"}
    wanted: list[tuple[str, dict[str, Value]]] = [
        ("issue_bonus", {"decision_id": "D-1"}),
        ("verify_player_identity", {**verify}),
        ("qualify_for_bonus", {}),
        ("issue_bonus", {"decision_id": "D-1"}),
        ("issue_bonus", {"decision_id": "D-1"}),
        ("transfer_to_live_agent", {}),
        ("issue_bonus", {"decision_id": "D-1"}),
    ]
    calls = tuple(ProposedCall(name=name, arguments=arguments) for name, arguments in wanted)
    d = desk("P1001", script=[Proposal(model="m", calls=calls)])
    handled = await d.say(f"Can I get a bonus? {ANNA}")
    assert [(name, status) for name, status, _ in await d.results()] == [
        ("issue_bonus", "refused"),
        ("verify_player_identity", "ok"),
        ("qualify_for_bonus", "ok"),
        ("issue_bonus", "done"),
        ("issue_bonus", "refused"),
        ("transfer_to_live_agent", "done"),
    ]
    assert (d.granted, handled.silent) == (["P1001"], True)


async def test_a_channel_that_names_a_procedure_which_is_gone_is_answered_and_recorded() -> None:
    d = desk("P1001")
    message = Message(ticket_id="t1", message_id="1", brand="lucky-spin", text="Can I get a bonus?", procedure="gone")
    handled = await handle(message, d.sandbox.deps)
    assert (handled.procedure, len(handled.replies)) == ("bonus-request", 1)
    assert [entry.body["what"] for entry in await d.entries("failure")] == ["procedure"]


async def test_a_veto_that_comes_between_decision_and_issue_stops_the_issue() -> None:
    verify = call("verify_player_identity", email="anna.keller@example.com", date_of_birth="1990-04-12")
    script = [verify, call("qualify_for_bonus"), say("You qualify."), call("issue_bonus", decision_id="D-1")]
    d = desk("P1001", script=script)
    await d.say(f"Can I get a bonus? {ANNA}")
    d.sandbox.world.players["P1001"]["aml_hold"] = True
    handled = await d.say("Yes please")
    assert (d.granted, handled.outcome) == ([], "escalated")
    assert ("issue_bonus", "refused", "vetoed") in await d.results()


async def test_many_guesses_at_once_are_no_more_than_many_in_a_row() -> None:
    d = desk("P1001")
    guesses = [d.say(f"A bonus? anna.keller@example.com, {day} May 1990", ticket=f"t{day}") for day in range(1, 13)]
    await asyncio.gather(*guesses)
    codes = [
        code for day in range(1, 13) for _, _, code in await d.results(f"t{day}") if code in {"no_match", "locked_out"}
    ]
    assert codes.count("no_match") == 3


async def test_a_lie_about_a_gift_is_not_sent_after_a_mere_message() -> None:
    verify = call("verify_player_identity", email="dario.vukic@example.com", date_of_birth="1988-11-23")
    lie = say("Your HIGH_30 bonus has been credited to your account.")
    script = [verify, call("qualify_for_bonus"), call("send_external_message"), call("inform_player"), lie, lie]
    d = desk("P1004", script=script)
    await d.say("My bonus never arrived, please tell your team: dario.vukic@example.com 23.11.1988")
    replies = [entry.body["text"] for entry in await d.entries("agent_message")]
    assert "has been credited" not in str(replies)
    assert len(await d.entries("reply_rejected")) == 2


async def test_an_empty_reply_is_never_sent() -> None:
    d = desk("P1001", script=[say(" \u202e\x00 "), say("Please tell me your e-mail address.")])
    handled = await d.say("Can I get a bonus?")
    assert handled.replies == ("Please tell me your e-mail address.",)


async def test_an_effect_that_is_in_doubt_elsewhere_is_not_told_as_done() -> None:
    d = desk("P1001", faults={"bonus": "error"})
    await d.say("Can I get a bonus?")
    await d.say(ANNA)
    await d.say("Can I get a bonus?", ticket="t2")
    second = await d.say(ANNA, ticket="t2")
    assert second.outcome == "escalated"
    assert "did not confirm" in second.replies[0]


async def test_before_verification_only_the_verifier_and_the_way_out_may_be_called() -> None:
    d = desk("P1001", script=[call("inform_player"), call("kyc_status"), say("Please tell me your e-mail address.")])
    await d.say("Can I get a bonus?")
    assert [(name, status) for name, status, _ in await d.results()] == [
        ("inform_player", "refused"),
        ("kyc_status", "refused"),
    ]


async def test_a_models_own_mistakes_are_no_attempts_of_the_player() -> None:
    wrong = call("verify_player_identity", email="anna.keller@example.com", date_of_birth="1990-04-12")
    d = desk("P1001", script=[wrong, wrong, wrong, wrong, say("Please tell me your date of birth.")])
    handled = await d.say("Can I get a bonus? anna.keller@example.com")
    assert [code for _, _, code in await d.results()] == ["not_said_by_player"] * 4
    assert (handled.outcome, handled.silent) == (None, False)


async def test_a_flood_of_calls_in_one_proposal_is_cut_and_ends_cleanly() -> None:
    flood = tuple(ProposedCall(name="nothing", arguments={}) for _ in range(80))
    d = desk("P1001", script=[Proposal(model="m", calls=flood), say("Please tell me your e-mail address.")])
    handled = await d.say("Can I get a bonus?")
    assert handled.replies == ("Please tell me your e-mail address.",)
    assert len(await d.results()) == 8
