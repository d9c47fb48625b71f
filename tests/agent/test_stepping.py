"""The graph that replays step through: whatever is asked of it, langgraph's own answers the same."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.errors import GraphRecursionError

from agent.approvals import vote
from agent.deps import Deps, Graph, Limits
from agent.graph import build
from agent.machine import NODES
from agent.model.policy import PolicyModel
from agent.model.port import Proposal, Request
from agent.run import Close, Decided, Handled, Message, handle
from agent.sandbox import Sandbox, sandbox_desk
from agent.state import State, first_state
from agent.stepping import ChangedInPlace, SteppingGraph
from casino.values import Value
from tests.desks import ANNA, NOON, shipped_house, world
from tools.approvals import Vote
from tools.gate.written import load_gate_rules

ASK = "Can I get a bonus?"
APPROVED = """
modes: {bonus-request: automatic}
approvals:
  - {name: every bonus, when: ["effect.tool == 'issue_bonus'"], approvers: 1, expires: 24 hours}
people: {anna: [approver]}
"""

Scenario = Callable[[Deps], Awaitable[object]]


@dataclass(slots=True)
class Failing:
    """The policy model, which fails at one of its questions."""

    at: int
    asked: int = 0
    name: str = "failing"
    is_llm: bool = False

    async def propose(self, request: Request) -> Proposal:
        """Answer, or break a promise."""
        self.asked += 1
        if self.asked == self.at:
            raise ZeroDivisionError
        return await PolicyModel(shipped_house().prompts).propose(request)

    async def choose(self, text: str, options: object) -> None:
        """Have no opinion."""


def opened(graph: Graph, *, gate: str | None, fails_at: int) -> Sandbox:
    house = shipped_house()
    if gate is not None:
        house = replace(house, gate_rules=load_gate_rules(gate, name="gate.yaml"))
    return sandbox_desk(world("P1001"), house, clock=lambda: NOON, model=Failing(fails_at), graph=graph)


async def seen(sandbox: Sandbox, graph: Graph, came_to: object) -> dict[str, object]:
    """Return all that can be seen of a desk afterwards."""
    stands = await graph.stands("t1")
    return {
        "came to": came_to,
        "record": [(entry.kind, entry.body) for entry in await sandbox.stores.entries("t1")],
        "state": dict(stands.values),
        "left": len(stands.tasks),
        "interrupts": len(stands.interrupts),
        "granted": [grant.order.player_id for grant in sandbox.world.grants],
    }


async def same(scenario: Scenario, *, gate: str | None = None, fails_at: int = 0) -> dict[str, object]:
    """Play a scenario on both graphs and return what both came to."""
    found: list[dict[str, object]] = []
    for graph in (build(InMemorySaver()), SteppingGraph()):
        sandbox = opened(graph, gate=gate, fails_at=fails_at)
        found.append(await seen(sandbox, graph, await scenario(sandbox.deps)))
    langgraph, stepping = found
    assert stepping == langgraph
    return stepping


async def told(deps: Deps, *texts: str) -> list[Handled]:
    said = [Message(ticket_id="t1", message_id=text, brand="lucky-spin", text=text) for text in texts]
    return [await handle(one, deps) for one in said]


def first(**changes: Value) -> dict[str, Any]:
    state = {**first_state("t1", "lucky-spin"), "message_id": "m1", "message_seq": 1}
    return {**state, **changes}


@dataclass(frozen=True, slots=True, kw_only=True)
class Few(Limits):
    """Limits of so many nodes."""

    most: int

    @property
    def nodes(self) -> int:
        """Return the most."""
        return self.most


async def raised(deps: Deps, changes: dict[str, Any] | None) -> str:
    """Run the graph itself and return the type of what it raised."""
    try:
        if changes is None:
            await deps.graph.go_on("t1", deps, waits=False)
        else:
            await deps.graph.run("t1", changes, deps)
    except Exception as error:  # noqa: BLE001  # whatever it is, both must raise it
        return type(error).__name__
    return ""


async def test_a_ticket_comes_to_the_same_end() -> None:
    async def scenario(deps: Deps) -> object:
        return [*await told(deps, ASK, ANNA, "Thank you!"), await handle(Close(ticket_id="t1"), deps)]

    found = await same(scenario)
    assert (found["granted"], found["left"]) == (["P1001"], 0)


async def test_a_ticket_waits_for_a_human_and_goes_on() -> None:
    async def scenario(deps: Deps) -> object:
        turns = await told(deps, ASK, ANNA, "And?")
        waiting = turns[1].waiting
        assert waiting is not None
        yes = Vote(approver="anna", verdict="approve", reason="seen", at=NOON)
        return [*turns, await vote(waiting, yes, deps), await handle(Decided(ticket_id="t1"), deps)]

    found = await same(scenario, gate=APPROVED)
    assert (found["granted"], found["interrupts"]) == (["P1001"], 0)


async def test_a_ticket_that_waits_is_left_waiting() -> None:
    async def scenario(deps: Deps) -> object:
        return [*await told(deps, ASK, ANNA), await handle(Close(ticket_id="t1"), deps)]

    found = await same(scenario, gate=APPROVED)
    assert (found["granted"], found["left"], found["interrupts"]) == ([], 1, 1)


async def test_what_still_waits_is_left_waiting_and_what_does_not_cannot_be_answered() -> None:
    async def scenario(deps: Deps) -> object:
        await told(deps, ASK, ANNA)
        await deps.graph.go_on("t1", deps, waits=False)
        return len((await deps.graph.stands("t1")).interrupts)

    assert (await same(scenario, gate=APPROVED))["came to"] == 1
    deps = opened(SteppingGraph(), gate=None, fails_at=0).deps
    await told(deps, ASK)
    with pytest.raises(TypeError, match="ticket `t1` does not wait for anything, so nothing can be answered"):
        await deps.graph.go_on("t1", deps, waits=True)


async def test_a_new_turn_on_a_ticket_that_waits_goes_before_the_wait() -> None:
    async def scenario(deps: Deps) -> object:
        await told(deps, ASK, ANNA)
        return await raised(deps, {"notice": "empty", "message_id": "m9"})

    found = await same(scenario, gate=APPROVED)
    assert (found["left"], found["interrupts"]) == (0, 0)


async def test_a_ticket_that_waits_is_handed_over() -> None:
    async def scenario(deps: Deps) -> object:
        return await told(deps, ASK, ANNA, "Give me a human, please!", "Hello?")

    assert (await same(scenario, gate=APPROVED))["interrupts"] == 0


@pytest.mark.parametrize("question", range(1, 6))
async def test_a_model_that_breaks_its_promise_leaves_the_ticket_to_a_human(question: int) -> None:
    async def scenario(deps: Deps) -> object:
        return await told(deps, ASK, ANNA, "Hello?")

    assert (await same(scenario, fails_at=question))["left"] == 0


@pytest.mark.parametrize("question", range(1, 6))
async def test_a_turn_that_was_cut_off_goes_on(question: int) -> None:
    async def scenario(deps: Deps) -> object:
        deps = replace(deps, model=replace(deps.model, asked=0))  # type: ignore[type-var]
        await deps.record.append("t1", "player_message", {"text": f"{ASK} {ANNA}", "message_id": "m1"}, at=NOON)
        cut = await raised(deps, first())
        left = await deps.graph.stands("t1")
        return [cut, dict(left.values), len(left.tasks), await raised(deps, None), await raised(deps, None)]

    assert (await same(scenario, fails_at=question))["left"] == 0


@pytest.mark.parametrize("most", range(1, 18))
async def test_steps_are_counted_alike(most: int) -> None:
    async def scenario(deps: Deps) -> object:
        await deps.record.append("t1", "player_message", {"text": f"{ASK} {ANNA}", "message_id": "m1"}, at=NOON)
        return await raised(replace(deps, limits=Few(most=most)), first())

    enough = 12
    expected = "" if most >= enough else GraphRecursionError.__name__
    assert (await same(scenario))["came to"] == expected
    assert (await same(scenario, gate=APPROVED))["interrupts"] == int(most > enough - 4)


@pytest.mark.parametrize(
    ("value", "refused"),
    [(2**70, "TypeError"), (object(), "TypeError"), ({1, 2}, ""), (b"bytes", "")],
    ids=["long", "object", "set", "bytes"],
)
async def test_what_cannot_be_kept_is_refused_alike(value: object, refused: str) -> None:
    async def scenario(deps: Deps) -> object:
        return await raised(deps, {**first(silent=True), "fields": {"strange": value}})

    assert (await same(scenario))["came to"] == refused


async def test_changes_from_outside_are_taken_alike() -> None:
    async def scenario(deps: Deps) -> object:
        await told(deps, ASK)
        changes = {"outcome": "resolved", "no_field_of_a_state": 1}
        await deps.graph.write("t1", changes)
        return None

    found = await same(scenario)
    assert isinstance(found["state"], dict)
    assert (found["state"]["outcome"], "no_field_of_a_state" in found["state"]) == ("resolved", False)


async def test_a_ticket_that_nobody_knows_stands_nowhere() -> None:
    async def scenario(_: Deps) -> object:
        return None

    found = await same(scenario)
    assert (found["state"], found["left"]) == ({}, 0)


async def test_a_state_that_was_given_away_is_nobody_elses() -> None:
    graph = SteppingGraph()
    sandbox = opened(graph, gate=None, fails_at=0)
    await told(sandbox.deps, ASK)
    (await graph.stands("t1")).values["path"].append("tampered")
    assert "tampered" not in (await graph.stands("t1")).values["path"]


def test_every_node_is_known_by_its_own_name() -> None:
    assert [*NODES] == ["load", "triage", "think", "act", "effect", "approve", "escalate", "check", "reply"]


async def test_a_node_that_changes_the_state_in_place_and_does_not_return_it_is_refused() -> None:
    async def forgotten(state: State, deps: Deps) -> dict[str, object]:
        changed = await NODES["triage"](state, deps)
        state["failures"]["probe"] = 1
        return changed

    async def returned(state: State, deps: Deps) -> dict[str, object]:
        return {**await forgotten(state, deps), "failures": state["failures"]}

    refused = SteppingGraph(nodes={**NODES, "triage": forgotten})
    deps = opened(refused, gate=None, fails_at=0).deps
    await deps.record.append("t1", "player_message", {"text": ASK, "message_id": "m1"}, at=NOON)
    with pytest.raises(ChangedInPlace, match="`triage` has changed `failures` in place; return it, or a desk forgets"):
        await refused.run("t1", first(), deps)
    taken = SteppingGraph(nodes={**NODES, "triage": returned})
    await told(opened(taken, gate=None, fails_at=0).deps, ASK)
    assert (await taken.stands("t1")).values["failures"] == {"probe": 1}
