"""What a call came to is on record, each answer once, and the later answer of a repeated call holds."""

from agent.memory.conversation import conversation
from agent.model.port import Answered
from agent.nodes.act import write_result
from agent.state import PendingCall, first_state
from tests.desks import desk
from tools.tool import Result, Status


async def test_a_repeated_call_is_on_record_with_each_answer_and_the_later_one_holds() -> None:
    deps, state = desk("P1001").sandbox.deps, first_state("t1", "lucky-spin")
    pending = PendingCall(id="c1-1-1", name="qualify_for_bonus", arguments={}, node="act")
    away = Result(status=Status.UNAVAILABLE, data={"code": "unavailable"})
    decided = Result(status=Status.OK, data={"qualified": True})
    for result in (away, away, decided):
        await write_result(state, deps, pending, result)
    written = [entry.body["status"] for entry in await deps.record.entries("t1")]
    held = await conversation(deps.record, "t1")
    assert written == ["unavailable", "ok"]
    assert held == (Answered("c1-1-1", "qualify_for_bonus", "ok", {"qualified": True}),)
