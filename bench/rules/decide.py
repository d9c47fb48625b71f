"""One decision: our generated function against our plain closures and five packaged rule engines, in one run.

Run it with `python bench/rules/decide.py`; it takes about two minutes. Figures are CPU time per decision, engines
interleaved, medians of the rounds; the ratios bind. Every engine must first give the same decision as ours for every
player. json-rules-engine comes from npm, into a temporary folder; without npm its line is skipped. Exit code 1 where a
floor is missed.
"""

import gc
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import mean, median
from typing import Any

from engines import (
    NONE,
    cel_expression,
    closures,
    datalogic,
    floats,
    json_rules,
    number,
    parsed,
    zen_expression,
)
from job import job

from casino.bonus.compiled.full_trace import FullTrace
from casino.bonus.compiled.program import Program, flat
from casino.bonus.configuration import ConfigurationSet
from casino.bonus.decide import decide
from casino.bonus.reading import End
from casino.facts import Facts

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
ROUNDS = 40  # each engine meets every player, block by block
BLOCK = 100
TURN_S = 0.02
NODE_PLAYERS = 300


@dataclass(frozen=True, slots=True)
class Engine:
    """A function under measurement, and what it is called with, one for each player."""

    name: str
    run: Callable[[Any], object]
    items: Sequence[Any]


@dataclass(frozen=True, slots=True)
class Times:
    """The microseconds of every round, by engine."""

    rounds: Mapping[str, Sequence[float]]

    def us(self, name: str) -> float:
        """Return the median of the rounds."""
        return median(self.rounds[name])

    def ratio(self, name: str, against: str) -> float:
        """Return the median of the ratios: one of each round, whose turns stood side by side."""
        pairs = zip(self.rounds[name], self.rounds[against], strict=True)
        return median(one / other for one, other in pairs)


@dataclass(frozen=True, slots=True)
class Floor:
    """A ratio that has to be reached: `at_least`, or, where that is None, not to be exceeded."""

    what: str
    ratio: float
    at_least: float | None = None
    at_most: float | None = None

    @property
    def holds(self) -> bool:
        """Tell whether the ratio is good enough."""
        return (self.at_least is None or self.ratio >= self.at_least) and (
            self.at_most is None or self.ratio <= self.at_most
        )

    @property
    def line(self) -> str:
        """Return the line of the table."""
        bound = f">= {self.at_least:g}" if self.at_least is not None else f"<= {self.at_most:g}"
        return f"{'pass' if self.holds else 'FAIL'}  {self.what:<66} {self.ratio:>8.2f}  {bound}"


def main() -> int:
    """Check, measure, print, judge."""
    ten, many = job(), job(configurations=500)
    trees = [{**Facts.of(player).tree} for player in ten.players]
    program, large = Program(ten.configurations.configurations), Program(many.configurations.configurations)
    compiled_ms = [_compile_ms(10), _compile_ms(500)]
    engines = _engines(ten.configurations, trees, program, large)
    wanted = _check(program, engines)
    times = _measured(engines)
    _print_times(times, program, trees)
    floors = _floors(times, compiled_ms)
    with tempfile.TemporaryDirectory() as folder:
        floors += _json_rules(ten.configurations, trees, wanted, times, Path(folder))
    print()
    for floor in floors:
        print(floor.line)
    return 0 if all(floor.holds for floor in floors) else 1


def _compile_ms(configurations: int) -> float:
    """Return the milliseconds that it takes from configurations to the function, median of five."""
    drawn = job(configurations=configurations, players=0).configurations.configurations
    times: list[float] = []
    for _ in range(5):
        before = time.process_time()
        Program(drawn).decide  # noqa: B018  # made when it is first asked for
        times.append((time.process_time() - before) * 1e3)
    return median(times)


OURS = "ours, generated"
RECORD = "ours, generated, with replayable record"
CLOSURES = "our plain closures"
DATALOGIC = "datalogic-py, players parsed beforehand"
ZEN = "zen-engine, one compiled expression"
CEL = "cel-expr-python (C++ CEL), one expression"
FULL = "ours, eager full tree"
LARGE = "ours, generated, 500 configurations"
WHOLE = "decide(), a Decision"
LEAN = "decide(), and its lean record"
WRITTEN = "decide(), and its record with trace and reasons"
REBUILT = "decide(), and its trace by the interpreter"


def _engines(configurations: ConfigurationSet, trees: Sequence[Any], program: Program, large: Program) -> list[Engine]:
    plain = [floats(tree) for tree in trees]
    facts = [Facts.of(tree) for tree in trees]
    one, recorded, many = program.decide, program.decide_recorded, large.decide
    ordered = configurations.configurations
    writer = FullTrace(program)
    nothing = Facts.of({})

    def full(tree: Any) -> object:  # noqa: ANN401  # a player's tree
        answer = recorded(tree, NOW)
        assert answer is not None
        return writer.write(flat(answer[1]), now=NOW, facts=nothing)

    def decided(given: Facts) -> Any:  # noqa: ANN401  # a decision
        return decide(configurations, given, brand="b", now=NOW)

    few = facts[:200]
    return [
        Engine(OURS, lambda tree: one(tree, NOW), trees),
        Engine(RECORD, lambda tree: recorded(tree, NOW), trees),
        Engine(CLOSURES, closures(ordered), trees),
        Engine(DATALOGIC, datalogic(ordered), [parsed(player) for player in plain]),
        Engine(ZEN, zen_expression(ordered), plain),
        Engine(CEL, cel_expression(ordered), plain),
        Engine(FULL, full, trees),
        Engine(LARGE, lambda tree: many(tree, NOW), trees),
        Engine(WHOLE, decided, facts),
        Engine(LEAN, lambda given: decided(given).lean_record(), few),
        Engine(WRITTEN, lambda given: decided(given).record(), few),
        Engine(REBUILT, lambda given: decided(given).trace, few),
    ]


def _check(program: Program, engines: Sequence[Engine]) -> list[int]:
    """Return our decisions, after every engine has given the same."""
    places = {one.id: place for place, one in enumerate(program.configurations)}

    def ours(end: object) -> int:
        assert isinstance(end, End)
        if end.configuration is None or end.tier is None:
            return NONE
        return number(places[end.configuration.id], end.configuration.tiers.index(end.tier))

    wanted = [ours(engines[0].run(item)) for item in engines[0].items]
    for engine in engines:
        if engine.name in {CLOSURES, DATALOGIC, ZEN, CEL}:
            assert [engine.run(item) for item in engine.items] == wanted, engine.name
    granted = sum(answer != NONE for answer in wanted) / len(wanted)
    print(f"{len(wanted)} players, {granted:.0%} of whom qualify; every engine gives the same decisions")
    return wanted


def _measured(engines: Sequence[Engine]) -> Times:
    """Measure block by block: what a platform has just answered is in the cache when it is decided on."""
    rounds: dict[str, list[float]] = {engine.name: [] for engine in engines}
    gc.collect()
    gc.freeze()
    for at in range(ROUNDS):
        for engine in engines:
            start = at * BLOCK % len(engine.items)
            rounds[engine.name].append(_turn_us(engine.run, engine.items[start : start + BLOCK]))
    return Times(rounds)


def _turn_us(run: Callable[[Any], object], items: Sequence[Any]) -> float:
    """Return the mean of one turn: as many passes over a block as fill its time."""
    calls = 0
    before = time.process_time()
    while (taken := time.process_time() - before) < TURN_S:
        for item in items:
            run(item)
        calls += len(items)
    return taken / calls * 1e6


def _print_times(times: Times, program: Program, trees: Sequence[Any]) -> None:
    print(f"\n{'CPU per decision':<52} {'us':>9}  x ours")
    for name in times.rounds:
        print(f"{name:<52} {times.us(name):>9.2f} {times.ratio(name, OURS):>7.1f}")
    writer, nothing = FullTrace(program), Facts.of({})
    answers = [program.decide_recorded(tree, NOW) for tree in trees]
    nodes = [
        str(writer.write(flat(answer[1]), now=NOW, facts=nothing)).count("'condition'")
        for answer in answers
        if answer is not None
    ]
    print(f"a full tree has {mean(nodes):.0f} conditions in the mean, {max(nodes)} at most")


def _floors(times: Times, compiled_ms: Sequence[float]) -> list[Floor]:
    return [
        Floor("generated, against our plain closures", times.ratio(CLOSURES, OURS), at_least=3),
        Floor("generated, against datalogic-py", times.ratio(DATALOGIC, OURS), at_least=2),
        Floor("generated, against zen-engine's expression", times.ratio(ZEN, OURS), at_least=5),
        Floor("generated, against C++ CEL", times.ratio(CEL, OURS), at_least=10),
        Floor("with replayable record, against without", times.ratio(RECORD, OURS), at_most=1.6),
        Floor("500 configurations, against 10", times.ratio(LARGE, OURS), at_most=4),
        Floor("milliseconds to compile 10 configurations", compiled_ms[0], at_most=20),
        Floor("milliseconds to compile 500 configurations", compiled_ms[1], at_most=500),
    ]


def _json_rules(
    configurations: ConfigurationSet, trees: Sequence[Any], wanted: list[int], times: Times, folder: Path
) -> list[Floor]:
    players = [floats(tree) for tree in trees[:NODE_PLAYERS]]
    try:
        answers = json_rules(configurations.configurations, players, folder)
    except FileNotFoundError:
        print("\nskipped: json-rules-engine (there is no npm on this machine)")
        return []
    for paths, (decisions, node_us) in answers.items():
        assert decisions == wanted[:NODE_PLAYERS], "json-rules-engine"
        name = f"json-rules-engine 7.3, {'its JSONPath' if paths == 'JSONPath' else 'a path resolver of ours'}"
        print(f"{name:<52} {node_us:>9.2f} {node_us / times.us(OURS):>7.1f}")
    ratio = answers["JSONPath"][1] / times.us(FULL)
    return [Floor("eager full tree, against json-rules-engine as it comes", ratio, at_least=25)]


if __name__ == "__main__":
    sys.exit(main())
