"""State: rows that differ, effects that were asked for and refused, and what stands twice."""

from dataclasses import replace

import pytest

from agent.house import House
from agent.model.port import Proposal, ProposedCall
from agent.model.scripted import ScriptedModel, call, say
from tests.evals.grading.played import Played, edited, played, with_body, without
from tools.ledger import EffectState

VERIFY = {"email": "anna.keller@example.com", "date_of_birth": "1990-04-12"}
ISSUE = ProposedCall(name="issue_bonus", arguments={"decision_id": "D-1"})
ASKED = [say("Who are you?"), call("verify_player_identity", **VERIFY), call("qualify_for_bonus")]
FAULT = "should not have been asked for; where the ticket is about it, expect it"
TOLD = say("The VIP_50 bonus is on your account now.")


def test_a_ticket_as_expected_has_nothing_wrong(issued: Played) -> None:
    assert issued.wrong() == {}


def test_every_row_that_differs_is_a_line(issued: Played) -> None:
    wrong = issued.wrong(outcome="informed", effects=(), verified="P2", tier="", handoff="procedure", granted=())
    assert wrong == {
        "state": (
            "outcome: expected 'informed', found 'issued'",
            "effects: expected [], found ['issue_bonus: done']",
            "verified: expected 'P2', found 'P1001'",
            "tier: expected '', found 'vip'",
            "handoff: expected 'procedure', found ''",
            "granted: expected [], found ['P1001']",
        )
    }


def test_grants_that_cannot_be_seen_from_here_are_not_compared(issued: Played) -> None:
    assert issued.wrong(edited(issued.seen, granted=None), granted=()) == {}


async def test_an_issue_that_was_asked_for_twice_is_wrong_though_the_second_was_refused(house: House) -> None:
    issue = call("issue_bonus", decision_id="D-1")
    twice = await played("demo/1-issued", house, model=ScriptedModel([*ASKED, issue, issue, TOLD]))
    assert twice.seen.end.effects == ("issue_bonus: done",)
    assert twice.wrong() == {
        "state": (f"refused: `issue_bonus: already_done` {FAULT}",),
        "order": (
            "law: `issue_bonus` was called before there was a `granted_decision`",
            "law: the decision 'D-1' was to be carried out 2 times",
        ),
    }


async def test_an_effect_that_was_proposed_and_never_begun_was_asked_for_all_the_same(house: House) -> None:
    both = Proposal(model="scripted", calls=(ProposedCall(name="transfer_to_live_agent", arguments={}), ISSUE))
    over = await played("demo/1-issued", house, model=ScriptedModel([*ASKED, both]))
    assert [one.told for one in over.seen.refused] == ["issue_bonus: not_begun"]
    assert f"refused: `issue_bonus: not_begun` {FAULT}" in over.wrong()["state"]


async def test_a_ticket_may_be_about_refused_effects(house: House) -> None:
    script = [
        say("Who are you?"),
        call("issue_bonus", decision_id="D-1"),
        *ASKED[1:],
        call("issue_bonus", decision_id="D-1"),
    ]
    early = await played("demo/1-issued", house, model=ScriptedModel([*script, TOLD]))
    assert early.wrong(refused=("issue_bonus: precondition",)) == {}
    assert early.wrong(refused=()) == {
        "state": ("refused: expected [], found ['issue_bonus: precondition']",),
        "order": (
            "law: `issue_bonus` was called before there was a `verified_player`",
            "law: `issue_bonus` was called before there was a `granted_decision`",
            "law: the decision 'D-1' was to be carried out 2 times",
        ),
    }


async def test_what_the_world_refuses_is_no_fault(house: House) -> None:
    ticket = await played("faults/issue-refused", house)
    assert ([one.told for one in ticket.seen.refused], ticket.wrong()) == (["issue_bonus: refused"], {})


def test_an_effect_twice_in_the_ledger_is_seen_where_the_end_state_is_the_same(issued: Played) -> None:
    (effect,) = issued.seen.whole.effects
    again = edited(issued.seen, effects=[effect, replace(effect, key="issue:again", state=EffectState.UNKNOWN)])
    assert issued.wrong(again)["state"] == (
        "effects: the decision 'D-1' stands 2 times",
        "effects: the business key 'grant:lucky-spin:P1001:deposit-loyalty:2026-11-20' stands 2 times",
    )


def test_a_grant_twice_in_the_bonus_system_is_seen(issued: Played) -> None:
    rows = issued.seen.granted or ()
    wrong = issued.wrong(edited(issued.seen, granted=rows * 2), granted=("P1001", "P1001"))
    assert wrong == {"state": ("granted: the decision 'D-1' stands 2 times",)}


@pytest.mark.parametrize(
    ("ours", "theirs", "why"),
    [
        (True, False, "granted: `issue:D-1` is done in the ledger and no row in the bonus system"),
        (False, True, "granted: no effect of this ticket ordered the row of decision 'D-1'"),
    ],
)
def test_the_ledger_is_held_against_the_bonus_system(issued: Played, *, ours: bool, theirs: bool, why: str) -> None:
    effects, rows = issued.seen.whole.effects if ours else (), issued.seen.granted if theirs else ()
    granted = ("P1001",) if theirs else ()
    assert issued.wrong(edited(issued.seen, effects=effects, granted=rows), granted=granted) == {"state": (why,)}


def test_a_message_without_a_reply_is_a_line(issued: Played) -> None:
    silent = without(issued.seen, lambda entry: entry.kind == "agent_message" and entry.body["message"] == "m2")
    assert issued.wrong(silent) == {"state": ("replies: message 'm2' has no reply",)}


async def test_once_a_human_has_the_ticket_no_reply_is_owed(house: House) -> None:
    ticket = await played("conversation/silent-after-transfer", house)
    assert (len(ticket.seen.end.replies), ticket.wrong()) == (2, {})


def test_a_call_that_was_told_as_done_twice_is_seen(issued: Played) -> None:
    entries = list(issued.seen.whole.entries)
    begun = next(one for one in entries if one.kind == "tool_call" and one.body["name"] == "issue_bonus")
    ended = next(one for one in entries if one.kind == "tool_result" and one.body["name"] == "issue_bonus")
    again = [
        replace(one, seq=len(entries) + at, body={**one.body, "id": "x"}) for at, one in enumerate((begun, ended), 1)
    ]
    wrong = issued.wrong(edited(issued.seen, entries=[*entries, *again]))
    assert wrong["state"] == ("calls: the issue of the decision 'D-1' stands 2 times",)
    assert with_body(issued.seen, "outcome", outcome="issued") == issued.seen
