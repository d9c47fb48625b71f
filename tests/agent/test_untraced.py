"""What players say goes to no tracer, whatever the environment says."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from langgraph.checkpoint.memory import InMemorySaver
from langsmith import utils

from agent.approvals import vote
from agent.graph import LangGraph, rebuilt
from agent.model.policy import PolicyModel
from agent.model.port import Proposal, Request
from agent.run import Decided, Message, handle
from agent.sandbox import sandbox_desk
from agent.settings import read_settings
from agent.wiring import live_desk
from tests.desks import ANNA, NOON, shipped_house, world
from tools.approvals import Vote
from tools.gate.written import load_gate_rules

APPROVED = """
modes: {bonus-request: automatic}
approvals:
  - {name: every bonus, when: ["effect.tool == 'issue_bonus'"], approvers: 1, expires: 24 hours}
people: {anna: [approver]}
"""


@pytest.fixture
def asked_for(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Ask for a tracer, as the environment of many a developer does."""
    for name in ("LANGSMITH_TRACING", "LANGCHAIN_TRACING_V2"):
        monkeypatch.setenv(name, "true")
    monkeypatch.setenv("LANGSMITH_ENDPOINT", "http://127.0.0.1:9")  # nobody listens there
    utils.get_env_var.cache_clear()  # pyright: ignore[reportFunctionMemberAccess]  # it is cached
    yield
    utils.get_env_var.cache_clear()  # pyright: ignore[reportFunctionMemberAccess]  # the same


def is_traced() -> bool:
    return bool(utils.tracing_is_enabled())  # pyright: ignore[reportUnknownMemberType]  # of a parameter it is not given


@dataclass(slots=True)
class Watching:
    """The policy model, which notes whether it is being traced."""

    traced: list[object] = field(default_factory=list[object])
    name: str = "watching"
    is_llm: bool = False

    async def propose(self, request: Request) -> Proposal:
        """Answer as ever."""
        self.traced.append(is_traced())
        return await PolicyModel(shipped_house().prompts).propose(request)

    async def choose(self, text: str, options: Mapping[str, str]) -> None:
        """Have no opinion."""
        del text, options
        self.traced.append(is_traced())


@pytest.mark.usefixtures("asked_for")
async def test_a_ticket_that_waits_and_goes_on_is_not_traced() -> None:
    model = Watching()
    house = replace(shipped_house(), gate_rules=load_gate_rules(APPROVED, name="gate.yaml"))
    graph = rebuilt(InMemorySaver())
    deps = sandbox_desk(world("P1001"), house, clock=lambda: NOON, model=model, graph=graph).deps
    said = Message(ticket_id="t1", message_id="m1", brand="lucky-spin", text=f"Can I get a bonus? {ANNA}")
    waiting = (await handle(said, deps)).waiting
    assert waiting is not None
    await vote(waiting, Vote(approver="anna", verdict="approve", reason="seen", at=NOON), deps)
    await handle(Decided(ticket_id="t1"), deps)
    await deps.graph.write("t1", {"outcome": "resolved"})
    assert (is_traced(), {*model.traced}) == (True, {False})


async def test_a_live_desk_is_not_traced(tmp_path: Path) -> None:
    settings = read_settings({"CROUPIER_DATA": str(tmp_path), "CROUPIER_BACKOFFICE_URL": "http://127.0.0.1:9"})
    async with live_desk(settings) as deps:
        assert isinstance(deps.graph, LangGraph)
