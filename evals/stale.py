"""Which recordings no longer fit the house of today, and what changed. Nothing is graded here: stale is no verdict."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, TypeAlias

from agent.house import House
from casino.document import canonical_json
from casino.values import Value
from evals.differing import Place
from evals.playback import PlaybackModel, asked_today
from evals.replay import replay
from evals.segments import normal
from evals.ticket import Read
from evals.trial import Difference, Divergence

CAUSES: Final = (Difference.PROMPT, Difference.TOOL_SCHEMA, Difference.PARAMETERS)  # kinds of changes in the house
_Key: TypeAlias = tuple[str, int]


class Stale(NamedTuple):
    """A ticket whose recording no longer fits."""

    ticket: str
    file: str
    divergences: tuple[Divergence, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """One place that changed since tickets were recorded, and the tickets that it concerns."""

    kind: Difference
    segment: str  # such as `procedure/bonus-request`
    pointer: str  # such as `/line/2`
    was: Value
    now: Value
    tickets: tuple[str, ...]
    others: tuple[Place, ...] = ()  # of a conversation: where else it differs, in any of the tickets


async def stale_of(read: Read, house: House) -> tuple[Divergence, ...]:
    """Return every place at which a recording no longer fits; none where it fits, or where there is no recording.

    Old answers are served where only named texts changed, so that every change is found and not the first alone.
    """
    recording = read.ticket.recording
    if recording is None:
        return ()
    today = asked_today(recording.desk)
    playback = PlaybackModel(recording=recording, prompts=house.prompts, match="tolerant", parameters=today)
    await replay(read, house, model=playback, desk=recording.desk)
    return playback.divergences()


def grouped(stale: Iterable[Stale]) -> tuple[Changed, ...]:
    """Return what changed, each place once: causes in the house first, and what concerns most tickets first of those.

    What differs in the conversation alone, such as a call that is made no more, mostly follows from a cause above it.
    """
    found: dict[_Key, dict[str, Divergence]] = {}
    tickets: dict[_Key, dict[str, None]] = {}
    for one in stale:
        for key, divergence in _keyed(one.divergences):
            where = canonical_json([divergence.pointer, divergence.was, divergence.now])
            found.setdefault(key, {}).setdefault(where, divergence)
            tickets.setdefault(key, {})[one.ticket] = None
    return tuple(sorted((_changed([*found[key].values()], tickets[key]) for key in found), key=_rank))


def _keyed(divergences: Iterable[Divergence]) -> Iterator[tuple[_Key, Divergence]]:
    """Yield each divergence of a ticket with what makes two the same change.

    A sentence stands further in while its branch is open, and on another line, so neither tells; but two places of one
    ticket that read the same are two. Of a conversation every ticket has its own words.
    """
    places: dict[str, dict[str, int]] = {}
    for one in divergences:
        same: list[Value] = [one.kind.value, one.segment]
        if one.kind not in CAUSES:
            yield (canonical_json(same), 0), one
            continue
        read = canonical_json([*same, _plain(one.was), _plain(one.now)])
        here = places.setdefault(read, {})
        yield (read, here.setdefault(one.pointer, len(here))), one


def _plain(value: Value) -> Value:
    return value.strip() if isinstance(value, str) else normal(value)


def _changed(found: Sequence[Divergence], tickets: Iterable[str]) -> Changed:
    one, *others = found
    return Changed(
        kind=one.kind,
        segment=one.segment,
        pointer=one.pointer,
        was=one.was,
        now=one.now,
        tickets=tuple(tickets),
        others=() if one.kind in CAUSES else tuple(Place(other.pointer, other.was, other.now) for other in others),
    )


def _rank(one: Changed) -> tuple[int, int, str]:
    """Return what a change is sorted by; those of one text and the same tickets keep their order in it."""
    kinds = [*CAUSES, *(kind for kind in Difference if kind not in CAUSES)]
    return kinds.index(one.kind), -len(one.tickets), one.segment
