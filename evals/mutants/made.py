"""Mutants of a gold trajectory: the same ticket played a little wrong. Grading that lets one pass is blind there.

A mutant is played like the gold: the tools run over the ticket's world, and refuse what they refuse.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import count, pairwise
from typing import Any, TypeAlias

from agent.model.port import Proposal, ProposedCall, Request, Said
from casino.values import Value
from evals.grading.seen import Seen
from tools.record import Kind as Told
from tools.tool import Kind, Tool
from tools.verify_player import VERIFY_PLAYER

SILENCE = "One moment, please."  # where the gold has no words of the model, as after a hand-over
WORDS = frozenset({"cannot_help", "procedure"})  # reasons of a hand-over: a closed list
Played: TypeAlias = "tuple[Turn, ...]"
_Proposals: TypeAlias = tuple[tuple[ProposedCall, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What a model did in answer to one message: its proposals, one or more calls each, and its words."""

    proposals: tuple[tuple[ProposedCall, ...], ...] = ()
    text: str = SILENCE

    @property
    def calls(self) -> tuple[ProposedCall, ...]:
        """Return the calls of all proposals, in order."""
        return tuple(call for proposal in self.proposals for call in proposal)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """A trajectory with one thing wrong."""

    kind: str  # `drop`, `repeat`, `swap`, `change`, `drop verification`, `drop hand-over`, `drop reads`
    what: str  # such as `issue_bonus` or `issue_bonus.decision_id`
    turns: Played


def gold_of(seen: Seen) -> Played:
    """Return what the model did on a played ticket, message by message."""
    turns: list[Turn] = []
    for entry in seen.entries(Told.PLAYER_MESSAGE, Told.MODEL_REPLY):
        if entry.kind == Told.PLAYER_MESSAGE:
            turns.append(Turn())
            continue
        text, calls = entry.body.get("text"), entry.body.get("calls")
        made = tuple(_call(one) for one in calls if isinstance(one, dict)) if isinstance(calls, list) else ()
        if made:
            turns[-1] = replace(turns[-1], proposals=(*turns[-1].proposals, made))
        elif isinstance(text, str):
            turns[-1] = replace(turns[-1], text=text)
    return tuple(turns)


def _call(written: Mapping[str, Value]) -> ProposedCall:
    arguments = written["arguments"]
    return ProposedCall(name=str(written["name"]), arguments=arguments if isinstance(arguments, dict) else {})


@dataclass(slots=True)
class Replayer:
    """A model that plays a trajectory. A turn that has run out ends with its words."""

    turns: Played
    name: str = "replayer"
    is_llm: bool = False
    _made: dict[int, int] = field(default_factory=dict[int, int])

    async def propose(self, request: Request) -> Proposal:
        """Return the next proposal of the turn, or its words."""
        said = sum(isinstance(turn, Said) and turn.role == "player" for turn in request.situation.turns)
        turn = self.turns[said - 1] if 0 < said <= len(self.turns) else Turn()
        made = self._made.get(said, 0)
        self._made[said] = made + 1
        if made < len(turn.proposals):
            return Proposal(model=self.name, calls=turn.proposals[made])
        return Proposal(model=self.name, text=turn.text)

    async def choose(self, text: str, options: Mapping[str, str]) -> str | None:
        """Have no opinion: the router's own ranking stands."""
        del text, options


def mutants(gold: Played, tools: Mapping[str, Tool[Any]]) -> Iterator[Mutant]:
    """Yield every mutant of a trajectory. A repetition stands in the same proposal: nothing comes between."""
    for at, turn in enumerate(gold):
        for kind, what, proposals in _of_turn(turn):
            yield Mutant(kind=kind, what=what, turns=_with(gold, at, proposals))
    verifier, terminal, read = {VERIFY_PLAYER.name}, _of_kind(tools, Kind.TERMINAL), _of_kind(tools, Kind.READ)
    for kind, names in (("drop verification", verifier), ("drop hand-over", terminal), ("drop reads", read)):
        if dropped := sorted({call.name for turn in gold for call in turn.calls} & names):
            yield Mutant(kind=kind, what=", ".join(dropped), turns=tuple(_without(turn, names) for turn in gold))


def _of_kind(tools: Mapping[str, Tool[Any]], kind: Kind) -> set[str]:
    return {name for name, tool in tools.items() if tool.kind is kind}


def _of_turn(turn: Turn) -> Iterator[tuple[str, str, _Proposals]]:
    calls = turn.calls
    for at, call in enumerate(calls):
        yield "drop", call.name, _replaced(turn, {at: ()})
        yield "repeat", call.name, _replaced(turn, {at: (call, call)})
        for name, value in call.arguments.items():
            changed = replace(call, arguments={**call.arguments, name: _other(value)})
            yield "change", f"{call.name}.{name}", _replaced(turn, {at: (changed,)})
    for at, (one, two) in enumerate(pairwise(calls)):
        if one != two:
            yield "swap", f"{one.name}, {two.name}", _replaced(turn, {at: (two,), at + 1: (one,)})


def _replaced(turn: Turn, by: Mapping[int, tuple[ProposedCall, ...]]) -> _Proposals:
    """Return the proposals of a turn with others in the place of some calls; what is empty then is no proposal."""
    numbers = count()
    changed = (tuple(new for call in one for new in by.get(next(numbers), (call,))) for one in turn.proposals)
    return tuple(proposal for proposal in changed if proposal)


def _other(value: Value) -> Value:
    """Return another value of the same type: another word of a closed list, another day, another address."""
    match value:
        case "player_request":
            return "cannot_help"
        case bool():
            return not value
        case str():
            return "player_request" if value in WORDS else f"{value[:-1]}{'1' if value[-1:] != '1' else '2'}"
        case int() | Decimal():
            return value + 1
        case _:
            return "another"


def _with(gold: Played, at: int, proposals: _Proposals) -> Played:
    return (*gold[:at], replace(gold[at], proposals=proposals), *gold[at + 1 :])


def _without(turn: Turn, names: set[str]) -> Turn:
    dropped = {at: () for at, call in enumerate(turn.calls) if call.name in names}
    return replace(turn, proposals=_replaced(turn, dropped))
