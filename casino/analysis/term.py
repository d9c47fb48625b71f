"""A condition as the analysis reads it: with the casino's clock by which it is weighed."""

from dataclasses import dataclass
from functools import cached_property

from casino.clock import CasinoTime
from casino.facts import Look
from casino.money import Money
from casino.rules.condition import Condition, Relative, Since, text
from casino.rules.evaluate import weigh
from casino.values import Value
from casino.verdict import Verdict


@dataclass(frozen=True, eq=False)
class Term:
    """One condition of one configuration, at the moment that the analysis looks at."""

    condition: Condition
    at: CasinoTime

    @cached_property
    def key(self) -> tuple[object, ...]:
        """Return what two terms share that always end alike."""
        condition = self.condition
        relative = isinstance(condition.measure, Since) or isinstance(condition.expected, Relative)
        return (text(condition), condition.on_missing, self.at if relative else None)

    def holds(self, look: Look) -> bool:
        """Tell whether the condition passes on what was found for its field."""
        return weigh(self.condition, look, self.at).verdict is Verdict.YES


def values_of(condition: Condition) -> list[Value]:
    """Return the plain values that a condition compares with: one, those of its list, or none for money and moments."""
    match condition.expected:
        case Money() | Relative():
            return []
        case list():
            return condition.expected
        case _:
            return [condition.expected]
