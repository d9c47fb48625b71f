"""The meaning of conditions. Version 1 of the semantics; nothing here guesses.

A condition ends in one of six outcomes. Missing, null and type mismatch count as fail for every operator, the negated
ones included, so that an absent exclusion list never lets a player through. Unavailable makes it unknown.
`on_missing: pass` lets a missing field through, and only a missing one: a null was said by somebody.
There is no coercion: '500' is not 500, true is not 1, and a list that holds only values of other types than the rule
names is a type mismatch. A null inside a list equals nothing.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from operator import ge, gt, le, lt
from types import MappingProxyType
from typing import Final, Literal, NamedTuple, TypeAlias

from casino.facts import MISSING, UNAVAILABLE, Facts, Look, source_of
from casino.rules.condition import ORDERING, Condition, Operator, iso_date, iso_moment, text
from casino.values import Value
from casino.verdict import Outcome, TraceNode, Verdict, together

SEMANTICS: Final = 1

_Kind: TypeAlias = Literal["null", "boolean", "number", "text", "list", "mapping"]
_Order: TypeAlias = Callable[[int | Decimal, int | Decimal], bool]
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_ORDERS: Mapping[Operator, _Order] = MappingProxyType(
    {
        Operator.GREATER: gt,
        Operator.GREATER_OR_EQUAL: ge,
        Operator.LESS: lt,
        Operator.LESS_OR_EQUAL: le,
    }
)


@dataclass(frozen=True, slots=True)
class Checked:
    """How one condition ended on one player, what was there, and what follows."""

    outcome: Outcome
    actual: Value
    verdict: Verdict


def check(condition: Condition, facts: Facts) -> Checked:
    """Weigh one condition on the facts."""
    return weigh(condition, facts.look(condition.path))


def weigh(condition: Condition, look: Look) -> Checked:
    """Weigh one condition on what was found for its field."""
    if look is UNAVAILABLE:
        return Checked(Outcome.UNAVAILABLE, None, Verdict.UNKNOWN)
    if look is MISSING:
        verdict = Verdict.YES if condition.on_missing == "pass" else Verdict.NO
        return Checked(Outcome.MISSING, None, verdict)
    if look.value is None:
        return Checked(Outcome.NULL, None, Verdict.NO)
    outcome = _compare(condition, look.value)
    return Checked(outcome, look.value, Verdict.YES if outcome is Outcome.PASS else Verdict.NO)


def all_of(conditions: tuple[Condition, ...], facts: Facts) -> tuple[Verdict, tuple[TraceNode, ...]]:
    """AND the conditions of a section: no where one failed, else unknown where one is unavailable, else yes.

    Every condition is weighed and traced, also behind one that failed: the reader sees all that stands in the way.
    """
    nodes = tuple(condition_node(condition, check(condition, facts)) for condition in conditions)
    return together(node.verdict for node in nodes), nodes


def condition_node(condition: Condition, checked: Checked) -> TraceNode:
    """Return the trace of one condition."""
    return TraceNode(
        kind="condition",
        label=text(condition),
        verdict=checked.verdict,
        path=condition.path,
        operator=condition.operator.value,
        expected=condition.expected,
        actual=checked.actual,
        outcome=checked.outcome,
        source=source_of(condition.path),
    )


def kind_of(value: Value) -> _Kind:
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


def _compare(condition: Condition, actual: Value) -> Outcome:
    operator, expected = condition.operator, condition.expected
    if operator in ORDERING:
        return _ordered(operator, actual, expected)
    if operator is Operator.EQUAL or operator is Operator.NOT_EQUAL:
        return _equal(actual, expected, wanted=operator is Operator.EQUAL)
    if operator is Operator.IS_IN:
        return _is_in(actual, expected)
    return _listed(operator, actual, expected)


def _verdict(holds: bool) -> Outcome:
    return Outcome.PASS if holds else Outcome.FAIL


_SCALARS: frozenset[_Kind] = frozenset({"boolean", "number", "text"})


def _equal(actual: Value, expected: Value, *, wanted: bool) -> Outcome:
    if kind_of(actual) not in _SCALARS or kind_of(actual) != kind_of(expected):
        return Outcome.TYPE_MISMATCH
    return _verdict((actual == expected) is wanted)


class _Rank(NamedTuple):
    """A place on a scale; only places on the same scale can be ordered (a day is not a moment)."""

    scale: Literal["number", "day", "moment"]
    place: int | Decimal


def _ordered(operator: Operator, actual: Value, expected: Value) -> Outcome:
    left, right = _rank(actual), _rank(expected)
    if left is None or right is None or left.scale != right.scale:
        return Outcome.TYPE_MISMATCH
    return _verdict(_ORDERS[operator](left.place, right.place))


def _rank(value: Value) -> _Rank | None:
    if isinstance(value, str):
        return _rank_of_date(value)
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return None
    return _Rank("number", value)


def _rank_of_date(text_: str) -> _Rank | None:
    day = iso_date(text_)
    if day is not None:
        return _Rank("day", day.toordinal())
    moment = iso_moment(text_)
    return None if moment is None else _Rank("moment", (moment - _EPOCH) // timedelta(microseconds=1))


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
