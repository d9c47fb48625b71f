"""The types of expressions: what each operator and function takes, and what it gives.

A type is None where only the value can tell it, as with the keys of the items of a list; such a value is checked when
it is worked out, and gives null where it does not fit.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final, NamedTuple, TypeAlias

from casino.fields.field_type import LISTS, FieldType
from casino.fields.fitting import named_type
from casino.fields.tree import Function, Gathering, Node, Order
from casino.rules.tokens import RuleSyntaxError

Kind: TypeAlias = FieldType | None

_ORDERED: Final = frozenset({FieldType.NUMBER, FieldType.DATE, FieldType.MOMENT})
_TEXTS: Final = frozenset({FieldType.TEXT, FieldType.DATE, FieldType.MOMENT})
_TRUTH: Final = frozenset({FieldType.BOOLEAN})
_NUMBER: Final = frozenset({FieldType.NUMBER})


class Part(NamedTuple):
    """A part of an expression that has been read: its tree, its type, and where it begins."""

    node: Node
    kind: Kind
    offset: int


class _Signature(NamedTuple):
    takes: tuple[frozenset[FieldType], ...]
    gives: FieldType
    shown: str


_SIGNATURES: Mapping[Function, _Signature] = MappingProxyType(
    {
        "abs": _Signature((_NUMBER,), FieldType.NUMBER, "abs(number)"),
        "round": _Signature((_NUMBER, _NUMBER), FieldType.NUMBER, "round(number, places)"),
        "days_since": _Signature(
            (frozenset({FieldType.DATE, FieldType.MOMENT}),), FieldType.NUMBER, "days_since(date or moment)"
        ),
        "hours_since": _Signature((frozenset({FieldType.MOMENT}),), FieldType.NUMBER, "hours_since(moment)"),
        "day": _Signature((frozenset({FieldType.MOMENT}),), FieldType.DATE, "day(moment)"),
    }
)


def called(name: Function, arguments: Sequence[Part], offset: int) -> Kind:
    """Return what a function gives for these arguments; raises RuleSyntaxError where it does not take them."""
    match name:
        case "if":
            _count(name, arguments, 3, "if(condition, then, otherwise)", offset)
            require(arguments[0], _TRUTH)
            return either(arguments[1], arguments[2])
        case "coalesce":
            _count(name, arguments, 2, "coalesce(value, default)", offset)
            return either(arguments[0], arguments[1])
        case "min" | "max":
            return _furthest(name, arguments, offset)
        case _:
            signature = _SIGNATURES[name]
            _count(name, arguments, len(signature.takes), signature.shown, offset)
            for argument, takes in zip(arguments, signature.takes, strict=True):
                require(argument, takes)
            return signature.gives


def _count(name: str, arguments: Sequence[Part], wanted: int, shown: str, offset: int) -> None:
    if len(arguments) != wanted:
        message = f'"{name}" takes {wanted} value{"" if wanted == 1 else "s"}, not {len(arguments)}'
        raise RuleSyntaxError(message, offset, f"Write {shown}.")


def _furthest(name: str, arguments: Sequence[Part], offset: int) -> Kind:
    least = 2
    if len(arguments) < least:
        mend = f"Write {name}(a, b), or {name}(player.deposits.amount) for a list."
        raise RuleSyntaxError(f'"{name}" of one value is that value', offset, mend)
    kind: Kind = None
    for argument in arguments:
        require(argument, _ORDERED)
        if kind is not None and argument.kind is not None and argument.kind is not kind:
            raise _unlike(argument, kind)
        kind = argument.kind if kind is None else kind
    return kind


def either(left: Part, right: Part) -> Kind:
    """Return the type of a value that is one of two; raises RuleSyntaxError where they have none in common."""
    if left.kind is None or right.kind is None or left.kind is right.kind:
        return right.kind if left.kind is None else left.kind
    if {left.kind, right.kind} <= _TEXTS:
        return FieldType.TEXT
    raise _unlike(right, left.kind)


def require(part: Part, kinds: frozenset[FieldType]) -> None:
    """Refuse a part that is of none of these types."""
    if part.kind is None or part.kind in kinds:
        return
    wanted = " or ".join(named_type(kind) for kind in FieldType if kind in kinds)
    raise RuleSyntaxError(
        f"{wanted} is expected here, not {named_type(part.kind)}", part.offset, _mend(part.kind, kinds)
    )


def require_number(part: Part) -> None:
    """Refuse what is certainly no number."""
    require(part, _NUMBER)


def require_truth(part: Part) -> None:
    """Refuse what is certainly neither true nor false."""
    require(part, _TRUTH)


def require_comparable(operator: Order, left: Part, right: Part) -> None:
    """Refuse a comparison that could never be true or false."""
    if operator not in {"==", "!="}:
        require(left, _ORDERED)
        require(right, _ORDERED)
    if left.kind is None or right.kind is None or left.kind is right.kind:
        return
    if operator in {"==", "!="} and FieldType.TEXT in {left.kind, right.kind} and {left.kind, right.kind} <= _TEXTS:
        return
    raise _unlike(right, left.kind)


def gathered(name: Gathering, listed: FieldType, key: str | None, offset: int) -> Kind:
    """Return what is gathered of a list; raises RuleSyntaxError where its items cannot be gathered so."""
    if name == "count":
        return FieldType.NUMBER
    if key is None and listed is not FieldType.NUMBER_LIST:
        mend = "Name the key of its items, as in sum(player.deposits.amount)."
        raise RuleSyntaxError(f'"{name}" is of numbers, not of {named_type(listed)}', offset, mend)
    return FieldType.NUMBER if name == "sum" or key is None else None


def is_scalar(kind: FieldType) -> bool:
    """Tell whether an expression can work with the value itself, and not only with parts of it."""
    return kind not in LISTS and kind is not FieldType.MONEY


def _unlike(part: Part, other: FieldType) -> RuleSyntaxError:
    found = "something else" if part.kind is None else named_type(part.kind)
    message = f"{found} stands beside {named_type(other)}"
    return RuleSyntaxError(message, part.offset, "Both sides must be of one type; nothing is converted.")


def _mend(found: FieldType, kinds: frozenset[FieldType]) -> str:
    if found is FieldType.TEXT and FieldType.DATE in kinds:
        return "Write a date as '2026-01-31', a moment as '2026-01-31T00:00:00Z', or declare the field as one."
    if kinds == _TRUTH:
        return "A condition is needed here, as in player.depositCount > 0."
    return "Nothing is converted; name another field or compute one."
