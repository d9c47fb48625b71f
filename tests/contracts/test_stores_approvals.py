"""The approvals inbox: one contract for every store."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import insert, update

from tests.contracts.kept import MINUTE, NOON, Stores, a_grant, a_message, a_vote, an_approval, chain, told
from tools.adapters.memory_stores import MemoryStores
from tools.adapters.sql.tables import APPROVALS, VOTES
from tools.approvals import About, Approval, ApprovalState
from tools.ledger import Denied
from tools.on_record import asked
from tools.ports import UnusableStore

DAY = timedelta(hours=24)


async def test_a_request_comes_back_as_it_was_asked(stores: Stores) -> None:
    for effect in (a_grant(), a_message()):
        approval = an_approval(f"A-{effect.key}", effect=effect)
        assert await stores.ask(approval) == approval
        assert await stores.approval(approval.approval_id) == approval
        assert await stores.approval_for(effect.key, About.EFFECT) == approval
        assert await stores.approval_for(effect.key, About.DOUBT) is None
    assert await stores.approval("A-9") is None


async def test_an_effect_is_asked_about_once_of_each_kind(stores: Stores) -> None:
    first, doubt = an_approval(), an_approval("A-2", about=About.DOUBT)
    assert await stores.ask(first) == first
    assert await stores.ask(an_approval("A-9")) == first
    assert await stores.ask(doubt) == doubt
    assert [*await stores.approvals()] == [doubt, first]


async def test_of_many_who_ask_at_once_one_puts_the_request_there(stores: Stores) -> None:
    asked_for = await asyncio.gather(*(stores.ask(an_approval(f"A-{number}")) for number in range(12)))
    assert len({one.approval_id for one in asked_for}) == 1
    assert len(await stores.approvals()) == 1


@pytest.mark.parametrize("state", [ApprovalState.APPROVED, ApprovalState.DENIED])
async def test_an_answered_request_about_an_effect_stands(stores: Stores, state: ApprovalState) -> None:
    await stores.ask(an_approval())
    verdict = "approve" if state is ApprovalState.APPROVED else "deny"
    answered = await stores.vote("A-1", a_vote(verdict=verdict))
    assert isinstance(answered, Approval)
    assert answered.state is state
    assert await stores.ask(an_approval("A-9")) == answered


async def test_a_withdrawn_request_may_be_asked_anew(stores: Stores) -> None:
    await stores.ask(an_approval())
    await stores.withdraw("A-1", at=NOON, why="settled")
    again = replace(an_approval("A-9"), asked_at=NOON - MINUTE)
    assert await stores.ask(again) == again
    assert await stores.approval_for("issue:D-1", About.EFFECT) == again
    assert await stores.approval("A-1") == replace(an_approval(), state=ApprovalState.WITHDRAWN)


async def test_a_doubt_that_was_denied_may_come_up_again_and_one_that_was_approved_not(stores: Stores) -> None:
    first, second, third = (an_approval(f"A-{number}", about=About.DOUBT) for number in (1, 2, 3))
    await stores.ask(first)
    await stores.vote("A-1", a_vote(verdict="deny"))
    assert await stores.ask(second) == second
    assert await stores.approval_for("issue:D-1", About.DOUBT) == second
    approved = await stores.vote("A-2", a_vote())
    assert await stores.ask(third) == approved


async def test_one_approver_approves_and_one_denial_denies(stores: Stores) -> None:
    await stores.ask(an_approval())
    approved = replace(an_approval(), state=ApprovalState.APPROVED, votes=(a_vote(),))
    assert await stores.vote("A-1", a_vote()) == approved
    assert await stores.approval("A-1") == approved
    await stores.ask(two := an_approval("A-2", needed=2, effect=a_message()))
    denied = replace(two, state=ApprovalState.DENIED, votes=(a_vote(verdict="deny"),))
    assert await stores.vote("A-2", a_vote(verdict="deny")) == denied


async def test_two_approvers_are_two_people(stores: Stores) -> None:
    await stores.ask(an_approval(needed=2))
    once = replace(an_approval(needed=2), votes=(a_vote("zoe"),))
    assert await stores.vote("A-1", a_vote("zoe")) == once
    voted_before = Denied("voted_before", '"zoe" has voted on this request')
    assert await stores.vote("A-1", a_vote("zoe")) == voted_before
    assert await stores.vote("A-1", a_vote("zoe", "deny")) == voted_before
    assert await stores.approval("A-1") == once
    twice = replace(once, votes=(a_vote("zoe"), a_vote("anna")), state=ApprovalState.APPROVED)
    assert await stores.vote("A-1", a_vote("anna")) == twice
    assert await stores.approval("A-1") == twice


async def test_nobody_decides_on_their_own_request(stores: Stores) -> None:
    await stores.ask(an_approval())
    refused = Denied("own_request", "nobody decides on their own request")
    assert await stores.vote("A-1", a_vote("croupier")) == refused
    assert await stores.vote("A-1", a_vote("croupier", "deny")) == refused
    assert await stores.approval("A-1") == an_approval()


async def test_what_is_not_open_or_not_there_takes_no_vote(stores: Stores) -> None:
    assert await stores.vote("A-1", a_vote()) == Denied("no_such_approval", "there is no such request")
    await stores.ask(an_approval())
    await stores.vote("A-1", a_vote(verdict="deny"))
    assert await stores.vote("A-1", a_vote("ben")) == Denied("not_open", "this request is denied already")


async def test_a_vote_counts_until_the_request_expires(stores: Stores) -> None:
    await stores.ask(an_approval())
    assert await stores.vote("A-1", a_vote(at=NOON + DAY)) == Denied("expired", "this request was not decided in time")
    assert await stores.approval("A-1") == an_approval()
    in_time = await stores.vote("A-1", a_vote(at=NOON + DAY - timedelta(microseconds=1)))
    assert isinstance(in_time, Approval)
    assert in_time.state is ApprovalState.APPROVED


async def test_a_closed_request_cannot_be_withdrawn(stores: Stores) -> None:
    await stores.ask(an_approval())
    approved = await stores.vote("A-1", a_vote())
    await stores.withdraw("A-1", at=NOON, why="x")
    await stores.withdraw("A-9", at=NOON, why="x")
    assert await stores.approval("A-1") == approved


async def test_of_two_last_votes_at_once_one_decides(stores: Stores) -> None:
    await stores.ask(an_approval())
    votes = await asyncio.gather(*(stores.vote("A-1", a_vote(name, "deny")) for name in ("ben", "zoe", "ida")))
    assert sum(isinstance(one, Approval) for one in votes) == 1
    assert [kind for kind, _ in await told(stores)] == ["approval_asked", "approval_voted", "approval_closed"]


async def test_requests_are_found_newest_first_by_state_and_ticket(stores: Stores) -> None:
    for number in range(3):
        effect = a_grant(f"k{number}", ticket_id=f"t{number % 2}")
        await stores.ask(replace(an_approval(f"A-{number}", effect=effect), asked_at=NOON + number * MINUTE))
    await stores.withdraw("A-1", at=NOON, why="x")
    assert [one.approval_id for one in await stores.approvals()] == ["A-2", "A-1", "A-0"]
    assert [one.approval_id for one in await stores.approvals(states=(ApprovalState.OPEN,))] == ["A-2", "A-0"]
    assert [one.approval_id for one in await stores.approvals(ticket_id="t0", limit=1)] == ["A-2"]


async def test_every_change_is_on_the_record(stores: Stores) -> None:
    await stores.ask(an_approval())
    await stores.vote("A-1", a_vote())
    await stores.ask(an_approval("A-2", about=About.DOUBT))
    await stores.withdraw("A-2", at=NOON, why="the other side knew")
    told_of_a_vote = {"approval_id": "A-1", "approver": "anna", "verdict": "approve", "reason": "looks right"}
    assert await told(stores) == [
        ("approval_asked", asked(an_approval())),
        ("approval_voted", told_of_a_vote),
        ("approval_closed", {"approval_id": "A-1", "state": "approved", "why": None}),
        ("approval_asked", asked(an_approval("A-2", about=About.DOUBT))),
        ("approval_closed", {"approval_id": "A-2", "state": "withdrawn", "why": "the other side knew"}),
    ]
    await chain(stores.links())


async def forge(stores: Stores, **changes: str | int) -> None:
    """Change the row of a request past the store's own methods."""
    if isinstance(stores, MemoryStores):
        known = {**changes, **({"state": ApprovalState(changes["state"])} if "state" in changes else {})}
        stores.requests["A-1"] = replace(stores.requests["A-1"], **known)
        return
    with stores.engine.begin() as connection:
        connection.execute(update(APPROVALS).where(APPROVALS.c.approval_id == "A-1").values(changes))


FORGED: dict[str, dict[str, str | int]] = {
    "a yes that nobody gave": {"state": "approved"},
    "a no that nobody gave": {"state": "denied"},
    "fewer approvers": {"needed": 1},
    "another tool": {"tool": "send_external_message"},
    "another effect": {"effect_key": "issue:D-9"},
    "withdrawn by nobody": {"state": "withdrawn"},
}


@pytest.mark.parametrize("forged", FORGED)
async def test_a_request_that_was_changed_counts_for_nothing_and_others_are_still_shown(
    stores: Stores, forged: str
) -> None:
    await stores.ask(an_approval(needed=2))
    await stores.vote("A-1", a_vote())
    await stores.ask(whole := an_approval("A-2", effect=a_message()))
    await forge(stores, **FORGED[forged])
    assert await stores.approval("A-1") is None
    assert [*await stores.approvals()] == [whole]
    assert await stores.vote("A-1", a_vote("ben")) == Denied("no_such_approval", "there is no such request")
    await stores.withdraw("A-1", at=NOON, why="x")
    effect_key = str(FORGED[forged].get("effect_key", "issue:D-1"))
    with pytest.raises(UnusableStore, match='the request "A-1" is not what the record says of it'):
        await stores.approval_for(effect_key, About.EFFECT)


async def test_a_changed_request_is_not_asked_anew(stores: Stores) -> None:
    await stores.ask(an_approval(needed=2))
    await forge(stores, state="approved")
    with pytest.raises(UnusableStore, match='the request "A-1" is not what the record says of it'):
        await stores.ask(an_approval("A-9"))


async def test_a_vote_that_the_record_does_not_know_counts_for_nothing(stores: Stores) -> None:
    await stores.ask(an_approval())
    if isinstance(stores, MemoryStores):
        stores.requests["A-1"] = replace(stores.requests["A-1"], votes=(a_vote(),))
    else:
        with stores.engine.begin() as connection:
            forged = ("A-1", "anna", 1, "croupier", "approve", "looks right", "2026-11-20T12:01:00.000000+00:00")
            connection.execute(insert(VOTES).values(forged))
    await forge(stores, state="approved")
    assert await stores.approval("A-1") is None


async def test_on_an_erased_ticket_a_doubt_needs_its_votes_too(stores: Stores) -> None:
    doubt = await stores.ask(an_approval(about=About.DOUBT))
    await stores.erase("t1", by="ben", reason="asked", at=NOON)
    assert await stores.approval("A-1") == doubt
    await forge(stores, state="approved")
    assert await stores.approval("A-1") is None


async def test_votes_and_readers_at_once_never_look_like_damage(stores: Stores) -> None:
    await stores.ask(an_approval(needed=12))
    voting = asyncio.gather(*(stores.vote("A-1", a_vote(f"p{number}")) for number in range(12)))
    read = await asyncio.gather(*(stores.approval("A-1") for _ in range(40)))
    await voting
    assert None not in read
