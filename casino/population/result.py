"""What a population run found: plain counts, for people and machines."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from casino.bonus.story import Status
from casino.population.plan import Ending, Funnel, Plan
from casino.values import Value


class Counted(NamedTuple):
    """How many players ended so."""

    ending: Ending
    players: int


@dataclass(frozen=True, slots=True)
class Fallen:
    """How many players fell at one condition, the first of their configuration that failed for them."""

    configuration: str
    stage: str
    condition: str
    players: int


@dataclass(frozen=True, slots=True)
class FunnelCounts:
    """The way of all players through one configuration, each weighed on it whatever the others say."""

    configuration: str
    begun: int
    fallen: tuple[Fallen, ...]  # in the order of the conditions
    unknown: int  # nothing failed, but something could not be read
    passed: int  # all sections; the tiers decide what they get


class Change(NamedTuple):
    """How many players end one way with the live configurations and another with the draft."""

    live: Ending
    draft: Ending
    players: int


@dataclass(frozen=True, slots=True)
class Counts:
    """All that one pass over the table counted."""

    players: int
    endings: tuple[Counted, ...]
    funnels: tuple[FunnelCounts, ...] = ()
    changes: tuple[Change, ...] = ()

    def by_status(self) -> dict[Status, int]:
        """Return the players by status, every status among them."""
        found = dict.fromkeys(Status, 0)
        for ending, players in self.endings:
            found[ending.status] += players
        return found

    def top_blocking(self) -> Fallen | None:
        """Return the condition at which most players fall; None where no funnel was counted, or nobody falls."""
        fallen = [one for funnel in self.funnels for one in funnel.fallen if one.players > 0]
        return max(fallen, key=lambda one: one.players, default=None)

    def to_document(self) -> dict[str, Value]:
        """Return the counts as a plain document."""
        statuses: dict[str, Value] = {status.value: players for status, players in self.by_status().items()}
        document: dict[str, Value] = {"players": self.players, "statuses": statuses}
        document["endings"] = [{**_ending(ending), "players": players} for ending, players in self.endings]
        top = self.top_blocking()
        if self.funnels:
            document["top_blocking"] = None if top is None else _fallen(top)
            document["funnels"] = [_funnel(funnel) for funnel in self.funnels]
        if self.changes:
            document["changes"] = [
                {"live": {**_ending(one.live)}, "draft": {**_ending(one.draft)}, "players": one.players}
                for one in self.changes
            ]
        return document


def _ending(ending: Ending) -> dict[str, Value]:
    return {"status": ending.status.value, "configuration": ending.configuration, "tier": ending.tier}


def _fallen(fallen: Fallen) -> dict[str, Value]:
    return {
        "configuration": fallen.configuration,
        "stage": fallen.stage,
        "condition": fallen.condition,
        "players": fallen.players,
    }


def _funnel(funnel: FunnelCounts) -> dict[str, Value]:
    return {
        "configuration": funnel.configuration,
        "begun": funnel.begun,
        "fallen": [_fallen(one) for one in funnel.fallen],
        "unknown": funnel.unknown,
        "passed": funnel.passed,
    }


def counted(plan: Plan, codes: dict[int, int]) -> tuple[Counted, ...]:
    """Return the endings that occurred, in the order in which they are tried."""
    return tuple(Counted(plan.endings[code], codes[code]) for code in sorted(codes))


def funnel_counts(funnel: Funnel, codes: dict[int, int], *, vetoed: int) -> FunnelCounts:
    """Return one configuration's funnel from the counts of its codes, in which the vetoed stand at the first one."""
    first = 1 if funnel.steps else 0
    codes = {**codes, first: codes.get(first, 0) - vetoed}
    fallen = [
        Fallen(funnel.configuration, step.stage, step.text, codes.get(code, 0))
        for code, step in enumerate(funnel.steps, start=1)
    ]
    begun = sum(codes.values())
    return FunnelCounts(funnel.configuration, begun, tuple(fallen), codes.get(funnel.unknown, 0), codes.get(0, 0))


class ChangeTotals(NamedTuple):
    """What a draft changes, in whole numbers of players."""

    gain: int  # qualified with the draft only
    lose: int  # qualified with the live ones only
    other: int  # qualified with both, but for another reward
    same: int


def totals(changes: Sequence[Change]) -> ChangeTotals:
    """Add up who gains, loses, and gets something else."""
    gain = lose = other = same = 0
    for live, draft, players in changes:
        had, has = live.status is Status.QUALIFIED, draft.status is Status.QUALIFIED
        if has and not had:
            gain += players
        elif had and not has:
            lose += players
        elif had and live != draft:
            other += players
        else:
            same += players
    return ChangeTotals(gain, lose, other, same)
