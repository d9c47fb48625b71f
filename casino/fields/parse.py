"""Expressions of computed fields, read: `sum(player.deposits.amount where status == 'completed') / 2`."""

import re
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from types import MappingProxyType
from typing import Final, Literal, Protocol

from casino.exact import exact_text
from casino.fields.expression import Expression
from casino.fields.field_type import LISTS, FieldType
from casino.fields.fitting import named_type, type_of
from casino.fields.signatures import (
    Part,
    called,
    gathered,
    is_scalar,
    require_comparable,
    require_number,
    require_truth,
)
from casino.fields.tree import (
    Arithmetic,
    Call,
    Comparison,
    Fixed,
    Gather,
    Gathering,
    Joined,
    Key,
    Minus,
    Node,
    Not,
    Read,
    Sum,
)
from casino.fields.words import (
    GATHERINGS,
    ORDERS,
    after,
    bare,
    check_places,
    function_of,
    no_value,
    not_scalar,
    number,
    order,
    text_of,
)
from casino.fields.writing import written
from casino.rules.flaws import Flaw
from casino.rules.tokens import Cursor, RuleSyntaxError, Token, tokens

MOST_PARTS: Final = 200  # of one expression
MOST_WHERE: Final = 40  # of the condition of a list, which is worked out for every item
MOST_COST: Final = 2_000  # parts of an expression and of all computed fields that it reads
LONGEST_EXPRESSION: Final = 5_000  # characters
DEEPEST: Final = 24  # brackets inside brackets

_PATTERN: Final = re.compile(
    r"""
      (?P<string>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")
    | (?P<open_string>['"].*)
    | (?P<number>(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?(?![\w.]))
    | (?P<bad_number>\.?[0-9][\w.]*)
    | (?P<word>[^\W\d]\w*(?:\.[^\W\d]\w*)*)
    | (?P<symbol>[=!<>&|~≥≤≠]+)
    | (?P<mark>\S)
    | (?P<space>\s+)
    """,
    re.VERBOSE | re.DOTALL,
)
_ADDED: Mapping[str, Sum] = MappingProxyType({"+": "+", "-": "-"})
_MULTIPLIED: Mapping[str, Sum] = MappingProxyType({"*": "*", "/": "/"})
_RESERVED: Final = frozenset({"and", "or", "not", "where"})


class Definition(Protocol):
    """What an expression needs to know of a field."""

    @property
    def type(self) -> FieldType:
        """Return its type."""
        ...

    @property
    def expression(self) -> Expression | None:
        """Return what it is computed with, if it is."""
        ...


class Fields(Protocol):
    """The fields that an expression may read."""

    def field(self, path: str) -> Definition | None:
        """Return the field at a path, if there is one."""
        ...

    def missing(self, path: str) -> Flaw:
        """Say why there is no field at a path."""
        ...


def parse_expression(text: str, fields: Fields, *, declared: FieldType | None = None) -> Expression:
    """Read one expression over typed fields; raises RuleSyntaxError at the offset of the first thing that is wrong.

    `declared` is the type that the author wrote beside it. It is needed where the expression alone does not tell its
    type, as with a key of the items of a list.
    """
    if len(text) > LONGEST_EXPRESSION:
        message = f"the expression has {len(text)} characters, more than {LONGEST_EXPRESSION}"
        raise RuleSyntaxError(message, LONGEST_EXPRESSION, "Split it into computed fields.")
    reading = _Reading(text, fields)
    part = reading.whole()
    return Expression(
        text=written(part.node),
        type=_type(part, declared),
        tree=part.node,
        paths=frozenset(reading.paths),
        reads=frozenset(reading.reads),
        cost=reading.cost,
    )


def _type(part: Part, declared: FieldType | None) -> FieldType:
    found = declared if part.kind is None else part.kind
    if found is None:
        raise RuleSyntaxError(
            "only a declared type can say what this gives", part.offset, 'Add "type", as type: number.'
        )
    is_text = declared is FieldType.TEXT and found in {FieldType.DATE, FieldType.MOMENT}
    if declared is not None and not is_scalar(declared):
        raise RuleSyntaxError(f"no expression gives {named_type(declared)}", part.offset, "Declare another type.")
    if declared is not None and declared is not found and not is_text:
        message = f"the declared type is {declared.value}, and this is {named_type(found)}"
        raise RuleSyntaxError(message, part.offset, f'Write "type: {found.value}", or leave it out.')
    return found if declared is None else declared


class _Reading:
    """One pass over the tokens of one expression."""

    def __init__(self, text: str, fields: Fields) -> None:
        self.paths: set[str] = set()
        self.reads: set[str] = set()
        self.cost = 0
        self._cursor = Cursor(tokens(text, _PATTERN))
        self._fields = fields
        self._parts = 0
        self._depth = 0
        self._in_list = False

    def whole(self) -> Part:
        """Read the expression up to its end."""
        part = self._either()
        token = self._cursor.next
        if token.kind != "end":
            raise after(token)
        return part

    def _part(self, node: Node, kind: FieldType | None, offset: int, *, cost: int = 1) -> Part:
        self._parts += 1
        self.cost += cost
        if self._parts > MOST_PARTS:
            message = f"the expression has more than {MOST_PARTS} parts"
            raise RuleSyntaxError(message, offset, "Split it into computed fields.")
        if self.cost > MOST_COST:
            message = f"with all that it reads, the expression has more than {MOST_COST} parts"
            raise RuleSyntaxError(message, offset, "Compute each thing once.")
        return Part(node, kind, offset)

    def _takes(self, word: str) -> bool:
        if self._cursor.next.text != word:
            return False
        self._cursor.take()
        return True

    def _either(self) -> Part:
        part = self._both()
        while self._takes("or"):
            right = self._both()
            part = self._joined(part, right, "or")
        return part

    def _both(self) -> Part:
        part = self._negated()
        while self._takes("and"):
            part = self._joined(part, self._negated(), "and")
        return part

    def _joined(self, left: Part, right: Part, operator: Literal["and", "or"]) -> Part:
        require_truth(left)
        require_truth(right)
        return self._part(Joined(operator, left.node, right.node), FieldType.BOOLEAN, left.offset)

    def _negated(self) -> Part:
        offset = self._cursor.next.offset
        if not self._takes("not"):
            return self._comparison()
        with self._deeper(offset):
            part = self._negated()
        require_truth(part)
        return self._part(Not(part.node), FieldType.BOOLEAN, offset)

    def _comparison(self) -> Part:
        left = self._added()
        token = self._cursor.next
        if token.kind != "symbol":
            return left
        operator = order(self._cursor.take())
        right = self._added()
        if self._cursor.next.kind == "symbol" and self._cursor.next.text in ORDERS:
            mend = 'Write two comparisons, joined by "and".'
            raise RuleSyntaxError("comparisons do not follow each other", self._cursor.next.offset, mend)
        require_comparable(operator, left, right)
        return self._part(Comparison(operator, left.node, right.node), FieldType.BOOLEAN, left.offset)

    def _added(self) -> Part:
        part = self._multiplied()
        while (operator := _ADDED.get(self._cursor.next.text)) is not None:
            self._cursor.take()
            part = self._arithmetic(operator, part, self._multiplied())
        return part

    def _multiplied(self) -> Part:
        part = self._signed()
        while (operator := _MULTIPLIED.get(self._cursor.next.text)) is not None:
            self._cursor.take()
            part = self._arithmetic(operator, part, self._signed())
        return part

    def _arithmetic(self, operator: Sum, left: Part, right: Part) -> Part:
        require_number(left)
        require_number(right)
        return self._part(Arithmetic(operator, left.node, right.node), FieldType.NUMBER, left.offset)

    def _signed(self) -> Part:
        offset = self._cursor.next.offset
        if not self._takes("-"):
            return self._closed()
        token = self._cursor.next
        if token.kind == "number":
            self._cursor.take()
            return self._fixed(number(token, sign="-"), offset)
        with self._deeper(offset):
            part = self._signed()
        require_number(part)
        return self._part(Minus(part.node), FieldType.NUMBER, offset)

    def _closed(self) -> Part:
        token = self._cursor.take()
        match token.kind:
            case "number":
                return self._fixed(number(token), token.offset)
            case "string":
                return self._fixed(text_of(token), token.offset)
            case "word" if token.text in {"true", "false"}:
                return self._fixed(token.text == "true", token.offset)
            case "word" if self._cursor.next.text == "(":
                return self._call(token)
            case "word" if token.text not in _RESERVED:
                return self._name(token)
            case _:
                return self._bracketed(token)

    def _bracketed(self, token: Token) -> Part:
        if token.text != "(":
            raise no_value(token)
        with self._deeper(token.offset):
            part = self._either()
        self._close()
        return part._replace(offset=token.offset)

    def _close(self) -> None:
        token = self._cursor.take()
        if token.text != ")":
            message = f'")" is expected here, not {token.shown}'
            raise RuleSyntaxError(message, token.offset, "Close the bracket, or put an operator between.")

    def _fixed(self, value: bool | int | Decimal | str, offset: int) -> Part:
        return self._part(Fixed(value), type_of(value), offset)

    def _name(self, token: Token) -> Part:
        if "." not in token.text:
            if self._in_list:
                return self._part(Key(exact_text(token.text)), None, token.offset)
            raise bare(token)
        field = self._known(token)
        if not is_scalar(field.type):
            raise not_scalar(token, field.type)
        return self._part(Read(token.text), field.type, token.offset, cost=self._cost_of(token.text, field))

    def _known(self, token: Token) -> Definition:
        field = self._fields.field(token.text)
        if field is None:
            found = self._fields.missing(token.text)
            raise RuleSyntaxError(found.message, token.offset, found.mend)
        return field

    def _cost_of(self, path: str, field: Definition) -> int:
        """Note that a field is read, and return what that costs."""
        self.paths.add(path)
        if field.expression is None:
            self.reads.add(path)
            return 1
        self.reads |= field.expression.reads
        return 1 + field.expression.cost

    def _call(self, name: Token) -> Part:
        self._cursor.take()
        with self._deeper(name.offset):
            gathering = GATHERINGS.get(name.text)
            listed = None if gathering is None else self._listed(self._cursor.next)
            if gathering is not None and listed is not None:
                return self._gather(gathering, name, listed)
            function = function_of(name)
            arguments = self._arguments()
        kind = called(function, arguments, name.offset)
        if function == "round":
            check_places(arguments[1])
        return self._part(Call(function, tuple(part.node for part in arguments)), kind, name.offset)

    def _arguments(self) -> list[Part]:
        arguments: list[Part] = []
        if not self._takes(")"):
            arguments.append(self._either())
            while self._takes(","):
                arguments.append(self._either())
            self._close()
        return arguments

    def _listed(self, token: Token) -> tuple[str, str | None, Definition] | None:
        """Return the list that a path names, and the key of its items where it names one; None where it names none."""
        if token.kind != "word":
            return None
        field = self._fields.field(token.text)
        if field is not None:
            return (token.text, None, field) if field.type in LISTS else None
        path, _, key = token.text.rpartition(".")
        records = self._fields.field(path)
        if records is None or records.type is not FieldType.RECORD_LIST:
            return None
        return path, key, records

    def _gather(self, name: Gathering, token: Token, listed: tuple[str, str | None, Definition]) -> Part:
        path, key, field = listed
        at = self._cursor.take()
        if self._in_list:
            mend = "Compute the inner list in a field of its own, and read that."
            raise RuleSyntaxError("a list inside the condition of a list", at.offset, mend)
        kind = gathered(name, field.type, key, at.offset)
        where = self._where(field.type) if self._cursor.next.text == "where" else None
        self._close()
        cost = self._cost_of(path, field)
        return self._part(Gather(name, path, key, where), kind, token.offset, cost=cost)

    def _where(self, listed: FieldType) -> Node:
        token = self._cursor.take()
        if listed is not FieldType.RECORD_LIST:
            message = f'"where" chooses records, and this is {named_type(listed)}'
            raise RuleSyntaxError(message, token.offset, "Take it out.")
        before = self._parts
        self._in_list = True
        part = self._either()
        self._in_list = False
        if self._parts - before > MOST_WHERE:
            message = f"the condition of a list has more than {MOST_WHERE} parts"
            raise RuleSyntaxError(message, token.offset, "It is worked out for every item; shorten it.")
        require_truth(part)
        return part.node

    @contextmanager
    def _deeper(self, offset: int) -> Generator[None]:
        self._depth += 1
        if self._depth > DEEPEST:
            message = f"brackets are nested deeper than {DEEPEST}"
            raise RuleSyntaxError(message, offset, "Split it into computed fields.")
        yield
        self._depth -= 1
