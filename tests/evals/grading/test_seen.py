"""What graders see: calls from proposal to result, and what a ticket has cost."""

from datetime import UTC, datetime
from decimal import Decimal

from casino.values import Value
from evals.grading.seen import CallSeen, calls_of, usage_of
from evals.trial import Usage
from evals.whole import Whole
from tests.evals.grading.played import Played
from tools.record import Entry

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def record(*rows: tuple[str, dict[str, Value]]) -> list[Entry]:
    return [
        Entry(ticket_id="t", seq=seq, kind=kind, at=NOON, body=body) for seq, (kind, body) in enumerate(rows, start=1)
    ]


def proposed(*names: str, tokens: int = 0) -> tuple[str, dict[str, Value]]:
    calls: list[Value] = [{"name": name, "arguments": {}} for name in names]
    return "model_reply", {"calls": calls, "text": None, "tokens": {"in": tokens, "out": 1}}


def test_a_call_is_read_from_its_proposal_to_its_result() -> None:
    entries = record(
        proposed("a", "a", "b"),
        ("tool_call", {"id": "1", "name": "a", "arguments": {}}),
        ("tool_result", {"id": "1", "name": "a", "status": "ok", "data": {"x": 1}, "establishes": {"f": {"y": 2}}}),
        ("tool_call", {"id": "2", "name": "a", "arguments": {}}),
        ("tool_result", {"id": "2", "name": "a", "status": "refused", "data": {"code": "no"}, "establishes": {}}),
        ("tool_result", {"id": "9", "name": "a", "status": "ok", "data": {}, "establishes": {}}),
    )
    calls = calls_of(entries)
    assert calls == (
        CallSeen(
            at=2, name="a", arguments={}, status="ok", code="", data={"x": 1}, establishes={"f": {"y": 2}}, ended=3
        ),
        CallSeen(at=4, name="a", arguments={}, status="refused", code="no", data={"code": "no"}, ended=5),
        CallSeen(at=1, name="b", arguments={}),
    )
    assert [call.told for call in calls] == ["a: ok", "a: no", "b: not_begun"]


def test_a_hand_over_by_the_house_is_no_proposal() -> None:
    entries = record(
        proposed("transfer"), ("tool_call", {"id": "h1", "name": "transfer", "arguments": {}, "by": "code"})
    )
    assert calls_of(entries) == (
        CallSeen(at=1, name="transfer", arguments={}),
        CallSeen(at=2, name="transfer", arguments={}, by_code=True, code=""),
    )


def test_what_a_ticket_cost_is_counted() -> None:
    entries = record(("model_request", {}), proposed("a", tokens=7), ("tool_call", {"id": "1", "name": "a"}))
    whole = Whole(ticket_id="t", entries=entries, decisions={}, effects=(), handoffs=())
    found = usage_of(whole, cost=Decimal("0.10"))
    assert found == Usage(model_calls=1, tool_calls=1, tokens_in=7, tokens_out=1, cost=Decimal("0.10"))


def test_a_fact_is_known_from_the_entry_that_established_it(issued: Played) -> None:
    seen = issued.seen
    at = next(entry.seq for entry in seen.whole.entries if "establishes" in entry.body)
    assert seen.established("verified_player", before=at) is None
    assert seen.established("verified_player") == {"player_id": "P1001"}
