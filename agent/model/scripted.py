"""A model for tests: a list of proposals, or a function of the request."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from agent.model.port import ModelDown, Proposal, ProposedCall, Request
from casino.values import Value

Script = Iterable[Proposal] | Callable[[Request], Proposal]


def call(name: str, **arguments: Value) -> Proposal:
    """Return the proposal of one call."""
    return Proposal(model="scripted", calls=(ProposedCall(name=name, arguments=arguments),))


def say(text: str) -> Proposal:
    """Return the proposal of a text for the player."""
    return Proposal(model="scripted", text=text)


@dataclass(slots=True)
class ScriptedModel:
    """Answers what it was told to answer; a list that has run out is a model that is down."""

    script: Script
    name: str = "scripted"
    is_llm: bool = False
    chosen: str | None = None
    _left: Iterator[Proposal] | None = None

    async def propose(self, request: Request) -> Proposal:
        """Return the next proposal."""
        if callable(self.script):
            return self.script(request)
        if self._left is None:
            self._left = iter(self.script)
        proposal = next(self._left, None)
        if proposal is None:
            raise ModelDown("the script of the scripted model has run out: add a proposal to it")
        return proposal

    async def choose(self, text: str, options: Mapping[str, str]) -> str | None:
        """Return the choice that was set."""
        return self.chosen if text and self.chosen in options else None
