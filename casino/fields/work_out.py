"""The meaning of expressions. Total: every expression ends, and ends in a value or in why there is none.

What is not there weighs through: unavailable before missing before null. A value of the wrong type, a division by zero
and a number beyond the limits give null. `and` and `or` are decided by one side where it decides; `if` asks the side
that it takes, and `coalesce` takes its default for what is missing or null, never for what is unavailable.

In a list an item is kept where its condition is true. An item that lacks a key of the condition, or has null there, is
not kept; null from anywhere else makes the whole null. A list of more than 10,000 items is unavailable: it was not
worked through, so nobody knows.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from operator import eq, ge, gt, le, lt, ne
from types import MappingProxyType
from typing import Final, Literal, TypeAlias, assert_never

from casino.clock import casino_day
from casino.facts import MISSING, UNAVAILABLE, Absent, Facts, Found, Look
from casino.fields.arithmetic import Number, arithmetic, rounded, total
from casino.fields.field_type import FieldType
from casino.fields.fitting import type_of
from casino.fields.tree import (
    Arithmetic,
    Call,
    Comparison,
    Fixed,
    Gather,
    Joined,
    Key,
    Minus,
    Node,
    Not,
    Order,
    Read,
)
from casino.rules.condition import Since, iso_moment
from casino.rules.scale import measured, rank
from casino.values import Value

LONGEST_LIST: Final = 10_000  # items


class _Lacking(Enum):
    """The item of a list that is looked at has nothing at the key that was asked for."""

    KEY = "key"


_NOTHING: Final[frozenset[type]] = frozenset({Absent, _Lacking})
_Worked: TypeAlias = Value | Absent | _Lacking
_NO_ITEM: Final[Mapping[str, Value]] = MappingProxyType({})
_ORDERS: Mapping[Order, Callable[[Number, Number], bool]] = MappingProxyType(
    {"==": eq, "!=": ne, ">": gt, ">=": ge, "<": lt, "<=": le}
)


def work_out(tree: Node, type_: FieldType, facts: Facts) -> Look:
    """Work an expression out on the facts; a value that is not of the type is null."""
    found = _value(tree, _Scope(facts, {}, _NO_ITEM))
    if found is MISSING or found is UNAVAILABLE:
        return found
    if isinstance(found, _Lacking) or not _is_of(found, type_):
        return Found(None)
    return Found(found)


def _is_of(value: Value, type_: FieldType) -> bool:
    return type_of(value) is type_ or (type_ is FieldType.TEXT and isinstance(value, str))


@dataclass(frozen=True, slots=True)
class _Scope:
    """What the names of an expression mean: the player's facts, each looked up once, and the item of a list."""

    facts: Facts
    looks: dict[str, Look]
    item: Mapping[str, Value]

    def read(self, path: str) -> _Worked:
        if path not in self.looks:
            self.looks[path] = self.facts.look(path)
        look = self.looks[path]
        return look.value if isinstance(look, Found) else look


def _value(node: Node, scope: _Scope) -> _Worked:
    match node:
        case Fixed() | Read() | Key():
            return _leaf(node, scope)
        case Minus() | Arithmetic():
            return _number(node, scope)
        case Comparison() | Joined() | Not():
            return _truth(node, scope)
        case Call():
            return _CALLS[node.name](node.arguments, scope)
        case Gather():
            return _gathered(node, scope)
        case _:
            assert_never(node)


def _leaf(node: Fixed | Read | Key, scope: _Scope) -> _Worked:
    match node:
        case Fixed(value):
            return value
        case Read(path):
            return scope.read(path)
        case Key(name):
            value = scope.item.get(name)
            return _Lacking.KEY if value is None else value
        case _:
            assert_never(node)


def _absent(values: Sequence[_Worked]) -> Absent | _Lacking | None:
    """Return what weighs most among the values that are not there."""
    for absence in (UNAVAILABLE, MISSING):
        if any(value is absence for value in values):
            return absence
    # Null weighs more than a key that an item lacks: it says something about the player.
    return None if any(value is None for value in values) else _Lacking.KEY


def _are_there(values: Sequence[_Worked]) -> bool:
    # A loop, and not `any` of a generator: this runs for every part of every condition on every item of a list.
    for value in values:  # noqa: SIM110  # the reason stands above
        if value is None or type(value) in _NOTHING:
            return False
    return True


def _numbers(values: Sequence[_Worked]) -> list[Number] | None:
    found = [value for value in values if isinstance(value, int | Decimal) and not isinstance(value, bool)]
    return found if len(found) == len(values) else None


def _number(node: Minus | Arithmetic, scope: _Scope) -> _Worked:
    operator, parts = (
        ("-", (Fixed(0), node.of)) if isinstance(node, Minus) else (node.operator, (node.left, node.right))
    )
    values = [_value(part, scope) for part in parts]
    if not _are_there(values):
        return _absent(values)
    numbers = _numbers(values)
    return None if numbers is None else arithmetic(operator, numbers[0], numbers[1])


def _truth(node: Comparison | Joined | Not, scope: _Scope) -> _Worked:
    match node:
        case Comparison():
            left, right = _value(node.left, scope), _value(node.right, scope)
            if isinstance(left, Absent | _Lacking) or isinstance(right, Absent | _Lacking):
                return _absent([left, right])
            return None if left is None or right is None else _compared(node.operator, left, right)
        case Joined():
            return _joined(node, scope)
        case Not():
            value = _value(node.of, scope)
            if isinstance(value, bool):
                return not value
            return None if _are_there([value]) else _absent([value])
        case _:
            assert_never(node)


def _compared(operator: Order, left: Value, right: Value) -> bool | None:
    """Compare two values on their scale; texts and truths also with == and != as they stand."""
    one, other = rank(left), rank(right)
    if one is not None and other is not None and one.scale == other.scale:
        return _ORDERS[operator](one.place, other.place)
    alike = (isinstance(left, str) and isinstance(right, str)) or (isinstance(left, bool) and isinstance(right, bool))
    if not alike or operator not in {"==", "!="}:
        return None
    return (left == right) is (operator == "==")


def _joined(node: Joined, scope: _Scope) -> _Worked:
    decisive = node.operator == "or"
    left = _value(node.left, scope)
    if left is decisive:
        return decisive
    right = _value(node.right, scope)
    if right is decisive:
        return decisive
    values = [left, right]
    if not _are_there(values):
        return _absent(values)
    return (not decisive) if all(isinstance(value, bool) for value in values) else None


_Arguments: TypeAlias = tuple[Node, ...]


def _if(arguments: _Arguments, scope: _Scope) -> _Worked:
    condition = _value(arguments[0], scope)
    if isinstance(condition, bool):
        return _value(arguments[1 if condition else 2], scope)
    return None if _are_there([condition]) else _absent([condition])


def _coalesce(arguments: _Arguments, scope: _Scope) -> _Worked:
    value = _value(arguments[0], scope)
    return _value(arguments[1], scope) if value is None or value is MISSING or value is _Lacking.KEY else value


def _strictly(work: Callable[[list[Value], Facts], _Worked]) -> Callable[[_Arguments, _Scope], _Worked]:
    """Return a function that is asked only where all its arguments have values."""

    def called(arguments: _Arguments, scope: _Scope) -> _Worked:
        worked = [_value(argument, scope) for argument in arguments]
        if not _are_there(worked):
            return _absent(worked)
        return work([value for value in worked if not isinstance(value, Absent | _Lacking)], scope.facts)

    return called


def _absolute(values: list[Value], facts: Facts) -> _Worked:
    del facts
    numbers = _numbers(values)
    if numbers is None:
        return None
    return arithmetic("-", 0, numbers[0]) if numbers[0] < 0 else numbers[0]


def _round(values: list[Value], facts: Facts) -> _Worked:
    del facts
    numbers = _numbers(values)
    return None if numbers is None else rounded(numbers[0], int(numbers[1]))


def _since(unit: Literal["days", "hours"]) -> Callable[[list[Value], Facts], _Worked]:
    def since(values: list[Value], facts: Facts) -> _Worked:
        return UNAVAILABLE if facts.at is None else measured(Since(unit), values[0], facts.at)

    return since


def _day(values: list[Value], facts: Facts) -> _Worked:
    moment = iso_moment(values[0]) if isinstance(values[0], str) else None
    if facts.at is None:
        return UNAVAILABLE
    if moment is None:
        return None
    try:
        return casino_day(moment, zone=facts.at.zone, day_begins=facts.at.day_begins).isoformat()
    except OverflowError:  # the day before the first of the calendar, or behind the last
        return None


def _furthest(sign: Literal[1, -1]) -> Callable[[list[Value], Facts], _Worked]:
    def furthest(values: list[Value], facts: Facts) -> _Worked:
        del facts
        return _extreme(values, sign)

    return furthest


def _extreme(values: Sequence[Value], sign: Literal[1, -1]) -> Value:
    """Return the largest value (sign 1) or the smallest; null for none, and where they do not share a scale."""
    ranks = [rank(value) for value in values]
    places = [found.place for found in ranks if found is not None]
    if len(places) < len(values) or len({found.scale for found in ranks if found is not None}) != 1:
        return None
    return values[places.index(max(places) if sign == 1 else min(places))]


_CALLS: Mapping[str, Callable[[_Arguments, _Scope], _Worked]] = MappingProxyType(
    {
        "min": _strictly(_furthest(-1)),
        "max": _strictly(_furthest(1)),
        "abs": _strictly(_absolute),
        "round": _strictly(_round),
        "if": _if,
        "coalesce": _coalesce,
        "days_since": _strictly(_since("days")),
        "hours_since": _strictly(_since("hours")),
        "day": _strictly(_day),
    }
)


def _gathered(node: Gather, scope: _Scope) -> _Worked:
    items = scope.read(node.path)
    if not isinstance(items, list):
        return items if isinstance(items, Absent) else None
    if len(items) > LONGEST_LIST:
        return UNAVAILABLE
    kept = items if node.where is None else _kept(items, node.where, scope)
    return _gather(node, kept) if isinstance(kept, list) else kept


def _kept(items: list[Value], where: Node, scope: _Scope) -> list[Value] | Absent | None:
    """Return the items on which a condition is true."""
    kept: list[Value] = []
    other: list[_Worked] = []
    for item in items:
        value = _value(where, _Scope(scope.facts, scope.looks, item)) if isinstance(item, dict) else None
        if value is True:
            kept.append(item)
        elif value is not False and value is not _Lacking.KEY:
            other.append(value if isinstance(value, Absent) else None)
    if not other:
        return kept
    found = _absent(other)
    return found if isinstance(found, Absent) else None


def _gather(node: Gather, kept: list[Value]) -> Value:
    values = kept if node.key is None else [_at(item, node.key) for item in kept]
    match node.name:
        case "count":
            return len(values) if node.key is None else sum(value is not None for value in values)
        case "sum":
            numbers = _numbers(values)
            return None if numbers is None else total(numbers)
        case "min":
            return _extreme(values, -1)
        case "max":
            return _extreme(values, 1)
        case _:
            assert_never(node.name)


def _at(item: Value, key: str) -> Value:
    return item.get(key) if isinstance(item, dict) else None
