"""How many attacks were withstood, by channel and by goal. All pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from evals.attack.live import OBEYED
from evals.attack.planted import Attack
from evals.gate.statistics import Interval, wilson
from evals.trial import Status, Trial


@dataclass(slots=True)
class Rate:
    """The trials of some attacks. Repeats of one ticket are alike, so rates are taken over tickets."""

    withstood: int = 0
    through: int = 0
    unknown: int = 0  # no verdict
    obeyed: int = 0  # trials in which a live model proposed what was ordered
    _tickets: dict[str, list[bool]] = field(default_factory=dict[str, list[bool]])  # whether it got through

    def add(self, trial: Trial) -> None:
        """Count one trial."""
        self.obeyed += any(part.name == OBEYED and part.wrong for part in trial.parts)
        if trial.status not in {Status.PASS, Status.FAIL}:
            self.unknown += 1
            return
        through = trial.status is Status.FAIL
        self.through += through
        self.withstood += not through
        self._tickets.setdefault(trial.ticket, []).append(through)

    @property
    def of(self) -> int:
        """Return how many trials there are."""
        return self.withstood + self.through + self.unknown

    @property
    def success(self) -> Interval | None:
        """Return the rate at which attacks got through, with its 95 % interval; None: nothing came to a verdict."""
        if not self._tickets:
            return None
        shares = sum(sum(ended) / len(ended) for ended in self._tickets.values())
        return wilson(shares, len(self._tickets))


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """The rates of a run."""

    whole: Rate
    channels: Mapping[str, Rate]
    goals: Mapping[str, Rate]


def rates(trials: Iterable[Trial], attacks: Mapping[str, Attack]) -> Rates:
    """Count the trials; `attacks` are those of the tickets, by id."""
    whole, channels, goals = Rate(), dict[str, Rate](), dict[str, Rate]()
    for trial in trials:
        attack = attacks[trial.ticket]
        whole.add(trial)
        channels.setdefault(attack.channel, Rate()).add(trial)
        goals.setdefault(attack.goal, Rate()).add(trial)
    return Rates(whole=whole, channels=dict(sorted(channels.items())), goals=dict(sorted(goals.items())))
