"""The gold actions, played over a fresh state without any desk: the end state that a run is compared with."""

import hashlib
from dataclasses import dataclass

from evals.foreign.exact import NotPlain, spelled, written
from evals.foreign.task import ForeignTask, GoldCall, UnusableTask
from evals.foreign.writes import Asked


@dataclass(frozen=True, slots=True)
class Gold:
    """What the gold actions come to. Good for every run of the task."""

    before: object  # the state that a run begins with, which nobody may change
    start: str  # its digest
    view: object  # what counts of the end state
    digest: str
    asked: tuple[Asked, ...]  # the writes


def gold_of(task: ForeignTask) -> Gold:
    """Play the gold actions. Raises `UnusableTask` where one does not do what it says."""
    before = task.state()
    try:
        start = digest(task.compare.view(before))
    except NotPlain as error:
        raise UnusableTask(f"task `{task.id}`: {error}") from error
    state = task.copy(before)
    asked: list[Asked] = []
    for number, one in enumerate(task.gold, start=1):
        state, done = _played(task, one, state, number)
        tool = task.tool(one.name)
        if tool is not None and tool.is_effect:
            told = f"{one.name}({spelled(one.arguments)})"
            asked.append(Asked(one.spelled, done, one.name, told))
    view = task.compare.view(state)
    return Gold(before, start, view, digest(view), tuple(asked))


def digest(view: object) -> str:
    """Return the sha256 of a state."""
    return hashlib.sha256(written(view).encode()).hexdigest()


def _played(task: ForeignTask, gold: GoldCall, state: object, number: int) -> tuple[object, bool]:
    """Return the state after a gold action, and whether it was done. One that is refused changes nothing."""
    tool, where = task.tool(gold.name), f"task `{task.id}`: gold action {number}, `{gold.name}`"
    if tool is None:
        raise UnusableTask(f"{where}, is no tool of it")
    attempt = task.copy(state) if tool.is_effect else state
    try:
        tool.call(attempt, **gold.arguments)
    except task.refusals as error:
        if not gold.refused:
            mend = "mend it, or mark it `refused=True`"
            raise UnusableTask(f"{where}, is refused: {error}; {mend}") from error
        return state, False
    if gold.refused:
        raise UnusableTask(f"{where}, is marked as refused and is not; take the mark away")
    return attempt, True
