"""The meaning of conditions. Version 1 of the semantics; nothing here guesses.

A condition ends in one of six outcomes. Missing, null and type mismatch count as fail for every operator, the negated
ones included, so that an absent exclusion list never lets a player through. Unavailable makes it unknown.
`on_missing: pass` lets a missing field through, and only a missing one: a null was said by somebody.
`on_missing: unknown` is for counters: whatever is not a count in the unit of the limit (missing, null, of another type
or currency, below 0) is unavailable, so that no limit is taken for kept or reached by what nobody has counted.
Money stands beside money of its currency only; a date beside dates, a moment beside moments. What is relative to the
moment of the decision, where that is not known, is unavailable.
There is no coercion: '500' is not 500, true is not 1, and a list that holds only values of other types than the rule
names is a type mismatch. A null inside a list equals nothing.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from operator import eq, ge, gt, le, lt, ne
from types import MappingProxyType
from typing import Final, Literal, TypeAlias, assert_never

from casino.clock import CasinoTime
from casino.facts import MISSING, UNAVAILABLE, Facts, Look, source_of
from casino.money import Money
from casino.rules.condition import ORDERING, Condition, Expected, Operator, Relative, Since, plain, text
from casino.rules.scale import expected_rank, measured, rank
from casino.values import Value
from casino.verdict import Outcome, TraceNode, Verdict, together

SEMANTICS: Final = 1

Kind: TypeAlias = Literal["null", "boolean", "number", "text", "list", "mapping"]
_Order: TypeAlias = Callable[[int | Decimal, int | Decimal], bool]
_ORDERS: Mapping[Operator, _Order] = MappingProxyType(
    {
        Operator.EQUAL: eq,
        Operator.NOT_EQUAL: ne,
        Operator.GREATER: gt,
        Operator.GREATER_OR_EQUAL: ge,
        Operator.LESS: lt,
        Operator.LESS_OR_EQUAL: le,
    }
)


@dataclass(frozen=True, slots=True)
class Checked:
    """How one condition ended on one player, what was there, what follows, and what the measure gave."""

    outcome: Outcome
    actual: Value
    verdict: Verdict
    measured: int | None = None


def check(condition: Condition, facts: Facts) -> Checked:
    """Weigh one condition on the facts."""
    return weigh(condition, facts.look(condition.path), facts.at)


def weigh(condition: Condition, look: Look, at: CasinoTime | None = None) -> Checked:
    """Weigh one condition on what was found for its field, at the moment of the decision."""
    if look is UNAVAILABLE:
        return Checked(Outcome.UNAVAILABLE, None, Verdict.UNKNOWN)
    if look is MISSING:
        return _missing(condition)
    if condition.on_missing == "unknown" and not is_count(condition, look.value):
        return Checked(Outcome.UNAVAILABLE, look.value, Verdict.UNKNOWN)
    if look.value is None:
        return Checked(Outcome.NULL, None, Verdict.NO)
    if at is None and _needs_a_moment(condition):
        return Checked(Outcome.UNAVAILABLE, None, Verdict.UNKNOWN)
    number = None if condition.measure is None else measured(condition.measure, look.value, at)
    if condition.measure is None:
        outcome = _compare(condition, look.value, at)
    else:
        outcome = Outcome.TYPE_MISMATCH if number is None else _compare(condition, number, at)
    return Checked(outcome, look.value, Verdict.YES if outcome is Outcome.PASS else Verdict.NO, number)


def _missing(condition: Condition) -> Checked:
    match condition.on_missing:
        case "pass":
            return Checked(Outcome.MISSING, None, Verdict.YES)
        case "fail":
            return Checked(Outcome.MISSING, None, Verdict.NO)
        case "unknown":
            return Checked(Outcome.UNAVAILABLE, None, Verdict.UNKNOWN)
        case _:
            assert_never(condition.on_missing)


def is_count(condition: Condition, value: Value) -> bool:
    """Tell whether a value counts in the unit of a limit: a number from 0 on, or such an amount of its currency."""
    counted, limit = rank(value), expected_rank(condition.expected, None)
    return counted is not None and limit is not None and counted.scale == limit.scale and counted.place >= 0


def _needs_a_moment(condition: Condition) -> bool:
    return isinstance(condition.expected, Relative) or isinstance(condition.measure, Since)


def all_of(conditions: tuple[Condition, ...], facts: Facts) -> tuple[Verdict, tuple[TraceNode, ...]]:
    """AND the conditions of a section: no where one failed, else unknown where one is unavailable, else yes.

    Every condition is weighed and traced, also behind one that failed: the reader sees all that stands in the way.
    """
    nodes = tuple(
        condition_node(condition, check(condition, facts), expression=_expression(condition.path, facts))
        for condition in conditions
    )
    return together(node.verdict for node in nodes), nodes


def _expression(path: str, facts: Facts) -> str | None:
    computed = facts.computed.get(path)
    return None if computed is None else computed.text


def condition_node(condition: Condition, checked: Checked, *, expression: str | None = None) -> TraceNode:
    """Return the trace of one condition; `expression` is what its field was computed with, if it was."""
    return TraceNode(
        kind="condition",
        label=text(condition),
        verdict=checked.verdict,
        path=condition.path,
        operator=condition.operator.value,
        expected=plain(condition.expected),
        actual=checked.actual,
        measured=checked.measured,
        outcome=checked.outcome,
        source=source_of(condition.path) if expression is None else "computed",
        expression=expression,
    )


def kind_of(value: Value) -> Kind:
    """Name the type of a value as the rules see it: a boolean is not a number."""
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case int() | Decimal():
            return "number"
        case str():
            return "text"
        case list():
            return "list"
        case dict():
            return "mapping"
        case _:
            assert_never(value)


def _compare(condition: Condition, actual: Value, at: CasinoTime | None) -> Outcome:
    operator, expected = condition.operator, condition.expected
    if operator in ORDERING or isinstance(expected, Money | Relative):
        return _ordered(operator, actual, expected, at)
    if operator is Operator.EQUAL or operator is Operator.NOT_EQUAL:
        return _equal(actual, expected, wanted=operator is Operator.EQUAL)
    if operator is Operator.IS_IN:
        return _is_in(actual, expected)
    return _listed(operator, actual, expected)


def _verdict(holds: bool) -> Outcome:
    return Outcome.PASS if holds else Outcome.FAIL


_SCALARS: frozenset[Kind] = frozenset({"boolean", "number", "text"})


def _equal(actual: Value, expected: Value, *, wanted: bool) -> Outcome:
    if kind_of(actual) not in _SCALARS or kind_of(actual) != kind_of(expected):
        return Outcome.TYPE_MISMATCH
    return _verdict((actual == expected) is wanted)


def _ordered(operator: Operator, actual: Value, expected: Expected, at: CasinoTime | None) -> Outcome:
    left, right = rank(actual), expected_rank(expected, at)
    if operator not in _ORDERS or left is None or right is None or left.scale != right.scale:
        return Outcome.TYPE_MISMATCH
    return _verdict(_ORDERS[operator](left.place, right.place))


def _is_in(actual: Value, expected: Value) -> Outcome:
    if not isinstance(expected, list) or kind_of(actual) not in {kind_of(item) for item in expected} & _SCALARS:
        return Outcome.TYPE_MISMATCH
    return _verdict(_holds(expected, actual))


def _listed(operator: Operator, actual: Value, expected: Value) -> Outcome:
    wanted: list[Value] = expected if isinstance(expected, list) else [expected]
    if not isinstance(actual, list) or not _comparable(actual, wanted):
        return Outcome.TYPE_MISMATCH
    held = [_holds(actual, item) for item in wanted]
    if operator is Operator.CONTAINS_ALL:
        return _verdict(all(held))
    return _verdict(any(held) is (operator is not Operator.CONTAINS_NONE))


def _comparable(actual: list[Value], wanted: list[Value]) -> bool:
    """Tell whether the list could hold what the rule names: it is empty, or some value in it is of such a type."""
    kinds = {kind_of(item) for item in actual} - {"null"}
    return not kinds or not kinds.isdisjoint({kind_of(item) for item in wanted} & _SCALARS)


def _holds(values: list[Value], item: Value) -> bool:
    """Tell whether a list holds a value of the same type; Python alone would take true for 1."""
    return any(kind_of(value) == kind_of(item) and value == item for value in values)
