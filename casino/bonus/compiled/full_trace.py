"""The trace of a decision as a document, written at once from the values that the compiled function read.

It is what the interpreter's trace says, byte for byte, in a fraction of the time; the tests hold it to that. It is for
decisions in which everything was known: no stage of it is ever unknown.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from types import MappingProxyType
from typing import Final, TypeAlias, cast

from casino.bonus.compiled.atoms import Names, comparable, defined, holds, needs_moment
from casino.bonus.compiled.program import Program
from casino.bonus.configuration import Configuration
from casino.bonus.reading import qualification_label, seen_by
from casino.facts import MISSING, Absent, Facts, Found
from casino.rules.condition import ORDERING, Condition, Operator
from casino.rules.evaluate import Checked, all_of, condition_node, kind_of, weigh
from casino.values import Value
from casino.verdict import NodeKind, Outcome, Verdict

Node: TypeAlias = dict[str, Value]
Values: TypeAlias = tuple[Value | Absent, ...]
Stage: TypeAlias = Callable[[Values, Facts | None], tuple[bool, list[Value]]]
"""Writes the conditions of one section, from the values in order, or from the facts as the configuration sees them;
tells whether they all hold, too."""


@dataclass(frozen=True)  # not slotted: a configuration's lines are made when it is first written
class FullTrace:
    """Writes traces for the configurations of a program."""

    program: Program

    def write(self, values: Values, *, now: datetime, facts: Facts) -> list[Value]:
        """Return the nodes of the configurations that were tried; `values` are those of `program.paths`, in order."""
        nodes: list[Value] = []
        for plan in self._plans:
            node, goes_on = plan.write(values, facts=facts, now=now)
            nodes.append(node)
            if not goes_on:
                break
        return nodes

    @cached_property
    def _plans(self) -> "tuple[_Plan, ...]":
        places = MappingProxyType({path: place for place, path in enumerate(self.program.paths)})
        return tuple(_Plan(configuration, places) for configuration in self.program.configurations)


@dataclass(frozen=True)
class _Plan:
    """One configuration, its conditions ready to be written."""

    configuration: Configuration
    places: Mapping[str, int]  # where the value of a path stands

    def write(self, values: Values, *, facts: Facts, now: datetime) -> tuple[Node, bool]:
        """Return the node, and whether the next configuration has its turn."""
        seen = seen_by(self.configuration, facts, now) if self._needs_facts else None
        stages: list[Value] = []
        for kind, label, stage in self._stages:
            holds_, nodes = stage(values, seen)
            stages.append(_node(kind, label, nodes, holds=holds_))
            if not holds_:
                goes_on = kind == "classification" or self.configuration.on_unqualified == "continue"
                return self._node(stages, holds=False), goes_on
        for name, stage in self._tiers:
            holds_, nodes = stage(values, seen)
            stages.append(_node("tier", name, nodes, holds=holds_))
            if holds_:
                return self._node(stages, holds=True), False
        return self._node(stages, holds=False), False

    def _node(self, stages: list[Value], *, holds: bool) -> Node:
        return _node("configuration", self.configuration.id, stages, holds=holds)

    @cached_property
    def _needs_facts(self) -> bool:
        one = self.configuration
        sections = (
            one.segmentation,
            one.qualification,
            one.limits.conditions(one.id),
            *(tier.when for tier in one.tiers),
        )
        return any(self._by_facts(condition) for section in sections for condition in section)

    @cached_property
    def _stages(self) -> tuple[tuple[NodeKind, str, Stage], ...]:
        one = self.configuration
        qualification = self._stage(one.qualification)
        stages: tuple[tuple[NodeKind, str, Stage], ...] = (
            ("classification", "classification", self._stage(one.segmentation)),
            ("qualification", qualification_label(one), qualification),
        )
        limits = one.limits.conditions(one.id)
        return (*stages, ("limits", "limits", self._stage(limits))) if limits else stages

    @cached_property
    def _tiers(self) -> tuple[tuple[str, Stage], ...]:
        return tuple((tier.name, self._stage(tier.when)) for tier in self.configuration.tiers)

    def _by_facts(self, condition: Condition) -> bool:
        return needs_moment(condition) or condition.path in self.configuration.computed

    def _stage(self, conditions: tuple[Condition, ...]) -> Stage:
        """Generate the function that writes a section."""
        names = Names()
        lines = ["def write(values, seen):", " holds = True"]
        for number, condition in enumerate(conditions):
            if self._by_facts(condition):
                names.helpers[f"told{number}"] = _told_by_facts(condition)
                lines += [f" n{number}, held = told{number}(seen)", " holds = holds and held"]
            else:
                lines += _told_by_value(condition, number, self.places[condition.path], names)
        nodes = ", ".join(f"n{number}" for number in range(len(conditions)))
        lines.append(f" return holds, [{nodes}]")
        return cast("Stage", defined("\n".join(lines), names)["write"])


def _node(kind: NodeKind, label: str, children: list[Value], *, holds: bool) -> Node:
    return {"kind": kind, "label": label, "verdict": "yes" if holds else "no", "children": children}


def _told_by_facts(condition: Condition) -> Callable[[Facts], tuple[Node, bool]]:
    def told(seen: Facts) -> tuple[Node, bool]:
        verdict, nodes = all_of((condition,), seen)
        return nodes[0].to_document(), verdict is Verdict.YES

    return told


def _told_by_value(condition: Condition, number: int, place: int, names: Names) -> list[str]:
    """Write the node as a copy of one of five that were made beforehand, with the value put in."""

    def node(checked: Checked) -> str:
        return f"n{number} = {names.bind(condition_node(condition, checked).to_document())}.copy()"

    names.helpers[f"fits{number}"] = _fitting(condition)
    put = f"n{number}[{names.bind('actual')}] = value"
    return [
        f" value = values[{place}]",
        f" if {holds(condition, 'value', 'None', names)}:",
        f"  {node(Checked(Outcome.PASS, 0, Verdict.YES))}; {put}",
        " elif value is None:",
        f"  {node(Checked(Outcome.NULL, None, Verdict.NO))}; holds = False",
        " elif value is MISSING:",
        f"  {node(weigh(condition, MISSING))}{'' if condition.on_missing == 'pass' else '; holds = False'}",
        f" elif fits{number}(value):",
        f"  {node(Checked(Outcome.FAIL, 0, Verdict.NO))}; {put}; holds = False",
        " else:",
        f"  {node(Checked(Outcome.TYPE_MISMATCH, 0, Verdict.NO))}; {put}; holds = False",
    ]


_TYPES: Final[Mapping[type, frozenset[type]]] = MappingProxyType(
    {int: frozenset({int, Decimal}), Decimal: frozenset({int, Decimal}), bool: frozenset({bool}), str: frozenset({str})}
)
_LISTS: Final = frozenset({Operator.CONTAINS, Operator.CONTAINS_ANY, Operator.CONTAINS_ALL, Operator.CONTAINS_NONE})


def _fitting(condition: Condition) -> Callable[[Value], bool]:
    """Return what tells whether a value could be compared at all: where the test fails, it is a fail or a mismatch."""
    expected, operator = condition.expected, condition.operator
    wanted = [
        item
        for item in (expected if isinstance(expected, list) else [expected])
        if isinstance(item, bool | int | Decimal | str)
    ]
    kinds = frozenset(kind_of(item) for item in wanted)
    types = frozenset(kind for item in wanted for kind in _TYPES[type(item)])
    if operator in _LISTS and types:
        return lambda value: (
            isinstance(value, list) and (not value or type(value[0]) in types or comparable(value, kinds))
        )
    ranked = operator in ORDERING and not types <= _TYPES[int]
    if ranked or not types or isinstance(expected, list) is not (operator is Operator.IS_IN):
        return lambda value: weigh(condition, Found(value)).outcome is not Outcome.TYPE_MISMATCH
    return lambda value: type(value) in types
