"""Tools from typed functions: what the signature declares, what the gate keeps, and what is refused."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Any

import pytest
from pydantic import Field

from casino.values import Document, Value
from tools.adapters.memory_stores import MemoryStores
from tools.from_function import tool_from
from tools.gate.door import Gate, Waiting
from tools.gate.rules import GateRules, Mode, Policy
from tools.gate.written import load_gate_rules
from tools.ledger import EffectState
from tools.legal import validate
from tools.ports import OutcomeUnknown, Refused, Unavailable
from tools.tool import Arguments, Call, Fact, Intent, Kind, Need, Result, Status, Tool, from_fact, hints, schema, spoken

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


@dataclass
class Till:
    """A world: what was paid, and how the bank behaves."""

    paid: list[Document] = field(default_factory=list[Document])
    trouble: Exception | None = None


def a_call(till: Till, *, call_id: str = "c1-1-1", facts: dict[str, Fact] | None = None) -> Call[Till]:
    return Call(
        ticket_id="T1",
        brand="shop",
        call_id=call_id,
        now=NOW,
        world=till,
        facts={"customer": Fact(value={"id": "K1"}, level=2, expires_at=NOW)} if facts is None else facts,
        said=("my money back please",),
        asked="",
        tried=("look: ok",),
        named_fields=("country",),
        escalation="budget_spent",
        procedure="sales",
        confidence=Decimal("0.9"),
    )


async def run(tool: Tool[Any], call: Call[Till], **raw: object) -> Result | Intent:
    arguments = validate(tool, raw, call)
    assert isinstance(arguments, Arguments)
    return await tool.run(arguments, call)


AUTOMATIC = GateRules(modes={"sales": Mode.AUTOMATIC}, policies=(Policy(name="all", approvers=0),))


def gate(till: Till, stores: MemoryStores, rules: GateRules = AUTOMATIC) -> Gate[Till]:
    return Gate(
        hands=till, ledger=stores, approvals=stores, rules=rules, record=stores, new_id=lambda prefix: f"{prefix}-1"
    )


async def through_the_gate(tool: Tool[Any], call: Call[Till], stores: MemoryStores, **raw: object) -> Result:
    intent = await run(tool, call, **raw)
    assert isinstance(intent, Intent)
    result = await gate(call.world, stores).admit(tool, intent, call)
    assert isinstance(result, Result)
    return result


def price(code: str, count: Annotated[int, Field(ge=1, description="how many")] = 1) -> dict[str, Value]:
    """Say what
    goods cost.
    """
    return {"code": code, "total": Decimal("1.10") * count}


async def refund(call: Call[Till], amount: Decimal) -> dict[str, Value] | Refused:
    """Pay money back."""
    if call.world.trouble is not None:
        raise call.world.trouble
    if amount > Decimal(100):
        return Refused("too_much", "at most 100")
    call.world.paid.append({"to": call.facts["customer"].value["id"], "amount": amount})
    return {"paid": amount}


REFUND = tool_from(refund, kind=Kind.WRITE, needs=("customer",), establishes=("refunded",), outcome="paid_back")


def test_a_signature_becomes_a_declaration() -> None:
    tool = tool_from(price, kind=Kind.READ, needs=("customer", Need(fact="card", level=2)), built_in=True)
    assert (tool.name, tool.display_name, tool.description) == ("price", "Price", "Say what goods cost.")
    assert tool.needs == (Need(fact="customer"), Need(fact="card", level=2))
    assert (tool.built_in, tool.perform, tool.attempts) == (True, None, None)
    assert schema(tool, {}) == {
        "type": "object",
        "properties": {
            "code": {"type": "string"},
            "count": {"type": "integer", "default": 1, "minimum": 1, "description": "how many"},
        },
        "required": ["code"],
        "additionalProperties": False,
    }


def test_names_may_be_given() -> None:
    tool = tool_from(price, kind=Kind.READ, name="what_it_costs", display_name="Price tag")
    assert (tool.name, tool.display_name) == ("what_it_costs", "Price tag")


def test_hints_in_annotations_are_kept() -> None:
    def find(
        mail: Annotated[str, spoken("email", "as written")],
        born: Annotated[date | None, spoken("date", "if given")] = None,
        decision: Annotated[str, from_fact("decision.id", "the one")] = "",
    ) -> dict[str, Value]:
        """Find somebody."""
        return {"mail": mail, "born": born is not None, "decision": decision}

    tool = tool_from(find, kind=Kind.DECIDE)
    assert {name: (one.get("x-spoken"), one.get("x-fact")) for name, one in hints(tool).items()} == {
        "mail": ("email", None),
        "born": ("date", None),
        "decision": (None, "decision.id"),
    }
    assert schema(tool, {})["required"] == ["mail"]


def test_a_method_of_an_object_is_a_tool_too() -> None:
    class Shop:
        def hours(self, call: Call[Till], day: str) -> dict[str, Value]:
            """Say when the shop is open."""
            return {"day": day, "brand": call.brand}

    tool = tool_from(Shop().hours, kind=Kind.READ)
    assert (tool.name, list(hints(tool))) == ("hours", ["day"])


async def test_a_mapping_is_the_result_and_the_first_fact() -> None:
    tool = tool_from(price, kind=Kind.DECIDE, establishes=("priced", "cheap"), outcome="told")
    data: Document = {"code": "A", "total": Decimal("2.20")}
    assert await run(tool, a_call(Till()), code="A", count=2) == Result(
        status=Status.OK, data=data, establishes={"priced": Fact(value=data)}, outcome="told"
    )


async def test_a_whole_result_is_left_as_it_is() -> None:
    own = Result(status=Status.OK, data={"x": 1}, escalate="cannot_help", outcome="mine")

    async def decide() -> Result:
        """Decide."""
        return own

    tool = tool_from(decide, kind=Kind.DECIDE, establishes=("decided",), outcome="not mine")
    assert await run(tool, a_call(Till())) is own


async def test_a_refusal_of_a_read_establishes_nothing() -> None:
    def find() -> Refused:
        """Find."""
        return Refused("no_match", "nobody")

    tool = tool_from(find, kind=Kind.DECIDE, establishes=("found",))
    data: Document = {"code": "no_match", "message": "nobody"}
    assert await run(tool, a_call(Till())) == Result(status=Status.REFUSED, data=data)


async def test_an_outage_of_a_read_is_not_a_no() -> None:
    def find() -> dict[str, Value]:
        """Find."""
        raise Unavailable("the shop does not answer")

    tool = tool_from(find, kind=Kind.READ)
    data: Document = {"code": "unavailable", "message": "the shop does not answer"}
    expected = Result(status=Status.UNAVAILABLE, data=data, escalate="system_unavailable")
    assert await run(tool, a_call(Till())) == expected


async def test_an_effect_only_writes_down_what_is_wanted() -> None:
    till = Till()
    intent = await run(REFUND, a_call(till), amount="12.50")
    assert till.paid == []
    assert isinstance(intent, Intent)
    assert intent == Intent(
        key="refund:T1:c1-1-1",
        business_key=intent.business_key,
        body={
            "arguments": {"amount": "12.50"},
            "call": {
                "ticket_id": "T1",
                "brand": "shop",
                "call_id": "c1-1-1",
                "now": "2026-03-02T09:00:00+00:00",
                "facts": {"customer": {"value": {"id": "K1"}, "level": 2, "expires_at": "2026-03-02T09:00:00+00:00"}},
                "said": ["my money back please"],
                "asked": "",
                "tried": ["look: ok"],
                "named_fields": ["country"],
                "escalation": "budget_spent",
                "procedure": "sales",
                "confidence": Decimal("0.9"),
                "silent": False,
            },
        },
    )


async def test_a_function_that_does_not_ask_for_the_call_leaves_it_out_of_the_intent() -> None:
    rung: list[int] = []

    def ring(times: int) -> dict[str, Value]:
        """Ring the bell."""
        rung.append(times)
        return {"rung": times}

    tool, stores = tool_from(ring, kind=Kind.WRITE), MemoryStores()
    result = await through_the_gate(tool, a_call(Till()), stores, times=2)
    assert (result.status, rung) == (Status.DONE, [2])
    assert [one.intent for one in await stores.effects("T1")] == [{"arguments": {"times": 2}}]


async def test_the_function_gets_the_call_back_as_it_was() -> None:
    seen: list[Call[Till]] = []

    def note(call: Call[Till]) -> dict[str, Value]:
        """Leave a note."""
        seen.append(call)
        return {}

    call = a_call(Till())
    await through_the_gate(tool_from(note, kind=Kind.TERMINAL, outcome="noted"), call, MemoryStores())
    assert seen == [call]


def test_a_tool_that_makes_a_ticket_silent_must_say_what_the_ticket_came_to() -> None:
    def ring() -> dict[str, Value]:
        """Ring the bell."""
        return {}

    with pytest.raises(TypeError, match="tool `ring` makes the ticket silent, so it needs an `outcome`"):
        tool_from(ring, kind=Kind.TERMINAL)
    assert tool_from(ring, kind=Kind.WRITE).outcome is None


async def test_the_gate_performs_the_function_and_keeps_the_outcome() -> None:
    till, stores = Till(), MemoryStores()
    result = await through_the_gate(REFUND, a_call(till), stores, amount="12.50")
    given: Document = {"paid": Decimal("12.50")}
    assert result == Result(
        status=Status.DONE, data=given, establishes={"refunded": Fact(value=given)}, outcome="paid_back"
    )
    assert till.paid == [{"to": "K1", "amount": Decimal("12.50")}]
    assert [(one.key, one.state, one.outcome) for one in await stores.effects("T1")] == [
        ("refund:T1:c1-1-1", EffectState.DONE, given)
    ]


async def test_the_same_call_again_is_answered_from_the_ledger() -> None:
    till, stores = Till(), MemoryStores()
    first = await through_the_gate(REFUND, a_call(till), stores, amount="5")
    assert await through_the_gate(REFUND, a_call(till), stores, amount="5") == first
    assert len(till.paid) == 1


async def test_the_same_arguments_on_one_ticket_happen_once() -> None:
    till, stores = Till(), MemoryStores()
    await through_the_gate(REFUND, a_call(till), stores, amount="5")
    again = await through_the_gate(REFUND, a_call(till, call_id="c1-2-1"), stores, amount="5")
    assert (again.status, len(till.paid)) == (Status.REFUSED, 1)


async def test_approval_policies_read_the_arguments_as_they_are() -> None:
    rules = """
modes: {sales: automatic}
approvals:
  - {name: large, when: ["effect.tool == 'refund'", "effect.arguments.amount > 10"], approvers: 1}
  - {name: small, approvers: 0}
"""
    till, stores = Till(), MemoryStores()
    door = gate(till, stores, load_gate_rules(rules, name="gate.yaml"))
    answers: list[Result | Waiting] = []
    for amount in ("10", "10.01"):
        intent = await run(REFUND, a_call(till), amount=amount)
        assert isinstance(intent, Intent)
        answers.append(await door.admit(REFUND, replace(intent, key=amount), a_call(till)))
    assert answers[1:] == [Waiting("A-1")]
    assert till.paid == [{"to": "K1", "amount": Decimal(10)}]


async def test_other_arguments_are_another_effect() -> None:
    till, stores = Till(), MemoryStores()
    await through_the_gate(REFUND, a_call(till), stores, amount="5")
    other = await through_the_gate(REFUND, a_call(till, call_id="c1-2-1"), stores, amount="6")
    assert (other.status, len(till.paid)) == (Status.DONE, 2)


async def test_a_refused_effect_is_failed_and_a_human_takes_over() -> None:
    till, stores = Till(), MemoryStores()
    result = await through_the_gate(REFUND, a_call(till), stores, amount="500")
    data: Document = {"code": "too_much", "message": "at most 100"}
    assert result == Result(status=Status.REFUSED, data=data, escalate="effect_refused")
    assert [one.state for one in await stores.effects("T1")] == [EffectState.FAILED]


@pytest.mark.parametrize(
    ("trouble", "status", "state", "reason"),
    [
        (Unavailable("gone"), Status.UNAVAILABLE, EffectState.FAILED, "system_unavailable"),
        (OutcomeUnknown("cut"), Status.UNKNOWN, EffectState.UNKNOWN, "outcome_unknown"),
    ],
)
async def test_trouble_with_an_effect_goes_to_a_human(
    trouble: Exception, status: Status, state: EffectState, reason: str
) -> None:
    till, stores = Till(trouble=trouble), MemoryStores()
    result = await through_the_gate(REFUND, a_call(till), stores, amount="5")
    assert (result.status, result.escalate) == (status, reason)
    assert [one.state for one in await stores.effects("T1")] == [state]


async def test_a_doubtful_effect_is_never_tried_again() -> None:
    till, stores = Till(trouble=OutcomeUnknown("cut")), MemoryStores()
    await through_the_gate(REFUND, a_call(till), stores, amount="5")
    till.trouble = None
    again = await through_the_gate(REFUND, a_call(till), stores, amount="5")
    assert (again.status, till.paid) == (Status.UNKNOWN, [])


async def test_a_declaration_can_be_completed_by_hand() -> None:
    async def found(intent: Intent, world: Till) -> Document | None:
        return {"paid": intent.key} if world.paid == [] else None

    till, stores = Till(trouble=OutcomeUnknown("cut")), MemoryStores()
    asking = replace(REFUND, reconcile=found, spends=("customer",))
    result = await through_the_gate(asking, a_call(till), stores, amount="5")
    assert (result.status, result.data, result.spends) == (Status.DONE, {"paid": "refund:T1:c1-1-1"}, ("customer",))


async def test_an_answer_that_is_not_exact_is_a_broken_promise() -> None:
    def weigh() -> Any:  # noqa: ANN401  # what a function without types could give
        """Weigh."""
        return {"kilos": 1.5}

    with pytest.raises(TypeError, match="tool `weigh` gave what cannot be recorded: a float"):
        await run(tool_from(weigh, kind=Kind.READ), a_call(Till()))


async def test_an_effect_that_gives_a_result_is_a_broken_promise() -> None:
    def pay() -> Any:  # noqa: ANN401  # what a function without types could give
        """Pay."""
        return Result(status=Status.DONE, data={})

    with pytest.raises(TypeError, match="the gate makes those"):
        await through_the_gate(tool_from(pay, kind=Kind.WRITE), a_call(Till()), MemoryStores())


def no_docstring(x: str) -> dict[str, Value]:
    return {"x": x}


def annotated(annotations: dict[str, object]) -> Callable[..., Any]:
    def function(x: str) -> dict[str, Value]:
        """Do."""
        return {"x": x}

    function.__annotations__ = annotations
    return function


def a_float(x: list[float]) -> dict[str, Value]:
    """Do."""
    return {"x": len(x)}


def many(*x: str) -> dict[str, Value]:
    """Do."""
    return {"x": len(x)}


def late_call(x: str, call: Call[Till]) -> dict[str, Value]:
    """Do."""
    return {"x": x, "brand": call.brand}


def taken(copy: str) -> dict[str, Value]:
    """Do."""
    return {"x": copy}


def whole_result() -> Result | Refused:
    """Do."""
    return Refused("no", "no")


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (no_docstring, "tool `no_docstring` has no docstring: the model reads it"),
        (annotated({}), "tool `function`, parameter `x` has no type: annotate it"),
        (a_float, "parameter `x` is a float, which is not exact: take int or Decimal"),
        (many, "arguments come by name"),
        (late_call, "parameter `call` is a call: put it first"),
        (taken, "parameter `copy`: this name is taken by pydantic"),
        (annotated({"x": "Nowhere"}), "an annotation cannot be read .* import what it names"),
        (whole_result, "changes the world, so it returns a mapping or a `Refused`"),
        (lambda: Refused("no", "no"), "has no name that a tool could have: give `name`"),
    ],
)
def test_a_signature_that_cannot_be_a_tool_is_refused_with_a_mend(function: Callable[..., Any], message: str) -> None:
    with pytest.raises(TypeError, match=message):
        tool_from(function, kind=Kind.WRITE)
