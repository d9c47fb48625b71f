"""What a call came to is on record, each answer once, and the later answer of a repeated call holds."""

import json
from decimal import Decimal
from pathlib import Path

from agent.memory.conversation import conversation
from agent.model.port import Answered
from agent.nodes.act import write_result
from agent.state import PendingCall, first_state
from tests.agent.stored_desk import stored
from tests.desks import ANNA, desk
from tools.tool import Result, Status


async def test_a_repeated_call_is_on_record_with_each_answer_and_the_later_one_holds() -> None:
    deps, state = desk("P1001").sandbox.deps, first_state("t1", "lucky-spin")
    pending = PendingCall(id="c1-1-1", name="qualify_for_bonus", arguments={}, node="act")
    away = Result(status=Status.UNAVAILABLE, data={"code": "unavailable"})
    decided = Result(status=Status.OK, data={"qualified": True})
    for result in (away, away, decided, decided):
        await write_result(state, deps, pending, result)
    written = [entry.body["status"] for entry in await deps.record.entries("t1")]
    held = await conversation(deps.record, "t1")
    assert written == ["unavailable", "ok"]
    assert held == (Answered("c1-1-1", "qualify_for_bonus", "ok", {"qualified": True}),)


async def test_an_answer_that_comes_again_after_another_is_the_one_that_holds() -> None:
    deps, state = desk("P1001").sandbox.deps, first_state("t1", "lucky-spin")
    pending = PendingCall(id="c1-1-1", name="qualify_for_bonus", arguments={}, node="act")
    for code in ("unavailable", "ok", "unavailable"):
        result = Result(status=Status(code), data={"amount": Decimal("1.50")})
        await write_result(state, deps, pending, result)
    (held,) = await conversation(deps.record, "t1")
    assert isinstance(held, Answered)
    assert (held.status, len(await deps.record.entries("t1"))) == ("unavailable", 3)


async def test_what_stays_plain_of_a_result_is_a_count_that_tells_nothing_of_it(tmp_path: Path) -> None:
    d = desk("P1001")
    async with stored(d, f"sqlite:///{tmp_path / 'croupier.sqlite'}") as one:
        await one.say("Can I get a bonus?", message="m1")
        await one.say(ANNA, message="m2")
        results = await one.stores.entries("t1", kinds=("tool_result",))
        links = [json.loads(link.line) async for link in one.stores.links()]
    words = [link["once"] for link in links if link["kind"] == "tool_result"]
    assert words == [f"result:{entry.body['id']}:0" for entry in results]
    assert words != []
