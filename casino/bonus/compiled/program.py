"""Configurations compiled to one Python function, for facts that are all at hand.

The function tries the configurations in order, resolves every field once, and returns where the decision ends. Where
something is not known after all (a counter that nobody supplied as a count), it returns None: the interpreter decides
then.
`tests/casino/bonus/compiled/test_program.py` holds it to a naive interpreter.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time
from functools import cached_property
from typing import TypeAlias, cast

from casino.bonus.compiled.atoms import Names, cost, defined, holds, needs_moment
from casino.bonus.configuration import Configuration
from casino.bonus.reading import End
from casino.bonus.snapshot import sources
from casino.clock import CasinoTime
from casino.facts import MISSING, UNAVAILABLE, Absent, Computed, Facts
from casino.money import Money
from casino.rules.condition import Condition
from casino.rules.evaluate import is_count
from casino.values import Value

Tree: TypeAlias = Mapping[str, Value]
Chain: TypeAlias = tuple[object, ...]
"""What was read: () or (the chain before, values…), one link for a configuration that reads anything new."""


@dataclass(frozen=True)  # not slotted: a function is generated when it is first asked for
class Program:
    """The configurations in force, as functions of a player's tree (exact, as `Facts.tree`) and the moment.

    Each function is generated when it is first asked for: in 20 ms for ten configurations, 500 ms for five hundred.
    """

    configurations: tuple[Configuration, ...]

    @cached_property
    def decide(self) -> Callable[[Tree, datetime], End | None]:
        """Return where the decision ends; None: ask the interpreter."""
        return cast("Callable[[Tree, datetime], End | None]", _generated(self.configurations, recorded=False))

    @cached_property
    def decide_recorded(self) -> Callable[[Tree, datetime], tuple[End, Chain] | None]:
        """Return where the decision ends, and every value that was read: `paths` names them in order."""
        function = _generated(self.configurations, recorded=True)
        return cast("Callable[[Tree, datetime], tuple[End, Chain] | None]", function)

    @cached_property
    def paths(self) -> tuple[str, ...]:
        """Return the paths that a platform supplies, in the order in which they are read."""
        return tuple({path: None for own in self.paths_of for path in own})

    @cached_property
    def paths_of(self) -> tuple[tuple[str, ...], ...]:
        """Return the same for each configuration."""
        return tuple(sources(read_by(item), item.computed) for item in self.configurations)


def read_by(configuration: Configuration) -> tuple[str, ...]:
    """Return the paths that the conditions of a configuration compare, its limits included."""
    return tuple({condition.path: None for section in _sections(configuration) for condition in section})


def flat(chain: Chain) -> tuple[Value | Absent, ...]:
    """Return the values of a chain, the first ones first."""
    links: list[Chain] = []
    while chain:
        links.append(chain[1:])
        chain = cast("Chain", chain[0])
    return cast("tuple[Value | Absent, ...]", tuple(value for link in reversed(links) for value in link))


def _sections(configuration: Configuration) -> Iterable[tuple[Condition, ...]]:
    yield configuration.segmentation
    yield configuration.qualification
    yield configuration.limits.conditions(configuration.id)
    yield from (tier.when for tier in configuration.tiers)


def _generated(configurations: tuple[Configuration, ...], *, recorded: bool) -> Callable[..., object]:
    writing = _Writing(recorded=recorded)
    for configuration in configurations:
        if not writing.configuration(configuration):
            break
    else:
        writing.end(1, End())
    source = "\n".join(["def decide(tree, now):", *writing.lines])
    return defined(source, writing.names)["decide"]


class _Writing:
    """One function in the making, from the first configuration to the last."""

    def __init__(self, *, recorded: bool) -> None:
        self.names = Names()
        self.lines: list[str] = []
        self._recorded = recorded
        self._chain: str | None = None
        self._fields: dict[str, str] = {}  # path: the name of its value
        self._mappings: dict[str, str] = {"": "tree"}  # path of a mapping: its name
        self._moments: dict[tuple[str, time], str] = {}
        self._computed: dict[str, str] = {}  # of the configuration that is being written
        self.names.helpers |= {
            "Nothing": (KeyError, TypeError),
            "CasinoTime": CasinoTime,
            "worked_out": _worked_out,
            "is_count": is_count,
        }

    def configuration(self, configuration: Configuration) -> bool:
        """Write one configuration; False where no player can get past it."""
        self._computed = {}
        self._read(sources(read_by(configuration), configuration.computed))
        at = self._moment(configuration)
        depth = self._test(1, configuration.segmentation, configuration, at)
        inner = self._test(depth, configuration.qualification, configuration, at)
        limits = configuration.limits.conditions(configuration.id)
        self._supplied(inner, configuration, at)
        inner = self._test(inner, limits, configuration, at)
        self._tiers(inner, configuration, at)
        stops = configuration.on_unqualified == "stop"
        if inner > depth and stops:
            self.end(depth, End(configuration))
        return depth > 1 or (inner > depth and not stops)

    def end(self, depth: int, end: End) -> None:
        """Write that the decision ends here."""
        name = self.names.bind(end)
        self._line(depth, f"return {name}, {self._chain or '()'}" if self._recorded else f"return {name}")

    def _line(self, depth: int, text: str) -> None:
        self.lines.append(f"{' ' * depth}{text}")

    def _read(self, paths: tuple[str, ...]) -> None:
        """Resolve the fields that no configuration before has resolved."""
        new = [path for path in paths if path not in self._fields]
        for path in new:
            name = self._fields[path] = f"v{len(self._fields)}"
            self._look(path, name)
        if self._recorded and new:
            link = f"w{len(self._fields)}"
            self._line(1, f"{link} = ({self._chain or '()'}, {', '.join(self._fields[path] for path in new)})")
            self._chain = link

    def _look(self, path: str, name: str) -> None:
        """Write a look-up. It raises only where something is missing, so that what is there costs next to nothing."""
        above, _, key = path.rpartition(".")
        mapping = self._mapping(above)
        self._line(1, f"try: {name} = {mapping}[{self.names.bind(key)}]")
        self._line(1, f"except Nothing: {name} = None if {mapping} is None else MISSING")

    def _mapping(self, path: str) -> str:
        if path not in self._mappings:
            name = self._mappings[path] = f"p{len(self._mappings)}"
            self._look(path, name)
        return self._mappings[path]

    def _moment(self, configuration: Configuration) -> str:
        """Return the name of the casino time, if any condition of the configuration may need it."""
        conditions = [condition for section in _sections(configuration) for condition in section]
        if not configuration.computed and not any(needs_moment(condition) for condition in conditions):
            return "None"
        key = (configuration.time_zone, configuration.day_begins)
        if key not in self._moments:
            name = self._moments[key] = f"a{len(self._moments)}"
            zone, begins = (self.names.bind(part) for part in key)
            self._line(1, f"{name} = CasinoTime(now, {zone}, {begins})")
        return self._moments[key]

    def _supplied(self, depth: int, configuration: Configuration, at: str) -> None:
        """Leave it to the interpreter where a counter was not supplied as a count."""
        limits = configuration.limits.conditions(configuration.id)
        if limits:
            tests = [self._uncounted(limit, self._value(depth, limit.path, configuration, at)) for limit in limits]
            self._line(depth, f"if {' or '.join(tests)}: return None")

    def _uncounted(self, limit: Condition, value: str) -> str:
        """Return an expression that is true where a value is no count; of a whole number it is soon told."""
        test = f"({value} is MISSING or not is_count({self.names.bind(limit)}, {value}))"
        return test if isinstance(limit.expected, Money) else f"({value} < 0 if type({value}) is int else {test})"

    def _test(self, depth: int, conditions: tuple[Condition, ...], configuration: Configuration, at: str) -> int:
        """Write the `if` of a section, and return the depth behind it; a section without conditions is no `if`."""
        if not conditions:
            return depth
        tests = [self._holds(depth, condition, configuration, at) for condition in sorted(conditions, key=cost)]
        self._line(depth, f"if {' and '.join(tests)}:")
        return depth + 1

    def _holds(self, depth: int, condition: Condition, configuration: Configuration, at: str) -> str:
        value = self._value(depth, condition.path, configuration, at)
        test = holds(condition, value, at, self.names)
        return f"({value} is MISSING or {test})" if condition.on_missing == "pass" else test

    def _value(self, depth: int, path: str, configuration: Configuration, at: str) -> str:
        if path not in configuration.computed:
            return self._fields[path]
        return self._computed.get(path) or self._work_out(depth, path, configuration, at)

    def _work_out(self, depth: int, path: str, configuration: Configuration, at: str) -> str:
        name = self._computed[path] = f"c{len(self._computed)}"
        what = f"{self.names.bind(configuration.computed)}, {self.names.bind(path)}"
        self._line(depth, f"{name} = worked_out({what}, tree, {at})")
        self._line(depth, f"if {name} is UNAVAILABLE: return None")
        return name

    def _tiers(self, depth: int, configuration: Configuration, at: str) -> None:
        for tier in configuration.tiers:
            inner = self._test(depth, tier.when, configuration, at)
            self.end(inner, End(configuration, tier))
            if inner == depth:
                return
        self.end(depth, End(configuration, no_tier=True))


def _worked_out(definitions: Mapping[str, Computed], path: str, tree: Tree, at: CasinoTime) -> Value | Absent:
    look = Facts(tree, (), at, definitions).look(path)
    return look if look is MISSING or look is UNAVAILABLE else look.value
