"""Which steps and branches of the procedures some tickets reach, and which answers of the house they bring about.

Only what can be seen is counted. A branch is reached where a model was shown the procedure with it decided; a step
where it was shown in force, and one that asks for calls where each of them succeeded then.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, NamedTuple

from agent.house import House
from agent.model.policy import PolicyModel
from agent.model.port import Model, Proposal, Request, Shown
from casino.bonus.decide import Status as Decided
from casino.bonus.reading import ReasonCode
from casino.bonus.reward import RewardType
from casino.safety import VetoCode
from casino.values import Value
from evals.coverage.steps import Point, Ways, ways_of
from evals.expect import OUTCOMES
from evals.grading.language import LANGUAGES, languages_of
from evals.grading.seen import CallSeen, calls_of
from evals.playback import PlaybackModel
from evals.replay import NATIVE, Replayed, replay
from evals.ticket import Read
from evals.words import FAULTS, OPERATIONS
from tools.catalog import CATALOG
from tools.record import Kind
from tools.transfer_to_live_agent import WHY
from tools.verify_player import VERIFY_PLAYER

AT_EFFECT: Final = ("bonus", "messages")  # operations at which each fault is something else
AT_READ: Final = ("unavailable", "access_refused")  # at a read the others are an answer that does not come
VERIFICATIONS: Final = ("signed session", "date_of_birth", "date_of_birth and phone", "no_match", "locked_out", "none")


class Reached(NamedTuple):
    """A point of a procedure, and how many tickets reach it."""

    point: Point
    tickets: int


@dataclass(slots=True, kw_only=True)
class Watching:
    """Passes every question on and notes which procedure was shown, and how."""

    model: Model
    shown: list[Shown | None] = field(default_factory=list[Shown | None])

    @property
    def name(self) -> str:
        """The name of the model that answers."""
        return self.model.name

    @property
    def is_llm(self) -> bool:
        """Whether a language model answers."""
        return self.model.is_llm

    async def propose(self, request: Request) -> Proposal:
        """Note what is shown, and return the model's proposal."""
        self.shown.append(request.prompt.procedure)
        return await self.model.propose(request)

    async def choose(self, text: str, options: Mapping[str, str]) -> str | None:
        """Return the model's choice."""
        return await self.model.choose(text, options)


@dataclass(slots=True)
class Coverage:
    """What the tickets that were played so far reach. Each counts once for whatever it reaches."""

    house: House
    tickets: int = 0
    points: Counter[tuple[str, int]] = field(default_factory=Counter[tuple[str, int]])  # by procedure and line
    words: dict[str, Counter[str]] = field(default_factory=dict[str, Counter[str]])
    _ways: dict[tuple[str, str], Ways] = field(default_factory=dict[tuple[str, str], Ways])

    async def add(self, read: Read) -> None:
        """Play a ticket, by its recording or by the policy model, and count what it reaches."""
        recording = read.ticket.recording
        prompts = self.house.prompts
        model: Model = PolicyModel(prompts)
        if recording is not None:
            model = PlaybackModel(recording=recording, prompts=prompts, match="tolerant")
        watching = Watching(model=model)
        desk = NATIVE if recording is None else recording.desk
        played = await replay(read, self.house, model=watching, desk=desk)
        self.tickets += 1
        self.points.update(set(self._reached(read, played, watching.shown)))
        for name, word in set(_words(read, played)):
            self.words.setdefault(name, Counter())[word] += 1

    def ways(self, procedure: str, brand: str) -> Ways:
        """Return the ways through a procedure of a brand; one of an override has lines of its own."""
        own = self.house.procedures.by_id[procedure]
        key = (procedure, brand if brand in own.overrides else "")
        if key not in self._ways:
            self._ways[key] = ways_of(own, brand)
        return self._ways[key]

    def reached(self, procedure: str) -> tuple[Reached, ...]:
        """Return the steps and branches of a procedure in the order of its file, those of its overrides too."""
        own = self.house.procedures.by_id[procedure]
        brands = ("", *(brand for brand, override in own.overrides.items() if override.body is not None))
        points = {point.line: point for brand in brands for point in self.ways(procedure, brand).points}
        return tuple(Reached(points[line], self.points[procedure, line]) for line in sorted(points))

    def counted(self) -> dict[str, dict[str, int]]:
        """Return how many tickets bring about each word of each list, with 0 for those that none does."""
        known = universe(self.house)
        names = [*known, *(name for name in sorted(self.words) if name not in known)]
        return {name: _counts(known.get(name, ()), self.words.get(name, Counter())) for name in names}

    @property
    def share(self) -> Decimal:
        """Return which share of the steps and branches is reached."""
        every = [one for name in self.house.procedures.by_id for one in self.reached(name)]
        return Decimal(sum(one.tickets > 0 for one in every)) / len(every) if every else Decimal(1)

    def _reached(self, read: Read, played: Replayed, shown: Sequence[Shown | None]) -> Iterator[tuple[str, int]]:
        """Yield the procedure and the line of every point that a ticket has reached."""
        entries = played.whole.entries
        asked = [entry.seq for entry in entries if entry.kind == Kind.MODEL_REQUEST]
        done = [call for call in calls_of(entries) if call.succeeded and not call.by_code]
        made: dict[tuple[str, int], set[str]] = {}
        for at, one in enumerate(shown):
            if one is None:
                continue
            until = asked[at + 1] if at + 1 < len(asked) else entries[-1].seq + 1
            names = {call.name for call in done if asked[at] < call.at < until}
            for line in self.ways(one.id, read.ticket.brand).in_force(one.text):
                made.setdefault((one.id, line), set()).update(names)
        for (name, line), names in made.items():
            point = next((one for one in self.ways(name, read.ticket.brand).points if one.line == line), None)
            if point is not None and names.issuperset(point.calls):
                yield name, line


def universe(house: House) -> dict[str, tuple[str, ...]]:
    """Return what there is to be brought about, by list. Lists that have no end, such as codes, are not among them."""
    tiers = [f"{one.id}/{tier.name}" for one in house.configurations.configurations for tier in one.tiers]
    return {
        "outcomes": OUTCOMES,
        "hand-overs": tuple(WHY),
        "decisions": tuple(status.value for status in Decided),
        "reasons": (*(code.value for code in VetoCode), *(code.value for code in ReasonCode)),
        "tiers": tuple(tiers),
        "rewards": tuple(kind.value for kind in RewardType),
        "verification": VERIFICATIONS,
        "tools": tuple(CATALOG),
        "faults": (
            *(f"{operation}: {fault}" for operation in AT_EFFECT for fault in FAULTS),
            *(f"{operation}: {fault}" for operation in OPERATIONS if operation not in AT_EFFECT for fault in AT_READ),
        ),
        "languages": LANGUAGES,
    }


def _counts(known: Collection[str], found: Counter[str]) -> dict[str, int]:
    return {word: found[word] for word in (*known, *sorted(found.keys() - set(known)))}


def _words(read: Read, played: Replayed) -> Iterator[tuple[str, str]]:
    """Yield what a ticket has brought about, each with the list that it belongs to."""
    found = played.found
    yield "outcomes", found.outcome or "none"
    if found.handoff:
        yield "hand-overs", found.handoff
    for decision in played.whole.decisions.values():
        yield "decisions", decision.status
        yield from (("reasons", code) for code in _codes(decision.record.get("reasons")))
        if decision.tier is not None:
            yield "tiers", f"{decision.configuration}/{decision.tier}"
        if decision.reward is not None:
            yield "rewards", str(decision.reward.get("rewardType"))
    for call in calls_of(played.whole.entries):
        yield from _of_call(call)
    yield from (("verification", way) for way in _verified(read, played))
    yield from (("faults", fault) for fault in _faults(read))
    yield from (("languages", name) for name in languages_of(" ".join(read.ticket.says))[:1])


def _of_call(call: CallSeen) -> Iterator[tuple[str, str]]:
    if call.succeeded and not call.by_code:
        yield "tools", call.name
    elif call.code and not call.succeeded:
        yield "refusals", call.told


def _verified(read: Read, played: Replayed) -> Iterator[str]:
    """Yield how the player was verified, and how not."""
    calls = [call for call in calls_of(played.whole.entries) if call.name == VERIFY_PLAYER.name]
    if read.ticket.session is not None:
        yield "signed session"
    for call in calls:
        if call.succeeded:
            yield "date_of_birth and phone" if call.arguments.get("phone") else "date_of_birth"
        elif call.code in VERIFICATIONS:
            yield call.code
    if not calls and read.ticket.session is None:
        yield "none"


def _faults(read: Read) -> Iterator[str]:
    """Yield the faults of the world; at a read all but a refused access mean that no answer comes."""
    faults = read.world.get("faults")
    for operation, fault in faults.items() if isinstance(faults, dict) else ():
        same = operation in AT_EFFECT or fault in AT_READ
        yield f"{operation}: {fault if same else AT_READ[0]}"


def _codes(reasons: Value) -> Iterator[str]:
    for reason in reasons if isinstance(reasons, list) else ():
        if isinstance(reason, dict):
            yield str(reason.get("code"))
