"""Models that are none: one plays the gold actions, one plays them wrong, one does nothing. They prove plumbing."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from agent.model.port import Proposal, ProposedCall, Request, Said
from casino.values import Value
from evals.foreign.exact import exact
from evals.foreign.gold import Gold
from evals.foreign.result import ForeignResult
from evals.foreign.run import run_foreign
from evals.foreign.task import ForeignTask, GoldCall
from evals.mutants.made import SILENCE


@dataclass(slots=True)
class GoldModel:
    """Plays actions, one at a time, in answer to the last scripted message, and says what must be said."""

    task: ForeignTask
    actions: tuple[GoldCall, ...]
    name: str = "gold"
    is_llm: bool = False
    _made: int = field(default=0, init=False)

    async def propose(self, request: Request) -> Proposal:
        """Return the next action, or the words."""
        said = sum(isinstance(turn, Said) and turn.role == "player" for turn in request.situation.turns)
        if said < len(self.task.says):
            return Proposal(model=self.name, text=SILENCE)
        if self._made < len(self.actions):
            action = self.actions[self._made]
            self._made += 1
            arguments: dict[str, Value] = {name: exact(value) for name, value in action.arguments.items()}
            return Proposal(model=self.name, calls=(ProposedCall(name=action.name, arguments=arguments),))
        return Proposal(model=self.name, text=". ".join(self.task.must_say) or SILENCE)

    async def choose(self, text: str, options: Mapping[str, str]) -> str | None:
        """Have no opinion: there is one procedure only."""
        del text, options


def gold_model(task: ForeignTask) -> GoldModel:
    """Return the model that plays the gold actions: every good task passes with it."""
    return GoldModel(task, task.gold)


def idle_model(task: ForeignTask) -> GoldModel:
    """Return the model that does nothing and says nothing of use: a task that passes with it tells no agents apart."""
    return GoldModel(replace(task, must_say=()), ())


@dataclass(frozen=True, slots=True)
class Wrong:
    """Gold actions with one thing wrong."""

    kind: str  # `drop`, `repeat`
    what: str
    actions: tuple[GoldCall, ...]


def wrongs(task: ForeignTask) -> Iterator[Wrong]:
    """Yield the gold actions without one effect each, and with each write made twice."""
    for at, one in enumerate(task.gold):
        tool = task.tool(one.name)
        if tool is None or not tool.is_effect:
            continue
        yield Wrong("drop", one.name, (*task.gold[:at], *task.gold[at + 1 :]))
        if tool.kind == "write":  # after a terminal call no model is asked any more
            yield Wrong("repeat", one.name, (*task.gold[: at + 1], *task.gold[at:]))


async def run_gold(task: ForeignTask, *, gold: Gold | None = None) -> ForeignResult:
    """Run a task with its gold actions."""
    return await run_foreign(task, gold_model(task), gold=gold)


async def run_idle(task: ForeignTask, *, gold: Gold | None = None) -> ForeignResult:
    """Run a task with a model that does nothing."""
    return await run_foreign(task, idle_model(task), gold=gold)


async def run_wrong(task: ForeignTask, wrong: Wrong, *, gold: Gold | None = None) -> ForeignResult:
    """Run a task with gold actions that are played wrong."""
    return await run_foreign(task, GoldModel(task, wrong.actions), gold=gold)
