"""An expression written in the one spelling of the house; reading it gives the same tree."""

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from casino.fields.tree import (
    Arithmetic,
    Call,
    Comparison,
    Fixed,
    Gather,
    Joined,
    Junction,
    Key,
    Minus,
    Node,
    Not,
    Read,
)
from casino.rules.condition import literal

_JUNCTIONS: Mapping[Junction, int] = MappingProxyType({"or": 1, "and": 2})
_NOT: Final = 3
_COMPARISON: Final = 4
_ADDED: Final = 5
_MULTIPLIED: Final = 6
_SIGNED: Final = 7
_CLOSED: Final = 8  # needs no brackets anywhere


def written(node: Node) -> str:
    """Write an expression, with no more brackets than it needs."""
    match node:
        case Fixed(value):
            return literal(value)
        case Read(name) | Key(name):
            return name
        case Call() | Gather():
            return _called(node)
        case Minus(of):
            return f"-{_inside(of, _CLOSED)}"
        case Not(of):
            return f"not {_inside(of, _NOT)}"
        case _:
            return _between(node)


def _called(node: Call | Gather) -> str:
    if isinstance(node, Call):
        return f"{node.name}({', '.join(written(argument) for argument in node.arguments)})"
    listed = node.path if node.key is None else f"{node.path}.{node.key}"
    return f"{node.name}({listed})" if node.where is None else f"{node.name}({listed} where {written(node.where)})"


def _between(node: Arithmetic | Comparison | Joined) -> str:
    strength = _strength(node)
    # Operators of one strength are read from the left, but for comparisons, which do not follow each other.
    left = _inside(node.left, strength + isinstance(node, Comparison))
    return f"{left} {node.operator} {_inside(node.right, strength + 1)}"


def _inside(node: Node, least: int) -> str:
    return written(node) if _strength(node) >= least else f"({written(node)})"


def _strength(node: Node) -> int:
    match node:
        case Joined(operator):
            return _JUNCTIONS[operator]
        case Not():
            return _NOT
        case Comparison():
            return _COMPARISON
        case Arithmetic(operator):
            return _MULTIPLIED if operator in {"*", "/"} else _ADDED
        case Minus():
            return _SIGNED
        case _:
            return _SIGNED if _is_below_zero(node) else _CLOSED


def _is_below_zero(node: Node) -> bool:
    return isinstance(node, Fixed) and isinstance(node.value, int | Decimal) and str(node.value).startswith("-")
