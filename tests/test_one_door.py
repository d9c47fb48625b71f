"""One door: by the import graph, by the types and by the words of the code, only the gate reaches what changes things.

The run-time half stands in `tests/tools/gate/outside.py`: an outside that catches whoever acts without a claim.
"""

import ast
import dataclasses
import inspect
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast, get_args, get_origin, get_type_hints

import grimp
import pytest

from tools.catalog import CATALOG
from tools.tool import EFFECTS, Call
from tools.world import Hands, World

HOUSE = Path(__file__).parents[1]
ROOMS = ("casino", "tools", "agent", "evals", "app")
DOOR = "tools.gate.door"
WIRINGS = {"agent.wiring", "agent.sandbox"}  # of a live desk, and of one whose outside is a document
ACTING = {"tools.issue_bonus", "tools.send_external_message", "tools.transfer_to_live_agent"}
OURS = {"mint", "take", "give_back"}  # writes of our own store that change nothing outside: decisions, attempts
WRITES = {"grant": "idempotency_key", "send": "message_id", "transfer": "key"}  # and the word that each call carries
READS = {
    "counters",
    "decision",
    "deposits",
    "find_by_email",
    "kyc",
    "player",
    "responsible_gaming",
    "templates",
}


def modules() -> Iterator[tuple[str, ast.Module]]:
    """Yield every module but the adapters, which are the other side of the ports, and the back office that ships."""
    for room in ROOMS:
        for path in sorted((HOUSE / room).rglob("*.py")):
            name = ".".join(path.relative_to(HOUSE).with_suffix("").parts)
            if not name.startswith(("tools.adapters", "app.backoffice")):
                yield name, ast.parse(path.read_text("utf-8"))


def calls(module: ast.Module) -> Iterator[ast.Call]:
    yield from (node for node in ast.walk(module) if isinstance(node, ast.Call))


def acts(module: ast.Module) -> set[str]:
    """Return the writing methods of ports that a module calls."""
    found = [
        (call.func.attr, {keyword.arg for keyword in call.keywords})
        for call in calls(module)
        if isinstance(call.func, ast.Attribute)
    ]
    return {name for name, words in found if name in WRITES and WRITES[name] in words}


def performs(module: ast.Module) -> bool:
    """Tell whether a module calls the `perform` of something."""
    return any(isinstance(call.func, ast.Attribute) and call.func.attr == "perform" for call in calls(module))


def names(module: ast.Module, word: str) -> bool:
    """Tell whether a module imports a name from the world."""
    imports = (node for node in ast.walk(module) if isinstance(node, ast.ImportFrom) and node.module == "tools.world")
    return any(alias.name == word for node in imports for alias in node.names)


def test_only_the_tools_behind_the_gate_call_what_changes_the_world() -> None:
    found = {name: acts(module) for name, module in modules() if acts(module)}
    assert found == {
        "tools.issue_bonus": {"grant"},
        "tools.send_external_message": {"send"},
        "tools.transfer_to_live_agent": {"transfer"},
    }


def test_only_the_door_calls_perform() -> None:
    assert {name for name, module in modules() if performs(module)} == {DOOR}


def test_only_the_wirings_make_hands_and_only_those_tools_are_given_them() -> None:
    assert {name for name, module in modules() if names(module, "Hands")} == {*WIRINGS, "agent.assembly", *ACTING}


def test_a_call_past_the_gate_would_be_seen() -> None:
    past = "async def f(a, b):\n    await a.grant(1, idempotency_key='k')\n    await b.perform(1, a)\n"
    assert acts(ast.parse(past)) == {"grant"}
    assert performs(ast.parse(past))
    assert names(ast.parse("from tools.world import Hands, World"), "Hands")


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    return grimp.build_graph(*ROOMS)


@pytest.mark.parametrize("adapter", ["tools.adapters.http_bonus", "tools.adapters.http_messenger"])
def test_an_adapter_that_writes_is_imported_by_the_wiring_alone(graph: grimp.ImportGraph, adapter: str) -> None:
    importers = graph.find_modules_that_directly_import(adapter)
    assert {name for name in importers if not name.startswith("tools.adapters.")} == {"agent.wiring"}


@pytest.mark.parametrize("tool", sorted(CATALOG))
def test_no_tool_reaches_an_adapter_or_the_gate(graph: grimp.ImportGraph, tool: str) -> None:
    module = CATALOG[tool].run.__module__
    reached = graph.find_upstream_modules(module)
    assert {name for name in reached if name.startswith(("tools.adapters", "tools.gate"))} == set()


def test_the_import_graph_would_show_it(graph: grimp.ImportGraph) -> None:
    assert {name for name in graph.find_upstream_modules("agent.wiring") if name == DOOR} == {DOOR}


def reached(of: Any, seen: set[Any] | None = None) -> set[str]:  # noqa: ANN401  # a type
    """Return the methods of all ports that can be reached through the fields of a type."""
    known = set[Any]() if seen is None else seen
    if isinstance(of, list):  # the parameters of a callable
        return set[str]().union(*(reached(part, known) for part in cast("list[Any]", of)))
    if of in known:
        return set()
    known.add(of)
    below = set[str]().union(*(reached(part, known) for part in get_args(of)))
    if get_origin(of) is not None or not inspect.isclass(of):
        return below
    if getattr(of, "_is_protocol", False):
        return below | {name for name, _ in inspect.getmembers(of, inspect.isfunction) if not name.startswith("_")}
    if dataclasses.is_dataclass(of) and of.__module__.startswith("tools."):
        return below.union(*(reached(part, known) for part in get_type_hints(of).values()))
    return below


def test_through_the_world_a_tool_can_read_and_note_and_change_nothing() -> None:
    found = reached(World)
    assert found == READS | OURS
    assert found & set(WRITES) == set()


def test_through_hands_it_could() -> None:
    assert reached(Hands) >= set(WRITES)


def parameters(function: Callable[..., Any] | None) -> list[Any]:
    return [] if function is None else [*get_type_hints(function).values()]


@pytest.mark.parametrize("tool", CATALOG.values(), ids=CATALOG)
def test_what_runs_before_the_gate_is_given_the_world_and_what_runs_behind_it_the_hands(tool: Any) -> None:  # noqa: ANN401  # of every world
    before, behind = (tool.run, tool.recheck), (tool.perform, tool.reconcile)
    assert all(Call[World] in parameters(one) and Hands not in parameters(one) for one in before if one is not None)
    assert all(Hands in parameters(one) for one in behind if one is not None)
    assert (tool.perform is None) is (tool.kind not in EFFECTS)
