"""From tickets to work: which are chosen, how often each is played, by which seed, and in which shard. All pure."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Final, TypeAlias

from casino.document import canonical_json
from casino.nearest import did_you_mean
from casino.values import Document, Value
from evals.trial import Level

ATTACK: Final = "attack"  # the tag of a ticket in which somebody tries to get what is not theirs
SEED_BITS: Final = 32  # what every library of random numbers takes
_TAG_SHOWN: Final = 20

Filter: TypeAlias = Callable[["Case"], bool]


class PlanError(Exception):
    """What was chosen cannot be played; the message says why and how to mend it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A ticket as the plan sees it: enough to choose it, to find it again, and to know that it is the same."""

    ticket: str
    file: str
    title: str
    content: str  # the sha256 of what the ticket says
    written: str = ""  # the sha256 of its bytes: where they are the same, so is what it says
    tags: tuple[str, ...] = ()
    offset: int = 0  # where its line begins in a pack, in bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing to play: a ticket, the how-manieth time, and the seed. Equal keys mean equal trials."""

    case: Case
    level: Level
    match: str
    repeat: int  # from 1
    seed: int
    key: str

    def document(self) -> dict[str, Value]:
        """Return the item for a worker."""
        case = self.case
        return {
            "ticket": case.ticket,
            "file": case.file,
            "title": case.title,
            "content": case.content,
            "written": case.written,
            "tags": [*case.tags],
            "offset": case.offset,
            "level": self.level.value,
            "match": self.match,
            "repeat": self.repeat,
            "seed": self.seed,
            "key": self.key,
        }


def item_from(document: Document) -> Item:
    """Return the item that a worker was given."""
    tags = document["tags"]
    return Item(
        case=Case(
            ticket=str(document["ticket"]),
            file=str(document["file"]),
            title=str(document["title"]),
            content=str(document["content"]),
            written=str(document["written"]),
            tags=tuple(str(tag) for tag in tags) if isinstance(tags, list) else (),
            offset=int(str(document["offset"])),
        ),
        level=Level(str(document["level"])),
        match=str(document["match"]),
        repeat=int(str(document["repeat"])),
        seed=int(str(document["seed"])),
        key=str(document["key"]),
    )


@dataclass(frozen=True, slots=True)
class Shard:
    """One of several equal parts of a suite. Which one a ticket is in depends on nothing but its id."""

    number: int = 1
    of: int = 1

    def __str__(self) -> str:
        return f"{self.number}/{self.of}"

    def holds(self, ticket: str) -> bool:
        """Tell whether a ticket is in this shard; all its repeats are."""
        return int(_sha256(ticket), 16) % self.of == self.number - 1


def shard_from(text: str) -> Shard:
    """Read a shard such as `2/4`. Raises `PlanError`."""
    number, slash, of = text.partition("/")
    if slash and number.isdecimal() and of.isdecimal() and 1 <= int(number) <= int(of):
        return Shard(int(number), int(of))
    raise PlanError(f'the shard is "{text}"; write its number and how many there are, such as 1/4')


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What of a suite is played, and how."""

    level: Level = Level.CODE
    match: str = "strict"
    repeat: int = 1
    seed: int = 0
    shard: Shard = field(default_factory=Shard)
    filters: tuple[str, ...] = ()  # a ticket must pass all of them


def plan(cases: Sequence[Case], choice: Choice, *, agent: str) -> tuple[Item, ...]:
    """Return what is to be played, in the order of the tickets, the repeats of each together.

    `agent` is the digest of all that the agent is made of; see `evals.run.digest`. A shard may be empty; a filter that
    no ticket passes is an error, since a run of nothing proves nothing. Raises `PlanError`.
    """
    if choice.repeat < 1:
        raise PlanError(f"every ticket is to be played {choice.repeat} times; --repeat must be 1 or more")
    _refuse_twice(cases)
    chosen = _chosen(cases, choice.filters)
    return tuple(
        _item(case, choice, repeat, agent=agent)
        for case in chosen
        if choice.shard.holds(case.ticket)
        for repeat in range(1, choice.repeat + 1)
    )


def plan_digest(cases: Iterable[Case], filters: Iterable[str]) -> str:
    """Return one sha256 over the tickets that are chosen, in all shards together. Raises `PlanError`."""
    chosen = sorted((case.ticket, case.content) for case in _chosen([*cases], filters))
    return _sha256([[ticket, content] for ticket, content in chosen])


def seed_of(run_seed: int, *, ticket: str, repeat: int) -> int:
    """Return the seed of one trial: another for each ticket and repeat, the same in every run with this seed."""
    return int(_sha256([run_seed, ticket, repeat]), 16) >> (256 - SEED_BITS)


def filter_from(text: str) -> Filter:
    """Read a filter: `tag:`, `id:` and `file:` take `*`, `title:` and a bare word are looked for, `!` turns it round.

    Raises `PlanError`.
    """
    if text.startswith("!"):
        inner = filter_from(text[1:])
        return lambda case: not inner(case)
    kind, colon, wanted = text.partition(":")
    if not colon:
        kind, wanted = "", text
    if kind not in _KINDS:
        raise PlanError(f'the filter is "{text}"; there is no "{kind}:". {did_you_mean(kind, filter(None, _KINDS))}')
    if not wanted:
        raise PlanError(f'the filter is "{text}"; say what to look for, such as tag:bonus')
    test, folded = _KINDS[kind], wanted.casefold()
    return lambda case: test(case, folded)


def _item(case: Case, choice: Choice, repeat: int, *, agent: str) -> Item:
    seed = seed_of(choice.seed, ticket=case.ticket, repeat=repeat)
    same: dict[str, Value] = {
        "ticket": case.ticket,
        "content": case.content,
        "level": choice.level.value,
        "match": choice.match,
        "repeat": repeat,
        "seed": seed,
        "agent": agent,
    }
    return Item(case=case, level=choice.level, match=choice.match, repeat=repeat, seed=seed, key=_sha256(same))


def _chosen(cases: Sequence[Case], filters: Iterable[str]) -> list[Case]:
    """Return the tickets that pass every filter; say which filter leaves nothing."""
    chosen = [*cases]
    for text in filters:
        passes = filter_from(text)
        before, chosen = chosen, [case for case in chosen if passes(case)]
        if not chosen:
            raise PlanError(f'no ticket passes the filter "{text}". {_there_is(before)}')
    return chosen


def _there_is(cases: Sequence[Case]) -> str:
    tags = sorted({tag for case in cases for tag in case.tags})
    shown = ", ".join(tags[:_TAG_SHOWN]) + (", …" if len(tags) > _TAG_SHOWN else "")
    return (
        f"Its tags are {shown}." if tags else f"There are {len(cases)} tickets, without tags; filter by id: or title."
    )


def _refuse_twice(cases: Sequence[Case]) -> None:
    first: dict[str, Case] = {}
    for case in cases:
        other = first.setdefault(case.ticket, case)
        if other is not case:
            raise PlanError(f"{case.file}: the id `{case.ticket}` is taken by {other.file}; give it another")


def _sha256(value: Value) -> str:
    return hashlib.sha256(canonical_json(value).encode()).hexdigest()


_KINDS: Final[dict[str, Callable[[Case, str], bool]]] = {
    "tag": lambda case, wanted: any(fnmatchcase(tag.casefold(), wanted) for tag in case.tags),
    "id": lambda case, wanted: fnmatchcase(case.ticket.casefold(), wanted),
    "file": lambda case, wanted: fnmatchcase(case.file.casefold(), wanted),
    "title": lambda case, wanted: wanted in case.title.casefold(),
    "": lambda case, wanted: wanted in case.ticket.casefold() or wanted in case.title.casefold(),
}
