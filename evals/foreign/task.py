"""A task as another package has it: a policy, tools over a state, what the user says, and the gold actions."""

from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any, Final, Literal, TypeAlias

from agent.deps import Limits
from evals.foreign.exact import spelled
from tools.tool import Kind

Writes: TypeAlias = Literal["in_order", "same", "as_many", "any"]
_KINDS: Final[Mapping[str, Kind]] = MappingProxyType(
    {"read": Kind.READ, "write": Kind.WRITE, "terminal": Kind.TERMINAL}
)
NOON: Final = datetime(2026, 1, 1, 12, tzinfo=UTC)
LIMITS: Final = Limits(steps=40, turns=60, calls=200, tokens=2_000_000, message_chars=20_000)


class UnusableTask(Exception):  # noqa: N818  # named by what is so
    """A task that proves nothing or cannot be played; the message says which, why, and how to mend it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignTool:
    """One tool: what the model reads of it, and the function that it is.

    `call(state, **arguments)` gives any plain JSON value; an argument of its own may be called `state` where the
    function takes the first one by place only. A write changes the state that it is given; a terminal one may too, and
    leaves the user to a human.
    """

    name: str
    description: str
    kind: Literal["read", "write", "terminal"]
    schema: Mapping[str, Any]  # JSON Schema of the arguments: an object
    call: Callable[..., object]
    says: str = ""  # of a terminal tool: the last words to the user

    @property
    def does(self) -> Kind:
        """Return what a call may do, in the words of the desk."""
        return _KINDS[self.kind]

    @property
    def is_effect(self) -> bool:
        """Tell whether a call changes something."""
        return self.kind != "read"


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldCall:
    """One gold action. `refused`: the tool says no to it, and that is meant."""

    name: str
    arguments: Mapping[str, Any] = field(default_factory=dict[str, Any])
    refused: bool = False

    @property
    def spelled(self) -> tuple[str, str]:
        """Return what two calls share that ask for the same."""
        return (self.name, spelled(self.arguments))


def whole(state: object) -> object:
    """Return a state as it is."""
    return state


@dataclass(frozen=True, slots=True, kw_only=True)
class Compare:
    """How the end is compared with that of the gold actions. What is done twice is wrong in every case."""

    view: Callable[[Any], object] = whole  # the part of the state that counts, as plain JSON
    writes: Writes = "same"  # the same calls; `in_order`: and in this order; `as_many`: of each tool; `any`


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignTask:
    """One task. Nothing in it is ours: the state is any object, and only the package's own functions look into it."""

    id: str
    policy: str  # Markdown; it goes to the model as it is
    tools: tuple[ForeignTool, ...]
    state: Callable[[], object]  # a fresh one at every call
    says: tuple[str, ...]  # what the user says, in order
    gold: tuple[GoldCall, ...]  # reads among them are played and not compared; empty: nothing may be written
    must_say: tuple[str, ...] = ()  # stands whole in some reply; case, accents and thousands commas do not count
    compare: Compare = Compare()
    clock: datetime = NOON  # the time of the whole task
    limits: Limits = LIMITS
    brand: str = "the company"  # whose desk it is
    copy: Callable[[Any], object] = deepcopy  # of a state
    refusals: tuple[type[Exception], ...] = (ValueError, LookupError)  # by which a tool says no; others break the run

    def __post_init__(self) -> None:
        """Refuse what cannot be played."""
        names = [tool.name for tool in self.tools]
        if len(set(names)) != len(names):
            twice = next(name for name in names if names.count(name) > 1)
            raise UnusableTask(f"task `{self.id}`: two tools are called `{twice}`; rename one")
        if not self.says:
            raise UnusableTask(f"task `{self.id}`: nobody says anything; give `says` at least one message")
        for gold in self.gold:
            if gold.name not in names:
                raise UnusableTask(f"task `{self.id}`: gold action `{gold.name}` is no tool of it; it has {names}")

    def tool(self, name: str) -> ForeignTool | None:
        """Return a tool by its name."""
        return next((tool for tool in self.tools if tool.name == name), None)
