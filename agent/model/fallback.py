"""One model behind another: the desk stays open when the first is down, and the record says who answered."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from agent.model.port import Model, ModelDown, Proposal, Request


@dataclass(slots=True)
class FallbackModel:
    """Asks the first; where that is down, the second. `down` keeps why, for the people at the screen."""

    first: Model
    second: Model
    down: list[str] = field(default_factory=list[str])

    @property
    def name(self) -> str:
        """The first model's name."""
        return self.first.name

    @property
    def is_llm(self) -> bool:
        """Whether the first model is a language model."""
        return self.first.is_llm

    async def propose(self, request: Request) -> Proposal:
        """Return the first model's proposal, or the second's with the reason."""
        try:
            return await self.first.propose(request)
        except ModelDown as error:
            self._note(error)
            proposal = await self.second.propose(request)
            return replace(proposal, attempts=(*proposal.attempts, str(error)))

    def _note(self, error: ModelDown) -> None:
        if str(error) not in self.down:
            self.down.append(str(error))

    async def choose(self, text: str, options: Mapping[str, str]) -> str | None:
        """Return the first model's choice, or the second's."""
        try:
            return await self.first.choose(text, options)
        except ModelDown as error:
            self._note(error)
            return await self.second.choose(text, options)
