"""A ticket that waits for a human: asked, answered meanwhile, decided, and gone on with exactly once."""

from dataclasses import replace
from typing import cast

import pytest

from agent.approvals import resume_all, vote
from agent.leasing import LeaseTerms
from agent.model.port import Proposal, Request, Said
from agent.model.scripted import call, say
from agent.run import Close, Decided, Handled, Message, handle
from agent.state import State
from tests.desks import ANNA, Desk, desk
from tools.approvals import Approval, ApprovalState, Vote
from tools.gate.roles import Role
from tools.ledger import Denied, EffectState
from tools.session import session_identity

GATE = """
modes: {bonus-request: automatic}
approvals:
  - {name: every bonus, when: ["effect.tool == 'issue_bonus'"], approvers: 1, expires: 24 hours}
people: {anna: [approver], ben: [approver, administrator], vera: [viewer]}
"""
TWO = GATE.replace("approvers: 1", "approvers: 2")
WAIT = "A colleague has to approve this before I can go on. You will hear from us here."
STILL = "This is still with a colleague, who has to approve it before I can go on. You will hear from us here."
ISSUED = "Good news: the VIP_50 bonus at 1 EUR per spin is on your account now. Enjoy, and play responsibly."
NOT_APPROVED = (
    "A colleague has looked at this and has not approved it. I am handing you over to somebody who can tell you more."
)
NOT_IN_TIME = (
    "Nobody has decided about this in time, so it has not been carried out. This is not a no. A colleague will take "
    "over and get back to you."
)
TO_A_HUMAN = "Of course. I am handing you over to a colleague, who will read everything we have written so far."


async def waiting_desk(gate: str = GATE) -> tuple[Desk, str]:
    """Return a desk on which the ticket waits, and the approval that it waits for."""
    d = desk("P1001", gate=gate)
    await d.say("Can I get a bonus?")
    waiting = (await d.say(ANNA)).waiting
    assert waiting is not None
    return d, waiting


async def say_so(d: Desk, approval_id: str, verdict: str = "approve", *, by: str = "anna") -> Approval | Denied:
    """Vote, as one of the people of the gate."""
    assert verdict in {"approve", "deny"}
    given = Vote(approver=by, verdict="approve" if verdict == "approve" else "deny", reason="seen", at=d.clock())
    return await vote(approval_id, given, d.sandbox.deps)


async def told(d: Desk) -> list[str]:
    return [str(entry.body["text"]) for entry in await d.entries("agent_message")]


async def reasons(d: Desk) -> list[object]:
    return [handoff["reason_code"] for handoff in await d.sandbox.stores.handoffs("t1")]


async def state_of(d: Desk, ticket: str = "t1") -> State:
    found = await d.sandbox.deps.graph.stands(ticket)
    return cast("State", found.values)


async def decided(d: Desk) -> Handled:
    return await handle(Decided(ticket_id="t1"), d.sandbox.deps)


async def test_an_effect_that_needs_a_yes_is_asked_for_and_the_player_is_told_so() -> None:
    d = desk("P1001", gate=GATE)
    await d.say("Can I get a bonus?")
    handled = await d.say(ANNA)
    (asked,) = await d.sandbox.stores.approvals()
    assert (asked.tool, asked.policy, asked.requester, asked.state) == (
        "issue_bonus",
        "every bonus",
        "croupier",
        ApprovalState.OPEN,
    )
    assert (handled.replies, handled.waiting, handled.outcome) == ((WAIT,), asked.approval_id, None)
    assert d.granted == []
    assert await d.sandbox.stores.effects("t1") == []


async def test_an_approved_effect_is_done_once_and_told() -> None:
    d, approval_id = await waiting_desk()
    answer = await say_so(d, approval_id)
    assert isinstance(answer, Approval)
    assert answer.state is ApprovalState.APPROVED
    assert d.granted == ["P1001"]
    assert (await told(d))[-2:] == [WAIT, ISSUED]
    (effect,) = await d.sandbox.stores.effects("t1")
    assert (effect.state, effect.approval_id) == (EffectState.DONE, approval_id)
    turns = [(turn.body["message"], turn.body.get("waiting"), turn.body["outcome"]) for turn in await d.entries("turn")]
    assert turns == [("m1", None, None), ("m2", approval_id, None), ("m2", None, "issued")]


async def test_a_second_resume_and_a_second_vote_change_nothing() -> None:
    d, approval_id = await waiting_desk()
    await say_so(d, approval_id)
    before = await d.entries()
    again = await decided(d)
    assert (again.replies, again.repeated, again.outcome) == ((), True, "issued")
    assert await resume_all(d.sandbox.deps) == []
    late = await say_so(d, approval_id, "deny", by="ben")
    assert isinstance(late, Denied)
    assert late.code == "not_open"
    assert await d.entries() == before
    assert d.granted == ["P1001"]


async def test_a_resume_while_it_is_open_changes_nothing() -> None:
    d, approval_id = await waiting_desk()
    before = await d.entries()
    handled = await decided(d)
    assert (handled.replies, handled.waiting, handled.repeated) == ((), approval_id, True)
    assert await d.entries() == before


async def test_a_denied_effect_is_told_truthfully_and_handed_over() -> None:
    d, approval_id = await waiting_desk()
    await say_so(d, approval_id, "deny")
    assert (await told(d))[-1] == NOT_APPROVED
    assert (d.granted, await reasons(d)) == ([], ["approval_denied"])
    assert (await d.say("Hello?")).silent


async def test_an_effect_that_nobody_decides_about_in_time_is_told_as_such_and_handed_over() -> None:
    d, _ = await waiting_desk()
    d.clock.later(hours=24)
    (handled,) = await resume_all(d.sandbox.deps)
    assert (handled.replies, handled.outcome, handled.silent) == ((NOT_IN_TIME,), "escalated", True)
    assert (d.granted, await reasons(d)) == ([], ["approval_expired"])


async def test_two_different_people_have_to_approve_where_two_are_wanted() -> None:
    d, approval_id = await waiting_desk(TWO)
    await say_so(d, approval_id)
    assert d.granted == []
    twice = await say_so(d, approval_id)
    assert isinstance(twice, Denied)
    assert (twice.code, d.granted) == ("voted_before", [])
    await say_so(d, approval_id, by="ben")
    assert d.granted == ["P1001"]


@pytest.mark.parametrize(("who", "code"), [("vera", "not_permitted"), ("mallory", "not_permitted")])
async def test_who_may_not_approve_changes_nothing(who: str, code: str) -> None:
    d, approval_id = await waiting_desk()
    before = await d.entries()
    answer = await say_so(d, approval_id, by=who)
    assert isinstance(answer, Denied)
    assert (answer.code, d.granted) == (code, [])
    assert await d.entries() == before


async def test_who_asks_never_approves() -> None:
    d, approval_id = await waiting_desk()
    gate = d.sandbox.deps.gate
    rules = replace(gate.rules, people={"croupier": frozenset({Role.APPROVER})})
    d = replace(d, sandbox=replace(d.sandbox, deps=replace(d.sandbox.deps, gate=replace(gate, rules=rules))))
    answer = await say_so(d, approval_id, by="croupier")
    assert isinstance(answer, Denied)
    assert (answer.code, d.granted) == ("own_request", [])


async def test_messages_meanwhile_are_taken_and_answered_and_seen_when_it_goes_on() -> None:
    asked: list[Request] = []
    steps = iter(
        [
            call("verify_player_identity", email="anna.keller@example.com", date_of_birth="1990-04-12"),
            call("qualify_for_bonus"),
            call("issue_bonus", decision_id="D-1"),
            say("It is on your account now."),
        ]
    )

    def model(request: Request) -> Proposal:
        asked.append(request)
        return next(steps)

    d = desk("P1001", script=model, gate=GATE)
    first = await d.say(f"Can I get a bonus? {ANNA}")
    meanwhile = await d.say("How long does it take?")
    assert (meanwhile.replies, meanwhile.path, meanwhile.waiting) == ((STILL,), ("waiting",), first.waiting)
    assert (await d.say("How long does it take?", message="m2")).repeated
    assert first.waiting is not None
    await say_so(d, first.waiting)
    turns = asked[-1].prompt.turns
    words = [turn.text if isinstance(turn, Said) else f"{type(turn).__name__} {turn.name}" for turn in turns]
    assert words[-5:] == [WAIT, "How long does it take?", STILL, "Called issue_bonus", "Answered issue_bonus"]
    assert (await d.entries("agent_message"))[-1].body["message"] == "m1"
    assert (await told(d))[-1] == "It is on your account now."


async def test_who_asks_for_a_human_meanwhile_gets_one_and_nothing_goes_on_by_itself() -> None:
    d, approval_id = await waiting_desk()
    handled = await d.say("I want to talk to a human")
    assert (handled.replies, handled.outcome, handled.silent) == ((TO_A_HUMAN,), "escalated", True)
    (asked,) = await d.sandbox.stores.approvals()
    assert asked.state is ApprovalState.WITHDRAWN
    late = await say_so(d, approval_id)
    assert isinstance(late, Denied)
    assert (late.code, d.granted, await reasons(d)) == ("not_open", [], ["player_request"])
    assert await resume_all(d.sandbox.deps) == []


async def test_somebody_else_who_signs_in_meanwhile_hears_nothing_of_it() -> None:
    d = desk("P1001", "P1006", gate=GATE)
    deps = d.sandbox.deps
    handled = None
    for number, player in enumerate(("P1001", "P1006")):
        identity = await session_identity(player, deps.world, now=deps.clock())
        message = Message(
            ticket_id="t1",
            message_id=str(number),
            brand="lucky-spin",
            text="Can I get a bonus?",
            facts=identity.facts,
            fields=identity.fields,
        )
        handled = await handle(message, deps)
    assert handled is not None
    assert (handled.silent, handled.outcome, await reasons(d)) == (True, "escalated", ["cannot_help"])
    assert "VIP_50" not in str(await told(d))
    (asked,) = await d.sandbox.stores.approvals()
    assert (asked.state, d.granted) == (ApprovalState.WITHDRAWN, [])
    assert await d.sandbox.stores.tickets_of("P1001") == ["t1"]
    assert await d.sandbox.stores.tickets_of("P1006") == ["t1"]


async def test_a_chat_that_ends_meanwhile_keeps_its_outcome_open_until_it_is_decided() -> None:
    d, approval_id = await waiting_desk()
    closed = await handle(Close(ticket_id="t1"), d.sandbox.deps)
    assert (closed.outcome, closed.waiting) == (None, approval_id)
    await say_so(d, approval_id)
    assert d.granted == ["P1001"]
    assert (await told(d))[-1] == ISSUED
    outcomes = [entry.body for entry in await d.entries("outcome")]
    assert outcomes == [{"outcome": None, "waiting": approval_id}, {"outcome": "issued"}]


async def test_a_message_after_the_decision_goes_on_with_what_was_decided_and_is_answered_too() -> None:
    d, approval_id = await waiting_desk()
    deps = d.sandbox.deps
    given = Vote(approver="anna", verdict="approve", reason="seen", at=d.clock())
    await deps.gate.approvals.vote(approval_id, given)  # the process of the approver died before the ticket went on
    handled = await d.say("Thanks!")
    assert (handled.replies[0], len(handled.replies), handled.waiting) == (ISSUED, 2, None)
    assert d.granted == ["P1001"]


async def test_a_vote_on_a_ticket_that_is_being_worked_on_counts_and_is_gone_on_with_later() -> None:
    d, approval_id = await waiting_desk()
    held = d.sandbox.stores.held
    held["t1"] = ("elsewhere", d.clock().replace(year=2030))
    short = LeaseTerms(hold_s=1, wait_s=0, poll_s=0.01)
    d = replace(d, sandbox=replace(d.sandbox, deps=replace(d.sandbox.deps, lease=short)))
    answer = await say_so(d, approval_id)
    assert isinstance(answer, Approval)
    assert (answer.state, d.granted, await resume_all(d.sandbox.deps)) == (ApprovalState.APPROVED, [], [])
    held.clear()
    (handled,) = await resume_all(d.sandbox.deps)
    assert (handled.replies, d.granted) == ((ISSUED,), ["P1001"])


async def test_what_was_verified_and_decided_in_time_is_done_and_told_after_a_long_wait() -> None:
    d, approval_id = await waiting_desk()
    d.clock.later(hours=20)
    await say_so(d, approval_id)
    assert (d.granted, (await told(d))[-1]) == (["P1001"], ISSUED)


async def test_a_veto_that_comes_while_it_waits_stops_what_was_approved() -> None:
    d, approval_id = await waiting_desk()
    d.sandbox.world.players["P1001"]["aml_hold"] = True
    await say_so(d, approval_id)
    assert (d.granted, await reasons(d)) == ([], ["effect_refused"])


async def test_a_workflow_that_nobody_has_named_waits_for_a_human() -> None:
    d = desk("P1001", gate="people: {anna: [approver]}")
    await d.say("Can I get a bonus?")
    handled = await d.say(ANNA)
    assert (handled.waiting is None, d.granted) == (False, [])


async def test_a_read_only_workflow_changes_nothing_and_ends_with_a_human() -> None:
    d = desk("P1001", gate="modes: {bonus-request: read_only}")
    await d.say("Can I get a bonus?")
    handled = await d.say(ANNA)
    assert (d.granted, handled.outcome, await reasons(d)) == ([], "escalated", ["effect_refused"])
    assert ("issue_bonus", "refused", "read_only") in await d.results()


async def test_a_shadow_workflow_writes_down_what_it_would_do_and_promises_nothing() -> None:
    d = desk("P1001", gate="modes: {bonus-request: shadow}")
    await d.say("Can I get a bonus?")
    handled = await d.say(ANNA)
    assert handled.replies == ("You qualify, but I cannot put anything on your account from this chat.",)
    assert (d.granted, handled.outcome, await reasons(d)) == ([], None, [])
    (effect,) = await d.sandbox.stores.effects("t1")
    assert (effect.state, len(await d.entries("effect_shadowed"))) == (EffectState.SHADOWED, 1)
    state = await state_of(d)
    assert ("granted_decision" in state["facts"], "grant" in state["facts"]) == (True, False)


async def test_a_promise_is_not_sent_in_a_shadow_workflow() -> None:
    script = [
        call("verify_player_identity", email="anna.keller@example.com", date_of_birth="1990-04-12"),
        call("qualify_for_bonus"),
        call("issue_bonus", decision_id="D-1"),
        say("I have added the bonus to your account."),
        say("I cannot do that from this chat."),
    ]
    d = desk("P1001", script=script, gate="modes: {bonus-request: shadow}")
    handled = await d.say(f"Can I get a bonus? {ANNA}")
    assert handled.replies == ("I cannot do that from this chat.",)
    assert len(await d.entries("reply_rejected")) == 1


async def test_a_state_of_the_first_version_still_goes_on() -> None:
    d = desk("P1001")
    await d.say("Can I get a bonus?")
    deps = d.sandbox.deps
    old = {name: value for name, value in (await state_of(d)).items() if name != "waiting"} | {"version": 1}
    await deps.graph.write("t2", {**old, "ticket_id": "t2"})
    assert "waiting" not in await state_of(d, "t2")
    issued = await d.say(ANNA, ticket="t2", message="m2")
    assert (issued.outcome, (await state_of(d, "t2"))["version"]) == ("issued", 2)


async def test_a_breakdown_while_it_waits_leaves_the_ticket_to_a_human_and_withdraws_the_request() -> None:
    d, approval_id = await waiting_desk()

    async def broken(*_: object) -> object:
        raise ZeroDivisionError

    deps = d.sandbox.deps
    issue = replace(deps.tools["issue_bonus"], recheck=broken)
    d = replace(d, sandbox=replace(d.sandbox, deps=replace(deps, tools={**deps.tools, "issue_bonus": issue})))
    answer = await say_so(d, approval_id)
    assert isinstance(answer, Approval)
    assert (d.granted, await reasons(d)) == ([], ["system_failure"])
    state = await state_of(d)
    assert (state.get("waiting"), state["silent"]) == (None, True)
    assert await resume_all(d.sandbox.deps) == []
