"""The tree of an expression: what its parser makes, and what its readers (evaluator, writer, SQL) walk."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, TypeAlias

Sum: TypeAlias = Literal["+", "-", "*", "/"]
Order: TypeAlias = Literal["==", "!=", ">", ">=", "<", "<="]
Junction: TypeAlias = Literal["and", "or"]
Function: TypeAlias = Literal["min", "max", "abs", "round", "if", "coalesce", "days_since", "hours_since", "day"]
Gathering: TypeAlias = Literal["count", "sum", "min", "max"]


@dataclass(frozen=True, slots=True)
class Fixed:
    """A value that stands in the expression."""

    value: bool | int | Decimal | str


@dataclass(frozen=True, slots=True)
class Read:
    """The value at a path of the player: `player.totalDeposits`."""

    path: str


@dataclass(frozen=True, slots=True)
class Key:
    """Inside `where`: the value at a key of the item of the list."""

    name: str


@dataclass(frozen=True, slots=True)
class Minus:
    """The negative of a number."""

    of: "Node"


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """Two numbers and what becomes of them."""

    operator: Sum
    left: "Node"
    right: "Node"


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two values compared; true or false."""

    operator: Order
    left: "Node"
    right: "Node"


@dataclass(frozen=True, slots=True)
class Joined:
    """Two conditions, both or either."""

    operator: Junction
    left: "Node"
    right: "Node"


@dataclass(frozen=True, slots=True)
class Not:
    """A condition turned round."""

    of: "Node"


@dataclass(frozen=True, slots=True)
class Call:
    """A function of values."""

    name: Function
    arguments: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Gather:
    """One number of a list: `sum(player.deposits.amount where status == 'completed')`.

    `path` is the list, `key` the key of its items that is gathered (None: the items themselves).
    """

    name: Gathering
    path: str
    key: str | None
    where: "Node | None"


Node: TypeAlias = Fixed | Read | Key | Minus | Arithmetic | Comparison | Joined | Not | Call | Gather
