"""The gate: an effect is claimed before it is tried, settled by asking, and never done twice."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from casino.values import Document
from tools.adapters.memory_stores import MemoryStores
from tools.gate.door import perform
from tools.ports import Effect, EffectState, OutcomeUnknown, Refused, Unavailable
from tools.tool import Arguments, Call, Fact, Intent, Kind, Result, Status, Tool

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
Step = Document | Refused | Exception


@dataclass(slots=True)
class Outside:
    """The other side: what it does when it is asked to act, and when it is asked what became of it."""

    acts: Iterator[Step]
    answers: Iterator[Document | Exception | None] = field(default_factory=lambda: iter([None]))
    acted: int = 0
    asked: int = 0


async def _run(_: Arguments, __: Call[Outside]) -> Intent:
    return intent()


async def _perform(_: Intent, world: Outside) -> Document | Refused:
    world.acted += 1
    step = next(world.acts)
    if isinstance(step, Exception):
        raise step
    return step


async def _reconcile(_: Intent, world: Outside) -> Document | None:
    world.asked += 1
    answer = next(world.answers)
    if isinstance(answer, Exception):
        raise answer
    return answer


PAY: Tool[Outside] = Tool(
    name="pay",
    display_name="Pay",
    kind=Kind.WRITE,
    description="Pay.",
    arguments=Arguments,
    run=_run,
    perform=_perform,
    reconcile=_reconcile,
    establishes=("paid",),
    spends=("due",),
    outcome="paid",
)


def intent(key: str = "pay:1", business_key: str = "pay:player:today") -> Intent:
    return Intent(key=key, business_key=business_key, body={"amount": 5})


def call(world: Outside) -> Call[Outside]:
    return Call(
        ticket_id="t1",
        brand="b",
        call_id="c1",
        now=NOON,
        world=world,
        facts={},
        said=(),
        asked="",
        tried=(),
        named_fields=(),
    )


PENDING = Effect(
    key="pay:1",
    business_key="pay:player:today",
    ticket_id="t1",
    tool="pay",
    intent={"amount": 5},
    state=EffectState.PENDING,
    outcome={},
    at=NOON,
)
DONE = Result(
    status=Status.DONE,
    data={"paid": True},
    establishes={"paid": Fact(value={"paid": True})},
    spends=("due",),
    outcome="paid",
)


async def test_an_effect_is_done_once_and_the_same_key_again_gives_the_recorded_outcome() -> None:
    world, ledger = Outside(iter([{"paid": True}])), MemoryStores()
    assert await perform(PAY, intent(), call(world), ledger) == DONE
    assert await perform(PAY, intent(), call(world), ledger) == DONE
    assert (world.acted, ledger.ledger["pay:1"].state) == (1, EffectState.DONE)


async def test_a_second_key_cannot_pay_the_same_thing() -> None:
    world, ledger = Outside(iter([{"paid": True}])), MemoryStores()
    await perform(PAY, intent(), call(world), ledger)
    second = await perform(PAY, intent("pay:2"), call(world), ledger)
    assert (second.status, second.data["code"], world.acted) == (Status.REFUSED, "done_before", 1)


async def test_a_refusal_is_recorded_and_goes_to_a_human() -> None:
    world, ledger = Outside(iter([Refused("no_template", "no such template")])), MemoryStores()
    result = await perform(PAY, intent(), call(world), ledger)
    assert result == Result(
        status=Status.REFUSED, data={"code": "no_template", "message": "no such template"}, escalate="effect_refused"
    )
    assert ledger.ledger["pay:1"].state is EffectState.FAILED


async def test_what_never_left_failed_and_may_be_tried_again() -> None:
    world, ledger = Outside(iter([Unavailable("closed"), {"paid": True}])), MemoryStores()
    first = await perform(PAY, intent(), call(world), ledger)
    assert (first.status, first.escalate) == (Status.UNAVAILABLE, "system_unavailable")
    assert await perform(PAY, intent(), call(world), ledger) == DONE


async def test_a_lost_answer_is_found_by_asking_and_nothing_is_done_again() -> None:
    world, ledger = Outside(iter([OutcomeUnknown()]), iter([{"paid": True}])), MemoryStores()
    assert await perform(PAY, intent(), call(world), ledger) == DONE
    assert (world.acted, world.asked) == (1, 1)


async def test_an_effect_that_is_certainly_absent_is_tried_once_more() -> None:
    world, ledger = Outside(iter([OutcomeUnknown(), {"paid": True}]), iter([None])), MemoryStores()
    assert await perform(PAY, intent(), call(world), ledger) == DONE
    assert world.acted == 2


@pytest.mark.parametrize("answers", [[Unavailable("down")] * 3, [None]])
async def test_what_cannot_be_settled_stays_unknown_and_goes_to_a_human(
    answers: list[Document | Exception | None],
) -> None:
    world, ledger = Outside(iter([OutcomeUnknown(), OutcomeUnknown()]), iter(answers)), MemoryStores()
    result = await perform(PAY, intent(), call(world), ledger)
    assert (result.status, result.escalate) == (Status.UNKNOWN, "outcome_unknown")
    assert ledger.ledger["pay:1"].state is EffectState.UNKNOWN


async def test_an_effect_that_a_dead_process_left_pending_is_asked_about_first() -> None:
    world, ledger = Outside(iter([]), iter([{"paid": True}])), MemoryStores()
    await ledger.claim(PENDING)
    assert await perform(PAY, intent(), call(world), ledger) == DONE
    assert (world.acted, world.asked) == (0, 1)


def test_a_tool_that_changes_the_world_must_say_how() -> None:
    with pytest.raises(TypeError, match="needs `perform`"):
        Tool(name="x", display_name="X", kind=Kind.WRITE, description="", arguments=Arguments, run=_run)
