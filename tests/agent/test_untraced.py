"""What players say goes to no tracer, whatever the environment says: a sink listens where LangSmith would."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from langchain_core.tracers.langchain import wait_for_all_tracers
from langgraph.checkpoint.memory import InMemorySaver
from langsmith import utils

from agent.approvals import vote
from agent.deps import Graph
from agent.graph import LangGraph, rebuilt
from agent.run import Decided, Message, handle
from agent.sandbox import sandbox_desk
from agent.settings import read_settings
from agent.state import first_state
from agent.stepping import SteppingGraph
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


@dataclass(slots=True)
class Sink:
    """What was sent where LangSmith would be."""

    url: str
    paths: list[str] = field(default_factory=list[str])

    def after(self) -> list[str]:
        """Return what has come once every tracer has sent what it had."""
        wait_for_all_tracers()
        return self.paths


@pytest.fixture
def sink(monkeypatch: pytest.MonkeyPatch) -> Iterator[Sink]:
    """Ask for a tracer, as the environment of many a developer does."""

    class Taking(BaseHTTPRequestHandler):
        def answer(self) -> None:
            """Take whatever comes."""
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            found.paths.append(self.path)
            self.send_response(200)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        do_GET = do_POST = do_PATCH = answer  # noqa: N815  # the names that the library asks for

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the same
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Taking)
    found = Sink(f"http://127.0.0.1:{server.server_address[1]}")
    for name in ("LANGSMITH_TRACING", "LANGCHAIN_TRACING_V2"):
        monkeypatch.setenv(name, "true")
    monkeypatch.setenv("LANGSMITH_ENDPOINT", found.url)
    monkeypatch.setenv("LANGSMITH_API_KEY", "made-up")
    utils.get_env_var.cache_clear()  # pyright: ignore[reportFunctionMemberAccess]  # it is cached
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield found
    wait_for_all_tracers()
    server.shutdown()
    thread.join()
    server.server_close()
    utils.get_env_var.cache_clear()  # pyright: ignore[reportFunctionMemberAccess]  # the same


@pytest.mark.parametrize("graph", [lambda: rebuilt(InMemorySaver()), SteppingGraph], ids=["langgraph", "stepping"])
async def test_a_ticket_that_waits_and_goes_on_is_not_traced(sink: Sink, graph: Callable[[], Graph]) -> None:
    house = replace(shipped_house(), gate_rules=load_gate_rules(APPROVED, name="gate.yaml"))
    deps = sandbox_desk(world("P1001"), house, clock=lambda: NOON, graph=graph()).deps
    said = Message(ticket_id="t1", message_id="m1", brand="lucky-spin", text=f"Can I get a bonus? {ANNA}")
    waiting = (await handle(said, deps)).waiting
    assert waiting is not None
    await vote(waiting, Vote(approver="anna", verdict="approve", reason="seen", at=NOON), deps)
    await handle(Decided(ticket_id="t1"), deps)
    await deps.graph.write("t1", {"outcome": "resolved"})
    assert sink.after() == []


async def test_past_our_own_graph_the_sink_would_have_it_all(sink: Sink) -> None:
    graph = rebuilt(InMemorySaver())
    deps = sandbox_desk(world("P1001"), shipped_house(), clock=lambda: NOON, graph=graph).deps
    config = {"configurable": {"thread_id": "t1"}}
    silent = {**first_state("t1", "lucky-spin"), "silent": True}
    await graph.compiled.ainvoke(silent, config, context=deps, durability="sync")
    assert any("runs" in path for path in sink.after())


async def test_a_live_desk_runs_that_graph(tmp_path: Path) -> None:
    settings = read_settings({"CROUPIER_DATA": str(tmp_path), "CROUPIER_BACKOFFICE_URL": "http://127.0.0.1:9"})
    async with live_desk(settings) as deps:
        assert isinstance(deps.graph, LangGraph)
