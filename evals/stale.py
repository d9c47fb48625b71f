"""Which recordings no longer fit the house of today, and what changed. Nothing is graded here: stale is no verdict."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from agent.house import House
from casino.document import canonical_json
from casino.values import Value
from evals.playback import PlaybackModel, asked_today
from evals.replay import replay
from evals.segments import normal
from evals.ticket import Read
from evals.trial import Difference, Divergence

CAUSES: Final = (Difference.PROMPT, Difference.TOOL_SCHEMA, Difference.PARAMETERS)  # kinds of changes in the house


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
    first: dict[str, Divergence] = {}
    tickets: dict[str, list[str]] = {}
    for one in stale:
        for divergence in one.divergences:
            key = canonical_json(_key(divergence))
            first.setdefault(key, divergence)
            named = tickets.setdefault(key, [])
            if one.ticket not in named:
                named.append(one.ticket)
    return tuple(sorted((_changed(first[key], tickets[key]) for key in first), key=_rank))


def _key(one: Divergence) -> Sequence[Value]:
    """Return what makes two divergences the same change.

    A sentence stands further in while its branch is open, and on another line, so neither tells. Of a conversation
    every ticket has its own words.
    """
    same: list[Value] = [one.kind.value, one.segment]
    return [*same, _plain(one.was), _plain(one.now)] if one.kind in CAUSES else same


def _plain(value: Value) -> Value:
    return value.strip() if isinstance(value, str) else normal(value)


def _changed(one: Divergence, tickets: Sequence[str]) -> Changed:
    return Changed(
        kind=one.kind, segment=one.segment, pointer=one.pointer, was=one.was, now=one.now, tickets=tuple(tickets)
    )


def _rank(one: Changed) -> tuple[int, int, str, str]:
    kinds = [*CAUSES, *(kind for kind in Difference if kind not in CAUSES)]
    return kinds.index(one.kind), -len(one.tickets), one.segment, one.pointer
