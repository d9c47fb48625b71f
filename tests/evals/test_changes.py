"""What each call changed, as operations that turn the state before it into the state after it."""

from copy import deepcopy
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.house import House, read_house
from agent.settings import read_settings
from casino.values import Document, Value
from evals.changes import changes_of, diff
from tests.evals.grading.played import Played, played
from tools.record import Entry, Kind

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
DECIDED = {"player_id": "P1", "status": "qualified", "configuration": "c", "tier": "vip"}


@pytest.fixture(scope="module")
def house() -> House:
    return read_house(read_settings({}))


def record(*told: tuple[Kind, Document]) -> list[Entry]:
    return [
        Entry(ticket_id="t", seq=seq, kind=kind, at=NOW, body=body) for seq, (kind, body) in enumerate(told, start=1)
    ]


def call(name: str) -> tuple[Kind, Document]:
    return Kind.TOOL_CALL, {"id": name, "name": name, "arguments": {}}


def result(name: str, **facts: Document) -> tuple[Kind, Document]:
    given: dict[str, Value] = {fact: dict(value) for fact, value in facts.items()}
    return Kind.TOOL_RESULT, {"id": name, "name": name, "status": "ok", "data": {}, "establishes": given}


def claimed(key: str, decision_id: str | None = None) -> tuple[Kind, Document]:
    row: Document = {"key": key, "tool": "x", "state": "pending", "decision_id": decision_id, "intent": {"a": 1}}
    return Kind.EFFECT_CLAIMED, row


def settled(key: str, state: str) -> tuple[Kind, Document]:
    return Kind.EFFECT_SETTLED, {"key": key, "state": state, "outcome": {}}


def ledger(state: str) -> dict[str, Value]:
    return {"tool": "x", "state": state, "intent": {"a": 1}}


def told(ticket: Played) -> list[tuple[str, str]]:
    """Return the operations of a played ticket as words, those of a test left out."""
    whole = ticket.seen.whole
    found = changes_of(whole.entries, granted=ticket.seen.granted or (), handoffs=whole.handoffs)
    return [
        (f"{entry.kind} {entry.body.get('name')}", f"{one['op']} {one['path']}")
        for entry, operations in zip(whole.entries, found, strict=True)
        for one in operations
        if one["op"] != "test"
    ]


async def test_an_issued_bonus_is_told_beside_the_calls_that_brought_it_about(house: House) -> None:
    assert told(await played("demo/1-issued", house)) == [
        ("tool_result verify_player_identity", "add /verified"),
        ("tool_result qualify_for_bonus", "add /decisions/D-1"),
        ("tool_result issue_bonus", "add /ledger/issue:D-1"),
        ("tool_result issue_bonus", "add /granted/0"),
    ]


async def test_a_hand_over_is_told_with_its_row(house: House) -> None:
    found = told(await played("demo/3-locked-out", house))
    assert [where for where, _ in found] == ["tool_result transfer_to_live_agent"] * 2
    assert found[0][1] == "add /ledger/transfer:locked-out"
    assert found[1][1].startswith("add /handoffs/H-")


async def test_a_row_whose_answer_was_lost_is_there_all_the_same(house: House) -> None:
    found = told(await played("faults/issue-answer-lost-for-good", house))
    assert ("tool_result issue_bonus", "add /granted/0") in found
    refused = told(await played("faults/issue-refused", house))
    assert ("tool_result issue_bonus", "add /ledger/issue:D-1") in refused
    assert "add /granted/0" not in {operation for _, operation in refused}


def test_a_call_that_changes_nothing_has_no_operations() -> None:
    assert changes_of(record(call("look"), result("look"))) == [(), ()]
    assert changes_of([]) == []


def test_what_stands_in_doubt_is_changed_with_the_value_that_was_there() -> None:
    entries = record(call("x"), claimed("k"), settled("k", "unknown"), result("x"), settled("k", "done"))
    assert changes_of(entries) == [
        (),
        (),
        (),
        ({"op": "add", "path": "/ledger/k", "value": ledger("unknown")},),
        (
            {"op": "test", "path": "/ledger/k/state", "value": "unknown"},
            {"op": "replace", "path": "/ledger/k/state", "value": "done"},
        ),
    ]


def test_a_row_is_granted_once_though_its_effect_is_settled_twice() -> None:
    row: Document = {"player_id": "P1", "decision_id": "D-1"}
    entries = record(claimed("k", "D-1"), settled("k", "unknown"), settled("k", "done"))
    grants = [one for each in changes_of(entries, granted=[row]) for one in each if one["path"] == "/granted/0"]
    assert grants == [{"op": "add", "path": "/granted/0", "value": row}]


def test_a_call_that_never_came_to_a_result_keeps_what_it_changed() -> None:
    cut_off = record(call("x"), claimed("k"))
    assert [len(one) for one in changes_of(cut_off)] == [0, 1]
    assert [len(one) for one in changes_of([*cut_off, *record(call("y"), result("y"))])] == [0, 1, 0, 0]


def test_a_decision_outside_of_a_call_stands_at_its_own_entry() -> None:
    minted = (Kind.DECISION_MINTED, {"decision_id": "D/1", **DECIDED})
    assert changes_of(record(minted)) == [({"op": "add", "path": "/decisions/D~11", "value": DECIDED},)]


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=3)
    | st.decimals(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("a/~0", max_size=2), inner, max_size=3),
    max_leaves=8,
)


@given(VALUES, VALUES)
def test_the_operations_turn_one_value_into_the_other(was: Value, now: Value) -> None:
    assert applied(was, [*diff(was, now)]) == now


@pytest.mark.parametrize("value", [None, True, 25, Decimal("2.5"), "x", [1, {"a": []}], {"a": {"b": [None]}}])
def test_what_is_the_same_has_no_operations(value: Value) -> None:
    assert [*diff(value, deepcopy(value))] == []


def test_a_flag_is_no_number() -> None:
    assert [*diff({"a": True}, {"a": 1})] == [
        {"op": "test", "path": "/a", "value": True},
        {"op": "replace", "path": "/a", "value": 1},
    ]


def applied(value: Value, operations: list[dict[str, Value]]) -> Value:
    """Carry out the operations, as RFC 6902 says; a test that does not hold fails."""
    root: dict[str, Value] = {"": deepcopy(value)}
    for one in operations:
        steps = [step.replace("~1", "/").replace("~0", "~") for step in str(one["path"]).split("/")]
        place: Value = root
        for step in steps[:-1]:
            place = at(place, step)
        name = steps[-1]
        match one["op"], place:
            case "test", _:
                assert at(place, name) == one["value"]
            case "remove", list():
                del place[int(name)]
            case "remove", dict():
                del place[name]
            case "add", list():
                place.insert(int(name), one["value"])
            case "replace", list():
                place[int(name)] = one["value"]
            case _, dict():
                place[name] = one["value"]
            case _:
                raise AssertionError(one)
    return root[""]


def at(place: Value, step: str) -> Value:
    if isinstance(place, list):
        return place[int(step)]
    assert isinstance(place, dict)
    return place[step]
