"""What is wrong with a task itself, found before a result of it is believed. No model is needed."""

from collections.abc import AsyncIterator, Iterator

from evals.foreign.exact import exact
from evals.foreign.gold import Gold, digest, gold_of
from evals.foreign.oracle import run_gold, run_idle, run_wrong, wrongs
from evals.foreign.shape import problems
from evals.foreign.task import ForeignTask, UnusableTask


async def findings(task: ForeignTask) -> tuple[str, ...]:
    """Return one line for each finding; none: the gold passes, and what is done a little wrong does not."""
    try:
        gold = gold_of(task)
    except UnusableTask as error:
        return (str(error),)
    static = (*_arguments(task), *_reads(task))
    if digest(task.compare.view(task.state())) != gold.start:  # one run would see what another did
        return ("`state` does not give the same fresh state at every call; make a new one each time",)
    return (*static, *[one async for one in _played(task, gold)])


async def _played(task: ForeignTask, gold: Gold) -> AsyncIterator[str]:
    """Play the gold, nothing, and the gold a little wrong."""
    for part, wrong in (await run_gold(task, gold=gold)).wrong.items():
        yield f"the gold actions do not pass: {part}: {'; '.join(wrong)}"
    if (await run_idle(task, gold=gold)).passed:
        yield "a model that does nothing passes"
    for one in wrongs(task):
        if (await run_wrong(task, one, gold=gold)).passed:
            yield f"{one.kind} {one.what}: a model that does so passes"


def _arguments(task: ForeignTask) -> Iterator[str]:
    """Hold the gold actions against the schemas that a model is shown."""
    for number, one in enumerate(task.gold, start=1):
        tool = task.tool(one.name)
        if tool is not None:
            wrong = problems(tool.schema, {name: exact(value) for name, value in one.arguments.items()})
            yield from (f"gold action {number}, `{one.name}`: {text}" for text in wrong)


def _reads(task: ForeignTask) -> Iterator[str]:
    """Find tools that are called reads and change the state: no gate would see it."""
    state = task.state()
    for one in task.gold:
        tool = task.tool(one.name)
        before = None if tool is None or tool.is_effect else digest(task.compare.view(state))
        if tool is None or one.refused:
            continue
        tool.call(state, **one.arguments)
        if before is not None and before != digest(task.compare.view(state)):
            yield f"`{one.name}` is called a read and changes the state; call it a write"
