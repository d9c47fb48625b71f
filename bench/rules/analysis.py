"""CPU of the analysis of a set of configurations, beside z3 on the same questions, in one run.

Run it with `python bench/rules/analysis.py`; it takes about fifteen seconds, and ends with 1 where a floor is missed.
The questions: can each section be passed, each tier be matched and is it reached, does everybody who qualifies get
something, is each configuration reached, and which pairs meet the same players. The whole `analyse` does more than
these: it also looks for conditions that say nothing, and makes a player for what it shows.
"""

import random
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from statistics import median

import z3

from casino.analysis.analyse import analyse
from casino.analysis.ground import Ground, Read, lay_ground
from casino.analysis.logic import Section
from casino.bonus.configuration import Configuration, ConfigurationSet, ConfigurationStatus, Tier
from casino.bonus.reward import Standard
from casino.fields.catalogue import OPEN
from casino.rules.condition import Condition, Operator

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
FLOORS_MS = {10: 50.0, 100: 2_000.0}
ROUNDS = 5
NUMBERS = {"ngr": 1_000, "lastDeposit": 500, "totalDeposits": 5_000, "depositCount": 20, "bonusRate": 100, "age": 80}
TEXTS = {
    "category": ["VIP", "Regular", "New", "Dormant"],
    "vipLevel": ["silver", "gold", "platinum", "diamond"],
    "status": ["active", "verified", "closed"],
    "currency": ["EUR", "GBP", "SEK"],
    "country": ["MT", "FI", "CA", "NZ"],
}
FLAGS = ("wantsBonus", "activeBonus")
LISTS = {
    "tags": ["vip", "whale", "abuser", "loyal", "restricted"],
    "badges": ["verified", "depositor", "early"],
    "restrictions": ["no_bonus", "banned", "abuser"],
}
ORDERINGS = (Operator.GREATER, Operator.GREATER_OR_EQUAL, Operator.LESS, Operator.LESS_OR_EQUAL)


def _condition(draw: random.Random) -> Condition:
    match draw.choice(["number", "number", "text", "flag", "list"]):
        case "number":
            name = draw.choice([*NUMBERS])
            return Condition(f"player.{name}", draw.choice(ORDERINGS), draw.randrange(NUMBERS[name]))
        case "text":
            name = draw.choice([*TEXTS])
            operator = draw.choice([Operator.EQUAL, Operator.NOT_EQUAL, Operator.IS_IN, Operator.IS_IN])
            known = TEXTS[name]
            return Condition(
                f"player.{name}", operator, draw.sample(known, 2) if operator is Operator.IS_IN else draw.choice(known)
            )
        case "flag":
            return Condition(f"player.{draw.choice(FLAGS)}", Operator.EQUAL, draw.choice([True, False]))
        case _:
            name = draw.choice([*LISTS])
            operator = draw.choice(
                [Operator.CONTAINS, Operator.CONTAINS_ANY, Operator.CONTAINS_ALL, Operator.CONTAINS_NONE]
            )
            known = LISTS[name]
            return Condition(
                f"player.{name}",
                operator,
                draw.choice(known) if operator is Operator.CONTAINS else draw.sample(known, 2),
            )


def configurations(count: int) -> ConfigurationSet:
    """Make so many configurations, each with 2 + 3 conditions and three tiers with one each."""
    draw = random.Random(7)  # noqa: S311  # the same configurations in every run

    def conditions(number: int) -> tuple[Condition, ...]:
        return tuple(_condition(draw) for _ in range(number))

    reward = Standard(spins_count=15, game=None, game_provider="BGaming", wager=5)
    made = [
        Configuration(
            id=f"c{number}",
            name=f"c{number}",
            brands=(),
            priority=-number,
            status=ConfigurationStatus.PUBLISHED,
            segmentation=conditions(2),
            qualification=conditions(3),
            tiers=tuple(Tier(name=f"t{i}", priority=-i, when=conditions(1), reward=reward) for i in range(3)),
            comment=None,
            on_unqualified="continue",
            effective_from=None,
            effective_until=None,
        )
        for number in range(count)
    ]
    return ConfigurationSet(tuple(made))


Question = tuple[list[Section], list[Section]]


def _questions(ground: Ground) -> Iterator[Question]:
    before: list[Read] = []
    for read in ground.configurations:
        yield [read.segmentation.whole], []
        yield [read.qualified], []
        above: list[Section] = []
        for _, stage in read.tiers:
            yield [read.qualified, stage.whole], []
            yield [read.qualified, stage.whole], [*above]
            above.append(stage.whole)
        yield [read.qualified], above
        yield [read.qualified], [other.taken for other in before]
        yield from (([other.qualified, read.qualified], []) for other in before)
        before.append(read)


def _by_domains(made: ConfigurationSet) -> list[bool | None]:
    ground = lay_ground(made.configurations, OPEN, at=AT)
    return [ground.logic.find(every, unless).possible for every, unless in _questions(ground)]


class _Z3:
    """The same fields for z3: whether one is there, its number, the number of its text, what its list holds."""

    def __init__(self) -> None:
        self.known: dict[str, z3.ExprRef] = {}

    def passes(self, condition: Condition) -> z3.BoolRef:
        path, expected = condition.path, condition.expected
        there = self._one(z3.Bool, f"{path} is there")
        name = path.removeprefix("player.")
        if name in NUMBERS:
            return z3.And(there, self._order(condition.operator, self._one(z3.Real, path), expected))
        if name in FLAGS:
            return z3.And(there, self._one(z3.Bool, path) == expected)
        if name in LISTS:
            return z3.And(there, self._holds(condition))
        listed = expected if isinstance(expected, list) else [expected]
        same = z3.Or([self._one(z3.Int, path) == TEXTS[name].index(value) for value in listed])
        return z3.And(there, z3.Not(same) if condition.operator is Operator.NOT_EQUAL else same)

    def _one(self, sort: Callable[[str], z3.ExprRef], name: str) -> z3.ExprRef:
        return self.known.setdefault(name, sort(name))

    def _order(self, operator: Operator, left: z3.ArithRef, right: object) -> z3.BoolRef:
        match operator:
            case Operator.GREATER:
                return left > right
            case Operator.GREATER_OR_EQUAL:
                return left >= right
            case Operator.LESS:
                return left < right
            case _:
                return left <= right

    def _holds(self, condition: Condition) -> z3.BoolRef:
        expected = condition.expected
        listed = expected if isinstance(expected, list) else [expected]
        holds = [self._one(z3.Bool, f"{condition.path} holds {value}") for value in listed]
        match condition.operator:
            case Operator.CONTAINS_ALL:
                return z3.And(holds)
            case Operator.CONTAINS_NONE:
                return z3.Not(z3.Or(holds))
            case _:
                return z3.Or(holds)

    def section(self, section: Section) -> z3.BoolRef:
        return z3.And([self.passes(term.condition) for term in section.terms])


def _by_z3(made: ConfigurationSet) -> list[bool | None]:
    ground = lay_ground(made.configurations, OPEN, at=AT)
    model, answers = _Z3(), list[bool | None]()
    for every, unless in _questions(ground):
        solver = z3.Solver()
        solver.add([model.section(section) for section in every])
        solver.add([z3.Not(model.section(section)) for section in unless])
        answers.append(solver.check() == z3.sat)
    return answers


def _cpu_ms(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    taken: list[float] = []
    for _ in range(rounds):
        start = time.process_time()
        work()
        taken.append((time.process_time() - start) * 1_000)
    return median(taken)


def main(sizes: Sequence[int] = tuple(FLOORS_MS)) -> int:
    """Measure, print, and return the exit code."""
    missed = 0
    for size in sizes:
        made = configurations(size)
        whole = _cpu_ms(lambda made=made: analyse(made, OPEN))
        findings = len(analyse(made, OPEN))
        late = whole > FLOORS_MS[size]
        missed += late
        print(f"{size:4} configurations, {size * 8} conditions: analyse {whole:8.1f} ms, {findings} findings", end="")
        print(f" (at most {FLOORS_MS[size]:.0f} ms{': MISSED' if late else ''})")
    made = configurations(10)
    ours, theirs = _cpu_ms(lambda: _by_domains(made)), _cpu_ms(lambda: _by_z3(made), 1)
    differ = sum(one != other for one, other in zip(_by_domains(made), _by_z3(made), strict=True))
    print(
        f"  10 configurations, {len(_by_domains(made))} questions: domains {ours:8.1f} ms, z3 {theirs:8.1f} ms", end=""
    )
    print(f" ({theirs / ours:.0f}x), {differ} answers differ")
    return 1 if missed or differ else 0


if __name__ == "__main__":
    sys.exit(main())
