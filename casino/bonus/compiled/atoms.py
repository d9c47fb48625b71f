"""Conditions as Python expressions: what generated functions are made of.

Nothing that an author wrote ever becomes source: the source holds operators, names of ours and numbered places, and the
values are put into the places when it has been compiled.
"""

from collections.abc import Mapping
from decimal import Decimal
from types import FunctionType, MappingProxyType
from typing import Final, cast

from casino.clock import CasinoTime
from casino.facts import MISSING, UNAVAILABLE, Absent, Found
from casino.money import Money
from casino.rules.condition import ORDERING, Condition, Expected, Operator, Relative
from casino.rules.evaluate import kind_of, weigh
from casino.rules.scale import expected_rank, measured, rank
from casino.values import Value
from casino.verdict import Outcome

MOST_SPELT_OUT: Final = 8  # values of a list that are looked for one by one; more are looked for as a set
_EQUALITY: Final = frozenset({Operator.EQUAL, Operator.NOT_EQUAL})


class Names:
    """Values bound to places of a generated source, and the helpers that it may call."""

    __slots__ = ("bound", "helpers")

    def __init__(self) -> None:
        self.bound: dict[str, object] = {}
        self.helpers: dict[str, object] = {**_HELPERS}

    def bind(self, value: object) -> str:
        """Return a place for a value: a text of ours, in the stead of which `defined` puts the value."""
        place = f"k{len(self.bound)}"
        self.bound[place] = value
        return f"'{place}'"


def defined(source: str, names: Names) -> Mapping[str, FunctionType]:
    """Run a generated source, and return the functions that it defines, their places filled with the values.

    A value becomes a constant of the code, which is the soonest that Python finds a value; it never was source.
    """
    space: dict[str, object] = {"__builtins__": {}, **names.helpers}
    exec(compile(source, "<bonus configurations>", "exec"), space)  # noqa: S102  # it holds texts and names of ours
    functions = {name: value for name, value in space.items() if isinstance(value, FunctionType)}
    written = {name: function for name, function in functions.items() if name not in names.helpers}
    for function in written.values():
        filled = tuple(_filled(item, names.bound) for item in function.__code__.co_consts)
        function.__code__ = function.__code__.replace(co_consts=filled)
    return MappingProxyType(written)


def _filled(constant: object, bound: Mapping[str, object]) -> object:
    """Put values into places; Python folds a constant pair into one constant."""
    if isinstance(constant, tuple):
        return tuple(_filled(item, bound) for item in cast("tuple[object, ...]", constant))
    return bound[constant] if isinstance(constant, str) else constant


def holds(condition: Condition, value: str, at: str, names: Names) -> str:
    """Return an expression that is true where the condition ends in `pass`: not for a field that is missing or null.

    `value` and `at` are names: of the field's value (or MISSING), and of the casino time (or "None").
    """
    if condition.measure is None:
        written = _compared(condition, value, at, names)
    else:
        number = _compared(condition, "m", at, names)
        measure = names.bind(condition.measure)
        written = None if number is None else f"(m := measured({measure}, {value}, {at})) is not None and ({number})"
    return f"({written or f'weighs({names.bind(condition)}, {value}, {at})'})"


def cost(condition: Condition) -> int:
    """Return how dear a condition is to weigh: 0 for a comparison, 1 for a list, 2 where something is worked out."""
    if condition.measure is not None or isinstance(condition.expected, Money | Relative):
        return 2
    if condition.operator in ORDERING:
        return 2 if isinstance(condition.expected, str) else 0
    return 0 if condition.operator in _EQUALITY or condition.operator is Operator.IS_IN else 1


def needs_moment(condition: Condition) -> bool:
    """Tell whether the casino time may play a part in weighing a condition."""
    return condition.measure is not None or isinstance(condition.expected, Relative)


def _compared(condition: Condition, value: str, at: str, names: Names) -> str | None:
    """Return the comparison as an expression; None where only the interpreter knows what it means."""
    operator, expected = condition.operator, condition.expected
    if operator in ORDERING or operator in _EQUALITY:
        return _ordered(operator, expected, value, at, names)
    wanted = expected if isinstance(expected, list) else [expected]
    texts = [item for item in wanted if isinstance(item, str)]
    numbers = [item for item in wanted if isinstance(item, int | Decimal) and not isinstance(item, bool)]
    flags = [item for item in wanted if isinstance(item, bool)]
    if not wanted or len(texts) + len(numbers) + len(flags) < len(wanted):
        return None
    if operator is Operator.IS_IN:
        return None if not isinstance(expected, list) else _is_in(texts, numbers, flags, value, names)
    held = _held(operator, texts, [*numbers, *flags], value, names)
    if held is None or operator is not Operator.CONTAINS_NONE:
        return None if held is None else f"type({value}) is list and ({held})"
    kinds = names.bind(frozenset(kind_of(item) for item in (*texts, *numbers, *flags)))
    quick = f"type({value}[0]) is str or " if texts else ""
    alike = f"({quick}comparable({value}, {kinds}))"
    return f"type({value}) is list and (not {value} or {alike} and not ({held}))"


def _ordered(operator: Operator, expected: Expected, value: str, at: str, names: Names) -> str | None:
    match expected:
        case Money():
            return _ranked(operator, expected, f"type({value}) is dict and ", value, names)
        case Relative():
            bound = f"(e := expected_rank({names.bind(expected)}, {at})) is not None"
            return (
                f"type({value}) is str and {_RANK.format(value)} and {bound} and {_on_scale(operator, 'e[0]', 'e[1]')}"
            )
        case str() if operator in ORDERING:
            return _ranked(operator, expected, f"type({value}) is str and ", value, names)
        case bool() | int() | Decimal() | str():
            return _of_one_type(operator, expected, value, names)
        case _:
            return None


def _of_one_type(operator: Operator, expected: bool | int | Decimal | str, value: str, names: Names) -> str | None:
    """Compare with a value that has no unit. Only 0 and 1 equal a value of another type: false, true."""
    equal = operator is Operator.EQUAL
    if isinstance(expected, bool):
        return f"{value} is {expected is equal}" if operator in _EQUALITY else None
    if isinstance(expected, str):
        guard = "" if equal else f"type({value}) is str and "
        return f"{guard}{value} {operator.value} {names.bind(expected)}"
    if equal and expected not in {0, 1}:
        return f"{value} == {names.bind(expected)}"
    whole = f"{value} {operator.value} {names.bind(expected)}"
    other = f"type({value}) is Decimal and {value} {operator.value} {names.bind(Decimal(expected))}"
    return f"{whole} if type({value}) is int else {other}"  # like with like: no number is converted


_NUMBER: Final = "(type({0}) is int or type({0}) is Decimal) and "
_RANK: Final = "(r := rank({0})) is not None"


def _ranked(operator: Operator, expected: Value | Money, guard: str, value: str, names: Names) -> str | None:
    place = expected_rank(expected, None)
    if place is None:
        return None
    return f"{guard}{_RANK.format(value)} and {_on_scale(operator, names.bind(place.scale), names.bind(place.place))}"


def _on_scale(operator: Operator, scale: str, place: str) -> str:
    return f"r[0] == {scale} and r[1] {operator.value} {place}"


def _is_in(texts: list[str], numbers: list[int | Decimal], flags: list[bool], value: str, names: Names) -> str:
    parts = [f"{value} is {flag}" for flag in flags]
    if texts:
        parts.append(f"type({value}) is str and {value} in {names.bind(frozenset(texts))}")
    if numbers:
        parts.append(f"{_NUMBER.format(value)}{value} in {names.bind(frozenset(numbers))}")
    return " or ".join(parts)


def _held(
    operator: Operator, texts: list[str], others: list[int | Decimal | bool], value: str, names: Names
) -> str | None:
    """Return an expression for the values held: all of them, or at least one; None for a long list of several types."""
    every = operator is Operator.CONTAINS_ALL
    if len(texts) + len(others) > MOST_SPELT_OUT:
        name = names.bind(frozenset(texts))
        return None if others else f"{'all_texts' if every else 'any_text'}({value}, {name})"
    parts = [f"{names.bind(text)} in {value}" for text in texts]
    parts += [f"has_same({value}, {names.bind(other)})" for other in others]
    return (" and " if every else " or ").join(parts)


def _has_same(values: list[Value], item: int | Decimal | bool) -> bool:
    """Python alone takes true for 1."""
    flag = isinstance(item, bool)
    return any(isinstance(value, bool) is flag and value == item for value in values)


def _any_text(values: list[Value], wanted: frozenset[str]) -> bool:
    return not wanted.isdisjoint(value for value in values if isinstance(value, str))


def _all_texts(values: list[Value], wanted: frozenset[str]) -> bool:
    return wanted.issubset(value for value in values if isinstance(value, str))


def comparable(values: list[Value], kinds: frozenset[str]) -> bool:
    """Tell whether a list could hold what is looked for: it is empty, or some value in it is of such a kind."""
    held = {kind_of(value) for value in values} - {"null"}
    return not held or not held.isdisjoint(kinds)


def _weighs(condition: Condition, value: Value | Absent, at: CasinoTime | None) -> bool:
    return not isinstance(value, Absent) and weigh(condition, Found(value), at).outcome is Outcome.PASS


_HELPERS: Mapping[str, object] = MappingProxyType(
    {
        "type": type,
        "int": int,
        "str": str,
        "list": list,
        "dict": dict,
        "Decimal": Decimal,
        "MISSING": MISSING,
        "UNAVAILABLE": UNAVAILABLE,
        "measured": measured,
        "rank": rank,
        "expected_rank": expected_rank,
        "has_same": _has_same,
        "any_text": _any_text,
        "all_texts": _all_texts,
        "comparable": comparable,
        "weighs": _weighs,
    }
)
