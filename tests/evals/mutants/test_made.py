"""Mutants of a gold trajectory: the gold passes when it is played again, and what is played a little wrong does not."""

from decimal import Decimal

import pytest

from agent.house import House
from agent.model.port import ProposedCall
from casino.values import Value
from evals.expect import Order
from evals.grading.order import order_of
from evals.mutants.made import Mutant, Replayer, Turn, gold_of, mutants
from tests.evals.grading.played import Played, played
from tools.catalog import CATALOG

WITH_READS = "qualify/high-value-vip"


async def _missed(name: str, house: House, *, strict: bool = False) -> list[tuple[str, str]]:
    """Return the mutants of a ticket that grading lets pass."""
    gold = await played(name, house)
    order = (order_of(gold.seen) if strict else Order()).model_dump()
    trajectory = gold_of(gold.seen)
    assert (await played(name, house, model=Replayer(trajectory))).wrong(order=order) == {}
    missed: list[tuple[str, str]] = []
    for mutant in mutants(trajectory, CATALOG):
        ended = await played(name, house, model=Replayer(mutant.turns))
        missed += [] if ended.wrong(order=order) else [(mutant.kind, mutant.what)]
    return missed


@pytest.mark.parametrize("name", ["demo/1-issued", "demo/2-not-qualified"])
async def test_every_mutant_of_a_ticket_is_caught(house: House, name: str) -> None:
    assert await _missed(name, house) == []


async def test_a_hand_over_that_code_makes_up_for_needs_an_order(house: House) -> None:
    lost = "transfer_to_live_agent"
    assert await _missed("demo/4-human", house) == [("drop", lost), ("drop hand-over", lost)]
    assert await _missed("demo/4-human", house, strict=True) == []


async def test_a_read_that_no_row_tells_of_needs_an_order(house: House) -> None:
    missed = await _missed(WITH_READS, house)
    assert missed == [
        ("drop", "player_profile"),
        ("repeat", "player_profile"),
        ("swap", "player_profile, qualify_for_bonus"),
        ("drop reads", "player_profile"),
    ]
    assert await _missed(WITH_READS, house, strict=True) == []


def test_a_trajectory_has_every_kind_of_mutant(issued: Played) -> None:
    found = [(one.kind, one.what) for one in mutants(gold_of(issued.seen), CATALOG)]
    assert found == [
        ("drop", "verify_player_identity"),
        ("repeat", "verify_player_identity"),
        ("change", "verify_player_identity.email"),
        ("change", "verify_player_identity.date_of_birth"),
        ("drop", "qualify_for_bonus"),
        ("repeat", "qualify_for_bonus"),
        ("drop", "issue_bonus"),
        ("repeat", "issue_bonus"),
        ("change", "issue_bonus.decision_id"),
        ("swap", "verify_player_identity, qualify_for_bonus"),
        ("swap", "qualify_for_bonus, issue_bonus"),
        ("drop verification", "verify_player_identity"),
    ]


async def test_a_hand_over_and_reads_are_dropped_whole(house: House) -> None:
    ticket = await played(WITH_READS, house)
    kinds = {one.kind: one for one in mutants(gold_of(ticket.seen), CATALOG)}
    left = {kind: [call.name for turn in kinds[kind].turns for call in turn.calls] for kind in kinds}
    assert left["drop hand-over"] == ["verify_player_identity", "player_profile", "qualify_for_bonus"]
    assert left["drop reads"] == ["verify_player_identity", "qualify_for_bonus", "transfer_to_live_agent"]


@pytest.mark.parametrize(
    ("value", "other"),
    [
        ("player_request", "cannot_help"),
        ("procedure", "player_request"),
        ("D-1", "D-2"),
        ("D-2", "D-1"),
        (True, False),
        (5, 6),
        (Decimal("0.5"), Decimal("1.5")),
        (None, "another"),
    ],
)
def test_a_changed_argument_is_another_value(value: Value, other: Value) -> None:
    one = ProposedCall(name="a", arguments={"x": value})
    changed = ProposedCall(name="a", arguments={"x": other})
    gold = (Turn(proposals=((one,),)),)
    assert [mutant for mutant in mutants(gold, {}) if mutant.kind == "change"] == [
        Mutant(kind="change", what="a.x", turns=(Turn(proposals=((changed,),)),))
    ]
