"""L0: the gold trajectory of a ticket reaches what is expected, and whatever is played a little wrong does not.

The gold is what the ticket's recording did, or else the built-in policy model. Nothing is asked of a language model.
"""

import time
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType
from typing import Final, Literal, NamedTuple, TypeAlias

from agent.house import House
from agent.model.port import Model, Proposal, Request
from casino.document import canonical_json
from casino.values import Value
from evals.grading.grade import NoCriteria, grade
from evals.grading.seen import Seen, see
from evals.mutants.explained import KINDS, Name, explained_beside
from evals.mutants.made import Played, Replayer, gold_of, mutants
from evals.packs import place_from
from evals.playback import PlaybackModel, asked_today
from evals.replay import NATIVE, Replayed, replay
from evals.ticket import Read
from evals.trial import Divergence, Level, Part, Status, Step, Trial, Usage
from evals.words import EQUIVALENT
from tools.catalog import CATALOG
from tools.record import Kind

Fate: TypeAlias = Literal["caught", "explained", "missed"]
FATES: Final[Mapping[Value, Fate]] = MappingProxyType(
    {"caught": "caught", "explained": "explained", "missed": "missed"}
)
MUTANT: Final = "mutant"  # the kind of a step of a trial at L0
BY_FAILURE: Final = frozenset({"model_failed", "system_failure"})  # hand-overs that a ticket may be about


@dataclass(slots=True, kw_only=True)
class Trajectory:
    """A model that plays a trajectory, and chooses the procedures that were chosen in the gold."""

    turns: Played
    chosen: tuple[str | None, ...] = ()
    name: str = "trajectory"
    is_llm: bool = False
    _made: int = 0
    _replayer: Replayer = field(init=False)

    def __post_init__(self) -> None:
        """Stand at the beginning."""
        self._replayer = Replayer(self.turns)

    async def propose(self, request: Request) -> Proposal:
        """Return the next proposal of the turn, or its words."""
        return await self._replayer.propose(request)

    async def choose(self, text: str, options: Mapping[str, str]) -> str | None:
        """Return the next choice of the gold; without one have no opinion, as the policy model."""
        del text, options
        self._made += 1
        return self.chosen[self._made - 1] if self._made <= len(self.chosen) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gold:
    """The gold of a ticket, as it was played."""

    played: Replayed
    seen: Seen
    turns: Played
    wrong: tuple[str, ...]
    divergences: tuple[Divergence, ...] = ()
    chosen: tuple[str | None, ...] = ()

    @property
    def raised(self) -> str:
        """Return why a step of it failed where the ticket is not about that; "": none did."""
        failures = self.seen.entries(Kind.FAILURE)
        about = self.seen.end.handoff in BY_FAILURE
        return "" if about or not failures else str(failures[0].body.get("why") or failures[0].body.get("what"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Tested:
    """One mutant and what became of it."""

    name: Name
    fate: Fate
    by: tuple[str, ...]  # the parts of the grading that caught it
    turns: Played


async def linted(read: Read, house: House, *, repeat: int = 1, seed: int = 0, kinds: Collection[str] = KINDS) -> Trial:
    """Try a ticket at L0. Raises `DocumentError` where the explanations beside it cannot be read.

    A ticket without expectations, or whose gold steps raise, is an error; one whose recording no longer fits is stale.
    """
    asked = _Asked(read=read, house=house, kinds=frozenset(kinds))
    began = _Began(time.process_time(), time.perf_counter())
    try:
        gold = await _gold(asked)
    except NoCriteria as error:
        return _trial(asked, began, repeat=repeat, seed=seed, why=str(error))
    if gold.raised:
        return _trial(asked, began, repeat=repeat, seed=seed, why=f"the gold steps raise: {gold.raised}", gold=gold)
    tested: tuple[Tested, ...] = ()
    if not gold.wrong and not gold.divergences:
        tested = await _tested(asked, gold)
    return _trial(asked, began, repeat=repeat, seed=seed, gold=gold, tested=tested)


def fates(trial: Trial) -> Iterator[tuple[str, Fate]]:
    """Yield the kind of every mutant of a trial at L0, and what became of it."""
    for step in trial.steps:
        fate = step.body.get("fate")
        if step.kind == MUTANT and fate in FATES:
            yield str(step.body["kind"]), FATES[fate]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """What is tried at L0."""

    read: Read
    house: House
    kinds: frozenset[str]

    @property
    def explained(self) -> Mapping[Name, str]:
        """Return the explanations that are about these kinds."""
        every = explained_beside(place_from(self.read.file).file).get(self.read.ticket.id, {})
        return {name: why for name, why in every.items() if name.kind in self.kinds}

    async def played(self, model: Model | None) -> Replayed:
        """Play the ticket with a model, as it was recorded."""
        recording = self.read.ticket.recording
        desk = NATIVE if recording is None else recording.desk
        return await replay(self.read, self.house, model=model, desk=desk)

    def graded(self, played: Replayed) -> tuple[Seen, tuple[Part, ...]]:
        """Grade what was played; return the parts that do not hold. Raises `NoCriteria`."""
        seen = see(played.whole, played.found, granted=played.granted, named=played.named)
        parts = grade(self.read.ticket.expect, seen)
        return seen, tuple(part for part in parts if part.gates and not part.holds)


class _Began(NamedTuple):
    cpu_s: float
    wall_s: float


async def _gold(asked: _Asked) -> Gold:
    """Play the gold, and play its trajectory again: it must come to the same."""
    recording = asked.read.ticket.recording
    playback = None
    if recording is not None:
        today, prompts = asked_today(recording.desk), asked.house.prompts
        playback = PlaybackModel(recording=recording, prompts=prompts, parameters=today)
    played = await asked.played(playback)
    seen, parts = asked.graded(played)
    turns, wrong = gold_of(seen), _told(parts)
    choices = () if recording is None else recording.exchanges
    chosen = tuple(one.chosen for one in choices if one.node == "choose")
    divergences = () if playback is None else playback.divergences()
    if not wrong and not divergences:
        again = await asked.played(Trajectory(turns=turns, chosen=chosen))
        wrong = tuple(f"played again: {line}" for line in _told(asked.graded(again)[1]))
    return Gold(played=played, seen=seen, turns=turns, wrong=wrong, divergences=divergences, chosen=chosen)


def _told(parts: Sequence[Part]) -> tuple[str, ...]:
    return tuple(f"{part.name}: {line}" for part in parts for line in part.wrong)


async def _tested(asked: _Asked, gold: Gold) -> tuple[Tested, ...]:
    """Play every mutant of the gold."""
    explained, counted = asked.explained, Counter[tuple[str, str]]()
    tested: list[Tested] = []
    for mutant in mutants(gold.turns, CATALOG):
        if mutant.kind not in asked.kinds:
            continue
        counted[mutant.kind, mutant.what] += 1
        name = Name(mutant.kind, mutant.what, counted[mutant.kind, mutant.what])
        played = await asked.played(Trajectory(turns=mutant.turns, chosen=gold.chosen))
        by = tuple(part.name for part in asked.graded(played)[1])
        fate: Fate = "caught" if by else "explained" if name in explained else "missed"
        tested.append(Tested(name=name, fate=fate, by=by, turns=mutant.turns))
    return tuple(tested)


def _lines(asked: _Asked, gold: Gold, tested: Sequence[Tested]) -> Iterator[str]:
    """Yield a line for each mutant that is not caught, and for each explanation that explains nothing."""
    if gold.wrong:
        yield "none was played: the gold itself does not hold"
        return
    for one in tested:
        if one.fate == "missed":
            yield f"{one.name}: not caught: {_shown(one.turns)}"
    for name in asked.explained.keys() - {one.name for one in tested if one.fate == "explained"}:
        there = any(one.name == name for one in tested)
        yield f"{name}: {EQUIVALENT} explains it, and {'it is caught' if there else 'there is none'}; remove the entry"


def _shown(turns: Played) -> str:
    """Write a trajectory in one line: the calls of each message, with `|` between the messages."""
    each = (", ".join(f"{call.name}{canonical_json(call.arguments)}" for call in turn.calls) for turn in turns)
    return " | ".join(calls or "no call" for calls in each)


def _trial(  # noqa: PLR0913  # what was tried, when, and what it came to
    asked: _Asked,
    began: _Began,
    *,
    repeat: int,
    seed: int,
    why: str = "",
    gold: Gold | None = None,
    tested: Sequence[Tested] = (),
) -> Trial:
    ticket = asked.read.ticket
    parts: tuple[Part, ...] = ()
    if gold is not None and not why and not gold.divergences:
        lines = tuple(_lines(asked, gold, tested))
        parts = (Part(name="gold", wrong=gold.wrong), Part(name="mutants", wrong=lines))
    return Trial(
        ticket=ticket.id,
        file=asked.read.file,
        title=ticket.title,
        level=Level.LINT,
        repeat=repeat,
        seed=seed,
        status=_status(why, gold, parts),
        tags=ticket.tags,
        why=why,
        parts=parts,
        divergences=() if gold is None else gold.divergences,
        end={} if gold is None else gold.played.found.document(),
        path=() if gold is None else gold.played.path,
        steps=tuple(_step(one, at=ticket.clock.isoformat()) for one in tested),
        usage=Usage(cpu_ms=_ms(time.process_time() - began.cpu_s), wall_ms=_ms(time.perf_counter() - began.wall_s)),
    )


def _status(why: str, gold: Gold | None, parts: Sequence[Part]) -> Status:
    if why:
        return Status.ERROR
    if gold is not None and gold.divergences:
        return Status.STALE
    return Status.PASS if all(part.holds for part in parts) else Status.FAIL


def _step(one: Tested, *, at: str) -> Step:
    body: dict[str, Value] = {
        "kind": one.name.kind,
        "what": one.name.what,
        "number": one.name.number,
        "fate": one.fate,
        "by": [*one.by],
    }
    return Step(kind=MUTANT, at=at, title=f"{one.name}: {one.fate}", body=body)


def _ms(seconds: float) -> Decimal:
    return Decimal(round(seconds * 1_000_000)) / 1000
