"""Another package's tools as ours: reads as they are, writes as effects behind the gate.

A write is tried on a copy of the state first, when the gate asks what it rests on. Where the package's function says
no, nothing has changed and the model is told why; else the gate claims the effect, and the copy becomes the state.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from pydantic import ConfigDict, model_validator
from pydantic_core import PydanticCustomError

from casino.values import Document, Value
from evals.foreign.exact import document, loose
from evals.foreign.shape import problems
from evals.foreign.task import ForeignTask, ForeignTool
from tools.legal import refusal
from tools.tool import Arguments, Call, Grounds, Intent, Kind, Result, Run, Status, Tool

HAND_OVER: Final = "desk_hands_over"  # by code alone: a model is never offered it
SAID_NO: Final = "tool_said_no"


class Tried(NamedTuple):
    """A write that was tried on a copy: the state afterwards, and what the function gave."""

    state: object
    given: Document


@dataclass(slots=True)
class Held:
    """The state of one run. It changes in `take_over` and nowhere else."""

    task: ForeignTask
    state: object
    _tried: dict[str, Tried] = field(default_factory=dict[str, Tried])  # by the key of the effect

    def read(self, tool: ForeignTool, arguments: Document) -> Document:
        """Call a tool that changes nothing."""
        return _called(tool, self.state, arguments)

    def attempt(self, tool: ForeignTool, arguments: Document, *, key: str) -> None:
        """Call a tool on a copy of the state. Raises what the tool raises."""
        copy = self.task.copy(self.state)
        self._tried[key] = Tried(copy, _called(tool, copy, arguments))

    def take_over(self, key: str) -> Document:
        """Make the outcome of an attempt the state."""
        self.state, given = self._tried.pop(key)
        return given


def _called(tool: ForeignTool, state: object, arguments: Document) -> Document:
    return document(tool.call(state, **{name: loose(value) for name, value in arguments.items()}))


def tools_of(task: ForeignTask) -> dict[str, Tool[Held]]:
    """Return the tools of a task, and the way to a human that only code takes."""
    return {**{tool.name: _tool(tool, task) for tool in task.tools}, HAND_OVER: _hand_over()}


def _tool(tool: ForeignTool, task: ForeignTask) -> Tool[Held]:
    shared: dict[str, Any] = {
        "name": tool.name,
        "display_name": tool.name.replace("_", " ").title(),
        "kind": tool.does,
        "description": tool.description,
        "arguments": _arguments(tool),
        "built_in": True,
    }
    if not tool.is_effect:
        return Tool(**shared, run=_reading(tool, task))

    async def perform(intent: Intent, hands: Held) -> Document:
        return hands.take_over(intent.key)

    async def recheck(intent: Intent, call: Call[Held]) -> Grounds | Result:
        try:
            call.world.attempt(tool, _asked(intent), key=intent.key)
        except task.refusals as error:
            return _no(error)
        return Grounds()

    terminal = tool.does is Kind.TERMINAL
    outcome = "escalated" if terminal else None
    return Tool(**shared, run=_wanting(tool), recheck=recheck, perform=perform, outcome=outcome, gives=not terminal)


def _reading(tool: ForeignTool, task: ForeignTask) -> Run[Held]:
    async def run(given: Given, call: Call[Held]) -> Result:
        try:
            return Result(status=Status.OK, data=call.world.read(tool, given.foreign))
        except task.refusals as error:
            return _no(error)

    return run


def _wanting(tool: ForeignTool) -> Run[Held]:
    """Return the run of an effect. Each call is one of its own: whether twice is once too often, grading says."""

    async def run(given: Given, call: Call[Held]) -> Intent:
        key = f"{tool.name}:{call.ticket_id}:{call.call_id}"
        return Intent(key=key, business_key=key, body={"arguments": {**given.foreign}})

    return run


def _asked(intent: Intent) -> Document:
    arguments = intent.body["arguments"]
    return arguments if isinstance(arguments, dict) else {}


def _no(error: Exception) -> Result:
    return refusal(SAID_NO, str(error.args[0]) if error.args else type(error).__name__)


class Given(Arguments):
    """Arguments as a foreign schema takes them: their names are the package's, so they stand under one of ours."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)

    foreign: dict[str, Any]

    def __getattr__(self, name: str) -> object:
        """Return an argument by the package's name; None for one that was left out."""
        if name.startswith("__"):
            raise AttributeError(name)
        return self.__dict__.get("foreign", {}).get(name)


def _arguments(tool: ForeignTool) -> type[Given]:
    """Return the arguments of a tool: checked by its own schema, which is shown to the model as it is."""

    class Checked(Given):
        @model_validator(mode="before")
        @classmethod
        def checked(cls, raw: dict[str, Value]) -> dict[str, Value]:
            if wrong := [*problems(tool.schema, raw)]:
                raise PydanticCustomError("foreign", "{wrong}", {"wrong": "; ".join(wrong)})
            return {"foreign": raw}

        @classmethod
        def model_json_schema(cls, *_: object, **__: object) -> dict[str, Any]:
            return {"type": "object", "properties": {}, **tool.schema}

    return Checked


def _hand_over() -> Tool[Held]:
    """Return the desk's own way out: it touches no state, since nobody of the package has asked for it."""

    async def run(_: Arguments, call: Call[Held]) -> Intent:
        key = f"{HAND_OVER}:{call.ticket_id}"
        return Intent(key=key, business_key=key, body={"reason": call.escalation})

    async def perform(intent: Intent, _: Held) -> Mapping[str, Value]:
        return {"reason": intent.body["reason"]}

    return Tool(
        name=HAND_OVER,
        display_name="Hand over",
        kind=Kind.TERMINAL,
        description="The desk leaves the user to a human.",
        arguments=Arguments,
        run=run,
        perform=perform,
        outcome="escalated",
        gives=False,
    )
