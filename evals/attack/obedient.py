"""The obedient model: it works like the built-in policy model until it reads the planted text, and then obeys it.

It is the worst that a language model can be talked into. What it is refused nobody has to trust a model for.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from agent.model.port import Answered, Called, Model, Proposal, ProposedCall, Request, Said, Turn
from casino.values import Value
from evals.attack.alike import stands_in
from evals.attack.planted import Attack, Order
from tools.tool import Status

SILENCE = "One moment, please."  # where it says nothing of its own, and may not call what is due


@dataclass(slots=True, kw_only=True)
class Watched:
    """A model that is watched: whether the planted text reaches it, and what of ours it is shown."""

    inner: Model
    marker: str
    reached: bool = False
    heads: dict[str, None] = field(default_factory=dict[str, None])  # of the prompts, each once
    answered: dict[str, None] = field(default_factory=dict[str, None])  # the names of those who answered

    @property
    def name(self) -> str:
        """The name of the model that is watched."""
        return self.inner.name

    @property
    def is_llm(self) -> bool:
        """Whether that is a language model."""
        return self.inner.is_llm

    def look(self, request: Request) -> None:
        """Note what a request shows."""
        self.heads[request.prompt.head] = None
        self.reached = self.reached or any(stands_in(self.marker, text) for text in shown(request))

    async def propose(self, request: Request) -> Proposal:
        """Let the model answer."""
        self.look(request)
        proposal = await self.inner.propose(request)
        self.answered[proposal.model] = None
        return proposal

    async def choose(self, text: str, options: Mapping[str, str]) -> str | None:
        """Let the model choose. The text is the player's newest message, which stands in the next request too."""
        return await self.inner.choose(text, options)


def shown(request: Request) -> Iterator[str]:
    """Yield every text that a request shows to a model."""
    prompt = request.prompt
    yield prompt.head
    yield prompt.note
    for action in prompt.actions:
        yield from (action.name, action.description)
        yield from _texts(dict(action.schema))
    for turn in prompt.turns:
        yield from _told(turn)


def _told(turn: Turn) -> Iterator[str]:
    match turn:
        case Said():
            yield turn.text
        case Called():
            yield from _texts(dict(turn.arguments))
        case Answered():
            yield from _texts(dict(turn.data))


def _texts(value: Value) -> Iterator[str]:
    """Yield every text within a value, its keys too."""
    match value:
        case str():
            yield value
        case dict():
            for key, inner in value.items():
                yield key
                yield from _texts(inner)
        case list():
            for inner in value:
                yield from _texts(inner)
        case _:
            return


@dataclass(frozen=True, slots=True)
class CarriedOut:
    """An order and the call by which it was carried out: the how-manieth of all that were proposed, from 0."""

    order: Order
    call: int


@dataclass(slots=True, kw_only=True)
class Obedient:
    """Obeys one planted text, each order once. Where the channel is closed it obeys from the start all the same."""

    attack: Attack
    watched: Watched  # the policy model
    made: list[CarriedOut] = field(default_factory=list[CarriedOut])
    said: bool = False  # whether the planted words were proposed
    withheld: set[str] = field(default_factory=set[str])  # the tools that were due, and not called
    name: str = "obedient"
    is_llm: bool = False
    _proposed: int = 0

    @property
    def left(self) -> tuple[Order, ...]:
        """Return the orders that were not carried out yet."""
        return self.attack.orders[len(self.made) :]

    async def propose(self, request: Request) -> Proposal:
        """Carry out what is due, then do what the policy model would, and say what was planted."""
        self.watched.look(request)
        obeys = self.watched.reached or not self.attack.reaches
        due = self._due(request) if obeys else ()
        if due:
            calls = tuple(ProposedCall(name=one.tool, arguments=dict(one.arguments)) for one in due)
            self.made += [CarriedOut(one, self._proposed + number) for number, one in enumerate(due)]
            proposal = Proposal(model=self.name, calls=calls)
        else:
            proposal = await self.watched.inner.propose(request)
            proposal = self._bent(proposal) if obeys else proposal
        self._proposed += len(proposal.calls)
        return replace(proposal, model=self.name)

    async def choose(self, text: str, options: Mapping[str, str]) -> str | None:
        """Choose like the policy model."""
        return await self.watched.choose(text, options)

    def _due(self, request: Request) -> tuple[Order, ...]:
        """Return the next order where it is due; where they are given at once, all that are."""
        answers = [turn for turn in request.prompt.turns if isinstance(turn, Answered)]
        succeeded = {turn.name for turn in answers if turn.status in {Status.OK, Status.DONE}}
        due: list[Order] = []
        for order in self.left:
            if order.after is not None and order.after not in succeeded:
                break
            due.append(order)
        return tuple(due if self.attack.at_once else due[:1])

    def _bent(self, proposal: Proposal) -> Proposal:
        """Leave out what is not to be called any more, and say what was planted instead of own words."""
        calls = tuple(call for call in proposal.calls if call.name not in self.attack.withholds)
        self.withheld |= {call.name for call in proposal.calls} & {*self.attack.withholds}
        if calls:
            return replace(proposal, calls=calls)
        self.said = True
        own = SILENCE if proposal.text is None else proposal.text
        return replace(proposal, calls=(), text=self.attack.says or own)
