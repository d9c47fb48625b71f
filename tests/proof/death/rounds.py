"""Rounds of death: processes die, others take up what they left, and then it is seen whether all is well."""

import asyncio
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from random import Random

from tests.proof.death.lives import Said
from tests.proof.death.mortal import Marker
from tests.proof.death.nursery import Ended, Nursery, kill
from tests.proof.death.scene import Scene, Seen
from tools.ledger import EffectState

NEXT_S, MUCH_LATER_S, AT_LAST_S = 70.0, 300.0, 500.0  # leases have run out; nothing is on its way any more; humans say
ONLY_ASKED = {Marker.ASKED, Marker.VOTED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """One process on one ticket, and how it is to die."""

    said: Said
    marker: Marker | None  # None: at some instant, from outside
    killed_after_s: float | None = None

    @property
    def ticket(self) -> str:
        """The ticket, and its player."""
        return self.said[0]


@dataclass(slots=True, kw_only=True)
class Tally:
    """What rounds came to, and what they cost."""

    rounds: int = 0
    killed: int = 0
    killed_again: int = 0  # processes that took up what others had left
    ends: Counter[str] = field(default_factory=Counter[str])
    wrong: list[str] = field(default_factory=list[str])
    cpu_s: float = 0  # of the processes that lived and died; the back office runs beside them
    wall_s: float = 0

    def __str__(self) -> str:
        ends = ", ".join(f"{count} {end}" for end, count in sorted(self.ends.items()))
        each = f"{self.wall_s / max(self.rounds, 1):.2f} s each, {self.cpu_s / max(self.rounds, 1):.2f} s of CPU"
        killed = f"{self.killed} killed and {self.killed_again} that took up what they left"
        return f"{self.rounds} rounds, {killed}, in {self.wall_s:.0f} s ({each}): {ends}"


@dataclass(slots=True, kw_only=True)
class Rounds:
    """Batches of rounds at one scene. In a batch many die, one after the other, before others come."""

    scene: Scene
    nursery: Nursery
    drawing: Random
    gate: str = "shipped"
    tally: Tally = field(default_factory=Tally)
    span_s: float = 0.5  # how long a process lives that nobody kills

    def drawn(self, number: int, markers: Sequence[Marker], at_random: int) -> list[Round]:
        """Return the rounds of a batch: one for each marker, and some whose end comes at any instant."""
        found: list[Round] = []
        for place, marker in enumerate([*markers, *[None] * at_random]):
            asks = marker in ONLY_ASKED or (number + place) % 2 == 0
            name = f"{'random' if marker is None else marker.value}{number}x{place}"
            after_s = self.drawing.uniform(0, self.span_s * (1 + asks)) if marker is None else None
            found.append(Round(said=self.scene.new_player(name, asks=asks), marker=marker, killed_after_s=after_s))
        self.drawing.shuffle(found)
        return found

    async def unkilled(self, name: str) -> Seen:
        """Let a ticket be served with nobody dying, and note how long that takes."""
        life = self.scene.life(serves=[self.scene.new_player(name, asks=False)], gate=self.gate)
        pid, begun = self.nursery.begin(life), time.monotonic()
        assert not self.nursery.end(pid).killed
        self.span_s = time.monotonic() - begun
        return (await self.scene.seen([name]))[name]

    async def batch(self, rounds: Sequence[Round], *, operator_first: bool = False) -> None:
        """Let the processes die, take up what they left, and look at it; then let humans say what nobody knows."""
        begun = time.monotonic()
        lost = [one.said for one in rounds if not self._died(one).acknowledged]
        self._taken_up(lost, operator_first=operator_first)
        tickets = [one.ticket for one in rounds]
        seen = await self.scene.seen(tickets)
        self._note(seen, await self._findings(tickets))
        await self._answered(seen, [one.said for one in rounds])
        self.tally.wall_s += time.monotonic() - begun

    def _died(self, one: Round) -> Ended:
        marker = None if one.marker is None else one.marker.value
        life = self.scene.life(serves=[one.said], marker=marker, gate=self.gate)
        ended = self.nursery.lived(life, killed_after_s=one.killed_after_s)
        assert ended.killed or marker is None, f"{one.ticket} has not come to its marker"
        self.tally.rounds += 1
        self.tally.killed += ended.killed
        self.tally.cpu_s += ended.cpu_s
        return ended

    def _taken_up(self, lost: Sequence[Said], *, operator_first: bool) -> None:
        """Take up what was left; the first process that does is killed as well, at some instant."""
        life = self.scene.life(
            takes_up=lost, recovers=True, operator_first=operator_first, later_s=NEXT_S, gate=self.gate
        )
        after_s = self.drawing.uniform(0, self.span_s * (1 + len(lost)) / 2)
        first = self.nursery.lived(life, killed_after_s=after_s)
        self.tally.killed_again += first.killed
        second = self.nursery.lived(replace(life, later_s=MUCH_LATER_S))
        self.tally.cpu_s += first.cpu_s + second.cpu_s

    async def _findings(self, tickets: Sequence[str]) -> list[str]:
        return [str(one) for one in await self.scene.verified(tickets)]

    def _note(self, seen: dict[str, Seen], findings: Sequence[str]) -> None:
        keys = self.scene.keys
        self.tally.wrong += [f"{ticket}: {what}" for ticket, one in seen.items() for what in one.wrong(keys=keys)]
        self.tally.wrong += findings
        for one in seen.values():
            self.tally.ends[f"granted {one.granted}, {'in doubt' if one.doubts else 'told'}"] += 1

    async def _answered(self, seen: dict[str, Seen], said: Sequence[Said]) -> None:
        """Let a human answer each doubt by what the back office shows; then deliver everything once more."""
        verdicts = {doubt: "approve" if one.granted else "deny" for one in seen.values() for doubt in one.doubts}
        ended = self.nursery.lived(
            self.scene.life(takes_up=said, recovers=True, verdicts=verdicts, later_s=AT_LAST_S, gate=self.gate)
        )
        self.tally.cpu_s += ended.cpu_s
        after, rows = await self.scene.seen([*seen]), await self.scene.outcomes([*seen])
        for ticket, one in seen.items():
            state, by = (EffectState.DONE, "confirmed_by") if one.granted else (EffectState.FAILED, "denied_by")
            expected = replace(one, rows=(state,), doubts=()) if one.doubts else one
            if after[ticket] != expected or (one.doubts and by not in rows[ticket]):
                self.tally.wrong.append(f"{ticket}: not as the human has said, or not left alone: {after[ticket]}")
        self.tally.wrong += await self._findings([*seen])


@dataclass(frozen=True, slots=True, kw_only=True)
class Both:
    """How two messages at once on one ticket were answered, of which the first one's process was killed."""

    waited: bool  # the second was not touched while the first was held
    answered: list[str]  # the messages, in the order of the answers
    replies: list[str]  # to the second
    seen: Seen
    findings: list[str]


async def both_answered(scene: Scene, nursery: Nursery, marker: Marker, *, lease_s: float) -> Both:
    """Let two processes have a message each on one ticket, and kill the one that holds it."""
    first = scene.new_player("two", asks=False)
    second = ("two", "two-b", "Can I get another bonus?")
    holder = nursery.begin(scene.life(serves=[first], marker=marker.value, stays=True, lease_s=lease_s))
    other = nursery.begin(scene.life(serves=[second], lease_s=lease_s))
    await asyncio.sleep(lease_s / 4)
    waited = "two-b" not in await scene.answered("two")
    kill(holder)
    assert nursery.end(holder).killed
    (replies,) = nursery.end(other).answers
    return Both(
        waited=waited,
        answered=await scene.answered("two"),
        replies=replies,
        seen=(await scene.seen(["two"]))["two"],
        findings=[str(one) for one in await scene.verified(["two"])],
    )
